import type { Condition } from '@leadsea/crm-core';
import type { FitRule, GradingModel } from '../../../contracts';

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
  }
}

/** What each rule gives when branch number `taken[i]` of rule i holds (1-based, 0 = none). */
export const fitPoints = (model: GradingModel, taken: readonly number[]): readonly number[] =>
  model.fit.rules.map((rule, index) => branchesOf(rule)[(taken[index] ?? 0) - 1]?.points ?? 0);

/** §6 order: sum of each group up to its cap, then of all up to the axis cap. Not floored: a bad fit is below zero, the total is floored. */
export function fitScore(model: GradingModel, points: readonly number[]): number {
  const caps = new Map(model.fit.groups.map((group) => [group.key, group.cap]));
  const sums = new Map<string, number>();
  model.fit.rules.forEach((rule, index) => {
    const group = rule.group ?? '';
    sums.set(group, (sums.get(group) ?? 0) + (points[index] ?? 0));
  });
  let total = 0;
  for (const [group, sum] of sums) total += Math.min(sum, caps.get(group) ?? sum);
  return Math.min(total, model.fit.cap);
}
