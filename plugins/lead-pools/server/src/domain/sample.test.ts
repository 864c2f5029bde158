import fc from 'fast-check';
import { estimateOf } from './sample';

test('what was counted in full has no margin', () => {
  expect(estimateOf(37, 500, 500)).toEqual({ value: 37, margin: 0 });
  expect(estimateOf(0, 0, 0)).toEqual({ value: 0, margin: 0 });
});

test('a quarter of 20,000 out of 200,000 is 50,000, give or take 1,139', () => {
  expect(estimateOf(5000, 20_000, 200_000)).toEqual({ value: 50_000, margin: 1139 });
});

test('none seen is not none there, and all seen not all', () => {
  expect(estimateOf(0, 20_000, 200_000)).toEqual({ value: 0, margin: 30 });
  expect(estimateOf(20_000, 20_000, 200_000)).toEqual({ value: 200_000, margin: 30 });
});

test('of samples drawn again and again nearly all have the true number within their margin', () => {
  const [total, looked, share] = [5000, 1000, 0.3];
  const all = Array.from({ length: total }, (_one, index) => index < total * share);
  let within = 0;
  const samples = fc.sample(
    fc.shuffledSubarray(
      all.map((_one, index) => index),
      { minLength: looked, maxLength: looked },
    ),
    { numRuns: 200, seed: 7 },
  );
  for (const drawn of samples) {
    const { value, margin } = estimateOf(drawn.filter((index) => all[index]).length, looked, total);
    if (Math.abs(value - total * share) <= margin) within += 1;
  }
  expect(within).toBeGreaterThanOrEqual(184);
});
