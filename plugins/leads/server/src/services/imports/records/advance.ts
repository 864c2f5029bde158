import { many, type EventInput } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeadChange, Lifecycle } from '../../../../../contracts';
import { closedStagesOf } from '../../../domain/lifecycle/transitions';
import { leadEvent } from '../../apply/changes';
import { liveLifecycle } from '../../stages';
import { endingOf, opportunityStage } from '../../opportunities';
import type { Batch } from '../entity';
import type { Written } from './working';

const wonStage = (graph: Lifecycle): string | null => graph.stages.find((stage) => stage.type === 'won')?.key ?? null;

interface Deals {
  readonly id: number;
  readonly stage: string;
  readonly open: number;
}

/**
 * The stage a lead moves on to by the deals that a file brought: with an open one to the stage of deals, with a won one to the end. A lost deal
 * ends a lead only where it stood in the stage of deals and has no other. Never back, and never out of an end.
 */
export function advancedStage(graph: Lifecycle, from: string, brought: readonly string[], open: number): string | null {
  if (closedStagesOf(graph).includes(from)) return null;
  const deals = opportunityStage(graph);
  if (open > 0) return deals !== null && brought.includes('open') && from !== deals ? deals : null;
  if (brought.includes('won')) return wonStage(graph);
  return brought.includes('lost') && from === deals ? endingOf(graph, from, 'lost') : null;
}

/** Tells the leads of their deals, and moves them on where the options say so: quietly, no deadline begins and nobody is told. */
export async function advanceLeads(batch: Batch, trx: Knex.Transaction, { created, updated }: Written): Promise<void> {
  const { kit, leads, record, actor } = batch;
  const now = kit.clock.now();
  const cause = { type: 'import', id: String(record.id) };
  const closed = updated.filter(({ before, after }) => before['stage'] !== after['stage'] && after['stage'] !== 'open');
  const story: EventInput[] = [
    ...created.map(({ id, lead, after }) =>
      leadEvent(lead ?? 0, 'lead.converted', { data: { opportunity: id, name: after['name'], state: after['stage'], imported: true } }),
    ),
    ...closed.map(({ working, after }) =>
      leadEvent(working.lead ?? 0, 'lead.opportunity_closed', {
        data: { opportunity: working.id, as: after['stage'], reason: after['reason'] ?? null, imported: true },
      }),
    ),
  ];
  if (story.length > 0) await kit.events.append(trx, story, actor, cause, now);
  if (record.options.leadStage === 'keep') return;
  const moved = [
    ...created.map(({ lead, after }) => ({ lead, state: String(after['stage']), reason: after['reason'] })),
    ...updated.flatMap(({ working, before, after }) =>
      before['stage'] === after['stage'] ? [] : [{ lead: working.lead, state: String(after['stage']), reason: after['reason'] }],
    ),
  ];
  const ids = [...new Set(moved.flatMap(({ lead }) => lead ?? []))];
  if (ids.length === 0) return;
  const { graph } = await liveLifecycle(kit);
  const rows = await many<Deals>(
    trx,
    `SELECT l.id, l.stage, (SELECT count(*)::int FROM crm_opportunities o WHERE o.lead_id = l.id AND o.stage = 'open') AS open FROM crm_leads l WHERE l.id = ANY(?::int[])`,
    [ids],
  );
  const changes = rows.flatMap(({ id, stage, open }): LeadChange[] => {
    const brought = moved.flatMap(({ lead, state }) => (lead === id ? [state] : []));
    const to = advancedStage(graph, stage, brought, open);
    const reason = moved.find(({ lead, state }) => lead === id && state === 'lost')?.reason;
    return to === null
      ? []
      : [{ op: 'stage', id, to, reason: typeof reason === 'string' && open === 0 && !brought.includes('won') ? reason : null }];
  });
  if (changes.length > 0) await leads.apply({ trx, changes, actor, cause, clocks: 'none', now });
}
