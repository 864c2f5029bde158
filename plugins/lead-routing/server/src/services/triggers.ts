import { many, type Kit } from '@leadsea/crm-core';
import type { Entry, WorkingSet } from '@leadsea/leads';
import { retryKey } from './carry-out';
import type { LivePolicy } from './plans';

const entersStage = ({ changed }: Entry): boolean => changed.has('stage');
const entersBand = ({ changed }: Entry): boolean => changed.has('label') || changed.has('grade');

/** What makes a policy take a lead out of a pool: the stage or the label it has just entered. */
const isNamed = ({ row, changed }: Entry, policies: readonly LivePolicy[]): boolean =>
  policies.some(
    // Versions published before there were triggers have none.
    ({ body: { triggers } }: { readonly body: { readonly triggers?: LivePolicy['body']['triggers'] } }) =>
      (changed.has('stage') && (triggers?.stages.includes(row.stage) ?? false)) ||
      (changed.has('label') && row.label !== null && (triggers?.labels.includes(row.label) ?? false)),
  );

const WAKE = `UPDATE crm_timers SET due_at = ?, planned_at = ? WHERE key = ANY(?::text[]) AND state = 'armed' RETURNING subject_id AS id`;

/**
 * R-50 `stage entered`, `score band entered`: a lead nobody has is routed again at once – one that waits at a rule keeps its place in the
 * hold queue and is only tried now – and a lead in a pool where a policy names what it has entered. Owned leads are never moved by it.
 */
export async function askOnEntering(kit: Kit, set: WorkingSet, policies: readonly LivePolicy[]): Promise<void> {
  const entered = set.entries.filter(
    (entry) =>
      !entry.isNew &&
      entry.row.owner_id === null &&
      entry.before?.owner_id === null &&
      entry.row.merged_into === null &&
      entry.before.pool_id === entry.row.pool_id &&
      !entry.asks.has('route') &&
      (entersStage(entry) || entersBand(entry)),
  );
  for (const entry of entered) {
    if (entry.row.pool_id === null || !isNamed(entry, policies)) continue;
    set.ask(entry.id, 'route');
    set.ask(entry.id, 'route:again');
  }
  const free = entered.filter(({ row }) => row.pool_id === null);
  if (free.length === 0) return;
  const keys = free.map(({ id }) => retryKey(id));
  const waiting = set.dryRun ? [] : await many<{ id: number }>(set.trx, WAKE, [set.now, set.now, keys]);
  if (waiting.length > 0) await kit.timers.wake(set.trx, set.now);
  const woken = new Set(waiting.map(({ id }) => id));
  for (const { id } of free) if (!woken.has(id)) set.ask(id, 'route');
}
