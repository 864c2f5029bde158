import type { calendarTime, RevisionMode } from '@leadsea/crm-core';
import type { Metric } from '../../../contracts';
import { advance, atDeadline, atWarn, type Facts } from './advance';
import { begin, change, tell, type Clock, type ClockEvent, type Segment, type Step } from './clock';
import { openClock, reopenClock, type NewClock } from './open';
import { atPauseLimit, pauseByHand, resumeByHand, type ManualPause } from './pause';
import { elapsedAt } from './plan';
import { countFrom, endFor, restore } from './merge';
import { migrate, revise } from './revise';
import { unwaive, waive } from './waive';

/** A calendar by name. */
export interface HolderRef {
  readonly key: string | null;
  readonly revision: string | null;
}

/** Everything that can happen to a clock, with all that the decision needs. Written beside the event it led to. */
export type Happening =
  | { readonly kind: 'open'; readonly clock: NewClock; readonly facts: Facts; readonly holder: HolderRef }
  | { readonly kind: 'facts' | 'reopen'; readonly facts: Facts; readonly holder: HolderRef }
  | { readonly kind: 'deadline'; readonly hop: boolean; readonly keeperId?: number | null }
  | { readonly kind: 'warn' | 'pause-limit' | 'resume' | 'merged' | 'given-back' | 'converted' | 'erased' }
  | { readonly kind: 'late-evidence'; readonly activityId: number; readonly at: Date }
  | ({ readonly kind: 'pause' } & ManualPause)
  | { readonly kind: 'waive'; readonly by: number | null; readonly reason: string }
  | { readonly kind: 'unwaive'; readonly by: number | null }
  | { readonly kind: 'revision'; readonly mode: Exclude<RevisionMode, 'keep'>; readonly revision: string | null }
  | { readonly kind: 'migrate'; readonly versionId: number }
  | { readonly kind: 'earlier'; readonly startedAt: Date; readonly seconds: number }
  | { readonly kind: 'restored'; readonly clock: Clock };

/** What a happening is decided with: versions and calendars, by name. */
export interface Shelf {
  metric(versionId: number, key: string): Metric;
  calendar(ref: HolderRef): calendarTime.Calendar | null;
}

const refOf = (clock: Clock): HolderRef => ({ key: clock.calendarKey, revision: clock.calendarRevision });

/** The one place where a clock changes: the same function decides live and when a clock is rebuilt. */
export function happen(clock: Clock | null, happening: Happening, segments: readonly Segment[], shelf: Shelf, now: Date): Step {
  if (happening.kind === 'open') {
    const { clock: identity, facts, holder } = happening;
    const holding = { ...holder, calendar: shelf.calendar(holder) };
    return openClock(identity, shelf.metric(identity.versionId, identity.metric), facts, holding, now);
  }
  if (!clock) throw new Error(`A clock that does not exist cannot take "${happening.kind}".`);
  const metric = shelf.metric(clock.versionId, clock.metric);
  const current = shelf.calendar(refOf(clock));
  switch (happening.kind) {
    case 'facts':
      return advance(
        clock,
        happening.facts,
        { metric, current, holder: { ...happening.holder, calendar: shelf.calendar(happening.holder) } },
        now,
      );
    case 'reopen':
      return reopenClock(clock, metric, happening.facts, { ...happening.holder, calendar: shelf.calendar(happening.holder) }, now);
    case 'deadline': {
      const step = atDeadline(clock, now, happening.keeperId ?? null);
      return happening.hop ? change(step, { hops: step.clock.hops + 1 }) : step;
    }
    case 'warn':
      return atWarn(clock, now);
    case 'pause-limit':
      return atPauseLimit(begin(clock), metric, current, now);
    case 'pause':
      return pauseByHand(begin(clock), happening, metric, current, now);
    case 'resume':
      return resumeByHand(begin(clock), current, now);
    case 'waive':
      return waive(clock, happening.by, happening.reason, current, now);
    case 'unwaive':
      return unwaive(clock, happening.by);
    case 'revision': {
      const after = shelf.calendar({ key: clock.calendarKey, revision: happening.revision });
      return after ? revise(clock, metric, segments, { mode: happening.mode, before: current, after }, now) : begin(clock);
    }
    case 'migrate':
      return migrate(
        clock,
        shelf.metric(happening.versionId, clock.metric),
        happening.versionId,
        current,
        elapsedAt(clock, current, now),
        now,
      );
    case 'merged':
      return endFor(clock, 'merged', current, now);
    case 'given-back':
      return endFor(clock, 'given_back', current, now);
    case 'converted':
      return endFor(clock, 'converted', current, now);
    case 'erased':
      return endFor(clock, 'erased', current, now);
    case 'late-evidence':
      return tell(change(begin(clock), { disputed: true }), 'disputed', { activity: happening.activityId, answeredAt: happening.at });
    case 'earlier':
      return countFrom(clock, happening.startedAt, happening.seconds, current, now);
    case 'restored':
      return restore(happening.clock, clock, current, now);
  }
}

/** The events of a step with what led to it on the first one; a change that nobody is told about is `observed`. */
export function recorded(before: Clock | null, step: Step, happening: Happening): readonly ClockEvent[] {
  const [first, ...rest] = step.events;
  if (first) return [{ ...first, data: { ...first.data, step: happening } }, ...rest];
  return before === step.clock ? [] : [{ type: 'observed', data: { step: happening } }];
}

/** A happening of one clock as history keeps it. */
export interface Recorded {
  readonly at: Date;
  readonly step: unknown;
}

const DATES = new Set([
  'at',
  'startedAt',
  'until',
  'dueAt',
  'breachedAt',
  'stoppedAt',
  'segmentSince',
  'lastSince',
  'pauseLimitAt',
  'waivedAt',
]);

/** JSON of history with its instants as dates again. */
export function revived(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return DATES.has(name) ? new Date(value) : value;
  if (Array.isArray(value)) return value.map((item) => revived(item));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item, key)]));
}

/** a clock computed again from what happened to it, by the code that decides today. Oldest first. */
export function rebuild(
  history: readonly Recorded[],
  shelf: Shelf,
): { readonly clock: Clock | null; readonly segments: readonly Segment[] } {
  let clock: Clock | null = null;
  const segments = new Map<number, Segment>();
  for (const { at, step: stored } of history) {
    const step = happen(clock, revived(stored) as Happening, [...segments.values()], shelf, at);
    clock = step.clock;
    for (const segment of step.segments) segments.set(segment.number, segment);
  }
  return { clock, segments: [...segments.values()] };
}
