import fc from 'fast-check';
import { hours, lead, many, NOW, only, owners, person, planFor, POOL, route, rule, seat, type RuleInput } from './__fixtures__/routing';
import { delegateOf, withDelegates } from './delegates';
import type { Person, RoutedLead } from './facts';
import { nextMove } from './ladder';
import { compileTable, shadowedRows } from './lookup';
import { pack, unpack } from './pack';
import { performanceFactor } from './performance';
import { inOrder } from './order';
import { routeLeads } from './route';
import { UNITS } from './share';
import { WEIGHT_PARTS, wholeWeight } from './weight';
import { tableFromRecords, tableToCsv } from '../../../contracts';

const letters = (routed: ReturnType<typeof route>, leads: readonly RoutedLead[]): string =>
  owners(routed, leads)
    .map((id) => String.fromCharCode(64 + (id ?? 0)))
    .join('');

describe('R-52 the reason codes of a candidate', () => {
  const cases: [string, Partial<Person>, Partial<RuleInput>, Partial<RoutedLead>, Record<string, unknown>][] = [
    ['who may not see leads', { permitted: false }, {}, {}, { code: 'NO_PERMISSION' }],
    [
      'whom missed deadlines took offline (R-65)',
      { online: false, offlineUntil: hours(9) },
      {},
      {},
      { code: 'AUTO_OFFLINE_AFTER_BREACH', until: hours(9).toISOString() },
    ],
    [
      'whose territory it is not',
      { skills: new Set(['territory:浙江']) },
      { filters: { territory: 'province' } },
      { values: { province: '广东' } },
      { code: 'TERRITORY', value: '广东' },
    ],
    [
      'leads without consent for the channel',
      {},
      { filters: { consent: { channel: 'call', when: { combinator: 'and', rules: [] } } } },
      { unreachable: new Set(['r']) },
      { code: 'CONSENT_CHANNEL', value: 'call' },
    ],
    [
      'who misses a standard',
      { meets: new Set() },
      {},
      { standards: [{ key: 'rate', label: { zh: '转化', en: 'Rate' } }] },
      { code: 'STANDARD_NOT_MET', value: 'rate', label: { zh: '转化', en: 'Rate' } },
    ],
    [
      'who held it and is still cooling',
      {},
      { filters: { coolingDays: 2 } },
      { pastOwners: [{ member: 1, at: hours(-24) }] },
      { code: 'COOLING_UNTIL', until: hours(24).toISOString() },
    ],
    ['a conflict of interest', {}, {}, { refusedBy: new Map([[1, 'conflict' as const]]) }, { code: 'CONFLICT_OF_INTEREST' }],
    ['who refused it', {}, {}, { refusedBy: new Map([[1, 'other' as const]]) }, { code: 'EXCLUDED_PREVIOUS_OWNER' }],
  ];
  it.each(cases)('%s', (_name, first, over, about, expected) => {
    const routed = route({ policy: { rules: [rule(over)] }, people: [person(1, first)], leads: [lead(1, about)] });
    expect(only(routed).tables[0]!.rows[0]!.reasons).toEqual([expected]);
    expect(only(routed)).toMatchObject({ owner: null, pool: POOL });
  });

  it('a weight of nothing', () => {
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2)], weights: [0, 1], leads: [lead(1)] });
    expect(only(routed).tables[0]!.rows.map(({ reasons }) => reasons)).toEqual([[{ code: 'WEIGHT_ZERO' }], []]);
  });

  it('lets a territory of everywhere and a met standard pass', () => {
    const free = person(1, { skills: new Set(['territory:*']), meets: new Set(['rate']) });
    const about = lead(1, { values: { province: '广东' }, standards: [{ key: 'rate', label: { zh: '', en: '' } }] });
    expect(only(route({ policy: { rules: [rule({ filters: { territory: 'province' } })] }, people: [free], leads: [about] })).owner).toBe(
      1,
    );
  });
});

