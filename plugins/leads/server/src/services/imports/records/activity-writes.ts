import { many, type EventInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ActivityRow, LeadChange, LeadRow } from '../../../../../contracts';
import { isFollowUp, leadEvent } from '../../apply/changes';

/** History as the story of a lead tells it: what was done and when; it is no work of today. */
export const toldOf = (row: ActivityRow): EventInput =>
  leadEvent(row.lead_id, 'lead.activity', {
    data: {
      activity: row.id,
      kind: row.kind,
      direction: row.direction,
      outcome: row.outcome,
      subject: row.subject,
      note: row.note,
      durationSeconds: row.duration_seconds,
      occurredAt: row.occurred_at,
      member: row.member_id,
      automatic: false,
      bulk: false,
      imported: true,
    },
  });

/**
 * What history changes of a lead: its last follow-up, by its own time, and with it what hangs on that (recycle dates, what counts as a follow-up
 * in its pool). No clock sees an answer and no task is done by it.
 */
export function changesOf(rows: readonly { readonly activity: ActivityRow; readonly lead: LeadRow }[]): LeadChange[] {
  const latest = new Map<number, Date | null>();
  for (const { activity, lead } of rows) {
    const last = latest.has(lead.id) ? latest.get(lead.id)! : lead.last_follow_up_at;
    latest.set(lead.id, isFollowUp(activity) && (last === null || last < activity.occurred_at) ? activity.occurred_at : last);
  }
  const before = new Map(rows.map(({ lead }) => [lead.id, lead.last_follow_up_at]));
  return [...latest].flatMap(([id, at]): LeadChange[] => {
    const later = at !== null && at.getTime() !== (before.get(id)?.getTime() ?? null);
    return [...(later ? [{ op: 'patch', id, columns: { last_follow_up_at: at } } as const] : []), { op: 'touch', id, ask: ['follow-up'] }];
  });
}

/** A follow-up that counts as logged now: through the door, where clocks, tasks and pools see it at its own time. */
export const liveChange = ({ lead_id: id, ...row }: ActivityRow): LeadChange => ({
  op: 'activity',
  id,
  activity: {
    kind: row.kind,
    direction: row.direction === 'inbound' ? 'inbound' : 'outbound',
    outcome: row.outcome,
    subject: row.subject,
    note: row.note,
    durationSeconds: row.duration_seconds,
    occurredAt: row.occurred_at,
    evidence: row.evidence,
    memberId: row.member_id,
    ...(row.custom ? { custom: row.custom } : {}),
  },
});

/** The ids the door gave them, by the row of the file they came from. */
export async function findLive(
  trx: Knex.Transaction,
  importId: number,
  live: readonly { readonly activity: ActivityRow }[],
): Promise<void> {
  const rows = await many<{ id: number; row: number }>(
    trx,
    `SELECT id, (evidence->>'row')::int AS row FROM crm_activities WHERE lead_id = ANY(?::int[]) AND evidence->>'import' = ?`,
    [live.map(({ activity }) => activity.lead_id), String(importId)],
  );
  const byRow = new Map(rows.map(({ id, row }) => [row, id]));
  for (const { activity } of live) activity.id = byRow.get(Number(activity.evidence?.['row'])) ?? 0;
}
