import fc from 'fast-check';
import { codes, hours, lead, many, NOW, only, owners, person, planFor, POOL, route, rule, seat } from './__fixtures__/routing';
import { inOrder } from './order';
import { routeLeads } from './route';
import { UNITS } from './share';
import { WEIGHT_PARTS } from './weight';

describe('R-60 batches', () => {
  it('takes the best first, then the oldest, then by id, and test leads last', () => {
    const leads = [
      lead(1, { score: 10 }),
      lead(2, { score: 90, capturedAt: hours(1) }),
      lead(6, { score: 90 }),
      lead(3, { score: 90 }),
      lead(4, { score: null }),
      lead(5, { score: 99, test: true }),
    ];
    expect(inOrder(leads).map((one) => one.id)).toEqual([3, 6, 2, 1, 4, 5]);
  });

  it('fills people up to their capacity and lets the remainder follow onEmpty', () => {
    const leads = many(7, (index) => ({ score: 100 - index }));
    const routed = route({
      policy: { rules: [rule({ onEmpty: { pool: 'pool' } })] },
      people: [person(1, { capacity: 3 }), person(2, { capacity: 2 })],
      leads,
      loads: { 1: 1 },
    });
    expect(owners(routed, leads)).toEqual([1, 2, 1, 2, null, null, null]);
    expect([...routed.verdicts.values()].filter((verdict) => verdict.pool === POOL)).toHaveLength(3);
  });

  it('gives everybody the same mix of grades', () => {
    const leads = many(120, (index) => ({ score: 100 - Math.floor(index / 2), grade: index % 2 === 0 ? 'A1' : 'C3' }));
    // In turn two people would get one grade each.
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2)], leads });
    for (const grade of ['A1', 'C3']) {
      for (const id of [1, 2]) {
        expect(leads.filter((one) => one.grade === grade && routed.verdicts.get(one.id)?.owner === id)).toHaveLength(30);
      }
    }
  });

  it('keeps everybody within one lead of the entitlement, whatever weights, grades and history', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 1, 100)), { minLength: 2, maxLength: 16 }),
        fc.array(fc.record({ score: fc.integer({ min: 0, max: 100 }), grade: fc.constantFrom('A1', 'B2', 'C3', null) }), {
          minLength: 1,
          maxLength: 150,
        }),
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
    expect(routed.entitled.map(({ member, leads }) => [member, leads])).toEqual([
      [1, 0.5],
      [2, 0.5],
    ]);
  });
});

describe('R-58 start levels', () => {
  it('starts a new person level with the others and stores it', () => {
    const leads = many(4);
    const seats = [seat(1, 20), seat(2, 20), seat(3, 0, { given: null, weight: null })];
    const routed = route({ policy: { rules: [rule()] }, people: [person(1), person(2), person(3)], leads, seats });
    expect(owners(routed, leads).filter((id) => id === 3)).toHaveLength(1);
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 3, offset: 20 * UNITS, weight: WEIGHT_PARTS }]);
  });

  it('lets a person who takes no part gain nothing, and nobody else change', () => {
    const leads = many(10);
    const away = [person(1), person(2), person(3, { online: false })];
    const routed = route({ policy: { rules: [rule()] }, people: away, leads, seats: [seat(1, 4), seat(2, 4), seat(3, 4)] });
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 3, offset: 5 * UNITS, weight: WEIGHT_PARTS }]);
  });

  it('also keeps level who has left the rule', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1), person(2)],
      leads: many(8),
      seats: [seat(1, 4), seat(2, 4), seat(9, 1)],
    });
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 9, offset: 7 * UNITS, weight: WEIGHT_PARTS }]);
  });

  it('starts the people of a fallback level, whoever the other system named first in the batch', () => {
    const people = [person(1), person(2), person(5)];
    const base = planFor({ rules: [rule()] }, [1, 2], [3, 1]);
    const [planned] = base.rules;
    const candidates = [
      { id: 1, weight: 3 * WEIGHT_PARTS, place: 0 },
      { id: 2, weight: WEIGHT_PARTS, place: 1 },
    ];
    const target = { kind: 'webhook' as const, timeoutMs: 1000, fallback: { kind: 'people' as const, candidates } };
    const leads = many(9, (index) => ({
      score: 100 - index,
      answers: new Map([['r', index === 0 ? { kind: 'member' as const, member: 5 } : { kind: 'failed' as const }]]),
    }));
    const fresh = [1, 2].map((id) => seat(id, 0, { given: null, weight: null }));
    const world = { people: new Map(people.map((one) => [one.id, one])), loads: new Map(), shares: new Map([['route:p:r', fresh]]) };
    const routed = routeLeads(leads, new Map([[1, { ...base, rules: [{ ...planned!, target }] }]]), world, NOW);
    expect(owners(routed, leads)).toEqual([5, 1, 2, 1, 1, 1, 2, 1, 1]);
    expect(routed.changes.map(({ member, weight }) => [member, weight / WEIGHT_PARTS])).toEqual([
      [1, 3],
      [2, 1],
    ]);
  });

  it('lets a changed weight count from now on only', () => {
    const leads = many(6);
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1), person(2)],
      weights: [2, 1],
      leads,
      seats: [seat(1, 30), seat(2, 30)],
    });
    expect(owners(routed, leads).filter((id) => id === 1)).toHaveLength(4);
    expect(routed.changes).toEqual([{ group: 'route:p:r', member: 1, offset: 30 * UNITS, weight: 2 * WEIGHT_PARTS }]);
  });

  it('full: who was away catches up', () => {
    const leads = many(4);
    const routed = route({
      policy: { rules: [rule({ catchUp: 'full' })] },
      people: [person(1), person(2), person(3, { online: false })],
      leads,
      seats: [seat(1, 9), seat(2, 5), seat(3, 1)],
    });
    expect(owners(routed, leads)).toEqual([2, 2, 2, 2]);
    expect(routed.changes).toEqual([]);
  });
});

