import type { CompileContext, FactDefinition, Sql } from '../../../../contracts';
import { raw, isPlainColumn } from './fragment';
import { ConditionProblem, shown } from './problem';
import { parseSpan } from './span';

/** What a rule is compiled in: whose row, whose eyes, which facts. */
export interface Scope {
  readonly alias: string;
  readonly context: CompileContext;
  /** Zone in which days begin. */
  readonly zone: string;
  readonly fact: (key: string) => FactDefinition | undefined;
  /** Notes something doubtful that does not stop the rule. */
  readonly warn: (reason: string) => void;
}

type Args = Readonly<Record<string, unknown>>;
type ArgSpec = NonNullable<FactDefinition['args']>[number];

function checkArg(spec: ArgSpec, value: unknown): void {
  if (typeof value !== 'string' || value.length > 500 || value.includes('\u0000'))
    throw new ConditionProblem(`Argument "${spec.key}" must be a short text.`);
  if (spec.type === 'duration') {
    const span = parseSpan(value);
    if (!span || span.months < 0 || span.seconds < 0 || span.months + span.seconds === 0)
      throw new ConditionProblem(`Argument "${spec.key}" must be a duration such as P30D, not ${shown(value)}.`);
  }
  if (spec.type === 'select' && spec.options && !spec.options.some((option) => option.value === value))
    throw new ConditionProblem(`Argument "${spec.key}" has no option ${shown(value)}.`);
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** The arguments a fact declares, checked; empty ones are left out. */
export function readArgs(fact: FactDefinition, given: unknown): Args {
  if (given !== undefined && given !== null && (typeof given !== 'object' || Array.isArray(given)))
    throw new ConditionProblem('Arguments must be an object.');
  const args = Object.entries(given ?? {}).filter(([, value]) => !isEmpty(value));
  const specs = fact.args ?? [];
  for (const [key, value] of args) {
    const spec = specs.find((one) => one.key === key);
    if (!spec) throw new ConditionProblem(`"${fact.key}" takes no argument ${shown(key)}.`);
    checkArg(spec, value);
  }
  const missing = specs.find((spec) => spec.required && !args.some(([key]) => key === spec.key));
  if (missing) throw new ConditionProblem(`"${fact.key}" needs the argument "${missing.key}".`);
  return Object.fromEntries(args);
}

/** The fact of that key. */
export function getFact(scope: Scope, key: unknown): FactDefinition {
  const fact = typeof key === 'string' ? scope.fact(key) : undefined;
  if (!fact) throw new ConditionProblem(`There is no field ${shown(key)}.`);
  return fact;
}

/** The fact's value for the row, as one SQL term. */
export function factValue(scope: Scope, fact: FactDefinition, args: unknown): Sql {
  const value = fact.sql(scope.alias, readArgs(fact, args), scope.context);
  return isPlainColumn(value) ? raw(value.sql) : { sql: `(${value.sql})`, bindings: value.bindings };
}
