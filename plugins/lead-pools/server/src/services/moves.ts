import { badRequest, conflict, forbidden, inTransaction, notFound } from '@leadsea/crm-core';
import type { Actor, Kit, Sql } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { after } from '../domain/time';
import { conflictOf, decodeMove, UNDO_DAYS, type MoveKey, type UndoConflict } from '../domain/undo';
import { poolCalendar } from './calendar';
import { findImports, findMoves, storiesOf, toMoved, type Move, type StoryRow } from './move-facts';
import type { PoolDirectory } from './pools';
import { reopenTasks } from './reopen-tasks';

export interface UndoReport {
  readonly restored: number;
  readonly conflicts: readonly {
    readonly lead: number;
    readonly name: string | null;
    readonly code: UndoConflict;
    readonly by: string | null;
    readonly at: Date | null;
  }[];
  readonly conflictCount: number;
}
const SHOWN_CONFLICTS = 1000;
const CHUNK = 5000;
/** Older moves are not known by their key any more. */
const REMEMBERED_DAYS = 60;
/** After the undo of a recycle run nobody loses the lead again before this. */
const RESPITE = 'P3BD';

export interface Moves {
  list(actor: Actor, filter: { readonly pool?: number | null; readonly member?: number | null }, now: Date): Promise<readonly Move[]>;
  /** What an undo would do, without doing it. */
  preview(actor: Actor, key: string, now: Date): Promise<Record<string, unknown>>;
  undo(actor: Actor, key: string, options: { readonly includeWorked: boolean }, now: Date): Promise<UndoReport>;
}

const dateOf = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);

