import type { Scored } from './report';
import { proposeThreshold, wilson } from './threshold';

const lead = (score: number, won: boolean): Scored => ({ score, won, grade: 'A1', label: 'hot' });
/** So many leads at a score, of which so many were won. */
const at = (score: number, leads: number, won: number): Scored[] => Array.from({ length: leads }, (_, index) => lead(score, index < won));

describe('the interval of a share', () => {
  test.each([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [300, 1000, 0.2724, 0.3291],
  ])('%i of %i', (hits, all, low, high) => {
    const interval = wilson(hits, all);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });
  test('of nothing may be anything', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('the threshold history speaks for', () => {
  const history = [...at(80, 50, 40), ...at(60, 100, 50), ...at(40, 150, 15), ...at(20, 200, 5)];

  test('without a quota is where won and lost part best', () => {
    // 60: recall 90/110, false alarms 60/390; the other three part them less.
    expect(proposeThreshold(history, 100, null)).toMatchObject({
      score: 60,
      basis: 'separation',
      leads: 150,
      precision: 0.6,
      recall: 90 / 110,
      perWeek: 30,
      few: false,
    });
  });

  test('with a quota is the highest that still meets it, exactly met included', () => {
    expect(proposeThreshold(history, 100, 10)).toMatchObject({ score: 80, basis: 'quota', perWeek: 10 });
    expect(proposeThreshold(history, 100, 10.1)).toMatchObject({ score: 60, basis: 'quota' });
    expect(proposeThreshold(history, 100, 55)).toMatchObject({ score: 40, basis: 'quota', perWeek: 60 });
  });

  test('a quota that takes every lead is no threshold', () => {
    expect(proposeThreshold(history, 100, 61)).toMatchObject({ score: 60, basis: 'separation' });
  });

  test('a quota that cannot be met, and one without arrivals, fall back on what parts them', () => {
    expect(proposeThreshold(history, 100, 500)).toMatchObject({ score: 60, basis: 'separation' });
    expect(proposeThreshold(history, 0, 10)).toMatchObject({ score: 60, basis: 'separation', perWeek: null });
  });

  test('says when it rests on few', () => {
    expect(proposeThreshold([...at(80, 12, 11), ...at(20, 60, 4)], 10, null)).toMatchObject({ score: 80, leads: 12, few: true });
  });

  test('there is none where every lead has one score, one outcome, or the wrong order', () => {
    expect(proposeThreshold(at(50, 40, 20), 10, null)).toBeNull();
    expect(proposeThreshold([...at(80, 20, 20), ...at(10, 5, 5)], 10, null)).toBeNull();
    expect(proposeThreshold([], 10, null)).toBeNull();
    expect(proposeThreshold([...at(80, 20, 0), ...at(10, 20, 20)], 10, null)).toBeNull();
  });
});
