import type { Sql } from '@leadsea/crm-core';
import type { FactAxis, GradingModel } from '../../../contracts';
import { branchesOf, factRules } from '../domain/fit';
import type { Branch } from '../domain/fit';
import { int, join, raw, sql } from './fragments';

/** Compiles one condition over the lead alias in use. */
export type Compile = (when: Branch['when']) => Sql;

/** The value `then` of the first branch that holds, else 0. */
export const firstOf = (branches: readonly Branch[], compile: Compile, then: (branch: Branch, index: number) => Sql): Sql => {
  if (branches.length === 0) return int(0);
  const arms = branches.map((branch, index) => sql`WHEN (${compile(branch.when)}) THEN ${then(branch, index)}`);
  return sql`CASE ${join(arms, ' ')} ELSE 0 END`;
};

/** `int2[]`: per rule of fit and intent the number of the branch that holds, 0 for none. */
export function branchArraySql(model: GradingModel, compile: Compile): Sql {
  const items = factRules(model).map((rule) => firstOf(branchesOf(rule), compile, (_, index) => int(index + 1)));
  return sql`ARRAY[${join(items, ', ')}]::int2[]`;
}

/** The score of fit or intent as one integer expression, group and axis caps applied: the bulk twin of `axisScore`. */
export function axisScoreSql(axis: FactAxis, compile: Compile): Sql {
  const caps = new Map(axis.groups.map((group) => [group.key, group.cap]));
  const groups = new Map<string, Sql[]>();
  for (const rule of axis.rules) {
    const group = rule.group ?? '';
    const points = firstOf(branchesOf(rule), compile, (branch) => int(branch.points));
    groups.set(group, [...(groups.get(group) ?? []), points]);
  }
  const sums = [...groups].map(([group, parts]) => {
    const cap = caps.get(group);
    const sum = join(parts, ' + ');
    return cap === undefined ? sql`(${sum})` : sql`least(${cap}, ${sum})`;
  });
  return sql`least(${axis.cap}, ${sums.length === 0 ? raw('0') : join(sums, ' + ')})`;
}

/** `int2[]`: 1 per disqualifying condition that holds. */
export const disqualifyArraySql = (model: GradingModel, compile: Compile): Sql =>
  sql`ARRAY[${join(
    model.disqualify.map((rule) => sql`CASE WHEN (${compile(rule.when)}) THEN 1 ELSE 0 END`),
    ', ',
  )}]::int2[]`;

/** Whether any disqualifying condition holds. */
export const disqualifiedSql = (model: GradingModel, compile: Compile): Sql =>
  model.disqualify.length === 0
    ? raw('FALSE')
    : sql`coalesce(${join(
        model.disqualify.map((rule) => sql`(${compile(rule.when)})`),
        ' OR ',
      )}, FALSE)`;
