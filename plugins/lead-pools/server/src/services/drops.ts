import { AppError, conflict, forbidden, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, DueTimer, Kit } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { draw, nextRound, type Drawn } from '../domain/drop';
import { poolCalendar } from './calendar';
import type { Claims } from './claim';
import { bestLeads, dropOf, moveOn, sha256 } from './drop-moves';
import { drawInputs, getDrop, peopleOfDrop, renderDrop, type DropRow } from './drop-rows';
import { managersOf } from './managers';
import type { LivePool, PoolDirectory } from './pools';

const openKey = (poolId: number): string => `drop-open:${poolId}`;
const closeKey = (dropId: number): string => `drop-close:${dropId}`;

export interface DropDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly pools: PoolDirectory;
  readonly claims: Claims;
}

/** Drops: leads released in rounds, by the clock or by lot (§3.8 of the ideas). */
export interface Drops {
  list(actor: Actor, pool: LivePool, now: Date): Promise<Record<string, unknown>>;
  open(actor: Actor, pool: LivePool, closesAt: Date | null, now: Date): Promise<Record<string, unknown>>;
  get(actor: Actor, id: number): Promise<Record<string, unknown>>;
  register(actor: Actor, id: number, leadIds: readonly number[], now: Date): Promise<Record<string, unknown>>;
  withdraw(actor: Actor, id: number, now: Date): Promise<Record<string, unknown>>;
  /** Closes a round before its time: drawn now, or called off. */
  close(actor: Actor, id: number, how: 'draw' | 'cancel', now: Date): Promise<Record<string, unknown>>;
  verify(actor: Actor, id: number): Promise<Record<string, unknown>>;
  /** Arms the next round of a pool that was published, or disarms it. */
  schedule(trx: Knex.Transaction, pool: LivePool, now: Date): Promise<void>;
  onOpen(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  onClose(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
}

export function createDrops({ kit, leads, pools, claims }: DropDeps): Drops {
  const timerActor = (): Actor => ({ ...kit.actors.system('Drop'), kind: 'timer' });
  const assertDrop = (pool: LivePool): void => {
    if (pool.body.kind !== 'drop')
      throw new AppError('NOT_A_DROP', 409, 'This pool does not release leads in rounds.', { kind: pool.body.kind });
  };
  const manages = async (actor: Actor, pool: LivePool): Promise<boolean> =>
    kit.access.can(actor, 'pools', 'update') || (await pools.rightsOf(pool, actor)).has('manage');
  const assertManages = async (actor: Actor, pool: LivePool): Promise<void> => {
    if (!(await manages(actor, pool))) throw forbidden('You do not manage this pool.');
  };
  const poolOf = async (row: DropRow): Promise<LivePool> => {
    const pool = await pools.byId(row.pool_id);
    if (!pool) throw notFound('Pool');
    return pool;
  };
  /** A round in sight: of a pool in which the person has any right. */
  const getSeen = async (actor: Actor, id: number): Promise<{ row: DropRow; pool: LivePool }> => {
    const row = await getDrop(kit.db, id);
    const pool = await poolOf(row);
    if ((await pools.rightsOf(pool, actor)).size === 0 && !(await manages(actor, pool))) throw notFound('Drop');
    return { row, pool };
  };

  const tell = async (
    trx: Knex.Transaction,
    people: readonly number[],
    title: { zh: string; en: string },
    type: string,
    dropId: number,
    now: Date,
  ): Promise<void> =>
    kit.notify(
      trx,
      people.map((memberId) => ({ memberId, type, subject: 'drop', subjectId: dropId, title, link: `/pools/drops/${dropId}` })),
      now,
    );

  const insert = async (trx: Knex.Transaction, pool: LivePool, by: number | null, closesAt: Date, now: Date): Promise<DropRow> => {
    const seed = randomBytes(32).toString('hex');
    const ids = await bestLeads(kit, trx, pool, now);
    const row = await one<DropRow>(
      trx,
      `INSERT INTO crm_pool_drops (pool_id, version_id, mode, state, opens_at, closes_at, lead_ids, seed, seed_hash, by_id)
       VALUES (?, ?, ?, 'open', ?, ?, ?::jsonb, ?, ?, ?) RETURNING *`,
      [pool.policyId, pool.versionId, dropOf(pool).mode, now, closesAt, JSON.stringify(ids), seed, sha256(seed), by],
    );
    if (!row) throw notFound('Drop');
    return row;
  };

  const begin = async (trx: Knex.Transaction, pool: LivePool, actor: Actor, closesAt: Date | null, now: Date): Promise<DropRow> => {
    if (await one(trx, `SELECT 1 FROM crm_pool_drops WHERE pool_id = ? AND state = 'open'`, [pool.policyId]))
      throw conflict('DROP_OPEN', 'A round of this pool is open already.');
    const { mode, windowSeconds } = dropOf(pool);
    const row = await insert(trx, pool, actor.memberId, closesAt ?? new Date(now.getTime() + windowSeconds * 1000), now);
    const data = { drop: row.id, mode, leads: row.lead_ids.length, seedHash: row.seed_hash };
    await kit.events.append(
      trx,
      [{ subject: 'policy', subjectId: pool.policyId, type: 'pool.drop_opened', data }],
      actor,
      { type: 'drop', id: String(row.id) },
      now,
    );
    const people = await peopleOfDrop(kit, trx, pools, pool);
    if (mode === 'timed') {
      const moved = await moveOn({ leads, pools }, trx, { ids: row.lead_ids, from: pool, dropId: row.id }, actor, now);
      await trx.raw(`UPDATE crm_pool_drops SET state = 'released', closes_at = ?, result = ?::jsonb WHERE id = ?`, [
        now,
        JSON.stringify({ moved }),
        row.id,
      ]);
      await tell(
        trx,
        people,
        { zh: `${pool.name} 放出 ${moved.length} 条线索`, en: `${pool.name} released ${moved.length} leads` },
        'pool.drop-released',
        row.id,
        now,
      );
      return row;
    }
    await kit.timers.arm(
      trx,
      [{ kind: 'pools.drop-close', key: closeKey(row.id), subject: 'drop', subjectId: row.id, dueAt: row.closes_at }],
      now,
    );
    await tell(
      trx,
      people,
      { zh: `${pool.name}：${row.lead_ids.length} 条线索开放登记`, en: `${pool.name}: register for ${row.lead_ids.length} leads` },
      'pool.drop-open',
      row.id,
      now,
    );
    return row;
  };

  /** The draw, under the locks of everybody in it: the result is what the limits allow at this moment, and each lead goes through the door. */
  const drawRound = async (trx: Knex.Transaction, row: DropRow, actor: Actor, now: Date): Promise<void> => {
    const pool = await poolOf(row);
    const inputs = await drawInputs({ kit, claims, pools }, trx, row, pool, dropOf(pool), now);
    const drawn = draw(inputs, row.seed, sha256);
    const given: Drawn[] = [];
    for (const member of [...new Set(drawn.map((one) => one.member))].sort((a, b) => a - b)) {
      const winner = await kit.actors.member(member);
      const mine = drawn.filter((one) => one.member === member).map((one) => one.lead);
      const results = await claims.claimIn(trx, winner, mine, pool, now, { data: { via: 'drop', drop: row.id } });
      given.push(...results.flatMap((result) => (result.ok ? [{ lead: result.id, member }] : [])));
    }
    const rest = row.lead_ids.filter((id) => !drawn.some((one) => one.lead === id));
    const moved = await moveOn({ leads, pools }, trx, { ids: rest, from: pool, dropId: row.id }, actor, now);
    await trx.raw(
      `UPDATE crm_pool_drops SET state = 'drawn', closes_at = least(closes_at, ?::timestamptz), inputs = ?::jsonb, result = ?::jsonb WHERE id = ?`,
      [now, JSON.stringify(inputs), JSON.stringify({ drawn, given, moved }), row.id],
    );
    const data = { drop: row.id, seed: row.seed, seedHash: row.seed_hash, drawn: drawn.length, entrants: inputs.entries.length };
    await kit.events.append(
      trx,
      [{ subject: 'policy', subjectId: pool.policyId, type: 'pool.drop_drawn', data }],
      actor,
      { type: 'drop', id: String(row.id) },
      now,
    );
    for (const { member } of inputs.entries) {
      const count = given.filter((one) => one.member === member).length;
      await tell(
        trx,
        [member],
        { zh: `${pool.name} 抽签结果：你获得 ${count} 条`, en: `Draw of ${pool.name}: ${count} leads for you` },
        'pool.drop-drawn',
        row.id,
        now,
      );
    }
  };

  const schedule = async (trx: Knex.Transaction, pool: LivePool, now: Date): Promise<void> => {
    const at = pool.body.kind === 'drop' ? nextRound(dropOf(pool), (await poolCalendar(kit, pool)).tz, now) : null;
    if (at === null) return kit.timers.cancel(trx, [openKey(pool.policyId)], now);
    await kit.timers.arm(
      trx,
      [{ kind: 'pools.drop-open', key: openKey(pool.policyId), subject: 'policy', subjectId: pool.policyId, dueAt: at }],
      now,
    );
  };

  const changeEntry = async (actor: Actor, id: number, leadIds: readonly number[] | null, now: Date): Promise<Record<string, unknown>> => {
    const { pool } = await getSeen(actor, id);
    kit.access.assert(actor, 'leads', 'claim');
    if (actor.memberId === null || !(await pools.rightsOf(pool, actor)).has('claim'))
      throw new AppError('NOT_A_MEMBER', 403, 'You may not claim from this pool.');
    await inTransaction(kit.db, async (trx) => {
      const row = await getDrop(trx, id, true);
      if (row.state !== 'open' || row.closes_at.getTime() <= now.getTime())
        throw conflict('DROP_CLOSED', 'This round is closed.', { closedAt: row.closes_at });
      if (leadIds === null) {
        await trx.raw('DELETE FROM crm_pool_drop_entries WHERE drop_id = ? AND member_id = ?', [id, actor.memberId]);
        return;
      }
      const wished = leadIds.filter((lead) => row.lead_ids.includes(lead));
      if (leadIds.length > 0 && wished.length === 0) throw conflict('NOT_IN_DROP', 'None of these leads is in this round.');
      await trx.raw(
        `INSERT INTO crm_pool_drop_entries (drop_id, member_id, leads, at) VALUES (?, ?, ?::jsonb, ?)
         ON CONFLICT (drop_id, member_id) DO UPDATE SET leads = excluded.leads`,
        [id, actor.memberId, JSON.stringify(wished), now],
      );
    });
    return renderDrop(kit, await getDrop(kit.db, id), actor);
  };

  return {
    schedule,
    list: async (actor, pool, now) => {
      assertDrop(pool);
      if ((await pools.rightsOf(pool, actor)).size === 0 && !(await manages(actor, pool))) throw notFound('Pool');
      const rows = await many<DropRow>(kit.db, 'SELECT * FROM crm_pool_drops WHERE pool_id = ? ORDER BY id DESC LIMIT 50', [pool.policyId]);
      return {
        next: nextRound(dropOf(pool), (await poolCalendar(kit, pool)).tz, now),
        drops: await Promise.all(rows.map((row) => renderDrop(kit, row, actor))),
      };
    },
    open: async (actor, pool, closesAt, now) => {
      assertDrop(pool);
      await assertManages(actor, pool);
      if (closesAt && closesAt.getTime() <= now.getTime())
        throw conflict('DROP_CLOSED', 'The round must end later than now.', { field: 'closesAt' });
      const { id } = await inTransaction(kit.db, (trx) => begin(trx, pool, actor, closesAt, now));
      return renderDrop(kit, await getDrop(kit.db, id), actor);
    },
    get: async (actor, id) => {
      const { row } = await getSeen(actor, id);
      return { ...(await renderDrop(kit, row, actor)), inputs: row.state === 'drawn' ? row.inputs : null };
    },
    register: (actor, id, leadIds, now) => changeEntry(actor, id, leadIds, now),
    withdraw: (actor, id, now) => changeEntry(actor, id, null, now),
    close: async (actor, id, how, now) => {
      const { pool } = await getSeen(actor, id);
      await assertManages(actor, pool);
      await inTransaction(kit.db, async (trx) => {
        const row = await getDrop(trx, id, true);
        if (row.state !== 'open') throw conflict('DROP_CLOSED', 'This round is closed.', { state: row.state });
        await kit.timers.cancel(trx, [closeKey(id)], now);
        if (how === 'draw') await drawRound(trx, row, actor, now);
        else await trx.raw(`UPDATE crm_pool_drops SET state = 'cancelled', closes_at = ? WHERE id = ?`, [now, id]);
      });
      return renderDrop(kit, await getDrop(kit.db, id), actor);
    },
    verify: async (actor, id) => {
      const { row } = await getSeen(actor, id);
      if (row.state !== 'drawn' || !row.inputs)
        throw conflict('DROP_OPEN', 'There is nothing to check before the draw.', { state: row.state });
      const result = draw(row.inputs, row.seed, sha256);
      const seedMatchesHash = sha256(row.seed) === row.seed_hash;
      const sameResult = JSON.stringify(result) === JSON.stringify(row.result?.drawn ?? []);
      return { ok: seedMatchesHash && sameResult, seedMatchesHash, sameResult, seed: row.seed, seedHash: row.seed_hash, result };
    },
    onOpen: async (trx, due, now) => {
      for (const timer of due) {
        const pool = await pools.byId(timer.subjectId);
        if (!pool || pool.body.kind !== 'drop') continue;
        const open = await one(trx, `SELECT 1 FROM crm_pool_drops WHERE pool_id = ? AND state = 'open'`, [pool.policyId]);
        if (!open) await begin(trx, pool, timerActor(), null, now);
        else
          await tell(
            trx,
            await managersOf(trx, pool),
            { zh: `${pool.name} 上一轮尚未结束`, en: `The last round of ${pool.name} is still open` },
            'pool.drop-late',
            pool.policyId,
            now,
          );
        await schedule(trx, pool, now);
      }
    },
    onClose: async (trx, due, now) => {
      for (const timer of due) {
        const row = await getDrop(trx, timer.subjectId, true);
        if (row.state === 'open') await drawRound(trx, row, timerActor(), now);
      }
    },
  };
}
