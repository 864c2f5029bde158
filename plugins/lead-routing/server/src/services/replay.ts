import { conflict, forbidden, notFound, one } from '@leadsea/crm-core';
import type { HostContext, Kit, VerbContext } from '@leadsea/crm-core';
import type { RouteResult, RoutingPolicy } from '../../../contracts';
import { routeLeads, type Verdict } from '../domain/route';
import { otherwiseRule } from './plans';
import { planAgain, unpackFacts } from './snapshot';

interface Stored {
  subject_id: number;
  result: RouteResult;
  facts: string | null;
  packed: Buffer | null;
}

const STORED = `SELECT d.subject_id, d.result, d.inputs->>'facts' AS facts, f.packed FROM crm_decisions d
  LEFT JOIN crm_routing_facts f ON f.id = (d.inputs->>'facts')::uuid WHERE d.id = ? AND d.kind = 'route'`;

export interface Replay {
  readonly same: boolean;
  readonly stored: RouteResult;
  readonly again: Pick<Verdict, 'owner' | 'pool' | 'reason' | 'rule' | 'tie'>;
}

/** makes a stored decision again from its facts and its version of the policy; the whole change set, since leads in it share limits. */
export async function replay(kit: Kit, decisionId: number): Promise<Replay> {
  const row = await one<Stored>(kit.db, STORED, [decisionId]);
  if (!row) throw notFound('Decision');
  if (!row.packed) throw conflict('FACTS_GONE', 'The facts of this decision are no longer kept.');
  const snapshot = unpackFacts(row.packed);
  const plans = new Map(
    await Promise.all(
      snapshot.plans.map(async (plan) => {
        const { body } = await kit.policies.version<RoutingPolicy>(plan.versionId);
        return [plan.versionId, planAgain(plan, body, otherwiseRule(body))] as const;
      }),
    ),
  );
  const verdict = routeLeads(snapshot.leads, plans, snapshot.world, snapshot.at).verdicts.get(row.subject_id);
  if (!verdict) throw notFound('Lead');
  const { owner, pool, reason, rule, tie } = verdict;
  const { result } = row;
  const same =
    owner === result.owner &&
    pool === result.pool &&
    reason === result.reason &&
    rule === result.rule &&
    (tie ?? null) === (result.tie ?? null);
  return { same, stored: result, again: { owner, pool, reason, rule, ...(tie ? { tie } : {}) } };
}

/** `GET /routing/decisions/:id/replay`. */
export const replayRoute =
  (kit: Kit) =>
  async (ctx: HostContext, { actor }: VerbContext): Promise<void> => {
    if (!kit.access.can(actor, 'routing-policies', 'read')) throw forbidden();
    ctx.body = await replay(kit, Number(ctx.params['id']));
  };
