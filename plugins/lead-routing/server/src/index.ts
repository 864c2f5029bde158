import { getKit } from '@leadsea/crm-core';
import type { Host } from '@leadsea/crm-core';
import { getLeads } from '@leadsea/leads';
import { CANDIDATE_CODES, CAP_PERIODS, CATCH_UPS, DESTINATION_KINDS, RANKINGS, ROUTE_REASONS } from '../../contracts';
import { routingMigrations } from './migrations';
import { explainOwner } from './services/explain';
import { createPeople } from './services/people';
import type { LivePolicy } from './services/plans';
import { routingPolicyKind } from './services/policy-kind';
import { routingReactor } from './services/reactor';
import { retryHandler } from './services/retry';
import { leadVerbs, policyVerbs } from './verbs';

function register({ strapi }: { strapi: Host }): void {
  const kit = getKit(strapi);
  const leads = getLeads(strapi);
  const drafts = new Map<string, LivePolicy>();
  kit.migrations.add('lead-routing', routingMigrations);
  kit.policies.define(routingPolicyKind(kit));
  leads.reactors.add(routingReactor({ kit, people: createPeople(kit), drafts }));
  leads.explain('owner', explainOwner(kit));
  kit.timers.handle('routing.retry', retryHandler(kit, leads));
  kit.resources.extend('leads', { verbs: leadVerbs(kit, leads) });
  kit.resources.extend('routing-policies', { verbs: policyVerbs(kit, leads, drafts) });
  kit.addMeta(async (actor) =>
    Promise.resolve(
      kit.access.can(actor, 'routing-policies', 'read')
        ? {
            routing: {
              destinations: DESTINATION_KINDS,
              rankings: RANKINGS,
              catchUps: CATCH_UPS,
              periods: CAP_PERIODS,
              candidateCodes: CANDIDATE_CODES,
              reasons: ROUTE_REASONS,
            },
          }
        : {},
    ),
  );
}

export default {
  register,
  bootstrap: (): void => undefined,
  destroy: (): void => undefined,
  config: { default: {}, validator: (): void => undefined },
  contentTypes: {},
  services: {},
  routes: {},
  controllers: {},
  policies: {},
  middlewares: {},
};
