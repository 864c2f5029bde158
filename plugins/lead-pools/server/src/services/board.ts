import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import { rightsIn } from '../domain/membership';
import { failedLimit } from '../domain/limits';
import { limitLabel, limitQuestion, limitUses } from './limits';
import type { PoolDirectory } from './pools';

interface Numbers {
  pool_id: number;
  available: number;
  hot: number;
  oldest: Date | null;
}

/**
 * One card per pool the person may see: what is there, what he holds from it, how much of each limit is left and which would stop him.
 * Three statements, however many pools there are.
 */
export async function poolBoard(
  kit: Kit,
  pools: PoolDirectory,
  actor: Actor,
  now: Date,
): Promise<({ readonly id: number } & Record<string, unknown>)[]> {
  const all = kit.access.can(actor, 'pools', 'create');
  const person = await pools.personOf(actor);
  const shown = (await pools.all()).filter(
    (pool) => all || actor.poolIds.includes(pool.policyId) || rightsIn(pool.body, person).has('claim'),
  );
  if (shown.length === 0) return [];
  const ids = shown.map((pool) => pool.policyId);
  const closed = await closedStages(kit);
  const questions = await Promise.all(shown.map((pool) => limitQuestion(pools, pool, actor)));
  const [numbers, mine, uses] = await Promise.all([
    many<Numbers>(
      kit.db,
      `SELECT pool_id, count(*)::int AS available, count(*) FILTER (WHERE label = 'hot')::int AS hot, min(pool_entered_at) AS oldest
       FROM crm_leads WHERE pool_id = ANY(?::int[]) AND owner_id IS NULL AND merged_into IS NULL AND stage <> ALL(?::text[]) GROUP BY pool_id`,
      [ids, closed],
    ),
    many<{ home_pool_id: number; held: number }>(
      kit.db,
      `SELECT home_pool_id, count(*)::int AS held FROM crm_leads WHERE owner_id = ? AND merged_into IS NULL AND home_pool_id = ANY(?::int[]) AND stage <> ALL(?::text[]) GROUP BY home_pool_id`,
      [actor.memberId, ids, closed],
    ),
    limitUses(kit.db, actor, questions, closed, now),
  ]);
  const byPool = new Map(numbers.map((row) => [row.pool_id, row]));
  const heldBy = new Map(mine.map((row) => [row.home_pool_id, row.held]));
  return Promise.all(
    shown.map(async (pool, index) => {
      const rights = await pools.rightsOf(pool, actor);
      const limits = uses[index] ?? [];
      const stops = failedLimit(limits, 0, now);
      const may = pool.body.kind === 'claimable' && rights.has('claim') && kit.access.can(actor, 'leads', 'claim');
      const row = byPool.get(pool.policyId);
      return {
        id: pool.policyId,
        key: pool.key,
        name: pool.name,
        description: pool.body.description,
        kind: pool.body.kind,
        group: pool.body.group ?? null,
        available: row?.available ?? 0,
        hot: row?.hot ?? 0,
        oldest: row?.oldest ?? null,
        mine: heldBy.get(pool.policyId) ?? 0,
        limits: limits.flatMap(({ limit, used, carried, resetsAt }) =>
          limit.kind === 'gap'
            ? []
            : [
                {
                  ...limitLabel(limit),
                  limit: limit.max,
                  used,
                  ...(carried ? { carried } : {}),
                  resetsAt,
                  scope: limit.scope,
                  level: limit.level,
                  ref: limit.ref,
                },
              ],
        ),
        canClaim: may && stops === null,
        /** Why nothing can be claimed now, by the same code the claim would answer. */
        stop: may && stops ? { code: stops.code, ...stops.details } : null,
        rights: [...rights],
      };
    }),
  );
}
