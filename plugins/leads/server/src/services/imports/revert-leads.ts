import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadChange, LeadRow, Leads } from '../../../../contracts';
import { restorationOf, type Told } from '../../domain/restoration';
import { LEAD_VALUE_COLUMNS } from '../../domain/values';
import { visible } from '../apply/changes';
import { lockLeads } from '../apply/rows';
import { tablesOfLeads } from '../lead-tables';
import { stageBack } from '../undo';
import { addConflict, type RevertReport, type Reverting } from './entity';
import type { ImportRecord } from './store';

const CREATED = ['created', 'linked'];

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

/** Gives leads the values and the stage back that this import took from them. */
export async function restoreLeads(
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

/** Leads the import made and nobody touched since go; those it changed get back what they had. */
export async function revertLeads({ kit, leads, trx, record, actor, rows, report }: Reverting): Promise<void> {
  const made = [...new Set(rows.flatMap((row) => (CREATED.includes(row.status) && row.lead_id !== null ? [row.lead_id] : [])))];
  const busy = await touched(trx, record.id, made);
  const free = made.filter((lead) => !busy.has(lead));
  for (const lead of busy) addConflict(report, { lead, code: 'TOUCHED_SINCE' });
  if (free.length > 0) await removeLeads(trx, free);
  report.removed += free.length;
  const all = rows.flatMap((row) => row.lead_id ?? []);
  const own = await many<{ lead_id: number }>(
    trx,
    'SELECT DISTINCT lead_id FROM crm_import_rows WHERE import_id = ? AND lead_id = ANY(?::int[]) AND status = ANY(?::text[])',
    [record.id, all, CREATED],
  );
  const mine = new Set(own.map((row) => row.lead_id));
  const others = [...new Set(all)].filter((lead) => !mine.has(lead));
  if (others.length > 0) await restoreLeads(kit, leads, trx, record, actor, others, report);
}
