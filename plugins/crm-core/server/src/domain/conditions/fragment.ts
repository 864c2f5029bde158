import type { Sql } from '../../../../contracts';

/** Tagged template: a nested fragment is inlined with its bindings, any other value becomes one binding. */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Sql {
  let text = strings[0] ?? '';
  const bindings: unknown[] = [];
  values.forEach((value, index) => {
    if (isSql(value)) {
      text += value.sql;
      bindings.push(...value.bindings);
    } else {
      text += '?';
      bindings.push(value);
    }
    text += strings[index + 1] ?? '';
  });
  return { sql: text, bindings };
}

const isSql = (value: unknown): value is Sql =>
  typeof value === 'object' &&
  value !== null &&
  'sql' in value &&
  typeof value.sql === 'string' &&
  'bindings' in value &&
  Array.isArray(value.bindings);

/** Trusted text (identifiers and keywords of ours, never input). */
export const raw = (text: string): Sql => ({ sql: text, bindings: [] });

export const TRUE = raw('TRUE');
export const FALSE = raw('FALSE');

export const not = (part: Sql): Sql => sql`(NOT ${part})`;

/** `(a AND b …)`; the parts are complete terms. */
export function all(parts: readonly Sql[], combinator: 'AND' | 'OR' = 'AND'): Sql {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return { sql: `(${parts.map((part) => part.sql).join(` ${combinator} `)})`, bindings: parts.flatMap((part) => part.bindings) };
}

const PLAIN_COLUMN = /^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/;

/** A bare column such as `l.stage`: an index can serve it, and naming it twice costs nothing. */
export const isPlainColumn = (value: Sql): boolean => value.bindings.length === 0 && PLAIN_COLUMN.test(value.sql);

/**
 * Makes a comparison of `value` FALSE instead of NULL when the value is null. `test` must be strict in `value` (NULL in, NULL out) and have no
 * null on its other side. A plain column stays bare beside IS NOT NULL, so indexes on it serve; any other expression is evaluated once.
 */
export const holds = (value: Sql, test: Sql): Sql =>
  isPlainColumn(value) ? sql`(${test} AND ${value} IS NOT NULL)` : sql`COALESCE(${test}, FALSE)`;
