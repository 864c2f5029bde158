import { flamesOf, LEAST_PLACED, places, starsOf } from './standing';

/** One lead at each of so many values. */
const each = (count: number, value = (index: number): number => index + 1) =>
  Array.from({ length: count }, (_, index) => ({ value: value(index), leads: 1 }));
const starOf = (counts: Parameters<typeof starsOf>[0], value: number): number | undefined => starsOf(counts).get(value);
const flameOf = (counts: Parameters<typeof flamesOf>[0], value: number): number | undefined => flamesOf(counts).get(value);

describe('the place among the others', () => {
  test('those with the same value share the middle of their ranks', () => {
    const counts = [
      { value: 30, leads: 1 },
      { value: 10, leads: 2 },
      { value: 20, leads: 1 },
    ];
    expect([...places(counts)]).toEqual([
      [10, 0.25],
      [20, 0.625],
      [30, 0.875],
    ]);
  });
  test('all equal are all in the middle', () => {
    expect(places([{ value: 50, leads: 40 }]).get(50)).toBe(0.5);
  });
});

describe('stars', () => {
  test('with thirty leads the best tenth has five, however few points it has', () => {
    const counts = each(LEAST_PLACED);
    expect([30, 28, 27, 22, 21, 13, 12, 5, 4, 1].map((value) => starOf(counts, value))).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
  });
  test('with one fewer they go by points', () => {
    const counts = each(LEAST_PLACED - 1);
    expect([29, 20, 19, 1].map((value) => starOf(counts, value))).toEqual([2, 2, 1, 1]);
    const few = [80, 79, 60, 59, 40, 20, 19].map((value) => ({ value, leads: 1 }));
    expect(few.map(({ value }) => starOf(few, value))).toEqual([5, 4, 4, 3, 3, 2, 1]);
  });
  test('thirty leads of one score are neither good nor bad', () => {
    expect(starOf([{ value: 95, leads: 30 }], 95)).toBe(3);
  });
});

describe('flames', () => {
  test('who did not rise has none, also among many who fell', () => {
    const counts = [{ value: -20, leads: 100 }, { value: 0, leads: 100 }, ...each(LEAST_PLACED)];
    expect([-20, 0].map((value) => flameOf(counts, value))).toEqual([0, 0]);
  });
  test('of thirty that rose the steepest tenth has three', () => {
    const counts = each(LEAST_PLACED);
    expect([30, 28, 27, 19, 18, 1].map((value) => flameOf(counts, value))).toEqual([3, 3, 2, 2, 1, 1]);
  });
  test('of fewer that rose they go by points, however many did not', () => {
    const counts = [{ value: 0, leads: 500 }, ...[1, 9, 10, 19, 20].map((value) => ({ value, leads: 1 }))];
    expect([1, 9, 10, 19, 20].map((value) => flameOf(counts, value))).toEqual([1, 1, 2, 2, 3]);
  });
});
