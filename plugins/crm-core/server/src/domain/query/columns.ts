import type { ResourceField } from '../../../../contracts';
import { identifier, snakeCase } from '../access/shape';

export interface FieldSql {
  /** Value as it is sent. */
  readonly read: string;
  /** Value as it is compared and sorted. */
  readonly compare: string;
}

const CUSTOM = 'custom.';
const CUSTOM_KEY = /^[A-Za-z0-9_]+$/;

const isCustom = (field: ResourceField): boolean => field.name.startsWith(CUSTOM) && !field.sql && field.column === undefined;

function customSql(field: ResourceField, alias: string): FieldSql {
  const key = field.name.slice(CUSTOM.length);
  if (!CUSTOM_KEY.test(key)) throw new Error(`"${field.name}" is not a usable custom field key`);
  const json = `${identifier(alias)}."custom"`;
  const text = `(${json}->>'${key}')`;
  const compare = (): string => {
    switch (field.type) {
      case 'id':
      case 'reference':
      case 'number':
      case 'money':
        return `${text}::numeric`;
      case 'boolean':
        return `${text}::boolean`;
      case 'datetime':
        return `${text}::timestamptz`;
      case 'date':
        return `${text}::date`;
      case 'multiselect':
      case 'json':
        return `(${json}->'${key}')`;
      case 'text':
      case 'select':
        return text;
      default:
        throw new Error(`Unknown field type ${String(field.type satisfies never)}`);
    }
  };
  return { read: `(${json}->'${key}')`, compare: compare() };
}

/** SQL of a field over `alias`: its own expression, a key of the jsonb column `custom`, or a column. */
export function fieldSql(field: ResourceField, alias: string): FieldSql {
  if (isCustom(field)) return customSql(field, alias);
  const expression = field.sql ? `(${field.sql(alias)})` : `${identifier(alias)}.${identifier(field.column ?? snakeCase(field.name))}`;
  return { read: field.type === 'date' ? `(${expression})::date::text` : expression, compare: expression };
}
