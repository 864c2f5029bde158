/** Durations are counted in buckets a quarter of a power of two wide, so that a median over a million moves is a sum over a few rows. */
const PER_DOUBLING = 4;

/** The SQL of the bucket of a duration in seconds; below one second counts as one, NULL stays NULL. */
export const bucketSql = (seconds: string): string => `floor(ln(greatest(${seconds}, 1)) / ln(2) * ${PER_DOUBLING})::int`;

export const bucketOf = (seconds: number): number => Math.floor(Math.log2(Math.max(seconds, 1)) * PER_DOUBLING);

const lowest = (bucket: number): number => 2 ** (bucket / PER_DOUBLING);

/** The median in seconds, exact to the width of a bucket (19 %); null without any. Takes bucket → count. */
export function medianOf(buckets: ReadonlyMap<number, number>): number | null {
  const total = [...buckets.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [bucket, count] of [...buckets].sort(([a], [b]) => a - b)) {
    if (before + count >= total / 2) {
      const part = (total / 2 - before) / count;
      return Math.round(lowest(bucket) + (lowest(bucket + 1) - lowest(bucket)) * part);
    }
    before += count;
  }
  return null;
}
