import { readClock, readDay, readMoment, shiftMonth, showMoment, weeksOf } from './date-text';

describe('a day as people type it', () => {
  test.each([
    ['2026-03-06', '2026-03-06'],
    ['2026/3/6', '2026-03-06'],
    ['2026年3月6日', '2026-03-06'],
    ['20260306', '2026-03-06'],
    ['6 Mar 2026', '2026-03-06'],
    ['Mar 6, 2026', '2026-03-06'],
    ['March 6 2026', '2026-03-06'],
    ['2024-02-29', '2024-02-29'],
    ['2026-02-29', null],
    ['2026-13-01', null],
    ['3/6', null],
    ['soon', null],
    ['', null],
  ])('%s', (text, day) => expect(readDay(text)).toBe(day));

  test.each([
    ['2026-03-06T09:30', '2026-03-06T09:30'],
    ['2026-03-06 9:05', '2026-03-06T09:05'],
    ['2026年3月6日 09：30', '2026-03-06T09:30'],
    ['Mar 6, 2026 23:59', '2026-03-06T23:59'],
    ['2026-03-06', '2026-03-06T00:00'],
    ['2026-03-06 24:00', null],
    ['09:30', null],
  ])('with a time: %s', (text, moment) => expect(readMoment(text)).toBe(moment));

  test.each([
    ['9:30', '09:30'],
    ['09:30', '09:30'],
    ['0930', '09:30'],
    ['９：30', '09:30'],
    ['00:00', '00:00'],
    ['24:00', null],
    ['9', null],
    ['09:', null],
    ['9:75', null],
  ])('a time of day: %s', (text, clock) => expect(readClock(text)).toBe(clock));

  test('what is shown can be read again, in both languages', () => {
    for (const locale of ['zh', 'en'] as const)
      for (const value of ['2026-03-06', '2026-12-31', '2024-02-29']) {
        expect(readDay(showMoment(value, locale))).toBe(value);
        expect(readMoment(showMoment(`${value}T07:05`, locale))).toBe(`${value}T07:05`);
      }
  });

  test('a month begins on its weekday and has all its days', () => {
    const weeks = weeksOf('2026-03');
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-03-01']);
    expect(weeks.flat().filter(Boolean)).toHaveLength(31);
    expect(weeksOf('2027-02')).toHaveLength(4);
    expect([shiftMonth('2026-12', 1), shiftMonth('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  });
});
