import type { ConditionGroup, LocalisedText } from '@leadsea/crm-core/contracts/condition';
import type { FormLayout } from '@leadsea/crm-core/contracts/layout';
import type { CustomField, Option } from '../api/types';
import type { BuiltIn } from './catalogue';
import { conditionState } from './condition-state';

/** A field where a form shows it: one that comes with the product, or one of the company's own. */
export type FormField = { readonly name: string } & ({ readonly builtIn: BuiltIn } | { readonly custom: CustomField });

export interface FormSectionView {
  readonly key: string;
  /** What the layout calls it; absent where nobody laid the form out. */
  readonly label?: LocalisedText;
  readonly columns: 1 | 2 | 3;
  readonly collapsed: boolean;
  readonly fields: readonly FormField[];
}

const customName = (field: Pick<CustomField, 'key'>): string => `custom.${field.key}`;

/** The form of a kind of record: as somebody laid it out, else built-in fields by section and then the company's own by theirs. */
export function formSections(
  layout: FormLayout | undefined,
  builtIn: readonly BuiltIn[],
  custom: readonly CustomField[],
  may: (name: string) => boolean,
): FormSectionView[] {
  const fields = new Map<string, FormField>();
  for (const field of builtIn) if (may(field.name)) fields.set(field.name, { name: field.name, builtIn: field });
  for (const field of custom)
    if (!field.retired && may(customName(field))) fields.set(customName(field), { name: customName(field), custom: field });
  if (layout)
    return layout.sections
      .map((section) => ({
        key: section.key,
        label: section.label,
        columns: section.columns ?? 2,
        collapsed: section.collapsed ?? false,
        fields: section.fields.flatMap((name) => fields.get(name) ?? []),
      }))
      .filter((section) => section.fields.length > 0);
  const usual = new Map<string, FormField[]>();
  for (const field of fields.values()) {
    const key = 'custom' in field ? field.custom.section || 'custom' : field.builtIn.section;
    usual.set(key, [...(usual.get(key) ?? []), field]);
  }
  return [...usual].map(([key, inside]) => ({ key, columns: 2, collapsed: false, fields: inside }));
}

export interface LiveField {
  readonly visible: boolean;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** What can be chosen with the values entered so far; a retired option only where the record has it. */
  readonly options: readonly Option[];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === null || value === '' ? [] : [value]);

type ValueOf = (fact: string) => unknown;

/**
 * What a custom field is like while the record is being edited. Visible and required follow what is entered, read-only what is saved; what the
 * form cannot know leaves the field shown, optional and open: the server decides.
 */
export function liveField(field: CustomField, draft: Readonly<Record<string, unknown>>, now: ValueOf, saved: ValueOf | null): LiveField {
  const visible = conditionState(field.visibleWhen, now) !== false;
  const held = (condition: ConditionGroup | null | undefined, of: ValueOf): boolean =>
    Boolean(condition && condition.rules.length > 0) && conditionState(condition, of) === true;
  const current = listOf(draft[customName(field)]);
  const parents = field.parentField ? listOf(draft[`custom.${field.parentField}`]).map(String) : [];
  const offered = field.options.filter((option) => {
    if (option.retired && !current.includes(option.value)) return false;
    const when = option.when ?? [];
    return !field.parentField || when.length === 0 || when.some((value) => parents.includes(value));
  });
  return {
    visible,
    required: visible && (field.required || held(field.requiredWhen, now)),
    readOnly: saved !== null && held(field.readOnlyWhen, saved),
    options: offered,
  };
}

/**
 * The draft without choices that no longer go with the value they depend on, through all levels. Called after each change, so that nobody saves what
 * he no longer sees.
 */
export function settled(draft: Readonly<Record<string, unknown>>, custom: readonly CustomField[]): Record<string, unknown> {
  const next = { ...draft };
  const dependent = custom.filter((field) => field.parentField && !field.retired);
  for (let level = 0; level < dependent.length; level += 1) {
    let changed = false;
    for (const field of dependent) {
      const name = customName(field);
      const value = next[name];
      if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
      const parents = listOf(next[`custom.${field.parentField ?? ''}`] ?? null).map(String);
      const fits = (one: unknown): boolean => {
        const when = field.options.find((option) => option.value === one)?.when ?? [];
        return when.length === 0 || when.some((parent) => parents.includes(parent));
      };
      const kept = Array.isArray(value) ? value.filter(fits) : fits(value) ? value : '';
      if (Array.isArray(value) ? (kept as unknown[]).length === value.length : kept === value) continue;
      next[name] = kept;
      changed = true;
    }
    if (!changed) break;
  }
  return next;
}
