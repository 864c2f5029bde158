/** Placeholders whose numbers are names, not amounts. */
const NAMES = new Set(['id', 'year', 'version', 'week', 'number', 'code', 'zone']);

type Fill = (expression: string, name: string) => unknown;

/** An amount with its thousands parted: by a comma, as both languages do it. Small numbers and nothing at all stay as they are. */
export const showCount = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : Math.abs(value) < 1000 ? String(value) : value.toLocaleString('en-GB');

/** Fills the placeholders of a sentence; amounts in it have their thousands parted, as they have in tables. */
export function fillWithCounts(this: string, placeholders: RegExp, fill: Fill): string {
  return this.replace(placeholders, (expression: string, name: string) => {
    const value = fill(expression, name);
    return typeof value === 'number' && !NAMES.has(name) ? showCount(value) : String(value);
  });
}
