import { TABLE_LIMITS, type DecisionTable, type PlainDestination } from './destination';
import { isTooLong } from './table-file';

/** Case, width, surrounding and repeated spaces do not count. */
export const foldCell = (value: string): string => value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

export type CellTest =
  | { readonly kind: 'any' }
  | { readonly kind: 'words'; readonly words: ReadonlySet<string> }
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly openFrom: boolean; readonly openTo: boolean };

const NUMBER = '(-?\\d+(?:\\.\\d+)?)';
const BETWEEN = new RegExp(`^${NUMBER}\\s*\\.\\.\\s*${NUMBER}$`);
const COMPARE = new RegExp(`^(<=|>=|<|>)\\s*${NUMBER}$`);

/** What a cell asks for. A value that looks like a range but is none (`..5`) is taken as a word. */
export function readCell(cell: string): CellTest {
  const folded = foldCell(cell);
  if (folded === '' || folded === '*') return { kind: 'any' };
  const between = BETWEEN.exec(folded);
  if (between) return { kind: 'range', from: Number(between[1]), to: Number(between[2]), openFrom: false, openTo: false };
  const compare = COMPARE.exec(folded);
  if (compare) {
    const value = Number(compare[2]);
    const isFrom = compare[1]?.startsWith('>') ?? false;
    const open = compare[1]?.length === 1;
    return {
      kind: 'range',
      from: isFrom ? value : -Infinity,
      to: isFrom ? Infinity : value,
      openFrom: isFrom && open,
      openTo: !isFrom && open,
    };
  }
  return {
    kind: 'words',
    words: new Set(
      folded
        .split('|')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  };
}

/** `value` is the fact as text; null = the lead has none, which only `*` takes. */
export function cellHolds(test: CellTest, value: string | null): boolean {
  if (test.kind === 'any') return true;
  if (value === null) return false;
  if (test.kind === 'words') return test.words.has(foldCell(value));
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return false;
  return (test.openFrom ? number > test.from : number >= test.from) && (test.openTo ? number < test.to : number <= test.to);
}

/** A destination as a cell of a CSV file: `team:east`, `member:li@example.com`, `role:sales@east`, `pool:rest`. */
export function destinationText(to: PlainDestination): string {
  switch (to.kind) {
    case 'member':
      return `member:${to.email ?? to.id ?? ''}`;
    case 'role':
      return `role:${to.key}${to.team ? `@${to.team}` : ''}`;
    case 'team':
    case 'pool':
      return `${to.kind}:${to.key}`;
  }
}

export function destinationOf(cell: string): PlainDestination | null {
  const at = cell.indexOf(':');
  const kind = cell.slice(0, at).trim().toLowerCase();
  const name = cell.slice(at + 1).trim();
  if (at < 0 || name === '') return null;
  switch (kind) {
    case 'member':
      return /^\d+$/.test(name) ? { kind: 'member', id: Number(name) } : { kind: 'member', email: name };
    case 'team':
      return { kind, key: name };
    case 'pool':
      return { kind, key: name };
    case 'role': {
      const [role = '', team] = name.split('@');
      return { kind, key: role, ...(team ? { team } : {}) };
    }
    default:
      return null;
  }
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const TO = 'to';

/** The table as CSV, first line the names of the facts. */
export const tableToCsv = (table: Pick<DecisionTable, 'columns' | 'rows'>): string =>
  [
    [...table.columns, TO],
    ...table.rows.map((row) => [...table.columns.map((_, index) => row.cells[index] ?? ''), destinationText(row.to)]),
  ]
    .map((line) => line.map(quote).join(','))
    .join('\r\n');

export interface CsvProblem {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly code:
    'NO_DESTINATION' | 'TOO_FEW_CELLS' | 'CELL_TOO_LONG' | 'TO_MISSING' | 'TOO_MANY_COLUMNS' | 'TOO_MANY_ROWS' | 'EMPTY' | 'UNREADABLE';
}

/** Records of a CSV file (already split) as a table; lines that cannot be read are told and left out. */
export function tableFromRecords(records: readonly (readonly string[])[]): {
  readonly table: Pick<DecisionTable, 'columns' | 'rows'> | null;
  readonly problems: readonly CsvProblem[];
} {
  const [head, ...lines] = records;
  if (!head) return { table: null, problems: [{ line: 1, code: 'EMPTY' }] };
  const columns = head.map((name) => name.replace(/^\uFEFF/, '').trim());
  if (columns.at(-1)?.toLowerCase() !== TO) return { table: null, problems: [{ line: 1, code: 'TO_MISSING' }] };
  const facts = columns.slice(0, -1);
  if (facts.length > TABLE_LIMITS.columns) return { table: null, problems: [{ line: 1, code: 'TOO_MANY_COLUMNS' }] };
  const rows: DecisionTable['rows'] = [];
  const problems: CsvProblem[] = [];
  lines.forEach((cells, index) => {
    if (cells.every((cell) => cell.trim() === '')) return;
    const to = destinationOf(cells[facts.length] ?? '');
    if (cells.length < columns.length) problems.push({ line: index + 2, code: 'TOO_FEW_CELLS' });
    else if (!to) problems.push({ line: index + 2, code: 'NO_DESTINATION' });
    else if (cells.some(isTooLong)) problems.push({ line: index + 2, code: 'CELL_TOO_LONG' });
    else rows.push({ cells: cells.slice(0, facts.length).map((cell) => cell.trim()), to });
  });
  // Half a table would send leads somewhere else than the whole one.
  if (rows.length > TABLE_LIMITS.rows) return { table: null, problems: [{ line: TABLE_LIMITS.rows + 2, code: 'TOO_MANY_ROWS' }] };
  return { table: { columns: facts, rows }, problems };
}

/**
 * A block copied from a spreadsheet, put into the table from one cell on: to the right and downwards, with new rows at its end. What lies right of
 * the last fact is the destination; new rows without one go where the row before them goes.
 * @param at row and column of the cell, from 0
 * @returns rows = null where the table would grow too long: then nothing is changed; problems with the line of the block, from 1
 */
export function pasteRecords(
  { columns, rows }: Pick<DecisionTable, 'columns' | 'rows'>,
  at: { readonly row: number; readonly column: number },
  records: readonly (readonly string[])[],
  usual: PlainDestination,
): { readonly rows: DecisionTable['rows'] | null; readonly problems: readonly CsvProblem[] } {
  if (at.row + records.length > TABLE_LIMITS.rows) return { rows: null, problems: [{ line: 1, code: 'TOO_MANY_ROWS' }] };
  const pasted = [...rows];
  const problems: CsvProblem[] = [];
  records.forEach((cells, index) => {
    const before = pasted[at.row + index];
    const named = cells[columns.length - at.column];
    const to = named === undefined || named.trim() === '' ? null : destinationOf(named);
    if (named !== undefined && named.trim() !== '' && !to) problems.push({ line: index + 1, code: 'NO_DESTINATION' });
    if (cells.some(isTooLong)) problems.push({ line: index + 1, code: 'CELL_TOO_LONG' });
    pasted[at.row + index] = {
      cells: columns.map((_, column) => {
        const cell = column < at.column ? undefined : cells[column - at.column];
        return cell === undefined || isTooLong(cell) ? (before?.cells[column] ?? '') : cell.trim();
      }),
      to: to ?? before?.to ?? pasted[at.row + index - 1]?.to ?? usual,
    };
  });
  return { rows: pasted, problems };
}
