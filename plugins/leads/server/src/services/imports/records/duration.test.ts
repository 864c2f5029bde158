import { secondsOf } from './duration';

describe('a length of time in a file', () => {
  test.each([
    ['95', 95],
    ['1:35', 95],
    ['0:01:35', 95],
    ['1:00:00', 3600],
    ['1 min 35 s', 95],
    ['1h 5m', 3900],
    ['1分35秒', 95],
    ['2小时', 7200],
    ['1.5 hours', 5400],
    ['0', 0],
    [' 12 Minutes ', 720],
  ])('%s is %d seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  test.each([[''], ['long'], ['-5'], ['1:2:3:4'], ['5 apples'], ['1:5']])('%j is none', (text) => {
    expect(secondsOf(text)).toBeNull();
  });

  test('a bare number counts the unit of its column', () => {
    expect(secondsOf('2.5', 60)).toBe(150);
    expect(secondsOf('1:35', 60)).toBe(95);
  });
});
