import { badRequest, WEEKDAYS, type CalendarOverlays, type CalendarSpec } from '../../../../contracts';
import { compileDayRule, type DayRule } from './day-rule';
import { standardFeeds, withNotices, type FeedLookup, type HolidayFeed } from './feeds';
import { findUnusable } from './validate';
import { DAY, makeZone, parseInterval, type Zone } from './wall-time';
import { buildYear, type YearIndex } from './year-index';

/** One immutable revision, ready for arithmetic. Years are expanded when first asked for and kept with the value. */
export interface Calendar {
  readonly key: string;
  readonly tz: string;
  readonly spec: CalendarSpec;
  readonly zone: Zone;
  readonly feed: HolidayFeed | null;
  /** What it was compiled from: version ids of the policies, `12.7+2026-03-05..2026-03-06`; null for a bare spec. */
  readonly revision: string | null;
  /** Length of the `budget` business day (R-6c); 0 when the week has no open row. */
  readonly standardDaySeconds: number;
  readonly rule: (day: number) => DayRule;
  readonly year: (year: number) => YearIndex;
}

export interface CompileOptions {
  readonly overlays?: CalendarOverlays;
  /** Where holidays come from; the data shipped with the product when absent. */
  readonly feeds?: FeedLookup;
  readonly revision?: string;
}

function standardDay(spec: CalendarSpec): number {
  if (spec.standardDaySeconds !== undefined) return spec.standardDaySeconds;
  if (spec.alwaysOpen) return DAY;
  const row = WEEKDAYS.map((weekday) => spec.week[weekday] ?? []).find((intervals) => intervals.length > 0) ?? [];
  return row.reduce((total, interval) => {
    const span = parseInterval(interval);
    return span ? total + span.end - span.start : total;
  }, 0);
}

/**
 * Compiles a calendar, with the exceptions of a team and a person laid over it.
 * @throws AppError CALENDAR_UNUSABLE when a zone, date, time, template or holiday code cannot be understood.
 * A date given twice is refused by `validateCalendar` when the calendar is edited; here the first one counts.
 */
export function compileCalendar(spec: CalendarSpec, options: CompileOptions = {}): Calendar {
  const { overlays = {}, feeds = standardFeeds } = options;
  const findings = findUnusable(spec, overlays, feeds);
  if (findings.length > 0) {
    throw badRequest('CALENDAR_UNUSABLE', `Calendar "${spec.key}" cannot be used: ${findings[0]?.message ?? ''}`, { findings });
  }
  const zone = makeZone(spec.tz);
  const shipped = spec.holidays === undefined ? null : feeds(spec.holidays);
  const feed = shipped && spec.notices && spec.notices.length > 0 ? withNotices(shipped, spec.notices) : shipped;
  const rule = compileDayRule(spec, overlays, feed);
  const years = new Map<number, YearIndex>();
  const year = (wanted: number): YearIndex => {
    const known = years.get(wanted) ?? buildYear(wanted, rule, zone);
    years.set(wanted, known);
    return known;
  };
  return Object.freeze({
    key: spec.key,
    tz: spec.tz,
    spec,
    zone,
    feed,
    revision: options.revision ?? null,
    standardDaySeconds: standardDay(spec),
    rule,
    year,
  });
}
