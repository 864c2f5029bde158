import type { Condition, ConditionRule } from '@leadsea/crm-core';
import type { GradingModel } from '../../../contracts';
import { branchesOf } from './fit';
import { durationMs } from './window';

/** Every row of a condition tree. */
export const rulesOf = (condition: Condition): readonly ConditionRule[] =>
  condition.rules.flatMap((rule) => ('rules' in rule ? rulesOf(rule) : [rule]));

/** Facts a condition reads, operands included. */
export function fieldsOf(condition: Condition): readonly string[] {
  const fields = rulesOf(condition).flatMap((rule) => {
    const operand = rule.value;
    const other =
      rule.valueSource === 'field' && typeof operand === 'string'
        ? [operand]
        : operand !== null && typeof operand === 'object' && 'field' in operand && typeof operand.field === 'string'
          ? [operand.field]
          : [];
    return [rule.field, ...other];
  });
  return [...new Set(fields)];
}

/** All conditions of a model with the path of each, for lint. */
export function conditionsOf(model: GradingModel): readonly { readonly path: string; readonly condition: Condition }[] {
  return [
    ...(model.appliesTo ? [{ path: 'appliesTo', condition: model.appliesTo }] : []),
    ...model.fit.rules.flatMap((rule, index) => branchesOf(rule).map(({ when }) => ({ path: `fit.rules.${index}`, condition: when }))),
    ...(model.intent?.rules ?? []).flatMap((rule, index) =>
      branchesOf(rule).map(({ when }) => ({ path: `intent.rules.${index}`, condition: when })),
    ),
    ...(model.products?.list ?? []).flatMap((product, place) =>
      product.rules.flatMap((rule, index) =>
        branchesOf(rule).map(({ when }) => ({ path: `products.list.${place}.rules.${index}`, condition: when })),
      ),
    ),
    ...model.disqualify.map((rule, index) => ({ path: `disqualify.${index}.when`, condition: rule.when })),
  ];
}

export interface BehaviourWindow {
  readonly kind: string | null;
  readonly ms: number;
}

/** Windows of behaviour conditions (`args.within`): when an engagement leaves one, a fit rule may stop holding without any change. */
export function windowsOf(model: GradingModel): readonly BehaviourWindow[] {
  const windows = new Map<string, BehaviourWindow>();
  for (const { condition } of conditionsOf(model)) {
    for (const { args } of rulesOf(condition)) {
      const ms = typeof args?.['within'] === 'string' ? durationMs(args['within']) : null;
      if (ms === null) continue;
      const kind = typeof args?.['kind'] === 'string' ? args['kind'] : null;
      windows.set(`${kind ?? ''} ${ms}`, { kind, ms });
    }
  }
  return [...windows.values()];
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The column of crm_leads a fact is read from; null when it comes from elsewhere (account, behaviour). */
export function columnOf(field: string, row: Readonly<Record<string, unknown>>): string | null {
  const [subject, name, more] = field.split('.');
  if (subject !== 'lead' || name === undefined) return null;
  if (name === 'custom' && more !== undefined) return 'custom';
  const column = snake(name);
  return column in row ? column : `${column}_id` in row ? `${column}_id` : null;
}

/** Value of a fact as the row holds it; undefined when the row does not hold it. */
export function factValue(field: string, row: Readonly<Record<string, unknown>>): unknown {
  const column = columnOf(field, row);
  if (column === null) return undefined;
  if (column !== 'custom') return row[column] ?? null;
  const custom = row['custom'];
  const key = field.split('.').slice(2).join('.');
  return custom !== null && typeof custom === 'object' ? ((custom as Readonly<Record<string, unknown>>)[key] ?? null) : null;
}
