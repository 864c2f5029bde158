import { cellHolds, foldCell, readCell, type CellTest, type DecisionTable } from '../../../contracts';

export type TableHit =
  | { readonly kind: 'row'; readonly row: number }
  | { readonly kind: 'none' }
  /** Only with the hit policy `unique`. */
  | { readonly kind: 'ambiguous'; readonly rows: readonly number[] };

/** Facts of a lead as text, by the name of the column; null = it has none. */
export type TableValues = Readonly<Record<string, string | null>>;

export interface CompiledTable {
  /** @param values facts under the names of the columns */
  find(values: TableValues): TableHit;
}

/**
 * A table made ready for many look-ups: rows whose first cell is a plain list of words are found by word, the others are tried in order, so
 * that thousands of rows cost a lead a few comparisons. Rows keep their order: the first that fits wins, or with `unique` only one may fit.
 */
export function compileTable(table: Pick<DecisionTable, 'columns' | 'rows' | 'hit'>): CompiledTable {
  const rows = table.rows.map((row) => table.columns.map((_, index) => readCell(row.cells[index] ?? '')));
  const byWord = new Map<string, number[]>();
  const others: number[] = [];
  rows.forEach((tests, index) => {
    const [first] = tests;
    if (first?.kind !== 'words') others.push(index);
    else for (const word of first.words) byWord.set(word, [...(byWord.get(word) ?? []), index]);
  });
  const fits = (tests: readonly CellTest[], values: TableValues): boolean =>
    tests.every((test, column) => cellHolds(test, values[table.columns[column] ?? ''] ?? null));
  return {
    find: (values) => {
      const [column] = table.columns;
      const first = column === undefined ? null : (values[column] ?? null);
      const worded = first === null ? [] : (byWord.get(foldCell(first)) ?? []);
      const tried = [...worded, ...others].sort((a, b) => a - b);
      const found: number[] = [];
      for (const index of tried) {
        if (!fits(rows[index] ?? [], values)) continue;
        if (table.hit === 'first') return { kind: 'row', row: index };
        found.push(index);
      }
      const [only] = found;
      if (only === undefined) return { kind: 'none' };
      return found.length === 1 ? { kind: 'row', row: only } : { kind: 'ambiguous', rows: found };
    },
  };
}

/** Rows that can never be reached under `first`, because an earlier row takes all they take; by row, the one before it. */
export function shadowedRows(table: Pick<DecisionTable, 'columns' | 'rows'>): ReadonlyMap<number, number> {
  const rows = table.rows.map((row) => table.columns.map((_, index) => readCell(row.cells[index] ?? '')));
  const shadowed = new Map<number, number>();
  const contains = (outer: CellTest, inner: CellTest): boolean => {
    if (outer.kind === 'any') return true;
    if (outer.kind === 'words') return inner.kind === 'words' && [...inner.words].every((word) => outer.words.has(word));
    if (inner.kind !== 'range') return false;
    const low = outer.from < inner.from || (outer.from === inner.from && (!outer.openFrom || inner.openFrom));
    const high = outer.to > inner.to || (outer.to === inner.to && (!outer.openTo || inner.openTo));
    return low && high;
  };
  for (let later = 1; later < Math.min(rows.length, 1000); later += 1) {
    const own = rows[later] ?? [];
    const before = rows.slice(0, later).findIndex((row) => row.every((test, column) => contains(test, own[column] ?? { kind: 'any' })));
    if (before >= 0) shadowed.set(later, before);
  }
  return shadowed;
}
