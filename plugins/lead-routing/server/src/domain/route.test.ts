import fc from 'fast-check';
import { routingPolicySchema, type RoutingPolicyInput } from '../../../contracts';
import type { CandidateRef, Person, Plan, PlannedRule, RoutedLead, ShareFacts, World } from './facts';
import { inOrder, routeLeads, type Routed } from './route';
import { UNITS } from './share';

const NOW = new Date('2026-03-02T12:00:00Z');
const hours = (n: number): Date => new Date(NOW.getTime() + n * 3_600_000);
const label = { zh: '规则', en: 'Rule' };

const person = (id: number, over: Partial<Person> = {}): Person => ({
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

const lead = (id: number, over: Partial<RoutedLead> = {}): RoutedLead => ({
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

const POOL = 900;
type RuleInput = NonNullable<RoutingPolicyInput['rules']>[number];
const rule = (over: Partial<RuleInput> = {}, key = 'r'): RuleInput => ({ key, label, destination: { kind: 'team', key: 't' }, ...over });

/** A plan whose people rules all point at `ids`; pools are known as `pool`. */
function planFor(input: Partial<RoutingPolicyInput>, ids: readonly number[], weights: readonly number[] = []): Plan {
  const body = routingPolicySchema.parse({ otherwise: { kind: 'pool', key: 'pool' }, ...input });
  const candidates = ids.map((id, place): CandidateRef => ({ id, weight: (weights[place] ?? 1) * 100, place }));
  const target = (destination: PlannedRule['rule']['destination']): PlannedRule['target'] =>
    destination.kind === 'pool'
      ? { kind: 'pool', poolId: destination.key === 'pool' ? POOL : null }
      : destination.kind === 'hold'
        ? { kind: 'hold', seconds: destination.seconds }
        : destination.kind === 'account-owner'
          ? { kind: 'account-owner' }
          : { kind: 'people', candidates: destination.kind === 'member' ? [{ id: destination.id ?? 0, weight: 100, place: 0 }] : candidates };
  const planned = (one: PlannedRule['rule']): PlannedRule => ({
    rule: one,
    group: `route:p:${one.key}`,
    target: target(one.destination),
    onEmpty:
      typeof one.onEmpty === 'string'
        ? null
        : 'pool' in one.onEmpty
          ? { kind: 'pool', poolId: POOL }
          : { kind: 'people', candidates: [{ id: Number(one.onEmpty.member), weight: 100, place: 0 }] },
  });
  const otherwise = routingPolicySchema.parse({ rules: [{ key: 'otherwise', label, destination: body.otherwise, filters: { capacity: false } }], otherwise: body.otherwise });
  return { policyId: 1, versionId: 1, key: 'p', name: 'P', body, rules: body.rules.map(planned), otherwise: planned(otherwise.rules[0]!) };
}

const seat = (id: number, received = 0, over: Partial<ShareFacts> = {}): ShareFacts => ({ id, given: received * UNITS, counted: received, last: 0, weight: 100, inPeriod: 0, periodEnds: null, ...over });

interface Case {
  readonly policy: Partial<RoutingPolicyInput>;
  readonly people: readonly Person[];
  readonly leads: readonly RoutedLead[];
  readonly weights?: readonly number[];
  readonly loads?: Readonly<Record<number, number>>;
  readonly seats?: readonly ShareFacts[];
  readonly others?: readonly Person[];
  readonly now?: Date;
}

function route({ policy, people, leads, weights, loads = {}, seats, others = [], now = NOW }: Case): Routed {
  const plan = planFor(policy, people.map((one) => one.id), weights);
  const shares = seats ?? people.map((one, place) => seat(one.id, 0, { weight: (weights?.[place] ?? 1) * 100 }));
  const world: World = {
    people: new Map([...people, ...others].map((one) => [one.id, one])),
    loads: new Map(Object.entries(loads).map(([id, count]) => [Number(id), count])),
    shares: new Map([...plan.rules, plan.otherwise].map((planned) => [planned.group, shares])),
  };
  return routeLeads(leads, new Map([[1, plan]]), world, now);
}

const owners = (routed: Routed, leads: readonly RoutedLead[]): (number | null)[] => leads.map((one) => routed.verdicts.get(one.id)?.owner ?? null);
const only = (routed: Routed): NonNullable<ReturnType<Routed['verdicts']['get']>> => [...routed.verdicts.values()][0]!;
const codes = (routed: Routed): string[][] => only(routed).tables[0]!.rows.map((row) => row.reasons.map((reason) => reason.code));
const many = (count: number, over: (index: number) => Partial<RoutedLead> = () => ({})): RoutedLead[] => Array.from({ length: count }, (_, index) => lead(index + 1, over(index)));

describe('R-52 hard filters', () => {
  const cases: [string, Partial<Person>, Partial<RuleInput>, Partial<RoutedLead>, Record<string, unknown>][] = [
    ['a disabled account', { active: false }, {}, {}, { code: 'DISABLED' }],
    ['somebody on leave', { leaveFrom: hours(-1), leaveTo: hours(5) }, {}, {}, { code: 'ON_LEAVE', until: hours(5).toISOString() }],
    ['somebody who set himself offline', { online: false }, {}, {}, { code: 'OFFLINE_TOGGLE' }],
    ['somebody outside working hours', { opensAt: hours(9) }, { filters: { workingHours: 'now' } }, {}, { code: 'OFF_SHIFT', until: hours(9).toISOString() }],
    ['somebody who opens too late', { opensAt: hours(9) }, { filters: { workingHours: { withinSeconds: 3600 } } }, {}, { code: 'OFF_SHIFT', until: hours(9).toISOString() }],
    ['somebody without working hours', { opensAt: null }, { filters: { workingHours: 'now' } }, {}, { code: 'OFF_SHIFT', until: null }],
    ['a missing skill', { skills: new Set(['erp']) }, { filters: { skills: [{ skill: 'crm' }] } }, {}, { code: 'SKILL_MISSING', value: 'crm' }],
    ['a skill taken from the lead', {}, { filters: { skills: [{ skill: 'product', from: 'product' }] } }, { values: { product: 'ERP' } }, { code: 'SKILL_MISSING', value: 'ERP' }],
    ['a language not spoken', { skills: new Set(['zh']) }, { filters: { language: true } }, { language: 'de-AT' }, { code: 'LANGUAGE', value: 'de-AT' }],
    ['a previous owner', {}, { filters: { excludePrevious: 1 } }, { previousOwners: [1, 2] }, { code: 'EXCLUDED_PREVIOUS_OWNER' }],
  ];
  it.each(cases)('leaves out %s and says so', (_name, first, over, about, expected) => {
    const routed = route({ policy: { rules: [rule(over)] }, people: [person(1, first), person(2, { skills: new Set(['crm', 'product:erp', 'de']) })], leads: [lead(1, about)] });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([expected]);
    expect(only(routed)).toMatchObject({ owner: 2, reason: 'RULE', rule: 'r' });
  });

  it('leaves out who is at capacity, with the numbers (R-53)', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1, { capacity: 3 }), person(2, { capacity: 3 })], leads: [lead(1)], loads: { 1: 3, 2: 2 } });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([{ code: 'CAPACITY_FULL', n: 3, m: 3 }]);
    expect(only(routed).owner).toBe(2);
  });

  it('leaves out who has reached the cap of the period, with its reset (R-54)', () => {
    const routed = route({
      policy: { rules: [rule({ periodCap: { per: 'day', max: 2 } })] },
      people: [person(1), person(2)],
      leads: [lead(1)],
      seats: [seat(1, 2, { inPeriod: 2, periodEnds: hours(12) }), seat(2, 5)],
    });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([{ code: 'PERIOD_CAP', n: 2, m: 2, until: hours(12).toISOString() }]);
    expect(only(routed).owner).toBe(2);
  });

  it('keeps all reasons of one person', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1, { active: false, online: false, capacity: 0 })], leads: [lead(1)] });
    expect(codes(routed)).toEqual([['DISABLED', 'OFFLINE_TOGGLE', 'CAPACITY_FULL']]);
    expect(only(routed)).toMatchObject({ owner: null, pool: POOL, reason: 'OTHERWISE' });
  });

  it('takes leave that has ended or not begun for no leave', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1, { leaveFrom: hours(-9), leaveTo: NOW }), person(2, { leaveFrom: hours(1) })], leads: [lead(1)] });
    expect(codes(routed)).toEqual([[], []]);
  });
});

