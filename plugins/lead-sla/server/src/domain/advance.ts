import { calendarTime } from '@leadsea/crm-core';
import type { Metric } from '../../../contracts';
import { begin, change, isOpen, tell, type Clock, type Segment, type Step } from './clock';
import type { Evidence } from './evidence';
import { NOT_PAUSED, pauseOrResume } from './pause';
import { breach, closeSegment, elapsedAt, plan } from './plan';
import { budgetOf, retarget, warnSeconds } from './target';
import { next } from './transitions';

/** What is true of the lead, as far as one metric asks (R-21: state, not edges). */
export interface Facts {
  readonly start: boolean;
  readonly stop: boolean;
  readonly cancel: boolean;
  /** The pause holds, and nothing that ends it does. */
  readonly pause: boolean;
  /** R-20 ③: by something that happened in this change, or because a condition holds. */
  readonly reset: 'no' | 'state' | 'activity';
  /** The customer has been heard of in this change. */
  readonly inbound: boolean;
  readonly evidence: Evidence | null;
  /** Whose lead it is; while somebody keeps it for a leave, still the one who is away. */
  readonly ownerId: number | null;
  /** Who keeps it for the owner, if somebody does. */
  readonly keeperId?: number | null;
  /** Whoever kept it has become its owner: what runs goes on with him, and what he has answered is answered. */
  readonly takenOver?: boolean;
  /** Index of the first target that matches. */
  readonly targetRow: number;
}

export interface HolderCalendar {
  readonly key: string | null;
  readonly revision: string | null;
  readonly calendar: calendarTime.Calendar | null;
}

export interface Context {
  readonly metric: Metric;
  /** By which the open segment is counted. */
  readonly current: calendarTime.Calendar | null;
  /** By which the lead's present holder is measured. */
  readonly holder: HolderCalendar;
}

/** Attach only if start ∧ ¬stop ∧ ¬cancel. */
export const mayRun = (facts: Facts): boolean => facts.start && !facts.stop && !facts.cancel && facts.evidence === null;

/** What the warns of a metric are for a target. */
export const warnsOf = (metric: Metric, targetSeconds: number): Clock['warns'] =>
  metric.warns.flatMap((warn, n) => {
    const seconds = warnSeconds(warn, targetSeconds);
    return seconds === null ? [] : [{ n, seconds, at: null, fired: false }];
  });

function end(step: Step, signal: 'stop' | 'cancel', context: Context, at: Date, values: Partial<Clock>): Step {
  const late = step.clock.breachedAt !== null;
  const closed = closeSegment(step, context.current, at, signal);
  return change(closed, {
    state: next(step.clock.state, signal, late),
    stoppedAt: at,
    lastSince: step.clock.state === 'paused' ? null : step.clock.segmentSince,
    segmentSince: null,
    warns: step.clock.warns.map((warn) => ({ ...warn, at: null })),
    ...NOT_PAUSED,
    ...values,
  });
}

const overrun = (clock: Clock): number => Math.max(0, clock.elapsedSeconds - clock.targetSeconds);

/** ① stop. Exactly at the deadline is in time. */
function stop(step: Step, facts: Facts, context: Context, now: Date): Step {
  const { evidence } = facts;
  if (!evidence && !facts.stop) return step;
  const at = evidence?.at ?? now;
  const { breachedAt } = step.clock;
  const disputed = breachedAt !== null && evidence !== null && at.getTime() <= breachedAt.getTime();
  const ended = end(step, 'stop', context, at, {
    stopActivityId: evidence?.activityId ?? null,
    endReason: evidence ? 'activity' : 'condition',
    rearmed: !facts.start || facts.stop || facts.cancel,
    disputed,
    backdated: evidence?.backdated ?? false,
  });
  const { clock } = ended;
  const data = {
    stoppedAt: at,
    elapsedSeconds: clock.elapsedSeconds,
    activity: clock.stopActivityId,
    ...(evidence?.backdated ? { backdated: true } : {}),
  };
  if (breachedAt === null) return tell(ended, 'met', data);
  return tell(ended, 'closed', { ...data, overrunSeconds: overrun(clock), ...(disputed ? { disputed } : {}) });
}

/**
 * Evidence that happened earlier but came later: the clock ended then, so that the order in which activities arrive makes no difference.
 * A breach stands all the same and is disputed.
 */
