import fc from 'fast-check';
import { many, owners, person, route, rule, seat } from './__fixtures__/routing';
import { countDue, dueIn, exactlyDueIn, type Part } from './deadlines';
import { ceilOver, commonDivisor, compareProducts, floorOver } from './exact';
import { chooseWeighted, compareLevel, UNITS, type Share } from './share';
import { hasDecimals, timesFactor, WEIGHT_PARTS, wholeWeight } from './weight';

/** Weights as somebody enters them: from 0.000001 to 10,000, even ones, small ones, and far apart. */
const weight = fc
  .oneof(
    fc.integer({ min: 1, max: 10_000_000_000 }),
    fc.integer({ min: 1, max: 1000 }),
    fc.integer({ min: 1, max: 100 }).map((whole) => whole * 1_000_000),
    fc.integer({ min: 0, max: 10 }).map((digits) => 10 ** digits),
  )
  .map((millionths) => millionths / 1e6);
const weights = fc.array(weight, { minLength: 1, maxLength: 10 });

const sharesOf = (parts: readonly number[]): Share[] =>
  parts.map((part, place) => ({ id: place + 1, weight: part, given: 0, last: 0, place }));
const reduced = (list: readonly number[]): number[] => {
  const parts = list.map(wholeWeight);
  const divisor = commonDivisor(parts);
  return parts.map((part) => part / divisor);
};

type Choose = (state: readonly Share[], eligible: readonly Share[]) => number;
const quick: Choose = (state, eligible) => chooseWeighted(state, eligible)!.id;

function order(
  parts: readonly number[],
  leads: number,
  choose: Choose = quick,
  may: (lead: number, id: number) => boolean = () => true,
): number[] {
  let state = sharesOf(parts);
  return Array.from({ length: leads }, (_, lead) => {
    const eligible = state.filter(({ id }) => may(lead, id));
    const id = choose(state, eligible.length > 0 ? eligible : state);
    state = state.map((share) => (share.id === id ? { ...share, given: share.given + UNITS, last: lead + 1 } : share));
    return id;
  });
}

/** The weighted choice once more, written down plainly and with big integers alone. */
const plainly: Choose = (state, eligible) => {
  const unit = BigInt(UNITS);
  const weighed = state.map((share) => ({ ...share, w: BigInt(share.weight), g: BigInt(share.given) }));
  const [all, had] = [weighed.reduce((sum, { w }) => sum + w, 0n), weighed.reduce((sum, { g }) => sum + g, 0n)];
  const ids = new Set(eligible.map(({ id }) => id));
  const dueAt = ({ w, g }: (typeof weighed)[number], count: number): bigint => {
    const [owed, by] = [(g + BigInt(count) * unit) * all - had * w, w * unit];
    return owed <= by ? 1n : (owed + by - 1n) / by;
  };
  const keep = (list: typeof weighed, that: (share: (typeof weighed)[number]) => boolean): typeof weighed => {
    const kept = list.filter(that);
    return kept.length > 0 ? kept : list;
  };
  let left = keep(
    weighed.filter(({ id }) => ids.has(id)),
    ({ w, g }) => g * all < w * (had + unit),
  );
  const ahead = weighed.map((share) => Number(dueAt(share, 0)));
  const last = weighed.some((share) => dueAt(share, 1) === 1n) ? 1 : Math.min(5000, Math.max(...ahead));
  const jobs = weighed.map((share) => {
    const due: number[] = [];
    for (let count = 1; due.length < last && dueAt(share, count) <= last; count += 1) due.push(Number(dueAt(share, count)));
    return due;
  });
  for (let place = 1; place <= last; place += 1) {
    const owed = jobs.flat().filter((due) => due <= place).length;
    if (owed >= place) {
      left = keep(left, (share) => dueAt(share, 1) <= place);
      break;
    }
  }
  const half = unit / 2n;
  const sign = (value: bigint): number => (value === 0n ? 0 : value < 0n ? -1 : 1);
  return [...left].sort((a, b) => sign((a.g + half) * b.w - (b.g + half) * a.w) || a.last - b.last || a.place - b.place)[0]!.id;
};

