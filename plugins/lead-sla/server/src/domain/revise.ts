import { calendarTime, type RevisionMode } from '@leadsea/crm-core';
import type { Metric } from '../../../contracts';
import { warnsOf } from './advance';
import { begin, change, isOpen, tell, type Clock, type Segment, type Step } from './clock';
import { breach, closeSegment, plan } from './plan';
import { budgetOf, retarget } from './target';
import { next } from './transitions';

type Calendar = calendarTime.Calendar;

export interface Revision {
  readonly mode: Exclude<RevisionMode, 'keep'>;
  /** By which the open segment was counted so far. */
  readonly before: Calendar | null;
  readonly after: Calendar;
}

const passed = (at: Date | null, now: Date): boolean => at !== null && at.getTime() <= now.getTime();

/** `replan`: what has been counted stays as it was booked; from `now` on the new revision counts. */
function replan(clock: Clock, { before, after }: Revision, now: Date): Step {
  const closed = clock.state === 'paused' ? begin(clock) : closeSegment(begin(clock), before, now, 'calendar');
  return plan(change(closed, { calendarRevision: after.revision }), after);
}

/** `recompute`: as if the new revision had held from the start. It can miss a deadline and take a miss back. */
function recompute(clock: Clock, metric: Metric, segments: readonly Segment[], { after }: Revision, now: Date): Step {
  const rewritten = segments.map((segment) =>
    segment.kind === 'run' && segment.calendarKey === clock.calendarKey
      ? { ...segment, seconds: calendarTime.elapsed(after, segment.startedAt, segment.endedAt), calendarRevision: after.revision }
      : segment,
  );
  const elapsedSeconds = rewritten.filter(({ kind }) => kind === 'run').reduce((sum, { seconds }) => sum + seconds, 0);
  const target = metric.targets[clock.targetRow];
  const budget = target && clock.targetVersion === 1 ? budgetOf(target, after, clock.startedAt) : null;
  const targetSeconds = budget?.seconds ?? clock.targetSeconds;
  const fired = new Map(clock.warns.map((warn) => [warn.n, warn.fired]));
  const started = change(
    { ...begin(clock), segments: rewritten.filter((segment, index) => segment !== segments[index]) },
    {
      calendarRevision: after.revision,
      elapsedSeconds,
      targetSeconds,
      warns: warnsOf(metric, targetSeconds).map((warn) => ({ ...warn, fired: fired.get(warn.n) ?? false })),
    },
  );
  if (clock.state === 'paused') return plan(started, after);
  const wallDue = clock.pauseCount === 0 && clock.segments === 0 ? (budget?.dueAt ?? null) : null;
  if (clock.breachedAt === null) {
    const planned = plan(started, after, wallDue);
    return passed(planned.clock.dueAt, now) ? breach(planned, 'calendar') : planned;
  }
  const anew = change(started, { state: next('breached_open', 'relent', false), breachedAt: null, breachCause: null, breachOwnerId: null });
  const planned = plan(anew, after, wallDue);
  if (planned.clock.state !== 'running' || passed(planned.clock.dueAt, now)) return plan(started, after);
  return tell(planned, 'unbreached', { breachedAt: clock.breachedAt, dueAt: planned.clock.dueAt });
}

/**
 * a new revision of the calendar of an open clock. Clocks that have ended are never rewritten.
 * @param segments the closed stretches of the clock; asked only by `recompute`.
 */
export function revise(clock: Clock, metric: Metric, segments: readonly Segment[], revision: Revision, now: Date): Step {
  if (!isOpen(clock)) return begin(clock);
  const step = revision.mode === 'replan' ? replan(clock, revision, now) : recompute(clock, metric, segments, revision, now);
  const moved = (step.clock.dueAt?.getTime() ?? null) !== (clock.dueAt?.getTime() ?? null);
  if (step.events.length > 0 || !moved) return step;
  return tell(step, 'replanned', { before: clock.dueAt, dueAt: step.clock.dueAt, mode: revision.mode });
}

/** What a revision would do to one clock, for the preview. */
export interface RevisionEffect {
  readonly moved: boolean;
  readonly breached: boolean;
  readonly unbreached: boolean;
  readonly dueAt: Date | null;
}

export function effectOf(clock: Clock, { clock: after }: Step): RevisionEffect {
  return {
    moved: (after.dueAt?.getTime() ?? null) !== (clock.dueAt?.getTime() ?? null),
    breached: clock.breachedAt === null && after.breachedAt !== null,
    unbreached: clock.breachedAt !== null && after.breachedAt === null,
    dueAt: after.dueAt,
  };
}

/** R-35 `migrate`: an open clock goes on under another version of its metric; its target changes as the new version says. */
export function migrate(clock: Clock, metric: Metric, versionId: number, calendar: Calendar | null, elapsed: number, now: Date): Step {
  if (!isOpen(clock)) return begin(clock);
  const row = Math.min(clock.targetRow, metric.targets.length - 1);
  const target = metric.targets[row];
  const wanted = target && calendar ? budgetOf(target, calendar, clock.startedAt)?.seconds : undefined;
  const seconds =
    clock.breachedAt !== null || wanted === undefined || wanted === clock.targetSeconds
      ? null
      : retarget(metric.targetChange, elapsed, clock.targetSeconds, wanted, metric.graceShare);
  const moved = change(begin(clock), {
    versionId,
    label: metric.label,
    targetRow: row,
    ...(seconds === null ? {} : { targetSeconds: seconds, targetVersion: clock.targetVersion + 1, warns: warnsOf(metric, seconds) }),
  });
  const planned = seconds === null ? moved : plan(moved, calendar);
  const told = tell(planned, 'migrated', {
    fromVersion: clock.versionId,
    targetSeconds: planned.clock.targetSeconds,
    dueAt: planned.clock.dueAt,
  });
  return seconds !== null && passed(told.clock.dueAt, now) ? breach(told, 'target_change') : told;
}
