import { calendarTime } from '@leadsea/crm-core';
import { DateTime } from 'luxon';
import type { TimeKind } from '../../../contracts';

export type Calendar = Parameters<typeof calendarTime.add>[0];

const PARTS = /^P(?:(\d+)(D|W))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

interface Plain {
  readonly days: number;
  readonly seconds: number;
}

/** A duration that needs no working calendar: days and weeks always, hours where time is counted plainly; else null. */
function plainOf(duration: string, time: TimeKind): Plain | null {
  const parts = PARTS.exec(duration);
  if (!parts) return null;
  const [, n, unit, hours, minutes, seconds] = parts;
  const clock = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  if (time === 'business' && (n === undefined || duration.includes('T'))) return null;
  return { days: Number(n ?? 0) * (unit === 'W' ? 7 : 1), seconds: clock };
}

/** Days on the wall of the calendar's zone: the same time of day, also over a change of clocks; then seconds. */
function movedBy(calendar: Calendar, from: Date, { days, seconds }: Plain): Date {
  const day = days === 0 ? from : DateTime.fromJSDate(from, { zone: calendar.tz }).plus({ days }).toJSDate();
  return new Date(day.getTime() + seconds * 1000);
}

function moved(calendar: Calendar, from: Date, duration: string, time: TimeKind): Date | null {
  const plain = plainOf(duration, time);
  if (plain !== null) return movedBy(calendar, from, plain);
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'invalid') return null;
  const result = calendarTime.addDuration(calendar, from, parsed, 'same-time');
  return result.ok ? result.at : null;
}

const KEPT = 64;
/** The last answers of each calendar. Ten thousand leads given out together start their clocks at one instant: it is worked out once. */
const answers = new WeakMap<Calendar, Map<string, Date | null>>();

/** `from` + duration: days and weeks by the calendar on the wall, business days and hours by the working calendar. Null without working time. */
export function after(calendar: Calendar, from: Date, duration: string, time: TimeKind = 'business'): Date | null {
  const known = answers.get(calendar) ?? new Map<string, Date | null>();
  answers.set(calendar, known);
  const question = `${from.getTime()} ${duration} ${time}`;
  const answer = known.get(question);
  if (answer !== undefined) return answer;
  const result = moved(calendar, from, duration, time);
  if (known.size >= KEPT) known.clear();
  known.set(question, result);
  return result;
}

/** `at` − duration, for warnings. */
export function before(calendar: Calendar, at: Date, duration: string): Date | null {
  const plain = plainOf(duration, 'business');
  if (plain !== null) return movedBy(calendar, at, { days: -plain.days, seconds: 0 });
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'invalid') return null;
  const result =
    parsed.kind === 'seconds'
      ? calendarTime.subtract(calendar, at, parsed.seconds)
      : calendarTime.subtractBusinessDays(calendar, at, parsed.days, 'same-time');
  return result.ok ? result.at : null;
}
