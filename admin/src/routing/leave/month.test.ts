import { barOf, daysOf, isWeekend } from './month';

const march = daysOf('2026-03');
const utc = (at: Date): string => at.toISOString().slice(0, 10);

test('a month has its days, also February of a leap year', () => {
  expect([march.length, march[0], march.at(-1)]).toEqual([31, '2026-03-01', '2026-03-31']);
  expect(daysOf('2028-02')).toHaveLength(29);
  expect([isWeekend('2026-03-01'), isWeekend('2026-03-02'), isWeekend('2026-03-07')]).toEqual([true, false, true]);
});

test('a leave covers the days it touches; an end at midnight does not touch the next one', () => {
  expect(barOf({ startsAt: '2026-03-02T09:00:00Z', endsAt: '2026-03-05T00:00:00Z' }, march, utc)).toEqual({
    from: 1,
    to: 4,
    openStart: false,
    openEnd: false,
  });
});

test('a leave that begins before or ends after the month is open at that end, and one outside is not there', () => {
  expect(barOf({ startsAt: '2026-02-27T00:00:00Z', endsAt: '2026-04-02T00:00:00Z' }, march, utc)).toEqual({
    from: 0,
    to: 31,
    openStart: true,
    openEnd: true,
  });
  expect(barOf({ startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-03-01T00:00:00Z' }, march, utc)).toBeNull();
});

test('days are those of the reader: an evening in New York is the next day in Shanghai', () => {
  const shanghai = (at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(at);
  const evening = { startsAt: '2026-03-10T20:00:00Z', endsAt: '2026-03-10T22:00:00Z' };
  expect(barOf(evening, march, utc)).toMatchObject({ from: 9, to: 10 });
  expect(barOf(evening, march, shanghai)).toMatchObject({ from: 10, to: 11 });
});
