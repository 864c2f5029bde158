import { openSeconds } from './week';

describe('open time of a day', () => {
  test.each([
    [[], 0],
    [
      [
        { start: '09:00', end: '12:00' },
        { start: '13:30', end: '18:00' },
      ],
      7.5 * 3600,
    ],
    [[{ start: '22:00', end: '06:00' }], 8 * 3600],
    [[{ start: '00:00', end: '24:00' }], 24 * 3600],
    [[{ start: '00:00', end: '00:00' }], 24 * 3600],
  ])('%j', (intervals, seconds) => expect(openSeconds(intervals)).toBe(seconds));
});
