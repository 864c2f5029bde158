import { gradingModelSchema, type GradingModelInput } from '../../../contracts';
import { gradeProducts, productPoints, productRules, sameScores } from './products';

const text = (en: string): { zh: string; en: string } => ({ zh: en, en });
const model = (overall: 'max' | 'sum' | 'weighted', cap = 100) =>
  gradingModelSchema.parse({
    fit: {},
    engagement: {},
    thresholds: { letters: { A: 70, B: 45, C: 25 }, numbers: { 1: 50, 2: 25, 3: 10 } },
    labelling: { by: 'score', hot: 60, warm: 40 },
    products: {
      overall,
      cap,
      list: [
        {
          key: 'pump',
          label: text('Pump'),
          weight: 3,
          rules: [
            {
              type: 'condition',
              key: 'steel',
              label: text('Steel'),
              points: 20,
              when: { combinator: 'and', rules: [{ field: 'lead.industry', operator: '=', value: 'Steel' }] },
            },
            { type: 'values', key: 'land', label: text('Country'), field: 'lead.country', values: { DE: 10, CN: 30 } },
          ],
        },
        { key: 'valve', label: text('Valve'), weight: 1 },
      ],
    },
  } satisfies GradingModelInput);
const products = (...args: Parameters<typeof model>) => model(...args).products!;

test('each product has the points of its own rules, by the branch that holds', () => {
  expect(productRules(model('max')).map(({ key }) => key)).toEqual(['steel', 'land']);
  expect(productPoints(products('max'), [1, 2])).toEqual([50, 0]);
  expect(productPoints(products('max'), [0, 0])).toEqual([0, 0]);
});

test.each([
  ['max', 60],
  ['sum', 72],
  // (3 · 60 + 1 · 12) / 4
  ['weighted', 48],
] as const)('the overall score of a lead is %s: %i', (overall, expected) => {
  expect(gradeProducts(products(overall), [40, 12], [1, 0])).toEqual({
    scores: { pump: 60, valve: 12 },
    overall: expected,
    top: 'pump',
  });
});

test('a product ends at the cap, and so does their sum', () => {
  expect(gradeProducts(products('sum', 50), [90, 30], [0, 0])).toEqual({ scores: { pump: 50, valve: 30 }, overall: 50, top: 'pump' });
});

test('without interest there is no best product, and nothing is stored of those at zero; of equals the first is the best', () => {
  expect(gradeProducts(products('max'), [0, 0.4], [0, 0])).toEqual({ scores: {}, overall: 0, top: null });
  expect(gradeProducts(products('max'), [7, 7], [0, 0]).top).toBe('pump');
  expect(gradeProducts(products('max'), [0, 7], [0, 0])).toMatchObject({ scores: { valve: 7 }, top: 'valve' });
});

test('stored scores are the same whatever the order of their keys', () => {
  expect(sameScores({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(sameScores({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect([sameScores(null, null), sameScores(undefined, null), sameScores({}, null)]).toEqual([true, true, false]);
});