describe('R-53 several limits', () => {
  const label = { zh: '重点', en: 'Key accounts' };
  const limits: RuleInput['loadLimits'] = [
    { scope: 'segment', max: 2, label },
    { scope: 'group', max: 3 },
    { scope: 'global', max: 9 },
  ];
  const held = (own: number, segment: number, group: number, global: number) =>
    only(
      route({
        policy: { rules: [rule({ loadLimits: limits })] },
        people: [person(1, { capacity: 10 })],
        leads: [lead(1)],
        loads: { 1: own },
        limits: { 'limit:0': { 1: segment }, 'group:route:p:r:1': { 1: group }, 'limit:2': { 1: global } },
      }),
    ).tables[0]!.rows[0]!.reasons;

  it('must all pass; the first that is full is told, in the order own, global, group, segment', () => {
    expect(held(10, 2, 3, 9)).toEqual([{ code: 'CAPACITY_FULL', n: 10, m: 10 }]);
    expect(held(0, 2, 3, 9)).toEqual([{ code: 'CAPACITY_FULL', n: 9, m: 9, value: 'global' }]);
    expect(held(0, 2, 3, 0)).toEqual([{ code: 'CAPACITY_FULL', n: 3, m: 3, value: 'group' }]);
    expect(held(0, 2, 0, 0)).toEqual([{ code: 'CAPACITY_FULL', n: 2, m: 2, value: 'segment', label }]);
    expect(held(0, 0, 0, 0)).toEqual([]);
  });

  it('counts what leads of the batch add, each with its own weight', () => {
    const leads = many(6, () => ({ adds: new Map([['own', 50]]) }));
    const routed = route({ policy: { rules: [rule()] }, people: [person(1, { capacity: 2 })], leads });
    expect(owners(routed, leads)).toEqual([1, 1, 1, 1, null, null]);
  });

  it('a limit of the group counts what this rule gives in the batch, and not what another one gives', () => {
    const leads = [['b'], ['a'], ['a']].map((keys, index) => lead(index + 1, { score: 90 - index, holds: new Set(keys) }));
    const policy = { rules: [rule({ loadLimits: [{ scope: 'group', max: 1 }] }, 'a'), rule({}, 'b')] };
    const routed = route({ policy, people: [person(1)], leads, limits: { 'group:route:p:a:0': { 1: 0 } } });
    expect(owners(routed, leads)).toEqual([1, 1, null]);
  });
});

describe('R-54 caps count down inside a batch', () => {
  it('one of the rule and one of the person', () => {
    const leads = many(6);
    const policy = {
      rules: [
        rule({
          caps: [
            { per: 'day', max: 3 },
            { scope: 'person', per: 'rolling', max: 2 },
          ],
        }),
      ],
    };
    const caps = {
      'rule:route:p:r:0': { 1: { used: 1, endsAt: hours(5) }, 2: { used: 0, endsAt: hours(5) } },
      'person:rolling:86400:': { 1: { used: 0, endsAt: null }, 2: { used: 1, endsAt: hours(3) } },
    };
    const routed = route({ policy, people: [person(1), person(2)], leads, caps });
    expect(owners(routed, leads)).toEqual([1, 2, 1, null, null, null]);
  });

  it('what another rule gives counts for the person and not for the rule', () => {
    const leads = [['b'], ['a'], ['a']].map((keys, index) => lead(index + 1, { score: 90 - index, holds: new Set(keys) }));
    const given = (cap: { scope: 'rule' | 'person'; max: number }) => {
      const policy = { rules: [rule({ caps: [{ per: 'day', ...cap }] }, 'a'), rule({}, 'b')] };
      const caps = { 'rule:route:p:a:0': { 1: { used: 0, endsAt: null } }, 'person:day::': { 1: { used: 0, endsAt: null } } };
      return owners(route({ policy, people: [person(1)], leads, caps }), leads);
    };
    expect(given({ scope: 'rule', max: 1 })).toEqual([1, 1, null]);
    expect(given({ scope: 'person', max: 1 })).toEqual([1, null, null]);
  });
});

