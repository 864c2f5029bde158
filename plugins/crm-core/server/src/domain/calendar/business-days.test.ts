import type { BusinessDayMeaning } from '../../../../contracts';
import { cn, cnText, hours, SHANGHAI, utc, utcText } from './__fixtures__/calendars';
import {
  addBusinessDays,
  addDuration,
  compileCalendar,
  formatDuration,
  parseDuration,
  remainingMinutes,
  elapsedMinutes,
  subtractBusinessDays,
} from '.';

const C = compileCalendar(SHANGHAI);

describe('business days in their three meanings (R-6)', () => {
  const cases: [name: string, start: string, days: number, meaning: BusinessDayMeaning, expected: string][] = [
    ['same time on the next day', '2026-03-04 10:15', 1, 'same-time', '2026-03-05 10:15:00'],
    ['same time over a weekend', '2026-03-06 10:15', 2, 'same-time', '2026-03-10 10:15:00'],
    ['same time onto a make-up Saturday', '2026-02-13 17:30', 1, 'same-time', '2026-02-14 17:30:00'],
    ['same time over Spring Festival', '2026-02-14 17:30', 1, 'same-time', '2026-02-24 17:30:00'],
    ['same time from before opening starts at the opening', '2026-03-04 07:00', 1, 'same-time', '2026-03-05 09:00:00'],
    ['same time from a Sunday starts at the Monday opening', '2026-03-08 20:00', 1, 'same-time', '2026-03-10 09:00:00'],
    ['same time from close starts at the next opening', '2026-03-04 18:00', 1, 'same-time', '2026-03-06 09:00:00'],
    ['same time of zero days does not move', '2026-03-08 20:00', 0, 'same-time', '2026-03-08 20:00:00'],
    ['end of today', '2026-03-04 10:15', 0, 'end-of-day', '2026-03-04 18:00:00'],
    ['end of today asked on close', '2026-03-04 18:00', 0, 'end-of-day', '2026-03-04 18:00:00'],
    ['end of today asked after close is the next workday', '2026-03-04 18:01', 0, 'end-of-day', '2026-03-05 18:00:00'],
    ['end of today on a Sunday is the next workday', '2026-03-08 10:00', 0, 'end-of-day', '2026-03-09 18:00:00'],
    ['end of the next workday from an evening', '2026-03-04 22:00', 1, 'end-of-day', '2026-03-05 18:00:00'],
    ['end of the next workday from a Sunday is Monday', '2026-03-08 10:00', 1, 'end-of-day', '2026-03-09 18:00:00'],
    ['end of the second workday from a Friday', '2026-03-06 10:00', 2, 'end-of-day', '2026-03-10 18:00:00'],
    ['a budget of two days', '2026-03-06 10:00', 2, 'budget', '2026-03-10 10:00:00'],
    ['a budget of no days does not move', '2026-03-08 10:00', 0, 'budget', '2026-03-08 10:00:00'],
  ];
  test.each(cases)('%s', (_name, start, days, meaning, expected) => {
    expect(cnText(addBusinessDays(C, cn(start), days, meaning))).toBe(expected);
  });

  test('where the same time is closed on a shorter day, the next opening counts; where it is the close, it stays', () => {
    const calendar = utc({ exceptions: [{ from: '2026-03-05', kind: 'special', intervals: hours('09:00-12:00') }] });
    expect(utcText(addBusinessDays(calendar, new Date('2026-03-04T15:00:00Z'), 1, 'same-time'))).toBe('2026-03-06T09:00:00Z');
    expect(utcText(addBusinessDays(calendar, new Date('2026-03-04T12:00:00Z'), 1, 'same-time'))).toBe('2026-03-05T12:00:00Z');
  });

  test('a shift past midnight counts as the day of its start', () => {
    const nights = utc({ week: { mon: hours('22:00-06:00'), tue: hours('22:00-06:00'), thu: hours('22:00-06:00') } });
    const inMondaysShift = new Date('2026-03-03T01:00:00Z');
    expect(utcText(addBusinessDays(nights, inMondaysShift, 1, 'same-time'))).toBe('2026-03-04T01:00:00Z');
    expect(utcText(addBusinessDays(nights, inMondaysShift, 2, 'same-time'))).toBe('2026-03-06T01:00:00Z');
    expect(utcText(addBusinessDays(nights, inMondaysShift, 0, 'end-of-day'))).toBe('2026-03-03T06:00:00Z');
    expect(utcText(addBusinessDays(nights, inMondaysShift, 1, 'end-of-day'))).toBe('2026-03-04T06:00:00Z');
    expect(utcText(subtractBusinessDays(nights, new Date('2026-03-06T06:00:00Z'), 1, 'same-time'))).toBe('2026-03-04T06:00:00Z');
  });

  test('every day is a workday where it is always open', () => {
    const always = utc({ week: {}, alwaysOpen: true });
    expect(utcText(addBusinessDays(always, new Date('2026-03-07T15:00:00Z'), 1, 'same-time'))).toBe('2026-03-08T15:00:00Z');
    expect(utcText(addBusinessDays(always, new Date('2026-03-07T15:00:00Z'), 1, 'end-of-day'))).toBe('2026-03-09T00:00:00Z');
    expect(utcText(addBusinessDays(always, new Date('2026-03-07T15:00:00Z'), 1, 'budget'))).toBe('2026-03-08T15:00:00Z');
  });

  test('backwards: the same time before, or a budget before', () => {
    expect(cnText(subtractBusinessDays(C, cn('2026-02-24 10:00'), 1, 'same-time'))).toBe('2026-02-14 10:00:00');
    expect(cnText(subtractBusinessDays(C, cn('2026-03-09 10:00'), 1, 'budget'))).toBe('2026-03-06 10:00:00');
    expect(cnText(subtractBusinessDays(C, cn('2026-03-08 10:00'), 1, 'same-time'))).toBe('2026-03-05 18:00:00');
  });

  test('negative and fractional days are refused', () => {
    expect(() => addBusinessDays(C, cn('2026-03-04 10:00'), -1, 'budget')).toThrow(RangeError);
    expect(() => addBusinessDays(C, cn('2026-03-04 10:00'), 0.5, 'budget')).toThrow(RangeError);
  });
});

