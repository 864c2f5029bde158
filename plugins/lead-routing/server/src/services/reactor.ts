import type { Kit } from '@leadsea/crm-core';
import type { Entry, Reactor, WorkingSet } from '@leadsea/leads';
import type { RouteReason, RoutingRule } from '../../../contracts';
import type { Plan, PlannedRule } from '../domain/facts';
import { isRepeated } from '../domain/guards';
import { routeLeads, type Verdict } from '../domain/route';
import { closedStages, isReroute, loadPast, loadRelations, routedEntry, type RoutedEntry } from './lead-facts';
import { foldShares, loadCounts, loadShares, lockGroups, longGroups, writeLedger, type LedgerLine } from './ledger';
import type { People } from './people';
import { groupKey, livePools, membersOf, planOf, reachableRules, type LivePolicy } from './plans';
import { decideNone, decisionOf } from './record';

export const retryKey = (leadId: number): string => `routing-retry:${leadId}`;

const isAsked = (entry: Entry): boolean => (entry.asks.has('route') || isReroute(entry)) && entry.row.merged_into === null;
const isHeldBySomething = ({ row }: Entry): boolean => row.owner_id !== null || row.pool_id !== null;

/** Nothing to decide and nothing to tell: the lead is where it belongs. */
function isSettled(entry: Entry): boolean {
  if (isReroute(entry)) return entry.asks.has('held') || (entry.row.owner_id === null && entry.row.pool_id !== null);
  return isHeldBySomething(entry) && !entry.isNew && !entry.asks.has('held') && !entry.asks.has('route:again');
}

/** the owner has followed up in this very change set. */
const isTouched = (entry: Entry): boolean =>
  isReroute(entry) &&
  entry.activities.some(
    (activity) =>
      activity.member_id === entry.row.owner_id &&
      activity.direction === 'outbound' &&
      !activity.automatic &&
      !activity.bulk &&
      activity.kind !== 'note',
  );

/** Why a lead is not routed; null = it is. */
function stopOf(entry: Entry, closed: readonly string[], now: Date): RouteReason | null {
  const { row } = entry;
  if (!isReroute(entry) && isHeldBySomething(entry) && (entry.isNew || entry.asks.has('held'))) return 'EXPLICIT';
  if (row.quarantine !== null) return 'QUARANTINED';
  if (closed.includes(row.stage)) return 'STAGE_CLOSED';
  if (row.do_not_contact_until !== null && row.do_not_contact_until.getTime() > now.getTime()) return 'DO_NOT_CONTACT';
  return isTouched(entry) ? 'TOUCHED' : null;
}

const SHARED = new Set(['team', 'group', 'role', 'member', 'account-owner']);
const isLimited = (rule: RoutingRule): boolean => rule.filters.capacity || (rule.periodCap ?? null) !== null;

/** Loads in memory: leads of this change set that left or joined somebody before routing came. */
function adjusted(counts: ReadonlyMap<number, number>, entries: readonly Entry[], closed: readonly string[]): ReadonlyMap<number, number> {
  const loads = new Map(counts);
  const add = (row: Entry['before'], by: number): void => {
    if (!row || row.owner_id === null || row.is_test || closed.includes(row.stage)) return;
    loads.set(row.owner_id, (loads.get(row.owner_id) ?? 0) + by);
  };
  for (const entry of entries) {
    add(entry.before, -1);
    add(entry.row, 1);
  }
  return loads;
}

export interface RouterDeps {
  readonly kit: Kit;
  readonly people: People;
  /** Policies to use instead of the live ones, for a simulation that names this token as its cause. */
  readonly drafts: ReadonlyMap<string, LivePolicy>;
}

