import { normaliseText } from '../identity/text';
import { modalWidth } from './dialect';

const NUMERIC = /^[+-]?[\d.,\s]+%?$/;
const VALUE_LIKE = /^[^@\s]+@[^@\s]+\.[^@\s]+$|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|^https?:\/\/|^\+?\d[\d\s()-]{7,}$/i;

/** A record that names columns: no addresses, dates or telephone numbers, hardly any numbers, hardly any repetition. */
function namesColumns(record: readonly string[]): boolean {
  const filled = record.map(normaliseText).filter((cell) => cell !== '');
  if (filled.length === 0 || filled.some((cell) => VALUE_LIKE.test(cell) || cell.length > 300)) return false;
  const numbers = filled.filter((cell) => NUMERIC.test(cell)).length;
  const distinct = new Set(filled.map((cell) => cell.toLowerCase())).size;
  return numbers <= filled.length * 0.3 && distinct >= filled.length * 0.6;
}

/**
 * Index of the record that holds the column names, -1 when the first full record already is data. Title lines above a table
 * (narrower than the table, mostly empty) are passed over.
 */
export function findHeader(records: readonly (readonly string[])[]): number {
  const { width } = modalWidth(records);
  const filled = (record: readonly string[]): number => record.filter((cell) => cell.trim() !== '').length;
  const first = records
    .slice(0, 10)
    .findIndex((record) => record.length >= width * 0.6 && (width < 3 || filled(record) >= Math.max(2, width * 0.5)));
  const index = first < 0 ? 0 : first;
  return namesColumns(records[index] ?? []) ? index : -1;
}

/** Trimmed, non-blank, unique: blanks become `Column 3`, a repeated `Phone` becomes `Phone (2)`. */
export function uniqueHeaders(names: readonly string[]): string[] {
  const taken = new Set<string>(['__proto__']);
  return names.map((name, index) => {
    const base = normaliseText(name).slice(0, 200) || `Column ${index + 1}`;
    let unique = base;
    for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${base} (${count})`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