describe('R-56 leave and delegates', () => {
  const away = (id: number, delegateId: number | null): Person => person(id, { leaveFrom: hours(-1), leaveTo: hours(9), delegateId });
  const directory = (...people: readonly Person[]): Map<number, Person> => new Map(people.map((one) => [one.id, one]));

  it('follows a chain of three and stops at a circle or a fourth', () => {
    const free = person(9);
    expect(delegateOf(away(1, 2), directory(away(1, 2), away(2, 3), away(3, 9), free), NOW)?.id).toBe(9);
    expect(delegateOf(away(1, 2), directory(away(1, 2), away(2, 3), away(3, 4), away(4, 9), free), NOW)).toBeNull();
    expect(delegateOf(away(1, 2), directory(away(1, 2), away(2, 1)), NOW)).toBeNull();
    expect(delegateOf(away(1, null), directory(away(1, null)), NOW)).toBeNull();
  });

  it('gives the delegate the place and the weight, and adds it to his own where he is in the list', () => {
    const people = directory(away(1, 9), person(2), person(9));
    expect(
      withDelegates(
        [
          { id: 1, weight: 300, place: 0 },
          { id: 2, weight: 100, place: 1 },
        ],
        people,
        NOW,
      ),
    ).toEqual([
      { id: 1, weight: 300, place: 0 },
      { id: 2, weight: 100, place: 1 },
      { id: 9, weight: 300, place: 0, standsFor: 1 },
    ]);
    expect(
      withDelegates(
        [
          { id: 1, weight: 300, place: 0 },
          { id: 9, weight: 100, place: 1 },
        ],
        people,
        NOW,
      ),
    ).toEqual([
      { id: 1, weight: 300, place: 0 },
      { id: 9, weight: 400, place: 1 },
    ]);
  });
});

describe('R-57 the orders of the rule', () => {
  const order = (weights: readonly number[], count: number): string => {
    const leads = many(count);
    return letters(route({ policy: { rules: [rule()] }, people: weights.map((_, index) => person(index + 1)), weights, leads }), leads);
  };
  it('weighted 3:2:1 and 5:1:1', () => {
    expect(order([3, 2, 1], 12)).toBe('ABCABAABCABA');
    expect(order([5, 1, 1], 7)).toBe('AABCAAA');
  });

  it('quality-balanced: smallest value received by weight', () => {
    const leads = many(4, (index) => ({ score: 100 - index, value: [100, 60, 50, 10][index]! }));
    const people = [person(1), person(2)];
    const routed = route({ policy: { rules: [rule({ ranking: 'quality-balanced' })] }, people, leads });
    expect(owners(routed, leads)).toEqual([1, 2, 2, 1]);
    const weighted = route({ policy: { rules: [rule({ ranking: 'quality-balanced' })] }, people, weights: [2, 1], leads });
    expect(owners(weighted, leads)).toEqual([1, 2, 1, 2]);
  });

  it('best-fit: most points, then whoever has waited longest among those as good', () => {
    const fit = [
      { from: 'product', points: 10 },
      { from: 'industry', points: 5 },
    ];
    const people = [person(1, { skills: new Set(['erp']) }), person(2, { skills: new Set(['erp', 'industry:steel']) }), person(3)];
    const about = { values: { product: 'ERP', industry: 'Steel' } };
    const choose = (fitTolerance: number) =>
      only(
        route({
          policy: { rules: [rule({ ranking: 'best-fit', fit, fitTolerance })] },
          people,
          leads: [lead(1, about)],
          seats: [seat(1, 1, { last: 3 }), seat(2, 1, { last: 7 }), seat(3)],
        }),
      ).owner;
    expect(choose(0)).toBe(2);
    expect(choose(5)).toBe(1);
    expect(choose(15)).toBe(3);
  });

  it('performance-weighted: shrunken, bounded, and average where nobody has won', () => {
    expect(performanceFactor({ won: 0, received: 0 }, 0.2)).toBe(1);
    expect(performanceFactor({ won: 10, received: 20 }, 0.2)).toBe(1.75);
    expect(performanceFactor({ won: 200, received: 200 }, 0.1)).toBe(2);
    expect(performanceFactor({ won: 0, received: 1000 }, 0.2)).toBe(0.5);
    expect(performanceFactor({ won: 0, received: 9 }, 0)).toBe(1);
  });
});