describe('durations', () => {
  test.each([
    ['PT30M', { kind: 'seconds', seconds: 1800 }],
    ['PT4H', { kind: 'seconds', seconds: 14_400 }],
    ['PT1H30M', { kind: 'seconds', seconds: 5400 }],
    ['PT90S', { kind: 'seconds', seconds: 90 }],
    ['PT0S', { kind: 'seconds', seconds: 0 }],
    ['P1BD', { kind: 'businessDays', days: 1 }],
    ['P10BD', { kind: 'businessDays', days: 10 }],
  ])('%s is read', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
  });

  test.each(['', 'PT', 'P', 'P1D', 'P1W', 'PT-4H', '-PT4H', 'PT1.5H', 'pt4h', 'PT4H ', '4h', 'P1BDT2H', 'PT30M4H'])(
    '"%s" is refused with a reason',
    (text) => {
      expect(parseDuration(text)).toEqual({ kind: 'invalid', reason: expect.stringContaining(`"${text}"`) });
    },
  );

  test('a calendar day is refused with the way to say it', () => {
    expect(parseDuration('P1D')).toMatchObject({ reason: expect.stringContaining('P1BD') });
  });

  test.each(['PT30M', 'PT4H', 'PT1H30M', 'PT1M30S', 'PT0S', 'P3BD'])('%s is written as it was read', (text) => {
    const parsed = parseDuration(text);
    expect(parsed.kind === 'invalid' ? parsed.reason : formatDuration(parsed)).toBe(text);
  });

  test('are added in seconds or in business days', () => {
    expect(cnText(addDuration(C, cn('2026-03-06 17:50'), { kind: 'seconds', seconds: 1800 }, 'budget'))).toBe('2026-03-09 09:20:00');
    expect(cnText(addDuration(C, cn('2026-03-06 17:50'), { kind: 'businessDays', days: 1 }, 'end-of-day'))).toBe('2026-03-09 18:00:00');
  });

  test('minutes round up for what remains and down for what has passed (R-10)', () => {
    expect([remainingMinutes(61), remainingMinutes(60), remainingMinutes(0)]).toEqual([2, 1, 0]);
    expect([elapsedMinutes(61), elapsedMinutes(59)]).toEqual([1, 0]);
  });
});
