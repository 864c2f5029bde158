import type { CalendarSpec } from '../../../../contracts';
import { hours, inHours, minutes, utc, utcText, weekdays } from './__fixtures__/calendars';
import { add, addBusinessDays, compileCalendar, elapsed, explain, isOpen, periodsBetween, subtract } from '.';

const every = (...texts: string[]): CalendarSpec['week'] => ({ ...weekdays(...texts), sat: hours(...texts), sun: hours(...texts) });
const inZone = (tz: string, week: CalendarSpec['week'], over: Partial<CalendarSpec> = {}) =>
  compileCalendar({ key: 'zone', tz, week, ...over });
const at = (text: string): Date => new Date(text);

describe('clock changes in Berlin, spring 2026-03-29, autumn 2026-10-25 (R-5)', () => {
  const night = inZone('Europe/Berlin', every('22:00-04:00'));

  test('a night of six hours has five in spring and seven in autumn', () => {
    expect(elapsed(night, at('2026-03-28T21:00:00Z'), at('2026-03-29T02:00:00Z'))).toBe(inHours(5));
    expect(elapsed(night, at('2026-10-24T20:00:00Z'), at('2026-10-25T03:00:00Z'))).toBe(inHours(7));
    expect(elapsed(night, at('2026-06-24T20:00:00Z'), at('2026-06-25T02:00:00Z'))).toBe(inHours(6));
  });

  test('a deadline across the change counts real hours', () => {
    expect(utcText(add(night, at('2026-03-29T00:30:00Z'), inHours(1)))).toBe('2026-03-29T01:30:00Z');
    expect(utcText(add(night, at('2026-10-25T00:30:00Z'), inHours(2)))).toBe('2026-10-25T02:30:00Z');
    expect(utcText(add(night, at('2026-03-28T21:00:00Z'), inHours(5)))).toBe('2026-03-29T02:00:00Z');
    expect(utcText(add(night, at('2026-03-28T21:00:00Z'), inHours(5) + 1))).toBe('2026-03-29T20:00:01Z');
  });

  test('a start inside the spring gap moves forward by the gap', () => {
    const early = inZone('Europe/Berlin', every('02:30-06:00'));
    expect(periodsBetween(early, at('2026-03-28T23:00:00Z'), at('2026-03-29T22:00:00Z'))).toEqual([
      { start: at('2026-03-29T01:30:00Z'), end: at('2026-03-29T04:00:00Z') },
    ]);
  });

  test('a time that exists twice starts with its first and ends with its second occurrence', () => {
    const twice = inZone('Europe/Berlin', every('02:15-02:45'));
    expect(elapsed(twice, at('2026-10-24T22:00:00Z'), at('2026-10-25T23:00:00Z'))).toBe(minutes(90));
  });

  test('24 hours a day has 23 hours in spring and 25 in autumn', () => {
    const always = inZone('Europe/Berlin', {}, { alwaysOpen: true });
    expect(explain(always, at('2026-03-28T23:00:00Z'), at('2026-03-29T22:00:00Z')).map((row) => row.seconds)).toEqual([inHours(23)]);
    expect(explain(always, at('2026-10-24T22:00:00Z'), at('2026-10-25T23:00:00Z')).map((row) => row.seconds)).toEqual([inHours(25)]);
  });

  test('one business day later is the same time on the wall, although 23 hours have passed', () => {
    const office = inZone('Europe/Berlin', every('09:00-18:00'));
    expect(utcText(addBusinessDays(office, at('2026-03-28T09:00:00Z'), 1, 'same-time'))).toBe('2026-03-29T08:00:00Z');
  });
});

