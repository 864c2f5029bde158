import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { normaliseText } from './text';

export const PHONE_TYPES = [
  'mobile',
  'fixedLine',
  'fixedLineOrMobile',
  'tollFree',
  'premiumRate',
  'sharedCost',
  'voip',
  'personal',
  'pager',
  'uan',
  'voicemail',
  'unknown',
] as const;
export type PhoneType = (typeof PHONE_TYPES)[number];

export interface ParsedPhone {
  readonly ok: true;
  /** `+8613800138000`: the key; extensions are not part of it. */
  readonly e164: string;
  readonly national: string;
  readonly extension: string | null;
  readonly type: PhoneType;
  /** ISO-2, null for numbers of no country (+800 …) or when the calling code alone does not tell. */
  readonly country: string | null;
  /** False when the length fits but no such range is known: keep it, call it with doubt, do not match on it when typed without `+`. */
  readonly valid: boolean;
  /** Typed with `+`, an international prefix or a phone-context. */
  readonly international: boolean;
}
export type PhoneProblem = 'PHONE_EMPTY' | 'PHONE_UNREADABLE' | 'PHONE_LENGTH' | 'PHONE_DUMMY' | 'PHONE_SCIENTIFIC';
export interface RefusedPhone {
  readonly ok: false;
  readonly code: PhoneProblem;
  readonly reason: string;
}
export type PhoneResult = ParsedPhone | RefusedPhone;

