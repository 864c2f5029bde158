import type { Kit } from '@leadsea/crm-core';
import type { Entry, WorkingSet } from '@leadsea/leads';
import { stickyFor, type RoutingRule } from '../../../contracts';
import { isCustomRanking } from '../domain/extensions';
import type { Person, Plan, PlannedRule, World } from '../domain/facts';
import { isRepeated } from '../domain/guards';
import { routeLeads } from '../domain/route';
import { offerOf, writeOffers } from './acceptance';
import { afterBreach } from './after-breach';
import { answersOf, OWNER_DISABLED } from './asks';
import { noteBreaches, type Missed } from './breaches';
import { carryOut } from './carry-out';
import { loadQueriesOf, matchPolicies, tableColumns, tableRows, tableValues, withStandards, type Matched } from './conditions';
import { loadCaps, loadCounts, OWN_QUERY, type ExactFrom } from './counts';
import { loadFactors } from './factors';
import { groupsOf, usualZone } from './groups';
import { loadPast, loadRelations, routedEntry, type RoutedEntry } from './lead-facts';
import { foldShares, loadShares, lockGroups, writeLedger, type LedgerEntry } from './ledger';
import { loadNamed, namedMembers, withNamed } from './named';
import type { People } from './people';
import { groupKey, livePools, membersOf, planOf, reachableRules, type HitRows, type LivePolicy } from './plans';
import { tellNobody } from './nobody';
import { decideNone, decisionOf } from './record';
import { packFacts } from './snapshot';

const UNSHARED = new Set(['pool', 'hold']);
const isLimited = (rule: RoutingRule): boolean =>
  rule.filters.capacity || rule.caps.length + rule.loadLimits.length > 0 || (rule.periodCap ?? null) !== null;

export type Tabled = Matched & { readonly rows: ReturnType<typeof tableRows> };

/** Looks the leads up in the tables of their policies: one statement, none without a table. */
export async function lookUp(set: WorkingSet, matched: readonly Matched[]): Promise<readonly Tabled[]> {
  const policies = [...new Set(matched.map(({ policy }) => policy))];
  const columns = tableColumns(set.kit, policies, set.now);
  const values = new Map<number, Record<string, unknown>>();
  if (columns) {
    const rows = await set.select<Record<string, unknown> & { id: number }>(
      () => ({ columns: `l.id, ${columns.sql}`, bindings: columns.bindings }),
      matched.map(({ entry }) => entry),
    );
    for (const row of rows) values.set(row.id, row);
  }
  return matched.map((one) => ({
    ...one,
    rows: columns ? tableRows(one.policy, one.verdicts.holds, tableValues(columns.names, values.get(one.entry.id) ?? {})) : new Map(),
  }));
}

function hitRows(tabled: readonly Tabled[]): ReadonlyMap<LivePolicy, HitRows> {
  const hits = new Map<LivePolicy, Map<string, Set<number>>>();
  for (const { policy, rows } of tabled) {
    const byRule = hits.get(policy) ?? new Map<string, Set<number>>();
    hits.set(policy, byRule);
    for (const [rule, row] of rows) if (typeof row === 'number') byRule.set(rule, (byRule.get(rule) ?? new Set()).add(row));
  }
  return hits;
}

/** Everybody who could take leads by these plans: for R-65, which never takes the last one offline. */
const peopleOf = (plan: Plan | undefined): readonly number[] => [
  ...new Set(
    [...(plan?.rules ?? []), ...(plan ? [plan.otherwise] : [])].flatMap((rule) =>
      groupsOf(rule).flatMap(({ candidates }) => candidates.map(({ id }) => id)),
    ),
  ),
];

/** leaves out leads of disabled people whose policy leaves them to the hand-over. */
const withoutUnwanted = (matched: readonly Matched[]): readonly Matched[] =>
  matched.filter(
    ({ entry, policy: { body } }: { entry: Entry; policy: { body: { triggers?: { ownerDisabled?: boolean } } } }) =>
      !entry.asks.has(OWNER_DISABLED) || body.triggers?.ownerDisabled === true,
  );

/** leaves out new leads whose policy keeps the owner named on arrival. */
const withoutExplicit = (set: WorkingSet, matched: readonly Matched[]): readonly Matched[] =>
  matched.filter(({ entry, policy }) => {
    const { owner_id: owner, pool_id: pool, source } = entry.row;
    if (!entry.isNew || owner === null || !stickyFor(policy.body, source).explicitOwner) return true;
    decideNone(set, entry.id, 'EXPLICIT', { owner, pool });
    return false;
  });

interface Deps {
  readonly kit: Kit;
  readonly people: People;
}

