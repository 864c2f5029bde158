import type { Sql } from '../../../../contracts';
import { likePattern, likeText } from '../like';
import { scalarRule, type RuleInput, type ScalarKind } from './compare';
import { identifier } from './facts';
import { FALSE, holds, isPlainColumn, not, raw, sql } from './fragment';
import { readOption, readText } from './literal';
import { listOperand, oneOperand } from './operand';
import { ConditionProblem } from './problem';
import type { Scope } from './scope';

const textKind = (read: ScalarKind<string>['read']): ScalarKind<string> => ({
  read,
  literal: (value) => sql`${value}::text`,
  list: (values) => sql`${values}::text[]`,
  other: (value) => sql`NULLIF(${value}, '')`,
});
const TEXT = textKind(readText);
const SELECT = textKind(readOption);

const POSITIONS = {
  contains: {
    pattern: likePattern,
    field: (value: Sql, part: Sql) => sql`strpos(lower(${value}), lower(${part})) > 0`,
  },
  beginsWith: {
    pattern: (text: string) => `${likeText(text)}%`,
    field: (value: Sql, part: Sql) => sql`starts_with(lower(${value}), lower(${part}))`,
  },
  endsWith: {
    pattern: (text: string) => `%${likeText(text)}`,
    field: (value: Sql, part: Sql) => sql`right(lower(${value}), length(lower(${part}))) = lower(${part})`,
  },
} as const;
type Position = keyof typeof POSITIONS;

/** Whether a value is like a pattern; that of a stored row is looked up in the table with the index when it stands there. */
function like({ alias, context: { searched } }: Scope, value: Sql, pattern: string): Sql {
  const column = searched?.columns.find((name) => value.sql === `${alias}.${name}`);
  if (!searched || column === undefined) return holds(value, sql`${value} ILIKE ${pattern}::text`);
  return sql`${raw(`${alias}.id IN (SELECT searched.id FROM ${identifier(searched.table)} searched WHERE searched.${identifier(column)}`)} ILIKE ${pattern}::text)`;
}

function position(input: RuleInput, where: Position): Sql {
  const { scope, fact, rule, value } = input;
  const operand = oneOperand(scope, fact, rule);
  switch (operand.kind) {
    case 'literal':
      return like(scope, value, POSITIONS[where].pattern(readText(scope, fact, operand.value)));
    case 'field':
      return sql`COALESCE(${POSITIONS[where].field(value, TEXT.other(operand.value))}, FALSE)`;
    case 'null':
      return FALSE;
    case 'instant':
      throw new ConditionProblem(`"${fact.key}" cannot be compared with a point in time.`);
  }
}

/** Text and select. Empty text is null; no literal is empty, so only `null` and the other field of a comparison need to say so. */
export function textRule(input: RuleInput): Sql | null {
  const { scope, fact, rule, operator, value } = input;
  switch (operator) {
    case 'contains':
    case 'beginsWith':
    case 'endsWith':
      return position(input, operator);
    case 'notContains':
      return not(position(input, 'contains'));
    case 'notBeginsWith':
      return not(position(input, 'beginsWith'));
    case 'notEndsWith':
      return not(position(input, 'endsWith'));
    case 'matchesAny': {
      const patterns = listOperand(scope, fact, rule).map((item) => POSITIONS.contains.pattern(readText(scope, fact, item)));
      return holds(value, sql`${value} ILIKE ANY (${patterns}::text[])`);
    }
    case 'null':
      return isPlainColumn(value) ? sql`(${value} IS NULL OR ${value} = '')` : sql`COALESCE(${value} = '', TRUE)`;
    case 'notNull':
      return holds(value, sql`${value} <> ''`);
    default:
      return scalarRule(fact.type === 'select' ? SELECT : TEXT, input);
  }
}