describe('R-57 weights are exact', () => {
  it('keeps everybody within one lead of the entitlement at every moment, from 0.000001 to 10,000', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 150 }), (list, leads) => {
        const parts = list.map((one) => BigInt(wholeWeight(one)));
        const total = parts.reduce((sum, part) => sum + part, 0n);
        const counts = parts.map(() => 0n);
        order(reduced(list), leads).forEach((id, index) => {
          counts[id - 1]! += 1n;
          parts.forEach((part, place) => {
            const short = part * BigInt(index + 1) - counts[place]! * total;
            expect(short < total && -short < total).toBe(true);
          });
        });
      }),
      { numRuns: 120 },
    );
  });

  it('keeps that law over batches that arrive one after the other, with what was stored between them', () => {
    fc.assert(
      fc.property(weights, fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 }), (list, batches) => {
        const people = list.map((_, index) => person(index + 1));
        const got = new Map<number, number>();
        let given = 0;
        const parts = list.map((one) => BigInt(wholeWeight(one)));
        const total = parts.reduce((sum, part) => sum + part, 0n);
        for (const size of batches) {
          const leads = many(size);
          const seats = people.map(({ id }, index) => seat(id, got.get(id) ?? 0, { weight: wholeWeight(list[index]!) }));
          const routed = route({ policy: { rules: [rule()] }, people, weights: list, leads, seats });
          expect(routed.changes).toEqual([]);
          for (const id of owners(routed, leads)) if (id !== null) got.set(id, (got.get(id) ?? 0) + 1);
          given += size;
          people.forEach(({ id }, index) => {
            const short = parts[index]! * BigInt(given) - BigInt(got.get(id) ?? 0) * total;
            expect(short < total && -short < total).toBe(true);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same order whatever all weights are multiplied by', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 60 }), (list, by, leads) => {
        const parts = reduced(list);
        expect(
          order(
            parts.map((part) => part * by),
            leads,
          ),
        ).toEqual(order(parts, leads));
      }),
      { numRuns: 80 },
    );
    const letters = (list: readonly number[], leads: number): string =>
      order(reduced(list), leads)
        .map((id) => 'ABC'[id - 1])
        .join('');
    for (const by of [1, 0.5, 0.000001, 33.333333, 2000]) {
      expect(
        letters(
          [3, 2, 1].map((one) => Math.round(one * by * 1e6) / 1e6),
          12,
        ),
      ).toBe('ABCABAABCABA');
      expect(
        letters(
          [5, 1, 1].map((one) => Math.round(one * by * 1e6) / 1e6),
          7,
        ),
      ).toBe('AABCAAA');
    }
  });

  it('chooses as the same rule written with big integers alone, whoever may have the lead', () => {
    fc.assert(
      fc.property(
        fc.array(weight, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(1, 7, 1_000_003),
        (list, may, by) => {
          const parts = reduced(list).map((part) => part * by);
          const maybe = (lead: number, id: number): boolean => ((may[lead] ?? 0) >> (id - 1)) % 2 === 0;
          expect(order(parts, may.length, quick, maybe)).toEqual(order(parts, may.length, plainly, maybe));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells levels apart that single and double precision hold for equal', () => {
    const near = sharesOf([99.999998, 99.999999].map(wholeWeight));
    expect(Math.fround(2520 * near[0]!.weight)).toBe(Math.fround(2520 * near[1]!.weight));
    expect(chooseWeighted(near, near)).toEqual({ id: 2, tie: 'rank' });

    const [heavy, light] = [9_999_999_999, 9_999_999_998];
    const half = UNITS / 2;
    const pair: Share[] = [
      { id: 1, weight: light, given: 9_999_999_999 - half, last: 0, place: 0 },
      { id: 2, weight: heavy, given: 10_000_000_000 - half, last: 0, place: 1 },
    ];
    expect((pair[0]!.given + half) * heavy).toBe((pair[1]!.given + half) * light);
    expect(Math.sign(compareLevel(pair[1]!, pair[0]!))).toBe(-1);
    expect(chooseWeighted(pair, pair)).toEqual({ id: 2, tie: 'rank' });
  });

  it('balances values by such weights as well', () => {
    const leads = many(2, () => ({ value: 1 }));
    const people = [person(1), person(2)];
    const list = [99.999998, 99.999999];
    const seats = people.map(({ id }, index) => seat(id, 1, { weight: wholeWeight(list[index]!) }));
    const routed = route({ policy: { rules: [rule({ ranking: 'quality-balanced' })] }, people, weights: list, leads, seats });
    expect(owners(routed, leads)).toEqual([2, 1]);
  });

  it('stores the weight a start level was made with, to its last decimal', () => {
    const people = [person(1), person(2)];
    const routed = route({
      policy: { rules: [rule()] },
      people,
      weights: [0.000001, 9999.999999],
      leads: many(3),
      seats: [seat(1, 0, { given: null, weight: null }), seat(2, 0, { given: null, weight: null })],
    });
    expect(routed.changes.map((change) => change.weight / WEIGHT_PARTS)).toEqual([0.000001, 9999.999999]);
  });
});

describe('exact arithmetic', () => {
  const whole = fc.oneof(
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.integer({ min: 0, max: 3_000_000_000 }),
    fc.integer({ min: 0, max: 100 }),
  );
  const sign = (value: bigint): number => (value === 0n ? 0 : value < 0n ? -1 : 1);

  it('compares products of any size, equal ones and those that differ by one', () => {
    fc.assert(
      fc.property(whole, whole, whole, whole, (a, b, c, d) => {
        expect(compareProducts(a, b, c, d)).toBe(sign(BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d)));
        expect(compareProducts(a, b, b, a)).toBe(0);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER - 1 }), (n) => {
        // (n − 1)(n + 1) = n² − 1
        expect(compareProducts(n - 1, n + 1, n, n)).toBe(-1);
        expect(compareProducts(n, n, n - 1, n + 1)).toBe(1);
      }),
    );
  });

  it('divides products upwards and downwards as big integers do', () => {
    const over = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(whole, whole, whole, whole, over, (a, b, c, d, by) => {
        expect(floorOver(a, b, by)).toBe(Number((BigInt(a) * BigInt(b)) / BigInt(by)));
        const rest = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d);
        const up = rest / BigInt(by) + (rest % BigInt(by) > 0n ? 1n : 0n);
        expect(ceilOver(a, b, c, d, by) === Number(up)).toBe(true);
      }),
    );
  });

  it('finds what numbers have in common, nothing included', () => {
    expect([commonDivisor([100, 250, 0]), commonDivisor([]), commonDivisor([0, 0]), commonDivisor([7, 3])]).toEqual([50, 1, 1, 1]);
  });

  it('goes from one deadline to the next without dividing, and meets every one', () => {
    const part = fc.record({ given: fc.integer({ min: 0, max: 40 * UNITS }), weight: fc.integer({ min: 1, max: 2_000_000_000_000 }) });
    const small = fc.record({
      given: fc.integer({ min: 0, max: 9 }).map((leads) => leads * UNITS),
      weight: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.oneof(fc.tuple(part, part), fc.tuple(small, small)), ([own, others]) => {
        const all: Part = { given: own.given + others.given, weight: own.weight + others.weight };
        for (const count of [0, 1, 2, 9]) expect(dueIn(own, all, count) === exactlyDueIn(own, all, count)).toBe(true);
        const first = dueIn(own, all, 1);
        if (first < 1) return;
        const due = new Int32Array(200);
        countDue(due, own, all, first);
        const expected = new Int32Array(200);
        for (let count = 1, at = first; at < 200; count += 1, at = exactlyDueIn(own, all, count)) expected[at]! += 1;
        expect([...due]).toEqual([...expected]);
      }),
    );
  });

  it('keeps six decimals of a weight and two of a factor, and says which numbers are finer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), fc.integer({ min: 50, max: 200 }), (millionths, hundredths) => {
        const entered = Number((millionths / 1e6).toFixed(6));
        expect(wholeWeight(entered)).toBe(millionths * 100);
        expect(hasDecimals(entered, 6)).toBe(true);
        expect(timesFactor(wholeWeight(entered), hundredths / 100)).toBe(millionths * hundredths);
      }),
    );
    for (const finer of [1 / 3, 0.0000001, 33.3333333, 9999.9999991]) expect(hasDecimals(finer, 6)).toBe(false);
    expect([-1, 0, Number.NaN, Number.POSITIVE_INFINITY].map(wholeWeight)).toEqual([0, 0, 0, 10_000 * WEIGHT_PARTS]);
  });
});