describe('R-61 sticky owners and R-63 re-routes', () => {
  const sticky = [
    { reason: 'STICKY_ACCOUNT' as const, member: 7 },
    { reason: 'STICKY_PREVIOUS' as const, member: 8 },
  ];

  it('gives the lead to the first sticky owner who is there, before any rule', () => {
    const policy = { rules: [rule()] };
    expect(only(route({ policy, people: [person(1)], others: [person(7), person(8)], leads: [lead(1, { sticky })] }))).toMatchObject({
      owner: 7,
      reason: 'STICKY_ACCOUNT',
      rule: null,
    });
    expect(
      only(route({ policy, people: [person(1)], others: [person(7, { active: false }), person(8)], leads: [lead(1, { sticky })] })),
    ).toMatchObject({ owner: 8, reason: 'STICKY_PREVIOUS' });
    const refused = lead(1, { sticky, refusedBy: new Map([[7, 'other' as const]]) });
    expect(only(route({ policy, people: [person(1)], others: [person(7), person(8)], leads: [refused] })).owner).toBe(8);
    expect(only(route({ policy, people: [person(1)], leads: [lead(1, { sticky })] }))).toMatchObject({ owner: 1, reason: 'RULE' });
  });

  it('never gives a re-routed lead back to its owner or the ones before', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1), person(2), person(3)],
      leads: [lead(1, { reroute: true, ownerId: 1, previousOwners: [2], sticky })],
      others: [person(7)],
    });
    expect(only(routed).owner).toBe(3);
    expect(codes(routed)).toEqual([['EXCLUDED_PREVIOUS_OWNER'], ['EXCLUDED_PREVIOUS_OWNER'], []]);
  });

  it('goes to the manager when nobody is left, else to the last rule', () => {
    const leads = [lead(1, { reroute: true, ownerId: 1 })];
    expect(only(route({ policy: { rules: [rule()] }, people: [person(1, { managerId: 5 })], others: [person(5)], leads }))).toMatchObject({
      owner: 5,
      reason: 'MANAGER',
    });
    expect(
      only(route({ policy: { rules: [rule()] }, people: [person(1, { managerId: 5 })], others: [person(5, { active: false })], leads })),
    ).toMatchObject({ pool: POOL, reason: 'OTHERWISE' });
    expect(
      only(
        route({
          policy: { rules: [rule()], reroute: { onExhausted: 'otherwise' } },
          people: [person(1, { managerId: 5 })],
          others: [person(5)],
          leads,
        }),
      ),
    ).toMatchObject({ pool: POOL });
  });

  it('skips the rules when a guard has struck', () => {
    const routed = route({
      policy: { rules: [rule()] },
      people: [person(1, { managerId: 5 }), person(2)],
      others: [person(5)],
      leads: [lead(1, { reroute: true, ownerId: 1, guard: 'MAX_HOPS' })],
    });
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
    expect(only(route({ policy, people: [], others: [person(4)], leads: [lead(1, { accountOwner: 4 })] }))).toMatchObject({
      owner: 4,
      rule: 'r',
    });
    expect(only(route({ policy, people: [], others: [person(4, { capacity: 0 })], leads: [lead(1, { accountOwner: 4 })] }))).toMatchObject({
      pool: POOL,
    });
    expect(only(route({ policy, people: [], leads: [lead(1)] }))).toMatchObject({ pool: POOL });
  });
});

describe('R-69 replay', () => {
  it('decides the same from the same facts, in whatever order they are given', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            capacity: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
            online: fc.boolean(),
            weight: fc.integer({ min: 1, max: 5 }),
            received: fc.integer({ min: 0, max: 9 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), grade: fc.constantFrom('A1', 'C3') }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('weighted' as const, 'least-recent' as const, 'most-free-capacity' as const),
        (list, about, ranking) => {
          const leads = many(about.length, (index) => about[index]!);
          const given = {
            policy: { rules: [rule({ ranking })] },
            people: list.map(({ capacity, online }, index) => person(index + 1, { capacity, online })),
            weights: list.map((one) => one.weight),
            seats: list.map((one, index) => seat(index + 1, one.received)),
          };
          expect(route({ ...given, leads: [...leads].reverse() })).toEqual({ ...route({ ...given, leads }) });
          for (const { owner } of route({ ...given, leads }).verdicts.values())
            if (owner !== null) expect(list[owner - 1]!.online).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
  });
});