describe('R-58 catch-up', () => {
  const counts = (catchUp: 'none' | 'capped' | 'full') => {
    const leads = many(6);
    const people = [person(1), person(2), person(3)];
    const seats = [seat(1, 20, { last: 39 }), seat(2, 20, { last: 40 }), seat(3, 0)];
    return letters(route({ policy: { rules: [rule({ catchUp })] }, people, leads, seats }), leads);
  };
  it('full: the returner gets all', () => expect(counts('full')).toBe('CCCCCC'));
  it('capped: at most every second one', () => expect(counts('capped')).toBe('CACBCA'));
  it('none: a new person starts level with the others (20 + 30 of 200, weight 100: 25)', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1), person(2), person(3)],
      leads: [],
      seats: [seat(1, 20), seat(2, 30), seat(3, 0, { given: null, weight: null })],
    });
    expect(routed.verdicts.size).toBe(0);
    const leads = many(3);
    const after = route({
      policy: { rules: [rule()] },
      people: [person(1), person(2), person(3)],
      leads,
      seats: [seat(1, 25), seat(2, 25), seat(3, 0, { given: null, weight: null })],
    });
    expect(letters(after, leads).split('').sort().join('')).toBe('ABC');
    expect(after.changes).toContainEqual({ group: 'route:p:r', member: 3, offset: 25 * UNITS, weight: WEIGHT_PARTS });
  });
});

describe('R-61 precedence and places', () => {
  it('passes over a sticky owner who is away longer than allowed', () => {
    const sticky = [{ reason: 'STICKY_PREVIOUS' as const, member: 7 }];
    const away = person(7, { leaveFrom: hours(-1), leaveTo: hours(30) });
    const decide = (awayDays: number) =>
      only(route({ policy: { sticky: { awayDays }, rules: [rule()] }, people: [person(1)], others: [away], leads: [lead(1, { sticky })] }))
        .owner;
    expect([decide(0), decide(1), decide(2)]).toEqual([1, 1, 7]);
  });

  it('gives a lead back to whoever held it last, within the days and through the filters', () => {
    const policy = { rules: [rule({ destination: { kind: 'previous-owner', days: 30 } })] };
    const about = { pastOwners: [{ member: 4, at: hours(-48) }] };
    expect(only(route({ policy, people: [], others: [person(4)], leads: [lead(1, about)] }))).toMatchObject({
      owner: 4,
      destination: 'previous-owner',
    });
    expect(only(route({ policy, people: [], others: [person(4, { online: false })], leads: [lead(1, about)] })).pool).toBe(POOL);
    expect(
      only(route({ policy, people: [], others: [person(4)], leads: [lead(1, { pastOwners: [{ member: 4, at: hours(-24 * 40) }] })] })).pool,
    ).toBe(POOL);
  });
});

describe('R-63 the ladder', () => {
  const steps = [
    { wait: 0, action: 'notify-owner' as const },
    { wait: 600, action: 'notify-manager' as const },
    { wait: 600, action: 'pool' as const, pool: 'rest' },
  ];
  it('takes one step after the other, waits by timer, and begins anew after a follow-up', () => {
    expect(nextMove([], null, null, null)).toEqual({ kind: 'route' });
    expect(nextMove(steps, null, null, null)).toMatchObject({ kind: 'step', step: 0, action: 'notify-owner' });
    expect(nextMove(steps, { step: 0, at: NOW }, null, null)).toEqual({ kind: 'wait', step: 1, seconds: 600 });
    expect(nextMove(steps, { step: 0, at: NOW }, null, 1)).toMatchObject({ kind: 'step', step: 1 });
    expect(nextMove(steps, { step: 1, at: NOW }, null, 2)).toMatchObject({ action: 'pool', pool: 'rest' });
    expect(nextMove(steps, { step: 2, at: NOW }, null, null)).toEqual({ kind: 'route' });
    expect(nextMove(steps, { step: 2, at: NOW }, hours(1), null)).toMatchObject({ step: 0 });
  });

  it('goes where a step says, and waits for somebody at work where the policy asks for it', () => {
    const people = [person(1, { managerId: 5 }), person(2, { opensAt: hours(4) })];
    const taken = { reroute: true, ownerId: 1 };
    const base = { people, others: [person(5)] };
    expect(
      only(route({ ...base, policy: { rules: [rule()] }, leads: [lead(1, { ...taken, forced: { kind: 'manager' } })] })),
    ).toMatchObject({ owner: 5, reason: 'MANAGER' });
    expect(
      only(
        route({ ...base, policy: { rules: [rule()] }, leads: [lead(1, { ...taken, forced: { kind: 'pool', pool: 77, offered: true } })] }),
      ),
    ).toMatchObject({ pool: 77, reason: 'OFFERED' });
    const later = only(route({ ...base, policy: { rules: [rule()], reroute: { onlyInHours: true } }, leads: [lead(1, taken)] }));
    expect(later).toMatchObject({ owner: null, pool: null, reason: 'OUT_OF_HOURS', retry: { at: hours(4) } });
  });
});

