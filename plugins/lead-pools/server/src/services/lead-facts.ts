import { many } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { RecycleFacts } from '../domain/recycle';
import type { LivePool } from './pools';

/** What keeps a lead with its owner and is not written in the lead itself. */
export interface Surroundings {
  readonly openOpportunity: boolean;
  readonly meetingAt: Date | null;
  /** Until when a request that nobody has decided yet asks to keep it. */
  readonly askedUntil: Date | null;
  readonly leave: { readonly from: Date; readonly to: Date } | null;
}

interface Row {
  id: number;
  opportunity: boolean;
  meeting_at: Date | null;
  asked_until: Date | null;
  leave_from: Date | null;
  leave_to: Date | null;
}

const NOTHING: Surroundings = { openOpportunity: false, meetingAt: null, askedUntil: null, leave: null };

/** Open opportunities, the next agreed meeting, open requests and the owner's leave for held leads; one statement. A leave that is over is none. */
export async function surroundingsOf(
  db: Knex | Knex.Transaction,
  held: readonly { readonly id: number; readonly owner_id: number | null; readonly held_since: Date | null }[],
  now: Date,
): Promise<(leadId: number) => Surroundings> {
  if (held.length === 0) return () => NOTHING;
  const rows = await many<Row>(
    db,
    `SELECT h.id, EXISTS (SELECT 1 FROM crm_opportunities o WHERE o.lead_id = h.id AND o.stage NOT IN ('won', 'lost') AND o.closed_at IS NULL) AS opportunity,
            (SELECT min(t.due_at) FROM crm_tasks t WHERE t.lead_id = h.id AND t.kind = 'meeting' AND t.state = 'open' AND t.due_at > ?) AS meeting_at,
            (SELECT r.until FROM crm_pool_requests r WHERE r.lead_id = h.id AND r.state = 'pending' AND r.held_since = h.held_since) AS asked_until,
            m.leave_from, m.leave_to
     FROM unnest(?::int[], ?::int[], ?::timestamptz[]) AS h(id, owner_id, held_since) LEFT JOIN crm_members m ON m.id = h.owner_id AND m.leave_to > ?`,
    [now, held.map((row) => row.id), held.map((row) => row.owner_id), held.map((row) => row.held_since), now],
  );
  const byId = new Map(
    rows.map((row): [number, Surroundings] => [
      row.id,
      {
        openOpportunity: row.opportunity,
        meetingAt: row.meeting_at,
        askedUntil: row.asked_until,
        leave: row.leave_from && row.leave_to ? { from: row.leave_from, to: row.leave_to } : null,
      },
    ]),
  );
  return (leadId) => byId.get(leadId) ?? NOTHING;
}

/** The columns of a lead its plan is computed from. */
export const PLANNED_COLUMNS = [
  'id',
  'owner_id',
  'home_pool_id',
  'held_since',
  'last_follow_up_at',
  'effective_follow_up_at',
  'stage_entered_at',
  'next_action_at',
  'protected_until',
  'recycle_at',
  'custom',
] as const satisfies readonly (keyof LeadRow)[];
export type PlannedLead = Pick<LeadRow, (typeof PLANNED_COLUMNS)[number]>;

const dateOf = (value: unknown): Date | null => {
  if (value instanceof Date) return value;
  if (typeof value !== 'string') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
};

/** The facts of a held lead for the rules of its pool. */
export function factsFor(row: Readonly<PlannedLead>, pool: LivePool, around: Surroundings, now: Date): RecycleFacts {
  const { protection, recycle, followUp } = pool.body;
  const fields = recycle.rules.flatMap((rule) => [rule, ...rule.also].flatMap((clock) => clock.field ?? []));
  return {
    heldSince: row.held_since ?? now,
    lastFollowUpAt: followUp ? row.effective_follow_up_at : row.last_follow_up_at,
    stageEnteredAt: row.stage_entered_at,
    nextActionAt: row.next_action_at,
    dates: Object.fromEntries(fields.map((field) => [field, dateOf(row.custom[field.replace(/^custom\./, '')])])),
    protectedUntil: row.protected_until,
    askedUntil: around.askedUntil,
    endsProtected: protection.onExpiry === 'recycle',
    meeting:
      around.meetingAt !== null && protection.events.meetingDays > 0
        ? { at: around.meetingAt, withinDays: protection.events.meetingDays }
        : null,
    openOpportunity: protection.events.opportunity && around.openOpportunity,
    leave: around.leave,
  };
}
