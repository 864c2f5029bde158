import { calendarTime } from '@leadsea/crm-core';
import { begin, change, isOpen, tell, type Clock, type Step } from './clock';
import { NOT_PAUSED } from './pause';
import { breach, closeSegment, plan } from './plan';
import { next } from './transitions';

type Calendar = calendarTime.Calendar;

const same = (a: Clock, b: Clock): boolean => a.contractId === b.contractId && a.metric === b.metric;

/**
 * A clock ends because its lead has become part of another or a deal, or the person behind it was erased, or it has gone back to whom it
 * was taken from.
 */
export function endFor(clock: Clock, reason: 'merged' | 'converted' | 'given_back' | 'erased', calendar: Calendar | null, now: Date): Step {
  const closed = closeSegment(begin(clock), calendar, now, reason);
  const ended = change(closed, {
    state: next(clock.state, 'cancel', clock.breachedAt !== null),
    stoppedAt: now,
    segmentSince: null,
    endReason: reason,
    ...NOT_PAUSED,
  });
  return tell(ended, clock.breachedAt === null ? 'cancelled' : 'closed', { reason });
}

const lateAt = (step: Step, now: Date): Step => {
  const { dueAt } = step.clock;
  return dueAt !== null && dueAt.getTime() <= now.getTime() ? breach(step, 'backfill', { backfill: true }) : step;
};

/** The clock counts from another start: `seconds` of business time more (or, taken back, less) have been used. */
export function countFrom(clock: Clock, startedAt: Date, seconds: number, calendar: Calendar | null, now: Date): Step {
  const moved = change(begin(clock), { startedAt, elapsedSeconds: clock.elapsedSeconds + seconds });
  return isOpen(clock) && calendar ? lateAt(plan(moved, calendar), now) : moved;
}

/** un-merged. The clock goes on as it was when the merge ended it: the time in between counts, nobody is told of a miss in it. */
export function restore(kept: Clock, ended: Clock, calendar: Calendar | null, now: Date): Step {
  const restored = tell(change(begin(kept), { segments: ended.segments, latest: true, ...rewound(kept, ended) }), 'restored', {});
  return calendar && kept.state === 'running' ? lateAt(plan(restored, calendar), now) : restored;
}

/** The end closed the open stretch as a segment of its own; the clock goes on from there. */
function rewound(kept: Clock, ended: Clock): Partial<Clock> {
  if (ended.segments === kept.segments) return {};
  return { elapsedSeconds: ended.elapsedSeconds, pauseSeconds: ended.pauseSeconds, segmentSince: ended.stoppedAt };
}

export interface Earlier {
  readonly clock: Clock;
  readonly startedAt: Date;
  readonly seconds: number;
}

/** of two clocks that ran for one metric the survivor's counts from the earlier start. */
export function earlierStarts(
  survivor: readonly Clock[],
  losers: readonly Clock[],
  calendarOf: (clock: Clock) => Calendar | null,
): readonly Earlier[] {
  const open = losers.filter(isOpen);
  return survivor.filter(isOpen).flatMap((clock): Earlier[] => {
    const starts = open.filter((other) => same(clock, other)).map((other) => other.startedAt.getTime());
    const startedAt = new Date(Math.min(clock.startedAt.getTime(), ...starts));
    const calendar = calendarOf(clock);
    if (startedAt.getTime() === clock.startedAt.getTime() || !calendar) return [];
    return [{ clock, startedAt, seconds: calendarTime.elapsed(calendar, startedAt, clock.startedAt) }];
  });
}
