import type { Condition } from '@leadsea/crm-core';
import type { QualifiedLead } from '../../../contracts';

export const QUALIFIED_FACT = 'sla.qualified';

/** The definition of a qualified lead as one condition: the rule of the lifecycle. */
export function qualifiedCondition({ required, demographic, situational, behavioural }: QualifiedLead): Condition {
  const parts = [demographic, situational, behavioural].filter((part): part is Condition => Boolean(part && part.rules.length > 0));
  return { combinator: 'and', rules: [...required.map((field) => ({ field: `lead.${field}`, operator: 'notNull' })), ...parts] };
}

/** Whether a condition speaks of a fact, at any depth. */
export const speaksOf = (condition: Condition, fact: string): boolean =>
  condition.rules.some((rule) => ('field' in rule ? rule.field === fact : speaksOf(rule, fact)));