const TYPES: Readonly<Record<string, PhoneType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixedLine',
  FIXED_LINE_OR_MOBILE: 'fixedLineOrMobile',
  TOLL_FREE: 'tollFree',
  PREMIUM_RATE: 'premiumRate',
  SHARED_COST: 'sharedCost',
  VOIP: 'voip',
  PERSONAL_NUMBER: 'personal',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'voicemail',
};
const DASHES = /[\u2010-\u2015\u2212\u30FC\uFF70]/g;
const EXTENSION = /(?:;ext=|[\s,;-]*(?:extension|ext|xtn|x|#|转接|转|轉|分机|分機|内线|доб)[\s.:：#]*)(\d{1,7})#?$/iu;
const CHINESE_DASH_EXTENSION = /^((?:\+?86[\s-]?)?\(?0\d{2,3}\)?[\s-]?\d{7,8})-(\d{1,6})$/;
const LABEL = /^(?:tel|phone|mobile|mob|cell|fax|电话|手机|手机号|联系电话)\s*[.:]?\s*(?=[+(\d])/iu;
const KEYPAD = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];

const refuse = (code: PhoneProblem, reason: string): RefusedPhone => ({ ok: false, code, reason });
const country = (code: string | null | undefined): CountryCode | undefined => {
  const upper = code?.toUpperCase();
  return upper && isSupportedCountry(upper) ? upper : undefined;
};
const read = (text: string, region: CountryCode | undefined): PhoneNumber | undefined =>
  parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
const keypadDigit = (letter: string): string => String(KEYPAD.findIndex((keys) => keys.includes(letter.toLowerCase())) + 2);

/** `tel:03-331-6005;phone-context=+64` (RFC 3966) → `+64 03-331-6005`; other text unchanged; null when the context is malformed. */
function withoutUri(text: string): string | null {
  const context = /;phone-context=([^;]*)/.exec(text)?.[1];
  const extension = /;ext=\d{1,7}/i.exec(text)?.[0].toLowerCase() ?? '';
  const body = `${(/tel:([^;]*)/i.exec(text)?.[1] ?? text.replace(/;(?:phone-context|isub|ext)=.*$/i, '')).trim()}${extension}`;
  if (context === undefined) return body;
  if (body === '') return null;
  if (/^\+\d[\d\s().-]*$/.test(context)) return `${context} ${body}`;
  return /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z](?:[a-z\d-]*[a-z\d])?\.?$|^[\d]+\.com$/i.test(context) ||
    /^[\w-]+(?:\.[a-z][\w-]*)+\.?$/i.test(context)
    ? body
    : null;
}

/** What people type, brought to what the metadata can read: one `+`, no labels, no `(0xx)`, `0~0` and the like. */
function tidy(text: string): string {
  const plain = text
    .replace(/\.0$/, '')
    .replace(/\(0x+\)/i, '(0)')
    .replace(/~/g, '')
    .replace(/^[+]{2,}/, '+');
  return plain.replace(LABEL, '').trim();
}

/** Candidates in order of trust: as typed, `+00…` read as a prefix, vanity letters on a keypad. */
function candidates(text: string, region: CountryCode | undefined): (PhoneNumber | undefined)[] {
  const list = [() => read(text, region)];
  if (/^\+\s*0/.test(text))
    list.push(
      () => read(text.replace(/^\+\s*/, ''), region),
      () => read(text.replace(/^\+\s*0[01]*1?1?\s*/, '+'), region),
    );
  const vanity = /^\+?[\d\s().-]{3,}[a-z][a-z\d\s().-]*$/i.test(text) ? text.replace(/[a-z]/gi, keypadDigit) : null;
  if (vanity) return [[read(vanity, region)].find((phone) => phone?.isValid())];
  return list.map((attempt) => attempt());
}

/** With full metadata a number is valid exactly when its type is known; asking once saves half the time. */
function describe(phone: PhoneNumber, type: string | undefined, extension: string | null, international: boolean): ParsedPhone {
  return {
    ok: true,
    e164: phone.number,
    // Formatting costs as much as reading, and keys do not need it.
    get national() {
      return phone.formatNational().replace(/\s*ext\.? ?\d+$/i, '');
    },
    extension: phone.ext ?? extension,
    type: TYPES[type ?? ''] ?? 'unknown',
    country: phone.country ?? null,
    valid: type !== undefined,
    international,
  };
}

function readOne(text: string, region: CountryCode | undefined): PhoneResult {
  const chinese = region === 'CN' || /^\+?86/.test(text) ? CHINESE_DASH_EXTENSION.exec(text) : null;
  const found = chinese ?? EXTENSION.exec(text);
  const extension = chinese?.[2] ?? (found ? (found[1] ?? null) : null);
  const body = chinese?.[1] ?? (found ? text.slice(0, found.index).trim() : text);
  const parsed = candidates(tidy(body), region).filter((phone) => phone !== undefined);
  const typed = parsed.map((one) => ({ one, type: one.getType() }));
  const best = typed.find(({ type }) => type !== undefined) ?? typed.find(({ one }) => one.isPossible());
  if (best) {
    const { one: phone, type } = best;
    if (type === undefined && /^(\d)\1*$/.test(phone.nationalNumber)) return refuse('PHONE_DUMMY', 'The number repeats one digit.');
    return describe(phone, type, extension, /^\s*(?:\+|00)/.test(body) || !region);
  }
  if (parsed.length > 0) return refuse('PHONE_LENGTH', 'The number is too short or too long for its country.');
  return refuse(
    'PHONE_UNREADABLE',
    region ? 'This is not a telephone number.' : 'Without a country only numbers that begin with + can be read.',
  );
}

/**
 * Reads a telephone number as typed. Full-width digits, labels, RFC 3966, Chinese and other extensions, vanity letters and cells that
 * hold several numbers (the first readable one wins) are understood.
 * @param defaultCountry ISO-2 used when the number has no international prefix; null or unknown = international numbers only.
 */
export function phoneKey(raw: string, defaultCountry: string | null): PhoneResult {
  const text = normaliseText(raw.replace(DASHES, '-')).replace(DASHES, '-').replace(/^'/, '');
  if (text === '') return refuse('PHONE_EMPTY', 'There is no number.');
  if (/^\d(?:\.\d+)?e\+?\d+$/i.test(text))
    return refuse('PHONE_SCIENTIFIC', 'A spreadsheet shortened the number; format the column as text and export again.');
  const region = country(defaultCountry);
  const body = withoutUri(text);
  if (body === null) return refuse('PHONE_UNREADABLE', 'The phone-context is malformed.');
  const whole = readOne(body, region);
  if (whole.ok && whole.valid) return whole;
  const parts = body.split(/\s*(?:[/、,;|]|\bor\b|或)\s*/iu);
  if (parts.length === 1) return whole;
  const numbers = parts.filter((part) => part.replace(/\D/g, '').length >= 7).map((part) => readOne(part, region));
  return numbers.find((one) => one.ok && one.valid) ?? whole;
}

/** For people: `138 0013 8000` at home, `+1 650-253-0000` abroad, ` ext. 12` when there is one; unreadable input comes back as it was. */
export function formatPhone(e164: string, homeCountry: string | null = null, extension: string | null = null): string {
  const phone = read(e164, country(homeCountry));
  if (!phone) return e164;
  const text = homeCountry && phone.country === homeCountry.toUpperCase() ? phone.formatNational() : phone.formatInternational();
  return extension ? `${text} ext. ${extension}` : text;
}
