import { badRequest } from '@leadsea/crm-core';
import { findHeader, uniqueHeaders } from './header';
import { csvRecords } from './read-csv';
import { xlsxRecords } from './read-xlsx';
import type { Sniffed } from './sniff';

export const ROW_PROBLEMS = ['ROW_SHORT', 'ROW_LONG', 'ROW_BROKEN', 'ROW_ENCODING', 'CELL_TOO_LONG'] as const;
export interface RowProblem {
  readonly code: (typeof ROW_PROBLEMS)[number];
  readonly message: string;
}
/** What both readers hand over: one physical record, cells as text. */
export interface RawRecord {
  readonly cells: readonly string[];
  /** Where it stands: line of the text file at which the record ends, or row of the sheet. */
  readonly line: number;
  readonly problem: RowProblem | null;
}
export interface ImportRow {
  /** 1-based among the data rows; blank rows are not counted. */
  readonly row: number;
  readonly line: number;
  /** By unique header; a leading `'` before a formula sign is taken off, absent cells are ''. */
  readonly cells: Readonly<Record<string, string>>;
  /** As in the file, for the file of failed rows. */
  readonly raw: readonly string[];
  readonly problem: RowProblem | null;
}
export interface ReadOptions {
  /** First data row to deliver (resume); 1 when absent. */
  readonly fromRow?: number;
  /** XLSX: name of the sheet; the first one with rows when absent. */
  readonly sheet?: string;
}
export const MAX_COLUMNS = 500;
export const MAX_CELL = 32_767;
const HEADER_WINDOW = 10;

export type Bytes = AsyncIterable<Buffer> | Iterable<Buffer>;

const isBlankRecord = (record: RawRecord): boolean => record.cells.every((cell) => cell.trim() === '') && record.problem === null;
const unguarded = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

function problemOf(record: RawRecord, width: number, sheet: boolean): RowProblem | null {
  if (record.problem) return record.problem;
  const { cells } = record;
  if (cells.some((cell) => cell.length > MAX_CELL))
    return { code: 'CELL_TOO_LONG', message: `A cell is longer than ${MAX_CELL} characters and was cut.` };
  if (cells.slice(width).some((cell) => cell.trim() !== ''))
    return { code: 'ROW_LONG', message: `The row has ${cells.length} cells, the header ${width}.` };
  if (!sheet && cells.length < width) return { code: 'ROW_SHORT', message: `The row has ${cells.length} cells, the header ${width}.` };
  return cells.some((cell) => cell.includes('\uFFFD')) ? { code: 'ROW_ENCODING', message: 'Some characters could not be decoded.' } : null;
}

function toRow(record: RawRecord, row: number, headers: readonly string[], sheet: boolean): ImportRow {
  const cells: Record<string, string> = {};
  headers.forEach((header, index) => {
    cells[header] = unguarded(record.cells[index] ?? '').slice(0, MAX_CELL);
  });
  return { row, line: record.line, cells, raw: record.cells, problem: problemOf(record, headers.length, sheet) };
}

/** Reads ahead until the header is known; returns it with the records already taken that follow it. */
async function takeHeader(records: AsyncIterator<RawRecord>, known: number | null): Promise<{ headers: string[]; ahead: RawRecord[] }> {
  const window: RawRecord[] = [];
  const wanted = known === null ? HEADER_WINDOW : Math.max(known, 0) + 1;
  while (window.length < wanted) {
    const next = await records.next();
    if (next.done) break;
    if (!isBlankRecord(next.value)) window.push(next.value);
  }
  const at = known ?? findHeader(window.map((record) => record.cells));
  const named = window[Math.max(at, 0)]?.cells ?? [];
  const width = named.findLastIndex((cell) => cell.trim() !== '') + 1;
  const trimmed = at < 0 ? named.map(() => '') : named.slice(0, width);
  if (trimmed.length > MAX_COLUMNS) {
    throw badRequest('FILE_TOO_MANY_COLUMNS', `The file has ${trimmed.length} columns; at most ${MAX_COLUMNS} can be imported.`, {
      columns: trimmed.length,
      limit: MAX_COLUMNS,
    });
  }
  return { headers: uniqueHeaders(trimmed), ahead: window.slice(at + 1) };
}

/**
 * Streams the data rows of a file whose kind is known. Nothing but one row (and, for XLSX, the shared strings) is held in memory;
 * a row that cannot be read well is delivered with its `problem`. Leaving the loop early closes the source.
 * @throws AppError FILE_TOO_MANY_COLUMNS, FILE_UNREADABLE (a damaged workbook), FILE_SHEET_MISSING.
 */
export async function* readRows(source: Bytes, sniffed: Sniffed, options: ReadOptions = {}): AsyncGenerator<ImportRow> {
  const sheet = sniffed.kind === 'xlsx';
  const records = sheet ? xlsxRecords(source, options.sheet ?? null) : csvRecords(source, sniffed);
  try {
    const { headers, ahead } = await takeHeader(records, sniffed.headerRow);
    const from = options.fromRow ?? 1;
    let row = 0;
    const deliver = (record: RawRecord): ImportRow | null => {
      if (isBlankRecord(record)) return null;
      row += 1;
      return row < from ? null : toRow(record, row, headers, sheet);
    };
    for (const record of ahead) {
      const delivered = deliver(record);
      if (delivered) yield delivered;
    }
    for await (const record of records) {
      const delivered = deliver(record);
      if (delivered) yield delivered;
    }
  } finally {
    await records.return(undefined);
  }
}

/** The header and the first `count` rows, for the mapping page. */
export async function previewRows(
  source: Bytes,
  sniffed: Sniffed,
  count: number,
  options: ReadOptions = {},
): Promise<{ headers: string[]; rows: ImportRow[] }> {
  const rows: ImportRow[] = [];
  for await (const row of readRows(source, sniffed, options)) {
    rows.push(row);
    if (rows.length >= count) break;
  }
  const first = rows[0];
  return { headers: first ? Object.keys(first.cells) : sniffed.kind === 'csv' ? [...sniffed.headers] : [], rows };
}
