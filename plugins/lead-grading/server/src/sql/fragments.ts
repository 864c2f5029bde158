import type { Sql } from '@leadsea/crm-core';

/** A piece of a statement: SQL, an integer written out, or text without placeholders. */
type Part = Sql | number;

/** An integer of a validated model, written into the statement so that the planner sees it. */
export function int(value: number): Sql {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not an integer: ${value}`);
  return { sql: value < 0 ? `(${value})` : String(value), bindings: [] };
}

const piece = (part: Part): Sql => (typeof part === 'number' ? int(part) : part);

/** Composes fragments; bindings follow the order of the placeholders. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Part[]): Sql {
  let text = strings[0] ?? '';
  const bindings: unknown[] = [];
  parts.forEach((part, index) => {
    const { sql: inner, bindings: values } = piece(part);
    text += inner + (strings[index + 1] ?? '');
    bindings.push(...values);
  });
  return { sql: text, bindings };
}

/** Text that is already SQL: names of columns and aliases of ours. */
export const raw = (text: string): Sql => ({ sql: text, bindings: [] });

/** One bound value with its type, e.g. `bind('timestamptz', now)`. */
export const bind = (type: string, value: unknown): Sql => ({ sql: `?::${type}`, bindings: [value] });

export function join(parts: readonly Sql[], separator: string): Sql {
  return { sql: parts.map((part) => part.sql).join(separator), bindings: parts.flatMap((part) => part.bindings) };
}
