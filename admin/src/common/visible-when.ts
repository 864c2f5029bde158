import { plain } from './plain';
import type { ConditionGroup, ConditionRule } from '@leadsea/crm-core/contracts/condition';

/**
 * Whether a form shows a field: layout only. What counts is decided on the server, so an operator that is not known here
 * shows the field rather than hiding it.
 */
export const isVisible = (condition: ConditionGroup | null | undefined, valueOf: (fact: string) => unknown): boolean => {
  if (!condition || condition.rules.length === 0) return true;
  const answers = condition.rules.map((rule) => ('rules' in rule ? isVisible(rule, valueOf) : holds(rule, valueOf(rule.field))));
  const met = condition.combinator === 'or' ? answers.some(Boolean) : answers.every(Boolean);
  return condition.not ? !met : met;
};

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : plain(value).split(',')).map((one) => plain(one).trim());

const holds = (rule: ConditionRule, actual: unknown): boolean => {
  const wanted = rule.value;
  const same = (Array.isArray(actual) ? actual.map(plain) : [plain(actual)]).includes(plain(wanted));
  switch (rule.operator) {
    case '=':
      return same;
    case '!=':
      return !same;
    case 'in':
      return listOf(actual).some((one) => listOf(wanted).includes(one));
    case 'notIn':
      return !listOf(actual).some((one) => listOf(wanted).includes(one));
    case 'null':
      return isBlank(actual);
    case 'notNull':
      return !isBlank(actual);
    case '<':
      return !isBlank(actual) && Number(actual) < Number(wanted);
    case '<=':
      return !isBlank(actual) && Number(actual) <= Number(wanted);
    case '>':
      return !isBlank(actual) && Number(actual) > Number(wanted);
    case '>=':
      return !isBlank(actual) && Number(actual) >= Number(wanted);
    case 'contains':
      return plain(actual).toLowerCase().includes(plain(wanted).toLowerCase());
    default:
      return true;
  }
};
