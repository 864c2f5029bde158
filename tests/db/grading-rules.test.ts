import type { Knex } from 'knex';
import type { GradingModelInput } from '../../plugins/lead-grading';
import type { TestDatabase } from '../support/postgres';
import { NOW, addLeads, daysAgo, engagement, makeWorld, model, openGradingDatabase, react, rows, text } from './grading-support';

let database: TestDatabase;
let db: Knex;
beforeAll(async () => {
  database = await openGradingDatabase();
  db = database.knex;
});
afterAll(() => database.close());
beforeEach(() => db.raw('TRUNCATE crm_leads, crm_engagements, crm_grading_runs RESTART IDENTITY'));

type FitRules = NonNullable<GradingModelInput['fit']['rules']>;
const withFit = (rules: FitRules): GradingModelInput => ({ ...model, fit: { rules }, engagement: {} });

/** The fit a lead has by these rules, after it did this. */
async function fitOf(rules: FitRules, values: Record<string, unknown>, did: readonly (readonly [string, number])[] = []): Promise<number> {
  const world = makeWorld(db, [withFit(rules)]);
  const [id = 0] = await addLeads(db, [values]);
  if (did.length > 0) await db('crm_engagements').insert(did.map(([kind, days]) => engagement(id, kind, daysAgo(days))));
  await react(world, [{ id, asks: ['regrade'] }]);
  return (await db('crm_leads').where({ id }).first<{ fit_score: number }>('fit_score'))?.fit_score ?? 0;
}

describe('frequency by recency: the best row that holds counts, and only that', () => {
  const forms: FitRules = [
    {
      type: 'frequency',
      key: 'forms',
      label: text('Forms'),
      kind: 'form',
      rows: [
        { min: 1, within: 'P7D', points: 35 },
        { min: 1, within: 'P14D', points: 26 },
        { min: 3, within: 'P30D', points: 30 },
        { min: 1, within: 'P30D', points: 17 },
      ],
    },
  ];
  test.each<[string, readonly (readonly [string, number])[], number]>([
    ['once in the last week', [['form', 2]], 35],
    [
      'often, and lately too: no two rows add up',
      [
        ['form', 1],
        ['form', 2],
        ['form', 20],
      ],
      35,
    ],
    ['at the end of its window', [['form', 7]], 26],
    ['once in a fortnight', [['form', 10]], 26],
    [
      'three times in a month goes before once in it',
      [
        ['form', 16],
        ['form', 20],
        ['form', 28],
      ],
      30,
    ],
    [
      'twice in a month is once in it',
      [
        ['form', 16],
        ['form', 20],
      ],
      17,
    ],
    ['long ago', [['form', 31]], 0],
    ['something else', [['visit', 1]], 0],
  ])('%s', async (_name, did, points) => {
    expect(await fitOf(forms, {}, did)).toBe(points);
  });
});

describe('a table of values', () => {
  const table: FitRules = [
    {
      type: 'values',
      key: 'industry',
      label: text('Industry'),
      field: 'lead.industry',
      values: { Software: 40, Steel: 15, Farming: -20 },
      otherwise: 5,
    },
  ];
  test.each([
    ['Software', 40],
    ['Steel', 15],
    ['Farming', -20],
    ['Fishing', 5],
  ])('%s is worth %i', async (industry, points) => {
    expect(await fitOf(table, { industry })).toBe(points);
  });
});

describe('dwell', () => {
  const patient: GradingModelInput = { ...model, thresholds: { ...model.thresholds, dwellMinutes: 60 } };
  test('a better number counts once the lead has had it that long, and is looked at again at that moment', async () => {
    const world = makeWorld(db, [patient]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    await react(world, [{ id, engagements: [engagement(id, 'form', NOW), engagement(id, 'form', NOW)] }]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 80, grade: 'B4' });
    const due = world.armed.get(`grading:${id}`);
    expect(due?.getTime()).toBeGreaterThanOrEqual(NOW.getTime() + 3_600_000);
    expect(due?.getTime()).toBeLessThanOrEqual(NOW.getTime() + 3_602_000);
    await react(world, [{ id, asks: ['regrade'] }], new Date(NOW.getTime() + 3_540_000));
    expect(await db('crm_leads').first()).toMatchObject({ grade: 'B4' });
    await react(world, [{ id, asks: ['regrade'] }], due);
    expect(await db('crm_leads').first()).toMatchObject({ grade: 'B1' });
  });
});

describe('what is heard of late', () => {
  test('crosses when it is heard of, and says when it happened', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    const { events } = await react(world, [{ id, engagements: [engagement(id, 'form', daysAgo(3)), engagement(id, 'form', daysAgo(2))] }]);
    expect(events).toEqual([
      expect.objectContaining({ type: 'lead.graded', data: expect.objectContaining({ effectiveAt: daysAgo(2) }) as unknown }),
    ]);
    const [fresh = 0] = await addLeads(db, [{ title: 'CEO' }]);
    const { events: now } = await react(world, [{ id: fresh, engagements: [engagement(fresh, 'form', NOW)] }]);
    expect(now[0]?.data).not.toHaveProperty('effectiveAt');
  });
});

test('a cell of the grid has the label people gave it, whatever the score', async () => {
  const boss = { type: 'condition' as const, key: 'boss', label: text('Boss'), points: 90 };
  const cells = { A4: 'hot', D4: 'warm' } as const;
  const fit = withFit([{ ...boss, when: rows({ field: 'lead.title', operator: '=', value: 'CEO' }) }]);
  const world = makeWorld(db, [{ ...fit, labelling: { by: 'grid', cells } }]);
  const [first = 0, second = 0] = await addLeads(db, [{ title: 'CEO' }, { title: 'Clerk' }]);
  await react(world, [
    { id: first, asks: ['regrade'] },
    { id: second, asks: ['regrade'] },
  ]);
  expect(await db('crm_leads').orderBy('id').select('grade', 'label')).toEqual([
    { grade: 'A4', label: 'hot' },
    { grade: 'D4', label: 'warm' },
  ]);
});
