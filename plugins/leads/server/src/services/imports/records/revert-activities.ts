import { many } from '@leadsea/crm-core';
import type { LeadChange } from '../../../../../contracts';
import { addConflict, type Reverting } from '../entity';

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

/** History goes again and leads have the last follow-up that is left; what somebody corrected since stays, and what counted as logged now. */
export async function revertActivities({ kit, leads, trx, record, actor, rows, report }: Reverting): Promise<void> {
  const ids = rows.flatMap(({ record_id: id }) => id ?? []);
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
