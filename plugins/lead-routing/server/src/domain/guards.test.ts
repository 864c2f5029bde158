import { guardOf, isRepeated, nextHop, type PastDecision } from './guards';

const NOW = new Date('2026-03-02T12:00:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const past = (minutes: number, over: Partial<PastDecision> = {}): PastDecision => ({
  at: ago(minutes),
  cause: 'timer',
  rule: 'r',
  owner: null,
  hop: 0,
  hash: 'h',
  ...over,
});

describe('R-63 hops', () => {
  it('counts re-routes in a row and begins anew after a follow-up', () => {
    expect(nextHop([], null)).toBe(1);
    expect(nextHop([past(60, { hop: 2 }), past(90, { hop: 1 })], null)).toBe(3);
    expect(nextHop([past(60, { hop: 2 })], ago(30))).toBe(1);
    expect(nextHop([past(60, { hop: 2 })], ago(90))).toBe(3);
  });

  it('strikes after the last hop that is allowed', () => {
    expect(guardOf([], 3, 3, null, NOW)).toBeNull();
    expect(guardOf([], 4, 3, null, NOW)).toBe('MAX_HOPS');
  });
});

describe('R-67 loops', () => {
  it('strikes when the same person got it twice by the same rule within a day', () => {
    const twice = [past(60, { owner: 4 }), past(120, { owner: 5 }), past(300, { owner: 4 })];
    expect(guardOf(twice, 1, 9, null, NOW)).toBe('LOOP_GUARD');
    expect(guardOf(twice, 1, 9, ago(200), NOW)).toBeNull();
    expect(guardOf([past(60, { owner: 4 }), past(300, { owner: 4, rule: 's' })], 1, 9, null, NOW)).toBeNull();
    expect(guardOf([past(60, { owner: 4 }), past(24 * 60, { owner: 4 })], 1, 9, null, NOW)).toBeNull();
  });

  it('strikes after ten decisions in a day', () => {
    const decisions = (count: number): PastDecision[] => Array.from({ length: count }, (_, index) => past(index + 1));
    expect(guardOf(decisions(10), 1, 9, null, NOW)).toBeNull();
    expect(guardOf(decisions(11), 1, 9, null, NOW)).toBe('LOOP_GUARD');
  });
});

describe('R-50 idempotency', () => {
  it.each([
    [9, 'timer', 'h', true],
    [10, 'timer', 'h', false],
    [9, 'route', 'h', false],
    [9, 'timer', 'other', false],
  ])('a decision %d minutes ago, cause %s, facts %s: repeated %s', (minutes, cause, hash, expected) => {
    expect(isRepeated([past(minutes)], cause, hash, NOW)).toBe(expected);
  });
});
