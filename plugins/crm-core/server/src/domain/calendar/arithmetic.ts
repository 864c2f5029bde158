import type { Period } from '../../../../contracts';
import type { Calendar } from './compile';
import { DAY, firstDayOfYear, yearOfDay } from './wall-time';
import { firstAbove, type YearIndex } from './year-index';

/** a deadline, or a refusal because the calendar has no open time within 400 days. */
export type CalendarResult = { readonly ok: true; readonly at: Date } | { readonly ok: false; readonly code: 'NO_WORKING_TIME' };

export const NO_WORKING_TIME: CalendarResult = { ok: false, code: 'NO_WORKING_TIME' };

/** */
const GUARD = 400 * DAY;
/** Loops over a calendar have a proven end: a budget that lasts longer than this is no deadline. */
const HORIZON = 36_525 * DAY;

/** whole seconds; what is left of a second is dropped. */
export const toSeconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);
export const toDate = (seconds: number): Date => new Date(seconds * 1000);

/** A segment of a year's index. */
interface Place {
  readonly index: YearIndex;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

// A segment of local year y lies between one day before and three days after that year in UTC.
const firstYearAround = (instant: number): number => yearOfDay(Math.floor(instant / DAY) - 3);
const lastYearAround = (instant: number): number => yearOfDay(Math.floor(instant / DAY) + 1);

function place(index: YearIndex, at: number): Place | null {
  const start = index.starts[at];
  const end = index.ends[at];
  return start === undefined || end === undefined ? null : { index, at, start, end };
}

/** The first segment that ends after `instant`; null when none begins within 400 days. */
function segmentAfter(calendar: Calendar, instant: number): Place | null {
  for (let year = firstYearAround(instant); firstDayOfYear(year) * DAY - DAY <= instant + GUARD; year += 1) {
    const index = calendar.year(year);
    const found = place(index, firstAbove(index.ends, instant));
    if (found) return found.start - instant <= GUARD ? found : null;
  }
  return null;
}

/** The last segment that starts before `instant`; null when none ended within 400 days. */
function segmentBefore(calendar: Calendar, instant: number): Place | null {
  for (let year = lastYearAround(instant); firstDayOfYear(year + 1) * DAY + 3 * DAY >= instant - GUARD; year -= 1) {
    const index = calendar.year(year);
    const found = place(index, firstAbove(index.starts, instant - 1) - 1);
    if (found) return instant - found.end <= GUARD ? found : null;
  }
  return null;
}

function assertSeconds(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 0)
    throw new RangeError(`Business time is a whole number of seconds, zero or more; got ${seconds}.`);
}

/**
 * The instant `seconds` of open time after `t`. Closed time, the closing instant included, counts from the next opening;
 * a deadline on the closing instant stays there. `add(t, 0)` is `t`.
 * @throws RangeError for a negative or fractional number of seconds.
 */
export function add(calendar: Calendar, t: Date, seconds: number): CalendarResult {
  assertSeconds(seconds);
  if (seconds === 0) return { ok: true, at: t };
  const origin = toSeconds(t);
  let instant = origin;
  let remaining = seconds;
  while (instant - origin <= HORIZON) {
    const from = segmentAfter(calendar, instant);
    if (!from) return NO_WORKING_TIME;
    const { starts, ends, booked } = from.index;
    const goal = (booked[from.at] ?? 0) + Math.max(0, instant - from.start) + remaining;
    const total = booked[starts.length] ?? 0;
    if (goal <= total) {
      const last = firstAbove(booked, goal - 1) - 1;
      return { ok: true, at: toDate((starts[last] ?? 0) + goal - (booked[last] ?? 0)) };
    }
    remaining = goal - total;
    instant = ends[ends.length - 1] ?? instant;
  }
  return NO_WORKING_TIME;
}

/**
 * The instant `seconds` of open time before `t`: the mirror of `add`, for "2 h before the deadline". A result on an opening
 * instant stays there. `subtract(t, 0)` is `t`.
 * @throws RangeError for a negative or fractional number of seconds.
 */
