import type { Sql } from '../../../../contracts';
import { isNotNull, isNull, type RuleInput } from './compare';
import { all, FALSE, holds, isPlainColumn, not, sql } from './fragment';
import { readBoolean, readOption } from './literal';
import { listOperand, oneOperand } from './operand';
import { ConditionProblem } from './problem';

const is = (value: Sql, wanted: boolean): Sql => (wanted ? sql`(${value} IS TRUE)` : sql`(${value} IS FALSE)`);

function equalsBoolean({ scope, fact, rule, value }: RuleInput): Sql {
  const operand = oneOperand(scope, fact, rule);
  switch (operand.kind) {
    case 'literal':
      return is(value, readBoolean(scope, fact, operand.value));
    case 'field':
      return sql`COALESCE(${value} = ${operand.value}, FALSE)`;
    case 'null':
      return FALSE;
    case 'instant':
      throw new ConditionProblem(`"${fact.key}" cannot be compared with a point in time.`);
  }
}

export function booleanRule(input: RuleInput): Sql | null {
  const { scope, fact, rule, operator, value } = input;
  switch (operator) {
    case 'isTrue':
      return is(value, true);
    case 'isFalse':
      return is(value, false);
    case '=':
      return equalsBoolean(input);
    case '!=':
      return not(equalsBoolean(input));
    case 'in':
    case 'notIn': {
      const wanted = [...new Set(listOperand(scope, fact, rule).map((item) => readBoolean(scope, fact, item)))];
      const member = all(
        wanted.map((one) => is(value, one)),
        'OR',
      );
      return operator === 'in' ? member : not(member);
    }
    case 'null':
      return isNull(value);
    case 'notNull':
      return isNotNull(value);
    default:
      return null;
  }
}

/** TRUE for a jsonb array with something in it. */
const isFilled = (value: Sql): Sql =>
  isPlainColumn(value)
    ? sql`(${value} IS NOT NULL AND jsonb_typeof(${value}) = 'array' AND ${value} <> '[]'::jsonb)`
    : sql`COALESCE(jsonb_typeof(${value}) = 'array' AND ${value} <> '[]'::jsonb, FALSE)`;

/** Lists are jsonb arrays of option values. `?|` would also look into a lone text or an object, so the kind is asked too. */
export function multiselectRule(input: RuleInput): Sql | null {
  const { scope, fact, rule, operator, value } = input;
  const options = (): Sql => sql`${[...new Set(listOperand(scope, fact, rule).map((item) => readOption(scope, fact, item)))]}::text[]`;
  switch (operator) {
    case 'hasAny':
      return holds(value, sql`${value} \\?| ${options()} AND jsonb_typeof(${value}) = 'array'`);
    case 'hasAll':
      return holds(value, sql`${value} \\?& ${options()} AND jsonb_typeof(${value}) = 'array'`);
    case 'hasNone':
      return not(holds(value, sql`${value} \\?| ${options()} AND jsonb_typeof(${value}) = 'array'`));
    case 'null':
      return not(isFilled(value));
    case 'notNull':
      return isFilled(value);
    default:
      return null;
  }
}
