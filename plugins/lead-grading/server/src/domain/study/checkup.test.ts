import { checkRule, collinearPairs, directionOf, stability } from './checkup';

/** A hundred leads that were won and a hundred that were lost. */
const won = Array.from({ length: 200 }, (_, index) => index < 100);
/** Points for the first `wins` of the won and the first `losses` of the lost. */
const rule = (wins: number, losses: number, points = 10, recent = 5) => ({
  key: 'rule',
  axis: 'fit' as const,
  points: won.map((isWon, index) => ((isWon ? index : index - 100) < (isWon ? wins : losses) ? points : 0)),
  recent,
});
const verdicts = (column: ReturnType<typeof rule>, leaking: readonly string[] = []) => checkRule(column, won, new Set(leaking)).verdicts;

describe('the verdict on a rule', () => {
  test('a rule that works has none, and shows how much it works', () => {
    expect(checkRule(rule(60, 30), won, new Set())).toEqual({
      key: 'rule',
      axis: 'fit',
      recent: 5,
      leads: 90,
      rate: 60 / 90,
      otherRate: 40 / 110,
      verdicts: [],
    });
  });

  test('dead: it held for nobody in ninety days, whatever it did before', () => {
    expect(verdicts(rule(60, 30, 10, 0))).toEqual(['DEAD']);
  });

  test('inverted: leads with its points are lost more often', () => {
    expect(verdicts(rule(30, 60))).toEqual(['INVERTED']);
  });

  test('points taken from leads that are lost are no inversion, from leads that are won they are', () => {
    expect(verdicts(rule(30, 60, -10))).toEqual([]);
    expect(verdicts(rule(60, 30, -10))).toEqual(['INVERTED']);
  });

  test('without effect: the leads it holds for are won as often as the others', () => {
    expect(verdicts(rule(50, 50))).toEqual(['WEAK']);
  });

  test('leaking: it reads a field that knows the outcome', () => {
    expect(verdicts(rule(60, 30), ['rule'])).toEqual(['LEAKING']);
  });

  test('of fewer than thirty leads on either side nothing is said of its direction', () => {
    expect(verdicts(rule(0, 29))).toEqual([]);
    expect(verdicts(rule(0, 30))).toEqual(['INVERTED']);
    expect(verdicts(rule(100, 71))).toEqual([]);
  });

  test('a rule that always gives the same says nothing', () => {
    expect(
      directionOf(
        won.map(() => 5),
        won,
      ),
    ).toBe(0);
    expect(directionOf([], [])).toBe(0);
  });
});

describe('rules that count one thing twice', () => {
  test('hold for the same leads, or one exactly where the other does not', () => {
    const first = { ...rule(50, 20), key: 'first' };
    const same = { ...first, key: 'same', points: first.points.map((points) => points * 3) };
    const other = { ...first, key: 'other', points: first.points.map((points) => (points === 0 ? 7 : 0)) };
    const apart = { ...rule(20, 50), key: 'apart' };
    expect(collinearPairs([first, same, other, apart]).map(({ a, b, phi }) => [a, b, Math.round(phi)])).toEqual([
      ['first', 'same', 1],
      ['first', 'other', -1],
      ['same', 'other', -1],
    ]);
  });

  test('a rule that holds for all or for nobody is like no other', () => {
    const all = { ...rule(100, 100), key: 'all' };
    expect(collinearPairs([all, { ...rule(0, 0), key: 'none' }, { ...rule(50, 20), key: 'some' }])).toEqual([]);
  });
});

describe('drift', () => {
  test('the same distribution is 0, another population above a quarter', () => {
    expect(stability([10, 20, 30], [20, 40, 60])).toBeCloseTo(0, 10);
    expect(stability([50, 50, 0], [0, 50, 50])).toBeGreaterThan(0.25);
  });

  test('of fewer than thirty leads nothing is said', () => {
    expect(stability([29], [1000])).toBeNull();
    expect(stability([30], [30])).toBe(0);
  });
});
