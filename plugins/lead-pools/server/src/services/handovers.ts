import { AppError, badRequest, calendarTime, conflict, forbidden, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, DueTimer, Kit } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { handoverSchema, type HandoverInput } from '../../../contracts';
import { createHandoverMoves } from './handover-moves';
import { getAway, planHandover, type AwayPerson } from './handover-plan';
import { getHandover, renderHandover, targetsOf, type HandoverRow, type ItemRow } from './handover-rows';
import type { PoolDirectory } from './pools';

const startKey = (id: number): string => `handover-start:${id}`;

export interface HandoverDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly pools: PoolDirectory;
  /** Running clocks of a person, as far as the one who asks may see them; null when nothing keeps clocks. */
  countClocks(actor: Actor, memberId: number): Promise<number | null>;
}

export interface Handovers {
  preview(actor: Actor, input: HandoverInput, now: Date): Promise<Record<string, unknown>>;
  create(actor: Actor, input: HandoverInput, now: Date): Promise<Record<string, unknown>>;
  list(actor: Actor): Promise<readonly Record<string, unknown>[]>;
  get(actor: Actor, id: number): Promise<Record<string, unknown>>;
  /** Gives back by hand what was kept, all of it or these leads. */
  giveBack(actor: Actor, id: number, leadIds: readonly number[] | null, now: Date): Promise<Record<string, unknown>>;
  /** Leaves with the delegates for good what is to be decided, all of it or these leads. */
  keep(actor: Actor, id: number, leadIds: readonly number[] | null, now: Date): Promise<Record<string, unknown>>;
  cancel(actor: Actor, id: number, now: Date): Promise<Record<string, unknown>>;
  onStart(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  onReturn(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
}

/** Leave and leavers: what somebody has goes to others by rules, in one move that can be undone, and comes back when he does. */
export function createHandovers({ kit, leads, pools, countClocks }: HandoverDeps): Handovers {
  const moves = createHandoverMoves(kit, leads, pools);
  const isSelf = (actor: Actor, memberId: number): boolean => actor.memberId === memberId;
  const mayManage = (actor: Actor): boolean => kit.access.can(actor, 'pools', 'update');
  const assertMay = async (actor: Actor, person: Pick<AwayPerson, 'id' | 'team_id'>): Promise<void> => {
    if (isSelf(actor, person.id)) return kit.access.assert(actor, 'leads', 'transfer');
    const below = person.team_id !== null && actor.teamIds.includes(person.team_id) && kit.access.can(actor, 'leads', 'recycle');
    if (!below && !mayManage(actor)) throw forbidden('You may hand over your own leads and those of your people.', { field: 'member' });
  };

  /** The first working instant of a person at or after `to`. */
  const returnAt = async (person: AwayPerson, to: Date): Promise<Date> => {
    const calendar = (await kit.calendar(person.calendar_key)) ?? (await kit.calendar(null));
    return (calendar && calendarTime.nextOpen(calendar, to)) ?? to;
  };
  const spanOf = async (person: AwayPerson, input: HandoverInput, now: Date): Promise<{ from: Date; returnsAt: Date | null }> => {
    const from = input.from
      ? new Date(input.from)
      : person.leave_from && person.leave_from.getTime() > now.getTime()
        ? person.leave_from
        : now;
    if (input.kind === 'leaver') return { from, returnsAt: null };
    const to = input.to ? new Date(input.to) : person.leave_to;
    if (!to || to.getTime() <= from.getTime())
      throw badRequest('LEAVE_UNKNOWN', 'Say until when the person is away; it must be after the beginning.', { field: 'to' });
    return { from, returnsAt: await returnAt(person, to) };
  };

  /** `delegates`: those who got leads by it see it too, and may give them back. */
  const getSeen = async (actor: Actor, id: number, { delegates = false }: { readonly delegates?: boolean } = {}): Promise<HandoverRow> => {
    const row = await getHandover(kit.db, id);
    const received =
      delegates &&
      (await one(kit.db, 'SELECT 1 FROM crm_handover_items WHERE handover_id = ? AND to_member = ? LIMIT 1', [id, actor.memberId]));
    if (row.by_id !== actor.memberId && !received)
      await assertMay(actor, await getAway(kit.db, row.member_id)).catch(() => {
        throw notFound('Hand-over');
      });
    return row;
  };

  return {
    preview: async (actor, input, now) => {
      const person = await getAway(kit.db, input.member);
      await assertMay(actor, person);
      const { from, returnsAt } = await spanOf(person, input, now);
      const plan = await planHandover(kit, pools, actor, { member: input.member, split: input.split, at: from });
      const ids = plan.rows.map((row) => row.id);
      const tasks = await one<{ n: number; due: number }>(
        kit.db,
        `SELECT count(*)::int AS n, count(*) FILTER (WHERE due_at < ?)::int AS due FROM crm_tasks WHERE state = 'open' AND owner_id = ? AND lead_id = ANY(?::int[])`,
        [returnsAt ?? now, input.member, ids],
      );
      const stages = new Map<string, number>();
      for (const row of plan.rows) stages.set(row.stage, (stages.get(row.stage) ?? 0) + 1);
      const count = (key: 'guarded' | 'meeting' | 'opportunity'): number => plan.rows.filter((row) => row[key]).length;
      return {
        leads: plan.rows.length,
        outOfReach: plan.outOfReach,
        tasks: tasks?.n ?? 0,
        tasksDue: tasks?.due ?? 0,
        clocks: await countClocks(actor, input.member),
        protections: count('guarded'),
        meetings: count('meeting'),
        opportunities: count('opportunity'),
        byStage: [...stages].map(([stage, number]) => ({ stage, leads: number })),
        targets: await targetsOf(kit, pools, plan, from),
        startsAt: from,
        returnsAt,
        warnings: plan.warnings,
      };
    },
    create: async (actor, given, now) => {
      const input = handoverSchema.parse(given);
      const person = await getAway(kit.db, input.member);
      await assertMay(actor, person);
      const { from, returnsAt } = await spanOf(person, input, now);
      const plan = await planHandover(kit, pools, actor, { member: input.member, split: input.split, at: from });
      if (plan.outOfReach > 0 && !input.partial)
        throw new AppError('OUT_OF_REACH', 409, 'Some leads of this person are out of your reach. Confirm to hand over the others.', {
          leads: plan.outOfReach,
        });
      const id = await inTransaction(kit.db, async (trx) => {
        const open = await one(trx, `SELECT 1 FROM crm_handovers WHERE member_id = ? AND state IN ('planned', 'active')`, [input.member]);
        if (open && input.kind === 'leave')
          throw conflict('HANDOVER_OPEN', 'There is a hand-over of this person that has not ended.', { member: input.member });
        const row = await one<HandoverRow>(
          trx,
          `INSERT INTO crm_handovers (member_id, kind, state, split, tasks, automatic, starts_at, returns_at, by_id, created_at)
           VALUES (?, ?, 'planned', ?::jsonb, ?, ?, ?, ?, ?, ?) RETURNING *`,
          [input.member, input.kind, JSON.stringify(input.split), input.tasks, input.automatic, from, returnsAt, actor.memberId, now],
        );
        if (!row) throw notFound('Hand-over');
        await kit.events.append(
          trx,
          [
            {
              subject: 'member',
              subjectId: input.member,
              type: 'member.handed_over',
              data: { handover: row.id, kind: input.kind, from, returnsAt },
            },
          ],
          actor,
          { type: 'handover', id: String(row.id) },
          now,
        );
        if (from.getTime() <= now.getTime()) await moves.start(trx, row, actor, now);
        else
          await kit.timers.arm(
            trx,
            [{ kind: 'pools.handover-start', key: startKey(row.id), subject: 'handover', subjectId: row.id, dueAt: from }],
            now,
          );
        return row.id;
      });
      return renderHandover(kit, await getHandover(kit.db, id));
    },
    list: async (actor) => {
      const all = mayManage(actor);
      const rows = await many<HandoverRow>(
        kit.db,
        `SELECT h.* FROM crm_handovers h JOIN crm_members m ON m.id = h.member_id
         WHERE ${
           all
             ? 'TRUE'
             : `(h.member_id = ? OR h.by_id = ? OR m.team_id = ANY(?::int[])
             OR h.id IN (SELECT i.handover_id FROM crm_handover_items i WHERE i.to_member = ?))`
         } ORDER BY h.id DESC LIMIT 100`,
        all ? [] : [actor.memberId, actor.memberId, kit.access.can(actor, 'leads', 'recycle') ? [...actor.teamIds] : [], actor.memberId],
      );
      return Promise.all(rows.map((row) => renderHandover(kit, row)));
    },
    get: async (actor, id) => {
      const row = await getSeen(actor, id, { delegates: true });
      const scope = kit.access.scope(actor, 'leads', 'read', 'l');
      const items = await many<ItemRow & { name: string | null; to_name: string | null }>(
        kit.db,
        `SELECT i.*, CASE WHEN ${scope.sql} THEN coalesce(l.name, l.company) END AS name, m.name AS to_name FROM crm_handover_items i
         LEFT JOIN crm_leads l ON l.id = i.lead_id LEFT JOIN crm_members m ON m.id = i.to_member WHERE i.handover_id = ? ORDER BY i.lead_id LIMIT 10000`,
        [...scope.bindings, id],
      );
      const mayKeep =
        row.kind === 'leave' &&
        (await getSeen(actor, id).then(
          () => true,
          () => false,
        ));
      return {
        ...(await renderHandover(kit, row)),
        /** Whether he decides that leads stay with those who keep them. */
        mayKeep,
        items: items.map((item) => ({
          lead: item.lead_id,
          name: item.name,
          to: item.to_member,
          toName: item.to_name,
          toPool: item.to_pool,
          state: item.state,
          reason: item.reason,
        })),
      };
    },
    giveBack: async (actor, id, leadIds, now) => {
      const seen = await getSeen(actor, id, { delegates: true });
      await inTransaction(kit.db, async (trx) => {
        const row = await getHandover(trx, id, true);
        if (row.state === 'planned' || row.state === 'cancelled')
          throw conflict('HANDOVER_NOT_BEGUN', 'This hand-over has not begun.', { state: row.state });
        await moves.bringBack(trx, row, { only: leadIds, mode: 'all', actor }, now);
      });
      return renderHandover(kit, await getHandover(kit.db, seen.id));
    },
    keep: async (actor, id, leadIds, now) => {
      await getSeen(actor, id);
      await inTransaction(kit.db, async (trx) => {
        const row = await getHandover(trx, id, true);
        if (row.kind !== 'leave' || row.state === 'planned' || row.state === 'cancelled')
          throw conflict('HANDOVER_NOT_BEGUN', 'Only leads that are kept during a leave can stay with whoever keeps them.', {
            state: row.state,
          });
        await moves.keep(trx, row, { only: leadIds, actor }, now);
      });
      return renderHandover(kit, await getHandover(kit.db, id));
    },
    cancel: async (actor, id, now) => {
      await getSeen(actor, id);
      await inTransaction(kit.db, async (trx) => {
        const row = await getHandover(trx, id, true);
        if (row.state !== 'planned')
          throw conflict('HANDOVER_BEGUN', 'It has begun. Give the leads back, or undo the move.', { state: row.state });
        await kit.timers.cancel(trx, [startKey(id)], now);
        await trx.raw(`UPDATE crm_handovers SET state = 'cancelled' WHERE id = ?`, [id]);
      });
      return renderHandover(kit, await getHandover(kit.db, id));
    },
    onStart: async (trx, due, now) => {
      for (const timer of due) {
        const row = await getHandover(trx, timer.subjectId, true);
        if (row.state === 'planned') await moves.start(trx, row, await moves.actorOf(row), now);
      }
    },
    onReturn: async (trx, due, now) => {
      for (const timer of due) {
        const row = await getHandover(trx, timer.subjectId, true);
        if (row.state !== 'active') continue;
        const person = await getAway(trx, row.member_id);
        if (person.active) await moves.bringBack(trx, row, { only: null, mode: row.automatic, actor: await moves.actorOf(row) }, now);
      }
    },
  };
}
