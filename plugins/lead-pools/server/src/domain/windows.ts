import { DateTime } from 'luxon';
import type { ClaimWindow } from '../../../contracts';

/** The running hour, day, week (from Monday) or month in a person's zone: `[start, end)`, where `end` is when the count begins anew. */
export function windowOf(per: ClaimWindow, zone: string, now: Date): { readonly start: Date; readonly end: Date } {
  const local = DateTime.fromJSDate(now, { zone });
  const start = local.startOf(per);
  return { start: start.toJSDate(), end: start.plus({ [per]: 1 }).toJSDate() };
}
