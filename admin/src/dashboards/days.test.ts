import { dayRange } from './days';

const day = (name: string) => ({ day: name, created: 1, entered: {} });

test('days without anything are there with zeros, also over the end of a month', () => {
  const days = dayRange([day('2026-02-27'), day('2026-03-01')], '2026-02-26T05:00:00Z', '2026-03-02T05:00:00Z');
  expect(days.map((one) => [one.day, one.created])).toEqual([
    ['2026-02-26', 0],
    ['2026-02-27', 1],
    ['2026-02-28', 0],
    ['2026-03-01', 1],
    ['2026-03-02', 0],
  ]);
});

test('a reader east of Greenwich may have a day after the last one', () => {
  expect(dayRange([day('2026-03-03')], '2026-03-02T20:00:00Z', '2026-03-02T22:00:00Z').map((one) => one.day)).toEqual([
    '2026-03-02',
    '2026-03-03',
  ]);
});
