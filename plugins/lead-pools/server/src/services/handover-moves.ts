import { conflict, many, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { returnOf, type ReturnMode } from '../domain/handover';
import { getAway, planHandover, type HandoverPlan } from './handover-plan';
import type { HandoverRow, ItemRow } from './handover-rows';
import type { PoolDirectory } from './pools';
import { reopenTasks } from './reopen-tasks';

export const returnKey = (id: number): string => `handover-return:${id}`;
const CHUNK = 5000;

export interface HandoverMoves {
  /** On whose behalf a timer acts: the one who planned it, while he works here. */
  actorOf(row: HandoverRow): Promise<Actor>;
  /** Moves the leads by the rules as they are now, and arms the return. For a leave the delegate only keeps them: they stay the person's. */
  start(trx: Knex.Transaction, row: HandoverRow, actor: Actor, now: Date): Promise<void>;
  /** Gives leads back to their person. `only` null = all that are out. */
  bringBack(
    trx: Knex.Transaction,
    row: HandoverRow,
    how: { readonly only: readonly number[] | null; readonly mode: ReturnMode; readonly actor: Actor },
    now: Date,
  ): Promise<void>;
  /** Leaves leads with those who keep them, for good: they are theirs from now on. `only` null = all that are to be decided. */
  keep(
    trx: Knex.Transaction,
    row: HandoverRow,
    how: { readonly only: readonly number[] | null; readonly actor: Actor },
    now: Date,
  ): Promise<void>;
}

/** The moves of a hand-over, both ways, through the one door. */
export function createHandoverMoves(kit: Kit, leads: Leads, pools: PoolDirectory): HandoverMoves {
  const actorOf = async (row: HandoverRow): Promise<Actor> => {
    const planner = row.by_id === null ? null : await kit.actors.member(row.by_id).catch(() => null);
    return planner ?? { ...kit.actors.system('Hand-over'), kind: 'timer' };
  };

  const moveLeads = async (trx: Knex.Transaction, row: HandoverRow, plan: HandoverPlan, actor: Actor, now: Date): Promise<void> => {
    const names = await many<{ id: number; name: string }>(trx, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [
      [...new Set(plan.assignments.flatMap((one) => one.toMember ?? []))],
    ]);
    const nameOf = new Map(names.map((one) => [one.id, one.name]));
    const live = await pools.all();
    const keptFor = new Map(plan.rows.map((lead) => [lead.id, lead.kept_for_id]));
    const moving = plan.assignments.filter((one) => one.rule !== null);
    const moved: typeof moving = [];
    for (let from = 0; from < moving.length; from += CHUNK) {
      const part = moving.slice(from, from + CHUNK);
      const changes = part.map((one): LeadChange => ({
        op: 'hold',
        id: one.lead,
        to: {
          ownerId: one.toMember,
          poolId: one.toPool,
          keptForId: one.toMember === null ? null : (keptFor.get(one.lead) ?? (row.kind === 'leave' ? row.member_id : null)),
        },
        event: one.toMember === null ? 'lead.released' : 'lead.transferred',
        expect: { ownerId: row.member_id },
        data:
          one.toMember === null
            ? { reason: 'hand_over', pool: live.find((pool) => pool.policyId === one.toPool)?.key ?? null, handover: row.id }
            : { to: nameOf.get(one.toMember) ?? null, handover: row.id },
      }));
      const { outcomes } = await leads.apply({ trx, changes, actor, cause: { type: 'handover', id: String(row.id) }, now });
      moved.push(...part.filter((_one, index) => outcomes[index]?.ok));
    }
    await trx.raw(
      `INSERT INTO crm_handover_items (handover_id, lead_id, to_member, to_pool, state) SELECT ?, i.lead, i."toMember", i."toPool", 'moved'
       FROM jsonb_to_recordset(?::jsonb) AS i(lead int, "toMember" int, "toPool" int)`,
      [row.id, JSON.stringify(moved)],
    );
    if (row.tasks === 'hand-over')
      await reopenTasks(
        trx,
        moved.flatMap((one) => (one.toMember === null ? [] : [{ lead: one.lead, owner: row.member_id, at: now, to: one.toMember }])),
      );
  };

  const start = async (trx: Knex.Transaction, row: HandoverRow, actor: Actor, now: Date): Promise<void> => {
    const plan = await planHandover(kit, pools, actor, { member: row.member_id, split: row.split, at: now }, { db: trx, lock: true });
    await moveLeads(trx, row, plan, actor, now);
    const state = row.returns_at === null ? 'done' : 'active';
    await trx.raw('UPDATE crm_handovers SET state = ?, starts_at = ? WHERE id = ?', [state, now, row.id]);
    if (row.returns_at !== null) {
      const dueAt = row.returns_at.getTime() > now.getTime() ? row.returns_at : now;
      await kit.timers.arm(
        trx,
        [{ kind: 'pools.handover-return', key: returnKey(row.id), subject: 'handover', subjectId: row.id, dueAt }],
        now,
      );
    }
    const people = [...new Set(plan.assignments.flatMap((one) => one.toMember ?? []))];
    const away = await getAway(trx, row.member_id);
    await kit.notify(
      trx,
      people.map((memberId) => {
        const count = plan.assignments.filter((one) => one.toMember === memberId).length;
        const title = { zh: `${away.name} 交接给你 ${count} 条线索`, en: `${away.name} handed over ${count} leads to you` };
        return {
          memberId,
          type: 'pool.handed-over',
          subject: 'handover',
          subjectId: row.id,
          title,
          link: `/pools/hand-over?open=${row.id}`,
        };
      }),
      now,
    );
  };

  const bringBack = async (
    trx: Knex.Transaction,
    row: HandoverRow,
    { only, mode, actor }: { readonly only: readonly number[] | null; readonly mode: ReturnMode; readonly actor: Actor },
    now: Date,
  ): Promise<void> => {
    const person = await getAway(trx, row.member_id);
    if (!person.active) throw conflict('OWNER_INACTIVE', 'This person does not work here any more.', { member: row.member_id });
    const items = (
      await many<ItemRow>(trx, `SELECT * FROM crm_handover_items WHERE handover_id = ? AND state IN ('moved', 'kept') ORDER BY lead_id`, [
        row.id,
      ])
    ).filter((item) => (only === null ? item.reason !== 'AGREED' : only.includes(item.lead_id)));
    const ids = items.map((item) => item.lead_id);
    const closed = await closedStages(kit);
    const states = await many<{
      id: number;
      owner_id: number | null;
      kept_for_id: number | null;
      merged_into: number | null;
      stage: string;
    }>(trx, 'SELECT id, owner_id, kept_for_id, merged_into, stage FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE', [
      ids,
    ]);
    const worked = await many<{ lead_id: number }>(
      trx,
      `SELECT DISTINCT a.lead_id FROM crm_activities a JOIN crm_handover_items i ON i.lead_id = a.lead_id AND i.handover_id = ?
       WHERE a.lead_id = ANY(?::int[]) AND a.member_id = i.to_member AND a.occurred_at >= ? AND NOT coalesce(a.automatic, false)`,
      [row.id, ids, row.starts_at],
    );
    const byId = new Map(states.map((state) => [state.id, state]));
    const touched = new Set(worked.map((one) => one.lead_id));
    const verdicts = items.map((item) => {
      const lead = byId.get(item.lead_id);
      const gone = !lead || lead.merged_into !== null;
      return returnOf(
        {
          id: item.lead_id,
          toMember: item.to_member,
          ownerNow: lead?.owner_id ?? null,
          gone,
          closed: closed.includes(lead?.stage ?? ''),
          worked: touched.has(item.lead_id),
        },
        mode,
      );
    });
    // What he himself only kept for somebody is still that person's.
    const keptForOf = (id: number): number | null => {
      const kept = byId.get(id)?.kept_for_id ?? null;
      return kept === row.member_id ? null : kept;
    };
    const delegate = new Map(items.map((item) => [item.lead_id, item.to_member]));
    const coming = verdicts.filter((one) => one.state === 'returned').map((one) => one.id);
    for (let from = 0; from < coming.length; from += CHUNK) {
      const changes = coming.slice(from, from + CHUNK).map((id): LeadChange => ({
        op: 'hold',
        id,
        to: { ownerId: row.member_id, poolId: null, keptForId: keptForOf(id) },
        event: 'lead.transferred',
        expect: { ownerId: delegate.get(id) ?? null },
        data: { to: person.name, handover: row.id, returned: true },
      }));
      await leads.apply({ trx, changes, actor, cause: { type: 'handover-return', id: String(row.id) }, now });
    }
    if (row.tasks === 'hand-over')
      await reopenTasks(
        trx,
        coming.map((id) => ({ lead: id, owner: delegate.get(id) ?? 0, at: now, to: row.member_id })),
      );
    await trx.raw(
      `UPDATE crm_handover_items i SET state = v.state, reason = v.reason FROM jsonb_to_recordset(?::jsonb) AS v(id int, state text, reason text) WHERE i.handover_id = ? AND i.lead_id = v.id`,
      [JSON.stringify(verdicts), row.id],
    );
    const { still } = (await one<{ still: boolean }>(
      trx,
      `SELECT EXISTS (SELECT 1 FROM crm_handover_items WHERE handover_id = ? AND state = 'moved') AS still`,
      [row.id],
    )) ?? { still: false };
    if (!still) {
      await trx.raw(`UPDATE crm_handovers SET state = 'returned' WHERE id = ? AND state = 'active'`, [row.id]);
      await kit.timers.cancel(trx, [returnKey(row.id)], now);
    }
    const kept = verdicts.filter((one) => one.state === 'kept' && one.reason === 'WORKED').length;
    const title = {
      zh: `交接归还：${coming.length} 条已归还，${kept} 条待确认`,
      en: `Hand-over ended: ${coming.length} leads are back, ${kept} to decide`,
    };
    await kit.notify(
      trx,
      [
        {
          memberId: row.member_id,
          type: 'pool.handover-returned',
          subject: 'handover',
          subjectId: row.id,
          title,
          link: `/pools/hand-over?open=${row.id}`,
        },
      ],
      now,
    );
  };

  const keep = async (
    trx: Knex.Transaction,
    row: HandoverRow,
    { only, actor }: { readonly only: readonly number[] | null; readonly actor: Actor },
    now: Date,
  ): Promise<void> => {
    const items = await many<ItemRow & { name: string | null }>(
      trx,
      `SELECT i.*, m.name FROM crm_handover_items i JOIN crm_members m ON m.id = i.to_member JOIN crm_leads l ON l.id = i.lead_id AND l.owner_id = i.to_member
       WHERE i.handover_id = ? AND i.state IN ('moved', 'kept') AND i.reason IS DISTINCT FROM 'AGREED' AND (i.state = 'kept' OR ?::int[] IS NOT NULL)
         AND (?::int[] IS NULL OR i.lead_id = ANY(?::int[])) ORDER BY i.lead_id`,
      [row.id, only, only, only],
    );
    const changes = items.map((item): LeadChange => ({
      op: 'hold',
      id: item.lead_id,
      to: { ownerId: item.to_member, poolId: null },
      event: 'lead.transferred',
      expect: { ownerId: item.to_member },
      data: { to: item.name, handover: row.id, agreed: true },
    }));
    const { outcomes } = await leads.apply({ trx, changes, actor, cause: { type: 'handover-keep', id: String(row.id) }, now });
    const done = items.filter((_item, index) => outcomes[index]?.ok).map((item) => item.lead_id);
    await trx.raw(`UPDATE crm_handover_items SET state = 'kept', reason = 'AGREED' WHERE handover_id = ? AND lead_id = ANY(?::int[])`, [
      row.id,
      done,
    ]);
  };

  return { actorOf, start, bringBack, keep };
}
