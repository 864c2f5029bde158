import type { Kit, PolicyVersion } from '@leadsea/crm-core';
import {
  OTHERWISE,
  routingRuleSchema,
  type Destination,
  type PeriodCap,
  type PlainDestination,
  type RoutingPolicy,
  type RoutingRule,
  type WeekStart,
} from '../../../contracts';
import { groupLimitId, personCapId, ruleCapId } from '../domain/counters';
import {
  ownLoadId,
  type CandidateRef,
  type PlainTarget,
  type Plan,
  type PlannedCap,
  type PlannedLimit,
  type PlannedRule,
  type Target,
} from '../domain/facts';
import { timesFactor } from '../domain/weight';
import { groupKey, rankingSuffix, rowGroup } from './groups';
import { unionOf, type Named } from './named';
import type { Directory, MemberQuery } from './people';

export { groupKey } from './groups';

export type LivePolicy = PolicyVersion<RoutingPolicy>;

/** The mandatory last rule, as a rule: every lead, no filters but those that always hold. */
export const otherwiseRule = (body: RoutingPolicy): RoutingRule =>
  routingRuleSchema.parse({
    key: OTHERWISE,
    label: { zh: '兜底', en: 'Otherwise' },
    destination: body.otherwise,
    filters: { capacity: false },
  });

export const allRules = (body: RoutingPolicy): readonly RoutingRule[] => [...body.rules, otherwiseRule(body)];

const onEmptyDestination = ({ onEmpty }: RoutingRule): PlainDestination | null => {
  if (typeof onEmpty === 'string') return null;
  if ('pool' in onEmpty) return { kind: 'pool', key: onEmpty.pool };
  return typeof onEmpty.member === 'number' ? { kind: 'member', id: onEmpty.member } : { kind: 'member', email: onEmpty.member };
};

/** Rows of tables that some lead of the set hits, by rule. */
export type HitRows = ReadonlyMap<string, ReadonlySet<number>>;

/** All places a rule may point to for these leads. */
function destinationsOf(rule: RoutingRule, hits: HitRows): readonly Destination[] {
  const { destination } = rule;
  const own =
    destination.kind === 'table'
      ? [...(hits.get(rule.key) ?? [])].flatMap((row) => destination.rows[row]?.to ?? [])
      : destination.kind === 'webhook'
        ? [destination.fallback]
        : [destination];
  return [...own, ...[onEmptyDestination(rule)].filter((one) => one !== null)];
}

export interface NamedMembers {
  readonly ids?: readonly number[];
  readonly emails?: readonly string[];
  readonly managersOf?: readonly number[];
}

/** Everybody these rules may name for these leads. */
export function membersOf(rules: readonly RoutingRule[], hits: HitRows = new Map(), named: NamedMembers = {}): MemberQuery {
  const ids = new Set(named.ids);
  const emails = new Set(named.emails);
  const teams = new Set<string>();
  const roles = new Set<string>();
  const add = (ref: string | number | undefined): void => {
    if (typeof ref === 'number') ids.add(ref);
    else if (ref !== undefined) emails.add(ref);
  };
  for (const destination of rules.flatMap((rule) => destinationsOf(rule, hits))) {
    if (destination.kind === 'member') add(destination.id ?? destination.email);
    if (destination.kind === 'group') for (const { member } of destination.members) add(member);
    if (destination.kind === 'team') teams.add(destination.key);
    if (destination.kind === 'role') roles.add(destination.key);
  }
  return { ids: [...ids], emails: [...emails], teams: [...teams], roles: [...roles], managersOf: named.managersOf ?? [] };
}

/** Nothing goes past this rule: it leads to a place that is always free. */
export const endsHere = ({ destination, onEmpty }: RoutingRule): boolean =>
  destination.kind === 'pool' || (destination.kind !== 'hold' && typeof onEmpty !== 'string' && 'pool' in onEmpty);

/** Rules that may decide for one of these leads: of each lead those that hold, up to the first that takes everything, and the last one. */
export function reachableRules(body: RoutingPolicy, holds: Iterable<ReadonlySet<string>>): readonly RoutingRule[] {
  const keys = new Set<string>();
  let last = false;
  for (const held of holds) {
    const matched = body.rules.filter((rule) => held.has(rule.key));
    const end = matched.findIndex(endsHere);
    for (const rule of end === -1 ? matched : matched.slice(0, end + 1)) keys.add(rule.key);
    last ||= end === -1;
  }
  return [...body.rules.filter((rule) => keys.has(rule.key)), ...(last ? [otherwiseRule(body)] : [])];
}

