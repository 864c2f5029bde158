import {
  WEEKDAYS,
  type CalendarException,
  type CalendarOverlays,
  type CalendarSpec,
  type LintFinding,
  type WallInterval,
} from '../../../../contracts';
import { standardFeeds, type FeedLookup } from './feeds';
import { DAY, isKnownZone, parseDate, parseInterval, weekdayOf, type WallSpan } from './wall-time';

const error = (code: string, path: string, message: string): LintFinding => ({ level: 'error', code, path, message });
const warning = (code: string, path: string, message: string): LintFinding => ({ level: 'warning', code, path, message });

function checkTimes(intervals: readonly WallInterval[], path: string): LintFinding[] {
  return intervals.flatMap((interval, position) =>
    parseInterval(interval)
      ? []
      : [
          error(
            'BAD_TIME',
            `${path}.${position}`,
            `"${interval.start}–${interval.end}" is not a time range; write HH:mm, e.g. 09:00–18:00.`,
          ),
        ],
  );
}

function checkOverlap(intervals: readonly WallInterval[], path: string): LintFinding[] {
  const spans = intervals
    .map(parseInterval)
    .filter((span): span is WallSpan => span !== null)
    .sort((a, b) => a.start - b.start);
  const overlaps = spans.some((span, position) => position > 0 && span.start < (spans[position - 1]?.end ?? 0));
  return overlaps ? [error('OVERLAPPING_INTERVALS', path, 'Two intervals of one day overlap; the shared time would count once.')] : [];
}

/** Every list of intervals in the spec, with where it stands. */
function intervalLists(spec: CalendarSpec, exceptions: readonly CalendarException[], path: string): [readonly WallInterval[], string][] {
  return [
    ...WEEKDAYS.map((weekday): [readonly WallInterval[], string] => [spec.week[weekday] ?? [], `week.${weekday}`]),
    ...Object.entries(spec.templates ?? {}).map(([name, list]): [readonly WallInterval[], string] => [list, `templates.${name}`]),
    ...exceptions.map((item, position): [readonly WallInterval[], string] => [item.intervals ?? [], `${path}.${position}.intervals`]),
  ];
}

const knowsTemplate = (spec: CalendarSpec, name: string): boolean => Object.hasOwn(spec.templates ?? {}, name);

function checkExceptions(spec: CalendarSpec, exceptions: readonly CalendarException[], path: string): LintFinding[] {
  return exceptions.flatMap((item, position) => {
    const at = `${path}.${position}`;
    const from = parseDate(item.from);
    const to = item.to === undefined ? from : parseDate(item.to);
    const findings: LintFinding[] = [];
    if (from === null || to === null)
      findings.push(error('BAD_DATE', at, `"${item.from}${item.to ? `/${item.to}` : ''}" is not a date; write YYYY-MM-DD.`));
    else if (to < from) findings.push(error('RANGE_REVERSED', at, `The range ends (${item.to}) before it begins (${item.from}).`));
    if (item.template !== undefined && !knowsTemplate(spec, item.template)) {
      findings.push(error('UNKNOWN_TEMPLATE', `${at}.template`, `There is no template "${item.template}".`));
    }
    return findings;
  });
}

function checkHoursOfExceptions(exceptions: readonly CalendarException[], path: string): LintFinding[] {
  return exceptions.flatMap((item, position) => {
    const at = `${path}.${position}`;
    const given = (item.template === undefined ? 0 : 1) + (item.intervals === undefined ? 0 : 1);
    if (item.kind === 'off' && given > 0)
      return [error('OFF_WITH_HOURS', at, 'A day off has no hours; use kind "special" for changed hours.')];
    if (given === 2) return [error('TEMPLATE_AND_INTERVALS', at, 'Give a template or intervals, not both.')];
    if (item.kind === 'special' && given === 0) return [error('SPECIAL_WITHOUT_HOURS', at, 'Special hours need a template or intervals.')];
    return [];
  });
}

/** R-1: a date may stand once per level and kind. */
function checkDuplicates(exceptions: readonly CalendarException[], path: string): LintFinding[] {
  const seen = exceptions.flatMap((item, position) => {
    const from = parseDate(item.from);
    const to = item.to === undefined ? from : parseDate(item.to);
    return from === null || to === null ? [] : [{ from, to, position, kind: item.kind, text: item.from }];
  });
  return seen.flatMap((item, order) => {
    const twin = seen.slice(0, order).find((other) => other.kind === item.kind && other.from <= item.to && item.from <= other.to);
    if (!twin) return [];
    return [
      error(
        'DUPLICATE_DATE',
        `${path}.${item.position}`,
        `${item.text} is already "${item.kind}" by entry ${twin.position + 1} of this level.`,
      ),
    ];
  });
}

