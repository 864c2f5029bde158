import type { Entry, Reactor } from '@leadsea/leads';
import { setMatcher } from '../services/matcher';
import type { LivePool, PoolDirectory } from '../services/pools';

/** Pools may send on to each other; after so many the lead stays where it is. */
const MAX_HOPS = 5;

interface Waiting {
  readonly entry: Entry;
  readonly pool: LivePool;
  readonly seen: ReadonlySet<number>;
}

/**
 * Pool → pool rules: a lead that enters a pool goes on to the one named by the first entry rule it meets, whoever brought it (routing,
 * import, release, recycle, move). A pool it has been in already is not entered again. Costs nothing while no pool has such rules.
 */
export const entryReactor = (pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-entry',
  run: async (set) => {
    const live = await pools.all();
    if (live.every((pool) => pool.body.entry.rules.length === 0)) return;
    const poolOf = (id: number | null): LivePool | undefined => live.find((pool) => pool.policyId === id);
    let waiting = set.entries.flatMap((entry): Waiting[] => {
      const pool = entry.changed.has('pool_id') && entry.row.owner_id === null ? poolOf(entry.row.pool_id) : undefined;
      return pool && pool.body.entry.rules.length > 0 ? [{ entry, pool, seen: new Set([pool.policyId]) }] : [];
    });
    for (let hop = 0; hop < MAX_HOPS && waiting.length > 0; hop += 1) {
      const conditions = [...new Set(waiting.map(({ pool }) => pool))].flatMap((pool) =>
        pool.body.entry.rules.map((rule) => ({ key: `${pool.policyId}:${rule.key}`, condition: rule.when })),
      );
      const hits = await setMatcher(set)(
        conditions,
        waiting.map(({ entry }) => entry.id),
      );
      waiting = waiting.flatMap(({ entry, pool, seen }): Waiting[] => {
        const rule = pool.body.entry.rules.find(({ key }) => hits.get(entry.id)?.has(`${pool.policyId}:${key}`));
        const to = live.find(({ key }) => key === rule?.to);
        if (!rule || !to || seen.has(to.policyId)) return [];
        set.emit({
          subject: 'lead',
          subjectId: entry.id,
          type: 'lead.forwarded',
          before: { owner: null, pool: pool.policyId, team: null },
          after: { owner: null, pool: to.policyId },
          policyVersionId: pool.versionId,
          data: { from: pool.key, pool: to.key, rule: rule.key },
        });
        set.set(entry.id, { pool_id: to.policyId, home_pool_id: to.policyId, pool_entered_at: set.now });
        return to.body.entry.rules.length > 0 ? [{ entry, pool: to, seen: new Set([...seen, to.policyId]) }] : [];
      });
    }
  },
});
