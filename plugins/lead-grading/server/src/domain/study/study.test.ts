import fc from 'fast-check';
import { gradingModelSchema } from '../../../../contracts';
import { aucOf, midranks } from './auc';
import { bandLimits, encode, featuresOf } from './features';
import type { FieldColumn } from './features';
import { findLeaks } from './leaks';
import { chanceOf, fitLogistic, solve } from './logistic';
import { rowAsOf, shifted } from './outcome';
import { calibration, deciles, migration, thresholdRows } from './report';
import { suggestRules, withSuggestion } from './suggest';

const NONE = new Map();
/** Numbers that look random and are the same every time. */
const noise = (seed: number): number => {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
};

describe('the area under the curve', () => {
  test('counts pairs, a tie half', () => {
    expect(aucOf([3, 2, 2, 1], [true, true, false, false])?.auc).toBe(0.875);
    expect(aucOf([1, 2], [true, false])?.auc).toBe(0);
    expect(aucOf([5, 5, 5], [true, false, false])?.auc).toBe(0.5);
    expect(midranks([7, 5, 7])).toEqual([2.5, 1, 2.5]);
  });

  test('is nothing without both outcomes', () => {
    expect(aucOf([1, 2], [true, true])).toBeNull();
    expect(aucOf([], [])).toBeNull();
  });

  test('has an interval that holds it and narrows with more leads', () => {
    const draw = (n: number) => {
      const won = Array.from({ length: n }, (_, index) => index % 3 === 0);
      return aucOf(
        won.map((flag, index) => noise(index) + (flag ? 0.3 : 0)),
        won,
      )!;
    };
    const [few, many] = [draw(90), draw(3000)];
    expect(few.low).toBeLessThan(few.auc);
    expect(few.high).toBeGreaterThan(few.auc);
    expect(many.high - many.low).toBeLessThan((few.high - few.low) / 3);
  });

  test('equals the share of pairs in the right order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 2, maxLength: 30 }), (leads) => {
        const wins = leads.filter(([, won]) => won);
        const losses = leads.filter(([, won]) => !won);
        const pairs = wins.flatMap(([a]) => losses.map(([b]): number => (a > b ? 1 : a === b ? 0.5 : 0)));
        const found = aucOf(
          leads.map(([score]) => score),
          leads.map(([, won]) => won),
        );
        if (pairs.length === 0) return expect(found).toBeNull();
        return expect(found?.auc).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 9);
      }),
    );
  });
});

describe('logistic regression', () => {
  test('solves a symmetric system', () => {
    const x = solve([Float64Array.of(4, 2), Float64Array.of(2, 3)], Float64Array.of(10, 9));
    expect(x[0]).toBeCloseTo(1.5, 12);
    expect(x[1]).toBeCloseTo(2, 12);
  });

  test('finds the weights that made the outcomes, and nothing where there is nothing', () => {
    const rows = Array.from({ length: 20_000 }, (_, lead) => [0, 1, 2].filter((feature) => noise(lead * 3 + feature) < 0.5));
    const truth = [1.5, -1, 0];
    const won = rows.map(
      (row, lead) => noise(lead + 0.5) < 1 / (1 + Math.exp(0.7 - row.reduce((sum, index) => sum + (truth[index] ?? 0), 0))),
    );
    const model = fitLogistic(rows, won, 4, 1);
    expect(Math.abs(model.intercept + 0.7)).toBeLessThan(0.1);
    truth.forEach((weight, index) => expect(Math.abs((model.weights[index] ?? 9) - weight)).toBeLessThan(0.1));
    expect(model.weights[3]).toBe(0);
    expect(chanceOf(model, [0])).toBeCloseTo(1 / (1 + Math.exp(-0.8)), 1);
  });

  test('keeps its head when a feature separates the outcomes', () => {
    const rows = Array.from({ length: 100 }, (_, lead) => (lead < 50 ? [0] : []));
    const model = fitLogistic(
      rows,
      rows.map((row) => row.length > 0),
      1,
      1,
    );
    expect(Number.isFinite(model.weights[0])).toBe(true);
    expect(model.weights[0]).toBeGreaterThan(2);
  });
});

