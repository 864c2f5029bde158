import type { CustomFieldType } from '@leadsea/crm-core';
import { emailKey } from '../identity/email';
import { foldCase, normaliseText } from '../identity/text';
import { booleanOf } from './convert';
import { detectDateFormat } from './dates';
import { parseNumber } from './numbers';

export interface InferredOption {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}
export interface InferredType {
  readonly type: CustomFieldType;
  /** 0 … 1: how many samples speak for it. */
  readonly confidence: number;
  readonly dateFormat?: string;
  readonly dateAmbiguous?: boolean;
  readonly decimalComma?: boolean;
  readonly options?: readonly InferredOption[];
  /** Words found in the column that usually mean "no value"; the samples were judged without them. */
  readonly emptyValues: readonly string[];
  readonly filled: number;
}

const PLACEHOLDERS = new Set([
  'select',
  'please select',
  '--none--',
  '-none-',
  'none',
  'n/a',
  'na',
  'n.a.',
  '#n/a',
  'null',
  'nil',
  'undefined',
  'nan',
  '-',
  '--',
  '---',
  '—',
  '/',
  '\\',
  '?',
  '.',
  'tbd',
  '请选择',
  '暂无',
  '无数据',
  '未填写',
  '未填',
  '空',
  '(blank)',
  '(empty)',
  '未选择',
]);
/** `none` and `无` may be an answer; they count as empty only in columns that are not yes-or-no. */
export const isPlaceholder = (text: string): boolean => PLACEHOLDERS.has(foldCase(normaliseText(text)));

/** A key for an option or a field made of its text: `Other Cities` → `other_cities`; Chinese stays. Never empty. */
export function slug(text: string): string {
  const key = foldCase(normaliseText(text))
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return key === '' ? 'value' : key.slice(0, 60);
}

function optionsOf(values: readonly string[]): InferredOption[] {
  const byKey = new Map<string, { label: string; count: number }>();
  for (const value of values) {
    const key = slug(value);
    const known = byKey.get(key);
    byKey.set(key, { label: known?.label ?? value, count: (known?.count ?? 0) + 1 });
  }
  return [...byKey]
    .map(([value, { label, count }]) => ({ value, label, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

const INTEGER = /^[+-]?(?:0|[1-9]\d{0,14})$/;
const LEADING_ZERO = /^0\d+$/;

/** Numbers that name something rather than count: leading zeros, or long and never repeated. */
const identifiers = (values: readonly string[]): boolean =>
  values.some((value) => LEADING_ZERO.test(value)) ||
  (values.length >= 5 && values.every((value) => /^\d{9,}$/.test(value)) && new Set(values).size === values.length);

function inferNumber(values: readonly string[]): Pick<InferredType, 'type' | 'decimalComma'> | null {
  if (identifiers(values)) return null;
  if (values.every((value) => INTEGER.test(value))) return { type: 'integer' };
  if (!values.every((value) => /\d/.test(value) && !/[A-Za-z]{2,}/.test(value))) return null;
  if (values.every((value) => parseNumber(value, false) !== null)) return { type: 'number' };
  return values.every((value) => parseNumber(value, true) !== null) ? { type: 'number', decimalComma: true } : null;
}

/** 0 and 1 alone are a flag only when there are enough of both to tell it from a count. */
function isBoolean(values: readonly string[]): boolean {
  const distinct = new Set(values.map((value) => foldCase(value)));
  if (distinct.size > 2 || ![...distinct].every((word) => booleanOf(word) !== null)) return false;
  const digits = [...distinct].every((word) => word === '0' || word === '1');
  return digits ? distinct.size === 2 && values.length >= 8 : [...distinct].every((word) => word.length > 1 || /[yn是否√×]/.test(word));
}

function isSelect(values: readonly string[]): boolean {
  const distinct = new Set(values.map((value) => slug(value))).size;
  const longest = Math.max(...values.map((value) => value.length));
  return values.length >= 4 && longest <= 80 && distinct <= 50 && distinct <= Math.max(2, values.length * 0.4);
}

/** The custom field type that fits the samples of a column; `text` when nothing else does. Blank samples do not count. */
export function inferType(samples: readonly string[]): InferredType {
  const filledIn = samples.map(normaliseText).filter((sample) => sample !== '');
  const emptyValues = [...new Set(filledIn.filter(isPlaceholder))];
  const values = filledIn.filter((sample) => !isPlaceholder(sample));
  const base = { emptyValues, filled: values.length, confidence: values.length === 0 ? 0 : Math.min(1, 0.5 + values.length / 20) };
  if (values.length === 0) return { ...base, type: 'text' };
  if (isBoolean(values)) return { ...base, type: 'boolean' };
  const dates = values.every((value) => /\d/.test(value) && value.length >= 6) ? detectDateFormat(values) : null;
  if (dates && !(values.every((value) => /^\d{8}$/.test(value)) && values.length < 3)) {
    return { ...base, type: dates.hasTime ? 'datetime' : 'date', dateFormat: dates.format, dateAmbiguous: dates.ambiguous };
  }
  const number = inferNumber(values);
  if (number) return { ...base, ...number };
  if (values.every((value) => emailKey(value).ok)) return { ...base, type: 'email' };
  if (values.every((value) => /^https?:\/\/\S+$|^www\.\S+\.\S+$/i.test(value))) return { ...base, type: 'url' };
  if (isSelect(values)) return { ...base, type: 'select', options: optionsOf(values) };
  return { ...base, type: samples.some((sample) => sample.includes('\n') || sample.length > 200) ? 'textarea' : 'text' };
}
