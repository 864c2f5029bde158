import { badRequest, forbidden, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Kit, ResourceDefinition, TimerHandler, VerbContext } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { People } from './people';

const LATE_MS = 24 * 3_600_000;

const leaveSchema = z.object({
  member: z.int().min(1).optional(),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  delegate: z.int().min(1).nullish(),
  mode: z.enum(['skip', 'delegate_new', 'delegate_all']).default('skip'),
  returns: z.enum(['auto', 'none']).default('auto'),
  note: z.string().max(500).nullish(),
});

interface LeaveRow {
  id: number;
  member_id: number;
  starts_at: Date;
  ends_at: Date;
  delegate_id: number | null;
  mode: 'skip' | 'delegate_new' | 'delegate_all';
  returns: 'auto' | 'none';
}

const timerKey = (what: 'start' | 'end', id: number): string => `routing-leave-${what}:${id}`;

/** Own leave by everybody; that of others by those who keep members, and by the person's manager. Changes pass the gate of the resource. */
async function assertMay(kit: Kit, trx: Knex.Transaction, { actor }: VerbContext, memberId: number): Promise<void> {
  if (actor.kind !== 'member' || actor.memberId === memberId || kit.access.can(actor, 'members', 'update')) return;
  if (!(await one(trx, 'SELECT 1 FROM crm_members WHERE id = ? AND manager_id = ?', [memberId, actor.memberId])))
    throw forbidden('You may enter your own leave, and that of your people.', { field: 'member' });
}

async function check(trx: Knex.Transaction, row: Omit<LeaveRow, 'id'>): Promise<void> {
  if (row.ends_at.getTime() <= row.starts_at.getTime())
    throw badRequest('LEAVE_ENDS_BEFORE', 'Leave must end after it begins.', { field: 'endsAt' });
  if (row.mode !== 'skip' && row.delegate_id === null)
    throw badRequest('DELEGATE_MISSING', 'Choose who stands in during the leave.', { field: 'delegate' });
  if (row.delegate_id === row.member_id) throw badRequest('DELEGATE_SELF', 'Nobody can stand in for himself.', { field: 'delegate' });
  if (row.delegate_id !== null && !(await one(trx, 'SELECT 1 FROM crm_members WHERE id = ? AND coalesce(active, true)', [row.delegate_id])))
    throw badRequest('OWNER_UNKNOWN', 'This person is not an active member.', { field: 'delegate' });
}

const toRow = (input: z.infer<typeof leaveSchema>, memberId: number): Omit<LeaveRow, 'id'> => ({
  member_id: memberId,
  starts_at: new Date(input.startsAt),
  ends_at: new Date(input.endsAt),
  delegate_id: input.delegate ?? null,
  mode: input.mode,
  returns: input.returns,
});

async function arm(kit: Kit, people: People, trx: Knex.Transaction, leave: LeaveRow, now: Date): Promise<void> {
  const back = (await people.nextShift(trx, leave.member_id, leave.ends_at)) ?? leave.ends_at;
  const subject = { subject: 'member', subjectId: leave.member_id, payload: { leave: leave.id } };
  const start = new Date(Math.max(leave.starts_at.getTime(), now.getTime() + 1000));
  await kit.timers.arm(
    trx,
    [
      ...(leave.ends_at.getTime() > now.getTime()
        ? [{ ...subject, kind: 'routing.leave-start', key: timerKey('start', leave.id), dueAt: start }]
        : []),
      { ...subject, kind: 'routing.leave-end', key: timerKey('end', leave.id), dueAt: back },
    ],
    now,
  );
}

