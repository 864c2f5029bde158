import { GRADING_TEMPLATES, gradingModelSchema } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import { columnOf, conditionsOf, factValue, fieldsOf, windowsOf } from './conditions';
import { branchesOf, fitPoints, fitScore } from './fit';
import { decideGrade } from './grade';
import { lintModel } from './lint';
import { nextSteps } from './next';
import { reasonsOf } from './reasons';
import { durationMs } from './window';

const text = (en: string) => ({ zh: `${en}（中）`, en });
const when = (field: string, operator = 'notNull') => ({ combinator: 'and' as const, rules: [{ field, operator }] });
const base = {
  engagement: { rules: [{ key: 'demo', kind: 'form', label: text('Asked for a demo'), points: 40, repeat: 'once', cap: 60 }] },
  thresholds: { letters: { A: 30, B: 20, C: 10 }, numbers: { 1: 50, 2: 25, 3: 10 } },
  labelling: { by: 'score', hot: 60, warm: 15 },
};
const model: GradingModel = gradingModelSchema.parse({
  ...base,
  fit: {
    groups: [{ key: 'person', label: text('Person'), cap: 25 }],
    rules: [
      { type: 'condition', key: 'title', group: 'person', label: text('Title known'), points: 10, when: when('lead.title') },
      {
        type: 'values',
        key: 'industry',
        label: text('Industry'),
        field: 'lead.industry',
        values: { software: 15, retail: 15, farming: -5 },
        otherwise: 2,
      },
      {
        type: 'bands',
        key: 'size',
        group: 'person',
        label: text('Employees'),
        field: 'lead.employees',
        bands: [
          { to: 50, points: 5 },
          { from: 50, points: 20 },
        ],
      },
    ],
  },
});
const facts = (taken: readonly number[], details: Parameters<typeof reasonsOf>[1]['details'] = [], value = 0) => ({
  row: { title: 'CTO', industry: 'software', employees: 80, custom: { budget: 5 } },
  taken,
  fit: fitScore(model, fitPoints(model, taken)),
  details,
  value,
  engagement: Math.round(value),
  intent: null,
});
const options = { factLabel: (field: string) => ({ zh: field, en: field }), isHidden: (field: string) => field === 'lead.employees' };

describe('fit', () => {
  test('values with the same points are one branch, in the order of the table, what is not listed the last', () => {
    expect(branchesOf(model.fit.rules[1]!).map((branch) => [branch.points, branch.when.rules])).toEqual([
      [15, [{ field: 'lead.industry', operator: 'in', value: ['software', 'retail'] }]],
      [-5, [{ field: 'lead.industry', operator: 'in', value: ['farming'] }]],
      [2, [{ field: 'lead.industry', operator: 'notNull' }]],
    ]);
  });

  test('groups are capped before the axis, and a bad fit is below zero', () => {
    expect(fitScore(model, [10, 15, 20])).toBe(40);
    expect(fitScore(model, [0, -5, 0])).toBe(-5);
    expect(fitPoints(model, [1, 2, 2])).toEqual([10, -5, 20]);
  });
});

describe('reasons', () => {
  const seen = [
    { rule: 0, matched: 2, counted: 1, decayed: 20, points: 20, latest: [{ id: 7, at: new Date('2026-02-01T00:00:00Z'), asset: '/demo' }] },
  ];

  test('every rule tells what it gave, with its evidence and in both languages', () => {
    const { rules, lostToCaps, lostToDecay } = reasonsOf(model, facts([1, 1, 2], seen, 20), options);
    expect(rules.map((rule) => [rule.key, rule.matched, rule.points])).toEqual([
      ['title', true, 10],
      ['industry', true, 15],
      ['size', true, 20],
      ['demo', true, 20],
    ]);
    expect(rules[0]?.text).toEqual({ zh: 'Title known（中）：+10 分（lead.title = CTO）', en: 'Title known: +10 (lead.title = CTO)' });
    expect(rules[3]?.text.en).toBe('Asked for a demo: +20 (1 of 2 count, last 2026-02-01, 40 when given)');
    expect(rules[3]?.evidence.latest).toEqual([{ id: 7, at: '2026-02-01T00:00:00.000Z', asset: '/demo' }]);
    expect({ lostToCaps, lostToDecay }).toEqual({ lostToCaps: 5, lostToDecay: 20 });
  });

  test('a value the reader may not see is named and left out', () => {
    const size = reasonsOf(model, facts([1, 1, 2]), options).rules[2];
    expect(size?.evidence).toEqual({ facts: {}, hidden: ['lead.employees'] });
    expect(JSON.stringify(size)).not.toContain('80');
  });

  test('a rule that does not hold says so', () => {
    const { rules } = reasonsOf(model, facts([0, 0, 0]), options);
    expect(rules[0]).toMatchObject({ matched: false, points: 0, text: { en: 'Title known: does not hold (lead.title = CTO)' } });
    expect(rules[3]?.text.zh).toBe('Asked for a demo（中）：还没有发生');
  });
});