describe('features', () => {
  const column = (values: FieldColumn['values'], kind: FieldColumn['kind'] = 'category'): FieldColumn => ({
    field: 'lead.x',
    kind,
    values,
  });

  test('usual values become levels, rare ones "other", and a text nobody shares only "filled"', () => {
    const values = [
      ...Array<string>(50).fill('a'),
      ...Array<string>(30).fill('b'),
      ...Array.from({ length: 20 }, (_, index) => `rare${index}`),
    ];
    expect(featuresOf(column(values)).map((feature) => (feature.type === 'value' ? feature.value : feature.type))).toEqual([
      'a',
      'b',
      'other',
    ]);
    expect(featuresOf(column(values.map((_, index) => (index < 60 ? `n${index}` : null))))).toEqual([{ field: 'lead.x', type: 'filled' }]);
    expect(featuresOf(column(Array<string>(100).fill('same')))).toEqual([]);
  });

  test('numbers become bands that cover everything and do not overlap; a serial number becomes nothing', () => {
    const values = Array.from({ length: 100 }, (_, index) => Math.floor(index / 4));
    const bands = featuresOf(column(values, 'number'));
    const { rows } = encode([column([...values, null], 'number')], bands);
    expect(rows.slice(0, 100).every((row) => row.length === 1)).toBe(true);
    expect(rows[100]).toEqual([]);
    expect(
      featuresOf(
        column(
          Array.from({ length: 100 }, (_, index) => 579_000 + index),
          'number',
        ),
      ),
    ).toEqual([]);
    expect(bandLimits([0, 0, 0, 0, 0, 0, 5, 9])).toEqual([5]);
  });
});

describe('leaks', () => {
  const leads = 600;
  const won = Array.from({ length: leads }, (_, index) => noise(index) < 0.4);
  const column = (valueOf: (lead: number) => string | null): FieldColumn => ({
    field: 'f',
    kind: 'category',
    values: won.map((_, lead) => valueOf(lead)),
  });
  const reason = (valueOf: (lead: number) => string | null, written = NONE): string | undefined =>
    findLeaks([column(valueOf)], won, written)[0]?.reason;

  test.each<[string, (lead: number) => string | null, string | undefined]>([
    ['an honest field is none', (lead) => (noise(lead * 7) < 0.3 ? 'a' : 'b'), undefined],
    ['a field half of whose leads have it, whatever came of them, is none', (lead) => (noise(lead * 5) < 0.5 ? 'a' : null), undefined],
    ['a field that repeats the outcome', (lead) => (won[lead] === noise(lead * 3) < 0.97 ? 'yes' : 'no'), 'NEAR_PERFECT'],
    ['a field filled when a lead goes well', (lead) => (noise(lead * 3) < (won[lead] ? 0.7 : 0.3) ? 'x' : null), 'FILLED_BY_OUTCOME'],
    ['a field old leads have and new ones not yet', (lead) => (noise(lead * 3) < (lead < 200 ? 0.9 : 0.1) ? 'x' : null), 'FILLED_LATER'],
  ])('%s', (_, valueOf, expected) => {
    expect(reason(valueOf)).toBe(expected);
  });

  test('two files that know different fields are no leak, though one came first and the other won more', () => {
    const origins = won.map((_, lead) => (lead < 300 ? 1 : 2));
    const columns = [column((lead) => (lead < 300 ? 'x' : null))];
    expect(findLeaks(columns, won, NONE)).toMatchObject([{ reason: 'FILLED_LATER' }]);
    expect(findLeaks(columns, won, NONE, origins)).toEqual([]);
  });

  test('a field set mostly after the first contact, by the history', () => {
    const honest = (lead: number): string => (noise(lead * 7) < 0.3 ? 'a' : 'b');
    expect(reason(honest, new Map([['f', { before: 20, after: 60 }]]))).toBe('WRITTEN_AFTER_CONTACT');
    expect(reason(honest, new Map([['f', { before: 60, after: 20 }]]))).toBeUndefined();
  });
});

describe('the past of a lead', () => {
  const at = (day: number): Date => new Date(Date.UTC(2026, 0, day));

  test('takes back what was written later, the latest first, custom fields and references included', () => {
    const row = { title: 'CEO', owner_id: 7, custom: { budget: 9 }, city: 'Paris' };
    const changes = [
      { at: at(5), before: { title: 'Clerk', owner: 3 } },
      { at: at(9), before: { title: 'CFO', custom: { budget: 1 } } },
      { at: at(1), before: { city: 'Rome' } },
    ];
    expect(rowAsOf(row, changes, at(3))).toEqual({ title: 'Clerk', owner_id: 3, custom: { budget: 1 }, city: 'Paris' });
    expect(rowAsOf(row, changes, at(7))).toEqual({ title: 'CFO', owner_id: 7, custom: { budget: 1 }, city: 'Paris' });
    expect(rowAsOf(row, changes, at(9))).toEqual(row);
  });

  test('is moved in time without changing distances', () => {
    expect(shifted({ a: at(3), b: 'x', c: null }, 86_400_000)).toEqual({ a: at(4), b: 'x', c: null });
  });
});

