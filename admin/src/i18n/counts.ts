/** Placeholders that hold how many of something there are. */
const COUNTS = new Set(['smart_count', 'count', 'total', 'shown', 'done', 'leads', 'asked', 'used', 'rows', 'offsetBegin', 'offsetEnd']);

type Fill = (expression: string, name: string) => unknown;

/** Fills the placeholders of a sentence; counts in it have their thousands parted, as they have in tables. Both languages do it by a comma. */
export function fillWithCounts(this: string, placeholders: RegExp, fill: Fill): string {
  return this.replace(placeholders, (expression: string, name: string) => {
    const value = fill(expression, name);
    return typeof value === 'number' && COUNTS.has(name) ? value.toLocaleString('en-GB') : String(value);
  });
}
