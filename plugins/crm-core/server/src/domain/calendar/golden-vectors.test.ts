import { cn, cnText, inHours, minutes, SHANGHAI } from './__fixtures__/calendars';
import { add, addBusinessDays, compileCalendar, elapsed, explain, isOpen, isProvisional, nextOpen, subtract } from '.';

/** Calendar C: Mon–Fri 09:00–12:00 and 13:30–18:00 in Shanghai with the 2026 days off and make-up workdays. */
const C = compileCalendar(SHANGHAI);

describe('golden vectors of business time in Shanghai, 2026', () => {
  const additions: [name: string, start: string, seconds: number, expected: string][] = [
    ['V1 an evening runs on after the weekend', '2026-03-06 17:50', minutes(30), '2026-03-09 09:20:00'],
    ['V2 over lunch', '2026-03-04 11:50', minutes(30), '2026-03-04 13:50:00'],
    ['V4 onto a make-up Saturday', '2026-02-13 17:30', inHours(4), '2026-02-14 14:00:00'],
    ['V6 from the middle of a holiday', '2026-02-20 10:00', inHours(2), '2026-02-24 11:00:00'],
    ['V8 over National Day', '2026-09-30 17:30', inHours(3), '2026-10-08 11:30:00'],
    ['V10 from the end of a make-up Saturday', '2026-10-10 17:00', inHours(2), '2026-10-12 10:00:00'],
    ['V11 the deadline is on close and stays there', '2026-03-04 16:00', inHours(2), '2026-03-04 18:00:00'],
    ['V12 the start is on close and counts from the next opening', '2026-03-04 18:00', minutes(1), '2026-03-05 09:01:00'],
    ['V16 due', '2026-03-05 16:00', inHours(4), '2026-03-06 11:00:00'],
    ['V16 warning at 80 %', '2026-03-05 16:00', inHours(4) * 0.8, '2026-03-06 10:12:00'],
    ['V27 eight hours', '2026-03-04 09:00', inHours(8), '2026-03-05 09:30:00'],
    ['V27 retroactive two hours', '2026-03-04 09:00', inHours(2), '2026-03-04 11:00:00'],
    ['V27 grace of 25 % from 14:00', '2026-03-04 14:00', inHours(2) * 0.25, '2026-03-04 14:30:00'],
    ['V27 fresh two hours from 14:00', '2026-03-04 14:00', inHours(2), '2026-03-04 16:00:00'],
  ];
  test.each(additions)('%s', (_name, start, seconds, expected) => {
    expect(cnText(add(C, cn(start), seconds))).toBe(expected);
  });

  test('V14 the Sunday after a make-up Saturday has no open time', () => {
    expect(elapsed(C, cn('2026-10-11 08:00'), cn('2026-10-12 08:30'))).toBe(0);
  });

  test('V15 after a pause the remaining seconds are added at resume, not the length of the pause on the wall', () => {
    const spent = elapsed(C, cn('2026-03-05 16:00'), cn('2026-03-05 17:00'));
    expect(cnText(add(C, cn('2026-03-09 10:00'), inHours(4) - spent))).toBe('2026-03-09 14:30:00');
  });

  test('V24 the end of the next business day after a Friday is the make-up Saturday', () => {
    expect(cnText(addBusinessDays(C, cn('2026-02-13 17:30'), 1, 'end-of-day'))).toBe('2026-02-14 18:00:00');
  });

  test('V26 a business day as a budget is 7.5 hours of open time', () => {
    expect(C.standardDaySeconds).toBe(inHours(7.5));
    expect(cnText(addBusinessDays(C, cn('2026-03-06 10:00'), 1, 'budget'))).toBe('2026-03-09 10:00:00');
  });

  test('V27 proportional: 3.5 of 8 hours are used, so 1.125 of 2 hours are left', () => {
    const used = elapsed(C, cn('2026-03-04 09:00'), cn('2026-03-04 14:00'));
    expect(used).toBe(inHours(3.5));
    expect(cnText(add(C, cn('2026-03-04 14:00'), inHours(2) * (1 - used / inHours(8))))).toBe('2026-03-04 15:07:30');
  });
});

