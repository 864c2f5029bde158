import type { calendarTime } from '@leadsea/crm-core';
import type { PauseRules } from '../../../contracts';
import { change, type Step } from './clock';
import { breach, closeSegment, plan } from './plan';
import { next } from './transitions';

/** a stretch of a lead's past in which a clock that counts from then would have been paused. */
export interface PastPause {
  readonly startedAt: Date;
  readonly until: Date;
}

/** A lead as it was from an instant on, and whether a pause held. */
export interface PastState {
  readonly from: Date;
  readonly paused: boolean;
}

/** The stretches between `start` and `now` in which the pause held; states oldest first, each up to the next one. */
export function pausesOf(states: readonly PastState[], start: Date, now: Date): PastPause[] {
  const pauses: PastPause[] = [];
  states.forEach(({ from, paused }, index) => {
    const startedAt = from < start ? start : from;
    const until = states[index + 1]?.from ?? now;
    if (!paused || until <= startedAt) return;
    const last = pauses[pauses.length - 1];
    if (last && last.until.getTime() === startedAt.getTime()) pauses[pauses.length - 1] = { ...last, until };
    else pauses.push({ startedAt, until });
  });
  return pauses;
}

/** R-24 for the past: what lies beyond the limits of the metric was no pause. */
export function withinLimits(pauses: readonly PastPause[], rules: PauseRules | null): readonly PastPause[] {
  let left = (rules?.maxTotalSeconds ?? Infinity) * 1000;
  return pauses.slice(0, rules?.maxCount ?? undefined).flatMap(({ startedAt, until }) => {
    const ms = Math.min(left, until.getTime() - startedAt.getTime());
    left -= ms;
    return ms > 0 ? [{ startedAt, until: new Date(startedAt.getTime() + ms) }] : [];
  });
}

/** Up to a pause of the past on a clock that counts from before it; a deadline that had passed by then is missed there. */
function enterPause(step: Step, startedAt: Date, calendar: calendarTime.Calendar, wallDue: Date | null): Step {
  const planned = plan(step, calendar, wallDue);
  const { dueAt } = planned.clock;
  const run = dueAt !== null && dueAt <= startedAt ? breach(planned, 'backfill', { backfill: true }) : planned;
  const stopped = closeSegment(run, calendar, startedAt, 'pause');
  return change(stopped, {
    state: next(run.clock.state, 'pause', run.clock.breachedAt !== null),
    pauseCount: run.clock.pauseCount + 1,
    segmentSince: startedAt,
  });
}

/** Books one pause of the past from its beginning to its end. */
export function bookPause(step: Step, { startedAt, until }: PastPause, calendar: calendarTime.Calendar, wallDue: Date | null): Step {
  const paused = enterPause(step, startedAt, calendar, wallDue);
  const closed = closeSegment(paused, calendar, until, 'resume');
  return change(closed, { state: next('paused', 'resume', closed.clock.breachedAt !== null), segmentSince: until });
}

/** A pause of the past that goes on: it ends when its condition does, or when the allowance of the metric is used up. */
export function holdPause(
  step: Step,
  { startedAt }: PastPause,
  calendar: calendarTime.Calendar,
  wallDue: Date | null,
  maxTotalSeconds: number | null,
): Step {
  const paused = enterPause(step, startedAt, calendar, wallDue);
  const left = maxTotalSeconds === null ? null : maxTotalSeconds - paused.clock.pauseSeconds;
  const limit = left === null ? null : new Date(startedAt.getTime() + left * 1000);
  return plan(change(paused, { pauseKind: 'condition', pauseLimitAt: limit }), calendar);
}
