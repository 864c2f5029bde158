import type { Condition, CustomField } from '@leadsea/crm-core';
import type { ValueProblem } from './values';

type Custom = Readonly<Record<string, unknown>>;

/** What the conditions of a field say of one record; absent where the field has no such condition. */
export interface RuleAnswer {
  /** Of the record as it would be. */
  readonly visible?: boolean;
  readonly required?: boolean;
  /** Of the record as it was. */
  readonly wasRequired?: boolean;
  readonly readOnly?: boolean;
}

export interface RuledChange {
  /** Custom values of the record as it was; null for a new one. */
  readonly before: Custom | null;
  readonly after: Custom;
  /** Keys the change names. */
  readonly given: ReadonlySet<string>;
  answer(key: string): RuleAnswer;
}

const hasRules = (condition: Condition | null | undefined): condition is Condition => !!condition && condition.rules.length > 0;

/** Fields whose value depends on the rest of the record. */
export const ruledFields = (fields: readonly CustomField[]): readonly CustomField[] =>
  fields.filter(
    (field) =>
      !field.retired &&
      (hasRules(field.visibleWhen) ||
        hasRules(field.requiredWhen) ||
        hasRules(field.readOnlyWhen) ||
        (!!field.parentField && field.options.some((option) => (option.when?.length ?? 0) > 0))),
  );

export const conditionsOf = (
  field: CustomField,
): { readonly visible: Condition | null; readonly required: Condition | null; readonly readOnly: Condition | null } => ({
  visible: hasRules(field.visibleWhen) ? field.visibleWhen : null,
  required: hasRules(field.requiredWhen) ? field.requiredWhen : null,
  readOnly: hasRules(field.readOnlyWhen) ? field.readOnlyWhen : null,
});

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : isBlank(value) ? [] : [value]);

const problem = (field: CustomField, code: string, what: string): ValueProblem => ({
  field: `custom.${field.key}`,
  code,
  message: `${field.label.en} ${what}.`,
});

/** The first option chosen that the parent's value does not allow. */
function strayOption(field: CustomField, after: Custom): string | null {
  if (!field.parentField) return null;
  const parents = listOf(after[field.parentField]).map(String);
  for (const value of listOf(after[field.key])) {
    const when = field.options.find((option) => option.value === value)?.when ?? [];
    if (when.length > 0 && !when.some((allowed) => parents.includes(allowed))) return String(value);
  }
  return null;
}

function problemOf(field: CustomField, change: RuledChange): ValueProblem | null {
  const { key } = field;
  const { before, after, given } = change;
  const answer = change.answer(key);
  const changes = given.has(key) && !same(before?.[key], after[key]);
  if (before !== null && changes && answer.readOnly === true) return problem(field, 'FIELD_READ_ONLY', 'cannot be changed in this state');
  const blank = isBlank(after[key]);
  if (answer.visible === false) return changes && !blank ? problem(field, 'FIELD_NOT_APPLICABLE', 'does not apply to this record') : null;
  const required = answer.required === true || (field.required && answer.visible === true);
  // A record that lacked the value already may still be changed elsewhere; what makes it required must bring it.
  const newly = before === null || given.has(key) || (answer.required === true && answer.wasRequired === false);
  if (required && blank && newly) return problem(field, 'VALUE_REQUIRED', 'is required');
  const touched = given.has(key) || (!!field.parentField && given.has(field.parentField));
  const stray = touched ? strayOption(field, after) : null;
  return stray === null
    ? null
    : problem(field, 'OPTION_NOT_AVAILABLE', `cannot be "${stray}" together with the value of ${field.parentField}`);
}

/**
 * What a change may not do to the custom fields of one record: set what is read-only or does not apply, leave out what is required, combine
 * options that do not belong together. `fields` are those of `ruledFields`.
 */
export const ruleProblems = (fields: readonly CustomField[], change: RuledChange): ValueProblem[] =>
  fields.flatMap((field) => problemOf(field, change) ?? []);
