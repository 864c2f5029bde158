import {
  ACTOR_OPERANDS,
  CONDITION_LIMITS,
  type ActorOperand,
  type ConditionRule,
  type FactDefinition,
  type FactType,
  type Sql,
} from '../../../../contracts';
import { ConditionProblem, shown } from './problem';
import { factValue, getFact, type Scope } from './scope';
import { parseSpan, shift } from './span';

/** The right side of a comparison: a literal still to be read by type, an instant, an SQL value, or known to be null. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'instant'; readonly value: Date }
  | { readonly kind: 'field'; readonly value: Sql }
  | { readonly kind: 'null' };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Types that may be compared with each other. */
const FAMILY: Readonly<Record<FactType, string>> = {
  text: 'text',
  select: 'text',
  number: 'number',
  count: 'number',
  duration: 'duration',
  date: 'date',
  boolean: 'boolean',
  multiselect: 'multiselect',
  reference: 'reference',
};

function fieldOperand(scope: Scope, fact: FactDefinition, key: unknown, args: unknown): Operand {
  const other = getFact(scope, key);
  if (FAMILY[other.type] !== FAMILY[fact.type])
    throw new ConditionProblem(`"${fact.key}" (${fact.type}) cannot be compared with "${other.key}" (${other.type}).`);
  if (fact.reference !== undefined && other.reference !== undefined && fact.reference !== other.reference)
    throw new ConditionProblem(`"${fact.key}" and "${other.key}" refer to different things.`);
  return { kind: 'field', value: factValue(scope, other, args) };
}

const ACTOR_TARGET: Readonly<Record<ActorOperand, string>> = { memberId: 'members', teamId: 'teams', teamIds: 'teams', poolIds: 'pools' };
const isActorOperand = (key: unknown): key is ActorOperand => ACTOR_OPERANDS.some((one) => one === key);

function actorKey(fact: FactDefinition, key: unknown): ActorOperand {
  if (!isActorOperand(key)) throw new ConditionProblem(`The actor has no ${shown(key)}; it has ${ACTOR_OPERANDS.join(', ')}.`);
  if (fact.type !== 'reference' || (fact.reference !== undefined && fact.reference !== ACTOR_TARGET[key]))
    throw new ConditionProblem(`"${fact.key}" cannot be compared with the actor's ${key}.`);
  return key;
}

function actorOperand(scope: Scope, fact: FactDefinition, given: unknown): Operand {
  const key = actorKey(fact, given);
  if (key === 'teamIds' || key === 'poolIds') throw new ConditionProblem(`The actor's ${key} is a list: use in or notIn.`);
  const value = scope.context.actor?.[key] ?? null;
  return value === null ? { kind: 'null' } : { kind: 'literal', value };
}

function nowOperand(scope: Scope, fact: FactDefinition, given: unknown): Operand {
  if (fact.type !== 'date') throw new ConditionProblem(`"${fact.key}" is not a date, it cannot be compared with now.`);
  const span = given === '' ? { months: 0, seconds: 0 } : typeof given === 'string' ? parseSpan(given) : null;
  const value = span && shift(scope.context.now, span);
  if (!value) throw new ConditionProblem(`"now" takes a duration such as +P1D or -PT4H, not ${shown(given)}.`);
  return { kind: 'instant', value };
}

function objectOperand(scope: Scope, fact: FactDefinition, value: Readonly<Record<string, unknown>>): Operand {
  const keys = Object.keys(value).filter((key) => key !== 'args');
  switch (keys.length === 1 ? keys[0] : undefined) {
    case 'field':
      return fieldOperand(scope, fact, value['field'], value['args']);
    case 'actor':
      return actorOperand(scope, fact, value['actor']);
    case 'now':
      return nowOperand(scope, fact, value['now']);
    default:
      throw new ConditionProblem(`A value is a literal, {field}, {actor} or {now}, not ${shown(value)}.`);
  }
}

function readOne(scope: Scope, fact: FactDefinition, value: unknown, byField: boolean): Operand {
  if (byField && !isRecord(value)) return fieldOperand(scope, fact, value, undefined);
  if (isRecord(value)) return objectOperand(scope, fact, value);
  if (value === undefined || value === null || value === '')
    throw new ConditionProblem('A value is missing; ask for an empty field with "null".');
  if (Array.isArray(value)) throw new ConditionProblem('One value is needed, not a list.');
  return { kind: 'literal', value };
}

const byField = (rule: ConditionRule): boolean => rule.valueSource === 'field';

/** The one value of a rule. */
export const oneOperand = (scope: Scope, fact: FactDefinition, rule: ConditionRule): Operand =>
  readOne(scope, fact, rule.value, byField(rule));

/** The two values of `between`. */
export function twoOperands(scope: Scope, fact: FactDefinition, rule: ConditionRule): readonly [Operand, Operand] {
  const given: unknown = rule.value;
  if (!Array.isArray(given) || given.length !== 2) throw new ConditionProblem('Two values [from, to] are needed.');
  return [readOne(scope, fact, given[0], byField(rule)), readOne(scope, fact, given[1], byField(rule))];
}

/** The literals of a list, or of the actor's list: an empty list of the actor's is allowed, one left empty by hand is not. */
export function listOperand(scope: Scope, fact: FactDefinition, rule: ConditionRule): readonly unknown[] {
  const given: unknown = rule.value;
  if (byField(rule)) throw new ConditionProblem('A list cannot be taken from a field.');
  if (isRecord(given) && 'actor' in given) {
    const value = scope.context.actor?.[actorKey(fact, given['actor'])] ?? null;
    if (value === null) return [];
    return typeof value === 'number' ? [value] : value;
  }
  if (!Array.isArray(given)) throw new ConditionProblem(`A list of values is needed, not ${shown(given)}.`);
  if (given.length === 0) throw new ConditionProblem('The list is empty.');
  if (given.length > CONDITION_LIMITS.list)
    throw new ConditionProblem(`The list holds ${given.length} values; ${CONDITION_LIMITS.list} are allowed.`);
  return given.flatMap((item: unknown): unknown[] => {
    const operand = readOne(scope, fact, item, false);
    if (operand.kind === 'null') return [];
    if (operand.kind !== 'literal') throw new ConditionProblem('A list holds literal values only.');
    return [operand.value];
  });
}
