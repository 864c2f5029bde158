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

const isBlankRecord = (record: RawRecord): boolean => record.problem === null && record.cells.every((cell) => cell.trim() === '');
const APOSTROPHE = 39;
const unguarded = (cell: string): string => (cell.charCodeAt(0) === APOSTROPHE && /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

function problemOf(record: RawRecord, width: number, sheet: boolean): RowProblem | null {
  if (record.problem) return record.problem;
  const { cells } = record;
  if (cells.some((cell) => cell.length > MAX_CELL))
    return { code: 'CELL_TOO_LONG', message: `A cell is longer than ${MAX_CELL} characters and was cut.` };
  if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== ''))
    return { code: 'ROW_LONG', message: `The row has ${cells.length} cells, the header ${width}.` };
  if (!sheet && cells.length < width) return { code: 'ROW_SHORT', message: `The row has ${cells.length} cells, the header ${width}.` };
  return cells.some((cell) => cell.includes('\uFFFD')) ? { code: 'ROW_ENCODING', message: 'Some characters could not be decoded.' } : null;
}

function toRow(record: RawRecord, row: number, headers: readonly string[], sheet: boolean): ImportRow {
  const cells: Record<string, string> = {};
  headers.forEach((header, index) => {
    const cell = unguarded(record.cells[index] ?? '');
    cells[header] = cell.length > MAX_CELL ? cell.slice(0, MAX_CELL) : cell;
  });
  return { row, line: record.line, cells, raw: record.cells, problem: problemOf(record, headers.length, sheet) };
}

type Batches = AsyncGenerator<readonly RawRecord[], void, undefined>;
const SHEET_BATCH = 100;

async function* inBatches(records: AsyncGenerator<RawRecord, void, undefined>): Batches {
  let batch: RawRecord[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < SHEET_BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Reads ahead until the header is known; returns it with the records already taken that follow it. */
async function takeHeader(batches: Batches, known: number | null): Promise<{ headers: string[]; ahead: RawRecord[] }> {
  const taken: RawRecord[] = [];
  const wanted = known === null ? HEADER_WINDOW : Math.max(known, 0) + 1;
  while (taken.length < wanted) {
    const next = await batches.next();
    if (next.done) break;
    taken.push(...next.value.filter((record) => !isBlankRecord(record)));
  }
  const at = known ?? findHeader(taken.slice(0, HEADER_WINDOW).map((record) => record.cells));
  const named = taken[Math.max(at, 0)]?.cells ?? [];
  const width = named.findLastIndex((cell) => cell.trim() !== '') + 1;
  const trimmed = at < 0 ? named.map(() => '') : named.slice(0, width);
  if (trimmed.length > MAX_COLUMNS) {
    throw badRequest('FILE_TOO_MANY_COLUMNS', `The file has ${trimmed.length} columns; at most ${MAX_COLUMNS} can be imported.`, {
      columns: trimmed.length,
      limit: MAX_COLUMNS,
    });
  }
  return { headers: uniqueHeaders(trimmed), ahead: taken.slice(at + 1) };
}

/**
 * Streams the data rows of a file whose kind is known, in groups as they are parsed. Nothing but one group (and, for XLSX, the shared
 * strings) is held in memory; a row that cannot be read well is delivered with its `problem`. Leaving the loop early closes the source.
 * @throws AppError FILE_TOO_MANY_COLUMNS, FILE_UNREADABLE (a damaged workbook), FILE_SHEET_MISSING.
 */
export async function* readBatches(source: Bytes, sniffed: Sniffed, options: ReadOptions = {}): AsyncGenerator<readonly ImportRow[]> {
  const sheet = sniffed.kind === 'xlsx';
  const batches = sheet ? inBatches(xlsxRecords(source, options.sheet ?? null)) : csvRecords(source, sniffed);
  try {
    const { headers, ahead } = await takeHeader(batches, sniffed.headerRow);
    const from = options.fromRow ?? 1;
    let row = 0;
    const delivered = (records: readonly RawRecord[]): ImportRow[] => {
      const rows: ImportRow[] = [];
      for (const record of records) {
        if (isBlankRecord(record)) continue;
        row += 1;
        if (row >= from) rows.push(toRow(record, row, headers, sheet));
      }
      return rows;
    };
    yield delivered(ahead);
    for await (const records of batches) yield delivered(records);
  } finally {
    await batches.return(undefined);
  }
}

/** Like {@link readBatches}, row by row. */
export async function* readRows(source: Bytes, sniffed: Sniffed, options: ReadOptions = {}): AsyncGenerator<ImportRow> {
  for await (const rows of readBatches(source, sniffed, options)) yield* rows;
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
