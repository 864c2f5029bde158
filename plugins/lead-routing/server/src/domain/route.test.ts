import { codes, hours, lead, many, NOW, only, owners, person, POOL, route, rule, seat, type RuleInput } from './__fixtures__/routing';
import type { Person, RoutedLead } from './facts';

describe('R-52 hard filters', () => {
  const cases: [string, Partial<Person>, Partial<RuleInput>, Partial<RoutedLead>, Record<string, unknown>][] = [
    ['a disabled account', { active: false }, {}, {}, { code: 'DISABLED' }],
    ['somebody on leave', { leaveFrom: hours(-1), leaveTo: hours(5) }, {}, {}, { code: 'ON_LEAVE', until: hours(5).toISOString() }],
    ['somebody who set himself offline', { online: false }, {}, {}, { code: 'OFFLINE_TOGGLE' }],
    [
      'somebody outside working hours',
      { opensAt: hours(9) },
      { filters: { workingHours: 'now' } },
      {},
      { code: 'OFF_SHIFT', until: hours(9).toISOString() },
    ],
    [
      'somebody who opens too late',
      { opensAt: hours(9) },
      { filters: { workingHours: { withinSeconds: 3600 } } },
      {},
      { code: 'OFF_SHIFT', until: hours(9).toISOString() },
    ],
    ['somebody without working hours', { opensAt: null }, { filters: { workingHours: 'now' } }, {}, { code: 'OFF_SHIFT', until: null }],
    [
      'a missing skill',
      { skills: new Set(['erp']) },
      { filters: { skills: [{ skill: 'crm' }] } },
      {},
      { code: 'SKILL_MISSING', value: 'crm' },
    ],
    [
      'a skill taken from the lead',
      {},
      { filters: { skills: [{ skill: 'product', from: 'product' }] } },
      { values: { product: 'ERP' } },
      { code: 'SKILL_MISSING', value: 'ERP' },
    ],
    [
      'a language not spoken',
      { skills: new Set(['zh']) },
      { filters: { language: true } },
      { language: 'de-AT' },
      { code: 'LANGUAGE', value: 'de-AT' },
    ],
    ['a previous owner', {}, { filters: { excludePrevious: 1 } }, { previousOwners: [1, 2] }, { code: 'EXCLUDED_PREVIOUS_OWNER' }],
  ];
  it.each(cases)('leaves out %s and says so', (_name, first, over, about, expected) => {
    const routed = route({
      policy: { rules: [rule(over)] },
      people: [person(1, first), person(2, { skills: new Set(['crm', 'product:erp', 'de']) })],
      leads: [lead(1, about)],
    });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([expected]);
    expect(only(routed)).toMatchObject({ owner: 2, reason: 'RULE', rule: 'r' });
  });

  it('leaves out who is at capacity, with the numbers (R-53)', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1, { capacity: 3 }), person(2, { capacity: 3 })],
      leads: [lead(1)],
      loads: { 1: 3, 2: 2 },
    });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([{ code: 'CAPACITY_FULL', n: 3, m: 3 }]);
    expect(only(routed).owner).toBe(2);
  });

  it('leaves out who has reached the cap of the period, with its reset (R-54)', () => {
    const routed = route({
      policy: { rules: [rule({ periodCap: { per: 'day', max: 2 } })] },
      people: [person(1), person(2)],
      leads: [lead(1)],
      seats: [seat(1, 2), seat(2, 5)],
      caps: { 'rule:route:p:r:0': { 1: { used: 2, endsAt: hours(12) } } },
    });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([{ code: 'PERIOD_CAP', n: 2, m: 2, until: hours(12).toISOString() }]);
    expect(only(routed).owner).toBe(2);
  });

  it('keeps all reasons of one person', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1, { active: false, online: false, capacity: 0 })],
      leads: [lead(1)],
    });
    expect(codes(routed)).toEqual([['DISABLED', 'OFFLINE_TOGGLE', 'CAPACITY_FULL']]);
    expect(only(routed)).toMatchObject({ owner: null, pool: POOL, reason: 'OTHERWISE' });
  });

  it('takes leave that has ended or not begun for no leave', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1, { leaveFrom: hours(-9), leaveTo: NOW }), person(2, { leaveFrom: hours(1) })],
      leads: [lead(1)],
    });
    expect(codes(routed)).toEqual([[], []]);
  });
});

