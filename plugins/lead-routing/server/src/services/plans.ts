import type { Kit, PolicyVersion } from '@leadsea/crm-core';
import { OTHERWISE, routingRuleSchema, type Destination, type RoutingPolicy, type RoutingRule } from '../../../contracts';
import type { Plan, PlannedRule, Target } from '../domain/facts';
import type { Directory, MemberQuery } from './people';

export type LivePolicy = PolicyVersion<RoutingPolicy>;

export const groupKey = (policy: string, rule: string): string => `route:${policy}:${rule}`;

/** The mandatory last rule, as a rule: every lead, no filters but those that always hold. */
export const otherwiseRule = (body: RoutingPolicy): RoutingRule =>
  routingRuleSchema.parse({
    key: OTHERWISE,
    label: { zh: '兜底', en: 'Otherwise' },
    destination: body.otherwise,
    filters: { capacity: false },
  });

export const allRules = (body: RoutingPolicy): readonly RoutingRule[] => [...body.rules, otherwiseRule(body)];

const onEmptyDestination = ({ onEmpty }: RoutingRule): Destination | null => {
  if (typeof onEmpty === 'string') return null;
  if ('pool' in onEmpty) return { kind: 'pool', key: onEmpty.pool };
  return typeof onEmpty.member === 'number' ? { kind: 'member', id: onEmpty.member } : { kind: 'member', email: onEmpty.member };
};

/** Everybody these rules may name. */
export function membersOf(rules: readonly RoutingRule[], more: readonly number[] = [], managersOf: readonly number[] = []): MemberQuery {
  const ids = new Set(more);
  const emails = new Set<string>();
  const teams = new Set<string>();
  const roles = new Set<string>();
  const add = (ref: string | number | undefined): void => {
    if (typeof ref === 'number') ids.add(ref);
    else if (ref !== undefined) emails.add(ref);
  };
  for (const destination of rules.flatMap((rule) => [rule.destination, onEmptyDestination(rule) ?? rule.destination])) {
    if (destination.kind === 'member') add(destination.id ?? destination.email);
    if (destination.kind === 'group') for (const { member } of destination.members) add(member);
    if (destination.kind === 'team') teams.add(destination.key);
    if (destination.kind === 'role') roles.add(destination.key);
  }
  return { ids: [...ids], emails: [...emails], teams: [...teams], roles: [...roles], managersOf };
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

/** Names in a policy resolved to the people and pools that are there now. */
export function planOf(policy: LivePolicy, directory: Directory, pools: ReadonlyMap<string, number>): Plan {
  const targetOf = (destination: Destination): Target => {
    switch (destination.kind) {
      case 'pool':
        return { kind: 'pool', poolId: pools.get(destination.key) ?? null };
      case 'account-owner':
        return { kind: 'account-owner' };
      case 'hold':
        return { kind: 'hold', seconds: destination.seconds };
      default:
        return { kind: 'people', candidates: directory.resolve(destination) };
    }
  };
  const planned = (rule: RoutingRule): PlannedRule => {
    const fallback = onEmptyDestination(rule);
    return {
      rule,
      group: groupKey(policy.key, rule.key),
      target: targetOf(rule.destination),
      onEmpty: fallback ? targetOf(fallback) : null,
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
