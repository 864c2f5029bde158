import {
  CONDITION_LIMITS,
  CONDITION_OPERATORS,
  OPERATOR_ALIASES,
  type CompileContext,
  type ConditionRule,
  type FactDefinition,
  type FactType,
  type Sql,
} from '../../../../contracts';
import type { RuleInput } from './compare';
import { all, FALSE, not, TRUE } from './fragment';
import { conditionInvalid, ConditionProblem, shown, type Problem } from './problem';
import { dateRule } from './rule-date';
import { durationRule, numberRule, referenceRule } from './rule-number';
import { booleanRule, multiselectRule } from './rule-other';
import { textRule } from './rule-text';
import { factValue, getFact, type Scope } from './scope';
import { knownZone } from './span';

/*
 * The tree is walked here and not by `formatQuery` of @react-querybuilder/core, even with a rule processor of our own: its group
 * processor writes `combinator` into the SQL as it came, leaves out what it does not understand (a placeholder, a rule that is not valid), which
 * widens a condition without a word, tells the rule processor no path, and has no limits. The format of the JSON is its format.
 */

const BY_TYPE: Readonly<Record<FactType, (input: RuleInput) => Sql | null>> = {
  text: textRule,
  select: textRule,
  number: numberRule,
  count: numberRule,
  duration: durationRule,
  date: dateRule,
  boolean: booleanRule,
  multiselect: multiselectRule,
  reference: referenceRule,
};

export interface CompileInput {
  readonly alias: string;
  readonly context: CompileContext;
  readonly fact: (key: string) => FactDefinition | undefined;
}

export interface Compiled {
  readonly sql: Sql;
  readonly problems: readonly Problem[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The operator under its own name; react-querybuilder's default names are understood. */
function knownOperator(type: FactType, given: unknown): string | null {
  const name = typeof given === 'string' && Object.hasOwn(OPERATOR_ALIASES, given) ? OPERATOR_ALIASES[given] : given;
  return CONDITION_OPERATORS[type].find((operator) => operator.key === name)?.key ?? null;
}

function compileRule(scope: Scope, given: Readonly<Record<string, unknown>>): Sql {
  const { valueSource } = given;
  if (valueSource !== undefined && valueSource !== 'value' && valueSource !== 'field')
    throw new ConditionProblem(`There is no value source ${shown(valueSource)}.`);
  const fact = getFact(scope, given['field']);
  const operator = knownOperator(fact.type, given['operator']);
  if (operator === null) throw new ConditionProblem(`"${fact.key}" (${fact.type}) has no operator ${shown(given['operator'])}.`);
  const rule: ConditionRule = { field: fact.key, operator, value: given['value'], ...(valueSource ? { valueSource } : {}) };
  const result = BY_TYPE[fact.type]({ scope, fact, rule, operator, value: factValue(scope, fact, given['args']) });
  if (result === null) throw new ConditionProblem(`"${fact.key}" (${fact.type}) has no operator ${shown(operator)}.`);
  return result;
}

/** Walks one condition, gathering all problems; a rule with a problem counts as FALSE. */
class Walk {
  readonly problems: Problem[] = [];
  private nodes = 0;

  constructor(private readonly input: CompileInput) {}

  private problem(path: string, reason: string): Sql {
    this.problems.push({ path, reason, level: 'error' });
    return FALSE;
  }

  private rule(node: Readonly<Record<string, unknown>>, path: string): Sql {
    const { alias, context, fact } = this.input;
    const warn = (reason: string): void => void this.problems.push({ path, reason, level: 'warning' });
    try {
      return compileRule({ alias, context, fact, zone: knownZone(context.actor?.timeZone), warn }, node);
    } catch (error) {
      if (error instanceof ConditionProblem) return this.problem(path, error.message);
      throw error;
    }
  }

  group(node: unknown, path: string, depth: number): Sql {
    if (!isRecord(node) || !Array.isArray(node['rules'])) return this.problem(path, 'A condition is a group with a list of rules.');
    const { combinator, not: negated, rules } = node;
    if (depth > CONDITION_LIMITS.depth) return this.problem(path, `Groups are nested deeper than ${CONDITION_LIMITS.depth}.`);
    if ('field' in node) return this.problem(path, 'This is both a rule and a group.');
    if (node['muted'] === true) return this.problem(path, 'A muted group is not supported: remove it.');
    if (combinator !== 'and' && combinator !== 'or')
      return this.problem(path, `Rules are joined by "and" or "or", not ${shown(combinator)}.`);
    if (negated !== undefined && negated !== null && typeof negated !== 'boolean')
      return this.problem(path, '"not" must be true or false.');
    const parts = rules.map((child: unknown, index) => this.node(child, `${path === '' ? '' : `${path}.`}rules[${index}]`, depth + 1));
    const joined = parts.length === 0 ? TRUE : all(parts, combinator === 'and' ? 'AND' : 'OR');
    return negated === true ? not(joined) : joined;
  }

  private node(node: unknown, path: string, depth: number): Sql {
    this.nodes += 1;
    if (this.nodes > CONDITION_LIMITS.rules)
      return this.nodes === CONDITION_LIMITS.rules + 1 ? this.problem(path, `There are more than ${CONDITION_LIMITS.rules} rules.`) : FALSE;
    if (!isRecord(node)) return this.problem(path, `${shown(node)} is neither a rule nor a group.`);
    if ('rules' in node) return this.group(node, path, depth);
    if (node['muted'] === true) return this.problem(path, 'A muted rule is not supported: remove it.');
    return this.rule(node, path);
  }
}

/** Compiles what can be compiled and reports every problem with its path; the SQL is only to be used when no problem is an error. */
export function examineCondition(condition: unknown, input: CompileInput): Compiled {
  const walk = new Walk(input);
  const sql = walk.group(condition, '', 1);
  return { sql, problems: walk.problems };
}

/**
 * The condition as a predicate over `alias` that is TRUE or FALSE for every row, never NULL.
 * @throws AppError CONDITION_INVALID (400) with `details.path` and `details.reason` of the first problem
 */
export function compileCondition(condition: unknown, input: CompileInput): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(input.alias)) throw new Error(`"${input.alias}" is not an SQL alias.`);
  const { sql, problems } = examineCondition(condition, input);
  const errors = problems.filter((problem) => problem.level === 'error');
  if (errors.length > 0) throw conditionInvalid(errors);
  return sql;
}