/** Leave entries: who is away, who stands in, and whether leads come back. */
export function leavesResource(kit: Kit, people: People): ResourceDefinition {
  const note = (trx: Knex.Transaction, context: VerbContext, leave: LeaveRow, type: string): Promise<number[]> =>
    kit.events.append(
      trx,
      [{ subject: 'member', subjectId: leave.member_id, type, data: { ...leave } }],
      context.actor,
      { type: 'leave', id: context.requestId },
      context.now,
    );
  const find = async (trx: Knex.Transaction, id: number): Promise<LeaveRow> => {
    const row = await one<LeaveRow>(trx, 'SELECT * FROM crm_leaves WHERE id = ? FOR UPDATE', [id]);
    if (!row) throw notFound('Leave');
    return row;
  };
  return {
    name: 'leaves',
    access: 'leaves',
    table: 'crm_leaves',
    rows: { owner: 'member_id', team: 'team_id', pool: null },
    fields: [
      { name: 'id', type: 'id' },
      { name: 'member', type: 'reference', reference: 'members', column: 'member_id', writable: true },
      { name: 'startsAt', type: 'datetime', writable: true },
      { name: 'endsAt', type: 'datetime', writable: true },
      { name: 'delegate', type: 'reference', reference: 'members', column: 'delegate_id', writable: true },
      { name: 'mode', type: 'select', writable: true },
      { name: 'returns', type: 'select', writable: true },
      { name: 'note', type: 'text', writable: true },
    ],
    defaultSort: ['startsAt', 'DESC'],
    create: async (context, values) => {
      const input = leaveSchema.parse(values);
      const memberId = input.member ?? context.actor.memberId;
      if (memberId === null) throw badRequest('VALUE_REQUIRED', 'Say whose leave it is.', { field: 'member' });
      return inTransaction(kit.db, async (trx) => {
        await assertMay(kit, trx, context, memberId);
        const row = toRow(input, memberId);
        await check(trx, row);
        const leave = await one<LeaveRow>(
          trx,
          `INSERT INTO crm_leaves (member_id, team_id, starts_at, ends_at, delegate_id, mode, returns, note, created_at, updated_at)
           VALUES (?, (SELECT team_id FROM crm_members WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
          [
            row.member_id,
            row.member_id,
            row.starts_at,
            row.ends_at,
            row.delegate_id,
            row.mode,
            row.returns,
            input.note ?? null,
            context.now,
            context.now,
          ],
        );
        if (!leave) throw new Error('The leave was not stored.');
        await arm(kit, people, trx, leave, context.now);
        await note(trx, context, leave, 'member.leave_entered');
        return leave.id;
      });
    },
    update: (context, id, values) =>
      inTransaction(kit.db, async (trx) => {
        const before = await find(trx, id);
        const input = leaveSchema.parse({
          startsAt: before.starts_at.toISOString(),
          endsAt: before.ends_at.toISOString(),
          delegate: before.delegate_id,
          mode: before.mode,
          returns: before.returns,
          ...values,
        });
        const row = toRow(input, before.member_id);
        await check(trx, row);
        await trx.raw(
          'UPDATE crm_leaves SET starts_at = ?, ends_at = ?, delegate_id = ?, mode = ?, returns = ?, note = coalesce(?, note), updated_at = ? WHERE id = ?',
          [row.starts_at, row.ends_at, row.delegate_id, row.mode, row.returns, input.note ?? null, context.now, id],
        );
        await arm(kit, people, trx, { id, ...row }, context.now);
        await note(trx, context, { id, ...row }, 'member.leave_changed');
      }),
    remove: (context, id) =>
      inTransaction(kit.db, async (trx) => {
        const leave = await find(trx, id);
        await trx.raw('DELETE FROM crm_leaves WHERE id = ?', [id]);
        await kit.timers.cancel(trx, [timerKey('start', id), timerKey('end', id)], context.now);
        await note(trx, context, leave, 'member.leave_removed');
      }),
  };
}

const leaveIds = (due: readonly { readonly payload: Record<string, unknown> }[]): number[] =>
  due.map(({ payload }) => Number(payload['leave']));

/** Leads of a person on leave with something due before he is back, and those he was given lately and has not touched. */
const DUE = `SELECT l.id, (l.next_action_at < ? OR EXISTS (SELECT 1 FROM crm_tasks t WHERE t.lead_id = l.id AND t.state = 'open' AND t.due_at < ?)) AS due,
    (l.held_since >= ? AND l.kept_for_id IS NULL AND coalesce(l.last_follow_up_at < l.held_since, true)) AS untouched, l.kept_for_id
  FROM crm_leads l WHERE l.owner_id = ? AND l.merged_into IS NULL AND l.is_test IS NOT TRUE`;

/** `routing.leave-start`: hands over what is due (`delegate_all`); what came in just before and lies untouched is routed again. */
export const leaveStart =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const leaves = await many<LeaveRow>(trx, 'SELECT * FROM crm_leaves WHERE id = ANY(?::int[]) AND starts_at <= ? AND ends_at > ?', [
      leaveIds(due),
      now,
      now,
    ]);
    for (const leave of leaves) {
      const rows = await many<{ id: number; due: boolean; untouched: boolean; kept_for_id: number | null }>(trx, DUE, [
        leave.ends_at,
        leave.ends_at,
        new Date(now.getTime() - LATE_MS),
        leave.member_id,
      ]);
      const lent = leave.mode === 'delegate_all' && leave.delegate_id !== null ? rows.filter((row) => row.due) : [];
      const again = rows.filter((row) => row.untouched && !lent.includes(row));
      const changes: LeadChange[] = [
        ...lent.map(({ id, kept_for_id: keptFor }): LeadChange => ({
          op: 'hold',
          id,
          to: { ownerId: leave.delegate_id, poolId: null, keptForId: keptFor ?? leave.member_id },
          event: 'lead.transferred',
          expect: { ownerId: leave.member_id },
          data: { leave: leave.id, reason: 'leave' },
        })),
        ...again.map(({ id }): LeadChange => ({ op: 'touch', id, ask: ['reroute:leave'] })),
      ];
      if (changes.length === 0) continue;
      await trx.raw(
        `INSERT INTO crm_leave_loans (leave_id, lead_id, from_id, to_id, at) SELECT ?, unnest(?::int[]), ?, ?, ? ON CONFLICT DO NOTHING`,
        [leave.id, lent.map(({ id }) => id), leave.member_id, leave.delegate_id ?? 0, now],
      );
      const actor = { ...kit.actors.system('Routing'), kind: 'timer' as const };
      await leads.apply({ trx, changes, actor, cause: { type: 'timer', id: 'routing.leave-start' }, now });
    }
  };

const LOANS = `SELECT b.lead_id, b.to_id, b.from_id, b.leave_id, l.owner_id,
    EXISTS (SELECT 1 FROM crm_activities a WHERE a.lead_id = b.lead_id AND a.member_id = b.to_id AND a.occurred_at >= b.at) AS worked
  FROM crm_leave_loans b JOIN crm_leads l ON l.id = b.lead_id WHERE b.leave_id = ? AND b.settled_at IS NULL AND l.merged_into IS NULL`;

interface LoanRow {
  lead_id: number;
  to_id: number;
  from_id: number;
  leave_id: number;
  owner_id: number | null;
  worked: boolean;
}

/** `routing.leave-end`: on the first working instant leads come back that the delegate has not worked on; about the others both are asked. */
export const leaveEnd =
  (kit: Kit, leads: Leads): TimerHandler =>
  async (trx, due, now) => {
    const leaves = await many<LeaveRow>(trx, 'SELECT * FROM crm_leaves WHERE id = ANY(?::int[]) AND ends_at <= ?', [leaveIds(due), now]);
    for (const leave of leaves) {
      const loans = await many<LoanRow>(trx, LOANS, [leave.id]);
      const outcomeOf = (loan: LoanRow): string =>
        loan.owner_id !== loan.to_id ? 'moved' : loan.worked || leave.returns === 'none' ? 'asked' : 'returned';
      const back = loans.filter((loan) => outcomeOf(loan) === 'returned');
      const asked = loans.filter((loan) => outcomeOf(loan) === 'asked');
      await trx.raw(
        `UPDATE crm_leave_loans b SET settled_at = ?, outcome = o.outcome FROM jsonb_to_recordset(?::jsonb) AS o(lead int, outcome text)
         WHERE b.leave_id = ? AND b.lead_id = o.lead`,
        [now, JSON.stringify(loans.map((loan) => ({ lead: loan.lead_id, outcome: outcomeOf(loan) }))), leave.id],
      );
      await kit.notify(
        trx,
        asked.flatMap((loan) =>
          [loan.from_id, loan.to_id].map((memberId) => ({
            memberId,
            type: 'routing.leave-question',
            subject: 'lead',
            subjectId: loan.lead_id,
            title: { zh: '休假结束：这条线索由谁继续跟进？', en: 'Leave is over: who goes on with this lead?' },
            link: `/leads/${loan.lead_id}`,
          })),
        ),
        now,
      );
      if (back.length === 0) continue;
      const actor = { ...kit.actors.system('Routing'), kind: 'timer' as const };
      const changes = back.map(({ lead_id: id, to_id: holder, from_id: owner }): LeadChange => ({
        op: 'hold',
        id,
        to: { ownerId: owner, poolId: null },
        event: 'lead.transferred',
        expect: { ownerId: holder },
        data: { leave: leave.id, reason: 'back-from-leave' },
      }));
      await leads.apply({ trx, changes, actor, cause: { type: 'timer', id: 'routing.leave-end' }, now });
    }
  };
