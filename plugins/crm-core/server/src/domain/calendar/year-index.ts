import type { DayRule } from './day-rule';
import { DAY, firstDayOfYear, type Zone } from './wall-time';

/**
 * The open time of one local year as sorted, disjoint, absolute segments with prefix sums, so that adding and measuring are
 * binary searches. A segment belongs to the year and date of its start, also when it ends in the next.
 */
export interface YearIndex {
  /** UTC epoch seconds, ascending. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Local day number of each segment's start. */
  readonly days: readonly number[];
  /** `booked[i]`: open seconds of the year before segment `i`; one longer than the others, the last is the year's total. */
  readonly booked: readonly number[];
  /** Distinct local days with open time, ascending. */
  readonly workdays: readonly number[];
}

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly day: number;
}

/** First index whose value is greater than `limit`; the length when there is none. */
export function firstAbove(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function rawSegments(first: number, last: number, rule: (day: number) => DayRule, zone: Zone): Segment[] {
  const offsets = new Map<number, number>();
  const offsetOn = (day: number): number => {
    const known = offsets.get(day) ?? zone.offsetAt(day * DAY);
    offsets.set(day, known);
    return known;
  };
  const segments: Segment[] = [];
  for (let day = first; day <= last; day += 1) {
    // Same offset on both sides of the week: plain subtraction. Otherwise the tz rules, edge by edge.
    const week = Math.floor(day / 7) * 7;
    const steady = offsetOn(week - 1) === offsetOn(week + 10) ? offsetOn(week - 1) : null;
    for (const span of rule(day).spans) {
      const start = steady === null ? zone.instantOf(day, span.start, 'start') : day * DAY + span.start - steady;
      const end = steady === null ? zone.instantOf(day, span.end, 'end') : day * DAY + span.end - steady;
      segments.push({ start, end, day });
    }
  }
  return segments.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Time that two intervals share is counted once, for the earlier one. */
function disjoint(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  let taken = -Infinity;
  for (const segment of segments) {
    const start = Math.max(segment.start, taken);
    if (segment.end > start) result.push({ ...segment, start });
    taken = Math.max(taken, segment.end);
  }
  return result;
}

/** Expands one local year; a shift of the last days of the year before may reach into it and is cut off. */
export function buildYear(year: number, rule: (day: number) => DayRule, zone: Zone): YearIndex {
  const first = firstDayOfYear(year);
  const last = firstDayOfYear(year + 1) - 1;
  const segments = disjoint(rawSegments(first - 2, last, rule, zone)).filter(({ day }) => day >= first);
  const booked = [0];
  for (const { start, end } of segments) booked.push((booked[booked.length - 1] ?? 0) + end - start);
  return {
    starts: segments.map(({ start }) => start),
    ends: segments.map(({ end }) => end),
    days: segments.map(({ day }) => day),
    booked,
    workdays: [...new Set(segments.map(({ day }) => day))],
  };
}
