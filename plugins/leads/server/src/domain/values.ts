import type { CustomField } from '@leadsea/crm-core';
import type { LeadValues } from '../../../contracts';
import { booleanOf } from './files/convert';
import { normaliseNote, normaliseText } from './identity';

/** How a value given from outside becomes a column: text is cleaned, numbers and instants are parsed, anything else is refused by name. */
type Kind = 'text' | 'long' | 'integer' | 'money' | 'instant' | 'object' | 'country' | 'boolean';

export const LEAD_VALUE_COLUMNS: Readonly<Record<string, { readonly column: string; readonly kind: Kind }>> = {
  name: { column: 'name', kind: 'text' },
  title: { column: 'title', kind: 'text' },
  email: { column: 'email', kind: 'text' },
  phone: { column: 'phone', kind: 'text' },
  wechat: { column: 'wechat', kind: 'text' },
  company: { column: 'company', kind: 'text' },
  website: { column: 'website', kind: 'text' },
  industry: { column: 'industry', kind: 'text' },
  employees: { column: 'employees', kind: 'integer' },
  annualRevenue: { column: 'annual_revenue', kind: 'money' },
  currency: { column: 'currency', kind: 'text' },
  country: { column: 'country', kind: 'country' },
  province: { column: 'province', kind: 'text' },
  city: { column: 'city', kind: 'text' },
  address: { column: 'address', kind: 'text' },
  postcode: { column: 'postcode', kind: 'text' },
  language: { column: 'language', kind: 'text' },
  note: { column: 'note', kind: 'long' },
  source: { column: 'source', kind: 'text' },
  medium: { column: 'medium', kind: 'text' },
  campaign: { column: 'campaign', kind: 'text' },
  landingPage: { column: 'landing_page', kind: 'text' },
  referrer: { column: 'referrer', kind: 'text' },
  utm: { column: 'utm', kind: 'object' },
  ip: { column: 'ip', kind: 'text' },
  product: { column: 'product', kind: 'text' },
  capturedAt: { column: 'captured_at', kind: 'instant' },
  nextActionAt: { column: 'next_action_at', kind: 'instant' },
  doNotContactUntil: { column: 'do_not_contact_until', kind: 'instant' },
  bant: { column: 'bant', kind: 'object' },
  isTest: { column: 'is_test', kind: 'boolean' },
};

export interface ValueProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };
const ok = (value: unknown): Parsed => ({ ok: true, value });
const bad = (message: string): Parsed => ({ ok: false, message });

const INT_MAX = 2_147_483_647;

/** One line (or a note with its lines) as every entrance stores it; empty becomes null. */
const cleanText = (value: string, keepLines: boolean): string | null => (keepLines ? normaliseNote(value) : normaliseText(value)) || null;

function toText(value: unknown, limit: number, keepLines = false): Parsed {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return bad('must be text');
  const text = cleanText(String(value), keepLines);
  return text !== null && text.length > limit ? bad(`must be at most ${limit} characters`) : ok(text);
}

function toNumber(value: unknown): Parsed {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value.replace(/[,\s](?=\d{3}\b)/gu, ''))
        : NaN;
  return Number.isFinite(number) ? ok(number) : bad('must be a number');
}

function toInstant(value: unknown): Parsed {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? bad('must be a date and time') : ok(value);
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/u.test(value)) return bad('must be an ISO 8601 date and time');
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? bad('must be an ISO 8601 date and time') : ok(instant);
}

function parse(kind: Kind, value: unknown): Parsed {
  switch (kind) {
    case 'text':
      return toText(value, 1000);
    case 'long':
      return toText(value, 20_000, true);
    case 'country': {
      const text = toText(value, 100);
      return text.ok && typeof text.value === 'string' && text.value.length === 2 ? ok(text.value.toUpperCase()) : text;
    }
    case 'integer': {
      const number = toNumber(value);
      if (!number.ok) return number;
      return Number.isInteger(number.value) && Math.abs(number.value as number) <= INT_MAX ? number : bad('must be a whole number');
    }
    case 'money': {
      const number = toNumber(value);
      return number.ok && Math.abs(number.value as number) >= 1e16
        ? bad('is too large')
        : number.ok
          ? ok((number.value as number).toFixed(2))
          : number;
    }
    case 'instant':
      return toInstant(value);
    case 'boolean':
      return typeof value === 'boolean' ? ok(value) : bad('must be true or false');
    case 'object':
      return typeof value === 'object' && !Array.isArray(value) ? ok(value) : bad('must be an object');
  }
}

const CUSTOM_TEXT = new Set(['text', 'textarea', 'email', 'phone', 'url']);

/** A day that is in the calendar: the 30th of February is not. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function checkForm(type: CustomField['type'], text: string): Parsed {
  if (type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(text)) return bad('must be an e-mail address');
  if (type === 'phone' && !/^\+?[\d\s().\-/]{5,30}(?:\s*(?:ext|x|转)\.?\s*\d{1,6})?$/iu.test(text)) return bad('must be a phone number');
  if (type === 'url' && !(URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol))) return bad('must be a web address (https://…)');
  return ok(text);
}

/** Options that may be chosen anew; retired ones stay with the records that have them. */
const offered = (field: CustomField): readonly unknown[] => field.options.flatMap((option) => (option.retired ? [] : [option.value]));

