import { DateTime } from 'luxon';
import type { ClaimWindow } from '../../../contracts';

interface Window {
  readonly start: Date;
  readonly end: Date;
}

/** The window a zone was last asked about; the next claim nearly always falls into the same one. */
const last = new Map<string, Window>();

/** The running hour, day, week (from Monday) or month in a person's zone: `[start, end)`, where `end` is when the count begins anew. */
export function windowOf(per: ClaimWindow, zone: string, now: Date): Window {
  const key = `${per} ${zone}`;
  const known = last.get(key);
  if (known && known.start <= now && now < known.end) return known;
  const local = DateTime.fromJSDate(now, { zone });
  const start = local.startOf(per);
  // A day may begin at one o'clock, where the clocks go forward at midnight; the next one begins at its own beginning.
  const next = start.plus({ [per]: 1 }).startOf(per);
  const window = { start: start.toJSDate(), end: next.toJSDate() };
  last.set(key, window);
  return window;
}
