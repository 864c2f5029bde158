import { calendarTime } from '@leadsea/crm-core';
import { change, tell, type BreachCause, type Clock, type Segment, type Step } from './clock';
import { next } from './transitions';

type Calendar = calendarTime.Calendar;

/** Business seconds used up to `at`. */
export function elapsedAt(clock: Clock, calendar: Calendar | null, at: Date): number {
  const runs = clock.state === 'running' || clock.state === 'breached_open';
  return clock.elapsedSeconds + (runs && clock.segmentSince && calendar ? calendarTime.elapsed(calendar, clock.segmentSince, at) : 0);
}

/** Closes the open segment and books it; an end before its start (late evidence) books nothing. The next one starts there. */
export function closeSegment(step: Step, calendar: Calendar | null, at: Date, cause: string): Step {
  const { clock } = step;
  const since = clock.segmentSince;
  if (since === null || at.getTime() <= since.getTime()) return step;
  const paused = clock.state === 'paused';
  const seconds = paused ? Math.floor((at.getTime() - since.getTime()) / 1000) : calendar ? calendarTime.elapsed(calendar, since, at) : 0;
  const segment: Segment = {
    clockId: clock.id,
    number: clock.segments + 1,
    kind: paused ? 'pause' : 'run',
    startedAt: since,
    endedAt: at,
    seconds,
    ownerId: clock.ownerId,
    calendarKey: clock.calendarKey,
    cause,
    calendarRevision: clock.calendarRevision,
  };
  const booked = paused ? { pauseSeconds: clock.pauseSeconds + seconds } : { elapsedSeconds: clock.elapsedSeconds + seconds };
  return change({ ...step, segments: [...step.segments, segment] }, { ...booked, segments: segment.number, segmentSince: at });
}

/** The instant at which `used` business seconds were or will be used, given `booked` of them before `since`. */
function reached(calendar: Calendar, since: Date, booked: number, used: number): calendarTime.CalendarResult {
  return used >= booked ? calendarTime.add(calendar, since, used - booked) : calendarTime.subtract(calendar, since, booked - used);
}

interface Planned {
  readonly due: calendarTime.CalendarResult;
  readonly warns: readonly (Date | null)[];
  readonly provisional: boolean;
}

const MOST_REMEMBERED = 1000;
const remembered = new WeakMap<Calendar, Map<string, Planned>>();

/** The instants of a clock, remembered: of the thousands that one import opens, all have the same. */
function instantsOf(calendar: Calendar, clock: Clock, since: Date, wallDue: Date | null): Planned {
  const known = remembered.get(calendar) ?? new Map<string, Planned>();
  remembered.set(calendar, known);
  const key = [since, clock.startedAt, clock.elapsedSeconds, clock.targetSeconds, wallDue, ...clock.warns.map((warn) => warn.seconds)]
    .map(Number)
    .join();
  const found = known.get(key);
  if (found) return found;
  const due = reached(calendar, since, clock.elapsedSeconds, clock.targetSeconds);
  const planned: Planned = {
    due,
    warns: clock.warns.map((warn) => {
      const at = reached(calendar, since, clock.elapsedSeconds, warn.seconds);
      return at.ok ? at.at : null;
    }),
    provisional: due.ok && calendarTime.isProvisional(calendar, clock.startedAt, wallDue ?? due.at),
  };
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, planned);
  return planned;
}

/** After a miss only what comes after the deadline is still to be told. */
const afterDeadline = (clock: Clock, times: readonly (Date | null)[]): Clock['warns'] =>
  clock.warns.map((warn, index) =>
    warn.fired ? warn : { ...warn, at: warn.seconds > clock.targetSeconds ? (times[index] ?? null) : null },
  );

const withoutTimes = (clock: Clock): Clock['warns'] => clock.warns.map((warn) => ({ ...warn, at: null }));

/** without open time there is no deadline to promise. */
export function block(step: Step, code: string): Step {
  const { clock } = step;
  if (clock.state === 'blocked') return step;
  return tell(change(step, { state: next(clock.state, 'block', false), dueAt: null, warns: withoutTimes(clock) }), 'blocked', { code });
}

/**
 * Recomputes deadline and warns of a clock that runs: `due = add(segment start, target − used)`. A paused clock has no
 * deadline; one whose calendar never opens is blocked, and runs again as soon as the calendar does.
 * @param wallDue the deadline where the target names a wall time (R-6 a, b); until the first pause it is the deadline.
 */
export function plan(step: Step, calendar: Calendar | null, wallDue: Date | null = null): Step {
  const { clock } = step;
  const since = clock.segmentSince;
  if (clock.state === 'paused') return change(step, { dueAt: null, warns: withoutTimes(clock) });
  if (clock.state === 'breached_open') {
    const later = calendar !== null && since !== null && clock.warns.some((warn) => !warn.fired && warn.seconds > clock.targetSeconds);
    const times = later ? instantsOf(calendar, clock, since, null).warns : [];
    return change(step, { dueAt: clock.breachedAt, warns: afterDeadline(clock, times) });
  }
  if ((clock.state !== 'running' && clock.state !== 'blocked') || since === null) return step;
  if (calendar === null) return block(step, 'NO_CALENDAR');
  const { due, warns: times, provisional } = instantsOf(calendar, clock, since, wallDue);
  if (!due.ok) return block(step, due.code);
  const dueAt = wallDue ?? due.at;
  const warns = clock.warns.map((warn, index) => (warn.fired ? warn : { ...warn, at: times[index] ?? null }));
  const late = clock.breachedAt !== null;
  const state = clock.state === 'blocked' ? next('blocked', 'unblock', late) : clock.state;
  return change(step, { state, dueAt, warns, provisional });
}

/**
 * the deadline has passed; stamped with the deadline, whenever it is noticed. Happens once.
 * @param keeperId who keeps the lead for its owner: the miss happened in his hands.
 */
export function breach(
  step: Step,
  cause: BreachCause,
  more: Readonly<Record<string, unknown>> = {},
  keeperId: number | null | undefined = null,
): Step {
  const { clock } = step;
  const holder = keeperId ?? clock.ownerId;
  if (clock.state !== 'running' || clock.dueAt === null || clock.breachedAt !== null) return step;
  const breached = change(step, {
    state: next(clock.state, 'due', false),
    breachedAt: clock.dueAt,
    breachCause: cause,
    breachOwnerId: holder,
    warns: afterDeadline(
      clock,
      clock.warns.map((warn) => warn.at),
    ),
  });
  return tell(breached, 'breached', { breachedAt: clock.dueAt, cause, owner: holder, ...more });
}
