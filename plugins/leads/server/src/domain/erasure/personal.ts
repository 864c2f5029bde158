import type { CustomField, CustomFieldType } from '@leadsea/crm-core';

/** What stands where personal data stood. */
export const ERASED = '[erased]';
/** Quarantine of a lead whose person was erased: it moves by no rule, and no change is taken. */
export const ERASED_QUARANTINE = 'erased';

/** Columns of a lead that say who the person is, how to reach him, or what he said. The company and where the lead came from stay. */
export const PERSONAL_COLUMNS = [
  ...['name', 'title', 'email', 'phone', 'wechat', 'address', 'postcode', 'note', 'bant'],
  ...['ip', 'landing_page', 'referrer', 'utm', 'external_id', 'email_key', 'phone_key'],
] as const;

/** Types in which anything can be written down; the others hold a choice, a number or a date and are personal when they are tagged so. */
const FREE: ReadonlySet<CustomFieldType> = new Set(['text', 'textarea', 'email', 'phone', 'url']);

/** Custom fields that name somebody: those tagged as personal, and addresses and numbers. */
export const namingCustom = (fields: readonly CustomField[]): ReadonlyMap<string, CustomFieldType> =>
  new Map(fields.filter(({ pii, type }) => pii || type === 'email' || type === 'phone').map(({ key, type }) => [key, type]));

/** Keys of the custom fields whose values are erased, retired ones included. */
export const personalCustom = (fields: readonly CustomField[]): ReadonlySet<string> =>
  new Set(fields.filter(({ pii, type }) => pii || FREE.has(type)).map(({ key }) => key));

/** Values that are nobody else's: by them the person is found in rows that name no lead, too. */
const STRONG: ReadonlySet<string> = new Set(['email', 'phone', 'wechat', 'external_id', 'email_key', 'phone_key', 'ip']);
/** Values that are words: looked for only in what belongs to the lead. */
const WEAK: ReadonlySet<string> = new Set(['name', 'address']);

type Values = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const PERSONAL: ReadonlySet<string> = new Set(PERSONAL_COLUMNS);

export interface Named {
  readonly strong: readonly string[];
  readonly weak: readonly string[];
}

/**
 * By what a record of the lead (its row, or before and after of an event) names the person; its keys may be written in either case.
 * @param custom types of the custom fields that hold personal data by their tag or type
 */
export function namesIn(record: unknown, custom: ReadonlyMap<string, CustomFieldType>): Named {
  const strong: string[] = [];
  const weak: string[] = [];
  for (const [key, value] of isRecord(record) ? Object.entries(record) : []) {
    if (STRONG.has(snake(key))) strong.push(...texts(value));
    else if (WEAK.has(snake(key))) weak.push(...texts(value));
    else if (key === 'custom' && isRecord(value))
      for (const [name, one] of Object.entries(value)) {
        const type = custom.get(name);
        if (type) (type === 'email' || type === 'phone' ? strong : weak).push(...texts(one));
      }
  }
  return { strong, weak };
}

const texts = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'number' ? [String(value)] : Array.isArray(value) ? value.flatMap(texts) : [];

/** A record of the lead with its personal values gone; that a field had a value stays visible. */
export function withoutPerson(record: unknown, custom: ReadonlySet<string>): unknown {
  if (!isRecord(record)) return record;
  return Object.fromEntries(
    Object.entries(record).map(([key, value]): [string, unknown] => {
      if (key === 'custom' && isRecord(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, custom.has(name) ? erased(one) : one]))];
      return [key, PERSONAL.has(snake(key)) ? erased(value) : value];
    }),
  );
}

const erased = (value: unknown): unknown => (value === null || value === undefined ? value : ERASED);

/** What an event or a decision tells besides before and after, under names that hold somebody's words or a copy of the lead. */
const WORDS: ReadonlySet<string> = new Set(['note', 'comment', 'reply', 'evidence', 'words', 'raw', 'payload', 'unmapped', 'answers']);
const COPIES: ReadonlySet<string> = new Set(['row', 'values', 'lead_values', 'before', 'after', 'patch']);

/** Reasons are keys of a list; one with blanks in it, or in a script of its own, was written by somebody. */
export const isSentence = (value: unknown): boolean => typeof value === 'string' && !/^[\w.:-]+$/.test(value);

/** Data of an event with words and copies of the lead taken out, at any depth; all else is left. @param type of the event */
export function withoutWords(data: unknown, custom: ReadonlySet<string>, type = ''): unknown {
  if (Array.isArray(data)) return data.map((item) => withoutWords(item, custom, type));
  if (!isRecord(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]): [string, unknown] => {
      if (WORDS.has(key) || (key === 'reason' && isSentence(value)) || (key === 'subject' && type.startsWith('lead.activity')))
        return [key, erased(value)];
      if (key === 'keys' && Array.isArray(value)) return [key, []];
      if (key === 'custom' && isRecord(value)) return [key, (withoutPerson({ custom: value }, custom) as Values)['custom']];
      return [key, withoutWords(COPIES.has(key) ? withoutPerson(value, custom) : value, custom, type)];
    }),
  );
}
