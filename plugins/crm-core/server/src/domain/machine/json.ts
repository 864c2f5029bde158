const NUL = '\u0000';
const LONE_SURROGATE = /\p{Surrogate}/gu;
const SUSPECT = /\\u0000|\\ud[89a-f]/;

const clean = (text: string): string => text.replaceAll(NUL, '').replace(LONE_SURROGATE, '\uFFFD');
const HALF = /\p{Surrogate}/u;

/** Text that a text column accepts: without NUL, lone halves of surrogate pairs as U+FFFD. */
export const databaseText = (text: string): string => (text.includes(NUL) || HALF.test(text) ? clean(text) : text);

const cleanKeys = (value: object): object => Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), item as unknown]));

/**
 * JSON that a `jsonb` column accepts. What people paste and devices send may hold NUL characters and half surrogate pairs, which
 * JavaScript allows and PostgreSQL refuses; one such character must not fail a batch. NUL is dropped, a lone half becomes U+FFFD.
 */
export function databaseJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!SUSPECT.test(json)) return json;
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'string') return clean(item);
    return item !== null && typeof item === 'object' && !Array.isArray(item) ? cleanKeys(item) : item;
  });
}