describe('R-51 rule pick and R-66 holding', () => {
  const off = [person(1, { online: false })];

  it('takes the first rule that holds and records the others', () => {
    const routed = route({ policy: { rules: [rule({}, 'a'), rule({}, 'b'), rule({}, 'c')] }, people: [person(1)], leads: [lead(1, { holds: new Set(['b', 'c']) })] });
    expect(only(routed)).toMatchObject({ rule: 'b', trace: [{ rule: 'a', verdict: 'no-match' }, { rule: 'b', verdict: 'chosen' }] });
  });

  it('goes to the next rule when nobody is left, and to the last one in the end', () => {
    const routed = route({ policy: { rules: [rule({}, 'a'), rule({ destination: { kind: 'pool', key: 'gone' } }, 'b')] }, people: off, leads: [lead(1, { holds: new Set(['a', 'b']) })] });
    expect(only(routed)).toMatchObject({ pool: POOL, reason: 'OTHERWISE', rule: 'otherwise' });
    expect(only(routed).trace.map((one) => one.verdict)).toEqual(['empty', 'empty', 'chosen']);
  });

  it.each([
    [{ pool: 'pool' }, { pool: POOL, owner: null, reason: 'ON_EMPTY' }],
    [{ member: 7 }, { pool: null, owner: 7, reason: 'ON_EMPTY' }],
    [{ member: 8 }, { pool: POOL, owner: null, reason: 'OTHERWISE' }],
  ])('follows onEmpty %j', (onEmpty, expected) => {
    const routed = route({ policy: { rules: [rule({ onEmpty })] }, people: off, others: [person(7), person(8, { active: false })], leads: [lead(1)] });
    expect(only(routed)).toMatchObject(expected);
  });

  it('holds until the first shift begins, then until the time is over, then goes on', () => {
    const closed = [person(1, { opensAt: hours(3) }), person(2, { opensAt: hours(2) })];
    const policy = { rules: [rule({ onEmpty: 'hold' as const, holdSeconds: 4 * 3600, filters: { workingHours: 'now' as const } })] };
    expect(only(route({ policy, people: closed, leads: [lead(1)] }))).toMatchObject({ reason: 'HELD', owner: null, pool: null, retry: { at: hours(2), since: NOW } });
    const waiting = (since: Date): RoutedLead[] => [lead(1, { waiting: new Map([['r', since]]) })];
    expect(only(route({ policy, people: closed, leads: waiting(hours(-3)) })).retry).toEqual({ at: hours(1), since: hours(-3) });
    expect(only(route({ policy, people: closed, leads: waiting(hours(-4)) }))).toMatchObject({ reason: 'OTHERWISE', trace: [{ verdict: 'waited' }, { verdict: 'chosen' }] });
  });

  it('tries again in five minutes when a shift is not what it waits for', () => {
    const routed = route({ policy: { rules: [rule({ onEmpty: 'hold' })] }, people: off, leads: [lead(1)] });
    expect(only(routed).retry?.at).toEqual(new Date(NOW.getTime() + 300_000));
  });

  it('waits at a hold destination once and then takes the next rule', () => {
    const policy = { rules: [rule({ destination: { kind: 'hold', seconds: 60 } }, 'wait'), rule()] };
    const holds = new Set(['wait', 'r']);
    expect(only(route({ policy, people: [person(1)], leads: [lead(1, { holds })] })).retry?.at).toEqual(new Date(NOW.getTime() + 60_000));
    const after = lead(1, { holds, waiting: new Map([['wait', new Date(NOW.getTime() - 60_000)]]) });
    expect(only(route({ policy, people: [person(1)], leads: [after] }))).toMatchObject({ owner: 1, rule: 'r' });
  });

  it('says so when even the last rule finds nobody', () => {
    expect(only(route({ policy: { otherwise: { kind: 'team', key: 't' } }, people: off, leads: [lead(1)] }))).toMatchObject({ reason: 'NO_CANDIDATE', owner: null, pool: null });
  });
});