describe('R-51 rule pick and R-66 holding', () => {
  const off = [person(1, { online: false })];

  it('takes the first rule that holds and records the others', () => {
    const routed = route({
      policy: { rules: [rule({}, 'a'), rule({}, 'b'), rule({}, 'c')] },
      people: [person(1)],
      leads: [lead(1, { holds: new Set(['b', 'c']) })],
    });
    expect(only(routed)).toMatchObject({
      rule: 'b',
      trace: [
        { rule: 'a', verdict: 'no-match' },
        { rule: 'b', verdict: 'chosen' },
      ],
    });
  });

  it('goes to the next rule when nobody is left, and to the last one in the end', () => {
    const routed = route({
      policy: { rules: [rule({}, 'a'), rule({ destination: { kind: 'pool', key: 'gone' } }, 'b')] },
      people: off,
      leads: [lead(1, { holds: new Set(['a', 'b']) })],
    });
    expect(only(routed)).toMatchObject({ pool: POOL, reason: 'OTHERWISE', rule: 'otherwise' });
    expect(only(routed).trace.map((one) => one.verdict)).toEqual(['empty', 'empty', 'chosen']);
  });

  it.each([
    [{ pool: 'pool' }, { pool: POOL, owner: null, reason: 'ON_EMPTY' }],
    [{ member: 7 }, { pool: null, owner: 7, reason: 'ON_EMPTY' }],
    [{ member: 8 }, { pool: POOL, owner: null, reason: 'OTHERWISE' }],
  ])('follows onEmpty %j', (onEmpty, expected) => {
    const routed = route({
      policy: { rules: [rule({ onEmpty })] },
      people: off,
      others: [person(7), person(8, { active: false })],
      leads: [lead(1)],
    });
    expect(only(routed)).toMatchObject(expected);
  });

  it('holds until the first shift begins, then until the time is over, then goes on', () => {
    const closed = [person(1, { opensAt: hours(3) }), person(2, { opensAt: hours(2) })];
    const policy = { rules: [rule({ onEmpty: 'hold' as const, holdSeconds: 4 * 3600, filters: { workingHours: 'now' as const } })] };
    expect(only(route({ policy, people: closed, leads: [lead(1)] }))).toMatchObject({
      reason: 'HELD',
      owner: null,
      pool: null,
      retry: { at: hours(2), since: NOW },
    });
    const waiting = (since: Date): RoutedLead[] => [lead(1, { waiting: new Map([['r', since]]) })];
    expect(only(route({ policy, people: closed, leads: waiting(hours(-3)) })).retry).toEqual({ at: hours(1), since: hours(-3) });
    expect(only(route({ policy, people: closed, leads: waiting(hours(-4)) }))).toMatchObject({
      reason: 'OTHERWISE',
      trace: [{ verdict: 'waited' }, { verdict: 'chosen' }],
    });
  });

  it('tries again in five minutes when a shift is not what it waits for', () => {
    const routed = route({ policy: { rules: [rule({ onEmpty: 'hold' })] }, people: off, leads: [lead(1)] });
    expect(only(routed).retry?.at).toEqual(new Date(NOW.getTime() + 300_000));
  });

  it('never parks a lead that somebody holds: it goes on to the next rule', () => {
    const leads = [lead(1, { reroute: true, ownerId: 9, holds: new Set(['r', 'next']) })];
    const policy = { rules: [rule({ onEmpty: 'hold' }), rule({ destination: { kind: 'pool', key: 'pool' } }, 'next')] };
    expect(only(route({ policy, people: off, others: [person(9)], leads }))).toMatchObject({ reason: 'RULE', rule: 'next', pool: POOL });
  });

  it('waits at a hold destination once and then takes the next rule', () => {
    const policy = { rules: [rule({ destination: { kind: 'hold', seconds: 60 } }, 'wait'), rule()] };
    const holds = new Set(['wait', 'r']);
    expect(only(route({ policy, people: [person(1)], leads: [lead(1, { holds })] })).retry?.at).toEqual(new Date(NOW.getTime() + 60_000));
    const after = lead(1, { holds, waiting: new Map([['wait', new Date(NOW.getTime() - 60_000)]]) });
    expect(only(route({ policy, people: [person(1)], leads: [after] }))).toMatchObject({ owner: 1, rule: 'r' });
  });

  it('says so when even the last rule finds nobody', () => {
    expect(only(route({ policy: { otherwise: { kind: 'team', key: 't' } }, people: off, leads: [lead(1)] }))).toMatchObject({
      reason: 'NO_CANDIDATE',
      owner: null,
      pool: null,
    });
  });
});

describe('R-55 availability', () => {
  it('prefers those on shift now, and takes whoever opens first when nobody is', () => {
    const policy = { rules: [rule({ filters: { workingHours: { withinSeconds: 86_400 } } })] };
    const late = person(1, { opensAt: hours(5) });
    expect(only(route({ policy, people: [late, person(2)], leads: [lead(1)], seats: [seat(1), seat(2, 9)] })).owner).toBe(2);
    expect(
      only(route({ policy, people: [late, person(2, { opensAt: hours(4) })], leads: [lead(1)], seats: [seat(1), seat(2, 9)] })).owner,
    ).toBe(2);
  });
});

describe('R-57 rankings and R-68 ties', () => {
  it('least-recent: the oldest last lead, never before any, then the list', () => {
    const policy = { rules: [rule({ ranking: 'least-recent' })] };
    const leads = many(5);
    const routed = route({
      policy,
      people: [person(1), person(2), person(3)],
      leads,
      seats: [seat(1, 9, { last: 7 }), seat(2, 1, { last: 3 }), seat(3)],
    });
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
    const routed = route({
      policy,
      people: [person(1, { capacity: 9 }), person(2, { capacity: 3 })],
      leads: [lead(1)],
      loads: { 1: 6, 2: 2 },
    });
    expect(only(routed)).toMatchObject({ owner: 1, tie: 'list' });
  });
});
