import type { ConditionRule, FactDefinition, Sql } from '../../../../contracts';
import { all, FALSE, holds, not, sql, raw } from './fragment';
import { listOperand, oneOperand, twoOperands, type Operand } from './operand';
import { ConditionProblem } from './problem';
import type { Scope } from './scope';

/** One rule with its operator known to exist for the fact's type. */
export interface RuleInput {
  readonly scope: Scope;
  readonly fact: FactDefinition;
  readonly rule: ConditionRule;
  readonly operator: string;
  readonly value: Sql;
}

export const OPERATOR_SQL = { '=': '=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;
export type Comparison = keyof typeof OPERATOR_SQL;
export const isComparison = (operator: string): operator is Comparison => operator in OPERATOR_SQL;

export const isNull = (value: Sql): Sql => sql`(${value} IS NULL)`;
export const isNotNull = (value: Sql): Sql => sql`(${value} IS NOT NULL)`;

/** How a scalar type writes its literals. */
export interface ScalarKind<Literal> {
  read(scope: Scope, fact: FactDefinition, value: unknown): Literal;
  literal(value: Literal): Sql;
  list(values: readonly Literal[]): Sql;
  /** Makes what counts as null null, for values of another field. */
  other(value: Sql): Sql;
}

/** `value <op> operand`, FALSE when either side is null. */
export function compare<Literal>(
  kind: ScalarKind<Literal>,
  { scope, fact, value }: RuleInput,
  comparison: Comparison,
  operand: Operand,
): Sql {
  const symbol = raw(OPERATOR_SQL[comparison]);
  switch (operand.kind) {
    case 'literal':
      return holds(value, sql`${value} ${symbol} ${kind.literal(kind.read(scope, fact, operand.value))}`);
    case 'field':
      return sql`COALESCE(${value} ${symbol} ${kind.other(operand.value)}, FALSE)`;
    case 'null':
      return FALSE;
    case 'instant':
      throw new ConditionProblem(`"${fact.key}" cannot be compared with a point in time.`);
  }
}

/** The operators that every scalar type shares; null when the operator is none of them. */
export function scalarRule<Literal>(kind: ScalarKind<Literal>, input: RuleInput): Sql | null {
  const { scope, fact, rule, operator, value } = input;
  if (isComparison(operator)) return compare(kind, input, operator, oneOperand(scope, fact, rule));
  switch (operator) {
    case '!=': {
      const operand = oneOperand(scope, fact, rule);
      if (operand.kind === 'literal') return sql`(${value} IS DISTINCT FROM ${kind.literal(kind.read(scope, fact, operand.value))})`;
      return not(compare(kind, input, '=', operand));
    }
    case 'between':
    case 'notBetween': {
      const [from, to] = twoOperands(scope, fact, rule);
      const inside = all([compare(kind, input, '>=', from), compare(kind, input, '<=', to)]);
      return operator === 'between' ? inside : not(inside);
    }
    case 'in':
    case 'notIn': {
      const list = listOperand(scope, fact, rule).map((item) => kind.read(scope, fact, item));
      const member = list.length === 0 ? FALSE : holds(value, sql`${value} = ANY (${kind.list(list)})`);
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
