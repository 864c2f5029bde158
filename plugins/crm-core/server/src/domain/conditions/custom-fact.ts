import type { CompileContext, CustomField, CustomFieldType, FactDefinition, FactType, Sql } from '../../../../contracts';
import { identifier, operatorsOf } from './facts';
import { raw, sql } from './fragment';
import { knownZone } from './span';

const FACT_TYPE: Readonly<Record<CustomFieldType, FactType>> = {
  text: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  number: 'number',
  integer: 'number',
  money: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
  select: 'select',
  multiselect: 'multiselect',
  reference: 'reference',
};

// Written without a question mark, which would be taken for a placeholder.
const NUMERIC = '^[+-]{0,1}[0-9]{1,30}(\\.[0-9]{1,30}){0,1}$';
const LEAP_YEAR = '([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)';
const DAY = `([1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|${LEAP_YEAR}-02-29)`;
const CLOCK = '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9}){0,1}){0,1}';
const OFFSET = '(Z|[+-](0[0-9]|1[0-4]):{0,1}[0-5][0-9])';

/** Values of `custom` come from many entrances: one of another kind than the field's counts as none, and never makes the statement fail. */
function castSql(type: FactType, json: string, text: string, context: CompileContext): Sql {
  switch (type) {
    case 'number':
      return raw(
        `CASE WHEN jsonb_typeof(${json}) = 'number' THEN (${text})::numeric WHEN jsonb_typeof(${json}) = 'string' AND ${text} ~ '${NUMERIC}' THEN (${text})::numeric END`,
      );
    case 'reference':
      return raw(`CASE WHEN jsonb_typeof(${json}) IN ('number', 'string') AND ${text} ~ '^[0-9]{1,15}$' THEN (${text})::bigint END`);
    case 'boolean':
      return raw(`CASE WHEN jsonb_typeof(${json}) IN ('boolean', 'string') AND ${text} IN ('true', 'false') THEN (${text})::boolean END`);
    case 'date': {
      const zone = knownZone(context.actor?.timeZone);
      return sql`CASE WHEN jsonb_typeof(${raw(json)}) = 'string' THEN CASE WHEN ${raw(text)} ~ ${raw(`'^${DAY}${CLOCK}${OFFSET}$'`)} THEN ${raw(`(${text})::timestamptz`)} WHEN ${raw(text)} ~ ${raw(`'^${DAY}(${CLOCK}){0,1}$'`)} THEN ${raw(`(${text})::timestamp`)} AT TIME ZONE ${zone} END END`;
    }
    case 'multiselect':
      return raw(`CASE WHEN jsonb_typeof(${json}) = 'array' THEN ${json} END`);
    case 'text':
    case 'select':
      return raw(`CASE WHEN jsonb_typeof(${json}) IN ('string', 'number', 'boolean') THEN ${text} END`);
    case 'count':
    case 'duration':
      throw new Error(`A custom field is not a ${type}.`);
  }
}

export interface CustomFactOptions {
  /** The jsonb column of the subject's row; default `custom`. */
  readonly column?: string;
  /** Console resource a reference field points to. */
  readonly reference?: string;
}

/**
 * The fact of a custom field: `<subject>.custom.<key>` out of a jsonb column, cast by the field's type. Numbers, ids (up to 15 digits)
 * and booleans also count when they were stored as text. A `date` without a time is that day in the
 * actor's zone. Null for a retired field and for a key that cannot be written into SQL safely.
 */
export function customFieldFact(
  subject: string,
  field: Pick<CustomField, 'key' | 'type' | 'label' | 'options' | 'retired'>,
  options: CustomFactOptions = {},
): FactDefinition | null {
  if (field.retired || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(field.key)) return null;
  const column = identifier(options.column ?? 'custom');
  const type = FACT_TYPE[field.type];
  return {
    subject,
    key: `${subject}.custom.${field.key}`,
    label: field.label,
    type,
    operators: operatorsOf(type),
    ...(field.options.length > 0 ? { options: field.options } : {}),
    ...(options.reference !== undefined ? { reference: options.reference } : {}),
    accessField: `custom.${field.key}`,
    sql: (alias, _args, context) => castSql(type, `${alias}.${column}->'${field.key}'`, `${alias}.${column}->>'${field.key}'`, context),
  };
}
