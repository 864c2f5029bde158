import type { Actor, Kit, RunningJob } from '@leadsea/crm-core';
import type { Leads, Outcome } from '../../../../contracts';
import type { ImportRow } from '../../domain/files';
import { countRows, openReading, type Reading } from './context';
import { addOptions, createFields, fieldsMadeBy } from './fields';
import { holdersOf, keysOf, withinScope } from './known';
import type { Create, RowRefusal } from './row-plan';
import {
  getImport,
  importActor,
  lockImport,
  NO_COUNTS,
  storeRows,
  updateImport,
  type Counts,
  type ImportRecord,
  type RowRecord,
} from './store';
import { effectiveMapping, missingFields } from './targets';

/** clocks stay off for more rows than this unless the person says otherwise. */
const QUIET_ROWS = 500;
const MAX_TRIES = 4;
export const MAX_ATTEMPTS = 10;
const RETRY = new Set(['40001', '40P01', '55P03']);
/** The database is gone or full, not the row wrong: try again later. */
const ELSEWHERE = /^(?:08|53|57|58|XX)|^E[A-Z]{3,}/;

export interface RunDeps {
  readonly kit: Kit;
  readonly leads: Leads;
}

interface Batch extends RunDeps {
  readonly record: ImportRecord;
  readonly actor: Actor;
  readonly reading: Reading;
  readonly clocks: 'none' | 'now' | 'captured';
  /** Whether leads outside the person's reach must be told from the others. */
  readonly guarded: boolean;
}

class Stopped extends Error {}

const codeOf = (error: unknown): string => {
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

interface Prepared {
  readonly rows: RowRecord[];
  readonly changes: { readonly row: ImportRow; readonly change: Create }[];
}

function convertAll(rows: readonly ImportRow[], reading: Reading): Prepared & { readonly options: { field: string; text: string }[] } {
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

/** Rows of people who are not here (mode `update`), or whom the person who imports may not touch, are set aside. */
async function setAside(
  { kit, record, actor, guarded }: Batch,
  trx: Parameters<typeof lockImport>[0],
  prepared: Prepared,
): Promise<Prepared> {
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

/** One step: leads, row records, counts and cursor commit together or not at all. */
async function commitStep(batch: Batch, rows: readonly ImportRow[], all: Prepared): Promise<Counts> {
  const { kit, leads, record, actor, clocks } = batch;
  const last = rows.at(-1)?.row ?? 0;
  const first = rows[0]?.row ?? 0;
  return kit.db.transaction(async (trx) => {
    const current = await lockImport(trx, record.id);
    if (current.status !== 'running' || current.done !== first - 1) throw new Stopped();
    const prepared = await setAside(batch, trx, all);
    const changes = prepared.changes.map((one) => one.change);
    const cause = { type: 'import', id: String(record.id) };
    const { outcomes } =
      changes.length > 0 ? await leads.apply({ trx, changes, actor, cause, clocks, now: kit.clock.now() }) : { outcomes: [] };
    const records = [...prepared.rows, ...outcomes.map((outcome, index) => recordOf(prepared.changes[index]!.row, outcome))];
    await storeRows(trx, record.id, records);
    const counts = tally({ ...NO_COUNTS, ...current.counts }, records);
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
async function write(batch: Batch, rows: readonly ImportRow[], prepared: Prepared): Promise<Counts> {
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

async function runAll(deps: RunDeps, job: RunningJob, record: ImportRecord): Promise<boolean> {
  const { kit } = deps;
  const actor = await importActor(kit, record);
  const cause = { type: 'import', id: String(record.id) };
  await kit.custom.refresh();
  await createFields(
    kit,
    missingFields(effectiveMapping(record.mapping, record.options), kit.custom.fields('lead')),
    actor,
    cause,
    kit.clock.now(),
  );
  const total = record.total ?? (await countRows(kit, record));
  if (record.total === null) await updateImport(kit.db, record.id, { total });
  const clocks = record.options.clocks ?? (total > QUIET_ROWS ? 'none' : 'now');
  const guarded = kit.access.scope(actor, 'leads', 'import', 't').sql !== 'TRUE';
  // A field made from a column takes every value of that column as an option, not only those of the first rows.
  const own = await fieldsMadeBy(kit, record.id);
  let reading = await openReading(kit, record);
  for await (const rows of reading.chunks(record.done + 1)) {
    if (job.shouldStop()) return false;
    let prepared = convertAll(rows, reading);
    const addable = (): { field: string; text: string }[] =>
      prepared.options.filter(({ field }) => record.options.createFields || own.has(field));
    // A row shows one unknown option at a time, so look again until nothing is added.
    while (addable().length > 0 && (await addOptions(kit, addable(), kit.clock.now()))) {
      reading = await openReading(kit, record);
      prepared = convertAll(rows, reading);
    }
    await write({ ...deps, record, actor, reading, clocks, guarded }, rows, prepared);
    await job.progress(rows.at(-1)!.row, total);
  }
  return true;
}

/** Runs, or goes on with, an import. What is committed is never done again: the cursor moves in the transaction of its rows. */
export async function runImport(deps: RunDeps, job: RunningJob): Promise<void> {
  const { kit } = deps;
  const id = Number(job.payload['import']);
  const record = await getImport(kit.db, id);
  if (record.status !== 'running') return;
  try {
    if (!(await runAll(deps, job, record))) return;
    await kit.db.transaction(async (trx) => {
      const current = await lockImport(trx, id);
      if (current.status !== 'running') return;
      await updateImport(trx, id, { status: 'done', finished_at: kit.clock.now(), error: null });
      const actor = await importActor(kit, record);
      await kit.events.append(
        trx,
        [{ subject: 'import', subjectId: id, type: 'import.finished', after: { ...current.counts } }],
        actor,
        { type: 'import', id: String(id) },
        kit.clock.now(),
      );
    });
  } catch (error) {
    if (error instanceof Stopped || codeOf(error) === 'JOB_LOST') return;
    const message = error instanceof Error ? error.message.slice(0, 500) : 'The import failed.';
    await updateImport(
      kit.db,
      id,
      job.attempt >= MAX_ATTEMPTS || codeOf(error).startsWith('FILE_')
        ? { status: 'failed', error: message, finished_at: kit.clock.now() }
        : { error: message },
    );
    if (codeOf(error).startsWith('FILE_')) return;
    throw error;
  }
}
