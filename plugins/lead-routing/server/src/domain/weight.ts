import { MAX_WEIGHT, WEIGHT_DECIMALS } from '../../../contracts';

/**
 * A weight of 1 in whole parts. Weights have at most six decimals and factors of performance two, so a weight and its product with a factor are
 * whole numbers of parts: nothing of what somebody entered is rounded.
 */
export const WEIGHT_PARTS = 100_000_000;

const FINEST = 10 ** WEIGHT_DECIMALS;
const PER_FINEST = WEIGHT_PARTS / FINEST;

/**
 * `weight` in whole parts: six decimals of it. Policies hold no finer ones; those of an implementer's destination are rounded here, and what is
 * no number above 0 is no weight.
 */
export const wholeWeight = (weight: number): number => (weight > 0 ? Math.round(Math.min(weight, MAX_WEIGHT) * FINEST) * PER_FINEST : 0);

/** A weight in parts times a factor of two decimals (R-57 `performance_weighted`): exact, since parts of entered weights end in two zeros. */
export const timesFactor = (parts: number, factor: number): number => Math.round((parts * Math.round(factor * 100)) / 100);

/** True when a number has no more decimals than that. The quotient is the double nearest to the decimal number, as is what was read from text. */
export const hasDecimals = (value: number, decimals: number): boolean => Math.round(value * 10 ** decimals) / 10 ** decimals === value;