describe('zones with unusual rules', () => {
  test('midnight does not exist in Beirut on the spring day', () => {
    const always = inZone('Asia/Beirut', {}, { alwaysOpen: true });
    const from = at('2026-03-27T00:00:00Z');
    expect(elapsed(always, from, at('2026-03-31T00:00:00Z'))).toBe(inHours(96));
    const [, spring] = explain(always, at('2026-03-27T22:00:00Z'), at('2026-03-29T21:00:00Z'));
    expect(spring).toMatchObject({ date: '2026-03-29', seconds: inHours(23) });
  });

  test('midnight exists twice in Havana on the autumn day, and no second is lost or counted twice', () => {
    const always = inZone('America/Havana', {}, { alwaysOpen: true });
    expect(elapsed(always, at('2026-10-30T00:00:00Z'), at('2026-11-04T00:00:00Z'))).toBe(inHours(120));
  });

  test('half an hour of summer time on Lord Howe Island', () => {
    const night = inZone('Australia/Lord_Howe', every('22:00-04:00'));
    expect(elapsed(night, at('2026-04-04T11:00:00Z'), at('2026-04-04T17:30:00Z'))).toBe(inHours(6.5));
  });

  test('a quarter-hour offset', () => {
    const office = inZone('Asia/Kathmandu', every('10:00-17:00'));
    expect(utcText(add(office, at('2026-03-04T00:00:00Z'), 60))).toBe('2026-03-04T04:16:00Z');
  });

  test('the last second of the local year belongs to that year on both sides of the date line', () => {
    for (const tz of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const always = inZone(tz, {}, { alwaysOpen: true });
      expect(elapsed(always, at('2025-12-30T00:00:00Z'), at('2026-01-03T00:00:00Z'))).toBe(inHours(96));
    }
  });
});

describe('intervals past midnight', () => {
  const shift = utc({ week: { fri: hours('22:00-06:00') } });

  test('belong to the date of their start', () => {
    expect(isOpen(shift, at('2026-03-07T05:59:59Z'))).toBe(true);
    expect(isOpen(shift, at('2026-03-07T06:00:00Z'))).toBe(false);
    expect(isOpen(shift, at('2026-03-08T01:00:00Z'))).toBe(false);
    expect(explain(shift, at('2026-03-07T01:00:00Z'), at('2026-03-07T12:00:00Z'))).toMatchObject([
      { date: '2026-03-06', seconds: inHours(5) },
      { date: '2026-03-07', seconds: 0, kind: 'closed' },
    ]);
  });

  test('stay open over a day off that follows, and close with a day off on their own date', () => {
    const nextOff = utc({ week: { fri: hours('22:00-06:00') }, exceptions: [{ from: '2026-03-07', kind: 'off' }] });
    expect(isOpen(nextOff, at('2026-03-07T03:00:00Z'))).toBe(true);
    const ownOff = utc({ week: { fri: hours('22:00-06:00') }, exceptions: [{ from: '2026-03-06', kind: 'off' }] });
    expect(isOpen(ownOff, at('2026-03-07T03:00:00Z'))).toBe(false);
  });

  test('run over New Year and are found from either year', () => {
    const nights = utc({ week: every('22:00-06:00') });
    expect(utcText(add(nights, at('2025-12-31T23:00:00Z'), inHours(7)))).toBe('2026-01-01T06:00:00Z');
    expect(utcText(subtract(nights, at('2026-01-01T05:00:00Z'), inHours(7)))).toBe('2025-12-31T22:00:00Z');
    expect(isOpen(nights, at('2026-01-01T00:00:00Z'))).toBe(true);
  });

  test('of two days that overlap count the shared time once', () => {
    const overlapping = utc({ week: { fri: hours('22:00-06:00'), sat: hours('05:00-09:00') } });
    expect(elapsed(overlapping, at('2026-03-06T00:00:00Z'), at('2026-03-08T00:00:00Z'))).toBe(inHours(11));
    const year = utc({ week: every('20:00-12:00', '11:00-13:00') });
    expect(elapsed(year, at('2025-12-31T00:00:00Z'), at('2026-01-02T00:00:00Z'))).toBe(inHours(13 + 4 + 13 + 4));
  });

  test('00:00–00:00 and 00:00–24:00 are both a whole day', () => {
    for (const text of ['00:00-00:00', '00:00-24:00']) {
      expect(elapsed(utc({ week: { fri: hours(text) } }), at('2026-03-01T00:00:00Z'), at('2026-03-08T00:00:00Z'))).toBe(86_400);
    }
  });
});
