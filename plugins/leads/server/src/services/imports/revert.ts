import { many, one } from '@leadsea/crm-core';
import type { Actor, Kit, RunningJob } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadChange, LeadRow, Leads } from '../../../../contracts';
import { restorationOf, type Told } from '../../domain/restoration';
import { LEAD_VALUE_COLUMNS } from '../../domain/values';
import { visible } from '../apply/changes';
import { lockLeads } from '../apply/rows';
import { tablesOfLeads } from '../lead-tables';
import { stageBack } from '../undo';
import { getImport, importActor, lockImport, updateImport, type ImportRecord } from './store';

const STEP = 1000;
const MAX_CONFLICTS = 1000;

export interface Conflict {
  readonly lead: number;
  readonly code: 'TOUCHED_SINCE' | 'CHANGED_SINCE';
  readonly fields?: readonly string[];
}
export interface RevertReport {
  removed: number;
  restored: number;
  conflicts: Conflict[];
  conflictCount: number;
}

const CREATED = ['created', 'linked'];
const CHANGED = ['updated', 'merged'];

/** What people, forms and other imports did to these leads since; the product's own timers do not count. */
async function touched(trx: Knex.Transaction, importId: number, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await many<{ id: number }>(
    trx,
    `SELECT DISTINCT e.subject_id AS id FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = ANY(?::int[])
       AND e.actor_kind IN ('member', 'capture', 'import') AND NOT (e.cause_type = 'import' AND e.cause_id = ?)
     UNION SELECT a.lead_id FROM crm_activities a WHERE a.lead_id = ANY(?::int[])
     UNION SELECT l.merged_into FROM crm_leads l WHERE l.merged_into = ANY(?::int[])`,
    [[...ids], String(importId), [...ids], [...ids]],
  );
  return new Set(rows.map((row) => row.id));
}

async function removeLeads(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  const bound = [[...ids]];
  await trx.raw(
    `UPDATE crm_timers SET state = 'cancelled', cancelled_at = now() WHERE state = 'armed' AND ((subject = 'lead' AND subject_id = ANY(?::int[])) OR (payload->>'lead')::int = ANY(?::int[]))`,
    [[...ids], [...ids]],
  );
  for (const table of await tablesOfLeads(trx)) await trx.raw(`DELETE FROM ${table} WHERE lead_id = ANY(?::int[])`, bound);
  await trx.raw('UPDATE crm_leads SET duplicate_of = NULL WHERE duplicate_of = ANY(?::int[])', bound);
  await trx.raw('DELETE FROM crm_leads WHERE id = ANY(?::int[])', bound);
}

interface Story extends Told {
  readonly lead: number;
}

/** The value a field has now, under the name events use. */
const currentOf = (row: LeadRow) => (field: string) => {
  const column = field === 'custom' || field === 'stage' ? field : LEAD_VALUE_COLUMNS[field]?.column;
  return column === undefined ? null : visible(row, [column])[field];
};

