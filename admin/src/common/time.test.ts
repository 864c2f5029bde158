import { formatDuration, formatRelative, instantOf } from './time';

describe('durations on clocks', () => {
  test.each([
    [0, '0:00', '0:00'],
    [42, '0:42', '0:42'],
    [3599, '59:59', '59:59'],
    [3600, '1h 00m', '1小时00分'],
    [3601, '1h 01m', '1小时01分'],
    [90_000, '1d 1h', '1天1小时'],
    [-5, '0:00', '0:00'],
  ])('%i seconds', (seconds, en, zh) => {
    expect(formatDuration(seconds, 'en')).toBe(en);
    expect(formatDuration(seconds, 'zh')).toBe(zh);
  });
});

describe('relative times', () => {
  const now = Date.parse('2026-03-04T12:00:00Z');
  test.each([
    ['2026-03-04T11:40:00Z', '20 minutes ago'],
    ['2026-03-04T15:00:00Z', 'in 3 hours'],
    ['2026-03-05T12:00:00Z', 'tomorrow'],
    ['2025-12-04T12:00:00Z', '3 months ago'],
  ])('%s is %s', (at, words) => {
    expect(formatRelative(at, now, 'en')).toBe(words);
  });
});

describe('wall-clock inputs are read in the zone of the member', () => {
  test.each([
    ['2026-03-04T09:30', 'Asia/Shanghai', '2026-03-04T01:30:00.000Z'],
    ['2026-07-01T09:30', 'Europe/Berlin', '2026-07-01T07:30:00.000Z'],
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T12:00', 'Europe/Berlin', '2026-10-25T11:00:00.000Z'],
    ['2026-01-01T00:00', 'America/New_York', '2026-01-01T05:00:00.000Z'],
  ])('%s in %s', (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant);
  });
  test('what is not a time gives nothing', () => {
    expect(instantOf('soon', 'UTC')).toBeNull();
  });
});
