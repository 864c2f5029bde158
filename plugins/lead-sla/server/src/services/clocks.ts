import { notFound, many, type Kit } from '@leadsea/crm-core';
import { SLA_KIND, type ClockBrief, type Clocks, type Contract } from '../../../contracts';
import type { Clock } from '../domain/clock';
import { explainClock } from '../domain/explain';
import { elapsedAt } from '../domain/plan';
import { signNewest } from './agreements';
import { calendarOf, clockCalendar, loadCalendars } from './calendars';
import { findClocks, segmentsOf } from './clock-store';
import { rebuildClock } from './history';
import { mergeLeads, unmergeLeads } from './merges';

const OPEN = `c.state IN ('running', 'paused', 'blocked', 'breached_open')`;

/** Seconds left of clocks at an instant; negative for what is overdue. */
export async function remainingOf(kit: Kit, clocks: readonly Clock[], now: Date): Promise<ReadonlyMap<number, number>> {
  const calendars = await loadCalendars(kit, clocks.map(clockCalendar));
  return new Map(clocks.map((clock) => [clock.id, clock.targetSeconds - elapsedAt(clock, calendars(clockCalendar(clock)), now)]));
}

export function createClocks(kit: Kit): Clocks {
  return {
    clocksFor: async (leadIds, now) => {
      if (leadIds.length === 0) return new Map();
      // A missed deadline is older than one to come, so the earliest deadline is the most urgent.
      const clocks = await findClocks(
        kit.db,
        `JOIN (SELECT DISTINCT ON (lead_id) id FROM crm_sla_clocks c WHERE lead_id = ANY(?::int[]) AND latest AND ${OPEN} ORDER BY lead_id, due_at NULLS LAST, id) urgent USING (id)`,
        [[...leadIds]],
      );
      const remaining = await remainingOf(kit, clocks, now);
      return new Map(
        clocks.map(({ id, leadId, metric, label, state, dueAt }): [number, ClockBrief] => [
          leadId,
          { id, metric, label, metricLabel: label, state, dueAt, remainingSeconds: remaining.get(id) ?? 0 },
        ]),
      );
    },
    explain: async (clockId, now) => {
      const [clock] = await findClocks(kit.db, 'WHERE c.id = ?', [clockId]);
      if (!clock) throw notFound('Clock');
      const [version, segments, calendar] = await Promise.all([
        kit.policies.version<Contract>(clock.versionId),
        segmentsOf(kit.db, clockId),
        calendarOf(kit, clockCalendar(clock)),
      ]);
      return explainClock(
        { clock, segments, calendar, policy: { key: version.key, number: version.number, versionId: version.versionId } },
        now,
      );
    },
    merge: (trx, merge, now, policy = 'earliest') => mergeLeads(kit, trx, merge, now, policy),
    unmerge: (trx, merge, now) => unmergeLeads(kit, trx, merge, now),
    sign: (contractId, side, actor, now) => signNewest(kit, contractId, side, actor, now),
    rebuild: (clockId) => rebuildClock(kit, clockId),
  };
}

/** Who is affected if this contract were published now: leads each metric would measure, and clocks that are open (R-35: they keep). */
export async function previewContract(kit: Kit, contract: Contract, policyId: number, now: Date): Promise<Record<string, unknown>> {
  const open = await many<{ metric: string; count: number }>(
    kit.db,
    `SELECT metric, count(*)::int AS count FROM crm_sla_clocks c WHERE contract_id = ? AND ${OPEN} GROUP BY metric`,
    [policyId],
  );
  const openByMetric = new Map(open.map((row) => [row.metric, row.count]));
  const starts = contract.metrics.map((metric) => {
    const start = kit.conditions.compile(metric.start, 'lead', 'l', { now, actor: null });
    return { sql: `count(*) FILTER (WHERE ${start.sql})::int AS "${metric.key}"`, bindings: start.bindings };
  });
  const [counts] = await many<Record<string, number>>(
    kit.db,
    `SELECT ${starts.map((one) => one.sql).join(', ')} FROM crm_leads l WHERE l.merged_into IS NULL AND l.quarantine IS NULL AND NOT coalesce(l.is_test, false)`,
    starts.flatMap((one) => [...one.bindings]),
  );
  return {
    kind: SLA_KIND,
    metrics: contract.metrics.map(({ key, label }) => ({ key, label, leads: counts?.[key] ?? 0, openClocks: openByMetric.get(key) ?? 0 })),
  };
}
