import type { CalendarException, CalendarOverlays, CalendarSpec } from '../../../../contracts';
import { cn, cnText, hours, inHours, SHANGHAI, utc, utcText } from './__fixtures__/calendars';
import { add, addBusinessDays, compileCalendar, elapsed, explain, nextOpen, prevOpen, subtract, subtractBusinessDays } from '.';

const DATE = '2026-02-14';
const off = (label: string): CalendarException => ({ from: DATE, kind: 'off', label });
const work = (label: string, template?: string): CalendarException => ({ from: DATE, kind: 'work', template, label });
const special = (label: string, ...texts: string[]): CalendarException => ({
  from: DATE,
  kind: 'special',
  intervals: hours(...texts),
  label,
});

/** The row of 2026-02-14, a make-up Saturday in the feed. */
function rowOf(overlays: CalendarOverlays, exceptions: readonly CalendarException[] = [], over: Partial<CalendarSpec> = {}) {
  const calendar = compileCalendar({ ...SHANGHAI, exceptions, templates: { short: hours('09:00-11:00') }, ...over }, { overlays });
  return explain(calendar, cn(`${DATE} 00:00`), cn(`${DATE} 24:00`))[0];
}

describe('precedence on one date: person > team > calendar > feed > week (R-1)', () => {
  test('the feed opens a Saturday that the week closes', () => {
    expect(rowOf({})).toMatchObject({ kind: 'make-up', level: 'feed', seconds: inHours(7.5) });
    expect(rowOf({}, [], { holidays: undefined })).toMatchObject({ kind: 'closed', level: 'week', seconds: 0 });
  });

  test('each level beats those below it, whatever their kinds', () => {
    const calendar = [off('company day')];
    const team = [special('stocktaking', '20:00-22:00')];
    expect(rowOf({}, calendar)).toMatchObject({ kind: 'off', level: 'calendar', label: { zh: 'company day' }, seconds: 0 });
    expect(rowOf({ team }, calendar)).toMatchObject({ kind: 'special', level: 'team', label: { en: 'stocktaking' }, seconds: inHours(2) });
    expect(rowOf({ team, person: [off('leave')] }, calendar)).toMatchObject({ kind: 'off', level: 'person', seconds: 0 });
  });

  test('inside a level special beats work and work beats off, in any order', () => {
    const all = [off('a'), work('b', 'short'), special('c', '10:00-10:30')];
    for (const person of [all, [...all].reverse()]) expect(rowOf({ person })).toMatchObject({ kind: 'special', seconds: 1800 });
    expect(rowOf({ person: [off('a'), work('b', 'short')] })).toMatchObject({ kind: 'make-up', seconds: inHours(2) });
  });

  test('a working exception without hours uses the Monday row', () => {
    expect(rowOf({ person: [work('volunteer')] })).toMatchObject({ kind: 'make-up', level: 'person', seconds: inHours(7.5) });
  });

  test('a range covers both its ends', () => {
    const calendar = compileCalendar(SHANGHAI, { overlays: { person: [{ from: '2026-03-03', to: '2026-03-05', kind: 'off' }] } });
    expect(cnText(add(calendar, cn('2026-03-02 17:00'), inHours(2)))).toBe('2026-03-06 10:00:00');
    expect(elapsed(calendar, cn('2026-03-03 00:00'), cn('2026-03-06 00:00'))).toBe(0);
  });

  test('leave closes a calendar that is open day and night', () => {
    const always = utc({ week: {}, alwaysOpen: true, exceptions: [{ from: '2026-03-04', kind: 'off' }] });
    expect(utcText(add(always, new Date('2026-03-03T23:00:00Z'), inHours(2)))).toBe('2026-03-05T01:00:00Z');
    expect(elapsed(always, new Date('2026-03-01T00:00:00Z'), new Date('2026-03-08T00:00:00Z'))).toBe(6 * 86_400);
  });
});

describe('no working time (R-7)', () => {
  const never = utc({ week: {} });
  const t = new Date('2026-03-04T10:00:00Z');

  test('every question gets an answer, never an endless loop', () => {
    expect(add(never, t, 1)).toEqual({ ok: false, code: 'NO_WORKING_TIME' });
    expect(subtract(never, t, 1)).toEqual({ ok: false, code: 'NO_WORKING_TIME' });
    for (const meaning of ['same-time', 'end-of-day', 'budget'] as const) {
      expect(addBusinessDays(never, t, 1, meaning)).toEqual({ ok: false, code: 'NO_WORKING_TIME' });
    }
    expect(subtractBusinessDays(never, t, 1, 'same-time')).toEqual({ ok: false, code: 'NO_WORKING_TIME' });
    expect([nextOpen(never, t), prevOpen(never, t)]).toEqual([null, null]);
    expect(elapsed(never, t, new Date('2030-01-01T00:00:00Z'))).toBe(0);
    expect(add(never, t, 0)).toEqual({ ok: true, at: t });
  });

  test('an opening 400 days away is found and one 401 days away is not', () => {
    const open = (date: string) => utc({ week: {}, exceptions: [{ from: date, kind: 'special', intervals: hours('10:00-11:00') }] });
    expect(utcText(add(open('2027-04-08'), t, 60))).toBe('2027-04-08T10:01:00Z');
    expect(utcText(add(open('2027-04-09'), t, 60))).toBe('NO_WORKING_TIME');
    expect(utcText(subtract(open('2025-01-28'), t, 60))).toBe('2025-01-28T10:59:00Z');
    expect(utcText(subtract(open('2025-01-27'), t, 60))).toBe('NO_WORKING_TIME');
  });

  test('a calendar that closes for good gives up 400 days after its last hour', () => {
    const closing = utc({ exceptions: [{ from: '2026-06-01', to: '2040-12-31', kind: 'off' }] });
    expect(utcText(add(closing, new Date('2026-05-29T16:00:00Z'), inHours(1)))).toBe('2026-05-29T17:00:00Z');
    expect(utcText(add(closing, new Date('2026-05-29T16:00:00Z'), inHours(1) + 1))).toBe('NO_WORKING_TIME');
  });

  test('a budget longer than a hundred years is no deadline', () => {
    const hourPerWeek = utc({ week: { mon: hours('09:00-10:00') } });
    expect(utcText(add(hourPerWeek, t, 1_000_000_000))).toBe('NO_WORKING_TIME');
    expect(utcText(subtract(hourPerWeek, t, 1_000_000_000))).toBe('NO_WORKING_TIME');
  });
});
