import { backoffSeconds } from './backoff';

test.each([
  [0, 0],
  [1, 30],
  [2, 60],
  [3, 120],
  [7, 1920],
  [8, 3600],
  [5000, 3600],
])('after %i failures the wait is %i seconds', (failures, seconds) => {
  expect(backoffSeconds(30, failures, 3600)).toBe(seconds);
});