describe('named boundaries (R-4, R-13)', () => {
  test('zero seconds do not move the instant, also in closed time', () => {
    const sunday = cn('2026-03-08 03:00:00.250');
    expect(add(C, sunday, 0)).toEqual({ ok: true, at: sunday });
    expect(subtract(C, sunday, 0)).toEqual({ ok: true, at: sunday });
    expect(elapsed(C, sunday, sunday)).toBe(0);
  });

  test('the opening instant is open and the closing instant is closed', () => {
    expect(isOpen(C, cn('2026-03-04 09:00'))).toBe(true);
    expect(isOpen(C, cn('2026-03-04 08:59:59'))).toBe(false);
    expect(isOpen(C, cn('2026-03-04 17:59:59.999'))).toBe(true);
    expect(isOpen(C, cn('2026-03-04 18:00'))).toBe(false);
    expect(nextOpen(C, cn('2026-03-04 12:00'))).toEqual(cn('2026-03-04 13:30'));
  });

  test('one second before close and one second after it', () => {
    expect(cnText(add(C, cn('2026-03-04 17:59:59'), 1))).toBe('2026-03-04 18:00:00');
    expect(cnText(add(C, cn('2026-03-04 17:59:59'), 2))).toBe('2026-03-05 09:00:01');
  });

  test('subtracting lands on the opening and stays there, and crosses lunch and weekend', () => {
    expect(cnText(subtract(C, cn('2026-03-04 11:00'), inHours(2)))).toBe('2026-03-04 09:00:00');
    expect(cnText(subtract(C, cn('2026-03-04 11:00'), inHours(2) + 1))).toBe('2026-03-03 17:59:59');
    expect(cnText(subtract(C, cn('2026-03-09 10:00'), inHours(6.5)))).toBe('2026-03-06 11:00:00');
  });

  test('negative and fractional seconds are refused', () => {
    expect(() => add(C, cn('2026-03-04 11:00'), -1)).toThrow(RangeError);
    expect(() => subtract(C, cn('2026-03-04 11:00'), 0.5)).toThrow(RangeError);
  });

  test('a reversed range has no elapsed time and nothing to explain', () => {
    expect(elapsed(C, cn('2026-03-05 11:00'), cn('2026-03-04 11:00'))).toBe(0);
    expect(explain(C, cn('2026-03-05 11:00'), cn('2026-03-04 11:00'))).toEqual([]);
  });
});

describe('the explanation of a range', () => {
  test('names each date of the days around Spring Festival', () => {
    const rows = explain(C, cn('2026-02-13 17:30'), cn('2026-02-24 10:00'));
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({
      date: '2026-02-13',
      weekday: 'fri',
      kind: 'workday',
      level: 'week',
      label: null,
      seconds: minutes(30),
    });
    expect(rows[1]).toMatchObject({ date: '2026-02-14', weekday: 'sat', kind: 'make-up', level: 'feed', seconds: inHours(7.5) });
    expect(rows[1]?.label).toEqual({ zh: '春节', en: 'Spring Festival' });
    expect(rows[2]).toMatchObject({ date: '2026-02-15', kind: 'holiday', intervals: [], seconds: 0 });
    expect(rows[11]).toEqual({
      date: '2026-02-24',
      weekday: 'tue',
      kind: 'workday',
      level: 'week',
      label: null,
      intervals: [{ start: cn('2026-02-24 09:00'), end: cn('2026-02-24 10:00') }],
      seconds: inHours(1),
    });
  });

  test('calls an ordinary Sunday closed, and leaves out a date that the range only touches at midnight', () => {
    const rows = explain(C, cn('2026-03-08 00:00'), cn('2026-03-09 00:00'));
    expect(rows).toEqual([{ date: '2026-03-08', weekday: 'sun', kind: 'closed', level: 'week', label: null, intervals: [], seconds: 0 }]);
  });
});

describe('a year that is not announced', () => {
  test('is computed with weekdays and marked provisional from its first local day on', () => {
    expect(isProvisional(C, cn('2026-12-31 10:00'), cn('2026-12-31 23:59'))).toBe(false);
    expect(isProvisional(C, cn('2026-12-31 10:00'), cn('2127-01-01 00:00'))).toBe(true);
    expect(cnText(add(C, cn('2127-10-01 09:00'), 60))).toBe('2127-10-01 09:01:00');
  });
});
