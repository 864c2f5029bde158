import { roundedSpan } from './span-words';

test.each([
  [0, 's', 0],
  [59, 's', 59],
  [60, 'm', 1],
  [90, 'm', 1.5],
  [3599, 'm', 60],
  [9000, 'h', 2.5],
  [50_000, 'h', 14],
  [864_000, 'd', 10],
])('%d seconds read as %s, %d', (seconds, unit, n) => {
  expect(roundedSpan(seconds)).toEqual({ unit, n });
});
