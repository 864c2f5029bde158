import type { PoolLimit } from '../../../contracts';
import { carriedOver, failedLimit, limitsFor, type AppliedLimit, type LimitUse } from './limits';

const person = { id: 12, teamKeys: ['shanghai', 'china', 'sales'], roles: ['sales', 'sdr'] };
const day = (max: number | null, holder?: PoolLimit['for']): PoolLimit => ({ kind: 'claims', per: 'day', scope: 'pool', max, for: holder });
const chosen = (...limits: PoolLimit[]): (string | number)[][] =>
  limitsFor(limits, person).map(({ max, level, ref }) => [max, level, ref ?? '']);

describe('which limits hold for a person (A4.3)', () => {
  test.each<[string, PoolLimit[], (string | number)[][]]>([
    ['the default when nothing is closer', [day(5)], [[5, 'default', '']]],
    [
      'a row for him before his role, team and the default',
      [day(5), day(4, { type: 'team', ref: 'china' }), day(3, { type: 'role', ref: 'sdr' }), day(2, { type: 'member', ref: 12 })],
      [[2, 'member', 12]],
    ],
    ['his role before his team', [day(4, { type: 'team', ref: 'shanghai' }), day(3, { type: 'role', ref: 'sdr' })], [[3, 'role', 'sdr']]],
    [
      'the nearest team, wherever it stands in the list',
      [day(9, { type: 'team', ref: 'sales' }), day(4, { type: 'team', ref: 'china' }), day(8, { type: 'team', ref: 'sales' })],
      [[4, 'team', 'china']],
    ],
    [
      'of two roles of his the more generous',
      [day(3, { type: 'role', ref: 'sdr' }), day(7, { type: 'role', ref: 'sales' })],
      [[7, 'role', 'sales']],
    ],
    ['none for those who are exempt', [day(5), day(null, { type: 'member', ref: 12 })], []],
    [
      'defect 4: never a row of somebody whose reference merely contains his',
      [day(5), day(1, { type: 'member', ref: 1 }), day(1, { type: 'member', ref: 120 }), day(1, { type: 'team', ref: 'shang' })],
      [[5, 'default', '']],
    ],
  ])('%s', (_name, limits, expected) => expect(chosen(...limits)).toEqual(expected));

  test('limits of another window or scope are limits of their own', () => {
    const limits: PoolLimit[] = [day(5), { ...day(9), scope: 'everywhere' }, { kind: 'claims', per: 'hour', scope: 'pool', max: 2 }];
    expect(limitsFor(limits, person).map(({ per, scope, max }) => [per, scope, max])).toEqual([
      ['hour', 'pool', 2],
      ['day', 'everywhere', 9],
      ['day', 'pool', 5],
    ]);
  });

  test('of two gaps the shorter is the more generous, and a gap of nothing is none', () => {
    const gap = (seconds: number): PoolLimit => ({ kind: 'gap', scope: 'pool', seconds });
    expect(limitsFor([gap(60), gap(30)], person).map(({ max }) => max)).toEqual([30]);
    expect(limitsFor([gap(60), gap(0)], person)).toEqual([]);
  });
});

describe('the first limit that fails', () => {
  const now = new Date('2026-03-02T02:00:00Z');
  const limit = (more: Partial<AppliedLimit>): AppliedLimit => ({
    kind: 'held',
    per: null,
    scope: 'everywhere',
    max: 3,
    level: 'default',
    ref: null,
    ...more,
  });
  const use = (more: Partial<AppliedLimit>, used: number, lastAt: Date | null = null): LimitUse => ({
    limit: limit(more),
    used,
    resetsAt: null,
    lastAt,
  });

  test('is reached exactly at its number, counting what this request has taken already', () => {
    expect(failedLimit([use({}, 2)], 0, now)).toBeNull();
    expect(failedLimit([use({}, 2)], 1, now)).toMatchObject({ code: 'HOLD_LIMIT', details: { limit: 3, used: 3 } });
    expect(failedLimit([use({ max: 0 }, 0)], 0, now)).toMatchObject({ code: 'HOLD_LIMIT' });
  });

  test('a gap ends at its last second, and a second lead of one request is within it', () => {
    const gap = (ago: number): LimitUse => use({ kind: 'gap', max: 60, scope: 'pool' }, 0, new Date(now.getTime() - ago * 1000));
    expect(failedLimit([gap(59)], 0, now)).toMatchObject({ code: 'CLAIM_GAP', details: { resetsAt: new Date(now.getTime() + 1000) } });
    expect(failedLimit([gap(60)], 0, now)).toBeNull();
    expect(failedLimit([gap(600)], 1, now)).toMatchObject({ code: 'CLAIM_GAP' });
    expect(failedLimit([use({ kind: 'gap', max: 60 }, 0)], 0, now)).toBeNull();
  });
});

test('claims heaped up late in the evening count on the next day too; a few late ones do not', () => {
  expect([0, 4, 5, 12].map((late) => carriedOver(late, 5))).toEqual([0, 0, 5, 12]);
});
