import { IANAZone } from 'luxon';
import { WEEKDAYS, type WallInterval, type Weekday } from '../../../../contracts';

/**
 * Dates are counted as days since 1970-01-01, wall time as seconds since local midnight, instants as UTC epoch seconds.
 * A zone turns one into the other by the tz rules.
 */
export const DAY = 86_400;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Seconds of wall time on the date of the start; `end` passes `DAY` when the interval runs past midnight. */
export interface WallSpan {
  readonly start: number;
  readonly end: number;
}

/** `YYYY-MM-DD` → day number, or null when it is no date of the calendar (2026-02-30). */
export function parseDate(text: string): number | null {
  if (!DATE.test(text)) return null;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return null;
  return milliseconds / (DAY * 1000);
}

export const formatDate = (day: number): string => new Date(day * DAY * 1000).toISOString().slice(0, 10);

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): Weekday => WEEKDAYS[(((day + 3) % 7) + 7) % 7] ?? 'mon';

export const firstDayOfYear = (year: number): number => Date.UTC(year, 0, 1) / (DAY * 1000);

export const yearOfDay = (day: number): number => new Date(day * DAY * 1000).getUTCFullYear();

/** `HH:mm` → seconds since midnight, or null. `24:00` is a way to write the end of a day, so only an end may use it. */
export function parseTime(text: string, edge: 'start' | 'end'): number | null {
  if (text === '24:00' && edge === 'end') return DAY;
  const match = TIME.exec(text);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 : null;
}

/** Wall interval → seconds; `end <= start` runs past midnight (00:00–00:00 is a whole day). Null when a time is malformed. */
export function parseInterval(interval: WallInterval): WallSpan | null {
  const start = parseTime(interval.start, 'start');
  const end = parseTime(interval.end, 'end');
  if (start === null || end === null) return null;
  return { start, end: end <= start ? end + DAY : end };
}

export const isKnownZone = (tz: string): boolean => IANAZone.isValidZone(tz);

export interface Zone {
  /** Seconds east of UTC at an instant. */
  offsetAt(instant: number): number;
  /** Day number and seconds since midnight that a clock on the wall shows. */
  localOf(instant: number): { readonly day: number; readonly time: number };
  /** The instant of a wall time; `edge` decides a time that exists twice. */
  instantOf(day: number, time: number, edge: 'start' | 'end'): number;
}

/** Days of UTC whose offset a zone remembers: some eleven years. */
const MOST_DAYS = 4096;

/** @throws nothing: the caller has checked `isKnownZone`. */
export function makeZone(tz: string): Zone {
  const zone = IANAZone.create(tz);
  const exact = (instant: number): number => Math.round(zone.offset(instant * 1000) * 60);
  // Asking the zone is dear, and on nearly every day of UTC it has one answer; a day on which it changes is asked each time.
  const known = new Map<number, number | null>();
  const offsetAt = (instant: number): number => {
    const day = Math.floor(instant / DAY);
    let offset = known.get(day);
    if (offset === undefined) {
      const first = exact(day * DAY);
      offset = first === exact((day + 1) * DAY) ? first : null;
      if (known.size >= MOST_DAYS) known.clear();
      known.set(day, offset);
    }
    return offset ?? exact(instant);
  };

  return {
    offsetAt,
    localOf(instant) {
      const local = instant + offsetAt(instant);
      const day = Math.floor(local / DAY);
      return { day, time: local - day * DAY };
    },
    instantOf(day, time, edge) {
      const local = day * DAY + time;
      const before = offsetAt(local - DAY);
      const after = offsetAt(local + DAY);
      if (before === after) return local - before;
      const early = local - before;
      const late = local - after;
      const earlyExists = offsetAt(early) === before;
      const lateExists = offsetAt(late) === after;
      if (earlyExists && lateExists) return edge === 'start' ? Math.min(early, late) : Math.max(early, late);
      // a wall time inside the spring gap moves forward by the gap, which is what the offset before the change gives.
      return lateExists ? late : early;
    },
  };
}
