import { calendarTime } from '@leadsea/crm-core';
import { begin, change, isOpen, tell, type Clock, type Step } from './clock';
import { breach, closeSegment, plan } from './plan';
import { next } from './transitions';

const same = (a: Clock, b: Clock): boolean => a.contractId === b.contractId && a.metric === b.metric;

/**
 * R-33: the survivor keeps its open clocks, the losers' end as `merged`. Where both ran for one metric, `earliest` lets the survivor's
 * clock count from the earlier start.
 */
export function mergeClocks(
  survivor: readonly Clock[],
  losers: readonly Clock[],
  calendarOf: (clock: Clock) => calendarTime.Calendar | null,
  now: Date,
  policy: 'earliest' | 'survivor' = 'earliest',
): readonly Step[] {
  const open = losers.filter(isOpen);
  const ended = open.map((clock): Step => {
    const closed = closeSegment(begin(clock), calendarOf(clock), now, 'merged');
    const values = {
      state: next(clock.state, 'cancel', clock.breachedAt !== null),
      stoppedAt: now,
      segmentSince: null,
      endReason: 'merged',
    };
    return tell(change(closed, values), clock.breachedAt === null ? 'cancelled' : 'closed', { reason: 'merged' });
  });
  if (policy === 'survivor') return ended;
  const moved = survivor.filter(isOpen).flatMap((clock): Step[] => {
    const starts = open.filter((other) => same(clock, other)).map((other) => other.startedAt.getTime());
    const earliest = new Date(Math.min(clock.startedAt.getTime(), ...starts));
    const calendar = calendarOf(clock);
    if (earliest.getTime() === clock.startedAt.getTime() || !calendar) return [];
    const more = calendarTime.elapsed(calendar, earliest, clock.startedAt);
    const planned = plan(change(begin(clock), { startedAt: earliest, elapsedSeconds: clock.elapsedSeconds + more }), calendar);
    const { dueAt } = planned.clock;
    return [dueAt !== null && dueAt.getTime() <= now.getTime() ? breach(planned, 'backfill', { backfill: true }) : planned];
  });
  return [...ended, ...moved];
}
