import { many, type Condition, type Kit, type LocalisedText } from '@leadsea/crm-core';
import type { Conversion } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { ClockState, Metric, Obligor } from '../../../contracts';
import { isOpen } from '../domain/clock';
import { carryOut } from './change-clocks';
import { lockLatest } from './clock-store';
import { loadShelf } from './shelf';

/** One promise of a lead as it stood when the lead became a deal. */
export interface LineageRow {
  readonly clock: number;
  readonly metric: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
  readonly state: ClockState;
  readonly owner: number | null;
  readonly startedAt: Date;
  readonly dueAt: Date | null;
  readonly breachedAt: Date | null;
  readonly stoppedAt: Date | null;
  readonly targetSeconds: number;
  readonly elapsedSeconds: number;
}

const asksStage = (condition: Condition): boolean =>
  condition.rules.some((rule) => ('field' in rule ? rule.field === 'lead.stage' : asksStage(rule)));

/** A promise about stages goes on with the deal: a stage ends it. */
const isAboutStages = ({ stop }: Metric): boolean => Boolean(stop.when) && asksStage(stop.when!);

/**
 * a lead has become a deal. Its stage has moved already, so promises about stages have ended or go on; what else still runs ends, and all
 * of them are copied to the deal as they stand.
 */
export async function convertClocks(kit: Kit, trx: Knex.Transaction, { leadId, opportunityId }: Conversion, now: Date): Promise<void> {
  const open = (await lockLatest(trx, [leadId])).filter(isOpen);
  if (open.length > 0) {
    const shelf = await loadShelf(kit, open);
    const ending = open.filter((clock) => !isAboutStages(shelf.metric(clock.versionId, clock.metric)));
    const asked = ending.map((clock) => ({ clock, happening: { kind: 'converted' as const } }));
    const by = { actor: kit.actors.system('SLA'), cause: { type: 'convert', id: String(opportunityId) } };
    if (asked.length > 0) await carryOut(kit, trx, asked, shelf, by, now);
  }
  await trx.raw(
    `INSERT INTO crm_sla_lineage (opportunity_id, clock_id, lead_id, metric, label, obligor, state, owner_id, started_at, due_at, breached_at, stopped_at, target_seconds, elapsed_seconds, at)
     SELECT ?, id, lead_id, metric, label, obligor, state, coalesce(breach_owner_id, owner_id), started_at, due_at, breached_at, stopped_at, target_seconds, elapsed_seconds, ?
     FROM crm_sla_clocks WHERE lead_id = ? ORDER BY id ON CONFLICT DO NOTHING`,
    [opportunityId, now, leadId],
  );
}

/** What was promised and kept on the lead of a deal, oldest first. */
export const lineageOf = (kit: Kit, opportunityId: number): Promise<LineageRow[]> =>
  many<LineageRow>(
    kit.db,
    `SELECT clock_id AS clock, metric, label, obligor, state, owner_id AS owner, started_at AS "startedAt", due_at AS "dueAt",
       breached_at AS "breachedAt", stopped_at AS "stoppedAt", target_seconds AS "targetSeconds", elapsed_seconds AS "elapsedSeconds"
     FROM crm_sla_lineage WHERE opportunity_id = ? ORDER BY clock_id`,
    [opportunityId],
  );

/** How many promises were kept and missed before each deal; one statement. */
export async function promisesOf(
  kit: Kit,
  ids: readonly number[],
): Promise<ReadonlyMap<number, { readonly met: number; readonly missed: number }>> {
  const rows = await many<{ id: number; met: number; missed: number }>(
    kit.db,
    `SELECT opportunity_id AS id, count(*) FILTER (WHERE state = 'met')::int AS met, count(*) FILTER (WHERE breached_at IS NOT NULL AND state <> 'waived')::int AS missed
     FROM crm_sla_lineage WHERE opportunity_id = ANY(?::int[]) GROUP BY 1`,
    [[...ids]],
  );
  return new Map(rows.map(({ id, met, missed }) => [id, { met, missed }]));
}
