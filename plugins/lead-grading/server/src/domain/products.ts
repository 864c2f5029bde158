import type { FitRule, GradingModel, Products } from '../../../contracts';
import { ROUND_SLACK } from './decay';
import { branchesOf } from './fit';

/** What of a lead's products is stored: columns product_scores, product_score, top_product. */
export interface ProductGrade {
  /** Product → score, those above zero only; null when the model scores no products. */
  readonly scores: Readonly<Record<string, number>> | null;
  /** The best, the sum or the weighted mean, as the model says; null when it scores no products. */
  readonly overall: number | null;
  /** The product with the highest score, of equals the first of the list; null when all are at zero. */
  readonly top: string | null;
}

export const NO_PRODUCTS: ProductGrade = { scores: null, overall: null, top: null };

/** The rules of all products, product after product: `taken` follows this order. */
export const productRules = (model: GradingModel): readonly FitRule[] => (model.products?.list ?? []).flatMap(({ rules }) => rules);

/** Points of each product's own rules when branch number `taken[i]` of rule i holds (1-based, 0 = none). */
export function productPoints(products: Products, taken: readonly number[]): readonly number[] {
  let position = 0;
  return products.list.map(({ rules }) =>
    rules.reduce((sum, rule) => {
      const branch = branchesOf(rule)[(taken[position] ?? 0) - 1];
      position += 1;
      return sum + (branch?.points ?? 0);
    }, 0),
  );
}

function overallOf({ list, overall, cap }: Products, scores: readonly number[]): number {
  switch (overall) {
    case 'max':
      return Math.max(0, ...scores);
    case 'sum':
      return Math.min(
        cap,
        scores.reduce((sum, score) => sum + score, 0),
      );
    case 'weighted': {
      const weights = list.reduce((sum, product) => sum + product.weight, 0);
      const sum = list.reduce((total, product, index) => total + product.weight * (scores[index] ?? 0), 0);
      return weights === 0 ? 0 : Math.floor(sum / weights + 0.5);
    }
  }
}

/**
 * Scores of the products of one lead: engagement with each (`values`, decayed, as `evaluateEngagement` gives it) plus the points of its own
 * rules, nearest integer, from 0 to the cap.
 */
export function gradeProducts(products: Products, values: readonly number[], taken: readonly number[]): ProductGrade {
  const points = productPoints(products, taken);
  const scores = products.list.map((_, index) =>
    Math.min(products.cap, Math.floor(Math.max(0, (values[index] ?? 0) + (points[index] ?? 0)) + 0.5 + ROUND_SLACK)),
  );
  const best = Math.max(0, ...scores);
  return {
    scores: Object.fromEntries(products.list.flatMap(({ key }, index) => ((scores[index] ?? 0) > 0 ? [[key, scores[index] ?? 0]] : []))),
    overall: overallOf(products, scores),
    top: best === 0 ? null : (products.list[scores.indexOf(best)]?.key ?? null),
  };
}

/** Whether two stored forms say the same; the order of keys says nothing. */
export function sameScores(a: unknown, b: ProductGrade['scores']): boolean {
  if (a === null || a === undefined || b === null) return (a ?? null) === b;
  const entries = Object.entries(a as Readonly<Record<string, number>>);
  return entries.length === Object.keys(b).length && entries.every(([key, score]) => b[key] === score);
}
