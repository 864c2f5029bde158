/** A fitted logistic regression over yes-or-no features. */
export interface Logistic {
  readonly intercept: number;
  readonly weights: readonly number[];
  readonly iterations: number;
}

const MAX_ITERATIONS = 40;
const TOLERANCE = 1e-8;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Chance of winning of a lead with these features. */
export const chanceOf = (model: Logistic, row: readonly number[]): number =>
  sigmoid(row.reduce((sum, index) => sum + (model.weights[index] ?? 0), model.intercept));

/** Solves A·x = b for a symmetric positive definite A, given as rows; A is not changed. */
export function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const factor = a.map((row) => Float64Array.from(row));
  const at = (i: number, j: number): number => factor[i]?.[j] ?? 0;
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = at(i, j);
      for (let k = 0; k < j; k += 1) sum -= at(i, k) * at(j, k);
      const row = factor[i];
      if (row) row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] ?? 0) - at(i, k) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) x[i] = (x[i] ?? 0) - at(k, i) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  return x;
}

/**
 * L2-regularised logistic regression by Newton's method. The penalty `lambda · w²/2` leaves the intercept free, so a feature nobody has
 * gets weight 0 and two features that always come together share what they tell.
 * @param rows per lead the indexes of the features it has
 * @param count how many features there are
 */
export function fitLogistic(rows: readonly (readonly number[])[], won: readonly boolean[], count: number, lambda: number): Logistic {
  // The last unknown is the intercept.
  const size = count + 1;
  const w = new Float64Array(size);
  const wins = won.filter(Boolean).length;
  w[count] = Math.log((wins + 0.5) / (rows.length - wins + 0.5));
  let iterations = 0;
  for (; iterations < MAX_ITERATIONS; iterations += 1) {
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    rows.forEach((row, lead) => addLead(gradient, hessian, row, won[lead] === true, w, count));
    for (let index = 0; index < count; index += 1) {
      gradient[index] = (gradient[index] ?? 0) - lambda * (w[index] ?? 0);
      const own = hessian[index];
      if (own) own[index] = (own[index] ?? 0) + lambda;
    }
    for (let i = 0; i < size; i += 1) for (let j = 0; j < i; j += 1) hessian[i]![j] = hessian[j]?.[i] ?? 0;
    const step = solve(hessian, gradient);
    let largest = 0;
    for (let index = 0; index < size; index += 1) {
      w[index] = (w[index] ?? 0) + (step[index] ?? 0);
      largest = Math.max(largest, Math.abs(step[index] ?? 0));
    }
    if (largest < TOLERANCE) break;
  }
  return { intercept: w[count] ?? 0, weights: [...w.subarray(0, count)], iterations };
}

/** Adds one lead to the gradient and to the upper half of the Hessian; features are ascending, the intercept comes last. */
function addLead(
  gradient: Float64Array,
  hessian: Float64Array[],
  row: readonly number[],
  won: boolean,
  w: Float64Array,
  count: number,
): void {
  let x = w[count] ?? 0;
  for (const index of row) x += w[index] ?? 0;
  const p = sigmoid(x);
  const error = (won ? 1 : 0) - p;
  const weight = Math.max(p * (1 - p), 1e-9);
  const all = [...row, count];
  all.forEach((i, position) => {
    gradient[i] = (gradient[i] ?? 0) + error;
    const line = hessian[i];
    if (!line) return;
    for (let other = position; other < all.length; other += 1) {
      const j = all[other] ?? 0;
      line[j] = (line[j] ?? 0) + weight;
    }
  });
}
