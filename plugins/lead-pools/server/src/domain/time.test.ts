import { calendarTime } from '@leadsea/crm-core';
import { after, before } from './time';

const berlin = calendarTime.compileCalendar({
  key: 'berlin',
  tz: 'Europe/Berlin',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '17:00' }]])),
});
const at = (text: string): Date => new Date(text);
const shown = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The clocks of Berlin go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00. */
test.each<[string, string, string, 'business' | 'calendar', string]>([
  ['days keep the time of day when the clocks go forward', '2026-03-20T09:00:00Z', 'P14D', 'business', '2026-04-03T08:00:00.000Z'],
  ['and when they go back', '2026-10-20T08:00:00Z', 'P1W', 'business', '2026-10-27T09:00:00.000Z'],
  ['into the hour that does not exist: an hour later', '2026-03-28T01:30:00Z', 'P1D', 'calendar', '2026-03-29T01:30:00.000Z'],
  ['plain hours are hours that pass', '2026-03-28T23:00:00Z', 'PT24H', 'calendar', '2026-03-29T23:00:00.000Z'],
  ['days first, then hours', '2026-03-28T10:00:00Z', 'P1DT2H', 'calendar', '2026-03-29T11:00:00.000Z'],
  ['business days keep the time of day as well', '2026-03-27T10:00:00Z', 'P1BD', 'business', '2026-03-30T09:00:00.000Z'],
  ['business hours are open hours', '2026-03-27T15:00:00Z', 'PT2H', 'business', '2026-03-30T08:00:00.000Z'],
])('%s', (_case, from, duration, time, expected) => {
  expect(shown(after(berlin, at(from), duration, time))).toBe(expected);
});

test('warnings lie as many days of the wall before', () => {
  expect(shown(before(berlin, at('2026-04-03T08:00:00Z'), 'P14D'))).toBe('2026-03-20T09:00:00.000Z');
  expect(shown(before(berlin, at('2026-03-30T09:00:00Z'), 'P1BD'))).toBe('2026-03-27T10:00:00.000Z');
});

test('what is no duration has no end', () => {
  expect(after(berlin, at('2026-03-20T09:00:00Z'), 'soon')).toBeNull();
  expect(before(berlin, at('2026-03-20T09:00:00Z'), 'soon')).toBeNull();
});

test('an answer that is kept holds for its calendar, start, duration and kind of time only', () => {
  const allDay = calendarTime.compileCalendar({
    key: 'all-day',
    tz: 'Asia/Shanghai',
    week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [{ start: '00:00', end: '24:00' }]])),
  });
  const friday = at('2026-03-27T15:00:00Z');
  const ask = () => [
    shown(after(berlin, friday, 'PT2H', 'business')),
    shown(after(allDay, friday, 'PT2H', 'business')),
    shown(after(berlin, friday, 'PT2H', 'calendar')),
    shown(after(berlin, friday, 'PT3H', 'business')),
    shown(after(berlin, at('2026-03-27T13:00:00Z'), 'PT2H', 'business')),
  ];
  const expected = [
    '2026-03-30T08:00:00.000Z',
    '2026-03-27T17:00:00.000Z',
    '2026-03-27T17:00:00.000Z',
    '2026-03-30T09:00:00.000Z',
    '2026-03-27T15:00:00.000Z',
  ];
  expect(ask()).toEqual(expected);
  expect(ask()).toEqual(expected);
  // More starts than are kept: what was known before is worked out again.
  const starts = Array.from({ length: 200 }, (_one, minute) => new Date(friday.getTime() + minute * 60_000));
  const days = () => starts.map((start) => after(berlin, start, 'P1D')!.getTime() - start.getTime());
  expect(new Set(days())).toEqual(new Set([86_400_000]));
  expect(ask()).toEqual(expected);
});
