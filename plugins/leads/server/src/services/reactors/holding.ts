import type { Reactor } from '../../../../contracts';
import { ownersOf } from '../apply/owners';

/**
 * What a change of owner or pool means for the lead's own columns, whoever made it: the team follows the owner, the holding clock starts
 * at the first owner and is kept by a transfer (§5.9), entering a pool is dated; who keeps a lead for somebody does so until it moves again.
 */
export const holdingReactor: Reactor = {
  stage: 'hold',
  name: 'holding',
  run: async (set) => {
    const moved = set.entries.filter(({ changed }) => changed.has('owner_id') || changed.has('pool_id'));
    if (moved.length === 0) return;
    const owners = await ownersOf(
      set,
      moved.flatMap(({ row }) => row.owner_id ?? []),
    );
    for (const { id, row, before, asks } of moved) {
      const owner = row.owner_id;
      const hadOwner = (before?.owner_id ?? null) !== null;
      if (owner !== (before?.owner_id ?? null) && row.kept_for_id && !asks.has('kept')) set.set(id, { kept_for_id: null });
      if (owner !== null) {
        const from = row.pool_id ?? before?.pool_id ?? null;
        set.set(id, {
          team_id: owners.get(owner)?.teamId ?? null,
          pool_id: null,
          pool_entered_at: null,
          ...(from === null ? {} : { home_pool_id: from }),
          ...(hadOwner ? {} : { held_since: set.now }),
        });
        continue;
      }
      set.set(id, {
        team_id: null,
        held_since: null,
        recycle_at: null,
        protected_until: null,
        ...(row.pool_id === null ? {} : { home_pool_id: row.pool_id }),
        ...(row.pool_id !== null && row.pool_id !== (before?.pool_id ?? null) ? { pool_entered_at: set.now } : {}),
      });
    }
  },
};
