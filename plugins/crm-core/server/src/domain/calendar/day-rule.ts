import {
  WEEKDAYS,
  type CalendarException,
  type CalendarLevel,
  type CalendarOverlays,
  type CalendarSpec,
  type DayKind,
  type LocalisedText,
  type WallInterval,
} from '../../../../contracts';
import type { HolidayFeed } from './feeds';
import { DAY, formatDate, parseDate, parseInterval, weekdayOf, type WallSpan } from './wall-time';

/** What holds on one local date, and which level said so. */
export interface DayRule {
  readonly kind: DayKind;
  readonly level: CalendarLevel;
  readonly label: LocalisedText | null;
  /** Sorted by start. */
  readonly spans: readonly WallSpan[];
}

interface DatedRule {
  readonly from: number;
  readonly to: number;
  readonly rank: number;
  readonly rule: DayRule;
}

/** inside one level. */
const RANK = { special: 2, work: 1, off: 0 } as const;
const KIND = { special: 'special', work: 'make-up', off: 'off' } as const;

const ALL_DAY: readonly WallSpan[] = [{ start: 0, end: DAY }];

function spansOf(intervals: readonly WallInterval[] | undefined): readonly WallSpan[] {
  const spans = (intervals ?? []).map(parseInterval).filter((span): span is WallSpan => span !== null);
  return spans.sort((a, b) => a.start - b.start);
}

function labelOf(exception: CalendarException): LocalisedText | null {
  const label = exception.label ?? exception.source;
  return label === undefined ? null : { zh: label, en: label };
}

function monday(spec: CalendarSpec): readonly WallSpan[] {
  return spec.alwaysOpen ? ALL_DAY : spansOf(spec.week.mon);
}

function exceptionSpans(spec: CalendarSpec, exception: CalendarException): readonly WallSpan[] {
  if (exception.kind === 'off') return [];
  if (exception.intervals) return spansOf(exception.intervals);
  if (exception.template !== undefined) return spansOf(spec.templates?.[exception.template]);
  return exception.kind === 'work' ? monday(spec) : [];
}

function dateLevel(spec: CalendarSpec, level: CalendarLevel, exceptions: readonly CalendarException[] = []): readonly DatedRule[] {
  return exceptions
    .map((exception) => {
      const from = parseDate(exception.from) ?? Infinity;
      const to = exception.to === undefined ? from : (parseDate(exception.to) ?? -Infinity);
      const rule: DayRule = { kind: KIND[exception.kind], level, label: labelOf(exception), spans: exceptionSpans(spec, exception) };
      return { from, to, rank: RANK[exception.kind], rule };
    })
    .sort((a, b) => b.rank - a.rank);
}

/**
 * The rule of any date: person > team > calendar exception > national feed > week row; inside a level special > work > off.
 * A make-up day uses its own template, the Monday row unless another is named.
 */
export function compileDayRule(spec: CalendarSpec, overlays: CalendarOverlays, feed: HolidayFeed | null): (day: number) => DayRule {
  const levels = [
    dateLevel(spec, 'person', overlays.person),
    dateLevel(spec, 'team', overlays.team),
    dateLevel(spec, 'calendar', spec.exceptions),
  ];
  const makeUp = spec.makeUpTemplate === undefined ? monday(spec) : spansOf(spec.templates?.[spec.makeUpTemplate]);
  const week = new Map(WEEKDAYS.map((weekday) => [weekday, spec.alwaysOpen ? ALL_DAY : spansOf(spec.week[weekday])]));

  return (day) => {
    for (const level of levels) {
      const found = level.find(({ from, to }) => from <= day && day <= to);
      if (found) return found.rule;
    }
    const announced = feed?.day(formatDate(day));
    if (announced?.kind === 'off') return { kind: 'holiday', level: 'feed', label: announced.label, spans: [] };
    if (announced?.kind === 'work') return { kind: 'make-up', level: 'feed', label: announced.label, spans: makeUp };
    const spans = week.get(weekdayOf(day)) ?? [];
    return { kind: spans.length > 0 ? 'workday' : 'closed', level: 'week', label: null, spans };
  };
}
