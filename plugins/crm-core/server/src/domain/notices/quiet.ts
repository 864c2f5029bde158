import { DateTime } from 'luxon';
import type { QuietHours } from '../../../../contracts';

export const WALL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The first instant at or after `from` at which the local clock shows `time`; a time that a change of clocks skips is the moment after it. */
function nextAt(from: DateTime, time: string): DateTime {
  const on = (day: DateTime): DateTime => day.startOf('day').set({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) });
  const today = on(from);
  return today >= from ? today : on(from.plus({ days: 1 }));
}

/**
 * The end of the quiet hours that `at` lies in, or null outside of them. Half-open: at `to` sharp it is loud again. Equal times mean never
 * quiet.
 * @param zone IANA zone of the recipient
 */
export function quietUntil(at: Date, quiet: QuietHours | null, zone: string): Date | null {
  if (!quiet || quiet.from === quiet.to) return null;
  const local = DateTime.fromJSDate(at, { zone });
  const now = local.hour * 60 + local.minute;
  const [from, to] = [minutes(quiet.from), minutes(quiet.to)];
  const inside = from < to ? now >= from && now < to : now >= from || now < to;
  return inside ? nextAt(local, quiet.to).toJSDate() : null;
}

/** The next time of the daily digest after `at`. */
export const nextDigest = (at: Date, time: string, zone: string): Date =>
  nextAt(DateTime.fromJSDate(at, { zone }).plus({ milliseconds: 1 }), time).toJSDate();
