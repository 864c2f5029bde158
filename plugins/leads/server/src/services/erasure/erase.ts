import { AppError, ERASURE_SEALED, inTransaction, many, notFound, one, sealOfErasure, type Kit, type VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { EraseListener, Leads } from '../../../../contracts';
import { ERASED_QUARANTINE } from '../../domain/erasure/personal';
import { lockLeads } from '../apply/rows';
import { dropFiles, eraseElsewhere } from './elsewhere';
import { eraseDecisions, eraseEvents } from './history';
import { eraseLeadRows } from './lead-row';
import { personOf, type Person } from './person';
import { suppress } from './suppression';
import { eraseTables, OWN_WORDS, type PersonalWords } from './tables';

export const ERASURE_REASONS = ['request', 'consent-withdrawn', 'retention-ended', 'unlawful', 'other'] as const;

export interface ErasureOrder {
  readonly reason: (typeof ERASURE_REASONS)[number];
  /** A file number or the like; no personal data. */
  readonly reference: string | null;
  /** Keep keyed hashes, so that no import brings the person back. */
  readonly suppress: boolean;
}

export interface ErasureDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly secret: string;
  listeners(): readonly EraseListener[];
  words(): readonly PersonalWords[];
}

/** Nobody holds it, nothing is due any more, and no rule moves it. */
const AT_REST = {
  owner_id: null,
  pool_id: null,
  next_action_at: null,
  recycle_at: null,
  protected_until: null,
  quarantine: ERASED_QUARANTINE,
} as const;

async function endWork(trx: Knex.Transaction, leads: readonly number[], now: Date): Promise<void> {
  const ids = [...leads];
  await trx.raw(
    `UPDATE crm_timers SET state = 'cancelled', cancelled_at = ? WHERE state = 'armed' AND ((subject = 'lead' AND subject_id = ANY(?::int[])) OR (payload->>'lead')::int = ANY(?::int[]))`,
    [now, ids, ids],
  );
  await trx.raw(`UPDATE crm_tasks SET state = 'cancelled', closed_at = ? WHERE lead_id = ANY(?::int[]) AND state = 'open'`, [now, ids]);
  await trx.raw('DELETE FROM crm_account_suggestions WHERE lead_id = ANY(?::int[])', [ids]);
  await trx.raw('DELETE FROM crm_lead_keys WHERE lead_id = ANY(?::int[])', [ids]);
}

async function carryOut(
  deps: ErasureDeps,
  trx: Knex.Transaction,
  person: Person,
  id: number,
  order: ErasureOrder,
  now: Date,
): Promise<Record<string, number>> {
  const kept = order.suppress ? await suppress(trx, deps.secret, person.leads, id, now) : 0;
  await endWork(trx, person.leads, now);
  const tables = await eraseTables(trx, person, [...OWN_WORDS, ...deps.words()]);
  const elsewhere = await eraseElsewhere(trx, person);
  const files = await dropFiles(trx, person);
  await eraseLeadRows(trx, person);
  const events = await eraseEvents(trx, person, id, now);
  const decisions = await eraseDecisions(trx, person);
  return { ...tables, ...elsewhere, crm_import_parts: files, crm_events: events, crm_decisions: decisions, crm_suppressions: kept };
}

/**
 * Erases the person of one lead in one transaction, wherever the product keeps anything of him; the lead stays, for the counts. What other
 * plugins keep going for it ends first (`onErase`). Cannot be undone.
 * @throws AppError NOT_FOUND, LEAD_MERGED, LEAD_ERASED
 */
export function eraseLead(deps: ErasureDeps, context: VerbContext, leadId: number, order: ErasureOrder): Promise<{ erasure: number }> {
  const { kit } = deps;
  const { actor, now, requestId } = context;
  const cause = { type: 'erase', id: requestId };
  return inTransaction(kit.db, async (trx) => {
    const merged = await many<{ id: number }>(trx, 'SELECT id FROM crm_leads WHERE merged_into = ?', [leadId]);
    const row = (await lockLeads(trx, [leadId, ...merged.map(({ id }) => id)])).get(leadId);
    if (!row) throw notFound('Lead');
    if (row.merged_into !== null)
      throw new AppError('LEAD_MERGED', 409, 'This lead was merged into another one.', { mergedInto: row.merged_into });
    if (row.quarantine === ERASED_QUARANTINE) throw new AppError('LEAD_ERASED', 409, 'The person of this lead has been erased already.');
    await trx.raw(`SET LOCAL leadsea.erasure = 'on'`);
    const person = await personOf(kit, trx, leadId);
    const register = await one<{ id: number }>(
      trx,
      `INSERT INTO crm_erasures (lead_id, leads, reason, reference, member_id, suppressed, at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      [leadId, [...person.leads], order.reason, order.reference, actor.memberId, order.suppress, now] as Knex.RawBinding[],
    );
    const id = register!.id;
    const data = { erasure: id, reason: order.reason };
    await deps.leads.apply({
      trx,
      changes: [{ op: 'patch', id: leadId, columns: AT_REST, event: 'lead.erased', data }],
      actor,
      cause,
      now,
    });
    await trx.raw('UPDATE crm_leads SET quarantine = ? WHERE merged_into = ?', [ERASED_QUARANTINE, leadId]);
    for (const listener of deps.listeners()) await listener(trx, { leadId, leadIds: person.leads }, now);
    const counts = await carryOut(deps, trx, person, id, order, now);
    const { events, seal } = await sealOfErasure(trx, id);
    const told = { subject: 'erasure', subjectId: id, type: ERASURE_SEALED, data: { lead: leadId, events, seal, reason: order.reason } };
    await kit.events.append(trx, [told], actor, cause, now);
    await trx('crm_erasures')
      .where({ id })
      .update({ counts: JSON.stringify(counts), seal });
    return { erasure: id };
  });
}
