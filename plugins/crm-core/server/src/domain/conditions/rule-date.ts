import type { Sql } from '../../../../contracts';
import { isComparison, isNotNull, isNull, OPERATOR_SQL, type Comparison, type RuleInput } from './compare';
import { all, FALSE, holds, not, raw, sql } from './fragment';
import { readWhen, type When } from './literal';
import { oneOperand, twoOperands, type Operand } from './operand';
import { ConditionProblem, shown } from './problem';
import { dayAround, parseSpan, shift, type DayBounds } from './span';

const at = (value: Sql, symbol: '<' | '<=' | '>' | '>=', instant: Date): Sql =>
  holds(value, sql`${value} ${raw(symbol)} ${instant.toISOString()}::timestamptz`);

const within = (value: Sql, day: DayBounds): Sql => all([at(value, '>=', day.start), at(value, '<', day.end)]);

/** A named day is the half-open interval of that day: `<=` and `>` look at its end, `<` and `>=` at its start, `=` at both. */
function compareWhen(value: Sql, comparison: Comparison, when: When, zone: string): Sql {
  if (comparison === '=') return within(value, when.kind === 'day' ? when.day : dayAround(when.at, zone));
  if (when.kind === 'instant') return at(value, comparison, when.at);
  switch (comparison) {
    case '<':
      return at(value, '<', when.day.start);
    case '<=':
      return at(value, '<', when.day.end);
    case '>':
      return at(value, '>=', when.day.end);
    case '>=':
      return at(value, '>=', when.day.start);
  }
}

function compareDate({ scope, fact, value }: RuleInput, comparison: Comparison, operand: Operand): Sql {
  switch (operand.kind) {
    case 'literal':
      return compareWhen(value, comparison, readWhen(scope, fact, operand.value), scope.zone);
    case 'instant':
      return compareWhen(value, comparison, { kind: 'instant', at: operand.value }, scope.zone);
    case 'null':
      return FALSE;
    case 'field': {
      const day = (moment: Sql): Sql => sql`(${moment} AT TIME ZONE ${scope.zone})::date`;
      if (comparison === '=') return sql`COALESCE(${day(value)} = ${day(operand.value)}, FALSE)`;
      return sql`COALESCE(${value} ${raw(OPERATOR_SQL[comparison])} ${operand.value}, FALSE)`;
    }
  }
}

/** Now moved by the rule's span. */
function moved({ scope, rule }: RuleInput, direction: 1 | -1): Date {
  const span = typeof rule.value === 'string' ? parseSpan(rule.value) : null;
  if (!span || span.months < 0 || span.seconds < 0)
    throw new ConditionProblem(`A duration such as P3D or PT4H is needed, not ${shown(rule.value)}.`);
  const instant = shift(scope.context.now, span, direction);
  if (!instant) throw new ConditionProblem(`The duration ${shown(rule.value)} is too long.`);
  return instant;
}

/** Dates are instants (timestamptz); see CONDITION_OPERATORS for what a named day and each window mean. */
export function dateRule(input: RuleInput): Sql | null {
  const { scope, fact, rule, operator, value } = input;
  const { now } = scope.context;
  if (isComparison(operator)) return compareDate(input, operator, oneOperand(scope, fact, rule));
  switch (operator) {
    case '!=':
      return not(compareDate(input, '=', oneOperand(scope, fact, rule)));
    case 'between':
    case 'notBetween': {
      const [from, to] = twoOperands(scope, fact, rule);
      const inside = all([compareDate(input, '>=', from), compareDate(input, '<=', to)]);
      return operator === 'between' ? inside : not(inside);
    }
    case 'today':
      return within(value, dayAround(now, scope.zone));
    case 'olderThan':
      return at(value, '<=', moved(input, -1));
    case 'newerThan':
      return at(value, '>', moved(input, -1));
    case 'inLast':
      return all([at(value, '>', moved(input, -1)), at(value, '<=', now)]);
    case 'withinNext':
      return all([at(value, '>=', now), at(value, '<=', moved(input, 1))]);
    case 'null':
      return isNull(value);
    case 'notNull':
      return isNotNull(value);
    default:
      return null;
  }
}
