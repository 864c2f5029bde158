import { AppError, badRequest, many } from '@leadsea/crm-core';
import type { ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { answer, poolById, type VerbDeps } from './answer';

const override = z.object({ reason: z.string().trim().min(1).max(500) }).nullish();

/** `POST /leads/:id/claim`, also in bulk. Without `pool` the lead's own is meant. */
export const claimVerb = ({
  kit,
  pools,
  claims,
}: VerbDeps): ResourceVerb<{ pool?: number | null; override?: { reason: string } | null; all?: boolean }> => ({
  name: 'claim',
  target: 'record',
  input: z.object({ pool: z.number().int().nullish(), override, all: z.boolean().optional() }),
  summary: 'Take leads out of a pool.',
  asksUnderLock: true,
  run: async ({ actor, now, asked }, ids, input) => {
    let poolId = input.pool ?? null;
    if (poolId === null) {
      const found = await many<{ pool_id: number | null; home_pool_id: number | null }>(
        kit.db,
        'SELECT pool_id, home_pool_id FROM crm_leads WHERE id = ANY(?::int[])',
        [[...ids]],
      );
      poolId = found.find((row) => row.pool_id !== null)?.pool_id ?? found[0]?.home_pool_id ?? null;
      if (poolId === null) throw new AppError('ALREADY_CLAIMED', 409, 'Somebody else already has this lead.');
    }
    const options = { override: input.override ?? null, all: input.all ? { asked: asked ?? ids.length } : null };
    const results = await claims.claim(actor, ids, await poolById(pools, poolId), now, options);
    // Of several that were asked for one may be in reach: it has its answer beside those of the others.
    return asked !== undefined && asked > 1 ? { results } : answer(results);
  },
});

/** `POST /pools/:id/claim { count }`: the best leads of the pool. */
export const claimBestVerb = ({ pools, claims }: Pick<VerbDeps, 'pools' | 'claims'>): ResourceVerb<{ count: number }> => ({
  name: 'claim',
  target: 'record',
  input: z.object({ count: z.number().int().min(1).max(100).default(1) }),
  summary: 'Take the best leads of the pool.',
  access: 'read',
  run: async ({ actor, now }, ids, input) => {
    const pool = await pools.byId(ids[0]!);
    if (!pool) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.');
    return { results: await claims.claimNext(actor, input.count, pool, now) };
  },
});
