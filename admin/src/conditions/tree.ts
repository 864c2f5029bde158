import type { ConditionGroup, ConditionRule, FactDescription } from '@leadsea/crm-core/contracts/condition';
import { operandShape } from './operators';

export const FACT_GROUPS = ['lead', 'custom', 'account', 'behaviour', 'since', 'other'] as const;
export type FactGroup = (typeof FACT_GROUPS)[number];

/** The heading under which a fact is offered. */
export const groupOf = (key: string): FactGroup => {
  if (key.includes('.custom.')) return 'custom';
  const prefix = key.split('.')[0];
  if (prefix === 'lead' || prefix === 'account' || prefix === 'since') return prefix;
  return prefix === 'behaviour' || prefix === 'activity' ? 'behaviour' : 'other';
};

/** Facts in the order of their headings; inside a heading the catalogue's own order is kept. */
export const orderFacts = (facts: readonly FactDescription[]): FactDescription[] =>
  [...facts].sort((a, b) => FACT_GROUPS.indexOf(groupOf(a.key)) - FACT_GROUPS.indexOf(groupOf(b.key)));

export const EMPTY: ConditionGroup = { combinator: 'and', rules: [] };

/** A right side that fits the operator, keeping what can be kept of the old one. */
export const fitValue = (fact: FactDescription, operator: string, value: unknown): unknown => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  switch (operandShape(fact.type, operator)) {
    case 'none':
      return undefined;
    case 'span':
      return typeof first === 'string' && first.startsWith('P') ? first : 'P3D';
    case 'two':
      return Array.isArray(value) && value.length === 2 ? value : [first ?? '', ''];
    case 'many':
      return Array.isArray(value) ? value : first === undefined || first === null || first === '' ? [] : [first];
    case 'one':
      if (fact.type === 'duration') return typeof first === 'string' && first.startsWith('P') ? first : 'P3D';
      return typeof first === 'string' && first.startsWith('P') && fact.type === 'date' ? '' : (first ?? '');
  }
};

const isGroup = (rule: ConditionGroup | ConditionRule): rule is ConditionGroup => 'rules' in rule;

const cleanRule = (rule: ConditionRule): ConditionRule => {
  const args = Object.entries(rule.args ?? {}).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return {
    field: rule.field,
    operator: rule.operator,
    ...(rule.value === undefined ? {} : { value: rule.value }),
    ...(args.length > 0 ? { args: Object.fromEntries(args) } : {}),
  };
};

/** What is stored: no editor ids, no empty arguments. */
export const cleanCondition = (group: ConditionGroup): ConditionGroup => ({
  combinator: group.combinator,
  ...(group.not ? { not: true } : {}),
  rules: group.rules.map((rule) => (isGroup(rule) ? cleanCondition(rule) : cleanRule(rule))),
});

const blank = (value: unknown): boolean =>
  value === '' || value === null || value === undefined || (Array.isArray(value) && (value.length === 0 || value.some(blank)));

/** Whether every rule has the right side its operator needs, so that asking the server makes sense. */
export const isComplete = (group: ConditionGroup, facts: ReadonlyMap<string, FactDescription>): boolean =>
  group.rules.every((rule) => {
    if (isGroup(rule)) return isComplete(rule, facts);
    const fact = facts.get(rule.field);
    if (!fact) return false;
    return operandShape(fact.type, rule.operator) === 'none' || !blank(rule.value);
  });

/** Replaces one rule, found by its path of indices. */
export const replaceRule = (
  group: ConditionGroup,
  path: readonly number[],
  change: (rule: ConditionRule) => ConditionRule,
): ConditionGroup => ({
  ...group,
  rules: group.rules.map((rule, index) => {
    if (index !== path[0]) return rule;
    if (isGroup(rule)) return path.length > 1 ? replaceRule(rule, path.slice(1), change) : rule;
    return path.length === 1 ? change(rule) : rule;
  }),
});
