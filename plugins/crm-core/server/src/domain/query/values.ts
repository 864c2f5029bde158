import type { ResourceField, Sql } from '../../../../contracts';
import { raw } from './fragments';
import { queryInvalid } from './problems';

const INT_MAX = 2_147_483_647;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;
const ZONED = /(Z|[+-]\d{2}:?\d{2})$/;

const wrong = (field: ResourceField, expected: string): never => {
  throw queryInvalid(`"${field.name}" is compared with ${expected}.`, { field: field.name });
};

function integer(field: ResourceField, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= INT_MAX ? number : wrong(field, 'an id');
}

function decimal(field: ResourceField, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : wrong(field, 'a number');
}

function bool(field: ResourceField, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return wrong(field, 'true or false');
}

function text(field: ResourceField, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value.includes('\u0000')) return wrong(field, 'text');
  return value;
}

function moment(field: ResourceField, value: unknown, pattern: RegExp, expected: string): string {
  return typeof value === 'string' && pattern.test(value) && !Number.isNaN(Date.parse(value)) && isRealDate(value)
    ? value
    : wrong(field, expected);
}

/** Refuses 2026-02-30, which Date.parse rolls over or PostgreSQL would raise on. */
function isRealDate(value: string): boolean {
  const day = value.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** Whether a date without a time was given where an instant is compared: it then stands for the whole day in the caller's zone. */
export const isWholeDay = (field: ResourceField, value: unknown): boolean =>
  field.type === 'datetime' && typeof value === 'string' && DATE.test(value);

/**
 * A filter value as SQL of the field's type. Wall times without a zone are in `timeZone`; `days` shifts a whole day.
 * @throws AppError QUERY_INVALID
 */
export function valueSql(field: ResourceField, value: unknown, timeZone: string, days = 0): Sql {
  switch (field.type) {
    case 'id':
    case 'reference':
      return raw('?', integer(field, value));
    case 'number':
    case 'money': {
      const number = decimal(field, value);
      return Number.isInteger(number) && Math.abs(number) <= INT_MAX ? raw('?', number) : raw('?::numeric', number);
    }
    case 'boolean':
      return raw('?', bool(field, value));
    case 'date':
      return raw('?::date', moment(field, value, DATE, 'a date such as 2026-05-01'));
    case 'datetime': {
      if (isWholeDay(field, value)) {
        return raw(`((?::date + ${days === 1 ? 1 : 0})::timestamp AT TIME ZONE ?)`, moment(field, value, DATE, 'a date'), timeZone);
      }
      const instant = moment(field, value, DATE_TIME, 'an ISO 8601 time');
      return ZONED.test(instant) ? raw('?::timestamptz', instant) : raw('(?::timestamp AT TIME ZONE ?)', instant, timeZone);
    }
    case 'text':
    case 'select':
    case 'multiselect':
      return raw('?', text(field, value));
    case 'json':
      return wrong(field, 'nothing but emptiness');
    default:
      throw new Error(`Unknown field type ${String(field.type satisfies never)}`);
  }
}

/** A list of at most 1,000 plain values for one array parameter. @throws AppError QUERY_INVALID */
export function listValues(field: ResourceField, value: unknown): readonly (string | number | boolean)[] {
  const list: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  if (list.length > 1000)
    throw queryInvalid(`"${field.name}" may be compared with 1000 values at most.`, { field: field.name, limit: 1000 });
  return list.map((item) => {
    if (field.type === 'id' || field.type === 'reference') return integer(field, item);
    if (field.type === 'number' || field.type === 'money') return decimal(field, item);
    if (field.type === 'boolean') return bool(field, item);
    if (field.type === 'date') return moment(field, item, DATE, 'dates such as 2026-05-01');
    if (field.type === 'datetime') {
      const instant = moment(field, item, DATE_TIME, 'ISO 8601 times with a zone');
      return ZONED.test(instant) ? instant : wrong(field, 'ISO 8601 times with a zone');
    }
    return field.type === 'json' ? wrong(field, 'nothing but emptiness') : text(field, item);
  });
}

export const isTextual = (field: ResourceField): boolean => field.type === 'text' || field.type === 'select';
export const isOrdered = (field: ResourceField): boolean => !['boolean', 'json', 'multiselect'].includes(field.type);
export const needsNumeric = (list: readonly (string | number | boolean)[]): boolean =>
  list.some((item) => typeof item === 'number' && !(Number.isInteger(item) && Math.abs(item) <= INT_MAX));
export const asBoolean = bool;
export const asText = text;
