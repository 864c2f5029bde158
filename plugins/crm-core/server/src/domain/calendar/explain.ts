import type { CalendarDayRow } from '../../../../contracts';
import { segmentsBetween, toDate, toSeconds } from './arithmetic';
import type { Calendar } from './compile';
import { formatDate, weekdayOf, yearOfDay } from './wall-time';

/**
 * `[from, to)` date by date: what each local date is, who decided it, which open time was counted. The seconds of all rows sum to
 * `elapsed(from, to)`. The first row is the day before when its shift still runs at `from`. A reversed range has no rows.
 */
export function explain(calendar: Calendar, from: Date, to: Date): CalendarDayRow[] {
  if (toSeconds(to) <= toSeconds(from)) return [];
  const byDay = new Map<number, { readonly start: Date; readonly end: Date }[]>();
  for (const { day, start, end } of segmentsBetween(calendar, from, to)) byDay.set(day, [...(byDay.get(day) ?? []), { start, end }]);
  const first = Math.min(calendar.zone.localOf(toSeconds(from)).day, ...[...byDay.keys()].slice(0, 1));
  const last = calendar.zone.localOf(toSeconds(to) - 1).day;
  const rows: CalendarDayRow[] = [];
  for (let day = first; day <= last; day += 1) {
    const { kind, level, label } = calendar.rule(day);
    const intervals = byDay.get(day) ?? [];
    const seconds = intervals.reduce((total, { start, end }) => total + toSeconds(end) - toSeconds(start), 0);
    rows.push({ date: formatDate(day), weekday: weekdayOf(day), kind, level, label, intervals, seconds });
  }
  return rows;
}

/**
 * True when the holidays of a year that the range touches are not announced yet: the weekdays were used, and the deadline is computed
 * again when the data arrives.
 */
export function isProvisional(calendar: Calendar, from: Date, to: Date): boolean {
  const { feed, zone } = calendar;
  if (!feed) return false;
  const ends = [from, to].map((t) => yearOfDay(zone.localOf(toSeconds(t)).day));
  for (let year = Math.min(...ends); year <= Math.max(...ends); year += 1) if (!feed.covers(year)) return true;
  return false;
}

/** The instant that the local date of `t` begins, for day limits and "today" in the calendar's zone. */
export function startOfLocalDay(calendar: Calendar, t: Date): Date {
  return toDate(calendar.zone.instantOf(calendar.zone.localOf(toSeconds(t)).day, 0, 'start'));
}