/** Versions published before a week could begin otherwise begin it on Monday. */
export const weekStartOf = ({ weekStart }: { readonly weekStart?: WeekStart }): WeekStart => weekStart ?? 'monday';

/** the caps of a rule under the names their counts are kept by. */
export const plannedCaps = (rule: RoutingRule, base: string, weekStart: WeekStart = 'monday'): readonly PlannedCap[] => {
  const single: PeriodCap[] = rule.periodCap ? [{ ...rule.periodCap, scope: 'rule', seconds: 86_400, counts: [] }] : [];
  return [...single, ...rule.caps].map((cap, index) => ({
    ...cap,
    ...(cap.per === 'week' && weekStart !== 'monday' ? { weekStart } : {}),
    id: cap.scope === 'person' ? personCapId({ ...cap, weekStart }) : ruleCapId(base, index),
  }));
};

const plannedLimits = (rule: RoutingRule, base: string): readonly PlannedLimit[] =>
  rule.loadLimits.map((limit, index) => ({
    ...limit,
    id: limit.scope === 'group' ? groupLimitId(base, index) : `limit:${base}:${index}`,
  }));

export interface PlanContext {
  readonly directory: Pick<Directory, 'resolve'>;
  readonly pools: ReadonlyMap<string, number>;
  readonly hits: HitRows;
  /** R-57 `performance_weighted`. */
  readonly factors: ReadonlyMap<number, number>;
  readonly now: Date;
  /** In which periods are counted. */
  readonly zone: string;
  /** Whom destinations of implementers name. */
  readonly named?: Named;
}

/** Names in a policy resolved to the people and pools that are there now. */
export function planOf(policy: LivePolicy, { directory, pools, hits, factors, now, zone, named = new Map() }: PlanContext): Plan {
  const weighed = (rule: RoutingRule, candidates: readonly CandidateRef[]): readonly CandidateRef[] =>
    rule.ranking === 'performance-weighted'
      ? candidates.map((ref) => ({ ...ref, weight: timesFactor(ref.weight, factors.get(ref.id) ?? 1) }))
      : candidates;
  const plainTarget = (rule: RoutingRule, destination: Destination): PlainTarget =>
    destination.kind === 'pool'
      ? { kind: 'pool', poolId: pools.get(destination.key) ?? null }
      : { kind: 'people', candidates: weighed(rule, directory.resolve(destination)) };
  const targetOf = (rule: RoutingRule, destination: Destination, base: string, suffix: string): Target => {
    switch (destination.kind) {
      case 'account-owner':
        return { kind: 'account-owner' };
      case 'previous-owner':
        return { kind: 'previous-owner', days: destination.days };
      case 'hold':
        return { kind: 'hold', seconds: destination.seconds };
      case 'custom':
        return { kind: 'custom', candidates: weighed(rule, unionOf(named, policy.versionId, rule.key, directory)) };
      case 'webhook':
        return { kind: 'webhook', timeoutMs: destination.timeoutMs, fallback: plainTarget(rule, destination.fallback) };
      case 'table':
        return {
          kind: 'table',
          rows: new Map(
            [...(hits.get(rule.key) ?? [])].flatMap((row) => {
              const to = destination.rows[row]?.to;
              return to ? [[row, { group: rowGroup(base, to, suffix), target: plainTarget(rule, to) }] as const] : [];
            }),
          ),
        };
      default:
        return plainTarget(rule, destination);
    }
  };
  const ownLoad = ownLoadId(policy);
  const weekStart = weekStartOf(policy.body);
  const planned = (rule: RoutingRule): PlannedRule => {
    const fallback = onEmptyDestination(rule);
    const base = groupKey(policy.key, rule.key);
    const suffix = rankingSuffix(rule, now, zone, weekStart);
    return {
      rule,
      group: `${base}${suffix}`,
      target: targetOf(rule, rule.destination, base, suffix),
      onEmpty: fallback ? plainTarget(rule, fallback) : null,
      ownLoad,
      caps: plannedCaps(rule, base, weekStart),
      limits: plannedLimits(rule, base),
    };
  };
  return {
    policyId: policy.policyId,
    versionId: policy.versionId,
    key: policy.key,
    name: policy.name,
    body: policy.body,
    rules: policy.body.rules.map(planned),
    otherwise: planned(otherwiseRule(policy.body)),
  };
}

/** Keys of live pools with their ids. */
export const livePools = async (kit: Kit): Promise<ReadonlyMap<string, number>> =>
  new Map((await kit.policies.live('pool')).map((pool) => [pool.key, pool.policyId]));
