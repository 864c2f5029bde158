import type { LocalisedText } from '@leadsea/crm-core';
import type { ClockOwner, ClockState, Obligor } from '../../../contracts';

/** A warn of one clock. Fires once; `seconds` is the business time from the start at which it is due. */
export interface Warn {
  readonly n: number;
  readonly seconds: number;
  readonly at: Date | null;
  readonly fired: boolean;
}

/**
 * One clock: one metric of one contract, one cycle, one lead (§2). The segment that is open (running or paused) lives on the clock;
 * closed ones are rows of their own.
 */
export interface Clock {
  readonly id: number;
  readonly leadId: number;
  readonly contractId: number;
  /** the version it was opened under; it keeps it. */
  readonly versionId: number;
  readonly metric: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
  readonly clockOwner: ClockOwner;
  readonly cycle: number;
  /** The newest clock of its lead and metric; at most one is. */
  readonly latest: boolean;
  /** the start has been untrue since it ended, so that the start can be true *again*. */
  readonly rearmed: boolean;
  readonly state: ClockState;
  readonly ownerId: number | null;
  readonly calendarKey: string | null;
  /** the revision of the calendar by which it is counted; null = the live one (clocks older than revisions). */
  readonly calendarRevision: string | null;
  readonly startedAt: Date;
  readonly targetRow: number;
  readonly targetSeconds: number;
  /** counts changes of the target; warns and the breach happen once per version. */
  readonly targetVersion: number;
  /** Business seconds of the closed running segments. */
  readonly elapsedSeconds: number;
  /** Start of the open segment; null when the clock has ended. */
  readonly segmentSince: Date | null;
  readonly segments: number;
  /** Start of the stretch that the end closed, so that earlier evidence which comes later can shorten it. */
  readonly lastSince: Date | null;
  readonly dueAt: Date | null;
  readonly warns: readonly Warn[];
  readonly breachedAt: Date | null;
  readonly breachCause: BreachCause | null;
  /** Who held the lead when the deadline passed (R-25 `stint`). */
  readonly breachOwnerId: number | null;
  readonly stoppedAt: Date | null;
  readonly stopActivityId: number | null;
  readonly endReason: string | null;
  /** Seconds on the wall spent paused. */
  readonly pauseSeconds: number;
  readonly pauseCount: number;
  /** R-27 `resume`: seconds between an end and its re-opening, and how often: a pause, but none that a limit counts. */
  readonly idleSeconds: number;
  readonly idleCount: number;
  /** who or what pauses it now; null while it is not paused. */
  readonly pauseKind: PauseKind | null;
  readonly pauseReason: string | null;
  readonly pauseBy: number | null;
  readonly pauseUntilInbound: boolean;
  /** When the pause ends by itself: the limit, or the time that was chosen. */
  readonly pauseLimitAt: Date | null;
  /** the allowance is used up; it is not paused any more. */
  readonly pauseSpent: boolean;
  /** R-20 ③: the condition of the reset held when the clock was last looked at. */
  readonly resetHeld: boolean;
  /** the activity that stopped it was entered later. */
  readonly backdated: boolean;
  /** */
  readonly waivedAt: Date | null;
  readonly waivedBy: number | null;
  readonly waiveReason: string | null;
  /** */
  readonly provisional: boolean;
  /** evidence from before the deadline came after the breach. */
  readonly disputed: boolean;
  /** how often the lead was passed on by clocks of this metric. */
  readonly hops: number;
}

export const PAUSE_KINDS = ['condition', 'manual'] as const;
export type PauseKind = (typeof PAUSE_KINDS)[number];

export const BREACH_CAUSES = ['time', 'target_change', 'backfill', 'calendar'] as const;
export type BreachCause = (typeof BREACH_CAUSES)[number];

/** A closed stretch of a clock: who held it, by which calendar, how long. */
export interface Segment {
  readonly clockId: number;
  readonly number: number;
  readonly kind: 'run' | 'pause';
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** Business seconds of a run, seconds on the wall of a pause. */
  readonly seconds: number;
  readonly ownerId: number | null;
  readonly calendarKey: string | null;
  readonly cause: string;
  readonly calendarRevision: string | null;
}

