import { many, type EventInput } from '@leadsea/crm-core';
import type { LeadChange } from '../../../../../contracts';
import { restorationOf, type Told } from '../../../domain/restoration';
import { addConflict, type Reverting } from '../entity';
import { updateRows, type Row } from './working';

interface Made {
  readonly id: number;
  readonly lead_id: number;
  readonly occurred_at: Date;
  /** Corrected by somebody since. */
  readonly edited: boolean;
  /** It counted as work of the day: clocks and tasks have seen it. */
  readonly counted: boolean;
}

interface Dated {
  readonly id: number;
  readonly last: Date | null;
  readonly latest: Date | null;
}

interface Corrected {
  readonly id: number;
  readonly lead_id: number;
  readonly subject: string | null;
  readonly note: string | null;
  readonly custom: Record<string, unknown> | null;
}

/** Words get back what they were, where they still are what the file made of them. */
async function restoreWords({ kit, trx, record, actor, report }: Reverting, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await many<Corrected>(
    trx,
    'SELECT id, lead_id, subject, note, custom FROM crm_activities WHERE id = ANY(?::int[]) ORDER BY id FOR UPDATE',
    [[...ids]],
  );
  const events = await many<{ activity: number; before: Told['before']; after: Told['after'] }>(
    trx,
    `SELECT (data->>'activity')::int AS activity, data->'before' AS before, data->'after' AS after FROM crm_events
     WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND type = 'lead.activity_edited' AND cause_type = 'import' AND cause_id = ? ORDER BY id`,
    [rows.map((row) => row.lead_id), String(record.id)],
  );
  const after: Row[] = [];
  const story: EventInput[] = [];
  for (const row of rows) {
    const stories = events.filter(({ activity }) => activity === row.id);
    const { values, conflicts } = restorationOf(
      stories,
      (field) => row[field as 'note'],
      (field) => field === 'subject' || field === 'note',
    );
    if (conflicts.length > 0) addConflict(report, { lead: row.lead_id, record: row.id, code: 'CHANGED_SINCE', fields: conflicts });
    if (Object.keys(values).length === 0) continue;
    const { custom, ...words } = values;
    const own = { ...row.custom, ...(custom as Record<string, unknown> | undefined) };
    after.push({ ...row, ...words, custom: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)) });
    story.push({ subject: 'lead', subjectId: row.lead_id, type: 'lead.activity_edited', data: { activity: row.id, import: record.id } });
  }
  if (after.length === 0) return;
  await updateRows(trx, 'crm_activities', ['subject', 'note', 'custom'], after, kit.clock.now());
  await kit.events.append(trx, story, actor, { type: 'import-revert', id: String(record.id) }, kit.clock.now());
  report.restored += after.length;
}

/** History goes again and leads have the last follow-up that is left; what somebody corrected since stays, and what counted as logged now. */
export async function revertActivities(step: Reverting): Promise<void> {
  const { kit, leads, trx, record, actor, rows, report } = step;
  const of = (status: string): number[] => rows.flatMap((row) => (row.status === status && row.record_id !== null ? [row.record_id] : []));
  await restoreWords(step, of('updated'));
  const ids = of('created');
  const made = await many<Made>(
    trx,
    `SELECT a.id, a.lead_id, a.occurred_at, (a.evidence->>'history') IS DISTINCT FROM 'true' AS counted,
       EXISTS (SELECT 1 FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = a.lead_id AND e.type = 'lead.activity_edited'
               AND (e.data->>'activity')::int = a.id) AS edited
     FROM crm_activities a WHERE a.id = ANY(?::int[]) ORDER BY a.id FOR UPDATE OF a`,
    [ids],
  );
  const gone = made.filter(({ edited, counted }) => !edited && !counted);
  for (const { id, lead_id: lead, edited, counted } of made)
    if (edited || counted) addConflict(report, { lead, record: id, code: edited ? 'TOUCHED_SINCE' : 'COUNTED' });
  if (gone.length === 0) return;
  await trx.raw('DELETE FROM crm_activities WHERE id = ANY(?::int[])', [gone.map(({ id }) => id)]);
  report.removed += gone.length;
  const touched = [...new Set(gone.map(({ lead_id: lead }) => lead))];
  const dated = await many<Dated>(
    trx,
    `SELECT l.id, l.last_follow_up_at AS last,
       (SELECT max(a.occurred_at) FROM crm_activities a WHERE a.lead_id = l.id AND coalesce(a.direction, 'outbound') = 'outbound'
          AND NOT coalesce(a.automatic, false) AND NOT coalesce(a.bulk, false) AND a.kind <> 'note') AS latest
     FROM crm_leads l WHERE l.id = ANY(?::int[]) AND l.merged_into IS NULL AND l.quarantine IS DISTINCT FROM 'erased'`,
    [touched],
  );
  const times = new Map<number, Set<number>>();
  for (const { lead_id: lead, occurred_at: at } of gone) times.set(lead, (times.get(lead) ?? new Set()).add(at.getTime()));
  const changes = dated.flatMap(({ id, last, latest }): LeadChange[] => {
    // A date that none of these follow-ups gave the lead is left alone.
    const ours = last !== null && (times.get(id)?.has(last.getTime()) ?? false);
    return [
      ...(ours ? [{ op: 'patch', id, columns: { last_follow_up_at: latest } } as const] : []),
      { op: 'touch', id, ask: ['follow-up'] },
    ];
  });
  const cause = { type: 'import-revert', id: String(record.id) };
  if (changes.length > 0) await leads.apply({ trx, changes, actor, cause, clocks: 'none', now: kit.clock.now() });
  const story = gone.map(({ id, lead_id: lead }) => ({
    subject: 'lead',
    subjectId: lead,
    type: 'lead.activity_removed',
    data: { activity: id, import: record.id },
  }));
  await kit.events.append(trx, story, actor, cause, kit.clock.now());
}
