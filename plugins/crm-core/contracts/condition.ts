/**
 * A condition is react-querybuilder JSON. `value` may be a literal or an operand object:
 * `{ field: 'lead.country' }`, `{ actor: 'memberId' | 'teamId' | 'teamIds' | 'poolIds' }`, `{ now: 'P-3D' }` (now ± ISO 8601 duration).
 * `args` parameterise behaviour facts: `{ kind: 'visit', match: '/pricing', within: 'P30D' }`.
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

export const FACT_TYPES = [
  'text', 'number', 'date', 'boolean', 'select', 'multiselect', 'reference', 'count', 'duration',
] as const;
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
  readonly args?: readonly { readonly key: string; readonly type: 'text' | 'duration' | 'select'; readonly required?: boolean; readonly options?: readonly FactOption[] }[];
  /** Access field that guards it, e.g. `email`; absent = readable by all. */
  readonly accessField?: string;
}
