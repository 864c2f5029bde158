import fc from 'fast-check';
import { alike } from './alike';
import { hours, lead, person, planFor, rule } from './__fixtures__/routing';
import type { RoutedLead, World } from './facts';
import { routeLeads } from './route';

const people = [1, 2, 3];
const RULES = ['first', 'second'];

const hour = fc.integer({ min: 0, max: 30 });
const drawnLead = fc.record({
  holds: fc.constantFrom(RULES, RULES, ['first'], ['second']),
  product: fc.constantFrom('erp', 'crm'),
  score: fc.integer({ min: 0, max: 9 }),
  came: hour,
  /** When it began to wait at each rule; most wait at both, so that many are alike. */
  since: fc.tuple(hour, fc.option(hour, { freq: 4 })),
  refused: fc.constantFrom(null, null, null, ...people),
  taken: fc.constantFrom(null, null, null, null, null, null, ...people),
});
/** Everybody has one lead already: who can have but one is full until he loses it. */
const drawnPerson = fc.record({
  capacity: fc.constantFrom(1, 1, 2),
  online: fc.constantFrom(true, true, false),
  opens: fc.constantFrom(28, 28, 33, 38),
  skills: fc.subarray(['erp', 'crm']),
});
const hold = fc.constantFrom('hold' as const, 'next' as const);

describe('leads that wait for the same', () => {
  it('are decided as if each had been looked at by itself', () => {
    fc.assert(
      fc.property(
        fc.array(drawnLead, { maxLength: 12 }),
        fc.array(drawnPerson, { minLength: 3, maxLength: 3 }),
        fc.tuple(hold, hold),
        fc.constantFrom('now' as const, 'ignore' as const),
        (drawn, desk, onEmpty, workingHours) => {
          const now = hours(31);
          const rules = RULES.map((key, index) =>
            rule(
              {
                onEmpty: onEmpty[index]!,
                holdSeconds: 36_000 * (index + 1),
                filters: { workingHours, skills: [{ skill: 'product', from: 'product' }] },
              },
              key,
            ),
          );
          const plan = planFor({ rules }, people);
          const leads = drawn.map(({ holds, product, score, came, since, refused, taken }, index): RoutedLead =>
            lead(index + 1, {
              holds: new Set(holds),
              values: { product },
              score,
              capturedAt: hours(came),
              waiting: new Map(RULES.flatMap((key, at) => (typeof since[at] === 'number' ? [[key, hours(since[at])] as const] : []))),
              ...(refused === null ? {} : { refusedBy: new Map([[refused, 'other' as const]]) }),
              ...(taken === null ? {} : { reroute: true, ownerId: taken }),
            }),
          );
          const world: World = {
            people: new Map(
              desk.map(({ capacity, online, opens, skills }, place) => [
                place + 1,
                person(place + 1, { capacity, online, opensAt: opens <= 31 ? now : hours(opens), skills: new Set(skills) }),
              ]),
            ),
            loads: new Map([['own', new Map(people.map((id) => [id, 100]))]]),
            shares: new Map(),
          };
          const plans = new Map([[1, plan]]);
          expect(routeLeads(leads, plans, world, now, alike)).toEqual(routeLeads(leads, plans, world, now));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are looked at once: the others are only told', () => {
    const plan = planFor({ rules: [rule({ onEmpty: 'hold' })] }, people);
    const leads = [1, 2, 3].map((id) => lead(id, { waiting: new Map([['r', hours(-1)]]), score: id }));
    const world: World = { people: new Map(people.map((id) => [id, person(id, { online: false })])), loads: new Map(), shares: new Map() };
    const { verdicts } = routeLeads(leads, new Map([[1, plan]]), world, hours(0), alike);
    const tables = new Set([...verdicts.values()].map(({ tables: rows }) => rows));
    expect([[...verdicts.values()].map(({ reason }) => reason), tables.size]).toEqual([['HELD', 'HELD', 'HELD'], 1]);
  });
});
