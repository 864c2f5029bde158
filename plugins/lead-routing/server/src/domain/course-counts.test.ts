import fc from 'fast-check';
import { hours } from './__fixtures__/routing';
import { CapUses, OpenLoads } from './course-counts';
import type { PlannedCap } from './facts';

const members = [1, 2, 3];
const member = fc.constantFrom(...members);
const hour = fc.integer({ min: 0, max: 40 });

describe('open loads of a replay', () => {
  const held = fc.record({
    member,
    from: hour,
    to: fc.option(hour),
    weights: fc.dictionary(fc.constantFrom('own', 'limit'), fc.constantFrom(50, 100)),
  });
  type Held = typeof held extends fc.Arbitrary<infer One> ? One : never;

  it('are at any moment, later or earlier than the last, what filtering everything that was given says', () => {
    const asked = fc.array(fc.oneof(held, hour), { maxLength: 60 });
    fc.assert(
      fc.property(asked, (steps) => {
        const loads = new OpenLoads();
        const given: Held[] = [];
        for (const step of steps) {
          if (typeof step !== 'number') {
            given.push(step);
            loads.add(step.member, step.from, step.to, new Map(Object.entries(step.weights)));
            continue;
          }
          const sums = loads.at(step);
          for (const load of ['own', 'limit'])
            for (const one of members) {
              const open = given.filter((held_) => held_.member === one && held_.from <= step && (held_.to === null || held_.to > step));
              expect(sums.get(load)?.get(one) ?? 0).toBe(open.reduce((sum, { weights }) => sum + (weights[load] ?? 0), 0));
            }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('caps of a replay', () => {
  const cap = (id: string, over: Partial<PlannedCap>): PlannedCap => ({
    id,
    scope: 'rule',
    per: 'day',
    seconds: 86_400,
    max: 1,
    counts: [],
    ...over,
  });
  const caps = [
    cap('rule:r:0', {}),
    cap('rule:s:0', { per: 'rolling', seconds: 7200 }),
    cap('person:month', { scope: 'person', per: 'month' }),
    cap('person:rolling', { scope: 'person', per: 'rolling', seconds: 36_000 }),
  ];
  /** Days of each member begin at an hour of his own. */
  const periodOf = (per: string, at: Date, one: number | null): string =>
    `${per} ${Math.floor((at.getTime() / 3_600_000 + (one ?? 0)) / (per === 'month' ? 24 : 8))}`;
  const given = fc.record({ base: fc.constantFrom('r', 's'), member, hour });

  it('are at any moment what filtering everything that was given says, in periods of each person and in windows that roll', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 40 }), fc.array(hour, { minLength: 1, maxLength: 5 }), (all, asked) => {
        const uses = new CapUses(new Map(caps.map((one) => [one.id, one])), periodOf);
        for (const one of all) uses.add(one.base, one.member, hours(one.hour));
        for (const moment of asked) {
          const at = hours(moment);
          for (const { id, scope, per, seconds } of caps)
            for (const who of members) {
              const counts = all.filter(({ base, member: by, hour: came }) => {
                if (by !== who || (scope === 'rule' && id !== `rule:${base}:0`)) return false;
                if (per === 'rolling') return at.getTime() - hours(came).getTime() <= seconds * 1000;
                return periodOf(per, hours(came), who) === periodOf(per, at, who);
              });
              expect(uses.at(at).get(id)?.get(who) ?? 0).toBe(counts.length);
            }
        }
      }),
      { numRuns: 200 },
    );
  });
});
