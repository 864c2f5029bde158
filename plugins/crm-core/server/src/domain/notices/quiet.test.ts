import { nextDigest, quietUntil } from './quiet';

const NIGHT = { from: '22:00', to: '07:30' };
const until = (at: string, zone: string, quiet = NIGHT): string | null => quietUntil(new Date(at), quiet, zone)?.toISOString() ?? null;

describe('quiet hours', () => {
  test.each([
    ['an hour before', '2026-03-02T13:59:59Z', null],
    ['from the first minute', '2026-03-02T14:00:00Z', '2026-03-02T23:30:00.000Z'],
    ['after midnight until the same morning', '2026-03-02T18:10:00Z', '2026-03-02T23:30:00.000Z'],
    ['the last minute', '2026-03-02T23:29:59Z', '2026-03-02T23:30:00.000Z'],
    ['loud again at the end sharp', '2026-03-02T23:30:00Z', null],
  ])('in Shanghai: %s', (_name, at, expected) => expect(until(at, 'Asia/Shanghai')).toBe(expected));

  test('are those of the recipient: the same instant is night here and day there', () => {
    expect(until('2026-03-02T18:00:00Z', 'Asia/Shanghai')).not.toBeNull();
    expect(until('2026-03-02T18:00:00Z', 'Europe/Berlin')).toBeNull();
  });

  test('within one day', () => {
    expect(until('2026-03-02T12:30:00Z', 'UTC', { from: '12:00', to: '13:00' })).toBe('2026-03-02T13:00:00.000Z');
    expect(until('2026-03-02T13:00:00Z', 'UTC', { from: '12:00', to: '13:00' })).toBeNull();
  });

  test('that end in the hour a change of clocks skips, end after it', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00.
    expect(until('2026-03-29T00:30:00Z', 'Europe/Berlin', { from: '22:00', to: '02:30' })).toBe('2026-03-29T01:30:00.000Z');
  });

  test('on the night with an hour more, still end at the wall time', () => {
    // Berlin, 25 October 2026: 07:30 is UTC+1 again.
    expect(until('2026-10-24T21:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T06:30:00.000Z');
  });

  test('with equal ends are none', () => expect(until('2026-03-02T12:00:00Z', 'UTC', { from: '08:00', to: '08:00' })).toBeNull());
});

test('a digest goes at the next such time, and one that is due now waits for tomorrow', () => {
  expect(nextDigest(new Date('2026-03-02T00:29:00Z'), '08:30', 'Asia/Shanghai').toISOString()).toBe('2026-03-02T00:30:00.000Z');
  expect(nextDigest(new Date('2026-03-02T00:30:00Z'), '08:30', 'Asia/Shanghai').toISOString()).toBe('2026-03-03T00:30:00.000Z');
});
