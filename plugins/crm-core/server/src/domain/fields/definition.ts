import { z } from 'zod';
import {
  CUSTOM_FIELD_TYPES,
  FIELD_ENTITIES,
  PII_KINDS,
  type CustomFieldType,
  type FieldEntity,
  type LintFinding,
} from '../../../../contracts';

export const FIELD_KEY = /^[a-z][a-zA-Z0-9_]{0,39}$/;
const OPTION_KEY = /^[^\s,;|]{1,100}$/u;
const MOST_OPTIONS = 500;
const MOST_PATTERN = 300;

const label = z.object({ zh: z.string().trim().min(1).max(200), en: z.string().trim().min(1).max(200) });
const condition = z.looseObject({ combinator: z.enum(['and', 'or']), rules: z.array(z.unknown()) });

const option = z.object({
  value: z.string().regex(OPTION_KEY, 'A key of an option has no spaces, commas or semicolons.'),
  label,
  when: z.array(z.string().max(100)).max(MOST_OPTIONS).optional(),
  retired: z.boolean().optional(),
});

const compiles = (pattern: string): boolean => {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

const validation = z.object({
  min: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  max: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  maxLength: z
    .number()
    .int()
    .min(1)
    .max(20_000)
    .nullish()
    .transform((value) => value ?? undefined),
  pattern: z
    .string()
    .max(MOST_PATTERN)
    .refine(compiles, 'This is not a pattern.')
    .nullish()
    .transform((value) => value || undefined),
});

const mask = z.union([
  z.enum(['phone', 'email', 'text']),
  z.object({ keepStart: z.number().int().min(0).max(20), keepEnd: z.number().int().min(0).max(20) }),
]);

/** A whole field as administrators write it, in the console and in configuration text. */
export const fieldDefinitionSchema = z
  .object({
    entity: z.enum(FIELD_ENTITIES),
    key: z.string().regex(FIELD_KEY, 'A key starts with a small letter and has up to 40 letters, digits or underscores.'),
    type: z.enum(CUSTOM_FIELD_TYPES),
    label,
    options: z
      .array(option)
      .max(MOST_OPTIONS)
      .nullish()
      .transform((value) => value ?? []),
    required: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    defaultValue: z
      .unknown()
      .optional()
      .transform((value) => value ?? null),
    validation: validation.nullish().transform((value): Partial<z.infer<typeof validation>> => value ?? {}),
    section: z
      .string()
      .max(60)
      .nullish()
      .transform((value) => value || 'custom'),
    position: z
      .number()
      .nullish()
      .transform((value) => value ?? 0),
    visibleWhen: condition.nullish().transform((value) => value ?? null),
    requiredWhen: condition.nullish().transform((value) => value ?? null),
    readOnlyWhen: condition.nullish().transform((value) => value ?? null),
    parentField: z
      .string()
      .max(40)
      .nullish()
      .transform((value) => value || null),
    pii: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    piiKind: z
      .enum(PII_KINDS)
      .nullish()
      .transform((value) => value ?? null),
    mask: mask.nullish().transform((value) => value ?? null),
    indexed: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    retired: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
  })
  .superRefine((field, context) => {
    for (const [path, message] of problemsOf(field)) context.addIssue({ code: 'custom', path: path.split('.'), message });
  });

export type FieldDefinition = z.infer<typeof fieldDefinitionSchema>;

const CHOICES: readonly CustomFieldType[] = ['select', 'multiselect'];
const NUMBERS: readonly CustomFieldType[] = ['number', 'integer', 'money'];

/** Types whose stored form sorts and compares by an index; a date in a time zone does not. */
export const INDEXABLE: readonly CustomFieldType[] = [
  ...NUMBERS,
  'text',
  'select',
  'email',
  'phone',
  'url',
  'boolean',
  'reference',
  'multiselect',
];

const firstTwice = (values: readonly string[]): string | undefined => values.find((value, index) => values.indexOf(value) !== index);

function defaultFits(field: Pick<FieldDefinition, 'type' | 'options' | 'defaultValue'>): boolean {
  const { type, options, defaultValue: value } = field;
  if (value === null) return true;
  const known = (one: unknown): boolean => options.some((choice) => choice.value === one && !choice.retired);
  if (type === 'select') return known(value);
  if (type === 'multiselect') return Array.isArray(value) && value.every(known);
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'integer' || type === 'reference') return Number.isInteger(value);
  return NUMBERS.includes(type) ? typeof value === 'number' : typeof value === 'string';
}

