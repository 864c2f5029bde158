/**
 * A condition is react-querybuilder JSON. `value` may be a literal or an operand object:
 * `{ field: 'lead.country' }`, `{ actor: 'memberId' | 'teamId' | 'teamIds' | 'poolIds' }`, `{ now: '-P3D' }` (now ± ISO 8601 duration).
 * `args` parameterise behaviour facts: `{ kind: 'visit', match: '/pricing', within: 'P30D' }`.
 * A group without rules is TRUE (nothing is asked); with `not` it is FALSE.
 */
export interface ConditionGroup {
  readonly combinator: 'and' | 'or';
  readonly not?: boolean;
  readonly rules: readonly (ConditionGroup | ConditionRule)[];
  readonly id?: string;
}

export interface ConditionRule {
  readonly field: string;
  readonly operator: string;
  readonly value?: unknown;
  readonly valueSource?: 'value' | 'field';
  readonly args?: Readonly<Record<string, unknown>>;
  readonly id?: string;
}

export type Condition = ConditionGroup;

export const FACT_TYPES = ['text', 'number', 'date', 'boolean', 'select', 'multiselect', 'reference', 'count', 'duration'] as const;
export type FactType = (typeof FACT_TYPES)[number];

export interface LocalisedText {
  readonly zh: string;
  readonly en: string;
}

export interface FactOption {
  readonly value: string;
  readonly label: LocalisedText;
}

/** What the console needs to draw a condition row; `FactDefinition` on the server adds the SQL. */
export interface FactDescription {
  /** Dotted key, e.g. `lead.company`, `lead.custom.budget`, `account.industry`, `behaviour.count`. */
  readonly key: string;
  readonly label: LocalisedText;
  readonly type: FactType;
  readonly operators: readonly string[];
  readonly options?: readonly FactOption[];
  /** Console resource a reference points to, e.g. `members`. */
  readonly reference?: string;
  /** Shape of `args` for behaviour facts. */
  readonly args?: readonly {
    readonly key: string;
    readonly type: 'text' | 'duration' | 'select';
    readonly required?: boolean;
    readonly options?: readonly FactOption[];
  }[];
  /** Access field that guards it, e.g. `email`; absent = readable by all. */
  readonly accessField?: string;
}

// ---------------------------------------------------------------- operators

/**
 * What an operator takes on its right side: nothing, one value, two values `[from, to]`, a list, or an ISO 8601 duration such as `P3D`, `PT4H`.
 */
export type OperandShape = 'none' | 'one' | 'two' | 'many' | 'span';

export interface ConditionOperator {
  readonly key: string;
  readonly operand: OperandShape;
  /** The result for a row whose value is null: a rule is always TRUE or FALSE, never unknown, so that `not` is the exact complement. */
  readonly whenNull: boolean;
}

const operator = (key: string, operand: OperandShape, whenNull = false): ConditionOperator => ({ key, operand, whenNull });

const EQUALITY = [operator('=', 'one'), operator('!=', 'one', true)] as const;
const ORDER = [operator('<', 'one'), operator('<=', 'one'), operator('>', 'one'), operator('>=', 'one')] as const;
const RANGE = [operator('between', 'two'), operator('notBetween', 'two', true)] as const;
const LIST = [operator('in', 'many'), operator('notIn', 'many', true)] as const;
const NULLNESS = [operator('null', 'none', true), operator('notNull', 'none')] as const;
const PATTERN = [
  operator('contains', 'one'),
  operator('notContains', 'one', true),
  operator('beginsWith', 'one'),
  operator('notBeginsWith', 'one', true),
  operator('endsWith', 'one'),
  operator('notEndsWith', 'one', true),
  operator('matchesAny', 'many'),
] as const;
const NUMBERS = [...EQUALITY, ...ORDER, ...RANGE, ...LIST, ...NULLNESS] as const;
const WORDS = [...EQUALITY, ...PATTERN, ...LIST, ...NULLNESS] as const;

/**
 * Every operator of every fact type, and what it says of a null value. The laws behind the column `whenNull`:
 * - What is asserted of a value is FALSE when there is none: `=`, `<`, `in`, `contains`, `between`, `olderThan`, `hasAny`, `isTrue` …
 * - Each negative is the exact complement of its positive, so it is TRUE when there is no value: a lead without a country is "not
 *   Germany", not in a list of countries, and its name does not contain "test".
 * - When the right side (another field, the actor) has no value the positive is FALSE and the negative TRUE, even when both sides are null.
 * - Empty text counts as null for text and select; an empty list, and anything that is not a list, counts as null for multiselect.
 *
 * Text: `=` and `in` compare exactly (and can use an index); patterns ignore case, `%` and `_` stand for themselves.
 * Date: a literal `YYYY-MM-DD` is that whole day in the actor's zone (UTC without an actor), so `<=` includes the day and `between` both
 * days; `=` means the same day. `olderThan P3D` is at or before now − 3 days, `newerThan` and `inLast` after it (`inLast` also not in the
 * future), `withinNext` from now up to and including now + span. Days of a span are 24 hours.
 * Duration: compared in seconds; literals are seconds or ISO 8601 without years and months.
 */
export const CONDITION_OPERATORS: Readonly<Record<FactType, readonly ConditionOperator[]>> = {
  text: WORDS,
  select: WORDS,
  number: NUMBERS,
  count: NUMBERS,
  duration: NUMBERS,
  date: [
    ...EQUALITY,
    ...ORDER,
    ...RANGE,
    ...NULLNESS,
    operator('today', 'none'),
    operator('olderThan', 'span'),
    operator('newerThan', 'span'),
    operator('inLast', 'span'),
    operator('withinNext', 'span'),
  ],
  boolean: [operator('isTrue', 'none'), operator('isFalse', 'none'), ...EQUALITY, ...LIST, ...NULLNESS],
  multiselect: [operator('hasAny', 'many'), operator('hasAll', 'many'), operator('hasNone', 'many', true), ...NULLNESS],
  reference: [...EQUALITY, ...LIST, ...NULLNESS],
};

/** Other spellings that are understood: the default names of react-querybuilder and the words people type. */
export const OPERATOR_ALIASES: Readonly<Record<string, string>> = {
  doesNotContain: 'notContains',
  doesNotBeginWith: 'notBeginsWith',
  doesNotEndWith: 'notEndsWith',
  'matches-any': 'matchesAny',
  'within next': 'withinNext',
};

/** Larger conditions are refused. */
export const CONDITION_LIMITS = { depth: 10, rules: 500, list: 1000, text: 2000 } as const;

/** What the actor can stand for on the right side. */
export const ACTOR_OPERANDS = ['memberId', 'teamId', 'teamIds', 'poolIds'] as const;
export type ActorOperand = (typeof ACTOR_OPERANDS)[number];