describe('R-55 availability', () => {
  it('prefers those on shift now, and takes whoever opens first when nobody is', () => {
    const policy = { rules: [rule({ filters: { workingHours: { withinSeconds: 86_400 } } })] };
    const late = person(1, { opensAt: hours(5) });
    expect(only(route({ policy, people: [late, person(2)], leads: [lead(1)], seats: [seat(1), seat(2, 9)] })).owner).toBe(2);
    expect(only(route({ policy, people: [late, person(2, { opensAt: hours(4) })], leads: [lead(1)], seats: [seat(1), seat(2, 9)] })).owner).toBe(2);
  });
});

describe('R-57 rankings and R-68 ties', () => {
  it('least-recent: the oldest last lead, never before any, then the list', () => {
    const policy = { rules: [rule({ ranking: 'least-recent' })] };
    const leads = many(5);
    const routed = route({ policy, people: [person(1), person(2), person(3)], leads, seats: [seat(1, 9, { last: 7 }), seat(2, 1, { last: 3 }), seat(3)] });
    expect(owners(routed, leads)).toEqual([3, 2, 1, 3, 2]);
  });

  it('most-free-capacity: the largest free share, then least recent', () => {
    const policy = { rules: [rule({ ranking: 'most-free-capacity' })] };
    const leads = many(4);
    const routed = route({ policy, people: [person(1, { capacity: 10 }), person(2, { capacity: 4 })], leads, loads: { 1: 5, 2: 1 } });
    expect(owners(routed, leads)).toEqual([2, 1, 2, 1]);
    expect(only(routed).tie).toBe('rank');
  });

  it('most-free-capacity: thirds are compared exactly', () => {
    const policy = { rules: [rule({ ranking: 'most-free-capacity' })] };
    const routed = route({ policy, people: [person(1, { capacity: 9 }), person(2, { capacity: 3 })], leads: [lead(1)], loads: { 1: 6, 2: 2 } });
    expect(only(routed)).toMatchObject({ owner: 1, tie: 'list' });
  });
});

