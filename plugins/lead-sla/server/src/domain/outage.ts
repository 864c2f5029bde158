import { calendarTime } from '@leadsea/crm-core';

/** A time in which the product did not run. */
export interface Outage {
  readonly from: Date;
  readonly to: Date;
}

/** A heartbeat that comes later than this after the last one, in another process, tells of an outage. */
export const OUTAGE_AFTER_SECONDS = 900;

/** the part of a target, in business time, that fell into outages. Outages do not overlap: they are gaps of one heartbeat. */
export function outageShare(
  calendar: calendarTime.Calendar,
  from: Date,
  to: Date,
  targetSeconds: number,
  outages: readonly Outage[],
): number {
  if (targetSeconds <= 0) return 0;
  const away = outages.reduce((sum, outage) => {
    const start = outage.from > from ? outage.from : from;
    const end = outage.to < to ? outage.to : to;
    return sum + (end > start ? calendarTime.elapsed(calendar, start, end) : 0);
  }, 0);
  return away / targetSeconds;
}

/** The outage between two heartbeats, if there was one: the same process that was silent was not away (its clock was moved). */
export function outageBetween(
  last: { readonly at: Date; readonly process: string } | null,
  next: { readonly at: Date; readonly process: string },
): Outage | null {
  if (!last || last.process === next.process) return null;
  const gap = (next.at.getTime() - last.at.getTime()) / 1000;
  return gap > OUTAGE_AFTER_SECONDS ? { from: last.at, to: next.at } : null;
}
