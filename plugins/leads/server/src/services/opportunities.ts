import { AppError, conflict, inTransaction, insertRow, many, notFound, one } from '@leadsea/crm-core';
import type { Kit, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ConvertListener, LeadRow, Leads, Lifecycle, StageGuard } from '../../../contracts';
import { closedStagesOf, movesFrom } from '../domain/lifecycle/transitions';
import { stageChanges, type StageInput } from '../resources/stage-moves';
import { leadEvent } from './apply/changes';
import { customValues } from './record-values';

export interface Opportunity {
  readonly id: number;
  readonly lead_id: number;
  readonly stage: 'open' | 'won' | 'lost' | 'cancelled';
}

/** The stage whose leads have an opportunity; null when the graph has none. */
export const opportunityStage = (graph: Lifecycle): string | null =>
  (graph.stages.find((stage) => stage.opportunity) ?? graph.stages.find(({ key }) => key === 'opportunity'))?.key ?? null;

/** Where a lead goes when its opportunity ends: its own move to a stage of that type before one that is open from anywhere. */
export const endingOf = (graph: Lifecycle, from: string, type: 'won' | 'lost'): string | null =>
  movesFrom(graph, from).find((move) => move.manual && graph.stages.find(({ key }) => key === move.to)?.type === type)?.to ?? null;

export interface ConvertInput {
  readonly name?: string | null;
  readonly amount?: number | null;
  readonly currency?: string | null;
  readonly expectedAt?: string | null;
  /** In whole per cent. */
  readonly probability?: number | null;
  /** The company's own fields of opportunities. */
  readonly custom?: Readonly<Record<string, unknown>>;
}

interface Deps {
  readonly kit: Kit;
  readonly leads: Leads;
  guards(): readonly StageGuard[];
  /** Who else is told of a lead that has become a deal. */
  converted(): readonly ConvertListener[];
}

/** Moves one lead by the graph's own terms inside the caller's transaction; standing there already is enough. */
async function moveLead(deps: Deps, trx: Knex.Transaction, context: VerbContext, row: LeadRow, input: StageInput): Promise<void> {
  if (row.stage === input.to) return;
  const { changes, refused } = await stageChanges(deps.kit, context, [row.id], () => input, deps.guards());
  const refusal = refused.get(row.id);
  if (refusal && !refusal.ok) throw new AppError(refusal.code, 400, refusal.message, { ...refusal.details });
  const { outcomes } = await deps.leads.apply({
    trx,
    changes,
    actor: context.actor,
    cause: { type: 'convert', id: context.requestId },
    now: context.now,
  });
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed && !failed.ok) throw new AppError(failed.code, failed.code === 'STALE' ? 409 : 400, failed.message, { ...failed.details });
}

/**
 * Makes an opportunity of a qualified lead and moves the lead into the stage that has one, by the terms of that move.
 * @throws AppError NOT_QUALIFIED (no such move from the lead's stage), OPPORTUNITY_OPEN, and what the move itself refuses
 */
export function convertLead(
  deps: Deps,
  context: VerbContext,
  leadId: number,
  input: ConvertInput,
  graph: Lifecycle,
): Promise<{ id: number }> {
  const { kit } = deps;
  const { actor, now } = context;
  return inTransaction(kit.db, async (trx) => {
    const row = await one<LeadRow>(trx, 'SELECT * FROM crm_leads WHERE id = ? AND merged_into IS NULL FOR NO KEY UPDATE', [leadId]);
    if (!row) throw notFound('Lead');
    const target = opportunityStage(graph);
    const reaches =
      target !== null && (row.stage === target || movesFrom(graph, row.stage).some((move) => move.to === target && move.manual));
    if (target === null || !reaches || closedStagesOf(graph).includes(row.stage))
      throw conflict('NOT_QUALIFIED', 'From its stage no opportunity can be made of this lead.', { from: row.stage, to: target });
    const open = await one<{ id: number }>(trx, `SELECT id FROM crm_opportunities WHERE lead_id = ? AND stage = 'open'`, [leadId]);
    if (open) throw conflict('OPPORTUNITY_OPEN', 'This lead already has an open opportunity.', { opportunity: open.id });
    await moveLead(deps, trx, context, row, { to: target });
    const name = input.name?.trim() || [row.company, row.name].filter(Boolean).join(' · ') || `#${leadId}`;
    const values = {
      name,
      lead_id: leadId,
      account_id: row.account_id ?? null,
      owner_id: row.owner_id ?? actor.memberId,
      amount: input.amount ?? null,
      currency: input.currency ?? row.currency ?? null,
      probability: input.probability ?? null,
      expected_at: input.expectedAt ? new Date(input.expectedAt) : null,
      stage: 'open',
    };
    const after = { id: 0, ...values };
    const custom = await customValues(kit, trx, context, { entity: 'opportunity', given: input.custom ?? {}, before: null, after });
    const id = await insertRow(trx, 'crm_opportunities', { ...values, custom }, now);
    const told = leadEvent(leadId, 'lead.converted', { data: { opportunity: id, name } });
    await kit.events.append(trx, [told], actor, { type: 'convert', id: context.requestId }, now);
    for (const listener of deps.converted()) await listener(trx, { leadId, opportunityId: id }, now);
    return { id };
  });
}

