import type { calendarTime } from '@leadsea/crm-core';
import { STANDARD_PAUSES, type Metric, type PauseReason, type PauseRules } from '../../../contracts';
import { change, tell, type Clock, type Step } from './clock';
import { breach, closeSegment, plan } from './plan';
import { next } from './transitions';

type Calendar = calendarTime.Calendar;

/** What a clock says of a pause while there is none. */
export const NOT_PAUSED = { pauseKind: null, pauseReason: null, pauseBy: null, pauseUntilInbound: false, pauseLimitAt: null } as const;

/** what people may pause a metric for; null when nobody may. A pause by condition has no limit unless the metric names one. */
export const pauseRulesOf = (metric: Metric): PauseRules | null => (metric.pauses === undefined ? STANDARD_PAUSES : metric.pauses);

interface Allowance {
  /** Seconds on the wall; null = no limit. */
  readonly seconds: number | null;
  readonly count: number | null;
}

/** What is left of the pauses of a clock. Time between an end and a re-opening is none of them. */
export function allowanceOf(clock: Clock, rules: PauseRules | null): Allowance {
  return {
    seconds: rules?.maxTotalSeconds ? Math.max(0, rules.maxTotalSeconds - (clock.pauseSeconds - clock.idleSeconds)) : null,
    count: rules?.maxCount ? Math.max(0, rules.maxCount - (clock.pauseCount - clock.idleCount)) : null,
  };
}

const isUsedUp = ({ seconds, count }: Allowance): boolean => seconds === 0 || count === 0;

/** Limits bind what a condition pauses only where the metric has rules of its own. */
const rulesFor = (metric: Metric, kind: 'condition' | 'manual'): PauseRules | null =>
  kind === 'manual' ? pauseRulesOf(metric) : (metric.pauses ?? null);

interface Pausing {
  readonly kind: 'condition' | 'manual';
  readonly reason: string | null;
  readonly by: number | null;
  readonly untilInbound: boolean;
  readonly until: Date | null;
}

function beginPause(step: Step, pausing: Pausing, metric: Metric, calendar: Calendar | null, now: Date): Step {
  const { clock } = step;
  const allowance = allowanceOf(clock, rulesFor(metric, pausing.kind));
  if (isUsedUp(allowance)) {
    return clock.pauseSpent
      ? step
      : tell(change(step, { pauseSpent: true }), 'pause_limit', { reason: pausing.reason, count: clock.pauseCount });
  }
  const limits = [pausing.until, allowance.seconds === null ? null : new Date(now.getTime() + allowance.seconds * 1000)];
  const ends = limits.filter((limit): limit is Date => limit !== null).map((limit) => limit.getTime());
  const closed = closeSegment(step, calendar, now, 'pause');
  const paused = change(closed, {
    state: next(clock.state, 'pause', clock.breachedAt !== null),
    pauseCount: clock.pauseCount + 1,
    pauseKind: pausing.kind,
    pauseReason: pausing.reason,
    pauseBy: pausing.by,
    pauseUntilInbound: pausing.untilInbound,
    pauseLimitAt: ends.length > 0 ? new Date(Math.min(...ends)) : null,
    segmentSince: now,
  });
  const remainingSeconds = paused.clock.targetSeconds - paused.clock.elapsedSeconds;
  return tell(plan(paused, calendar), 'paused', {
    remainingSeconds,
    reason: pausing.reason,
    kind: pausing.kind,
    by: pausing.by,
    until: paused.clock.pauseLimitAt,
  });
}

/** afterwards the rest of the target counts from `at`; a deadline that has passed by `now` is missed. */
function endPause(step: Step, calendar: Calendar | null, at: Date, now: Date, why: string): Step {
  const { clock } = step;
  const late = clock.breachedAt !== null;
  const closed = closeSegment(step, calendar, at, 'resume');
  const running = change(closed, { state: next('paused', 'resume', late), segmentSince: at, ...NOT_PAUSED });
  const resumed = plan(running, calendar);
  const told = tell(resumed, 'resumed', { dueAt: resumed.clock.dueAt, why });
  const { dueAt } = told.clock;
  return !late && dueAt !== null && dueAt.getTime() < now.getTime() ? breach(told, 'time') : told;
}

