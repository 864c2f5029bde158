import { many, one } from '@leadsea/crm-core';
import type { Kit, RunningJob } from '@leadsea/crm-core';
import type { KeptRow, RevertReport, RunDeps } from './entity';
import { importableOf } from './kinds';
import { getImport, importActor, lockImport, updateImport } from './store';

const STEP = 1000;
/** What became of rows that brought something in. */
const BROUGHT = ['created', 'linked', 'updated', 'merged'];

/** One step in one transaction: the next rows of the import, what they made removed and what they changed given its values back. Returns the last row taken, or null. */
async function revertStep(deps: RunDeps, id: number): Promise<number | null> {
  const { kit } = deps;
  return kit.db.transaction(async (trx) => {
    const record = await lockImport(trx, id);
    if (record.status !== 'reverting') return null;
    const report: RevertReport = { removed: 0, restored: 0, conflicts: [], conflictCount: 0, ...record.revert };
    const cursor = Number(record.revert?.['row'] ?? 0);
    const rows = await many<KeptRow>(
      trx,
      `SELECT row, status, lead_id, record_id FROM crm_import_rows
       WHERE import_id = ? AND row > ? AND coalesce(record_id, lead_id) IS NOT NULL AND status = ANY(?::text[]) ORDER BY row LIMIT ?`,
      [id, cursor, [...BROUGHT], STEP],
    );
    const last = rows.at(-1)?.row;
    if (last === undefined) return null;
    const actor = await importActor(kit, record);
    await importableOf(record.kind).revert({ ...deps, trx, record, actor, rows, report });
    await updateImport(trx, id, { revert: { ...report, row: last } });
    return last;
  });
}

/** Takes an import back: what it made and nobody touched is removed, what it changed gets its values back. History stays. */
export async function revertImport(deps: RunDeps, job: RunningJob): Promise<void> {
  const { kit } = deps;
  const id = Number(job.payload['import']);
  const { total } = await getImport(kit.db, id);
  for (;;) {
    if (job.shouldStop()) return;
    const row = await revertStep(deps, id);
    if (row === null) break;
    await job.progress(row, total);
  }
  await kit.db.transaction(async (trx) => {
    const record = await lockImport(trx, id);
    if (record.status !== 'reverting') return;
    const { row: _row, ...report } = { removed: 0, restored: 0, conflicts: [], conflictCount: 0, ...record.revert } as RevertReport & {
      row?: number;
    };
    await updateImport(trx, id, { status: 'reverted', revert: report, finished_at: kit.clock.now() });
    await kit.events.append(
      trx,
      [{ subject: 'import', subjectId: id, type: 'import.reverted', data: { ...report } }],
      await importActor(kit, record),
      { type: 'import-revert', id: String(id) },
      kit.clock.now(),
    );
  });
}

/** Whether there is anything to take back. */
export const hasRows = async (kit: Kit, id: number): Promise<boolean> =>
  (await one(kit.db, 'SELECT 1 FROM crm_import_rows WHERE import_id = ? AND coalesce(record_id, lead_id) IS NOT NULL LIMIT 1', [id])) !==
  null;
