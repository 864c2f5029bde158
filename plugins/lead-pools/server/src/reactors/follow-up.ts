import type { Kit } from '@leadsea/crm-core';
import type { Entry, Reactor, WorkingSet } from '@leadsea/leads';
import { setMatcher } from '../services/matcher';
import { effectiveActivities, stageMoves } from '../services/follow-up';
import { uncountedWork } from '../services/fair-play';
import { homesOf } from '../services/homes';
import type { PoolDirectory } from '../services/pools';

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b.getTime() > a.getTime()) ? b : a);

/** A person moved the stage of this lead, and of this one only: moving many at once is no work on any of them. */
function movedByHand(set: WorkingSet, entry: Entry): boolean {
  if (set.actorOf(entry.id).kind !== 'member') return false;
  const moved = (one: Entry): boolean =>
    one.emitted.some((event) => event.type === 'lead.stage_changed' && event.data?.['automatic'] !== true);
  return moved(entry) && set.entries.filter(moved).length === 1;
}

/**
 * Keeps `effective_follow_up_at` of leads whose pool says what counts as a follow-up; `follow-up` asks for it anew from the history. Pools without a definition go by the plain rule of the
 * leads plugin and cost nothing.
 */
export const followUpReactor = (kit: Kit, pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-follow-up',
  run: async (set) => {
    if ((await pools.all()).every((pool) => !pool.body.followUp)) return;
    const touched = set.entries.filter(
      (entry) => entry.row.owner_id !== null && (entry.activities.length > 0 || entry.changed.has('stage') || entry.asks.has('follow-up')),
    );
    if (touched.length === 0) return;
    const homes = await homesOf(
      pools,
      touched.map(({ row }) => row),
      setMatcher(set),
    );
    for (const pool of new Set(homes.values())) {
      const definition = pool?.body.followUp;
      if (!pool || !definition) continue;
      const entries = touched.filter((entry) => homes.get(entry.id) === pool);
      const ids = entries.map(({ id }) => id);
      const worked = await effectiveActivities(set.trx, definition, ids, uncountedWork(pool.body.fairPlay));
      const anew = entries.filter((entry) => entry.asks.has('follow-up')).map(({ id }) => id);
      const moved = definition.stageChange ? await stageMoves(set.trx, anew) : new Map<number, Date>();
      for (const entry of entries) {
        const known = anew.includes(entry.id) ? (moved.get(entry.id) ?? null) : entry.row.effective_follow_up_at;
        const now = definition.stageChange && movedByHand(set, entry) ? set.now : null;
        set.set(entry.id, { effective_follow_up_at: later(later(known, worked.get(entry.id) ?? null), now) });
      }
    }
  },
});