describe('R-60 batches', () => {
  it('takes the best first, then the oldest, then by id, and test leads last', () => {
    const leads = [lead(1, { score: 10 }), lead(2, { score: 90, capturedAt: hours(1) }), lead(3, { score: 90 }), lead(4, { score: null }), lead(5, { score: 99, test: true })];
    expect(inOrder(leads).map((one) => one.id)).toEqual([3, 2, 1, 4, 5]);
  });

  it('fills people up to their capacity and lets the remainder follow onEmpty', () => {
    const leads = many(7, (index) => ({ score: 100 - index }));
    const routed = route({ policy: { rules: [rule({ onEmpty: { pool: 'pool' } })] }, people: [person(1, { capacity: 3 }), person(2, { capacity: 2 })], leads, loads: { 1: 1 } });
    expect(owners(routed, leads)).toEqual([1, 2, 1, 2, null, null, null]);
    expect([...routed.verdicts.values()].filter((verdict) => verdict.pool === POOL)).toHaveLength(3);
  });

  it('gives everybody the same mix of grades', () => {
    const leads = many(120, (index) => ({ score: 100 - Math.floor(index / 2), grade: index % 2 === 0 ? 'A1' : 'C3' }));
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2), person(3)], leads });
    for (const grade of ['A1', 'C3']) {
      for (const id of [1, 2, 3]) {
        expect(leads.filter((one) => one.grade === grade && routed.verdicts.get(one.id)?.owner === id)).toHaveLength(20);
      }
    }
  });

  it('keeps everybody within one lead of the entitlement, whatever weights, grades and history', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 8 }),
        fc.array(fc.record({ score: fc.integer({ min: 0, max: 100 }), grade: fc.constantFrom('A1', 'B2', 'C3', null) }), { minLength: 1, maxLength: 80 }),
        (weights, about) => {
          const leads = many(about.length, (index) => about[index]!);
          const people = weights.map((_, index) => person(index + 1));
          const routed = route({ policy: { rules: [rule()] }, people, weights, leads });
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          weights.forEach((weight, index) => {
            const got = owners(routed, leads).filter((id) => id === index + 1).length;
            expect(Math.abs((leads.length * weight) / total - got)).toBeLessThan(1);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives nothing for a test lead: the next lead goes as if it had not been there', () => {
    const people = [person(1), person(2)];
    const routed = route({ policy: { rules: [rule()] }, people, leads: [lead(1), lead(2, { test: true, score: 99 })] });
    expect(routed.verdicts.get(1)?.owner).toBe(1);
    expect(routed.verdicts.get(2)?.owner).toBe(2);
    expect(routed.changes).toEqual([]);
  });
});

