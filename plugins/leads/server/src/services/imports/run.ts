import { one, type RunningJob } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ImportRow } from '../../domain/files';
import { countRows, openReading } from './context';
import { addOptions, createFields, fieldsMadeBy } from './fields';
import { createLanes } from './lanes';
import { ERASED_PERSON, type Batch, type RunDeps } from './entity';
import { importableOf } from './kinds';
import { codeOf, commitStep, convertAll, Stopped, write, type Prepared } from './step';
import { getImport, importActor, lockImport, updateImport, type ImportRecord } from './store';
import { effectiveMapping, missingFields } from './targets';

/** clocks stay off for more rows than this unless the person says otherwise. */
const QUIET_ROWS = 500;
export const MAX_ATTEMPTS = 10;

/** A step of an import. */
interface Chunk {
  readonly batch: Batch;
  readonly rows: readonly ImportRow[];
  readonly prepared: Prepared;
}

async function runAll(deps: RunDeps, job: RunningJob, record: ImportRecord): Promise<boolean> {
  const { kit } = deps;
  const actor = await importActor(kit, record);
  const cause = { type: 'import', id: String(record.id) };
  const { entity, resource, mayOverlap } = importableOf(record.kind);
  await kit.custom.refresh();
  await createFields(
    kit,
    entity,
    missingFields(effectiveMapping(record.mapping, record.options), kit.custom.fields(entity)),
    actor,
    cause,
    kit.clock.now(),
  );
  const total = record.total ?? (await countRows(kit, record));
  if (record.total === null) await updateImport(kit.db, record.id, { total });
  const clocks = record.options.clocks ?? (total > QUIET_ROWS ? 'none' : 'now');
  const guarded = kit.access.scope(actor, resource, 'import', 't').sql !== 'TRUE';
  // A field made from a column takes every value of that column as an option, not only those of the first rows.
  const own = await fieldsMadeBy(kit, record.id);
  let reading = await openReading(kit, record);
  const lanes = createLanes<Chunk>({
    attempt: ({ batch, rows, prepared }, turn) => commitStep(batch, rows, prepared, turn),
    alone: ({ batch, rows, prepared }) => write(batch, rows, prepared),
    mayOverlap: ({ batch }) => mayOverlap(batch),
    progress: ({ rows }) => job.progress(rows.at(-1)?.row ?? 0, total),
  });
  try {
    for await (const rows of reading.chunks(record.done + 1)) {
      if (job.shouldStop()) return false;
      let prepared = convertAll(rows, reading);
      const addable = (): { field: string; text: string }[] =>
        prepared.options.filter(({ field }) => record.options.createFields || own.has(field));
      // A row shows one unknown option at a time, so look again until nothing is added.
      while (addable().length > 0 && (await addOptions(kit, entity, addable(), kit.clock.now()))) {
        reading = await openReading(kit, record);
        prepared = convertAll(rows, reading);
      }
      await lanes.add({ batch: { ...deps, record, actor, fields: reading.fields, clocks, guarded }, rows, prepared });
    }
  } finally {
    await lanes.end();
  }
  return true;
}

/** A file that brought somebody who was erased is not kept, nor its first rows. */
async function dropErased(trx: Knex.Transaction, id: number): Promise<void> {
  if (!(await one(trx, 'SELECT 1 FROM crm_import_rows WHERE import_id = ? AND code = ? LIMIT 1', [id, ERASED_PERSON]))) return;
  await trx('crm_import_parts').where({ import_id: id }).delete();
  await updateImport(trx, id, { samples: [] });
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
      await dropErased(trx, id);
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
