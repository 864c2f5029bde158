import type { Kit } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE } from '@leadsea/leads';
import type { Entry, Lifecycle, WorkingSet } from '@leadsea/leads';

/** Stages in which marketing keeps a lead: coming back to one of them from work is being recycled. */
async function inventoryStages(kit: Kit): Promise<ReadonlySet<string>> {
  const [live] = await kit.policies.live<Lifecycle>('lifecycle');
  const { stages } = live?.body ?? STANDARD_LIFECYCLE;
  return new Set(stages.flatMap((stage) => (stage.type === 'inventory' ? [stage.key] : [])));
}

/**
 * Remembers when a lead went back to marketing and what its score was then, and forgets the score when it is taken up again (§6 recycle:
 * nothing is deleted, an epoch is set). @returns the leads for which that changed
 */
export async function markRecycled(kit: Kit, set: WorkingSet): Promise<ReadonlySet<number>> {
  const moved = set.entries.filter((entry): entry is Entry & { before: NonNullable<Entry['before']> } =>
    Boolean(entry.before && entry.changed.has('stage') && entry.before.stage !== entry.row.stage),
  );
  if (moved.length === 0) return new Set();
  const inventory = await inventoryStages(kit);
  const marked = moved.filter(({ before, row }) => inventory.has(before.stage) !== inventory.has(row.stage));
  for (const { id, row } of marked)
    set.set(id, inventory.has(row.stage) ? { score_epoch: set.now, score_base: row.score ?? 0 } : { score_base: null });
  return new Set(marked.map(({ id }) => id));
}
