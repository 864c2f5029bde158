import { calendarTime } from '@leadsea/crm-core';
import type { Metric } from '../../../contracts';
import { mayRun, warnsOf, type Facts, type HolderCalendar } from './advance';
import { begin, change, isOpen, tell, type Clock, type Step } from './clock';
import { bookPause, holdPause, withinLimits, type PastPause } from './past-pauses';
import { block, breach, plan } from './plan';
import { budgetOf } from './target';
import { next } from './transitions';

export interface OpenQuestion {
  readonly metric: Metric;
  readonly facts: Facts;
  /** The newest clock of this lead and metric, as this change leaves it. */
  readonly previous: Clock | null;
  /** The start has become true by this change, or the lead is new, or somebody asked for clocks. */
  readonly begins: boolean;
}

export type Opening =
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly cycle: number; readonly hops: number }
  | { readonly kind: 'reopen'; readonly clock: Clock };

const NONE: Opening = { kind: 'none' };

/** Whether a clock opens, by R-20 (start ∧ ¬stop ∧ ¬cancel), R-25 (a new owner, a new clock) and R-27 (the start is true *again*). */
export function decideOpening({ metric, facts, previous, begins }: OpenQuestion): Opening {
  const perOwner = metric.clockOwner === 'owner';
  if (!mayRun(facts) || (perOwner && facts.ownerId === null)) return NONE;
  if (previous === null) return begins ? { kind: 'open', cycle: 1, hops: 0 } : NONE;
  if (isOpen(previous)) return NONE;
  const again: Opening = { kind: 'open', cycle: previous.cycle + 1, hops: 0 };
  if (perOwner && previous.ownerId !== facts.ownerId)
    return { ...again, hops: previous.endReason === 'reassigned' || previous.endReason === 'released' ? previous.hops : 0 };
  if (previous.endReason === 'reset') return { ...again, hops: previous.hops };
  if (!previous.rearmed) return NONE;
  if (previous.state === 'cancelled') return again;
  switch (metric.cycleMode) {
    case 'first_only':
      return NONE;
    case 'new_cycle':
      return again;
    case 'resume':
    case 'continue':
      return previous.state === 'waived' ? NONE : { kind: 'reopen', clock: previous };
  }
}

export interface NewClock {
  readonly id: number;
  readonly leadId: number;
  readonly contractId: number;
  readonly versionId: number;
  readonly metric: string;
  readonly cycle: number;
  readonly hops: number;
  readonly startedAt: Date;
  /** R-34 `captured`: nobody is told about what is long past. */
  readonly silent: boolean;
  /** when it would have been paused between its start and now. */
  readonly pauses?: readonly PastPause[];
}

interface Past {
  readonly calendar: calendarTime.Calendar | null;
  readonly wallDue: Date | null;
  readonly pauses: readonly PastPause[];
  /** The pause holds now: the last one of the past that reaches up to now is the same. */
  readonly pausedNow: boolean;
  readonly maxPauseSeconds: number | null;
  readonly now: Date;
}

/** Counts from the start to now over what lies between; missed there where the deadline lies before now. */
function countPast(clock: Clock, { calendar, wallDue, pauses, pausedNow, maxPauseSeconds, now }: Past): Step {
  if (!calendar) return begin(clock);
  const last = pauses[pauses.length - 1];
  const goesOn = pausedNow && last?.until.getTime() === now.getTime() ? last : null;
  const wall = (index: number): Date | null => (index === 0 ? wallDue : null);
  const over = goesOn ? pauses.slice(0, -1) : pauses;
  const booked = over.reduce((step, pause, index) => bookPause(step, pause, calendar, wall(index)), begin(clock));
  if (goesOn) return holdPause(booked, goesOn, calendar, wall(over.length), maxPauseSeconds);
  const planned = plan(booked, calendar, wall(over.length));
  const { dueAt, breachedAt, startedAt } = planned.clock;
  const late = breachedAt === null && dueAt !== null && dueAt <= now && startedAt < now;
  return late ? breach(planned, 'backfill', { backfill: true }) : planned;
}