describe('the report', () => {
  const leads = Array.from({ length: 100 }, (_, index) => ({
    won: index >= 70,
    score: index,
    grade: index >= 50 ? 'A1' : 'D4',
    label: 'hot',
  }));

  test('tenths are of one size and the best come first', () => {
    const parts = deciles(leads);
    expect(parts.map((part) => part.leads)).toEqual(Array(10).fill(10));
    expect(parts[0]).toMatchObject({ decile: 1, from: 90, to: 99, won: 10, rate: 1 });
    expect(parts[9]).toMatchObject({ won: 0, rate: 0 });
    expect(deciles([])).toEqual([]);
  });

  test('a threshold trades volume for precision', () => {
    const rows = thresholdRows(leads);
    expect(rows[0]).toMatchObject({ score: 0, leads: 100, precision: 0.3, recall: 1 });
    const at70 = rows.find((row) => row.score === 70);
    expect(at70).toMatchObject({ leads: 30, precision: 1, recall: 1 });
  });

  test('moves between letters carry their wins', () => {
    const before = leads.map((lead) => ({ ...lead, grade: 'B2' }));
    expect(migration(before, leads)).toEqual([
      { before: 'B', after: 'A', leads: 50, won: 30 },
      { before: 'B', after: 'D', leads: 50, won: 0 },
    ]);
  });

  test('calibration compares chances with outcomes, lowest first', () => {
    const rows = calibration(
      leads.map((lead) => lead.score / 100),
      leads.map((lead) => lead.won),
    );
    expect(rows).toHaveLength(10);
    expect(rows[0]).toMatchObject({ leads: 10, actual: 0 });
    expect(rows[9]?.predicted).toBeCloseTo(0.945, 9);
  });
});

test('weights become points of an ordinary model that the schema takes', () => {
  const features = [
    { field: 'lead.industry', type: 'value', value: 'software' },
    { field: 'lead.industry', type: 'other' },
    { field: 'lead.employees', type: 'band', from: null, to: 50 },
    { field: 'lead.employees', type: 'band', from: 50, to: null },
    { field: 'lead.phone', type: 'filled' },
    { field: 'behaviour.visit', type: 'often', min: 1 },
    { field: 'behaviour.visit', type: 'often', min: 3 },
  ] as const;
  const weights = [2, -1, 0, 1, 0.5, 0.5, 1];
  const rows = Array.from({ length: 200 }, (_, lead) =>
    features.flatMap((_feature, index) => (noise(lead * 9 + index) < 0.4 ? [index] : [])),
  );
  const words = { labelOf: (field: string) => ({ zh: field, en: field }), isList: () => false };
  const suggestion = suggestRules({ intercept: -1, weights, iterations: 5 }, features, rows, words);
  const draft = gradingModelSchema.parse({
    fit: {},
    engagement: {},
    thresholds: { letters: { A: 70, B: 45, C: 25 }, numbers: { 1: 50, 2: 25, 3: 10 } },
    labelling: { by: 'score', hot: 60, warm: 30 },
  });
  const model = gradingModelSchema.parse(withSuggestion(draft, suggestion));
  const scale = (suggestion.points[0] ?? 0) / 2;
  expect(scale).toBeGreaterThan(5);
  expect(model.fit.rules.map((rule) => [rule.key, rule.type])).toEqual([
    ['base', 'condition'],
    ['industry', 'values'],
    ['employees', 'bands'],
    ['phone', 'condition'],
    ['behaviour-visit', 'frequency'],
  ]);
  const often = model.fit.rules[4];
  expect(often?.type === 'frequency' ? often.rows.map((row) => row.min) : null).toEqual([1, 3]);
  // At least three is also at least once: the row holds both weights.
  expect(often?.type === 'frequency' ? (often.rows[1]?.points ?? 0) : 0).toBeCloseTo(1.5 * scale, -0.5);
  const { A, B, C } = suggestion.letters;
  expect(A > B && B > C).toBe(true);
});
