/**
 * Arithmetic of whole numbers that never rounds. Plain numbers are used as long as every step is exact in them (below 2^53), which it is for
 * everyday weights; larger products are made of big integers.
 */

/** Whether a number that was computed is surely what it should be: rounding begins beyond. */
export const isExact = (value: number): boolean => value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER;

/**
 * Sign of a·b − c·d for whole numbers of any size that are exact themselves. A rounded product keeps its order, so two products that differ as
 * numbers differ the same way in truth; only equal ones beyond 2^53 must be looked at more closely.
 */
export function compareProducts(a: number, b: number, c: number, d: number): -1 | 0 | 1 {
  const one = a * b;
  const other = c * d;
  if (one !== other) return one < other ? -1 : 1;
  if (isExact(one)) return 0;
  const rest = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d);
  return rest === 0n ? 0 : rest < 0n ? -1 : 1;
}

/** ⌈(a·b − c·d) / over⌉ for whole numbers, `over` positive. */
export function ceilOver(a: number, b: number, c: number, d: number, over: number): number {
  const one = a * b;
  const other = c * d;
  if (isExact(one) && isExact(other) && isExact(one - other)) return Math.ceil((one - other) / over);
  const [rest, by] = [BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d), BigInt(over)];
  // Division of big integers cuts off towards zero.
  return Number(rest / by + (rest % by > 0n ? 1n : 0n));
}

/** ⌊a·b / over⌋ for whole numbers, `a` and `b` not negative, `over` positive. */
export function floorOver(a: number, b: number, over: number): number {
  const product = a * b;
  return isExact(product) ? Math.floor(product / over) : Number((BigInt(a) * BigInt(b)) / BigInt(over));
}

/** Greatest common divisor of whole numbers that are not negative; 1 when all are 0. */
export function commonDivisor(values: readonly number[]): number {
  let divisor = 0;
  for (const value of values) {
    let [a, b] = [divisor, value];
    while (b > 0) [a, b] = [b, a % b];
    divisor = a;
    if (divisor === 1) return 1;
  }
  return divisor === 0 ? 1 : divisor;
}