describe('what would raise it', () => {
  test('largest first, through caps, weights and thresholds', () => {
    const now = facts([0, 0, 0]);
    const steps = nextSteps(model, now, decideGrade(model, now.fit, 0, null));
    expect(steps.map((step) => [step.key, step.points, step.grade])).toEqual([
      ['demo', 20, 'D2'],
      ['size', 10, 'B4'],
      ['industry', 8, 'C4'],
      ['title', 5, 'C4'],
    ]);
    expect(steps[1]?.text.en).toBe('Employees: +10 on the score, grade D4 → B4');
  });

  test('what has happened and counts once is not proposed again, nor what a cap would take', () => {
    const done = facts([0, 1, 2], [{ rule: 0, matched: 1, counted: 1, decayed: 40, points: 40, latest: [] }], 40);
    const steps = nextSteps(model, done, decideGrade(model, done.fit, 40, null));
    expect(steps.map((step) => [step.key, step.points])).toEqual([['title', 2]]);
  });
});

describe('lint', () => {
  const broken = (over: Record<string, unknown>) =>
    lintModel(gradingModelSchema.parse({ ...base, fit: {}, ...over })).map((finding) => finding.code);

  test('a sound model has no findings', () => {
    expect(lintModel(model)).toEqual([]);
  });

  test('names what is wrong', () => {
    expect(broken({ thresholds: { letters: { A: 10, B: 20, C: 5 }, numbers: { 1: 10, 2: 10, 3: 5 } } })).toEqual([
      'LETTERS_ORDER',
      'NUMBERS_ORDER',
      'A_UNREACHABLE',
    ]);
    expect(broken({ labelling: { by: 'grid', cells: { A1: 'hot' } } })).toContain('CELLS_MISSING');
    expect(broken({ labelling: { by: 'score', hot: 10, warm: 10 } })).toContain('LABELS_ORDER');
    expect(broken({ fit: { rules: [model.fit.rules[0], model.fit.rules[0]] } })).toEqual(
      expect.arrayContaining(['RULE_KEY_TWICE', 'GROUP_UNKNOWN']),
    );
    expect(broken({ weights: { fit: 0, engagement: 0 } })).toContain('WEIGHTS_ZERO');
    expect(broken({ engagement: { decay: { type: 'linear', percent: 50, days: 30 } } })).toContain('DECAY_NOT_FORWARD');
  });
});

test.each(GRADING_TEMPLATES.map((template) => [template.key, template] as const))(
  'the template %s is valid and has no findings',
  (_, template) => {
    expect(lintModel(gradingModelSchema.parse(template.body))).toEqual([]);
  },
);

describe('what a model reads', () => {
  const row = { title: null, owner_id: 3, custom: { budget: 5 } };

  test('facts, operands and behaviour windows are found in nested conditions', () => {
    const nested = gradingModelSchema.parse({
      ...base,
      fit: {
        rules: [
          {
            type: 'condition',
            key: 'x',
            label: text('X'),
            points: 1,
            when: {
              combinator: 'or',
              rules: [
                { field: 'lead.city', operator: '=', value: { field: 'account.city' } },
                {
                  combinator: 'and',
                  rules: [{ field: 'behaviour.count', operator: '>', value: 2, args: { kind: 'visit', within: 'P7D' } }],
                },
              ],
            },
          },
        ],
      },
    });
    expect(conditionsOf(nested).flatMap(({ condition }) => fieldsOf(condition))).toEqual(['lead.city', 'account.city', 'behaviour.count']);
    expect(windowsOf(nested)).toEqual([{ kind: 'visit', ms: 7 * 86_400_000 }]);
  });

  test('a fact is read from its column, a reference from its id, a custom field from custom', () => {
    expect(['lead.title', 'lead.owner', 'lead.custom.budget', 'account.name', 'lead.unknown'].map((field) => columnOf(field, row))).toEqual(
      ['title', 'owner_id', 'custom', null, null],
    );
    expect(['lead.owner', 'lead.custom.budget', 'lead.custom.other', 'behaviour.count'].map((field) => factValue(field, row))).toEqual([
      3,
      5,
      null,
      undefined,
    ]);
  });

  test('durations with a fixed length are understood', () => {
    expect(['P7D', 'PT24H', 'P1W', 'P1DT12H', 'P1M', 'P', '7D'].map(durationMs)).toEqual([
      604_800_000,
      86_400_000,
      604_800_000,
      129_600_000,
      null,
      null,
      null,
    ]);
  });
});