/** the allowance or the time that was chosen is over: the clock goes on from there, whenever that is noticed. */
export function atPauseLimit(step: Step, metric: Metric, calendar: Calendar | null, now: Date): Step {
  const { clock } = step;
  const limit = clock.pauseLimitAt;
  if (clock.state !== 'paused' || limit === null || now.getTime() < limit.getTime()) return step;
  const kind = clock.pauseKind ?? 'condition';
  const resumed = endPause(step, calendar, limit, now, 'limit');
  const spent = isUsedUp(allowanceOf(resumed.clock, rulesFor(metric, kind)));
  if (!spent) return resumed;
  return tell(change(resumed, { pauseSpent: true }), 'pause_limit', {
    seconds: resumed.clock.pauseSeconds,
    count: resumed.clock.pauseCount,
  });
}

/** a pause by hand holds until somebody or something ends it; one by condition holds while the condition does. */
export function pauseOrResume(
  before: Step,
  facts: { readonly pause: boolean; readonly inbound: boolean },
  metric: Metric,
  calendar: Calendar | null,
  now: Date,
): Step {
  const step = atPauseLimit(before, metric, calendar, now);
  const { clock } = step;
  if (clock.state === 'paused') {
    const byHand = clock.pauseKind === 'manual';
    if (byHand && clock.pauseUntilInbound && facts.inbound) return endPause(step, calendar, now, now, 'inbound');
    return byHand || facts.pause ? step : endPause(step, calendar, now, now, 'condition');
  }
  if (!facts.pause || clock.pauseSpent) return step;
  return beginPause(step, { kind: 'condition', reason: null, by: null, untilInbound: false, until: null }, metric, calendar, now);
}

export type PauseRefusal = 'PAUSE_NOT_ALLOWED' | 'PAUSE_REASON_UNKNOWN' | 'PAUSE_LIMIT' | 'PAUSE_NOT_RUNNING' | 'PAUSE_NEEDS_EVIDENCE';

/** Whether somebody may pause this clock by hand, and by which reason of the metric. */
export function checkPause(
  clock: Clock,
  metric: Metric,
  reason: string,
  hasEvidence: boolean,
): { readonly ok: true; readonly reason: PauseReason } | { readonly ok: false; readonly code: PauseRefusal } {
  const rules = pauseRulesOf(metric);
  if (!rules) return { ok: false, code: 'PAUSE_NOT_ALLOWED' };
  const known = rules.reasons.find((one) => one.key === reason);
  if (!known) return { ok: false, code: 'PAUSE_REASON_UNKNOWN' };
  if (clock.state !== 'running' && clock.state !== 'breached_open') return { ok: false, code: 'PAUSE_NOT_RUNNING' };
  if (clock.pauseSpent || isUsedUp(allowanceOf(clock, rules))) return { ok: false, code: 'PAUSE_LIMIT' };
  if (known.needsEvidence && !hasEvidence) return { ok: false, code: 'PAUSE_NEEDS_EVIDENCE' };
  return { ok: true, reason: known };
}

export interface ManualPause {
  readonly reason: string;
  readonly untilInbound: boolean;
  readonly until: Date | null;
  readonly by: number | null;
}

/** A pause by hand; ask `checkPause` first. */
export const pauseByHand = (step: Step, pause: ManualPause, metric: Metric, calendar: Calendar | null, now: Date): Step =>
  beginPause(step, { ...pause, kind: 'manual' }, metric, calendar, now);

/** Ends a pause by hand; one by condition ends when its condition does. */
export const resumeByHand = (step: Step, calendar: Calendar | null, now: Date): Step =>
  step.clock.state === 'paused' && step.clock.pauseKind === 'manual' ? endPause(step, calendar, now, now, 'hand') : step;
