import { calendarTime } from '@leadsea/crm-core';
import type { TimeKind } from '../../../contracts';

export type Calendar = Parameters<typeof calendarTime.add>[0];

const DAY_MS = 86_400_000;
const CALENDAR_DAYS = /^P(\d+)(D|W)$/;

/** Milliseconds of a duration that needs no calendar: days and weeks always, hours where time is counted plainly; else null. */
function plainMs(duration: string, time: TimeKind): number | null {
  const days = CALENDAR_DAYS.exec(duration);
  if (days) return Number(days[1]) * (days[2] === 'W' ? 7 : 1) * DAY_MS;
  if (time === 'business') return null;
  const parts = /^P(?:(\d+)(D|W))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!parts) return null;
  const [, n, unit, hours, minutes, seconds] = parts;
  return (
    Number(n ?? 0) * (unit === 'W' ? 7 : 1) * DAY_MS + (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000
  );
}

/** `from` + duration: days and weeks by the calendar on the wall, business days and hours by the working calendar. Null without working time. */
export function after(calendar: Calendar, from: Date, duration: string, time: TimeKind = 'business'): Date | null {
  const plain = plainMs(duration, time);
  if (plain !== null) return new Date(from.getTime() + plain);
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'invalid') return null;
  const result = calendarTime.addDuration(calendar, from, parsed, 'same-time');
  return result.ok ? result.at : null;
}

/** `at` − duration, for warnings. */
export function before(calendar: Calendar, at: Date, duration: string): Date | null {
  const days = CALENDAR_DAYS.exec(duration);
  if (days) return new Date(at.getTime() - Number(days[1]) * (days[2] === 'W' ? 7 : 1) * DAY_MS);
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'invalid') return null;
  const result =
    parsed.kind === 'seconds'
      ? calendarTime.subtract(calendar, at, parsed.seconds)
      : calendarTime.subtractBusinessDays(calendar, at, parsed.days, 'same-time');
  return result.ok ? result.at : null;
}
