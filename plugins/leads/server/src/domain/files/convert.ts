import type { CustomFieldType, LocalisedText } from '@leadsea/crm-core';
import { emailKey } from '../identity/email';
import { phoneKey } from '../identity/phone';
import { foldCase, isBlank, normaliseNote, normaliseText } from '../identity/text';
import { countryCode } from './countries';
import { fromSerial, fromUnix, orderOf, parseDate, toInstant, type ParsedDate } from './dates';
import { parseNumber } from './numbers';

/** Field types a column can be converted to: the custom field types and what only the lead itself has. */
export type TargetType = CustomFieldType | 'country';

export interface Choice {
  readonly value: string;
  readonly label: LocalisedText;
}
export interface ConvertOptions {
  /** Words that mean "no value", compared without case: `Select`, `N/A`, `-`. */
  readonly emptyValues?: readonly string[];
  /** `dd/MM/yyyy` …; only the order of day, month and year counts. `yyyy-MM-dd` when absent. */
  readonly dateFormat?: string;
  /** IANA zone in which times without an offset are written; UTC when absent. */
  readonly timeZone?: string;
  /** `1.234,5`; absent = told from the text where it is plain. */
  readonly decimalComma?: boolean;
  readonly booleanWords?: { readonly true: readonly string[]; readonly false: readonly string[] };
  /** Text in the file (without case) → option value; null = empty. Goes before the choices. */
  readonly optionMap?: Readonly<Record<string, string | null>>;
  readonly choices?: readonly Choice[];
  readonly defaultCountry?: string | null;
  readonly maxLength?: number;
}
export type Converted =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string; readonly message: string };

const done = (value: unknown): Converted => ({ ok: true, value });
const refuse = (code: string, message: string): Converted => ({ ok: false, code, message });
const EMPTY = done(null);

export const TRUE_WORDS = [
  'yes',
  'y',
  'true',
  't',
  '1',
  'on',
  'x',
  '是',
  '有',
  '对',
  '真',
  '√',
  '✓',
  '✔',
  'ja',
  'oui',
  'si',
  'sim',
  'да',
  '1.0',
] as const;
export const FALSE_WORDS = [
  'no',
  'n',
  'false',
  'f',
  '0',
  'off',
  '否',
  '无',
  '没有',
  '不是',
  '错',
  '假',
  '×',
  '✗',
  'nein',
  'non',
  'nao',
  'нет',
  '0.0',
] as const;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...TRUE_WORDS.map((word) => [word, true] as const),
  ...FALSE_WORDS.map((word) => [word, false] as const),
]);

/** A yes-or-no word in any of the usual languages; null when it is none. */
export function booleanOf(text: string, words?: ConvertOptions['booleanWords']): boolean | null {
  const folded = foldCase(normaliseText(text));
  if (words?.true.some((word) => foldCase(word) === folded)) return true;
  if (words?.false.some((word) => foldCase(word) === folded)) return false;
  return BOOLEANS.get(folded) ?? null;
}

function convertNumber(text: string, type: 'number' | 'integer' | 'money', options: ConvertOptions): Converted {
  const value = parseNumber(text, options.decimalComma);
  if (value === null) return refuse('NUMBER_INVALID', `"${text}" is not a number.`);
  if (type !== 'integer') return done(value);
  if (!Number.isInteger(value)) return refuse('INTEGER_INVALID', `"${text}" is not a whole number.`);
  return Number.isSafeInteger(value)
    ? done(value)
    : refuse('NUMBER_TOO_LARGE', `"${text}" has too many digits for a number; import it as text.`);
}