describe('R-58 start levels', () => {
  it('starts a new person level with the others and stores it', () => {
    const leads = many(4);
    const seats = [seat(1, 20), seat(2, 20), seat(3, 0, { given: null, weight: null })];
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2), person(3)], leads, seats });
    expect(owners(routed, leads).filter((id) => id === 3)).toHaveLength(1);
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 3, offset: 20 * UNITS, weight: 100 }]);
  });

  it('lets a person who takes no part gain nothing, and nobody else change', () => {
    const leads = many(10);
    const away = [person(1), person(2), person(3, { online: false })];
    const routed = route({ policy: { rules: [rule()] }, people: away, leads, seats: [seat(1, 4), seat(2, 4), seat(3, 4)] });
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 3, offset: 5 * UNITS, weight: 100 }]);
  });

  it('also keeps level who has left the rule', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2)], leads: many(8), seats: [seat(1, 4), seat(2, 4), seat(9, 1)] });
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 9, offset: 7 * UNITS, weight: 100 }]);
  });

  it('lets a changed weight count from now on only', () => {
    const leads = many(6);
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2)], weights: [2, 1], leads, seats: [seat(1, 30), seat(2, 30)] });
    expect(owners(routed, leads).filter((id) => id === 1)).toHaveLength(4);
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 1, offset: 30 * UNITS, weight: 200 }]);
  });

  it('full: who was away catches up', () => {
    const leads = many(4);
    const routed = route({ policy: { rules: [rule({ catchUp: 'full' })] }, people: [person(1), person(2)], leads, seats: [seat(1, 9), seat(2, 5)] });
    expect(owners(routed, leads)).toEqual([2, 2, 2, 2]);
  });
});

