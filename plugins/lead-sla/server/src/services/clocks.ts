import { notFound, type Kit } from '@leadsea/crm-core';
import type { ClockBrief, Clocks, Contract } from '../../../contracts';
import type { Clock } from '../domain/clock';
import { explainClock } from '../domain/explain';
import { elapsedAt } from '../domain/plan';
import { signNewest } from './agreements';
import { calendarOf, clockCalendar, loadCalendars } from './calendars';
import { findClocks, segmentsOf } from './clock-store';
import { rebuildClock } from './history';
import { mergeLeads, unmergeLeads } from './merges';

/** Clocks that still run to an end. */
export const OPEN = `c.state IN ('running', 'paused', 'blocked', 'breached_open')`;

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
