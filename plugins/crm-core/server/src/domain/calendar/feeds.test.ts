import { cn, cnText, inHours, minutes, readNotice, SHANGHAI, utc } from './__fixtures__/calendars';
import {
  add,
  compileCalendar,
  elapsed,
  explain,
  feedFromNotices,
  isOpen,
  isProvisional,
  makeFeedLookup,
  standardFeeds,
  validateCalendar,
  type ChinaNotice,
} from '.';

const notices = [2024, 2025].map(readNotice).filter((notice): notice is ChinaNotice => notice !== null);
/** Workdays of the year by hand: weekdays − weekdays off + make-up days. */
const WORKDAYS = new Map([
  [2024, 262 - 19 + 8],
  [2025, 261 - 18 + 5],
]);
const noon = (date: string): Date => cn(`${date} 11:00`);

if (notices.length < 2) {
  test.skip('the State Council files of 2024 and 2025 are not on this machine (shared/data/sla/china_holidays)', () => undefined);
} else {
  const calendar = compileCalendar(SHANGHAI, { feeds: makeFeedLookup(feedFromNotices(notices)) });
  const shipped = compileCalendar(SHANGHAI);

  describe.each(notices)('the State Council notice of $year', ({ year, days }) => {
    test('closes each day off and opens each make-up workday', () => {
      const open = days.filter(({ date }) => isOpen(calendar, noon(date)));
      expect(open.map(({ date }) => date)).toEqual(days.filter(({ isOffDay }) => !isOffDay).map(({ date }) => date));
      expect(open.length).toBeGreaterThan(3);
    });

    test('agrees second for second with the data shipped with the product', () => {
      const [from, to] = [cn(`${year}-01-01 00:00`), cn(`${year + 1}-01-01 00:00`)];
      const verdict = (rows: ReturnType<typeof explain>) => rows.map(({ date, kind, seconds }) => `${date} ${kind} ${seconds}`);
      expect(verdict(explain(calendar, from, to))).toEqual(verdict(explain(shipped, from, to)));
      expect(elapsed(calendar, from, to)).toBe((WORKDAYS.get(year) ?? 0) * inHours(7.5));
    });
  });

  test('National Day 2024 with its two make-up days, by hand', () => {
    expect(cnText(add(calendar, cn('2024-09-27 17:00'), inHours(2)))).toBe('2024-09-29 10:00:00');
    expect(cnText(add(calendar, cn('2024-09-30 17:30'), inHours(1)))).toBe('2024-10-08 09:30:00');
    expect(cnText(add(calendar, cn('2024-10-12 17:30'), minutes(45)))).toBe('2024-10-14 09:15:00');
  });

  test('a year without a notice is provisional, as is a notice published without days (R-3)', () => {
    const empty = makeFeedLookup(feedFromNotices([...notices, { year: 2026, days: [] }]));
    const early = compileCalendar(SHANGHAI, { feeds: empty });
    expect(isProvisional(early, noon('2025-12-30'), noon('2025-12-31'))).toBe(false);
    expect(isProvisional(early, noon('2025-12-31'), noon('2026-01-05'))).toBe(true);
    expect(cnText(add(early, cn('2025-12-31 17:30'), inHours(1)))).toBe('2026-01-01 09:30:00');
    expect(isProvisional(early, noon('2023-12-31'), noon('2024-01-05'))).toBe(true);
  });
}

test('the last days of December can be regulated by the notice of the next year', () => {
  const feed = feedFromNotices([
    { year: 2018, days: [{ name: '国庆节', date: '2018-10-01', isOffDay: true }] },
    { year: 2019, days: [{ name: '元旦', date: '2018-12-29', isOffDay: false }] },
  ]);
  expect(feed.day('2018-12-29')?.kind).toBe('work');
  expect(standardFeeds('cn_statutory')?.day('2018-12-29')?.kind).toBe('work');
  expect(standardFeeds('cn_statutory')?.day('2018-12-31')?.kind).toBe('off');
});

test('a make-up workday uses the template that the calendar names, and the Monday row otherwise (R-2)', () => {
  const week = { ...SHANGHAI.week, mon: [{ start: '10:00', end: '16:00' }] };
  const [from, to] = [cn('2026-02-14 00:00'), cn('2026-02-15 00:00')];
  expect(elapsed(compileCalendar({ ...SHANGHAI, week }), from, to)).toBe(inHours(6));
  const short = { ...SHANGHAI, week, templates: { short: [{ start: '09:00', end: '12:00' }] }, makeUpTemplate: 'short' };
  expect(elapsed(compileCalendar(short), from, to)).toBe(inHours(3));
});

describe('other countries', () => {
  test('public holidays close the date and carry their names', () => {
    const [row] = explain(utc({ holidays: 'DE' }), new Date('2026-04-03T08:00:00Z'), new Date('2026-04-03T20:00:00Z'));
    expect(row).toMatchObject({ date: '2026-04-03', kind: 'holiday', level: 'feed', label: { en: 'Good Friday' }, seconds: 0 });
  });

  test('a part of a country has its own, and observances do not close', () => {
    const corpusChristi = new Date('2026-06-04T10:00:00Z');
    expect(isOpen(utc({ holidays: 'DE' }), corpusChristi)).toBe(true);
    expect(isOpen(utc({ holidays: 'DE-BY' }), corpusChristi)).toBe(false);
    const carnivalMonday = new Date('2026-02-16T10:00:00Z');
    expect(isOpen(utc({ holidays: 'DE' }), carnivalMonday)).toBe(true);
  });

  test('are never provisional', () => {
    expect(isProvisional(utc({ holidays: 'DE' }), new Date('2026-01-01'), new Date('2040-01-01'))).toBe(false);
    expect(isProvisional(utc(), new Date('2026-01-01'), new Date('2040-01-01'))).toBe(false);
  });

  test.each(['ZZ', 'DE-XX', 'de', ''])('the code "%s" is unknown', (code) => {
    expect(validateCalendar({ key: 'x', tz: 'UTC', week: {}, holidays: code }).map((finding) => finding.code)).toContain(
      'UNKNOWN_HOLIDAYS',
    );
  });
});
