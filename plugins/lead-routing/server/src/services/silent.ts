import type { Kit, PolicyShadow, ShadowCase, ShadowRun } from '@leadsea/crm-core';
import type { DecisionInput, Entry, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import { routingPolicySchema, type RouteResult, type RoutingPolicy } from '../../../contracts';
import { SILENT_OUTCOMES, silentOutcome, type Placed } from '../domain/silent';
import { UNITS } from '../domain/share';
import { decideAll } from './decide';
import { lockGroups, writeLedger } from './ledger';
import type { People } from './people';
import type { LivePolicy } from './plans';

/** How a routing policy runs silently: on the very leads and facts the live policies decide on, with a ledger of its own. */
export const routingShadow: ShadowRun<RoutingPolicy> = {
  outcomes: SILENT_OUTCOMES,
  begin: (trx, shadow) => copyLedger(trx, shadow),
  terms: {
    zh: '与现行策略在同一批线索、同一时刻、同样的人员状态下作出决定，并有自己的公平账本；在手线索数按真实情况计算，因为这里分给谁的线索并没有真正移动。',
    en: 'It decides on the same leads at the same moment as the live policies, with the same people at work and a fairness ledger of its own. How much everybody holds is as it really is, since nothing it decides is done.',
  },
};

/**
 * The ledger of a silent run begins where the live one stands, so that a draft that changes nothing finds nothing different: start levels with
 * all that was counted in them, and the last line of each person, which says whose turn it is.
 */
async function copyLedger(trx: Knex.Transaction, { id, key }: PolicyShadow): Promise<void> {
  const [own, silent] = [`route:${key}:`, `silent:${id}:`];
  const renamed = `CASE WHEN starts_with(x.group_key, ?) THEN ? || substr(x.group_key, length(?) + 1) ELSE ? || substr(x.group_key, 7) END`;
  const names = [own, silent, own, silent];
  await trx.raw(
    `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at)
     SELECT ${renamed}, x.member_id, x.lead_id, x.value, 'silent', x.at FROM (
       SELECT DISTINCT ON (group_key, member_id) * FROM crm_ledger WHERE group_key LIKE 'route:%' ORDER BY group_key, member_id, at DESC, id DESC) x
     ORDER BY x.id`,
    names,
  );
  await trx.raw(
    `INSERT INTO crm_routing_shares (group_key, member_id, units, weight, base_id, base_at)
     SELECT ${renamed}, x.member_id, x.units + ? * n.counted, x.weight, (SELECT max(id) FROM crm_ledger), x.base_at
     FROM crm_routing_shares x CROSS JOIN LATERAL (
       SELECT CASE WHEN x.group_key LIKE '%#value' THEN coalesce(sum(e.value), 0) ELSE count(*) END AS counted FROM crm_ledger e
       WHERE e.group_key = x.group_key AND e.member_id = x.member_id AND e.at >= x.base_at AND e.id > x.base_id AND e.given_back_at IS NULL) n
     WHERE x.group_key LIKE 'route:%' ON CONFLICT (group_key, member_id) DO NOTHING`,
    [...names, UNITS],
  );
}

/** The live policies with the draft in its place. Its key gives it a ledger that no report of the live ones reads. */
function withDraft(live: readonly LivePolicy[], shadow: PolicyShadow<RoutingPolicy>): readonly LivePolicy[] {
  const draft: LivePolicy = {
    policyId: shadow.policyId,
    versionId: -shadow.id,
    number: 0,
    kind: shadow.kind,
    key: `silent:${shadow.id}`,
    name: shadow.name,
    body: routingPolicySchema.parse(shadow.body),
    publishedAt: shadow.startedAt,
  };
  return live.some(({ policyId }) => policyId === draft.policyId)
    ? live.map((policy) => (policy.policyId === draft.policyId ? draft : { ...policy, key: `silent:${shadow.id}:${policy.key}` }))
    : [...live.map((policy) => ({ ...policy, key: `silent:${shadow.id}:${policy.key}` })), draft];
}

const none = (): void => undefined;

/** The change set as a silent decision sees it: it reads everything, and what it wants done is heard and forgotten. */
const silentSet = (set: WorkingSet, decide: (decision: DecisionInput) => void): WorkingSet => ({
  ...set,
  dryRun: true,
  decide,
  set: none,
  ask: none,
  emit: none,
  arm: none,
  disarm: none,
  task: none,
  closeTasks: none,
  notify: none,
  enqueue: none,
  defer: none,
});

interface Deps {
  readonly kit: Kit;
  readonly people: People;
}

/** What every draft that runs silently would do with these leads, before the live policies decide. Nothing is asked where none runs. */
export async function decideSilently(
  deps: Deps,
  set: WorkingSet,
  live: readonly LivePolicy[],
  open: readonly Entry[],
  closed: readonly string[],
): Promise<(live: ReadonlyMap<number, Placed>) => void> {
  const shadows = set.dryRun ? [] : await deps.kit.shadows.running<RoutingPolicy>('routing-policy', set.now);
  const silent = new Map<PolicyShadow<RoutingPolicy>, ReadonlyMap<number, Placed>>();
  for (const shadow of shadows) {
    const decided = new Map<number, Placed>();
    const done = await deps.kit.shadows.beside(set.trx, shadow, async () => {
      await lockGroups(set.trx, [`silent:${shadow.id}`]);
      const quiet = silentSet(set, (decision) => void decided.set(decision.leadId, placed(decision.result)));
      const ledger = await decideAll(deps, quiet, withDraft(live, shadow), open, closed);
      if (ledger) await writeLedger(set.trx, { lines: ledger.lines, changes: ledger.changes }, 'silent', set.now);
      return true;
    });
    if (done) silent.set(shadow, decided);
  }
  return (really) => {
    for (const [shadow, decided] of silent) note(deps.kit, set, shadow, { open, decided, really });
  };
}

interface Both {
  readonly open: readonly Entry[];
  readonly decided: ReadonlyMap<number, Placed>;
  readonly really: ReadonlyMap<number, Placed>;
}

/** Where a decision of routing puts its lead. */
export function placed(result: Partial<RouteResult>): Placed {
  const { owner = null, pool = null, rule = null, policy = null, reason = 'NO_POLICY' } = result;
  return { owner, pool: owner === null ? pool : null, rule, policy, reason };
}

/** Each decision is a case of its own: a lead that is routed twice is two. */
function note(kit: Kit, set: WorkingSet, shadow: PolicyShadow, { open, decided, really }: Both): void {
  const cases = open.flatMap(({ id, row }): ShadowCase[] => {
    const pair = { live: really.get(id) ?? null, silent: decided.get(id) ?? null };
    if (row.is_test || (pair.live === null && pair.silent === null)) return [];
    return [
      {
        key: `${id}:${set.now.toISOString()}`,
        subject: 'lead',
        subjectId: id,
        at: set.now,
        outcome: silentOutcome(pair.live, pair.silent),
        live: { ...pair.live },
        silent: { ...pair.silent },
      },
    ];
  });
  set.defer((trx) => kit.shadows.note(trx, shadow.id, cases));
}
