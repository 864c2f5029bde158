import type { Sql } from '../../../../contracts';

export const raw = (sql: string, ...bindings: readonly unknown[]): Sql => ({ sql, bindings });

export const TRUE: Sql = raw('TRUE');
export const FALSE: Sql = raw('FALSE');

const joined = (parts: readonly Sql[], separator: string): Sql => ({
  sql: `(${parts.map((part) => part.sql).join(separator)})`,
  bindings: parts.flatMap((part) => [...part.bindings]),
});

/** All of them; TRUE when there are none. */
export function allOf(parts: readonly Sql[]): Sql {
  const telling = parts.filter((part) => part.sql !== 'TRUE');
  if (telling.some((part) => part.sql === 'FALSE')) return FALSE;
  return telling.length === 0 ? TRUE : joined(telling, ' AND ');
}

/** Any of them; FALSE when there are none. */
export function anyOf(parts: readonly Sql[]): Sql {
  const possible = parts.filter((part) => part.sql !== 'FALSE');
  if (possible.some((part) => part.sql === 'TRUE')) return TRUE;
  return possible.length === 0 ? FALSE : joined(possible, ' OR ');
}

/** `text (part) text`: wraps a fragment, keeping its bindings. */
export const around = (before: string, part: Sql, after: string): Sql => ({ sql: `${before}${part.sql}${after}`, bindings: part.bindings });