/** Gathers the facts, decides purely, and puts verdicts, ledger lines and decisions into the change set. Answers with who received what. */
export async function decideAll(
  { kit, people }: Deps,
  set: WorkingSet,
  policies: readonly LivePolicy[],
  open: readonly Entry[],
  closed: readonly string[],
): Promise<Pick<LedgerEntry, 'lines' | 'changes'> | null> {
  const matched = await lookUp(set, withoutExplicit(set, withoutUnwanted(await matchPolicies(set, policies, open))));
  if (matched.length === 0) return null;
  const used = policies.filter((policy) => matched.some((one) => one.policy === policy));
  const reachable = new Map(
    used.map((policy) => [
      policy,
      reachableRules(
        policy.body,
        matched.filter((one) => one.policy === policy).map((one) => one.verdicts.holds),
      ),
    ]),
  );
  const rules = [...reachable.values()].flat();
  if (!set.dryRun) {
    const shared = [...reachable].flatMap(([policy, list]) =>
      list.filter((rule) => !UNSHARED.has(rule.destination.kind)).map((rule) => groupKey(policy.key, rule.key)),
    );
    await lockGroups(set.trx, shared);
  }
  const relations = await loadRelations(
    set.trx,
    matched.map((one) => one.entry),
    closed,
  );
  const past = await loadPast(
    set.trx,
    matched.flatMap(({ entry }) => (entry.isNew ? [] : [entry.id])),
    set.now,
  );
  const pools = await livePools(kit);
  const going = await afterBreach(set, matched, past, pools);
  const routed = going
    .map(({ entry, policy, verdicts, rows, forced }) => {
      const one = routedEntry(entry, policy, { ...verdicts, rows }, { set, relations, past });
      return forced ? { ...one, lead: { ...one.lead, forced } } : one;
    })
    .filter(
      ({ entry, lead, hash }) =>
        !lead.reroute || lead.forced || !isRepeated(past.get(entry.id)?.decisions ?? [], set.cause.type, hash(), set.now),
    );
  if (routed.length === 0) return null;
  const hits = hitRows(matched);
  const owners = [...new Set(routed.flatMap(({ lead }) => (lead.reroute ? (lead.ownerId ?? []) : [])))];
  const ids = routed.flatMap(({ entry, lead }) => [
    ...lead.sticky.map((one) => one.member),
    ...(lead.accountOwner === null ? [] : [lead.accountOwner]),
    ...(lead.pastOwners?.[0] ? [lead.pastOwners[0].member] : []),
    ...[...answersOf(entry.asks).values()].flatMap((answer) => (answer.kind === 'member' ? [answer.member] : [])),
  ]);
  const named = await loadNamed(
    set.trx,
    used.map((policy) => ({
      versionId: policy.versionId,
      rules: reachable.get(policy) ?? [],
      leads: routed.flatMap(({ entry: { id, row }, lead, policy: own }) => (own === policy ? [{ id, row, holds: lead.holds }] : [])),
    })),
    set.now,
  );
  const others = namedMembers(named);
  const query = used.map((policy) =>
    membersOf(reachable.get(policy) ?? [], hits.get(policy), { ids: [...new Set([...ids, ...owners])], managersOf: owners }),
  );
  const inHours = used.some(({ body }) => body.reroute.onlyInHours) && routed.some(({ lead }) => lead.reroute);
  const directory = await people.load(
    set.trx,
    {
      ids: [...new Set([...query.flatMap((one) => one.ids), ...others.ids])],
      emails: [...query.flatMap((one) => one.emails), ...others.emails],
      teams: query.flatMap((one) => one.teams),
      roles: query.flatMap((one) => one.roles),
      managersOf: owners,
    },
    { lock: !set.dryRun && rules.some(isLimited), calendars: inHours || rules.some((rule) => rule.filters.workingHours !== 'ignore') },
    set.now,
  );
  const everybody = [...directory.people.keys()];
  const factors = rules.some((rule) => rule.ranking === 'performance-weighted')
    ? await loadFactors(set.trx, everybody, set.now, set.dryRun)
    : new Map<number, number>();
  const zone = rules.some((rule) => rule.ranking === 'count-in-period') ? await usualZone(kit) : 'UTC';
  const plans = new Map(
    used.map((policy): [number, Plan] => [
      policy.versionId,
      planOf(policy, { directory, pools, hits: hits.get(policy) ?? new Map(), factors, now: set.now, zone, named }),
    ]),
  );
  const planned = [...reachable].flatMap(([policy, list]) => plannedOf(plans.get(policy.versionId), list));
  const counting = rules.some((rule) => rule.filters.capacity || rule.ranking === 'most-free-capacity' || isCustomRanking(rule));
  const queries = [...(counting ? [OWN_QUERY] : []), ...used.flatMap(loadQueriesOf)];
  const byLoad = rules.some((rule) => rule.ranking === 'most-free-capacity' || isCustomRanking(rule));
  const counts = await loadCounts(
    kit,
    set.trx,
    everybody,
    closed,
    queries,
    set.now,
    byLoad ? null : nearLimit(directory.people, routed.length),
  );
  const { shares, long } = await loadShares(set.trx, planned);
  const concerned = new Set(routed.flatMap(({ lead }) => lead.standards?.map(({ key }) => key) ?? []));
  const world: World = {
    people: await withStandards(kit, set.trx, directory.people, used, concerned, set.now),
    loads: adjusted(counts, set.entries, routed, closed),
    shares,
    caps: await loadCaps(set.trx, planned, directory.people, set.now),
  };
  const leads = withNamed(
    routed.map((one) => one.lead),
    plans,
    named,
    directory,
  );
  const { verdicts, changes, entitled } = routeLeads(leads, plans, world, set.now);
  const facts = set.dryRun ? null : packFacts(plans, leads, world, new Set(planned.map(({ rule }) => rule.key)), set.now);
  const lines = routed.flatMap((one) => {
    const verdict = verdicts.get(one.lead.id);
    if (!verdict) return [];
    const line = carryOut(set, one, verdict, plans.get(one.lead.versionId));
    if (verdict.reason !== 'HELD' || one.lead.waiting.size === 0)
      set.decide(decisionOf(one, verdict, world.people, { batch: routed.length, facts: facts?.id ?? null }));
    return line ? [{ line, offer: offerOf(set, one, verdict) }] : [];
  });
  tellNobody(
    kit,
    set,
    routed.flatMap(({ policy, lead }) => {
      const verdict = verdicts.get(lead.id);
      return verdict && !lead.test ? [{ policy, verdict, waited: lead.waiting.size > 0 }] : [];
    }),
  );
  const missed = missedBy(going, plans);
  set.defer(async (trx) => {
    await writeLedger(trx, { lines: lines.map(({ line }) => line), changes, entitled, facts }, set.cause.type, set.now);
    await writeOffers(
      trx,
      lines.flatMap(({ offer }) => offer ?? []),
      set.now,
    );
    await foldShares(trx, long);
    await noteBreaches(kit, people, trx, set, missed);
  });
  return { lines: lines.map(({ line }) => line), changes };
}