/** [path, sentence] of everything in a definition that does not fit together. */
function problemsOf(
  field: Pick<FieldDefinition, 'type' | 'options' | 'defaultValue' | 'validation' | 'indexed' | 'parentField' | 'key'>,
): [string, string][] {
  const { type, options, validation: limits } = field;
  const problems: [string, string][] = [];
  if (CHOICES.includes(type) && options.length === 0) problems.push(['options', 'A list needs at least one option.']);
  if (!CHOICES.includes(type) && options.length > 0) problems.push(['options', 'Only a list has options.']);
  const twice = firstTwice(options.map(({ value }) => value));
  if (twice !== undefined) problems.push(['options', `The option "${twice}" is there twice.`]);
  if (limits.min !== undefined && limits.max !== undefined && limits.min > limits.max)
    problems.push(['validation.max', 'The most is less than the least.']);
  if (!defaultFits(field)) problems.push(['defaultValue', 'The default is not a value of this field.']);
  if (field.indexed && !INDEXABLE.includes(type)) problems.push(['indexed', 'A field of this type cannot have an index.']);
  if (field.parentField === field.key) problems.push(['parentField', 'A field cannot depend on itself.']);
  if (!field.parentField && options.some(({ when }) => (when?.length ?? 0) > 0))
    problems.push(['parentField', 'Options that depend on another field need that field.']);
  return problems;
}

/** Rings and wrong ends in "options depend on": by the other fields of the entity, key → field. */
export function parentProblem(
  field: FieldDefinition,
  others: ReadonlyMap<string, Pick<FieldDefinition, 'type' | 'parentField'>>,
): string | null {
  if (!field.parentField) return null;
  const parent = others.get(field.parentField);
  if (!parent || !CHOICES.includes(parent.type)) return 'The options depend on a field that is no list of this kind of record.';
  for (let at: string | null = field.parentField, steps = 0; at !== null; at = others.get(at)?.parentField ?? null, steps += 1)
    if (at === field.key || steps > others.size) return 'The fields depend on each other in a ring.';
  return null;
}

/** Storage of the old and the new type is the same, so that what is there stays valid. */
const COMPATIBLE: readonly (readonly CustomFieldType[])[] = [
  ['text', 'textarea'],
  ['number', 'money'],
];
const WIDER: Readonly<Record<string, readonly CustomFieldType[]>> = {
  integer: ['number', 'money'],
  email: ['text', 'textarea'],
  phone: ['text', 'textarea'],
  url: ['text', 'textarea'],
};

/** Whether a saved field may become this type without touching a single record. */
export const mayBecome = (from: CustomFieldType, to: CustomFieldType): boolean =>
  from === to || COMPATIBLE.some((group) => group.includes(from) && group.includes(to)) || (WIDER[from] ?? []).includes(to);

/** Table and condition subject of each kind of record. */
export const ENTITY_TABLES: Readonly<Record<FieldEntity, { readonly table: string; readonly subject: string; readonly resource: string }>> =
  {
    lead: { table: 'crm_leads', subject: 'lead', resource: 'leads' },
    account: { table: 'crm_accounts', subject: 'account', resource: 'accounts' },
    opportunity: { table: 'crm_opportunities', subject: 'opportunity', resource: 'opportunities' },
    activity: { table: 'crm_activities', subject: 'activity', resource: 'activities' },
  };

/** Findings of a definition's conditions, by the paths of the definition. */
export const conditionFindings = (
  field: Pick<FieldDefinition, 'entity' | 'visibleWhen' | 'requiredWhen' | 'readOnlyWhen'>,
  check: (condition: unknown, subject: string) => readonly LintFinding[],
): LintFinding[] =>
  (['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const).flatMap((name) => {
    const value = field[name];
    if (value === null || value.rules.length === 0) return [];
    const { subject } = ENTITY_TABLES[field.entity];
    return check(value, subject).map((finding) => ({ ...finding, path: `${name}.${finding.path ?? ''}` }));
  });
