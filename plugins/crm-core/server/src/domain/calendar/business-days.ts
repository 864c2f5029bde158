import type { BusinessDayMeaning, CalendarDuration } from '../../../../contracts';
import {
  add,
  isOpen,
  nextOpen,
  NO_WORKING_TIME,
  openSegment,
  prevOpen,
  subtract,
  toDate,
  toSeconds,
  type CalendarResult,
} from './arithmetic';
import type { Calendar } from './compile';
import { firstDayOfYear, yearOfDay } from './wall-time';
import { firstAbove } from './year-index';

/** R-7, in days. */
const GUARD_DAYS = 400;
const MOST_DAYS = 36_525;

function assertDays(days: number): void {
  if (!Number.isInteger(days) || days < 0 || days > MOST_DAYS) {
    throw new RangeError(`Business days are a whole number between 0 and ${MOST_DAYS}; got ${days}.`);
  }
}

/** The first workday after `day`. */
function workdayAfter(calendar: Calendar, day: number): number | null {
  for (let year = yearOfDay(day); firstDayOfYear(year) <= day + GUARD_DAYS; year += 1) {
    const { workdays } = calendar.year(year);
    const found = workdays[firstAbove(workdays, day)];
    if (found !== undefined) return found - day <= GUARD_DAYS ? found : null;
  }
  return null;
}

/** The last workday before `day`. */
function workdayBefore(calendar: Calendar, day: number): number | null {
  for (let year = yearOfDay(day); firstDayOfYear(year + 1) > day - GUARD_DAYS; year -= 1) {
    const { workdays } = calendar.year(year);
    const found = workdays[firstAbove(workdays, day - 1) - 1];
    if (found !== undefined) return day - found <= GUARD_DAYS ? found : null;
  }
  return null;
}

function stepWorkdays(calendar: Calendar, day: number, count: number, step: typeof workdayAfter): number | null {
  let reached: number | null = day;
  for (let done = 0; done < count && reached !== null; done += 1) reached = step(calendar, reached);
  return reached;
}

/** The close of the last interval that starts on a workday. */
function closeOf(calendar: Calendar, day: number): Date | null {
  const { days, ends } = calendar.year(yearOfDay(day));
  const last = firstAbove(days, day) - 1;
  return days[last] === day ? toDate(ends[last] ?? 0) : null;
}

/** The local day that an instant is worked on: of the shift that is open, else the day on the wall. */
const workingDayOf = (calendar: Calendar, t: Date): number => openSegment(calendar, t)?.day ?? calendar.zone.localOf(toSeconds(t)).day;

/** The wall time of `t`, as many days further as `reached` is from `day`. */
function sameWallTime(calendar: Calendar, t: Date, day: number, reached: number): Date {
  const local = calendar.zone.localOf(toSeconds(t));
  return toDate(calendar.zone.instantOf(local.day + reached - day, local.time, 'start'));
}

const isOpenOrClosing = (calendar: Calendar, t: Date): boolean => prevOpen(calendar, t)?.getTime() === t.getTime() || isOpen(calendar, t);

const found = (at: Date | null): CalendarResult => (at ? { ok: true, at } : NO_WORKING_TIME);

function sameTimeLater(calendar: Calendar, t: Date, days: number): CalendarResult {
  const start = nextOpen(calendar, t);
  if (!start) return NO_WORKING_TIME;
  const day = workingDayOf(calendar, start);
  const reached = stepWorkdays(calendar, day, days, workdayAfter);
  if (reached === null) return NO_WORKING_TIME;
  const at = sameWallTime(calendar, start, day, reached);
  return found(isOpenOrClosing(calendar, at) ? at : nextOpen(calendar, at));
}

function endOfDay(calendar: Calendar, t: Date, days: number): CalendarResult {
  const today = workingDayOf(calendar, t);
  const todaysClose = closeOf(calendar, today);
  if (days === 0 && todaysClose && todaysClose >= t) return found(todaysClose);
  const reached = stepWorkdays(calendar, today, Math.max(1, days), workdayAfter);
  return found(reached === null ? null : closeOf(calendar, reached));
}

/**
 * `days` business days after `t` in the meaning chosen for the metric:
 * - `same-time`: the same wall time on the Nth workday. From closed time it starts at the next opening; where that wall time is
 *   closed on the Nth workday, the next opening after it. 0 days is `t`.
 * - `end-of-day`: the close of the Nth workday after today, today being the local date (or the shift that is open). 0 days is today's
 *   close, or the next workday's when today is over or closed.
 * - `budget`: N standard working days of open time, as `add`.
 * @throws RangeError for a negative or fractional number of days.
 */
export function addBusinessDays(calendar: Calendar, t: Date, days: number, meaning: BusinessDayMeaning): CalendarResult {
  assertDays(days);
  switch (meaning) {
    case 'same-time':
      return days === 0 ? { ok: true, at: t } : sameTimeLater(calendar, t, days);
    case 'end-of-day':
      return endOfDay(calendar, t, days);
    case 'budget':
      return days > 0 && calendar.standardDaySeconds === 0 ? NO_WORKING_TIME : add(calendar, t, days * calendar.standardDaySeconds);
  }
}

/** The mirror of `addBusinessDays`, for "one business day before the deadline". From closed time it starts at the last close. */
export function subtractBusinessDays(calendar: Calendar, t: Date, days: number, meaning: 'same-time' | 'budget'): CalendarResult {
  assertDays(days);
  if (days === 0) return { ok: true, at: t };
  if (meaning === 'budget') {
    return calendar.standardDaySeconds === 0 ? NO_WORKING_TIME : subtract(calendar, t, days * calendar.standardDaySeconds);
  }
  const start = isOpen(calendar, t) ? t : prevOpen(calendar, t);
  if (!start) return NO_WORKING_TIME;
  const day = openSegment(calendar, start)?.day ?? workingDayOf(calendar, toDate(toSeconds(start) - 1));
  const reached = stepWorkdays(calendar, day, days, workdayBefore);
  if (reached === null) return NO_WORKING_TIME;
  const at = sameWallTime(calendar, start, day, reached);
  return found(isOpenOrClosing(calendar, at) ? at : prevOpen(calendar, at));
}

/** Adds a parsed duration; `meaning` says what its business days are. */
export function addDuration(calendar: Calendar, t: Date, duration: CalendarDuration, meaning: BusinessDayMeaning): CalendarResult {
  return duration.kind === 'seconds' ? add(calendar, t, duration.seconds) : addBusinessDays(calendar, t, duration.days, meaning);
}
