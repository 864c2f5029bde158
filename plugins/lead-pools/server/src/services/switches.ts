import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LivePool } from './pools';

export interface Switch {
  /** Null = recycling runs. */
  readonly paused: { readonly at: Date; readonly by: number | null; readonly name: string | null; readonly reason: string | null } | null;
  /** When it was switched on again; leads held then get the grace of their pool anew. */
  readonly resumedAt: Date | null;
}

interface Row {
  pool_id: number;
  paused_at: Date | null;
  paused_by: number | null;
  name: string | null;
  reason: string | null;
  resumed_at: Date | null;
}

/** The kill switch: while it is off nothing of the pool is taken back automatically, from one moment to the next. */
export interface Switches {
  /** As last heard (NOTIFY), for planning. */
  known(): Promise<ReadonlyMap<number, Switch>>;
  /** As it is in this transaction, for moving. */
  pausedIn(trx: Knex.Transaction): Promise<ReadonlySet<number>>;
  of(pool: LivePool): Promise<Switch & { readonly waiting: number }>;
  pause(actor: Actor, pool: LivePool, reason: string | null, now: Date): Promise<void>;
  resume(actor: Actor, pool: LivePool, now: Date): Promise<void>;
}

const RUNNING: Switch = { paused: null, resumedAt: null };

export function createSwitches(kit: Kit): Switches {
  let cache: Promise<ReadonlyMap<number, Switch>> | null = null;
  kit.live.on('crm_policies', () => {
    cache = null;
  });
  const read = async (): Promise<ReadonlyMap<number, Switch>> => {
    const rows = await many<Row>(
      kit.db,
      'SELECT s.*, m.name FROM crm_pool_switches s LEFT JOIN crm_members m ON m.id = s.paused_by WHERE s.paused_at IS NOT NULL OR s.resumed_at IS NOT NULL',
    );
    return new Map(
      rows.map((row): [number, Switch] => [
        row.pool_id,
        {
          paused: row.paused_at === null ? null : { at: row.paused_at, by: row.paused_by, name: row.name, reason: row.reason },
          resumedAt: row.resumed_at,
        },
      ]),
    );
  };
  const known = (): Promise<ReadonlyMap<number, Switch>> => {
    cache ??= read().catch((error: unknown) => {
      cache = null;
      throw error;
    });
    return cache;
  };

  const flip = async (actor: Actor, pool: LivePool, paused: { readonly reason: string | null } | null, now: Date): Promise<void> => {
    await kit.db.transaction(async (trx) => {
      await trx.raw(
        paused
          ? `INSERT INTO crm_pool_switches (pool_id, paused_at, paused_by, reason) VALUES (?, ?, ?, ?)
             ON CONFLICT (pool_id) DO UPDATE SET paused_at = coalesce(crm_pool_switches.paused_at, excluded.paused_at), paused_by = excluded.paused_by, reason = excluded.reason`
          : 'UPDATE crm_pool_switches SET paused_at = NULL, reason = NULL, resumed_at = CASE WHEN paused_at IS NULL THEN resumed_at ELSE ?::timestamptz END WHERE pool_id = ?',
        paused ? [pool.policyId, now, actor.memberId, paused.reason] : [now, pool.policyId],
      );
      const type = paused ? 'pool.recycling_paused' : 'pool.recycling_resumed';
      const data = { pool: pool.key, reason: paused?.reason ?? null };
      await kit.events.append(trx, [{ subject: 'policy', subjectId: pool.policyId, type, data }], actor, { type: 'switch' }, now);
      await kit.jobs.enqueue(trx, [
        { kind: 'pools.replan', payload: { pool: pool.policyId }, key: `switch:${pool.policyId}:${now.getTime()}` },
      ]);
      await trx.raw(`SELECT pg_notify('crm_policies', 'pool')`);
    });
    cache = null;
  };

  return {
    known,
    pausedIn: async (trx) => {
      const rows = await many<{ pool_id: number }>(trx, 'SELECT pool_id FROM crm_pool_switches WHERE paused_at IS NOT NULL');
      return new Set(rows.map((row) => row.pool_id));
    },
    of: async (pool) => {
      const [row] = await many<{ n: number }>(
        kit.db,
        'SELECT count(*)::int AS n FROM crm_leads WHERE home_pool_id = ? AND owner_id IS NOT NULL AND merged_into IS NULL',
        [pool.policyId],
      );
      return { ...((await read()).get(pool.policyId) ?? RUNNING), waiting: row?.n ?? 0 };
    },
    pause: (actor, pool, reason, now) => flip(actor, pool, { reason }, now),
    resume: (actor, pool, now) => flip(actor, pool, null, now),
  };
}
