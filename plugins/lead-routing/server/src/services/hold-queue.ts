import { many, type Kit, type TimerHandler } from '@leadsea/crm-core';
import type { Reactor } from '@leadsea/leads';
import type { Knex } from 'knex';
import { askForDisabled } from './disabled';

/** Wakes the hold queue: every lead that waits is tried again now. Nothing is written, and nobody woken, where nobody waits. */
async function wakeHoldQueue(kit: Kit, trx: Knex.Transaction | Knex, now: Date): Promise<void> {
  const woken = await many(
    trx,
    `UPDATE crm_timers SET due_at = ?, planned_at = ? WHERE id IN (
       SELECT id FROM crm_timers WHERE kind = 'routing.retry' AND state = 'armed' AND due_at > ? AND NOT jsonb_exists(payload, 'webhook')
       ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [now, now, now],
  );
  if (woken.length > 0) await kit.timers.wake(trx, now);
}

/** R-66 `capacity freed`: a lead that leaves a person, or is closed, may let one in that waits. */
export const capacityReactor = (kit: Kit): Reactor => ({
  stage: 'tasks',
  name: 'hold-queue',
  run: (set) => {
    const freed = set.entries.some(
      ({ before, changed }) =>
        before?.owner_id !== null && before?.owner_id !== undefined && (changed.has('owner_id') || changed.has('stage')),
    );
    if (freed && !set.cause.type.startsWith('timer')) set.defer((trx) => wakeHoldQueue(kit, trx, set.now));
    return Promise.resolve();
  },
});

/** R-66 `someone online`: a change of a member (presence, leave, capacity) wakes the queue; R-50 `owner disabled`: it may leave leads behind. */
export function wakeOnPresence(kit: Kit): () => void {
  let waiting = false;
  return kit.live.on('crm_members', () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      wakeHoldQueue(kit, kit.db, kit.clock.now()).catch((error: unknown) => kit.log.error('The hold queue could not be woken.', error));
      askForDisabled(kit).catch((error: unknown) => kit.log.error('Leads of disabled people could not be looked for.', error));
    }, 200).unref();
  });
}

const KEEP_MS = 90 * 86_400_000;

/** `routing.prune`: facts of decisions older than ninety days go; once a day. */
export const pruneFacts =
  (kit: Kit): TimerHandler =>
  async (trx, _due, now) => {
    await trx.raw('DELETE FROM crm_routing_facts WHERE at < ?', [new Date(now.getTime() - KEEP_MS)]);
    await trx.raw(
      `DELETE FROM crm_routing_candidates c WHERE NOT EXISTS (SELECT 1 FROM crm_leads l WHERE l.id = c.lead_id AND l.owner_id = c.owner_id AND l.merged_into IS NULL)`,
    );
    await armPrune(kit, trx, now);
  };

export const armPrune = (kit: Kit, trx: Knex.Transaction, now: Date): Promise<void> =>
  kit.timers.arm(
    trx,
    [{ kind: 'routing.prune', key: 'routing-prune', subject: 'product', subjectId: 0, dueAt: new Date(now.getTime() + 86_400_000) }],
    now,
  );