function checkWhole(spec: CalendarSpec, feeds: FeedLookup): LintFinding[] {
  const findings: LintFinding[] = [];
  if (!isKnownZone(spec.tz)) findings.push(error('UNKNOWN_ZONE', 'tz', `"${spec.tz}" is not an IANA time zone such as Asia/Shanghai.`));
  if (spec.makeUpTemplate !== undefined && !knowsTemplate(spec, spec.makeUpTemplate)) {
    findings.push(error('UNKNOWN_TEMPLATE', 'makeUpTemplate', `There is no template "${spec.makeUpTemplate}".`));
  }
  if (spec.holidays !== undefined && feeds(spec.holidays) === null) {
    findings.push(
      error(
        'UNKNOWN_HOLIDAYS',
        'holidays',
        `No public holidays are known for "${spec.holidays}"; use cn_statutory or a country code such as DE.`,
      ),
    );
  }
  const seconds = spec.standardDaySeconds;
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds <= 0 || seconds > DAY)) {
    findings.push(error('BAD_STANDARD_DAY', 'standardDaySeconds', 'A standard working day has between 1 and 86,400 whole seconds.'));
  }
  return findings;
}

function checkWarnings(spec: CalendarSpec): LintFinding[] {
  if (spec.alwaysOpen) return [];
  const openRows = WEEKDAYS.filter((weekday) => (spec.week[weekday] ?? []).length > 0);
  if (openRows.length === 0)
    return [warning('NO_WEEKLY_HOURS', 'week', 'No weekday has hours: clocks will be blocked except on dates opened by an exception.')];
  const mondayNeeded = (spec.holidays !== undefined && spec.makeUpTemplate === undefined) || hasBareWorkday(spec);
  if (mondayNeeded && !openRows.includes('mon')) {
    return [warning('MAKE_UP_WITHOUT_HOURS', 'makeUpTemplate', 'Make-up workdays use the Monday row, which is closed; name a template.')];
  }
  return [];
}

const hasBareWorkday = (spec: CalendarSpec): boolean =>
  (spec.exceptions ?? []).some((item) => item.kind === 'work' && item.template === undefined && item.intervals === undefined);

/** A make-up workday laid on a day that is a workday anyway is usually a slip of the year. */
function checkPointless(exceptions: readonly CalendarException[], spec: CalendarSpec): LintFinding[] {
  return exceptions.flatMap((item, position) => {
    const day = parseDate(item.from);
    if (item.kind !== 'work' || item.to !== undefined || day === null || spec.holidays !== undefined) return [];
    const open = spec.alwaysOpen === true || (spec.week[weekdayOf(day)] ?? []).length > 0;
    const bare = item.template === undefined && item.intervals === undefined;
    return open && bare ? [warning('ALREADY_WORKDAY', `exceptions.${position}`, `${item.from} is a workday already.`)] : [];
  });
}

/** What makes a calendar, or an overlay on it, impossible to compute with. Used before compiling. */
export function findUnusable(spec: CalendarSpec, overlays: CalendarOverlays = {}, feeds: FeedLookup = standardFeeds): LintFinding[] {
  const levels: [readonly CalendarException[], string][] = [
    [spec.exceptions ?? [], 'exceptions'],
    [overlays.team ?? [], 'team'],
    [overlays.person ?? [], 'person'],
  ];
  return [
    ...checkWhole(spec, feeds),
    ...levels.flatMap(([exceptions, path]) => checkExceptions(spec, exceptions, path)),
    ...intervalLists(spec, spec.exceptions ?? [], 'exceptions').flatMap(([list, path]) => checkTimes(list, path)),
    ...levels.slice(1).flatMap(([list, path]) => list.flatMap((item, at) => checkTimes(item.intervals ?? [], `${path}.${at}.intervals`))),
  ];
}

/** Everything wrong (`error`) or doubtful (`warning`) in a calendar, for the editor and before publishing (R-1, R-2, R-7). */
export function validateCalendar(spec: CalendarSpec, feeds: FeedLookup = standardFeeds): LintFinding[] {
  const exceptions = spec.exceptions ?? [];
  return [
    ...findUnusable(spec, {}, feeds),
    ...intervalLists(spec, exceptions, 'exceptions').flatMap(([list, path]) => checkOverlap(list, path)),
    ...validateExceptions(exceptions),
    ...checkWarnings(spec),
    ...checkPointless(exceptions, spec),
  ];
}

/** The checks of one level on its own: the exceptions of a calendar, a team or a person. */
export function validateExceptions(exceptions: readonly CalendarException[], path = 'exceptions'): LintFinding[] {
  return [...checkHoursOfExceptions(exceptions, path), ...checkDuplicates(exceptions, path)];
}
