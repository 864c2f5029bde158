import { attainment, daysOf, rowsLink } from './ranges';

describe('a range of days', () => {
  test.each([
    ['week', '2026-03-04', '2026-03-02', '2026-03-09'],
    ['week', '2026-03-08', '2026-03-02', '2026-03-09'],
    ['lastWeek', '2026-03-02', '2026-02-23', '2026-03-02'],
    ['month', '2026-02-28', '2026-02-01', '2026-03-01'],
    ['lastMonth', '2026-01-31', '2025-12-01', '2026-01-01'],
    ['quarter', '2026-06-30', '2026-04-01', '2026-07-01'],
  ] as const)('%s on %s', (range, today, from, to) => expect(daysOf(range, today)).toEqual({ from, to }));
});

describe('what was kept', () => {
  const tally = { met: 6, breached: 4, waived: 2 };
  test('as measured a waived miss is a miss', () => expect(attainment(tally, false)).toBe(60));
  test('after waivers it is none', () => expect(attainment(tally, true)).toBe(75));
  test('of nothing there is none', () => expect(attainment({ met: 0, breached: 1, waived: 1 }, true)).toBeNull());
});

test('a number links to its rows', () =>
  expect(rowsLink({ state_in: ['met'] })).toBe('/sla/clocks?rows=%7B%22state_in%22%3A%5B%22met%22%5D%7D'));