export function subtract(calendar: Calendar, t: Date, seconds: number): CalendarResult {
  assertSeconds(seconds);
  if (seconds === 0) return { ok: true, at: t };
  const origin = toSeconds(t);
  let instant = origin;
  let remaining = seconds;
  while (origin - instant <= HORIZON) {
    const from = segmentBefore(calendar, instant);
    if (!from) return NO_WORKING_TIME;
    const { starts, booked } = from.index;
    const goal = (booked[from.at] ?? 0) + Math.min(instant, from.end) - from.start - remaining;
    if (goal >= 0) {
      const first = firstAbove(booked, goal) - 1;
      return { ok: true, at: toDate((starts[first] ?? 0) + goal - (booked[first] ?? 0)) };
    }
    remaining = -goal;
    instant = starts[0] ?? instant;
  }
  return NO_WORKING_TIME;
}

function bookedBefore(index: YearIndex, instant: number): number {
  const at = firstAbove(index.ends, instant);
  const start = index.starts[at];
  return (index.booked[at] ?? 0) + (start === undefined ? 0 : Math.max(0, instant - start));
}

/** Open seconds in `[from, to)`; a reversed range has none. True elapsed length across DST changes. */
export function elapsed(calendar: Calendar, from: Date, to: Date): number {
  const start = toSeconds(from);
  const end = toSeconds(to);
  let total = 0;
  if (end <= start) return total;
  for (let year = firstYearAround(start); year <= lastYearAround(end); year += 1) {
    const index = calendar.year(year);
    total += bookedBefore(index, end) - bookedBefore(index, start);
  }
  return total;
}

/** The segment open at an instant and the local day it belongs to. */
export function openSegment(calendar: Calendar, t: Date): { readonly start: Date; readonly end: Date; readonly day: number } | null {
  const instant = toSeconds(t);
  const found = segmentAfter(calendar, instant);
  if (!found || found.start > instant) return null;
  return { start: toDate(found.start), end: toDate(found.end), day: found.index.days[found.at] ?? 0 };
}

/** The opening instant is open, the closing instant is closed. */
export const isOpen = (calendar: Calendar, t: Date): boolean => openSegment(calendar, t) !== null;

/** `t` when open, else the next opening; null when there is none within 400 days. */
export function nextOpen(calendar: Calendar, t: Date): Date | null {
  const found = segmentAfter(calendar, toSeconds(t));
  if (!found) return null;
  return found.start > toSeconds(t) ? toDate(found.start) : t;
}

/** The latest instant up to `t` at which open time was running or just ended: `t` inside and on close, else the last close. */
export function prevOpen(calendar: Calendar, t: Date): Date | null {
  const found = segmentBefore(calendar, Math.ceil(t.getTime() / 1000));
  if (!found) return null;
  return found.end < t.getTime() / 1000 ? toDate(found.end) : t;
}

/** Open time of `[from, to)` piece by piece with the local day of each; pieces that touch are not joined. */
export function segmentsBetween(calendar: Calendar, from: Date, to: Date): (Period & { readonly day: number })[] {
  const first = toSeconds(from);
  const last = toSeconds(to);
  const found: (Period & { readonly day: number })[] = [];
  if (last <= first) return found;
  for (let year = firstYearAround(first); year <= lastYearAround(last); year += 1) {
    const { starts, ends, days } = calendar.year(year);
    for (let at = firstAbove(ends, first); at < starts.length; at += 1) {
      const start = Math.max(starts[at] ?? 0, first);
      const end = Math.min(ends[at] ?? 0, last);
      if (start >= last) break;
      found.push({ start: toDate(start), end: toDate(end), day: days[at] ?? 0 });
    }
  }
  return found;
}

/** Open periods of `[from, to)`, cut to the range; periods that touch are one. */
export function periodsBetween(calendar: Calendar, from: Date, to: Date): Period[] {
  const periods: Period[] = [];
  for (const { start, end } of segmentsBetween(calendar, from, to)) {
    const previous = periods[periods.length - 1];
    if (previous && previous.end.getTime() === start.getTime()) periods[periods.length - 1] = { start: previous.start, end };
    else periods.push({ start, end });
  }
  return periods;
}
