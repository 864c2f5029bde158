import { badRequest, conflict, many, notFound, type Kit, type VerbContext } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { HandOffState } from '../domain/hand-off';
import { handOffEvent, handOffRules, handOffTimer, type HandOffRow } from './hand-offs';

async function openOffer(trx: Knex.Transaction, id: number, states: readonly HandOffState[]): Promise<HandOffRow> {
  const [row] = await many<HandOffRow>(trx, 'SELECT * FROM crm_sla_hand_offs WHERE id = ?', [id]);
  if (!row) throw notFound('Hand-off');
  await trx.raw('SELECT id FROM crm_leads WHERE id = ? FOR NO KEY UPDATE', [row.lead_id]);
  const [locked] = await many<HandOffRow>(trx, 'SELECT * FROM crm_sla_hand_offs WHERE id = ? AND latest FOR UPDATE', [id]);
  if (!locked || !states.includes(locked.state)) throw conflict('HAND_OFF_ANSWERED', 'This hand-off has been answered or replaced.');
  return locked;
}

/** Sales takes the lead over: it moves to the accepted stage. @throws AppError HAND_OFF_ANSWERED */
export const acceptHandOff = (kit: Kit, leads: Leads, { actor, now, requestId }: VerbContext, id: number): Promise<void> =>
  kit.db.transaction(async (trx) => {
    const row = await openOffer(trx, id, ['offered', 'expired']);
    const rules = (await handOffRules(kit, now))?.rules;
    const { outcomes } = await leads.apply({
      trx,
      changes: [{ op: 'stage', id: row.lead_id, to: rules?.accepted ?? 'srl' }],
      actor,
      cause: { type: 'hand-off', id: requestId },
      now,
    });
    const [outcome] = outcomes;
    if (!outcome?.ok)
      throw badRequest(outcome?.code ?? 'REFUSED', outcome?.message ?? 'The lead could not be moved.', { ...outcome?.details });
  });

export interface Rejection {
  readonly reason: string;
  readonly note?: string | null;
}

/** Sales sends the lead back with a reason: it returns to marketing, who owe an answer. @throws AppError HAND_OFF_REASON */
export const rejectHandOff = (
  kit: Kit,
  leads: Leads,
  { actor, now, requestId }: VerbContext,
  id: number,
  { reason, note }: Rejection,
): Promise<void> =>
  kit.db.transaction(async (trx) => {
    const row = await openOffer(trx, id, ['offered', 'expired', 'accepted']);
    const rules = (await handOffRules(kit, now))?.rules;
    if (rules && !rules.reasons.some((one) => one.key === reason))
      throw badRequest('HAND_OFF_REASON', 'Choose one of the reasons of the contract.', { field: 'reason', reasons: rules.reasons });
    await trx.raw(`UPDATE crm_sla_hand_offs SET state = 'rejected', answered_at = ?, answered_by = ?, reason = ?, note = ? WHERE id = ?`, [
      now,
      actor.memberId,
      reason,
      note ?? null,
      id,
    ]);
    await kit.timers.cancel(trx, [handOffTimer(row.lead_id)], now);
    await kit.events.append(
      trx,
      [handOffEvent(row, 'rejected', { reason, note: note ?? null })],
      actor,
      { type: 'hand-off', id: requestId },
      now,
    );
    await leads.apply({
      trx,
      changes: [
        { op: 'stage', id: row.lead_id, to: rules?.returned ?? 'recycled', reason, note: note ?? null },
        {
          op: 'hold',
          id: row.lead_id,
          to: { ownerId: null, poolId: null },
          event: 'lead.released',
          data: { reason: `hand-off:${reason}` },
        },
      ],
      actor,
      cause: { type: 'hand-off', id: requestId },
      now,
    });
  });

/** Marketing answers a rejection: what has been done about it. The clock of that duty ends. */
export const replyHandOff = (kit: Kit, leads: Leads, { actor, now, requestId }: VerbContext, id: number, reply: string): Promise<void> =>
  kit.db.transaction(async (trx) => {
    const row = await openOffer(trx, id, ['rejected']);
    if (row.replied_at) throw conflict('HAND_OFF_REPLIED', 'This rejection has been answered already.');
    await trx.raw('UPDATE crm_sla_hand_offs SET replied_at = ?, replied_by = ?, reply = ? WHERE id = ?', [now, actor.memberId, reply, id]);
    await kit.events.append(trx, [handOffEvent(row, 'replied', { reply })], actor, { type: 'hand-off', id: requestId }, now);
    await leads.apply({ trx, changes: [{ op: 'touch', id: row.lead_id }], actor, cause: { type: 'hand-off', id: requestId }, now });
  });