function correctStop(step: Step, { evidence }: Facts, { current }: Context): Step {
  const { clock } = step;
  const { stoppedAt, lastSince } = clock;
  if (!evidence || clock.endReason !== 'activity' || !stoppedAt || !lastSince || !current) return step;
  if (evidence.at >= stoppedAt || evidence.at < lastSince) return step;
  const seconds = calendarTime.elapsed(current, lastSince, evidence.at);
  const segment: Segment = {
    clockId: clock.id,
    number: clock.segments,
    kind: 'run',
    startedAt: lastSince,
    endedAt: evidence.at,
    seconds,
    ownerId: clock.ownerId,
    calendarKey: clock.calendarKey,
    cause: 'stop',
    calendarRevision: clock.calendarRevision,
  };
  const disputed = clock.breachedAt !== null && evidence.at.getTime() <= clock.breachedAt.getTime();
  const corrected = change(
    { ...step, segments: [...step.segments, segment] },
    {
      stoppedAt: evidence.at,
      stopActivityId: evidence.activityId,
      elapsedSeconds: clock.elapsedSeconds - calendarTime.elapsed(current, lastSince, stoppedAt) + seconds,
      backdated: evidence.backdated,
      disputed: clock.disputed || disputed,
    },
  );
  const told = { stoppedAt: evidence.at, before: stoppedAt, activity: evidence.activityId, elapsedSeconds: corrected.clock.elapsedSeconds };
  return tell(corrected, disputed && !clock.disputed ? 'disputed' : 'observed', { ...told, corrected: true });
}

/** why a clock that is not answered ends all the same. */
function cancelReason({ clock }: Step, facts: Facts, { metric }: Context): string | null {
  if (facts.cancel) return 'cancel';
  if (clock.clockOwner === 'owner' && facts.ownerId !== clock.ownerId && facts.takenOver !== true)
    return facts.ownerId === null ? 'released' : 'reassigned';
  if (!facts.start && metric.whenStartNoLongerMet === 'cancel') return 'start_no_longer_met';
  return null;
}

/** ② cancel. A clock that is late already ends as breached. */
function cancel(step: Step, facts: Facts, context: Context, now: Date): Step {
  const reason = cancelReason(step, facts, context);
  if (reason === null) return step;
  const ended = end(step, 'cancel', context, now, { endReason: reason, rearmed: !facts.start || facts.stop || facts.cancel });
  if (step.clock.breachedAt === null) return tell(ended, 'cancelled', { reason });
  return tell(ended, 'closed', { reason, stoppedAt: now, overrunSeconds: overrun(ended.clock) });
}

/** somebody else holds the lead; the seconds that are left carry over to his calendar. */
function changeHolder(step: Step, facts: Facts, { metric, current, holder }: Context, now: Date): Step {
  const { clock } = step;
  const moves = metric.calendarSource !== 'fixed' || metric.respectOwnerLeave === true;
  const same = !moves || (clock.calendarKey === holder.key && leaveOf(clock.calendarRevision) === leaveOf(holder.revision));
  if (clock.ownerId === facts.ownerId && same) return step;
  const closed = closeSegment(step, current, now, 'holder');
  if (same) return change(closed, { ownerId: facts.ownerId });
  const switched = change(closed, { ownerId: facts.ownerId, calendarKey: holder.key, calendarRevision: holder.revision });
  return plan(switched, holder.calendar);
}

/** A new revision of the same calendar is no other calendar (R-9 decides about it), but other days of leave are. */
const leaveOf = (revision: string | null): string => revision?.split('+')[1] ?? '';

/** R-20 ③: the time begins again with the full target: this clock ends, the next cycle opens. */
function reset(step: Step, facts: Facts, context: Context, now: Date): Step {
  const { clock } = step;
  if (facts.reset !== 'state' && clock.resetHeld) return change(step, { resetHeld: false });
  if (facts.reset === 'no' || (facts.reset === 'state' && clock.resetHeld)) return step;
  const ended = end(step, 'cancel', context, now, { endReason: 'reset', rearmed: true });
  if (clock.breachedAt === null) return tell(ended, 'cancelled', { reason: 'reset' });
  return tell(ended, 'closed', { reason: 'reset', stoppedAt: now, overrunSeconds: overrun(ended.clock) });
}

