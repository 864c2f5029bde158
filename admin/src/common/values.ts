import type { CustomField, Locale, LocalisedText } from '../api/types';
import { plain } from './plain';
import { showDay, type TimeFormats } from './time';

const TAG = { zh: 'zh-CN', en: 'en-GB' } as const;

export const showNumber = (value: number | string | null | undefined, locale: Locale): string => {
  if (value === null || value === undefined || value === '') return '';
  const number = Number(value);
  return Number.isNaN(number) ? String(value) : number.toLocaleString(TAG[locale]);
};

/** Lists are counted to the last row up to so many; beyond it the server gives an estimate in two digits. */
const COUNTED = 10_000;

/** How many rows a list has; an estimate says that it is one. */
export const showTotal = (total: number, locale: Locale): string => `${total > COUNTED ? '≈ ' : ''}${showNumber(total, locale)}`;

export const showMoney = (value: number | string | null | undefined, currency: string | null | undefined, locale: Locale): string => {
  if (value === null || value === undefined || value === '' || Number.isNaN(Number(value))) return '';
  // Whole amounts stand without the cents nobody has.
  const options: Intl.NumberFormatOptions = { minimumFractionDigits: Number.isInteger(Number(value)) ? 0 : 2, maximumFractionDigits: 2 };
  return /^[A-Z]{3}$/.test(currency ?? '')
    ? Number(value).toLocaleString(TAG[locale], { ...options, style: 'currency', currency: currency ?? undefined })
    : Number(value).toLocaleString(TAG[locale], options);
};

const CODES = { region: /^[A-Za-z]{2}$/, language: /^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$/ } as const;

/** What a country (ISO 3166) or language (BCP 47) is called; text that is no such code as it stands. */
export const showCode = (value: string | null | undefined, type: keyof typeof CODES, locale: Locale): string => {
  const code = (value ?? '').trim();
  if (!CODES[type].test(code)) return code;
  const known = type === 'region' ? code.toUpperCase() : code;
  return new Intl.DisplayNames([TAG[locale]], { type, fallback: 'code' }).of(known) ?? code;
};

/** A dash stands for no answer at all. */
const YES_NO = { zh: ['是', '否'], en: ['Yes', 'No'] } as const;

interface Tools {
  locale: Locale;
  time: TimeFormats;
  text: (words: LocalisedText | string | null | undefined) => string;
  member: (id: number) => string;
}

/** A custom value as text, by the type of its field; unknown options show their stable key. */
export const showCustom = (field: CustomField, value: unknown, tools: Tools): string => {
  if (value === null || value === undefined || value === '') return '';
  const option = (key: unknown): string => tools.text(field.options.find((candidate) => candidate.value === key)?.label) || plain(key);
  switch (field.type) {
    case 'boolean':
      return YES_NO[tools.locale][value === true ? 0 : 1];
    case 'select':
      return option(value);
    case 'multiselect':
      return Array.isArray(value) ? value.map(option).join(', ') : option(value);
    case 'number':
    case 'integer':
    case 'money':
      return showNumber(plain(value), tools.locale);
    case 'date':
      return showDay(plain(value), tools.locale);
    case 'datetime':
      return tools.time.dateTime(plain(value));
    case 'text':
    case 'textarea':
    case 'email':
    case 'phone':
    case 'url':
      return plain(value);
    // Who may see only a part of it gets no id.
    case 'reference':
      return Number.isInteger(Number(value)) ? tools.member(Number(value)) : plain(value);
  }
};