function checkBounds(field: CustomField, value: unknown): Parsed {
  const { min, max, pattern, maxLength } = field.validation;
  if (typeof value === 'number' && min !== undefined && value < min) return bad(`must be at least ${min}`);
  if (typeof value === 'number' && max !== undefined && value > max) return bad(`must be at most ${max}`);
  if (typeof value === 'string' && maxLength !== undefined && value.length > maxLength)
    return bad(`must be at most ${maxLength} characters`);
  if (typeof value === 'string' && pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
    return bad('does not have the expected form');
  return ok(value);
}

/** One custom value by its definition; null clears it. */
export function parseCustom(field: CustomField, value: unknown): Parsed {
  if (value === null || value === undefined || value === '') return ok(null);
  if (CUSTOM_TEXT.has(field.type)) {
    const text = toText(value, 20_000, field.type === 'textarea');
    const formed = text.ok && typeof text.value === 'string' ? checkForm(field.type, text.value) : text;
    return formed.ok ? checkBounds(field, formed.value) : formed;
  }
  switch (field.type) {
    case 'number':
    case 'money':
    case 'integer': {
      const number = toNumber(value);
      if (!number.ok) return number;
      if (field.type === 'integer' && !Number.isInteger(number.value)) return bad('must be a whole number');
      return checkBounds(field, number.value);
    }
    case 'boolean': {
      // A form of a browser sends nothing but text.
      const found = typeof value === 'string' ? booleanOf(value) : value;
      return typeof found === 'boolean' ? ok(found) : bad('must be true or false');
    }
    case 'date':
      return typeof value === 'string' && isDay(value.slice(0, 10)) ? ok(value.slice(0, 10)) : bad('must be a date (YYYY-MM-DD)');
    case 'datetime': {
      const instant = toInstant(value);
      return instant.ok ? ok((instant.value as Date).toISOString()) : instant;
    }
    case 'select':
      return offered(field).includes(value) ? ok(value) : bad(`must be one of: ${offered(field).join(', ')}`);
    case 'multiselect': {
      const list: unknown[] = Array.isArray(value) ? value : [value];
      const unknown = list.find((item) => !field.options.some((option) => option.value === item));
      return unknown === undefined ? ok([...new Set(list)]) : bad(`has an unknown option ${JSON.stringify(unknown)}`);
    }
    default: {
      const id = toNumber(value);
      return id.ok && Number.isInteger(id.value) && Number(id.value) > 0 && Number(id.value) <= INT_MAX
        ? id
        : bad('must be the id of a record');
    }
  }
}

export interface ParsedValues {
  /** Column → value, ready for the row; null clears. */
  readonly columns: Readonly<Record<string, unknown>>;
  readonly custom: Readonly<Record<string, unknown>>;
  readonly problems: readonly ValueProblem[];
}

/**
 * Custom values by their definitions; null clears. `complete` fills in defaults and asks for required fields that are missing; without
 * it a required field cannot be cleared. What depends on the rest of the record is left to `ruleProblems`.
 */
export function parseCustomValues(
  given: Readonly<Record<string, unknown>>,
  fields: readonly CustomField[],
  complete: boolean,
): Pick<ParsedValues, 'custom' | 'problems'> {
  const custom: Record<string, unknown> = {};
  const problems: ValueProblem[] = [];
  const byKey = new Map(fields.map((field) => [field.key, field]));
  for (const [key, value] of Object.entries(given)) {
    const field = byKey.get(key);
    if (!field || field.retired) {
      problems.push({ field: `custom.${key}`, code: 'FIELD_UNKNOWN', message: `There is no custom field "${key}".` });
      continue;
    }
    const parsed = parseCustom(field, value);
    if (parsed.ok && parsed.value === null && field.required && !complete && !field.visibleWhen)
      problems.push({ field: `custom.${key}`, code: 'VALUE_REQUIRED', message: `${field.label.en} is required.` });
    else if (parsed.ok) custom[key] = parsed.value;
    else problems.push({ field: `custom.${key}`, code: 'VALUE_INVALID', message: `${field.label.en} ${parsed.message}.` });
  }
  if (complete) {
    for (const field of fields) {
      if (field.retired) continue;
      if (custom[field.key] === undefined && field.defaultValue !== null && field.defaultValue !== undefined)
        custom[field.key] = field.defaultValue;
      // Whether a field that is shown only sometimes is required, the rules of the record decide.
      if (field.required && !field.visibleWhen && (custom[field.key] === undefined || custom[field.key] === null)) {
        problems.push({ field: `custom.${field.key}`, code: 'VALUE_REQUIRED', message: `${field.label.en} is required.` });
      }
    }
  }
  return { custom, problems };
}

/**
 * Values from any entrance → columns. Unknown keys are a problem (FIELD_UNKNOWN), so nothing given is silently lost.
 * `complete` also asks for required custom fields that are missing.
 */
export function parseValues(values: LeadValues, fields: readonly CustomField[], complete: boolean): ParsedValues {
  const columns: Record<string, unknown> = {};
  const problems: ValueProblem[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (key === 'custom') continue;
    const target = LEAD_VALUE_COLUMNS[key];
    if (!target) {
      problems.push({ field: key, code: 'FIELD_UNKNOWN', message: `There is no field "${key}".` });
      continue;
    }
    const parsed: Parsed = value === null || value === undefined || value === '' ? ok(null) : parse(target.kind, value);
    if (parsed.ok) columns[target.column] = parsed.value;
    else problems.push({ field: key, code: 'VALUE_INVALID', message: `${key} ${parsed.message}.` });
  }
  const own = parseCustomValues(values.custom ?? {}, fields, complete);
  return { columns, custom: own.custom, problems: [...problems, ...own.problems] };
}
