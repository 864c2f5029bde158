import fc from 'fast-check';
import { commonDivisor } from './exact';
import { chooseWeighted, commonLevel, firstBy, raiseAbsent, UNITS, type Share, type WeightedOptions } from './share';
import { wholeWeight } from './weight';

const NAMES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** As a board has them: in whole parts, divided by what they have in common. */
function shares(weights: readonly number[], counts: readonly number[] = []): Share[] {
  const parts = weights.map(wholeWeight);
  const divisor = commonDivisor(parts);
  return parts.map((weight, place) => ({ id: place + 1, weight: weight / divisor, given: (counts[place] ?? 0) * UNITS, last: 0, place }));
}

/** Gives out leads one after the other; `may` tells who is eligible for the n-th. */
function run(
  start: readonly Share[],
  leads: number,
  may: (lead: number, id: number) => boolean = () => true,
  more: (lead: number, last: number | null) => WeightedOptions = () => ({}),
): number[] {
  let state = [...start];
  const given: number[] = [];
  for (let lead = 1; lead <= leads; lead += 1) {
    const eligible = state.filter((share) => may(lead, share.id));
    const choice = chooseWeighted(eligible, eligible, more(lead, given[given.length - 1] ?? null));
    if (!choice) throw new Error('nobody');
    given.push(choice.id);
    state = state.map((share) => (share.id === choice.id ? { ...share, given: share.given + UNITS, last: lead } : share));
  }
  return given;
}
const letters = (ids: readonly number[]): string => ids.map((id) => NAMES[id - 1]).join('');

