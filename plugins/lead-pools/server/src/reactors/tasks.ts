import type { Entry, Reactor } from '@leadsea/leads';
import type { TaskFate } from '../../../contracts';
import type { PoolDirectory } from '../services/pools';

interface Handed {
  readonly lead: number;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * What becomes of open tasks when a lead leaves its owner, by the rule of its home pool. Closing is the leads plugin's own way; `keep` and
 * `hand-over` ask it to leave them alone, and what is handed over follows the lead: without an owner while it lies in a pool.
 */
export const tasksFateReactor = (pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-tasks',
  run: async (set) => {
    const live = await pools.all();
    const unusual = new Map(
      live.flatMap((pool) => {
        const { onReturn, onTransfer } = pool.body.recycle.tasks;
        return onReturn === 'close' && onTransfer === 'close' ? [] : [[pool.policyId, { onReturn, onTransfer }]];
      }),
    );
    if (unusual.size === 0) return;
    const handed: Handed[] = [];
    for (const entry of set.entries) {
      const fate = fateOf(entry, unusual);
      if (fate === null || fate === 'close') continue;
      set.ask(entry.id, 'tasks:keep');
      if (fate === 'hand-over') handed.push({ lead: entry.id, from: entry.before?.owner_id ?? null, to: entry.row.owner_id });
    }
    if (handed.length === 0) return;
    set.defer(async (trx) => {
      await trx.raw(
        `UPDATE crm_tasks t SET owner_id = h."to" FROM jsonb_to_recordset(?::jsonb) AS h(lead int, "from" int, "to" int)
         WHERE t.lead_id = h.lead AND t.state = 'open' AND t.owner_id IS NOT DISTINCT FROM h."from"`,
        [JSON.stringify(handed)],
      );
    });
  },
});

/** Null = the lead has not changed hands, or its pool has no rule of its own. Coming out of a pool follows the rule by which it went in. */
function fateOf(entry: Entry, unusual: ReadonlyMap<number, { onReturn: TaskFate; onTransfer: TaskFate }>): TaskFate | null {
  const { before, row } = entry;
  if (!before || before.owner_id === row.owner_id) return null;
  const rules = unusual.get((before.owner_id === null ? (before.pool_id ?? before.home_pool_id) : before.home_pool_id) ?? 0);
  if (!rules) return null;
  return before.owner_id !== null && row.owner_id !== null ? rules.onTransfer : rules.onReturn;
}
