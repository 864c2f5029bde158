import fc from 'fast-check';
import { WEEKDAYS, type CalendarException, type WallInterval } from '../../../../contracts';
import {
  add,
  addBusinessDays,
  compileCalendar,
  elapsed,
  explain,
  isOpen,
  nextOpen,
  periodsBetween,
  prevOpen,
  subtract,
  type Calendar,
  type CalendarResult,
} from '.';

const time = fc
  .integer({ min: 0, max: 95 })
  .map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`);
const interval: fc.Arbitrary<WallInterval> = fc.record({ start: time, end: time });
const row = fc.array(interval, { maxLength: 3 });
const date = fc.integer({ min: 0, max: 730 }).map((days) => new Date(Date.UTC(2025, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const exception: fc.Arbitrary<CalendarException> = fc.oneof(
  fc.record({ from: date, kind: fc.constant('off' as const) }),
  fc.record({ from: date, kind: fc.constant('special' as const), intervals: row }),
);

/** Any week with at least one open row, overlapping and past-midnight intervals included, in zones with and without clock changes. */
const calendar: fc.Arbitrary<Calendar> = fc
  .record({
    tz: fc.constantFrom(
      'UTC',
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Havana',
      'Pacific/Kiritimati',
    ),
    rows: fc.tuple(row, row, row, row, row, row),
    sunday: fc.array(interval, { minLength: 1, maxLength: 2 }),
    exceptions: fc.array(exception, { maxLength: 8 }),
    holidays: fc.constantFrom(undefined, 'cn_statutory', 'DE'),
  })
  .map(({ tz, rows, sunday, exceptions, holidays }) => {
    const week = Object.fromEntries(WEEKDAYS.map((weekday, position) => [weekday, rows[position] ?? sunday]));
    return compileCalendar({ key: 'any', tz, week, exceptions, holidays });
  });

const instant = fc
  .integer({ min: Date.UTC(2025, 0, 1) / 1000, max: Date.UTC(2026, 11, 31) / 1000 })
  .map((seconds) => new Date(seconds * 1000));
const seconds = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 7200 }),
  fc.integer({ min: 1, max: 400_000 }),
  fc.constantFrom(900, 3600, 86_400),
);

function deadline(result: CalendarResult): Date {
  if (!result.ok) throw new Error(result.code);
  return result.at;
}

/** Measures by asking each minute whether it is open: all times in these calendars are whole minutes. */
function elapsedByMinutes(calendar: Calendar, from: Date, to: Date): number {
  let open = 0;
  for (let at = from.getTime(); at < to.getTime(); at += 60_000) if (isOpen(calendar, new Date(at))) open += 60;
  return open;
}

describe('laws of business time', () => {
  test('what is added has elapsed', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (c, t, s) => {
        expect(elapsed(c, t, deadline(add(c, t, s)))).toBe(s);
      }),
    );
  });

  test('a deadline is the earliest instant at which that much has elapsed', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (c, t, s) => {
        const due = deadline(add(c, t, s));
        fc.pre(s > 0);
        expect(elapsed(c, t, new Date(due.getTime() - 1000))).toBe(s - 1);
      }),
    );
  });

  test('adding keeps the order of budgets and of starts', () => {
    fc.assert(
      fc.property(calendar, instant, instant, seconds, seconds, (c, t, u, s, r) => {
        const [early, late] = t <= u ? [t, u] : [u, t];
        const [less, more] = s <= r ? [s, r] : [r, s];
        expect(deadline(add(c, t, less)).getTime()).toBeLessThanOrEqual(deadline(add(c, t, more)).getTime());
        expect(deadline(add(c, early, s)).getTime()).toBeLessThanOrEqual(deadline(add(c, late, s)).getTime());
      }),
    );
  });

  test('adding in two steps is adding at once', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, seconds, (c, t, s, r) => {
        fc.pre(s > 0);
        expect(deadline(add(c, deadline(add(c, t, s)), r))).toEqual(deadline(add(c, t, s + r)));
      }),
    );
  });

  test('subtracting undoes adding, up to the closed time that adding skipped', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (c, t, s) => {
        const back = deadline(subtract(c, deadline(add(c, t, s)), s));
        expect(back).toEqual(s === 0 ? t : nextOpen(c, t));
      }),
    );
  });

  test('adding undoes subtracting, up to the closed time that subtracting skipped', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (c, t, s) => {
        const forth = deadline(add(c, deadline(subtract(c, t, s)), s));
        expect(forth).toEqual(s === 0 ? t : prevOpen(c, t));
      }),
    );
  });

  test('elapsed time adds up over any instant between', () => {
    fc.assert(
      fc.property(calendar, fc.tuple(instant, instant, instant), (c, instants) => {
        const [a, b, d] = instants.sort((x, y) => x.getTime() - y.getTime());
        expect(elapsed(c, a, b) + elapsed(c, b, d)).toBe(elapsed(c, a, d));
      }),
    );
  });

  test('elapsed time is the sum of the periods and of the explained rows, and the rows are consecutive dates', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: 0, max: 40 * 86_400 }), (c, from, length) => {
        const to = new Date(from.getTime() + length * 1000);
        const total = elapsed(c, from, to);
        const periods = periodsBetween(c, from, to);
        const rows = explain(c, from, to);
        expect(periods.reduce((sum, { start, end }) => sum + (end.getTime() - start.getTime()) / 1000, 0)).toBe(total);
        expect(rows.reduce((sum, each) => sum + each.seconds, 0)).toBe(total);
        expect(periods.every(({ start }, at) => at === 0 || (periods[at - 1]?.end ?? start) < start)).toBe(true);
        expect(new Set(rows.map((each) => each.date)).size).toBe(rows.length);
      }),
    );
  });

  test('elapsed time is what counting open minutes one by one gives, clock changes included', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: 0, max: 3 * 1440 }), (c, t, length) => {
        const from = new Date(Math.floor(t.getTime() / 60_000) * 60_000);
        const to = new Date(from.getTime() + length * 60_000);
        expect(elapsed(c, from, to)).toBe(elapsedByMinutes(c, from, to));
      }),
      { numRuns: 40 },
    );
  });

  test('business days never end before they begin, and one more is never earlier', () => {
    const days = fc.integer({ min: 1, max: 15 });
    const meaning = fc.constantFrom('same-time' as const, 'end-of-day' as const, 'budget' as const);
    fc.assert(
      fc.property(calendar, instant, days, meaning, (c, t, n, m) => {
        const due = deadline(addBusinessDays(c, t, n, m)).getTime();
        expect(due).toBeGreaterThanOrEqual(t.getTime());
        expect(deadline(addBusinessDays(c, t, n + 1, m)).getTime()).toBeGreaterThanOrEqual(due);
      }),
    );
  });
});
