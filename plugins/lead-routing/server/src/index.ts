import { getKit } from '@leadsea/crm-core';
import type { Host, Kit } from '@leadsea/crm-core';
import { getLeads } from '@leadsea/leads';
import type { Leads } from '@leadsea/leads';
import { CANDIDATE_CODES, CAP_PERIODS, CATCH_UPS, DESTINATION_KINDS, RANKINGS, ROUTE_REASONS, type Routing } from '../../contracts';
import { addDestination, addRanking, describeExtensions } from './domain/extensions';
import { routingMigrations } from './migrations';
import { ROUTING_NOTICES } from './notice-types';
import { acceptHandler, withdrawOffers } from './services/acceptance';
import { backOnline } from './services/breaches';
import { contest, disputeReactor, settleDispute } from './services/disputes';
import { candidateFact, candidateField } from './services/candidates';
import { disabledJob } from './services/disabled';
import { backTestsResource, handleBackTests } from './services/back-test-runs';
import { batchPreview } from './services/batch-preview';
import { explainOwner } from './services/explain';
import { fairness, fairnessQuestion } from './services/fairness';
import { armPrune, capacityReactor, pruneFacts, wakeOnPresence } from './services/hold-queue';
import { ladderHandler } from './services/ladder';
import { leaveCalendar } from './services/leave-calendar';
import { leaveEnd, leavesResource, leaveStart } from './services/leaves';
import { routingPeople } from './services/people-resource';
import { MEMBER_FACTS } from './services/member-facts';
import { disputes, monitor, rerun, rerunJob } from './services/monitor';
import { createPeople } from './services/people';
import type { LivePolicy } from './services/plans';
import { routingPolicyKind } from './services/policy-kind';
import { returnsReactor } from './services/returns';
import { routingReactor } from './services/reactor';
import { replayRoute } from './services/replay';
import { retryHandler } from './services/retry';
import { webhookJob } from './services/webhook';
import { leadVerbs, policyVerbs } from './verbs';
import { answerVerbs } from './verbs-answers';

function addRoutes(kit: Kit, leads: Leads): void {
  kit.addRoute('GET', '/routing/monitor', monitor(kit));
  kit.addRoute('POST', '/routing/rerun', rerun(kit));
  kit.addRoute('POST', '/routing/preview', batchPreview(kit, leads));
  kit.addRoute('GET', '/routing/fairness', fairness(kit));
  kit.addRoute('POST', '/routing/fairness/question', fairnessQuestion(kit));
  kit.addRoute('GET', '/routing/leave-calendar', leaveCalendar(kit));
  kit.addRoute('GET', '/routing/disputes', disputes(kit));
  kit.addRoute('POST', '/routing/contest', async (ctx, context) => {
    ctx.body = await contest(kit, leads, context, ctx.request.body);
  });
  kit.addRoute('POST', '/routing/disputes/:id/settle', async (ctx, context) => {
    ctx.body = await settleDispute(kit, leads, context, Number(ctx.params['id']), ctx.request.body);
  });
  kit.addRoute('GET', '/routing/decisions/:id/replay', replayRoute(kit));
}

function register({ strapi }: { strapi: Host }): void {
  const kit = getKit(strapi);
  const leads = getLeads(strapi);
  const drafts = new Map<string, LivePolicy>();
  const people = createPeople(kit);
  kit.migrations.add('lead-routing', routingMigrations);
  kit.policies.define(routingPolicyKind(kit));
  kit.conditions.addFacts([...MEMBER_FACTS, candidateFact]);
  leads.reactors.add(disputeReactor);
  leads.reactors.add(routingReactor({ kit, people, drafts }));
  leads.reactors.add(returnsReactor(kit));
  leads.reactors.add(capacityReactor(kit));
  kit.notices.addTypes(ROUTING_NOTICES);
  leads.explain('owner', explainOwner(kit));
  leads.personal('crm_routing_offers', ['note']);
  leads.personal('crm_routing_disputes', ['evidence', 'note']);
  leads.onErase((trx, { leadIds }, now) => withdrawOffers(trx, leadIds, now));
  kit.timers.handle('routing.retry', retryHandler(kit, leads));
  kit.timers.handle('routing.ladder', ladderHandler(kit, leads));
  kit.timers.handle('routing.accept', acceptHandler(kit, leads));
  kit.timers.handle('routing.back-online', backOnline(kit));
  kit.timers.handle('routing.leave-start', leaveStart(kit, leads));
  kit.timers.handle('routing.leave-end', leaveEnd(kit, leads));
  kit.timers.handle('routing.prune', pruneFacts(kit));
  kit.jobs.handle('routing.webhook', webhookJob(strapi, kit, leads));
  kit.jobs.handle('routing.rerun', rerunJob(kit, leads));
  handleBackTests(kit, people);
  kit.jobs.handle('routing.owner-disabled', disabledJob(kit, leads));
  kit.resources.define(leavesResource(kit, people));
  kit.resources.define(backTestsResource(kit));
  kit.resources.define(routingPeople);
  kit.resources.extend('leads', { fields: [candidateField], verbs: [...leadVerbs(kit, leads), ...answerVerbs(kit, leads)] });
  kit.resources.extend('routing-policies', { verbs: policyVerbs(strapi, kit, leads, people, drafts) });
  addRoutes(kit, leads);
  kit.onReady('lead-routing', async () => {
    await kit.db.transaction((trx) => armPrune(kit, trx, kit.clock.now()));
    wakeOnPresence(kit);
  });
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
              extensions: describeExtensions(),
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
  /** What `getRouting(strapi)` gives. */
  services: { routing: (): Routing => ({ addRanking, addDestination }) },
  routes: {},
  controllers: {},
  policies: {},
  middlewares: {},
};
