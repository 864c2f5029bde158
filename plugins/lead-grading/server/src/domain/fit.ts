import type { Condition } from '@leadsea/crm-core';
import type { FactAxis, FitRule, GradingModel } from '../../../contracts';

/** One way in which a rule gives points. Of a rule's branches the first that holds counts. */
export interface Branch {
  readonly points: number;
  readonly when: Condition;
}

const single = (field: string, operator: string, value: unknown): Condition => ({ combinator: 'and', rules: [{ field, operator, value }] });

/** Values that give the same points become one branch. JSON keeps keys as text, so `true` and numbers are compared as the fact's type asks. */
function valueBranches(rule: Extract<FitRule, { type: 'values' }>): Branch[] {
  const byPoints = new Map<number, string[]>();
  for (const [value, points] of Object.entries(rule.values)) byPoints.set(points, [...(byPoints.get(points) ?? []), value]);
  const branches = [...byPoints].map(([points, values]): Branch => ({ points, when: single(rule.field, rule.operator, values) }));
  if (rule.otherwise === undefined) return branches;
  return [...branches, { points: rule.otherwise, when: { combinator: 'and', rules: [{ field: rule.field, operator: 'notNull' }] } }];
}

function bandBranches(rule: Extract<FitRule, { type: 'bands' }>): Branch[] {
  return rule.bands.map(({ from, to, points }) => ({
    points,
    when: {
      combinator: 'and',
      rules: [
        { field: rule.field, operator: 'notNull' },
        ...(from === undefined ? [] : [{ field: rule.field, operator: '>=', value: from }]),
        ...(to === undefined ? [] : [{ field: rule.field, operator: '<', value: to }]),
      ],
    },
  }));
}

/** Best row first, so that the first that holds is the best one that does. */
function frequencyBranches(rule: Extract<FitRule, { type: 'frequency' }>): Branch[] {
  const { kind, match, product } = rule;
  return [...rule.rows]
    .sort((a, b) => b.points - a.points)
    .map(({ min, within, points }) => ({
      points,
      when: {
        combinator: 'and',
        rules: [
          {
            field: 'behaviour.count',
            operator: '>=',
            value: min,
            args: { kind, ...(match ? { match } : {}), ...(product ? { product } : {}), ...(within ? { within } : {}) },
          },
        ],
      },
    }));
}

const known = new WeakMap<FitRule, readonly Branch[]>();

/** Every fit rule as branches of conditions: what the compiler turns into one CASE. Kept per rule, as it is asked for once per lead. */
export function branchesOf(rule: FitRule): readonly Branch[] {
  const branches = known.get(rule) ?? makeBranches(rule);
  known.set(rule, branches);
  return branches;
}

function makeBranches(rule: FitRule): readonly Branch[] {
  switch (rule.type) {
    case 'condition':
      return [{ points: rule.points, when: rule.when }];
    case 'values':
      return valueBranches(rule);
    case 'bands':
      return bandBranches(rule);
    case 'frequency':
      return frequencyBranches(rule);
  }
}

/** The rules of a model that hold or do not hold: those of fit, then those of intent. `taken` follows this order. */
export const factRules = (model: GradingModel): readonly FitRule[] =>
  model.intent ? [...model.fit.rules, ...model.intent.rules] : model.fit.rules;

/** What each rule of fit and intent gives when branch number `taken[i]` of rule i holds (1-based, 0 = none). */
export const factPoints = (model: GradingModel, taken: readonly number[]): readonly number[] =>
  factRules(model).map((rule, index) => branchesOf(rule)[(taken[index] ?? 0) - 1]?.points ?? 0);

/** The part of `factPoints` that belongs to fit. */
export const fitPoints = (model: GradingModel, taken: readonly number[]): readonly number[] =>
  factPoints(model, taken).slice(0, model.fit.rules.length);

/** §6 order: sum of each group up to its cap, then of all up to the axis cap. Not floored: a bad fit is below zero, the total is floored. */
export function axisScore(axis: FactAxis, points: readonly number[]): number {
  const caps = new Map(axis.groups.map((group) => [group.key, group.cap]));
  const sums = new Map<string, number>();
  axis.rules.forEach((rule, index) => {
    const group = rule.group ?? '';
    sums.set(group, (sums.get(group) ?? 0) + (points[index] ?? 0));
  });
  let total = 0;
  for (const [group, sum] of sums) total += Math.min(sum, caps.get(group) ?? sum);
  return Math.min(total, axis.cap);
}

export const fitScore = (model: GradingModel, points: readonly number[]): number => axisScore(model.fit, points);

/** Intent of a lead from `factPoints`; null when the model has no such axis. */
export const intentScore = (model: GradingModel, points: readonly number[]): number | null =>
  model.intent ? axisScore(model.intent, points.slice(model.fit.rules.length)) : null;
