import { formatDate, parseDate, parseTime } from './wall-time';
import { hours, readShared } from './__fixtures__/calendars';
import type { CalendarException, CalendarSpec, WallInterval } from '../../../../contracts';
import {
  add,
  addBusinessDays,
  compileCalendar,
  elapsed,
  isOpen,
  nextOpen,
  periodsBetween,
  prevOpen,
  subtract,
  subtractBusinessDays,
  type Calendar,
  type CalendarResult,
} from '.';

type Ranges = readonly (readonly [string, string])[];

interface Schedule {
  readonly time_zone: string;
  readonly hours: Partial<Record<string, Ranges>>;
  readonly holidays: readonly string[];
  readonly date_overrides: Partial<Record<string, Ranges>>;
  readonly date_breaks: Partial<Record<string, Ranges>>;
}

interface Vector {
  readonly id: string;
  readonly op: string;
  readonly schedule: Schedule;
  readonly start: string;
  readonly end?: string;
  readonly seconds?: number;
  readonly days?: number;
  readonly take?: number;
  readonly expected: unknown;
}

/** Where we answer differently from the library on purpose. */
const DECIDED_OTHERWISE: Readonly<Record<string, { readonly ours: unknown; readonly why: string }>> = {
  'zendesk/biz-042': {
    ours: '2006-01-08T12:00:00Z',
    why: 'R-4: a deadline exactly at close stays at close; biz rolls to the next opening',
  },
  'Intrepidd/working_hours-064': { ours: 90_000, why: 'R-13: the Sunday on which clocks go back has 25 hours; upstream counts the wall' },
  'Intrepidd/working_hours-066': { ours: 0, why: 'R-13: a reversed range has 0 elapsed; upstream answers with a negative number' },
};

const wall = (ranges: Ranges = []): WallInterval[] => ranges.map(([start, end]) => ({ start, end }));
const clock = (text: string): number => parseTime(text, 'end') ?? NaN;
const wallOf = (seconds: number): string =>
  `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String((seconds % 3600) / 60).padStart(2, '0')}`;

/** A break is not a notion of ours: the hours of that date without the break become its special hours. */
function withoutBreaks(open: Ranges, breaks: Ranges): WallInterval[] {
  const spans = breaks.reduce(
    (left, [from, to]) =>
      left.flatMap(([start, end]): [number, number][] => [
        [start, Math.min(end, Math.max(start, clock(from)))],
        [Math.max(start, Math.min(end, clock(to))), end],
      ]),
    open.map(([start, end]): [number, number] => [clock(start), clock(end)]),
  );
  return spans.filter(([start, end]) => start < end).map(([start, end]) => ({ start: wallOf(start), end: wallOf(end) }));
}

function exceptionOn(date: string, schedule: Schedule, weekday: string): CalendarException {
  if (schedule.holidays.includes(date)) return { from: date, kind: 'off' };
  const open = schedule.date_overrides[date] ?? schedule.hours[weekday] ?? [];
  return { from: date, kind: 'special', intervals: withoutBreaks(open, schedule.date_breaks[date] ?? []) };
}

function calendarOf(schedule: Schedule): Calendar {
  const dates = new Set([...schedule.holidays, ...Object.keys(schedule.date_overrides), ...Object.keys(schedule.date_breaks)]);
  const exceptions = [...dates].map((date) => {
    const weekday = new Date(`${date}T00:00:00Z`).toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' }).toLowerCase();
    return exceptionOn(date, schedule, weekday);
  });
  const week: CalendarSpec['week'] = Object.fromEntries(Object.entries(schedule.hours).map(([day, ranges]) => [day, wall(ranges)]));
  return compileCalendar({ key: 'vector', tz: schedule.time_zone, week, exceptions });
}

const iso = (at: Date): string => at.toISOString().replace('.000Z', 'Z');
const told = (result: CalendarResult): string => (result.ok ? iso(result.at) : result.code);
const toldDate = (at: Date | null): string => (at ? iso(at) : 'never');

/** An instant with an offset is the same instant in UTC. */
const normalised = (expected: unknown): unknown => (typeof expected === 'string' ? iso(new Date(expected)) : expected);

function answer(vector: Vector): unknown {
  const calendar = calendarOf(vector.schedule);
  const start = new Date(vector.start);
  const { seconds = 0, days = 0 } = vector;
  switch (vector.op) {
    case 'add_seconds':
      return told(seconds < 0 ? subtract(calendar, start, -seconds) : add(calendar, start, seconds));
    case 'diff_seconds':
      return elapsed(calendar, start, new Date(vector.end ?? ''));
    case 'is_open':
      return isOpen(calendar, start);
    case 'next_open':
      return toldDate(nextOpen(calendar, start));
    case 'prev_open':
      return toldDate(prevOpen(calendar, start));
    case 'add_business_days':
      return told(
        days < 0 ? subtractBusinessDays(calendar, start, -days, 'same-time') : addBusinessDays(calendar, start, days, 'same-time'),
      );
    case 'periods_after': {
      const later = new Date(start.getTime() + 60 * 86_400_000);
      const periods = periodsBetween(calendar, start, later).slice(0, vector.take);
      return periods.map((period) => [iso(period.start), iso(period.end)]);
    }
    default:
      throw new Error(`No such operation: ${vector.op}`);
  }
}

const file = readShared('business_hours_vectors.json') as { readonly vectors: readonly Vector[] } | null;

if (!file) {
  test.skip('the vectors of two business-hours libraries are not on this machine (shared/data/sla)', () => undefined);
} else {
  const { vectors } = file;

  test('the file has its 127 vectors, and all that we decide otherwise are among them', () => {
    expect(vectors).toHaveLength(127);
    expect(vectors.filter(({ id }) => DECIDED_OTHERWISE[id])).toHaveLength(Object.keys(DECIDED_OTHERWISE).length);
  });

  test.each(vectors.map((vector): [string, Vector] => [`${vector.id} ${vector.op}`, vector]))('%s', (_name, vector) => {
    const otherwise = DECIDED_OTHERWISE[vector.id];
    const expected = otherwise ? otherwise.ours : normalised(vector.expected);
    expect(answer(vector)).toEqual(expected);
    if (otherwise) expect(expected).not.toEqual(normalised(vector.expected));
  });
}

test('the adapter cuts a break out of the hours of its date', () => {
  expect(
    withoutBreaks(
      [['09:00', '17:00']],
      [
        ['10:00', '11:30'],
        ['16:00', '18:00'],
      ],
    ),
  ).toEqual(hours('09:00-10:00', '11:30-16:00'));
  expect(withoutBreaks([['09:00', '17:00']], [['08:00', '18:00']])).toEqual([]);
  expect(formatDate(parseDate('2006-01-02') ?? 0)).toBe('2006-01-02');
});
