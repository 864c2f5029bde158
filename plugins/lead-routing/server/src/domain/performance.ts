/** So many leads of average success are added to everybody's record, so that few leads say little. */
export const SHRINKAGE = 20;
const LEAST = 0.5;
const MOST = 2;

/**
 * the shrunken conversion rate (won + k·p)/(n + k) against the group's own p, bounded to [0.5, 2]. Everybody is average where nobody
 * has succeeded yet.
 */
export function performanceFactor(
  record: { readonly won: number; readonly received: number },
  average: number,
  shrinkage: number = SHRINKAGE,
): number {
  if (average <= 0) return 1;
  const rate = (record.won + shrinkage * average) / (record.received + shrinkage);
  return Math.round(Math.min(MOST, Math.max(LEAST, rate / average)) * 100) / 100;
}
