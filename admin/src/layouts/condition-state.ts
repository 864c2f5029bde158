import type { ConditionGroup, ConditionRule } from '@leadsea/crm-core/contracts/condition';
import { plain } from '../common/plain';

/** A value the form does not know: masked, hidden, or of another record. */
export const UNKNOWN = Symbol('unknown');

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : plain(value).split(',')).map((one) => plain(one).trim());

function holds(rule: ConditionRule, actual: unknown): boolean | null {
  if (actual === UNKNOWN || rule.valueSource === 'field') return null;
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
      return null;
  }
}

/**
 * What a form can tell of a condition while somebody types: true, false, or null when it needs something the form does not have. Layout only;
 * the server decides on every entrance. A condition without rules holds.
 */
export function conditionState(condition: ConditionGroup | null | undefined, valueOf: (fact: string) => unknown): boolean | null {
  if (!condition || condition.rules.length === 0) return true;
  const answers = condition.rules.map((rule) => ('rules' in rule ? conditionState(rule, valueOf) : holds(rule, valueOf(rule.field))));
  const decisive = condition.combinator === 'or';
  const met = answers.includes(decisive) ? decisive : answers.includes(null) ? null : !decisive;
  return met === null ? null : condition.not ? !met : met;
}
