/** A number that was counted, or estimated from a sample with how far it may be off. */
export interface Estimate {
  readonly value: number;
  /** In 95 of 100 samples the true number is no further away than this; 0 = counted. */
  readonly margin: number;
}

const Z95 = 1.96;
/** Rule of three: of what none was seen among n there may be up to 3 in n all the same. */
const UNSEEN = 3;

/**
 * What `hits` among `looked` leads, drawn at random, say about all `total` (normal approximation with the correction for a finite number,
 * rule of three at both ends).
 */
export function estimateOf(hits: number, looked: number, total: number): Estimate {
  if (looked >= total || looked === 0) return { value: hits, margin: 0 };
  const share = hits / looked;
  const spread = Z95 * Math.sqrt((share * (1 - share) * (total - looked)) / (looked * (total - 1)));
  const atEnds = hits === 0 || hits === looked ? UNSEEN / looked : 0;
  return { value: Math.round(share * total), margin: Math.min(total, Math.ceil(Math.max(spread, atEnds) * total)) };
}
