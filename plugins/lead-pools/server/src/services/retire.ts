import { AppError, badRequest, many, one } from '@leadsea/crm-core';
import type { Kit, RunningJob } from '@leadsea/crm-core';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { PoolDirectory } from './pools';

const plan = z.object({ to: z.number().int().nullish() });
const BATCH = 1000;

interface Left {
  readonly available: number;
  readonly held: number;
}

const leftIn = async (db: Knex | Knex.Transaction, poolId: number): Promise<Left> =>
  (await one<Left>(
    db,
    `SELECT count(*) FILTER (WHERE pool_id = ? AND owner_id IS NULL)::int AS available, count(*) FILTER (WHERE home_pool_id = ? AND owner_id IS NOT NULL)::int AS held
     FROM crm_leads WHERE merged_into IS NULL AND (pool_id = ? OR (home_pool_id = ? AND owner_id IS NOT NULL))`,
    [poolId, poolId, poolId, poolId],
  )) ?? { available: 0, held: 0 };

export interface Retiring {
  /** Retiring leaves no lead behind: with leads in the pool a receiving pool has to be named. */
  onRetire(trx: Knex.Transaction, policy: { readonly id: number; readonly key: string; readonly plan: unknown }): Promise<void>;
  /** Moves what lay in a retired pool, and makes the other the home of what is held from it. Goes on where it stopped. */
  run(job: RunningJob): Promise<void>;
}

export function createRetiring(kit: Kit, leads: Leads, pools: PoolDirectory): Retiring {
  const touch = (id: number): LeadChange => ({ op: 'touch', id, ask: ['recycle'] });
  const apply = async (changes: readonly LeadChange[], poolId: number): Promise<void> => {
    await leads.apply({
      changes,
      actor: kit.actors.system('Pools'),
      cause: { type: 'retire', id: String(poolId) },
      now: kit.clock.now(),
    });
  };
  return {
    onRetire: async (trx, policy) => {
      const { to } = plan.parse(policy.plan);
      const left = await leftIn(trx, policy.id);
      if (to === policy.id) throw badRequest('POOL_SAME', 'Name another pool to receive the leads.', { field: 'to' });
      if (to && !(await pools.byId(to))) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.', { field: 'to' });
      if (left.available > 0 && !to)
        throw new AppError('POOL_NOT_EMPTY', 409, 'Leads still lie in this pool. Name a pool that receives them.', {
          ...left,
          field: 'to',
        });
      if (left.available + left.held > 0)
        await kit.jobs.enqueue(trx, [
          { kind: 'pools.empty', payload: { pool: policy.id, to: to ?? null }, key: `pool-empty:${policy.id}` },
        ]);
    },
    run: async (job) => {
      const from = Number(job.payload['pool']);
      const to = job.payload['to'] === null ? null : Number(job.payload['to']);
      let done = 0;
      while (to !== null && !job.shouldStop()) {
        const rows = await many<{ id: number }>(
          kit.db,
          'SELECT id FROM crm_leads WHERE pool_id = ? AND owner_id IS NULL AND merged_into IS NULL ORDER BY id LIMIT ?',
          [from, BATCH],
        );
        if (rows.length === 0) break;
        await apply(
          rows.map(({ id }) => ({
            op: 'hold',
            id,
            to: { ownerId: null, poolId: to },
            event: 'lead.moved',
            expect: { ownerId: null, poolId: from },
            data: { from, pool: to, retired: true },
          })),
          from,
        );
        done += rows.length;
        await job.progress(done, null);
      }
      for (let after = 0; !job.shouldStop();) {
        const rows = await many<{ id: number }>(
          kit.db,
          'SELECT id FROM crm_leads WHERE home_pool_id = ? AND owner_id IS NOT NULL AND merged_into IS NULL AND id > ? ORDER BY id LIMIT ?',
          [from, after, BATCH],
        );
        if (rows.length === 0) return;
        after = rows[rows.length - 1]!.id;
        const home = ({ id }: { id: number }): LeadChange[] => (to === null ? [] : [{ op: 'patch', id, columns: { home_pool_id: to } }]);
        await apply(
          rows.flatMap((row) => [...home(row), touch(row.id)]),
          from,
        );
        done += rows.length;
        await job.progress(done, null);
      }
    },
  };
}
