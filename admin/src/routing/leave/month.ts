/** Days and bars of the leave calendar; instants are read on the clock of whoever looks. */

const DAY_MS = 86_400_000;

/** Dates of a month, `2026-03-01` … */
export const daysOf = (month: string): readonly string[] => {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => new Date(Date.UTC(year, number - 1, index + 1)).toISOString().slice(0, 10));
};

export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

export interface Bar {
  /** Of the days of the month, from 0; `to` is the first one after it. */
  readonly from: number;
  readonly to: number;
  /** It begins before or goes on after the month. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

/**
 * The days a leave covers in a month, or null. An end at midnight does not touch the day that begins then.
 * @param dateOf the date an instant falls on for the reader
 */
export function barOf(
  leave: { readonly startsAt: string; readonly endsAt: string },
  days: readonly string[],
  dateOf: (at: Date) => string,
): Bar | null {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const start = dateOf(new Date(leave.startsAt));
  const end = dateOf(new Date(Date.parse(leave.endsAt) - 1));
  if (start > last || end < first) return null;
  const at = (day: string): number => Math.round((Date.parse(day) - Date.parse(first)) / DAY_MS);
  return { from: Math.max(0, at(start)), to: Math.min(days.length, at(end) + 1), openStart: start < first, openEnd: end > last };
}