export const CLOCK_EVENTS = [
  'started',
  'warned',
  'breached',
  'met',
  'closed',
  'cancelled',
  'paused',
  'resumed',
  'retargeted',
  'blocked',
  'pause_limit',
  'waived',
  'unwaived',
  'unbreached',
  'replanned',
  'migrated',
  'restored',
  'disputed',
  /** Nothing to tell, but the clock changed: kept so that it can be rebuilt. */
  'observed',
] as const;
export interface ClockEvent {
  readonly type: (typeof CLOCK_EVENTS)[number];
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a step of the state machine gives: the clock as it is now, what happened, the stretches it closed. */
export interface Step {
  readonly clock: Clock;
  readonly events: readonly ClockEvent[];
  readonly segments: readonly Segment[];
}

export const begin = (clock: Clock): Step => ({ clock, events: [], segments: [] });
export const change = (step: Step, values: Partial<Clock>): Step => ({ ...step, clock: { ...step.clock, ...values } });
export const tell = (step: Step, type: ClockEvent['type'], data: ClockEvent['data'] = {}): Step => ({
  ...step,
  events: [...step.events, { type, data }],
});

export interface ClockTimer {
  readonly key: string;
  readonly kind: 'sla.warn' | 'sla.breach' | 'sla.pause';
  readonly n: number | null;
  readonly dueAt: Date;
}

/** The timers a clock has armed, as a function of the clock: warns, the deadline, the end of a pause. */
export function timersOf(clock: Clock): readonly ClockTimer[] {
  if (clock.state === 'paused')
    return clock.pauseLimitAt ? [{ key: `sla:${clock.id}:pause`, kind: 'sla.pause', n: null, dueAt: clock.pauseLimitAt }] : [];
  if (clock.state !== 'running' && clock.state !== 'breached_open') return [];
  const warns = clock.warns.flatMap((warn): ClockTimer[] =>
    warn.fired || warn.at === null ? [] : [{ key: `sla:${clock.id}:warn:${warn.n}`, kind: 'sla.warn', n: warn.n, dueAt: warn.at }],
  );
  return clock.dueAt && clock.state === 'running'
    ? [...warns, { key: `sla:${clock.id}:due`, kind: 'sla.breach', n: null, dueAt: clock.dueAt }]
    : warns;
}

/**
 * The difference between what was armed and what should be. A deadline that a change of the lead found passed before its timer did keeps
 * the timer: it carries out what a breach asks for.
 * @param actsOnTargetChange the metric wants the actions of a breach when a shorter target made it.
 */
export function timerChanges(
  before: Clock | null,
  after: Clock,
  actsOnTargetChange = false,
): { readonly arm: readonly ClockTimer[]; readonly disarm: readonly string[] } {
  const had = new Map((before ? timersOf(before) : []).map((timer) => [timer.key, timer.dueAt.getTime()]));
  const wanted = timersOf(after);
  const keys = new Set(wanted.map((timer) => timer.key));
  const due = `sla:${after.id}:due`;
  const missed = before?.breachedAt === null && after.breachedAt !== null;
  const byTime = missed && after.breachCause === 'time';
  // No timer was armed for what was missed by the end of a pause, or by a shorter target: somebody has to carry out what a breach asks for.
  const uncalled = (byTime && !had.has(due)) || (missed && actsOnTargetChange);
  const late: readonly ClockTimer[] =
    uncalled && after.breachedAt ? [{ key: due, kind: 'sla.breach', n: null, dueAt: after.breachedAt }] : [];
  return {
    arm: [...wanted.filter((timer) => had.get(timer.key) !== timer.dueAt.getTime()), ...late],
    disarm: [...had.keys()].filter((key) => !keys.has(key) && !((byTime || uncalled) && key === due)),
  };
}

const OPEN = new Set<ClockState>(['running', 'paused', 'blocked', 'breached_open']);
export const isOpen = (clock: Clock): boolean => OPEN.has(clock.state);
