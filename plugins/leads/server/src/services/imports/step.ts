import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Leads, Outcome } from '../../../../contracts';
import type { ImportRow } from '../../domain/files';
import type { Reading } from './context';
import type { Suppressed } from '../erasure/suppression';
import { holdersOf, keysOf, withinScope } from './known';
import type { Create, RowRefusal } from './row-plan';
import { lockImport, NO_COUNTS, storeRows, updateImport, type Counts, type ImportRecord, type RowRecord } from './store';

/** Code of a row whose person was erased and is not to come back. */
export const ERASED_PERSON = 'ERASED_PERSON';
const MAX_TRIES = 4;
const RETRY = new Set(['40001', '40P01', '55P03']);
/** The database is gone or full, not the row wrong: try again later. */
const ELSEWHERE = /^(?:08|53|57|58|XX)|^E[A-Z]{3,}/;

export interface RunDeps {
  readonly kit: Kit;
  readonly leads: Leads & { readonly suppressed: Suppressed };
}

export interface Batch extends RunDeps {
  readonly record: ImportRecord;
  readonly actor: Actor;
  readonly reading: Reading;
  readonly clocks: 'none' | 'now' | 'captured';
  /** Whether leads outside the person's reach must be told from the others. */
  readonly guarded: boolean;
}

/** The import was cancelled, or another process goes on with it. */
export class Stopped extends Error {}

export const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

const refused = (row: ImportRow, { code, message }: Pick<RowRefusal, 'code' | 'message'>): RowRecord => ({
  row: row.row,
  status: 'failed',
  leadId: null,
  code,
  message,
  cells: row.raw,
});

const recordOf = (row: ImportRow, outcome: Outcome): RowRecord =>
  outcome.ok
    ? { row: row.row, status: outcome.status === 'unchanged' ? 'skipped' : outcome.status, leadId: outcome.id }
    : refused(row, outcome);

const tally = (counts: Counts, rows: readonly RowRecord[]): Counts => {
  const next = { ...counts };
  for (const { status } of rows) if (status in next) next[status as keyof Counts] += 1;
  return next;
};

export interface Prepared {
  readonly rows: RowRecord[];
  readonly changes: { readonly row: ImportRow; readonly change: Create }[];
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

/** Rows of people who were erased are left out, and nothing of them is kept but the row's number. */
async function withoutErased({ record, leads }: Batch, trx: Knex.Transaction, prepared: Prepared): Promise<Prepared> {
  const gone = await leads.suppressed(
    trx,
    prepared.changes.map(({ change }) => keysOf(change, record.options.country ?? null)),
  );
  if (!gone.includes(true)) return prepared;
  const left = prepared.changes.filter((_, index) => gone[index]);
  return {
    rows: [...prepared.rows, ...left.map(({ row }): RowRecord => ({ row: row.row, status: 'skipped', leadId: null, code: ERASED_PERSON }))],
    changes: prepared.changes.filter((_, index) => !gone[index]),
  };
}

/** Rows of people who are not here (mode `update`), or whom the person who imports may not touch, are set aside. */
async function setAside(batch: Batch, trx: Knex.Transaction, given: Prepared): Promise<Prepared> {
  const { kit, record, actor, guarded } = batch;
  const prepared = await withoutErased(batch, trx, given);
  const { mode } = record.options;
  if (mode !== 'update' && !guarded) return prepared;
  const keys = prepared.changes.map(({ change }) => keysOf(change, record.options.country ?? null));
  const holders = await holdersOf(trx, keys);
  const allowed = guarded
    ? await withinScope(
        kit,
        trx,
        actor,
        holders.flatMap((holder) => holder?.leadId ?? []),
      )
    : null;
  const rows = [...prepared.rows];
  const changes = prepared.changes.filter(({ row }, index) => {
    const holder = holders[index] ?? null;
    if (holder === null && mode === 'update') rows.push({ row: row.row, status: 'skipped', leadId: null, code: 'NOT_KNOWN' });
    else if (holder !== null && allowed && !allowed.has(holder.leadId))
      rows.push(refused(row, { code: 'OUT_OF_SCOPE', message: 'This lead is here already, and your role does not let you change it.' }));
    else return true;
    return false;
  });
  return { rows, changes };
}

/**
 * One step: leads, row records, counts and cursor commit together or not at all. The cursor is locked and looked at when all is decided and
 * before anything is written: of two steps that begin at the same row one is undone.
 * @param turn awaited before that: steps side by side write one after the other
 */
export async function commitStep(
  batch: Batch,
  rows: readonly ImportRow[],
  all: Prepared,
  turn: () => Promise<void> = async () => undefined,
): Promise<Counts> {
  const { kit, leads, record, actor, clocks } = batch;
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
    const prepared = await setAside(batch, trx, all);
    const changes = prepared.changes.map((one) => one.change);
    const cause = { type: 'import', id: String(record.id) };
    if (changes.length === 0) await enter();
    const { outcomes } =
      changes.length > 0
        ? await leads.apply({ trx, changes, actor, cause, clocks, now: kit.clock.now(), beforeWriting: enter })
        : { outcomes: [] };
    const records = [...prepared.rows, ...outcomes.map((outcome, index) => recordOf(prepared.changes[index]!.row, outcome))];
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
