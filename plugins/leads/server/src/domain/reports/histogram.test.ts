import fc from 'fast-check';
import { bucketOf, medianOf } from './histogram';

const counted = (seconds: readonly number[]): Map<number, number> => {
  const buckets = new Map<number, number>();
  for (const one of seconds) buckets.set(bucketOf(one), (buckets.get(bucketOf(one)) ?? 0) + 1);
  return buckets;
};

test('there is no median of nothing', () => {
  expect(medianOf(new Map())).toBeNull();
});

test.each([
  [[60], 60],
  [[0, 0, 0], 1],
  [[60, 3600, 86_400], 3600],
  [[600, 600, 600, 864_000], 600],
])('the median of %p is close to %d', (seconds, wanted) => {
  const median = medianOf(counted(seconds))!;
  expect(median / wanted).toBeGreaterThan(0.84);
  expect(median / wanted).toBeLessThan(1.19);
});

test('the median lies within one bucket of the true one, whatever the durations', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50_000_000 }), { minLength: 1, maxLength: 99 }), (seconds) => {
      const sorted = [...seconds].sort((a, b) => a - b);
      const low = sorted[Math.ceil(sorted.length / 2) - 1]!;
      const median = medianOf(counted(seconds))!;
      expect(median).toBeGreaterThanOrEqual(Math.floor(low * 0.84));
      expect(median).toBeLessThanOrEqual(Math.ceil(low * 1.19));
    }),
  );
});