export function routingReactor({ kit, people, drafts }: RouterDeps): Reactor {
  const policiesFor = async (set: WorkingSet): Promise<readonly LivePolicy[]> => {
    const draft = set.dryRun && set.cause.type === 'simulate' ? drafts.get(set.cause.id ?? '') : undefined;
    return draft ? [draft] : kit.policies.live('routing-policy');
  };

  /** Which policy and which of its rules hold for each lead: one statement. */
  const match = async (
    set: WorkingSet,
    policies: readonly LivePolicy[],
    open: readonly Entry[],
  ): Promise<{ entry: Entry; policy: LivePolicy; holds: ReadonlySet<string> }[]> => {
    const conditions = policies.flatMap((policy) => [
      ...(policy.body.when ? [{ key: `${policy.versionId}`, condition: policy.body.when }] : []),
      ...policy.body.rules.flatMap((rule) => (rule.when ? [{ key: `${policy.versionId}:${rule.key}`, condition: rule.when }] : [])),
    ]);
    const hits = await set.matches(conditions, open);
    return open.flatMap((entry) => {
      const held = hits.get(entry.id);
      const policy = policies.find(({ body, versionId }) => !body.when || held?.has(`${versionId}`));
      if (!policy) return [];
      const holds = policy.body.rules.filter((rule) => !rule.when || held?.has(`${policy.versionId}:${rule.key}`));
      return [{ entry, policy, holds: new Set(holds.map((rule) => rule.key)) }];
    });
  };

  const decide = async (
    set: WorkingSet,
    policies: readonly LivePolicy[],
    open: readonly Entry[],
    closed: readonly string[],
  ): Promise<void> => {
    const matched = await match(set, policies, open);
    if (matched.length === 0) return;
    const used = policies.filter((policy) => matched.some((one) => one.policy === policy));
    const reachable = new Map(
      used.map((policy) => [
        policy,
        reachableRules(
          policy.body,
          matched.filter((one) => one.policy === policy).map((one) => one.holds),
        ),
      ]),
    );
    const rules = [...reachable.values()].flat();
    if (!set.dryRun) {
      await lockGroups(
        set.trx,
        [...reachable].flatMap(([policy, list]) =>
          list.filter((rule) => SHARED.has(rule.destination.kind)).map((rule) => groupKey(policy.key, rule.key)),
        ),
      );
    }
    const relations = await loadRelations(
      set.trx,
      matched.map((one) => one.entry),
      closed,
    );
    const past = await loadPast(
      set.trx,
      matched.flatMap(({ entry }) => (entry.isNew ? [] : [entry.id])),
    );
    const routed = matched
      .map(({ entry, policy, holds }) => routedEntry(entry, policy, holds, { set, relations, past }))
      .filter(({ entry, lead, hash }) => !lead.reroute || !isRepeated(past.get(entry.id)?.decisions ?? [], set.cause.type, hash, set.now));
    const owners = [...new Set(routed.flatMap(({ lead }) => (lead.reroute ? (lead.ownerId ?? []) : [])))];
    const named = routed.flatMap(({ lead }) => [
      ...lead.sticky.map((one) => one.member),
      ...(lead.accountOwner === null ? [] : [lead.accountOwner]),
    ]);
    const directory = await people.load(
      set.trx,
      membersOf(rules, [...new Set([...named, ...owners])], owners),
      { lock: !set.dryRun && rules.some(isLimited), calendars: rules.some((rule) => rule.filters.workingHours !== 'ignore') },
      set.now,
    );
    const pools = await livePools(kit);
    const plans = new Map(used.map((policy): [number, Plan] => [policy.versionId, planOf(policy, directory, pools)]));
    const planned = [...reachable].flatMap(([policy, list]) => plannedOf(plans.get(policy.versionId), list));
    const counting = rules.some((rule) => rule.filters.capacity || rule.ranking === 'most-free-capacity');
    const counts = counting ? await loadCounts(set.trx, [...directory.people.keys()], closed) : new Map<number, number>();
    const shares = await loadShares(set.trx, planned, directory.people, set.now);
    const { verdicts, changes } = routeLeads(
      routed.map((one) => one.lead),
      plans,
      { people: directory.people, loads: adjusted(counts, set.entries, closed), shares },
      set.now,
    );
    const lines = routed.flatMap((one) => {
      const verdict = verdicts.get(one.lead.id);
      if (!verdict) return [];
      const line = carryOut(set, one, verdict);
      if (verdict.reason !== 'HELD' || one.lead.waiting.size === 0) set.decide(decisionOf(one, verdict, directory.people, routed.length));
      return line ? [line] : [];
    });
    if (lines.length + changes.length === 0) return;
    const long = longGroups(shares);
    set.defer(async (trx) => {
      await writeLedger(trx, lines, changes, set.cause.type, set.now);
      await foldShares(trx, long);
    });
  };

  return {
    stage: 'route',
    name: 'routing',
    run: async (set) => {
      const asked = set.entries.filter((entry) => isAsked(entry) && !isSettled(entry));
      if (asked.length === 0) return;
      const policies = await policiesFor(set);
      if (policies.length === 0) return;
      const closed = await closedStages(kit);
      const open: Entry[] = [];
      for (const entry of asked) {
        const stop = stopOf(entry, closed, set.now);
        if (stop === null) open.push(entry);
        else decideNone(set, entry.id, stop, { owner: entry.row.owner_id, pool: entry.row.pool_id });
      }
      if (open.length > 0) await decide(set, policies, open, closed);
    },
  };
}

const plannedOf = (plan: Plan | undefined, rules: readonly RoutingRule[]): readonly PlannedRule[] => {
  const keys = new Set(rules.map((rule) => rule.key));
  return plan ? [...plan.rules, plan.otherwise].filter((planned) => keys.has(planned.rule.key)) : [];
};

/** Puts a verdict into the change set; answers with the ledger line of a lead that was given to a person. */
function carryOut(set: WorkingSet, { entry, policy, lead }: RoutedEntry, verdict: Verdict): LedgerLine | null {
  if (lead.test) return null;
  if (verdict.retry && verdict.rule !== null) {
    set.arm({
      kind: 'routing.retry',
      key: retryKey(lead.id),
      subject: 'lead',
      subjectId: lead.id,
      dueAt: verdict.retry.at,
      payload: { rule: verdict.rule, since: verdict.retry.since.toISOString() },
    });
    return null;
  }
  if (verdict.owner === null && verdict.pool === null) return null;
  const before = { owner: entry.row.owner_id, pool: entry.row.pool_id };
  if (before.owner !== verdict.owner || (verdict.pool !== null && before.pool !== verdict.pool)) {
    set.set(lead.id, verdict.owner === null ? { owner_id: null, pool_id: verdict.pool } : { owner_id: verdict.owner });
    set.emit({
      subject: 'lead',
      subjectId: lead.id,
      type: lead.reroute ? 'lead.rerouted' : 'lead.routed',
      before,
      after: { owner: verdict.owner, pool: verdict.pool },
      policyVersionId: policy.versionId,
      data: {
        rule: verdict.rule,
        policy: policy.key,
        destination: verdict.destination,
        reasonCode: verdict.reason,
        ...(verdict.guard ? { guard: verdict.guard } : {}),
      },
    });
  }
  if (verdict.owner === null || verdict.owner === before.owner) return null;
  return {
    group: verdict.group ?? groupKey(policy.key, verdict.destination ?? 'other'),
    member: verdict.owner,
    lead: lead.id,
    value: lead.score ?? 1,
  };
}
