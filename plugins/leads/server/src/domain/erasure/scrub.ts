import { ERASED } from './personal';

const SHORTEST = 2;
const DIGITS_OF_A_PHONE = 7;
/** Digits at the end of a number that are the same however the number is written. */
const LAST_DIGITS = 9;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isPhone = (text: string): boolean => /^[+\d][\d\s()./-]*$/.test(text) && text.replace(/\D/g, '').length >= DIGITS_OF_A_PHONE;
const startsLatin = (text: string): boolean => /^[A-Za-z0-9]/.test(text);
const endsLatin = (text: string): boolean => /[A-Za-z0-9]$/.test(text);

/** A number however it is grouped, with or without its country code. */
function phonePattern(text: string): string {
  const digits = text.replace(/\D/g, '');
  const last = digits.slice(-LAST_DIGITS);
  return `\\+?(?:\\d[\\s()./-]{0,2}){0,6}${[...last].join('[\\s()./-]{0,2}')}(?!\\d)`;
}

/** Latin words are found as words, so that "Li" does not change "limit". */
const wordPattern = (text: string): string =>
  `${startsLatin(text) ? '(?<![A-Za-z0-9])' : ''}${escaped(text)}${endsLatin(text) ? '(?![A-Za-z0-9])' : ''}`;

/** One pattern that finds all these values in a text, whatever their case; null when there is nothing to find. */
export function patternOf(values: readonly string[]): RegExp | null {
  const texts = [...new Set(values.map((value) => value.trim()).filter((value) => value.length >= SHORTEST))];
  if (texts.length === 0) return null;
  const longest = texts.sort((a, b) => b.length - a.length);
  return new RegExp(longest.map((text) => (isPhone(text) ? phonePattern(text) : wordPattern(text))).join('|'), 'giu');
}

/** The values with which rows can be looked for where no lead is named: addresses, numbers and account names, not names of people. */
export function searchable(values: readonly string[]): string[] {
  const strong = values.map((value) => value.trim().toLowerCase()).filter((value) => value.includes('@') || isPhone(value));
  const numbers = strong.filter(isPhone).map((value) => value.replace(/\D/g, '').slice(-LAST_DIGITS));
  return [...new Set([...strong.filter((value) => !isPhone(value)), ...numbers])];
}

/** What a person is found by: `strong` values are nobody else's (addresses, numbers, accounts), `weak` ones are words (names, streets). */
export interface Traces {
  readonly strong: RegExp | null;
  readonly weak: RegExp | null;
}

export const tracesOf = (strong: readonly string[], weak: readonly string[]): Traces => ({
  strong: patternOf(strong),
  weak: patternOf(weak),
});

/** A word of the product (`call`, `clock.met`, `ON_LEAVE`), which may happen to be a name too. */
const TOKEN = /^(?:[a-z][a-z0-9_.:-]*|[A-Z][A-Z0-9_]*)$/;

function scrubText(text: string, { strong, weak }: Traces, key: string): string {
  const rest = strong ? text.replace(strong, ERASED) : text;
  return weak === null || (TOKEN.test(rest) && key !== 'name') ? rest : rest.replace(weak, ERASED);
}

/** A JSON value or text without the traces: in texts they are replaced, a number that is one becomes the tombstone. @param key it stands under */
export function scrub(value: unknown, traces: Traces, key = ''): unknown {
  if (typeof value === 'string') return scrubText(value, traces, key);
  if (typeof value === 'number') return traces.strong && String(value).search(traces.strong) >= 0 ? ERASED : value;
  if (Array.isArray(value)) return value.map((item: unknown) => scrub(item, traces, key));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrub(item as unknown, traces, name)]));
}
