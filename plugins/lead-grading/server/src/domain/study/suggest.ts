import type { LocalisedText } from '@leadsea/crm-core';
import type { FitRule, GradingModel } from '../../../../contracts';
import type { Feature } from './features';
import type { Logistic } from './logistic';

/** Fewer outcomes than this of either kind teach nothing that holds. */
export const LEAST_OUTCOMES = 40;
/** Points between the leads that are better than one in twenty and those better than nineteen in twenty. */
const SPREAD = 80;
const FIRST = 10;

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
};

const keyOf = (field: string): string =>
  field
    .replace(/^lead\.(custom\.)?/, '')
    .replace(/[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 55) || 'rule';

interface Weighted {
  readonly feature: Feature;
  readonly points: number;
}

/** One rule per fact. A band or value that would give nothing is left out; so is a rule without any points. */
function ruleOf(field: string, parts: readonly Weighted[], key: string, label: LocalisedText, list: boolean): FitRule | null {
  const counting = parts.filter(({ points }) => points !== 0);
  const [first] = counting;
  if (!first) return null;
  const base = { key, label };
  if (first.feature.type === 'often') {
    const rows = counting.flatMap(({ feature, points }) => (feature.type === 'often' ? [{ min: feature.min, points }] : []));
    return { ...base, type: 'frequency', kind: field.replace('behaviour.', ''), rows };
  }
  if (first.feature.type === 'filled')
    return { ...base, type: 'condition', points: first.points, when: { combinator: 'and', rules: [{ field, operator: 'notNull' }] } };
  if (first.feature.type === 'band') {
    const bands = counting.flatMap(({ feature, points }) =>
      feature.type === 'band'
        ? [{ ...(feature.from === null ? {} : { from: feature.from }), ...(feature.to === null ? {} : { to: feature.to }), points }]
        : [],
    );
    return { ...base, type: 'bands', field, bands };
  }
  // A value whose points round to nothing is listed all the same, so that it is not taken for one of the others.
  const values = Object.fromEntries(parts.flatMap(({ feature, points }) => (feature.type === 'value' ? [[feature.value, points]] : [])));
  const otherwise = parts.find(({ feature }) => feature.type === 'other')?.points;
  return { ...base, type: 'values', field, operator: list ? 'hasAny' : 'in', values, ...(otherwise ? { otherwise } : {}) };
}

export interface Suggestion {
  readonly rules: readonly FitRule[];
  readonly letters: { readonly A: number; readonly B: number; readonly C: number };
  /** Per feature the points it became. */
  readonly points: readonly number[];
}

/**
 * Turns the weights of a regression into points: so many per unit that ninety per cent of the leads lie within 80 points, a rule without
 * conditions putting the worst of them at 10. Frequencies are cumulative in the regression (at least three is also at least one), best row
 * wins in the model, so their points are summed up. A B C begin at the best 20, 50 and 80 per cent.
 */
export function suggestRules(
  logistic: Logistic,
  features: readonly Feature[],
  rows: readonly (readonly number[])[],
  words: { readonly labelOf: (field: string) => LocalisedText; readonly isList: (field: string) => boolean },
): Suggestion {
  const linear = rows.map((row) => row.reduce((sum, index) => sum + (logistic.weights[index] ?? 0), 0));
  const range = quantile(linear, 0.95) - quantile(linear, 0.05);
  const scale = range > 0 ? SPREAD / range : 0;
  const points = features.map((_, index) => Math.round((logistic.weights[index] ?? 0) * scale));
  const sums = rows.map((row) => row.reduce((sum, index) => sum + (points[index] ?? 0), 0));
  const base = FIRST - quantile(sums, 0.05);
  const fields = [...new Set(features.map((feature) => feature.field))];
  const taken = new Set<string>(['base']);
  const unique = (wanted: string): string => {
    let key = wanted;
    for (let count = 2; taken.has(key); count += 1) key = `${wanted}-${count}`;
    taken.add(key);
    return key;
  };
  const rules = fields.flatMap((field): FitRule[] => {
    let sum = 0;
    const parts = features.flatMap((feature, index): Weighted[] => {
      if (feature.field !== field) return [];
      if (feature.type !== 'often') return [{ feature, points: points[index] ?? 0 }];
      sum += points[index] ?? 0;
      return [{ feature, points: sum }];
    });
    const rule = ruleOf(field, parts, unique(keyOf(field)), words.labelOf(field), words.isList(field));
    return rule ? [rule] : [];
  });
  const start: FitRule = {
    type: 'condition',
    key: 'base',
    label: { zh: '起始分', en: 'Starting points' },
    points: base,
    when: { combinator: 'and', rules: [] },
  };
  const limit = (share: number): number => Math.round(quantile(sums, 1 - share) + base);
  const [A, B, C] = [limit(0.2), limit(0.5), limit(0.8)];
  const b = Math.min(B, A - 1);
  return { rules: [start, ...rules], letters: { A, B: b, C: Math.min(C, b - 1) }, points };
}

/** The draft with suggested points for who the lead is. What it does stays as drafted and gives the number; the score follows the suggestion. */
export const withSuggestion = (model: GradingModel, suggestion: Suggestion): GradingModel => ({
  ...model,
  fit: { cap: 100, groups: [], rules: [...suggestion.rules] },
  weights: { fit: 100, engagement: 0, intent: 0 },
  thresholds: { ...model.thresholds, letters: { ...suggestion.letters } },
});