const two = (value: number): string => String(value).padStart(2, '0');
const isoDay = (date: ParsedDate): string => `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;

function convertDate(text: string, type: 'date' | 'datetime', options: ConvertOptions): Converted {
  const unix = type === 'datetime' ? fromUnix(text) : null;
  if (unix) return done(unix.toISOString());
  const serial = /^\d{5}(?:\.\d+)?$/.test(text) ? fromSerial(Number(text)) : null;
  const parsed = serial ?? parseDate(text, orderOf(options.dateFormat ?? 'yyyy-MM-dd'));
  if (!parsed) return refuse('DATE_INVALID', `"${text}" is not a date of the form ${options.dateFormat ?? 'yyyy-MM-dd'}.`);
  return done(type === 'date' ? isoDay(parsed) : toInstant(parsed, options.timeZone ?? 'UTC').toISOString());
}

function optionOf(text: string, options: ConvertOptions): string | null | undefined {
  const folded = foldCase(text);
  const mapped = Object.entries(options.optionMap ?? {}).find(([key]) => foldCase(normaliseText(key)) === folded);
  if (mapped) return mapped[1];
  const choice = options.choices?.find(({ value, label }) =>
    [value, label.zh, label.en].some((name) => foldCase(normaliseText(name)) === folded),
  );
  return choice ? choice.value : options.choices ? undefined : text;
}

function convertOptions(text: string, many: boolean, options: ConvertOptions): Converted {
  const whole = optionOf(text, options);
  if (!many || (whole !== undefined && options.choices)) {
    if (whole === undefined) return refuse('OPTION_UNKNOWN', `"${text}" is not one of the options.`);
    return done(many && whole !== null ? [whole] : whole);
  }
  const parts = text
    .split(/[;,|、，；/]/)
    .map(normaliseText)
    .filter((part) => part !== '');
  const values = parts.map((part) => optionOf(part, options));
  const unknown = parts.find((_, index) => values[index] === undefined);
  if (unknown !== undefined) return refuse('OPTION_UNKNOWN', `"${unknown}" is not one of the options.`);
  return done([...new Set(values.filter((value) => value !== null && value !== undefined))]);
}

/** Adds `https://` to a bare host; anything that is no web address is refused. */
function convertUrl(text: string): Converted {
  const candidate = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!/^https?:\/\//i.test(candidate) || /\s/.test(candidate) || !URL.canParse(candidate))
    return refuse('URL_INVALID', `"${text}" is not a web address.`);
  return new URL(candidate).hostname.includes('.') ? done(candidate) : refuse('URL_INVALID', `"${text}" is not a web address.`);
}

const isEmptyWord = (text: string, words: readonly string[]): boolean =>
  words.some((word) => foldCase(normaliseText(word)) === foldCase(text));

function convertText(raw: string, text: string, type: 'text' | 'textarea', options: ConvertOptions): Converted {
  const value = type === 'textarea' ? normaliseNote(raw) : text;
  const limit = options.maxLength ?? (type === 'textarea' ? 32_767 : 255);
  return value.length > limit ? refuse('TEXT_TOO_LONG', `The text has ${value.length} characters; at most ${limit} fit.`) : done(value);
}

/**
 * Turns the text of one cell into a value of the target type. Blank text and the words for "no value" give null. Dates become
 * `yyyy-MM-dd`, instants UTC ISO 8601, telephones E.164, countries ISO-2. A refusal says which rule was broken.
 */
export function convertCell(raw: string, type: TargetType, options: ConvertOptions = {}): Converted {
  const text = normaliseText(raw);
  if (isBlank(text) || isEmptyWord(text, options.emptyValues ?? [])) return EMPTY;
  switch (type) {
    case 'text':
    case 'textarea':
      return convertText(raw, text, type, options);
    case 'number':
    case 'integer':
    case 'money':
      return convertNumber(text, type, options);
    case 'boolean': {
      const value = booleanOf(text, options.booleanWords);
      return value === null ? refuse('BOOLEAN_INVALID', `"${text}" is neither yes nor no.`) : done(value);
    }
    case 'date':
    case 'datetime':
      return convertDate(text, type, options);
    case 'select':
    case 'multiselect':
      return convertOptions(text, type === 'multiselect', options);
    case 'email': {
      const email = emailKey(text);
      return email.ok ? done(email.email) : refuse(email.code, email.reason);
    }
    case 'phone': {
      const phone = phoneKey(text, options.defaultCountry ?? null);
      if (!phone.ok) return refuse(phone.code, phone.reason);
      return done(phone.valid || phone.international ? phone.e164 : text);
    }
    case 'url':
      return convertUrl(text);
    case 'country': {
      const code = countryCode(text);
      return code ? done(code) : refuse('COUNTRY_UNKNOWN', `"${text}" is not a country.`);
    }
    case 'reference':
      return /^[1-9]\d{0,14}$/.test(text) ? done(Number(text)) : refuse('REFERENCE_INVALID', `"${text}" is not the number of a record.`);
  }
}