describe('R-66 leads that have waited', () => {
  it('are served by age, before new ones, whatever their score', () => {
    const waiting = new Map([['r', hours(-1)]]);
    const leads = [
      lead(1, { score: 99, capturedAt: hours(-20) }),
      lead(2, { score: 90, capturedAt: hours(-1), waiting }),
      lead(3, { score: 1, capturedAt: hours(-9), waiting }),
    ];
    const routed = route({ policy: { rules: [rule()] }, people: [person(1, { capacity: 2 })], leads });
    expect(owners(routed, leads)).toEqual([null, 1, 1]);
    expect(inOrder(leads).map(({ id }) => id)).toEqual([3, 2, 1]);
  });
});

describe('decision tables', () => {
  const to = (key: string) => ({ kind: 'team' as const, key });
  const rows = [
    { cells: ['浙江|江苏', '>=100'], to: to('key') },
    { cells: ['浙江', ''], to: to('east') },
    { cells: ['*', '10..50'], to: to('small') },
  ];
  const columns = ['lead.province', 'lead.employees'];
  const find = (hit: 'first' | 'unique', province: string | null, employees: string | null) =>
    compileTable({ columns, rows, hit }).find({ 'lead.province': province, 'lead.employees': employees });

  it('finds the first row that fits: words, ranges, any, no value', () => {
    expect(find('first', '江苏', '100')).toEqual({ kind: 'row', row: 0 });
    expect(find('first', ' 浙江 ', '99')).toEqual({ kind: 'row', row: 1 });
    expect(find('first', '浙江', null)).toEqual({ kind: 'row', row: 1 });
    expect(find('first', null, '50')).toEqual({ kind: 'row', row: 2 });
    expect(find('first', '广东', '51')).toEqual({ kind: 'none' });
  });

  it('refuses two rows that fit where only one may', () => {
    expect(find('unique', '浙江', '200')).toEqual({ kind: 'ambiguous', rows: [0, 1] });
    expect(find('unique', '江苏', '200')).toEqual({ kind: 'row', row: 0 });
  });

  it('names rows that can never be reached', () => {
    expect([...shadowedRows({ columns, rows: [...rows, { cells: ['浙江', '5..7'], to: to('x') }] })]).toEqual([[3, 1]]);
  });

  it('goes to CSV and back, and names the lines that cannot be read', () => {
    const csv = tableToCsv({ columns, rows: [...rows, { cells: ['a,"b"', ''], to: { kind: 'role', key: 'sales', team: 'east' } }] });
    expect(csv.split('\r\n')).toHaveLength(5);
    const records = [['lead.province', 'to'], ['浙江', 'team:east'], ['广东', 'nowhere'], ['x'], ['', ''], ['沪', 'member:li@example.com']];
    const { table, problems } = tableFromRecords(records);
    expect(table?.rows).toEqual([
      { cells: ['浙江'], to: to('east') },
      { cells: ['沪'], to: { kind: 'member', email: 'li@example.com' } },
    ]);
    expect(problems).toEqual([
      { line: 3, code: 'NO_DESTINATION' },
      { line: 4, code: 'TOO_FEW_CELLS' },
    ]);
    expect(tableFromRecords([['a', 'b']]).problems).toEqual([{ line: 1, code: 'TO_MISSING' }]);
  });

  it('is as quick with thousands of rows as by trying each, and decides the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: fc.constantFrom('x', 'y', 'x|z', '', '1..3'), b: fc.constantFrom('p', '', '>=2') }), { maxLength: 12 }),
        fc.constantFrom('x', 'y', 'z', '2', null),
        fc.constantFrom('p', '2', null),
        (list, a, b) => {
          const table = { columns: ['a', 'b'], hit: 'first' as const, rows: list.map((row) => ({ cells: [row.a, row.b], to: to('t') })) };
          const slow = table.rows.findIndex((row) => compileTable({ ...table, rows: [row] }).find({ a, b }).kind === 'row');
          expect(compileTable(table).find({ a, b })).toEqual(slow < 0 ? { kind: 'none' } : { kind: 'row', row: slow });
        },
      ),
    );
  });
});