/** Opens a clock (R-28: perhaps in the past, then perhaps late at once, which nobody is told). */
export function openClock(input: NewClock, metric: Metric, facts: Facts, holder: HolderCalendar, now: Date): Step {
  const target = metric.targets[facts.targetRow] ?? metric.targets[metric.targets.length - 1]!;
  const budget = holder.calendar ? budgetOf(target, holder.calendar, input.startedAt) : null;
  const targetSeconds = budget?.seconds ?? 0;
  // Every field by name: thousands are opened at once, and objects of one shape are cheap.
  const clock: Clock = {
    id: input.id,
    leadId: input.leadId,
    contractId: input.contractId,
    versionId: input.versionId,
    cycle: input.cycle,
    hops: input.hops,
    startedAt: input.startedAt,
    metric: input.metric,
    label: metric.label,
    obligor: metric.obligor,
    clockOwner: metric.clockOwner,
    latest: true,
    rearmed: false,
    state: 'running',
    ownerId: facts.ownerId,
    calendarKey: holder.key,
    calendarRevision: holder.revision,
    targetRow: facts.targetRow,
    targetSeconds,
    targetVersion: 1,
    elapsedSeconds: 0,
    segmentSince: input.startedAt,
    segments: 0,
    lastSince: null,
    dueAt: null,
    warns: warnsOf(metric, targetSeconds),
    breachedAt: null,
    breachCause: null,
    breachOwnerId: null,
    stoppedAt: null,
    stopActivityId: null,
    endReason: null,
    pauseSeconds: 0,
    pauseCount: 0,
    idleSeconds: 0,
    idleCount: 0,
    pauseKind: null,
    pauseReason: null,
    pauseBy: null,
    pauseUntilInbound: false,
    pauseLimitAt: null,
    pauseSpent: false,
    resetHeld: facts.reset === 'state',
    backdated: false,
    waivedAt: null,
    waivedBy: null,
    waiveReason: null,
    provisional: false,
    disputed: false,
  };
  const pauses = withinLimits(input.pauses ?? [], metric.pauses ?? null);
  const planned = budget
    ? countPast(clock, {
        calendar: holder.calendar,
        wallDue: budget.dueAt,
        pauses,
        pausedNow: facts.pause,
        maxPauseSeconds: metric.pauses?.maxTotalSeconds ?? null,
        now,
      })
    : block(begin(clock), holder.calendar ? 'NO_WORKING_TIME' : 'NO_CALENDAR');
  const { dueAt } = planned.clock;
  const started: Step = {
    ...planned,
    events: [{ type: 'started', data: { startedAt: input.startedAt, dueAt, targetSeconds, cycle: input.cycle } }, ...planned.events],
  };
  if (started.clock.breachedAt !== null || !input.silent) return started;
  const passed = (at: Date | null): boolean => at !== null && at.getTime() <= now.getTime();
  return change(started, { warns: started.clock.warns.map((warn) => (passed(warn.at) ? { ...warn, fired: true } : warn)) });
}

/** R-27 `resume` (the time between is a pause) and `continue` (it counts): the same clock goes on. */
export function reopenClock(clock: Clock, metric: Metric, facts: Facts, holder: HolderCalendar, now: Date): Step {
  const since = clock.stoppedAt ?? now;
  const { calendar } = holder;
  const counts = metric.cycleMode === 'continue';
  const between = calendar && counts ? calendarTime.elapsed(calendar, since, now) : 0;
  const wall = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  const number = clock.segments + 1;
  const segment = {
    clockId: clock.id,
    number,
    kind: counts ? ('run' as const) : ('pause' as const),
    startedAt: since,
    endedAt: now,
    seconds: counts ? between : wall,
    ownerId: facts.ownerId,
    calendarKey: holder.key,
    cause: 'reopened',
    calendarRevision: holder.revision,
  };
  const late = clock.breachedAt !== null;
  const reopened = change(
    { ...begin(clock), segments: [segment] },
    {
      state: next(clock.state, 'reopen', late),
      rearmed: false,
      stoppedAt: null,
      lastSince: null,
      stopActivityId: null,
      endReason: null,
      ownerId: facts.ownerId,
      calendarKey: holder.key,
      calendarRevision: holder.revision,
      segmentSince: now,
      segments: number,
      elapsedSeconds: clock.elapsedSeconds + between,
      pauseSeconds: clock.pauseSeconds + (counts ? 0 : wall),
      pauseCount: clock.pauseCount + (counts ? 0 : 1),
      idleSeconds: clock.idleSeconds + (counts ? 0 : wall),
      idleCount: clock.idleCount + (counts ? 0 : 1),
    },
  );
  const planned = plan(reopened, calendar);
  const told = tell(planned, 'resumed', { reopened: true, dueAt: planned.clock.dueAt });
  const { dueAt } = told.clock;
  return dueAt !== null && dueAt.getTime() <= now.getTime() ? breach(told, 'time') : told;
}