/** A bulk move is what its events say; for seven days it can be taken back, lead by lead, with a report of those that cannot. */
export function createMoves(kit: Kit, leads: Leads, pools: PoolDirectory): Moves {
  const keyOf = (text: string): MoveKey => {
    const key = decodeMove(text);
    if (!key) throw badRequest('MOVE_UNKNOWN', 'This is no bulk move.', { field: 'key' });
    return key;
  };
  const seesAll = (actor: Actor): boolean => kit.access.can(actor, 'pools', 'update');

  const getMove = async (actor: Actor, text: string, now: Date): Promise<{ move: Move; key: MoveKey }> => {
    const key = keyOf(text);
    const [move] = await findMoves(kit, { key, days: REMEMBERED_DAYS }, now);
    if (!move || (!seesAll(actor) && move.by !== actor.memberId)) throw notFound('Bulk move');
    if (move.undoableUntil.getTime() < now.getTime())
      throw conflict('UNDO_EXPIRED', `A bulk move can be undone for ${UNDO_DAYS} days.`, { days: UNDO_DAYS, until: move.undoableUntil });
    return { move, key };
  };
  /** What one did oneself can be taken back though the leads are out of sight by now; what others did, within one's own reach. */
  const reachOf = (actor: Actor, move: Move): Sql =>
    actor.memberId !== null && move.by === actor.memberId
      ? { sql: 'TRUE', bindings: [] }
      : kit.access.scope(actor, 'leads', 'recycle', 'l');

  const judge = async (
    rows: readonly StoryRow[],
    includeWorked: boolean,
  ): Promise<{ ready: StoryRow[]; refused: UndoReport['conflicts'] }> => {
    const closed = await closedStages(kit);
    const live = new Set((await pools.all()).map((pool) => pool.policyId));
    const ready: StoryRow[] = [];
    const refused: UndoReport['conflicts'][number][] = [];
    for (const row of rows) {
      const code = conflictOf(toMoved(row, closed, live), { includeWorked });
      if (code === null) ready.push(row);
      else {
        const worked = code === 'WORKED_SINCE';
        refused.push({
          lead: row.id,
          name: code === 'OUT_OF_REACH' ? null : row.name,
          code,
          by: worked ? row.worked_by : row.moved_by,
          at: worked ? row.worked_at : row.moved_at,
        });
      }
    }
    return { ready, refused };
  };

  /** Until when a lead that was recycled and comes back is left alone, by the calendar of the pool it had gone to. */
  const respites = async (now: Date): Promise<ReadonlyMap<number, Date>> => {
    const ends = new Map<number, Date>();
    for (const pool of await pools.all()) {
      const end = after(await poolCalendar(kit, pool), now, RESPITE, 'business');
      if (end) ends.set(pool.policyId, end);
    }
    return ends;
  };

  const restore = async (
    trx: Knex.Transaction,
    rows: readonly StoryRow[],
    actor: Actor,
    key: string,
    now: Date,
  ): Promise<readonly number[]> => {
    const cause = { type: 'undo', id: key };
    const moved = (row: StoryRow, side: 'before' | 'after'): { ownerId: number | null; poolId: number | null } => ({
      ownerId: (row[side]['owner'] as number | null | undefined) ?? null,
      poolId: (row[side]['pool'] as number | null | undefined) ?? null,
    });
    const { outcomes } = await leads.apply({
      trx,
      actor,
      cause,
      now,
      changes: rows.map((row): LeadChange => ({
        op: 'hold',
        id: row.id,
        to: { ...moved(row, 'before'), keptForId: (row.before['keptFor'] as number | null | undefined) ?? null },
        event: 'lead.move_undone',
        expect: moved(row, 'after'),
        data: { undone: row.event },
      })),
    });
    const done = new Set(outcomes.flatMap((outcome) => (outcome.ok ? [outcome.id] : [])));
    const ends = await respites(now);
    const patches = rows.flatMap((row): LeadChange[] => {
      if (!done.has(row.id)) return [];
      const { before } = row;
      const owned = typeof before['owner'] === 'number';
      const kept = dateOf(before['protectedUntil']);
      const respite = row.event === 'lead.recycled' && owned ? (ends.get(Number(row.after['pool'])) ?? null) : null;
      const protectedUntil = respite && (!kept || kept < respite) ? respite : kept;
      const columns = owned
        ? { held_since: dateOf(before['heldSince']) ?? now, protected_until: protectedUntil }
        : { pool_entered_at: dateOf(before['poolEnteredAt']) ?? now };
      return [{ op: 'patch', id: row.id, columns }];
    });
    if (patches.length > 0) await leads.apply({ trx, actor, cause, now, changes: patches });
    const recycled = rows.filter((row) => done.has(row.id) && row.event === 'lead.recycled').map((row) => row.id);
    await trx.raw('UPDATE crm_leads SET recycle_count = greatest(coalesce(recycle_count, 0) - 1, 0) WHERE id = ANY(?::int[])', [recycled]);
    await reopenTasks(
      trx,
      rows.flatMap((row) => {
        const owner = row.before['owner'];
        return done.has(row.id) && typeof owner === 'number' ? [{ lead: row.id, owner, at: row.at, to: owner }] : [];
      }),
    );
    return [...done];
  };

  return {
    list: async (actor, filter, now) => {
      if (actor.memberId === null && !seesAll(actor)) throw forbidden();
      const by = seesAll(actor) ? (filter.member ?? null) : actor.memberId;
      const asked = { pool: filter.pool ?? null, by };
      const [moves, imports] = await Promise.all([
        findMoves(kit, asked, now),
        kit.access.can(actor, 'imports', 'read') ? findImports(kit, asked, now) : [],
      ]);
      return [...moves, ...imports].sort((a, b) => b.at.getTime() - a.at.getTime());
    },
    preview: async (actor, text, now) => {
      const { move, key } = await getMove(actor, text, now);
      const { ready, refused } = await judge(await storiesOf(kit.db, key, reachOf(actor, move), { now, lock: false }), false);
      return { move, ready: ready.length, conflicts: refused.slice(0, SHOWN_CONFLICTS), conflictCount: refused.length };
    },
    undo: async (actor, text, { includeWorked }, now) => {
      const { move, key } = await getMove(actor, text, now);
      return inTransaction(kit.db, async (trx) => {
        await trx.raw('SELECT pg_advisory_xact_lock(hashtext(?))', [`undo:${text}`]);
        const { rows: known } = await trx.raw<{ rows: unknown[] }>('SELECT 1 FROM crm_pool_undos WHERE key = ?', [text]);
        if (known.length > 0) throw conflict('ALREADY_UNDONE', 'This move was undone already.');
        const stories = await storiesOf(trx, key, reachOf(actor, move), { now, lock: true });
        const { ready, refused } = await judge(stories, includeWorked);
        const done = new Set<number>();
        for (let from = 0; from < ready.length; from += CHUNK)
          for (const id of await restore(trx, ready.slice(from, from + CHUNK), actor, text, now)) done.add(id);
        const late = ready
          .filter((row) => !done.has(row.id))
          .map((row) => ({ lead: row.id, name: row.name, code: 'MOVED_SINCE' as const, by: null, at: null }));
        const conflicts = [...refused, ...late];
        const report = { restored: done.size, conflicts: conflicts.slice(0, SHOWN_CONFLICTS), conflictCount: conflicts.length };
        if (done.size > 0) {
          if (key.cause === 'handover') await noteUndone(trx, Number(key.id), [...done]);
          await trx.raw('INSERT INTO crm_pool_undos (key, at, by_id, report) VALUES (?, ?, ?, ?::jsonb)', [
            text,
            now,
            actor.memberId,
            JSON.stringify(report),
          ]);
        }
        return report;
      });
    },
  };
}

/** A hand-over whose move is undone has ended: nothing of it comes back a second time. */
async function noteUndone(trx: Knex.Transaction, handoverId: number, ids: readonly number[]): Promise<void> {
  await trx.raw(`UPDATE crm_handover_items SET state = 'returned', reason = 'UNDONE' WHERE handover_id = ? AND lead_id = ANY(?::int[])`, [
    handoverId,
    [...ids],
  ]);
  await trx.raw(
    `UPDATE crm_handovers h SET state = 'returned' WHERE id = ? AND NOT EXISTS (SELECT 1 FROM crm_handover_items i WHERE i.handover_id = h.id AND i.state = 'moved')`,
    [handoverId],
  );
}
