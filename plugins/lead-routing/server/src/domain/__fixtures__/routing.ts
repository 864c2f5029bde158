import { routingPolicySchema, type RoutingPolicyInput } from '../../../../contracts';
import type { CandidateRef, CapUse, Person, Plan, PlannedRule, RoutedLead, ShareFacts, World } from '../facts';
import { plannedCaps } from '../../services/plans';
import { routeLeads, type Routed } from '../route';
import { UNITS } from '../share';
import { WEIGHT_PARTS, wholeWeight } from '../weight';

export const NOW = new Date('2026-03-02T12:00:00Z');
export const hours = (n: number): Date => new Date(NOW.getTime() + n * 3_600_000);
const label = { zh: '规则', en: 'Rule' };

export const person = (id: number, over: Partial<Person> = {}): Person => ({
  id,
  name: `P${id}`,
  active: true,
  managerId: null,
  teamId: null,
  roles: [],
  skills: new Set(),
  capacity: null,
  weight: 1,
  online: true,
  leaveFrom: null,
  leaveTo: null,
  opensAt: NOW,
  timeZone: 'UTC',
  ...over,
});

export const lead = (id: number, over: Partial<RoutedLead> = {}): RoutedLead => ({
  id,
  versionId: 1,
  score: 50,
  grade: 'B2',
  capturedAt: NOW,
  language: null,
  ownerId: null,
  accountOwner: null,
  values: {},
  holds: new Set(['r']),
  waiting: new Map(),
  sticky: [],
  previousOwners: [],
  reroute: false,
  guard: null,
  test: false,
  ...over,
});

export const POOL = 900;
export type RuleInput = NonNullable<RoutingPolicyInput['rules']>[number];
export const rule = (over: Partial<RuleInput> = {}, key = 'r'): RuleInput => ({
  key,
  label,
  destination: { kind: 'team', key: 't' },
  ...over,
});

/** A plan whose people rules all point at `ids`; pools are known as `pool`. */
export function planFor(input: Partial<RoutingPolicyInput>, ids: readonly number[], weights: readonly number[] = []): Plan {
  const body = routingPolicySchema.parse({ otherwise: { kind: 'pool', key: 'pool' }, ...input });
  const candidates = ids.map((id, place): CandidateRef => ({ id, weight: wholeWeight(weights[place] ?? 1), place }));
  const target = (destination: PlannedRule['rule']['destination']): PlannedRule['target'] =>
    destination.kind === 'pool'
      ? { kind: 'pool', poolId: destination.key === 'pool' ? POOL : null }
      : destination.kind === 'hold'
        ? { kind: 'hold', seconds: destination.seconds }
        : destination.kind === 'account-owner'
          ? { kind: 'account-owner' }
          : destination.kind === 'previous-owner'
            ? { kind: 'previous-owner', days: destination.days }
            : {
                kind: 'people',
                candidates: destination.kind === 'member' ? [{ id: destination.id ?? 0, weight: WEIGHT_PARTS, place: 0 }] : candidates,
              };
  const planned = (one: PlannedRule['rule']): PlannedRule => ({
    rule: one,
    caps: plannedCaps(one, `route:p:${one.key}`),
    limits: one.loadLimits.map((limit, index) => ({
      ...limit,
      id: limit.scope === 'group' ? `group:route:p:${one.key}:${index}` : `limit:${index}`,
    })),
    group: `route:p:${one.key}`,
    target: target(one.destination),
    onEmpty:
      typeof one.onEmpty === 'string'
        ? null
        : 'pool' in one.onEmpty
          ? { kind: 'pool', poolId: POOL }
          : { kind: 'people', candidates: [{ id: Number(one.onEmpty.member), weight: WEIGHT_PARTS, place: 0 }] },
  });
  const otherwise = routingPolicySchema.parse({
    rules: [{ key: 'otherwise', label, destination: body.otherwise, filters: { capacity: false } }],
    otherwise: body.otherwise,
  });
  return { policyId: 1, versionId: 1, key: 'p', name: 'P', body, rules: body.rules.map(planned), otherwise: planned(otherwise.rules[0]!) };
}

export const seat = (id: number, received = 0, over: Partial<ShareFacts> = {}): ShareFacts => ({
  id,
  given: received * UNITS,
  counted: received,
  last: 0,
  weight: WEIGHT_PARTS,
  ...over,
});

interface Case {
  readonly policy: Partial<RoutingPolicyInput>;
  readonly people: readonly Person[];
  readonly leads: readonly RoutedLead[];
  readonly weights?: readonly number[];
  readonly loads?: Readonly<Record<number, number>>;
  /** Of limits, by their name. */
  readonly limits?: Readonly<Record<string, Readonly<Record<number, number>>>>;
  readonly caps?: Readonly<Record<string, Readonly<Record<number, CapUse>>>>;
  readonly seats?: readonly ShareFacts[];
  readonly others?: readonly Person[];
  readonly now?: Date;
}

const numbered = <Value, Result>(record: Readonly<Record<number, Value>>, value: (one: Value) => Result): Map<number, Result> =>
  new Map(Object.entries(record).map(([id, one]) => [Number(id), value(one)]));
const inHundredths = (record: Readonly<Record<number, number>>): Map<number, number> => numbered(record, (count) => count * 100);

export function route(given: Case): Routed {
  const { policy, people, leads, weights, loads = {}, limits = {}, caps = {}, seats, others = [], now = NOW } = given;
  const plan = planFor(
    policy,
    people.map((one) => one.id),
    weights,
  );
  const shares = seats ?? people.map((one, place) => seat(one.id, 0, { weight: wholeWeight(weights?.[place] ?? 1) }));
  const world: World = {
    people: new Map([...people, ...others].map((one) => [one.id, one])),
    loads: new Map([['own', inHundredths(loads)], ...Object.entries(limits).map(([id, held]) => [id, inHundredths(held)] as const)]),
    caps: new Map(Object.entries(caps).map(([id, uses]) => [id, numbered(uses, (use) => use)])),
    shares: new Map([...plan.rules, plan.otherwise].map((planned) => [planned.group, shares])),
  };
  return routeLeads(leads, new Map([[1, plan]]), world, now);
}

export const owners = (routed: Routed, leads: readonly RoutedLead[]): (number | null)[] =>
  leads.map((one) => routed.verdicts.get(one.id)?.owner ?? null);
export const only = (routed: Routed): NonNullable<ReturnType<Routed['verdicts']['get']>> => [...routed.verdicts.values()][0]!;
export const codes = (routed: Routed): string[][] => only(routed).tables[0]!.rows.map((row) => row.reasons.map((reason) => reason.code));
export const many = (count: number, over: (index: number) => Partial<RoutedLead> = () => ({})): RoutedLead[] =>
  Array.from({ length: count }, (_, index) => lead(index + 1, over(index)));