async function restoreLeads(
  kit: Kit,
  leads: Leads,
  trx: Knex.Transaction,
  record: ImportRecord,
  actor: Actor,
  ids: readonly number[],
  report: RevertReport,
): Promise<void> {
  const rows = await lockLeads(trx, ids);
  const events = await many<{ subject_id: number; before: Story['before']; after: Story['after'] }>(
    trx,
    `SELECT subject_id, before, after FROM crm_events WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND cause_type = 'import' AND cause_id = ?
       AND type IN ('lead.duplicate_merged', 'lead.stage_changed') ORDER BY id`,
    [[...ids], String(record.id)],
  );
  const stories = new Map<number, Story[]>();
  for (const event of events)
    stories.set(event.subject_id, [
      ...(stories.get(event.subject_id) ?? []),
      { lead: event.subject_id, before: event.before, after: event.after },
    ]);
  const changes: LeadChange[] = [];
  for (const [id, told] of stories) {
    const row = rows.get(id);
    if (!row || row.merged_into !== null) continue;
    const { values, stage, conflicts } = restorationOf(told, currentOf(row));
    if (conflicts.length > 0) addConflict(report, { lead: id, code: 'CHANGED_SINCE', fields: conflicts });
    if (Object.keys(values).length > 0) changes.push({ op: 'update', id, values });
    if (stage !== null)
      changes.push({
        op: 'patch',
        id,
        columns: stageBack(stage, kit.clock.now()),
        event: 'lead.stage_changed',
        data: { reverted: record.id, undone: true, cycle: stage.cycle ?? row.cycle ?? 1 },
      });
  }
  if (changes.length === 0) return;
  const { outcomes } = await leads.apply({
    trx,
    changes,
    actor,
    cause: { type: 'import-revert', id: String(record.id) },
    clocks: 'none',
    now: kit.clock.now(),
  });
  report.restored += new Set(outcomes.flatMap((outcome) => (outcome.ok ? [outcome.id] : []))).size;
}

function addConflict(report: RevertReport, conflict: Conflict): void {
  report.conflictCount += 1;
  if (report.conflicts.length < MAX_CONFLICTS) report.conflicts.push(conflict);
}

/** One step in one transaction: the next rows of the import, their leads removed or given their values back. Returns the last row taken, or null. */
async function revertStep(kit: Kit, leads: Leads, id: number): Promise<number | null> {
  return kit.db.transaction(async (trx) => {
    const record = await lockImport(trx, id);
    if (record.status !== 'reverting') return null;
    const report: RevertReport = { removed: 0, restored: 0, conflicts: [], conflictCount: 0, ...record.revert };
    const cursor = Number(record.revert?.['row'] ?? 0);
    const rows = await many<{ row: number; status: string; lead_id: number }>(
      trx,
      `SELECT row, status, lead_id FROM crm_import_rows WHERE import_id = ? AND row > ? AND lead_id IS NOT NULL AND status = ANY(?::text[]) ORDER BY row LIMIT ?`,
      [id, cursor, [...CREATED, ...CHANGED], STEP],
    );
    const last = rows.at(-1)?.row;
    if (last === undefined) return null;
    const actor = await importActor(kit, record);
    const made = [...new Set(rows.filter((row) => CREATED.includes(row.status)).map((row) => row.lead_id))];
    const busy = await touched(trx, id, made);
    const free = made.filter((lead) => !busy.has(lead));
    for (const lead of busy) addConflict(report, { lead, code: 'TOUCHED_SINCE' });
    if (free.length > 0) await removeLeads(trx, free);
    report.removed += free.length;
    const own = await many<{ lead_id: number }>(
      trx,
      'SELECT DISTINCT lead_id FROM crm_import_rows WHERE import_id = ? AND lead_id = ANY(?::int[]) AND status = ANY(?::text[])',
      [id, rows.map((row) => row.lead_id), CREATED],
    );
    const mine = new Set(own.map((row) => row.lead_id));
    const others = [...new Set(rows.map((row) => row.lead_id))].filter((lead) => !mine.has(lead));
    if (others.length > 0) await restoreLeads(kit, leads, trx, record, actor, others, report);
    await updateImport(trx, id, { revert: { ...report, row: last } });
    return last;
  });
}

/** Takes an import back: what it made and nobody touched is removed, what it changed gets its values back. History stays. */
export async function revertImport(kit: Kit, leads: Leads, job: RunningJob): Promise<void> {
  const id = Number(job.payload['import']);
  const { total } = await getImport(kit.db, id);
  for (;;) {
    if (job.shouldStop()) return;
    const row = await revertStep(kit, leads, id);
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
  (await one(kit.db, 'SELECT 1 FROM crm_import_rows WHERE import_id = ? AND lead_id IS NOT NULL LIMIT 1', [id])) !== null;