/** Ends an opportunity; its lead goes the way the graph has for it, with the reason that way asks for. */
export function closeOpportunity(
  deps: Deps,
  context: VerbContext,
  id: number,
  as: 'won' | 'lost',
  input: { readonly reason?: string | null; readonly note?: string | null },
  graph: Lifecycle,
): Promise<{ id: number; stage: string }> {
  const { kit } = deps;
  const { actor, now } = context;
  return inTransaction(kit.db, async (trx) => {
    const found = await one<Opportunity>(trx, 'SELECT id, lead_id, stage FROM crm_opportunities WHERE id = ? FOR UPDATE', [id]);
    if (!found) throw notFound('Opportunity');
    if (found.stage !== 'open') throw conflict('OPPORTUNITY_CLOSED', 'This opportunity is closed.', { stage: found.stage });
    const row = await one<LeadRow>(trx, 'SELECT * FROM crm_leads WHERE id = ? FOR NO KEY UPDATE', [found.lead_id]);
    if (row && !closedStagesOf(graph).includes(row.stage)) {
      const to = endingOf(graph, row.stage, as);
      if (to === null) throw conflict('MOVE_NOT_ALLOWED', `The lead cannot be ${as} from ${row.stage}.`, { from: row.stage });
      await moveLead(deps, trx, context, row, { to, reason: input.reason ?? null, note: input.note ?? null });
    }
    await trx.raw('UPDATE crm_opportunities SET stage = ?, closed_at = ?, reason = ?, updated_at = ? WHERE id = ?', [
      as,
      now,
      input.reason ?? null,
      now,
      id,
    ]);
    const told = leadEvent(found.lead_id, 'lead.opportunity_closed', { data: { opportunity: id, as, reason: input.reason ?? null } });
    await kit.events.append(trx, [told], actor, { type: 'convert', id: context.requestId }, now);
    return { id, stage: as };
  });
}

/** Takes back what a request did to opportunities of these leads: one it made is cancelled, one it closed is open again. */
export async function undoOpportunities(trx: Knex.Transaction, request: string, leadIds: readonly number[], now: Date): Promise<void> {
  const told = await many<{ type: string; opportunity: number }>(
    trx,
    `SELECT type, (data ->> 'opportunity')::int AS opportunity FROM crm_events
     WHERE cause_id = ? AND actor_kind = 'member' AND subject = 'lead' AND subject_id = ANY(?::int[]) AND type IN ('lead.converted', 'lead.opportunity_closed')`,
    [request, [...leadIds]],
  );
  const ids = (type: string): number[] => told.filter((one) => one.type === type).map(({ opportunity }) => opportunity);
  await trx.raw(`UPDATE crm_opportunities SET stage = 'cancelled', closed_at = ? WHERE id = ANY(?::int[]) AND stage = 'open'`, [
    now,
    ids('lead.converted'),
  ]);
  await trx.raw(
    `UPDATE crm_opportunities SET stage = 'open', closed_at = NULL, reason = NULL WHERE id = ANY(?::int[]) AND stage IN ('won', 'lost')`,
    [ids('lead.opportunity_closed')],
  );
}
