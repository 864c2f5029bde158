import type { Kit } from '@leadsea/crm-core';
import type { Erasure, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { isOpen } from '../domain/clock';
import { carryOut, type Asked } from './change-clocks';
import { lockLatest } from './clock-store';
import { loadShelf } from './shelf';

/** What people wrote about a lead in the tables of this plugin. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  crm_sla_disputes: ['note', 'decision_note'],
  crm_sla_hand_offs: ['note', 'reply'],
  crm_sla_clocks: ['waive_reason'],
};

/** what still runs for an erased lead ends. Times, states and holders stay, so that what was measured stays in the counts. */
async function endPromises(kit: Kit, trx: Knex.Transaction, { leadId, leadIds }: Erasure, now: Date): Promise<void> {
  const open = (await lockLatest(trx, leadIds)).filter(isOpen);
  if (open.length > 0) {
    const asked = open.map((clock): Asked => ({ clock, happening: { kind: 'erased' } }));
    const by = { actor: kit.actors.system('SLA'), cause: { type: 'erase', id: String(leadId) } };
    await carryOut(kit, trx, asked, await loadShelf(kit, open), by, now);
  }
  const ids = [...leadIds];
  await trx.raw(
    `UPDATE crm_sla_obligations SET state = 'cancelled', ended_at = ?, end_reason = 'erased' WHERE lead_id = ANY(?::int[]) AND state = 'running'`,
    [now, ids],
  );
  await trx.raw(
    `UPDATE crm_sla_hand_offs SET state = 'withdrawn', answered_at = coalesce(answered_at, ?) WHERE lead_id = ANY(?::int[]) AND state IN ('offered', 'accepted')`,
    [now, ids],
  );
  await trx.raw(`UPDATE crm_sla_disputes SET state = 'withdrawn', decided_at = ? WHERE lead_id = ANY(?::int[]) AND state = 'open'`, [
    now,
    ids,
  ]);
}

/** Tells the leads plugin which words of this one are personal, and ends what runs when a person is erased. */
export function followErasures(kit: Kit, leads: Leads): void {
  for (const [table, columns] of Object.entries(WORDS)) leads.personal(table, columns);
  leads.onErase((trx, erasure, now) => endPromises(kit, trx, erasure, now));
}