/** A clock that is late keeps the target it has missed. */
function changeTarget(step: Step, facts: Facts, metric: Metric, calendar: calendarTime.Calendar | null, now: Date): Step {
  const { clock } = step;
  const target = metric.targets[facts.targetRow];
  if (facts.targetRow === clock.targetRow || clock.breachedAt !== null || !target || !calendar) return step;
  const wanted = budgetOf(target, calendar, clock.startedAt);
  if (!wanted) return step;
  const seconds = retarget(metric.targetChange, elapsedAt(clock, calendar, now), clock.targetSeconds, wanted.seconds, metric.graceShare);
  if (seconds === null || seconds === clock.targetSeconds) return step;
  const changed = change(step, {
    targetRow: facts.targetRow,
    targetSeconds: seconds,
    targetVersion: clock.targetVersion + 1,
    warns: warnsOf(metric, seconds),
  });
  const planned = plan(changed, calendar, metric.targetChange === 'retroactive' && clock.pauseCount === 0 ? wanted.dueAt : null);
  const told = tell(planned, 'retargeted', { before: clock.targetSeconds, targetSeconds: seconds, dueAt: planned.clock.dueAt });
  const { dueAt } = told.clock;
  return dueAt !== null && dueAt.getTime() <= now.getTime() ? breach(told, 'target_change', {}, facts.keeperId) : told;
}

/** tries again; a target that could not be computed at the start is computed now. */
function unblock(step: Step, metric: Metric, calendar: calendarTime.Calendar | null): Step {
  const { clock } = step;
  const target = metric.targets[clock.targetRow];
  if (clock.targetSeconds > 0 || !target || !calendar) return plan(step, calendar);
  const budget = budgetOf(target, calendar, clock.startedAt);
  return budget
    ? plan(change(step, { targetSeconds: budget.seconds, warns: warnsOf(metric, budget.seconds) }), calendar, budget.dueAt)
    : step;
}

/**
 * What a change of the lead means for a clock that exists: a deadline that has passed is noted first, then stop > cancel > pause,
 * then holder and target. The same facts at a later instant give the same clock.
 */
export function advance(clock: Clock, facts: Facts, context: Context, now: Date): Step {
  let step = begin(clock);
  if (!isOpen(clock)) {
    step = correctStop(step, facts, context);
    if (facts.takenOver && facts.ownerId !== clock.ownerId) step = change(step, { ownerId: facts.ownerId });
    return clock.rearmed || mayRun({ ...facts, evidence: null }) ? step : change(step, { rearmed: true });
  }
  if (clock.dueAt !== null && now.getTime() > clock.dueAt.getTime()) step = breach(step, 'time', {}, facts.keeperId);
  step = stop(step, facts, context, now);
  if (isOpen(step.clock)) step = cancel(step, facts, context, now);
  if (!isOpen(step.clock)) return step;
  step = changeHolder(step, facts, context, now);
  const kept = step.clock.calendarKey === clock.calendarKey && step.clock.calendarRevision === clock.calendarRevision;
  const calendar = kept ? context.current : context.holder.calendar;
  step = pauseOrResume(step, facts, context.metric, calendar, now);
  step = reset(step, facts, { ...context, current: calendar }, now);
  if (!isOpen(step.clock)) return step;
  if (step.clock.state === 'blocked') step = unblock(step, context.metric, calendar);
  return changeTarget(step, facts, context.metric, calendar, now);
}

/** The timer of the deadline: `now ≥ due`. */
export function atDeadline(clock: Clock, now: Date, keeperId: number | null = null): Step {
  const step = begin(clock);
  return clock.dueAt !== null && now.getTime() >= clock.dueAt.getTime() ? breach(step, 'time', {}, keeperId) : step;
}

/** The timers of warns: of several that are overdue only the highest is told; one whose deadline has passed too is dropped. */
export function atWarn(clock: Clock, now: Date): Step {
  const step = begin(clock);
  if (clock.state !== 'running' && clock.state !== 'breached_open') return step;
  const due = clock.warns.filter((warn) => !warn.fired && warn.at !== null && warn.at.getTime() <= now.getTime());
  if (due.length === 0) return step;
  const fired = change(step, { warns: clock.warns.map((warn) => (due.includes(warn) ? { ...warn, fired: true } : warn)) });
  const late = clock.dueAt === null || clock.dueAt.getTime() <= now.getTime();
  const told = late ? due.filter((warn) => warn.seconds > clock.targetSeconds) : due;
  if (told.length === 0) return fired;
  const highest = told.reduce((top, warn) => (warn.seconds > top.seconds ? warn : top));
  return tell(fired, 'warned', { warn: highest.n, at: highest.at, dueAt: clock.dueAt, ...(late ? { afterDeadline: true } : {}) });
}