describe('R-57 weighted choice', () => {
  it.each([
    [[3, 2, 1], 12, 'ABCABAABCABA'],
    [[5, 1, 1], 7, 'AABCAAA'],
    [[1, 1, 1], 6, 'ABCABC'],
    [[2, 0.5], 5, 'AABAA'],
    [[1], 3, 'AAA'],
  ])('gives weights %j the order %#', (weights, leads, expected) => {
    expect(letters(run(shares(weights), leads))).toBe(expected);
  });

  it('gives a heavy weight among many light ones every second lead, not fifty in a row', () => {
    const order = letters(run(shares([25, ...Array.from({ length: 25 }, () => 1)]), 50));
    expect(order.replace(/[B-Z]/g, '.').slice(0, 8)).toMatch(/^(A\.|\.A){4}$/);
    expect([...order].filter((letter) => letter === 'A')).toHaveLength(25);
  });

  it('chooses nobody when nobody is eligible', () => {
    expect(chooseWeighted(shares([1, 1]), [])).toBeNull();
  });

  it('says which tie-break told two equals apart (R-68)', () => {
    const equal = shares([1, 1]);
    expect(chooseWeighted(equal, equal)).toEqual({ id: 1, tie: 'list' });
    const used = equal.map((share) => ({ ...share, last: share.id === 1 ? 9 : 4 }));
    expect(chooseWeighted(used, used)).toEqual({ id: 2, tie: 'least-recent' });
    expect(chooseWeighted(shares([1, 2]), shares([1, 2]))).toEqual({ id: 2, tie: 'rank' });
    const beside = [2, 1].map((id) => ({ id, last: 0, place: 5 }));
    expect(firstBy(beside, () => 0)).toEqual({ id: 1, tie: 'id' });
  });

  const weights = fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(0.1, 0.5, 1.5, 2.25)), {
    minLength: 1,
    maxLength: 12,
  });

  it('keeps everybody within one lead of the entitlement at every moment, for any weights', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 150 }), (list, leads) => {
        const total = list.reduce((sum, weight) => sum + wholeWeight(weight), 0);
        const counts = list.map(() => 0);
        run(shares(list), leads).forEach((id, index) => {
          counts[id - 1]! += 1;
          list.forEach((weight, place) => {
            const short = (wholeWeight(weight) * (index + 1)) / total - counts[place]!;
            expect(Math.abs(short)).toBeLessThan(1);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps that law inside every grade-aware batch as well (R-60)', () => {
    fc.assert(
      fc.property(weights, fc.array(fc.constantFrom('A1', 'B2', 'C3'), { minLength: 1, maxLength: 120 }), (list, grades) => {
        const total = list.reduce((sum, weight) => sum + wholeWeight(weight), 0);
        const strata = new Map<string, Map<number, number>>();
        const stratum = (lead: number): Map<number, number> => {
          const grade = grades[lead - 1]!;
          if (!strata.has(grade)) strata.set(grade, new Map());
          return strata.get(grade)!;
        };
        const given = run(
          shares(list),
          grades.length,
          () => true,
          (lead, last) => {
            if (lead > 1) stratum(lead - 1).set(last!, (stratum(lead - 1).get(last!) ?? 0) + 1);
            return { stratum: stratum(lead) };
          },
        );
        list.forEach((weight, place) => {
          const count = given.filter((id) => id === place + 1).length;
          expect(Math.abs((wholeWeight(weight) * grades.length) / total - count)).toBeLessThan(1);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('gives two people the same mix when grades alternate with their turns', () => {
    const strata = [new Map<number, number>(), new Map<number, number>()];
    let state = shares([1, 1]);
    for (let lead = 1; lead <= 40; lead += 1) {
      const stratum = strata[lead % 2]!;
      const choice = chooseWeighted(state, state, { stratum })!;
      stratum.set(choice.id, (stratum.get(choice.id) ?? 0) + 1);
      state = state.map((share) => (share.id === choice.id ? { ...share, given: share.given + UNITS, last: lead } : share));
    }
    for (const stratum of strata) expect([...stratum.values()]).toEqual([10, 10]);
  });
});

describe('R-58 catch-up', () => {
  it('full: the one who is back gets everything until he is level', () => {
    expect(letters(run(shares([1, 1, 1], [20, 20, 0]), 5))).toBe('CCCCC');
  });

  it('capped: the one who is back gets at most every second lead', () => {
    expect(letters(run(shares([1, 1, 1], [20, 20, 0]), 6, undefined, (_, last) => ({ capped: { last } })))).toBe('CACBCA');
  });

  it('capped: changes nothing where nobody is behind', () => {
    expect(letters(run(shares([5, 1, 1]), 7, undefined, (_, last) => ({ capped: { last } })))).toBe('AABCAAA');
  });

  it('none: the one who is back starts level with the others', () => {
    const start = shares([1, 1, 1], [20, 20, 0]);
    const raised = raiseAbsent(start, (id) => id !== 3);
    expect(raised).toEqual(new Map([[3, 20 * UNITS]]));
    expect(
      letters(
        run(
          start.map((share) => ({ ...share, given: raised.get(share.id) ?? share.given })),
          6,
        ),
      ),
    ).toBe('ABCABC');
  });

  it('none: the start level is the common one: (20 + 30) / 200 × 100 = 25', () => {
    expect(raiseAbsent(shares([1, 1, 1], [20, 30, 0]), (id) => id !== 3)).toEqual(new Map([[3, 25 * UNITS]]));
  });

  it('none: a start level follows the weight and may lie between two leads', () => {
    expect(raiseAbsent(shares([2, 1.5], [5, 0]), (id) => id === 1)).toEqual(new Map([[2, 3.75 * UNITS]]));
  });

  it('never lowers the absent, never touches those present, and does nothing when nobody is there', () => {
    expect(raiseAbsent(shares([1, 1], [3, 9]), (id) => id === 1).size).toBe(0);
    expect(raiseAbsent(shares([1, 1], [3, 0]), () => false).size).toBe(0);
    expect(raiseAbsent(shares([1, 1], [3, 0]), () => true).size).toBe(0);
  });

  it('keeps the order of the others when the common level is taken off', () => {
    const start = shares([3, 2, 1], [12, 9, 4]);
    const level = commonLevel(start);
    const lowered = start.map((share) => ({ ...share, given: share.given - level * share.weight }));
    expect(Math.min(...lowered.map((share) => share.given))).toBeLessThan(UNITS);
    expect(run(lowered, 30)).toEqual(run(start, 30));
  });

  it('lets nobody who was away take more than his part afterwards', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (list, away, after) => {
          let state = shares(list);
          for (let lead = 1; lead <= away; lead += 1) {
            const there = state.filter((share) => share.id !== 1);
            const choice = chooseWeighted(there, there)!;
            state = state.map((share) => (share.id === choice.id ? { ...share, given: share.given + UNITS, last: lead } : share));
            const raised = raiseAbsent(state, (id) => id !== 1);
            state = state.map((share) => ({ ...share, given: raised.get(share.id) ?? share.given }));
          }
          const mine = run(state, after).filter((id) => id === 1).length;
          const total = list.reduce((sum, weight) => sum + weight, 0);
          expect(Math.abs(mine - (list[0]! * after) / total)).toBeLessThan(2);
        },
      ),
      { numRuns: 100 },
    );
  });
});
