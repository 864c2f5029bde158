import { calendarTime, conflict, inTransaction, many, notFound, one, type Kit, type VerbContext } from '@leadsea/crm-core';
import type { Leads, WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { Clock } from '../domain/clock';
import { judge } from '../domain/dispute';
import { calendarOf, clockCalendar } from './calendars';
import { changeClock } from './change-clocks';
import { findClocks } from './clock-store';
import { giveBack } from './give-back';
import { lockConcerned } from './notices';

interface DisputeRow {
  readonly id: number;
  readonly lead_id: number;
  readonly clock_id: number;
  readonly state: string;
  readonly opened_by: number | null;
  readonly owner_id: number | null;
  readonly label: { readonly zh: string; readonly en: string };
}

const FREEZE_SECONDS = 3600;

/** nobody passes the lead on for one business hour. */
async function frozenUntil(kit: Kit, clock: Clock, now: Date): Promise<Date> {
  const calendar = await calendarOf(kit, clockCalendar(clock));
  const until = calendar ? calendarTime.add(calendar, now, FREEZE_SECONDS) : null;
  return until?.ok ? until.at : new Date(now.getTime() + FREEZE_SECONDS * 1000);
}

const base = (clock: Clock, now: Date): Record<string, unknown> => ({
  lead_id: clock.leadId,
  clock_id: clock.id,
  metric: clock.metric,
  label: JSON.stringify(clock.label),
  obligor: clock.obligor,
  owner_id: clock.breachOwnerId,
  state: 'open',
  opened_at: now,
});

const holdsOpen = (trx: Knex.Transaction, clockIds: readonly number[]): Promise<{ clock_id: number }[]> =>
  many(trx, `SELECT clock_id FROM crm_sla_disputes WHERE state = 'open' AND clock_id = ANY(?::int[])`, [[...clockIds]]);

/** evidence from before the deadline has come after the miss. Opened by the product; a timer judges it by its evidence. */
export function disputeLate(set: WorkingSet, late: readonly { readonly clock: Clock; readonly activityId: number | null }[]): void {
  if (late.length === 0) return;
  set.defer(async (trx) => {
    const known = new Set(
      (
        await holdsOpen(
          trx,
          late.map(({ clock }) => clock.id),
        )
      ).map((row) => row.clock_id),
    );
    const fresh = late.filter(({ clock }) => !known.has(clock.id));
    if (fresh.length === 0) return;
    const rows = await Promise.all(
      fresh.map(async ({ clock, activityId }) => ({
        ...base(clock, set.now),
        reason: 'late-evidence',
        automatic: true,
        activity_id: activityId,
        opened_by: clock.breachOwnerId,
        frozen_until: await frozenUntil(set.kit, clock, set.now),
      })),
    );
    const ids = await trx('crm_sla_disputes').insert(rows).returning<{ id: number }[]>('id');
    await set.kit.timers.arm(
      trx,
      ids.map(({ id }) => ({ kind: 'sla.dispute', key: `sla-dispute:${id}`, subject: 'sla-dispute', subjectId: id, dueAt: set.now })),
      set.now,
    );
  });
}

/** `sla.dispute`: evidence of the telephone or mail system is believed at once; otherwise the manager decides. */
export async function judgeDispute(deps: { readonly kit: Kit; readonly leads: Leads }, id: number, now: Date): Promise<void> {
  const { kit } = deps;
  const row = await one<DisputeRow & { source: string | null; manager_id: number | null }>(
    kit.db,
    `SELECT d.*, a.evidence ->> 'source' AS source, m.manager_id FROM crm_sla_disputes d
     LEFT JOIN crm_activities a ON a.id = d.activity_id LEFT JOIN crm_members m ON m.id = d.owner_id WHERE d.id = ? AND d.state = 'open'`,
    [id],
  );
  if (!row) return;
  const system = { actor: kit.actors.system('SLA'), now, requestId: `sla-dispute:${id}` };
  if (judge(row.source) === 'accepted') {
    await decideDispute(deps, system, id, { accept: true, note: 'The telephone or mail system confirms it.' });
    return;
  }
  if (row.manager_id === null) return;
  const { manager_id: memberId, label } = row;
  await kit.db.transaction((trx) =>
    kit.notify(
      trx,
      [
        {
          memberId,
          type: 'sla.dispute',
          subject: 'lead',
          subjectId: row.lead_id,
          title: { zh: `${label.zh}：有争议的超时，请裁定`, en: `${label.en}: a disputed miss needs your decision` },
          link: '/sla/disputes',
        },
      ],
      now,
    ),
  );
}

/** Opens a dispute about a miss. @throws AppError DISPUTE_NOT_MISSED, DISPUTE_OPEN */
export async function openDispute(
  kit: Kit,
  { actor, now }: VerbContext,
  clockId: number,
  input: { reason: string; note?: string | null },
): Promise<number> {
  return kit.db.transaction(async (trx) => {
    const [clock] = await findClocks(trx, 'WHERE c.id = ?', [clockId]);
    if (!clock) throw notFound('Clock');
    if (clock.breachedAt === null || clock.state === 'waived')
      throw conflict('DISPUTE_NOT_MISSED', 'Only a miss that counts can be disputed.');
    const row = {
      ...base(clock, now),
      reason: input.reason,
      note: input.note ?? null,
      opened_by: actor.memberId,
      frozen_until: await frozenUntil(kit, clock, now),
    };
    const [created] = await trx('crm_sla_disputes')
      .insert(row)
      .onConflict(trx.raw(`(clock_id) WHERE state = 'open'`))
      .ignore()
      .returning<{ id: number }[]>('id');
    if (!created) throw conflict('DISPUTE_OPEN', 'This miss is in dispute already.');
    const event = {
      subject: 'lead',
      subjectId: clock.leadId,
      type: 'clock.disputed',
      data: { clock: clock.id, label: clock.label, reason: input.reason, note: input.note ?? null },
    };
    await kit.events.append(trx, [event], actor, { type: 'dispute', id: String(created.id) }, now);
    return created.id;
  });
}

export interface Decided {
  readonly id: number;
  /** the member the lead went back to. */
  readonly givenBackTo: number | null;
}

/**
 * Decides a dispute. One that is accepted waives the miss, and a lead that was passed on for it goes back to whom it was taken from,
 * unless somebody has worked it since. Nobody decides his own. @throws AppError DISPUTE_CLOSED, DISPUTE_OWN
 */
export async function decideDispute(
  { kit, leads }: { readonly kit: Kit; readonly leads: Leads },
  { actor, now }: VerbContext,
  id: number,
  input: { accept: boolean; note: string },
): Promise<Decided> {
  return inTransaction(kit.db, async (trx) => {
    const row = await one<DisputeRow>(trx, 'SELECT * FROM crm_sla_disputes WHERE id = ?', [id]);
    if (!row) throw notFound('Dispute');
    if (actor.memberId !== null && (row.owner_id === actor.memberId || row.opened_by === actor.memberId))
      throw conflict('DISPUTE_OWN', 'Somebody else has to decide about your own miss.');
    // The lead before the dispute: a change set that disputes a miss locks in this order too.
    const [lead] = await lockConcerned(trx, [row.lead_id], now);
    const closed = await many<{ id: number }>(
      trx,
      `UPDATE crm_sla_disputes SET state = ?, decided_by = ?, decided_at = ?, decision_note = ?, frozen_until = NULL
       WHERE id = ? AND state = 'open' RETURNING id`,
      [input.accept ? 'accepted' : 'rejected', actor.memberId, now, input.note, id],
    );
    if (closed.length === 0) throw conflict('DISPUTE_CLOSED', 'This dispute has been decided already.');
    if (!input.accept) return { id, givenBackTo: null };
    const by = { actor, cause: { type: 'dispute', id: String(id), note: input.note } };
    const clock = await changeClock(
      kit,
      row.clock_id,
      by,
      now,
      async ({ clock: locked }) =>
        locked.state === 'waived' || locked.breachedAt === null ? null : { kind: 'waive', by: actor.memberId, reason: input.note },
      trx,
    );
    return { id, givenBackTo: lead ? await giveBack({ kit, leads }, trx, { clock, lead, dispute: id }, by, now) : null };
  });
}

/** Whoever opened a dispute may take it back. */
export async function withdrawDispute(kit: Kit, { actor, now }: VerbContext, id: number): Promise<void> {
  const rows = await many<{ id: number }>(
    kit.db,
    `UPDATE crm_sla_disputes SET state = 'withdrawn', decided_at = ?, decided_by = ?, frozen_until = NULL WHERE id = ? AND state = 'open' AND opened_by = ? RETURNING id`,
    [now, actor.memberId, id, actor.memberId],
  );
  if (rows.length === 0) throw conflict('DISPUTE_CLOSED', 'Only an open dispute of your own can be taken back.');
}
