import type { ImportRow } from '../../domain/files';
import type { Reading } from './context';
import { refused, type Batch, type Planned } from './entity';
import { importableOf } from './kinds';
import { lockImport, NO_COUNTS, storeRows, updateImport, type Counts, type RowRecord } from './store';

const MAX_TRIES = 4;
const RETRY = new Set(['40001', '40P01', '55P03']);
/** The database is gone or full, not the row wrong: try again later. */
const ELSEWHERE = /^(?:08|53|57|58|XX)|^E[A-Z]{3,}/;

/** The import was cancelled, or another process goes on with it. */
export class Stopped extends Error {}

export const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

const tally = (counts: Counts, rows: readonly RowRecord[]): Counts => {
  const next = { ...counts };
  for (const { status } of rows) if (status in next) next[status as keyof Counts] += 1;
  return next;
};

export interface Prepared {
  readonly rows: RowRecord[];
  readonly changes: Planned[];
}

export function convertAll(
  rows: readonly ImportRow[],
  reading: Reading,
): Prepared & { readonly options: { field: string; text: string }[] } {
  const prepared: Prepared & { options: { field: string; text: string }[] } = { rows: [], changes: [], options: [] };
  for (const row of rows) {
    const result = reading.convert(row);
    if (result.ok) prepared.changes.push({ row, change: result.change });
    else {
      prepared.rows.push(refused(row, result));
      if (result.option) prepared.options.push(result.option);
    }
  }
  return prepared;
}

/**
 * One step: records, row records, counts and cursor commit together or not at all. The cursor is locked and looked at when all is decided and
 * before anything is written: of two steps that begin at the same row one is undone.
 * @param turn awaited before that: steps side by side write one after the other
 */
export async function commitStep(
  batch: Batch,
  rows: readonly ImportRow[],
  all: Prepared,
  turn: () => Promise<void> = async () => undefined,
): Promise<Counts> {
  const { kit, record } = batch;
  const last = rows.at(-1)?.row ?? 0;
  const first = rows[0]?.row ?? 0;
  return kit.db.transaction(async (trx) => {
    let counted: Partial<Counts> = {};
    const enter = async (): Promise<void> => {
      await turn();
      const current = await lockImport(trx, record.id);
      if (current.status !== 'running' || current.done !== first - 1) throw new Stopped();
      counted = current.counts;
    };
    const records = [...all.rows, ...(await importableOf(record.kind).write(batch, trx, all.changes, enter))];
    await storeRows(trx, record.id, records);
    const counts = tally({ ...NO_COUNTS, ...counted }, records);
    await updateImport(trx, record.id, { done: last, counts });
    return counts;
  });
}

async function tryStep(batch: Batch, rows: readonly ImportRow[], prepared: Prepared): Promise<Counts> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await commitStep(batch, rows, prepared);
    } catch (error) {
      if (attempt >= MAX_TRIES || !RETRY.has(codeOf(error))) throw error;
    }
  }
}

/** Writes the rows; when a set fails for a reason nobody foresaw it is halved until the row that does it stands alone, and is reported. */
export async function write(batch: Batch, rows: readonly ImportRow[], prepared: Prepared): Promise<Counts> {
  try {
    return await tryStep(batch, rows, prepared);
  } catch (error) {
    if (error instanceof Stopped || ELSEWHERE.test(codeOf(error)) || RETRY.has(codeOf(error))) throw error;
    if (rows.length === 1) {
      batch.kit.log.warn(`Import ${batch.record.id}: row ${rows[0]!.row} could not be written. ${String(error)}`);
      return tryStep(batch, rows, {
        rows: [refused(rows[0]!, { code: 'ROW_FAILED', message: 'This row could not be written.' })],
        changes: [],
      });
    }
  }
  const middle = Math.ceil(rows.length / 2);
  const border = rows[middle]!.row;
  const part = (test: (row: number) => boolean): Prepared => ({
    rows: prepared.rows.filter(({ row }) => test(row)),
    changes: prepared.changes.filter(({ row }) => test(row.row)),
  });
  await write(
    batch,
    rows.slice(0, middle),
    part((row) => row < border),
  );
  return write(
    batch,
    rows.slice(middle),
    part((row) => row >= border),
  );
}