describe('shares', () => {
  it('stay within one lead of what each is owed, for any weights and arrivals', () => {
    fc.assert(
      fc.property(
        // A heavy weight beside light ones is where the plain order would give one of them too many in a row.
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 1, 100)), { minLength: 1, maxLength: 9 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('weighted' as const, 'count-in-period' as const, 'performance-weighted' as const),
        (weights, batches, ranking) => {
          const people = weights.map((_, index) => person(index + 1));
          const got = new Map<number, number>();
          const owed = new Map<number, number>();
          let seats = people.map((one, index) => seat(one.id, 0, { weight: wholeWeight(weights[index]!) }));
          for (const size of batches) {
            const leads = many(size);
            const routed = route({ policy: { rules: [rule({ ranking })] }, people, weights, leads, seats });
            for (const id of owners(routed, leads)) if (id !== null) got.set(id, (got.get(id) ?? 0) + 1);
            for (const { member, leads: part } of routed.entitled) owed.set(member, (owed.get(member) ?? 0) + part);
            seats = people.map((one, index) => seat(one.id, got.get(one.id) ?? 0, { weight: wholeWeight(weights[index]!) }));
          }
          for (const { id } of people) expect(Math.abs((got.get(id) ?? 0) - (owed.get(id) ?? 0))).toBeLessThan(1);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('R-69 replay', () => {
  it('keeps maps, sets and moments when facts are packed', () => {
    const value = { at: NOW, map: new Map([[1, { deep: new Set(['a']) }]]), list: [null, 'x', 1.5], none: null };
    expect(unpack(JSON.parse(JSON.stringify(pack(value))))).toEqual(value);
    expect(() => pack(() => 1)).toThrow(TypeError);
  });

  it('decides the same again from packed facts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.record({ capacity: fc.integer({ min: 0, max: 4 }), received: fc.integer({ min: 0, max: 5 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom('weighted' as const, 'least-recent' as const, 'quality-balanced' as const, 'most-free-capacity' as const),
        (scores, desk, ranking) => {
          const leads = scores.map((score, index) => lead(index + 1, { score, value: score + 1 }));
          const people = new Map(desk.map(({ capacity }, index) => [index + 1, person(index + 1, { capacity })]));
          const plans = new Map([[1, planFor({ rules: [rule({ ranking, onEmpty: 'hold' })] }, [...people.keys()])]]);
          const shares = new Map([['route:p:r', desk.map(({ received }, index) => seat(index + 1, received))]]);
          const world = { people, loads: new Map([['own', new Map([[1, 100]])]]), shares };
          const again = unpack(JSON.parse(JSON.stringify(pack({ leads, world })))) as { leads: typeof leads; world: typeof world };
          expect(routeLeads(again.leads, plans, again.world, NOW)).toEqual(routeLeads(leads, plans, world, NOW));
        },
      ),
      { numRuns: 60 },
    );
  });
});