/** From which load on a limit may be reached by a batch of so many leads. */
const nearLimit = (people: ReadonlyMap<number, Person>, batch: number): ExactFrom =>
  new Map([...people].flatMap(([id, { capacity }]) => (capacity === null ? [] : [[id, (capacity - batch) * 100] as const])));

/** Who missed a deadline in this change set; a step of the ladder is not a new one. */
const missedBy = (going: readonly Matched[], plans: ReadonlyMap<number, Plan>): readonly Missed[] =>
  going.flatMap(({ entry, policy }) => {
    const owner = entry.before?.owner_id ?? null;
    if (owner === null || !entry.asks.has('reroute:sla-breach')) return [];
    const others = peopleOf(plans.get(policy.versionId));
    return [{ member: owner, lead: entry.id, most: policy.body.autoOffline?.breaches ?? null, others }];
  });

const plannedOf = (plan: Plan | undefined, rules: readonly RoutingRule[]): readonly PlannedRule[] => {
  const keys = new Set(rules.map((rule) => rule.key));
  return plan ? [...plan.rules, plan.otherwise].filter((planned) => keys.has(planned.rule.key)) : [];
};

/** Loads in memory: leads of this change set that left or joined somebody before routing came. */
function adjusted(
  counts: ReadonlyMap<string, ReadonlyMap<number, number>>,
  entries: readonly Entry[],
  routed: readonly RoutedEntry[],
  closed: readonly string[],
): World['loads'] {
  const adds = new Map(routed.map(({ entry, lead }) => [entry.id, lead.adds]));
  const loads = new Map([...counts].map(([id, byMember]) => [id, new Map(byMember)]));
  for (const { id: lead, before, row } of entries) {
    if (before?.owner_id === row.owner_id && before?.stage === row.stage) continue;
    for (const [id, byMember] of loads) {
      const by = adds.get(lead)?.get(id) ?? (id === OWN_QUERY.id ? 100 : 0);
      const add = (holder: Entry['before'], sign: number): void => {
        if (!holder || holder.owner_id === null || holder.is_test || closed.includes(holder.stage)) return;
        byMember.set(holder.owner_id, (byMember.get(holder.owner_id) ?? 0) + sign * by);
      };
      add(before, -1);
      add(row, 1);
    }
  }
  return loads;
}
