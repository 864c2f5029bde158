/** Zero-width and directional marks that copy-and-paste leaves behind; the soft hyphen too. */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;
/** Every control character that is not white space. */
const CONTROL = /[^\P{Cc}\t\n\v\f\r\u0085]/gu;
const LATIN_LETTERS: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

/** Printable ASCII with single spaces inside: already what the rules below would make of it. */
const PLAIN_LINE = /^(?:[!-~]+(?: [!-~]+)*)?$/;
const ASCII = /^[ -~]*$/;

/**
 * One line of text as every entrance stores it: NFKC (full-width forms become plain), no control or zero-width characters,
 * all white space collapsed to single spaces, trimmed. Returns '' for blank input.
 */
export const normaliseText = (raw: string): string =>
  PLAIN_LINE.test(raw) ? raw : raw.normalize('NFKC').replace(INVISIBLE, '').replace(CONTROL, '').replace(/\s+/gu, ' ').trim();

/** Like {@link normaliseText}, but keeps line breaks (as `\n`): for notes and addresses. NFC, so that a note keeps its typography. */
export const normaliseNote = (raw: string): string =>
  raw
    .normalize('NFC')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(INVISIBLE, '')
    .replace(CONTROL, '')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();

/** Lower case without diacritics of the Latin, Greek and Cyrillic scripts: `Łódź` and `Lodz` compare equal. Other scripts are untouched. */
export const foldCase = (text: string): string =>
  ASCII.test(text)
    ? text.toLowerCase()
    : text
        .toLowerCase()
        .normalize('NFD')
        .replace(/[\u0300-\u036F]/g, '')
        .normalize('NFC')
        .replace(/[łøđðþßæœı]/g, (letter) => LATIN_LETTERS[letter] ?? letter);

/** True for anything that counts as "no value": null, undefined, blank text, empty list or object. */
export const isBlank = (value: unknown): boolean => {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') {
    // A visible ASCII character in front, as nearly always, settles it.
    const first = value.charCodeAt(0);
    return !(first > 32 && first < 127) && normaliseText(value) === '';
  }
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Date) return Number.isNaN(value.getTime());
  return typeof value === 'object' && Object.keys(value).length === 0;
};