describe('R-61 sticky owners and R-63 re-routes', () => {
  const sticky = [{ reason: 'STICKY_ACCOUNT' as const, member: 7 }, { reason: 'STICKY_PREVIOUS' as const, member: 8 }];

  it('gives the lead to the first sticky owner who is there, before any rule', () => {
    const policy = { rules: [rule()] };
    expect(only(route({ policy, people: [person(1)], others: [person(7), person(8)], leads: [lead(1, { sticky })] }))).toMatchObject({ owner: 7, reason: 'STICKY_ACCOUNT', rule: null });
    expect(only(route({ policy, people: [person(1)], others: [person(7, { active: false }), person(8)], leads: [lead(1, { sticky })] }))).toMatchObject({ owner: 8, reason: 'STICKY_PREVIOUS' });
    expect(only(route({ policy, people: [person(1)], leads: [lead(1, { sticky })] }))).toMatchObject({ owner: 1, reason: 'RULE' });
  });

  it('never gives a re-routed lead back to its owner or the ones before', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2), person(3)], leads: [lead(1, { reroute: true, ownerId: 1, previousOwners: [2], sticky })], others: [person(7)] });
    expect(only(routed).owner).toBe(3);
    expect(codes(routed)).toEqual([['EXCLUDED_PREVIOUS_OWNER'], ['EXCLUDED_PREVIOUS_OWNER'], []]);
  });

  it('goes to the manager when nobody is left, else to the last rule', () => {
    const leads = [lead(1, { reroute: true, ownerId: 1 })];
    expect(only(route({ policy: { rules: [rule()] }, people: [person(1, { managerId: 5 })], others: [person(5)], leads }))).toMatchObject({ owner: 5, reason: 'MANAGER' });
    expect(only(route({ policy: { rules: [rule()] }, people: [person(1, { managerId: 5 })], others: [person(5, { active: false })], leads }))).toMatchObject({ pool: POOL, reason: 'OTHERWISE' });
    expect(only(route({ policy: { rules: [rule()], reroute: { onExhausted: 'otherwise' } }, people: [person(1, { managerId: 5 })], others: [person(5)], leads }))).toMatchObject({ pool: POOL });
  });

  it('skips the rules when a guard has struck', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1, { managerId: 5 }), person(2)], others: [person(5)], leads: [lead(1, { reroute: true, ownerId: 1, guard: 'MAX_HOPS' })] });
    expect(only(routed)).toMatchObject({ owner: 5, reason: 'MANAGER', guard: 'MAX_HOPS', tables: [] });
  });

  it('frees the place of the one who loses a lead for the next', () => {
    const people = [person(1, { capacity: 1 }), person(2, { capacity: 1 })];
    const leads = [lead(1, { reroute: true, ownerId: 1, score: 90 }), lead(2)];
    const routed = route({ policy: { rules: [rule()] }, people, leads, loads: { 1: 1 } });
    expect(owners(routed, leads)).toEqual([2, 1]);
  });

  it('gives a lead to the owner of its account only where the filters let him', () => {
    const policy = { rules: [rule({ destination: { kind: 'account-owner' } })] };
    expect(only(route({ policy, people: [], others: [person(4)], leads: [lead(1, { accountOwner: 4 })] }))).toMatchObject({ owner: 4, rule: 'r' });
    expect(only(route({ policy, people: [], others: [person(4, { capacity: 0 })], leads: [lead(1, { accountOwner: 4 })] }))).toMatchObject({ pool: POOL });
    expect(only(route({ policy, people: [], leads: [lead(1)] }))).toMatchObject({ pool: POOL });
  });
});

describe('R-69 replay', () => {
  it('decides the same from the same facts, in whatever order they are given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ capacity: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }), online: fc.boolean(), weight: fc.integer({ min: 1, max: 5 }), received: fc.integer({ min: 0, max: 9 }) }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), grade: fc.constantFrom('A1', 'C3') }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('weighted' as const, 'least-recent' as const, 'most-free-capacity' as const),
        (list, about, ranking) => {
          const leads = many(about.length, (index) => about[index]!);
          const given = { policy: { rules: [rule({ ranking })] }, people: list.map(({ capacity, online }, index) => person(index + 1, { capacity, online })), weights: list.map((one) => one.weight), seats: list.map((one, index) => seat(index + 1, one.received)) };
          expect(route({ ...given, leads: [...leads].reverse() })).toEqual({ ...route({ ...given, leads }) });
          for (const { owner } of route({ ...given, leads }).verdicts.values()) if (owner !== null) expect(list[owner - 1]!.online).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
  });
});
