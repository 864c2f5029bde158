import type { GradingModel } from '../../../contracts';

/** With fewer leads than this a rank says nothing; the model's own limits hold. */
export const LEAST_RANKED = 30;

/** Limits in points that a ranking came to. */
export interface Cuts {
  readonly letters: GradingModel['thresholds']['letters'];
  readonly numbers: GradingModel['thresholds']['numbers'];
}

/** Each limit at least one point below the one before, and none at or below `least`: nobody is a 1 for doing nothing. */
function falling(values: readonly number[], least: number): readonly [number, number, number] {
  const [a = least, b = least, c = least] = values;
  const third = Math.max(least, c);
  const second = Math.max(third + 1, b);
  return [Math.max(second + 1, a), second, third];
}

/** Limits from the points that the best so many per cent have; null when there are too few leads. */
export function cutsOf(leads: number, letters: readonly number[], numbers: readonly number[]): Cuts | null {
  if (leads < LEAST_RANKED) return null;
  const [A, B, C] = falling(letters, -100_000);
  const [one, two, three] = falling(numbers, 1);
  return { letters: { A, B, C }, numbers: { 1: one, 2: two, 3: three } };
}

export const withLimits = (model: GradingModel, { letters, numbers }: Cuts): GradingModel => ({
  ...model,
  thresholds: { ...model.thresholds, letters, numbers },
});
