import type { Knex } from 'knex';
import type { GradingModelInput } from '../../plugins/lead-grading';
import { recordReasons, type GradeRecord } from '../../plugins/lead-grading/server/src/domain/record';
import { reasonOptions } from '../../plugins/lead-grading/server/src/services/reasons';
import type { DecisionInput } from '../../plugins/leads';
import type { TestDatabase } from '../support/postgres';
import {
  DAY,
  NOW,
  addLeads,
  boss,
  daysAgo,
  engagement,
  makeWorld,
  model,
  openGradingDatabase,
  react,
  rows,
  stored,
  text,
  type World,
} from './grading-support';

/** The stored reasons of a decision as a reader gets them. */
const wordsOf = (world: World, decision: DecisionInput | undefined): ReturnType<typeof recordReasons> => {
  const facts = (decision?.inputs['facts'] ?? {}) as Record<string, unknown>;
  const { held, did } = decision?.result as Pick<GradeRecord, 'held' | 'did'>;
  return recordReasons(world.models[0]!.body, { held, did, facts }, reasonOptions(world.kit, null));
};

let database: TestDatabase;
let db: Knex;
beforeAll(async () => {
  database = await openGradingDatabase();
  db = database.knex;
});
afterAll(() => database.close());
beforeEach(() => db.raw('TRUNCATE crm_leads, crm_engagements, crm_grading_runs RESTART IDENTITY'));

describe('the grade reactor', () => {
  test('grades a new lead with its reasons, an event and no timer when it has done nothing', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO', employees: 80 }]);
    const { decisions, events } = await react(world, [{ id, isNew: true }]);
    expect(await db('crm_leads').first()).toMatchObject({
      fit_score: 60,
      engagement: 0,
      engagement_log: null,
      score: 30,
      grade: 'A4',
      label: 'warm',
      grade_version_id: 1,
      graded_at: NOW,
    });
    expect(events).toEqual([
      expect.objectContaining({ type: 'lead.graded', before: null, after: { grade: 'A4', label: 'warm', score: 30 }, policyVersionId: 1 }),
    ]);
    expect(decisions).toHaveLength(1);
    expect(decisions[0]?.result).toMatchObject({
      grade: 'A4',
      held: [
        ['boss', 40],
        ['size', 20],
      ],
      did: [],
    });
    expect(decisions[0]?.inputs).toMatchObject({ facts: { 'lead.title': 'CEO', 'lead.employees': 80 } });
    expect(wordsOf(world, decisions[0]).map((reason) => reason.text)).toEqual([
      { zh: 'Boss（中）：+40 分（职位 = CEO）', en: 'Boss: +40 (Job title = CEO)' },
      { zh: 'Size（中）：+20 分（员工数 = 80）', en: 'Size: +20 (Employees = 80)' },
    ]);
    // What is kept of a lead that ten rules held for must stay small: a hundred thousand come in one import.
    expect(JSON.stringify([decisions[0]?.inputs, decisions[0]?.result]).length).toBeLessThan(400);
    expect(world.armed.size).toBe(0);
  });

  test('an engagement of the change set counts at once, and a second run over the stored one does not count it twice', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    await react(world, [{ id, isNew: true, engagements: [engagement(id, 'form', NOW)] }]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 40, score: 40, grade: 'B2', label: 'warm' });
    const again = await react(world, [{ id, asks: ['regrade'] }]);
    expect(again).toMatchObject({ decisions: [], events: [] });
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 40 });
  });

  test('keeps evidence, decay and caps of what a lead did', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    const visits = [1, 2, 3].map((n) => engagement(id, 'visit', daysAgo(0), { asset: `/page-${n}` }));
    const { decisions } = await react(world, [{ id, engagements: [engagement(id, 'form', daysAgo(30)), ...visits] }]);
    expect(decisions[0]?.result).toMatchObject({
      held: [['boss', 40]],
      did: [
        ['form', 20, 1, 1, 0, 20],
        ['visit', 10, 3, 3, 5, 0],
      ],
    });
    expect(wordsOf(world, decisions[0]).map((reason) => reason.text.en)).toEqual([
      'Boss: +40 (Job title = CEO)',
      'Form: +20 (once, 40 when given)',
      'Visit: +10 (3 times, 15 when given, 5 lost to caps)',
    ]);
  });

  test('asks two statements for one lead and for two hundred', async () => {
    const world = makeWorld(db, [model]);
    const ids = await addLeads(
      db,
      Array.from({ length: 200 }, (_, index) => ({ title: index % 2 ? 'CEO' : null })),
    );
    const changes = ids.map((id) => ({ id, engagements: [engagement(id, 'form', NOW)] }));
    expect((await react(world, changes)).statements).toBe(2);
    expect((await react(world, changes.slice(0, 1))).statements).toBe(2);
    const fresh = await addLeads(db, [{ title: 'CEO' }]);
    expect((await react(world, [{ id: fresh[0] ?? 0, isNew: true }])).statements).toBe(1);
  });

  test.each([
    ['a column no rule reads', ['city'], 0],
    ['its own columns', ['score', 'grade', 'version'], 0],
    ['a column a rule reads', ['title'], 1],
  ])('%s: %j', async (_, changed, statements) => {
    const world = makeWorld(db, [{ ...model, engagement: {} }]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    expect((await react(world, [{ id, changed }])).statements).toBe(statements);
  });

  test('a disqualified lead keeps its score and carries the flag', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'student CEO', employees: 80 }]);
    await react(world, [{ id, isNew: true }]);
    expect(await db('crm_leads').first()).toMatchObject({ score: 30, grade: 'A4', label: 'disqualified' });
  });

  test('the first model that applies grades the lead; where none does any more, the grade goes', async () => {
    const cheap: GradingModelInput = {
      ...model,
      appliesTo: rows({ field: 'lead.industry', operator: '=', value: 'retail' }),
      fit: { rules: [{ ...boss, points: 11 }] },
    };
    const rest: GradingModelInput = { ...model, appliesTo: rows({ field: 'lead.industry', operator: '=', value: 'software' }) };
    const world = makeWorld(db, [cheap, rest]);
    const ids = await addLeads(db, [
      { title: 'CEO', industry: 'retail' },
      { title: 'CEO', industry: 'software' },
      { title: 'CEO', industry: null },
    ]);
    await react(
      world,
      ids.map((id) => ({ id, isNew: true })),
    );
    expect((await stored(db)).map((row) => row.fit_score)).toEqual([11, 40, null]);
    await db('crm_leads').update({ industry: 'mining' });
    const { events } = await react(
      world,
      ids.map((id) => ({ id, changed: ['industry'] })),
    );
    expect((await stored(db)).map((row) => [row.fit_score, row.grade])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(events.map((event) => event.after)).toEqual([
      { grade: null, label: null, score: null },
      { grade: null, label: null, score: null },
    ]);
  });
});

describe('time alone', () => {
  test('a timer stands at the second after the band is left; fired, the lead falls, with an event and the next timer', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    await react(world, [{ id, engagements: [engagement(id, 'form', NOW), engagement(id, 'form', NOW)] }]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 80, grade: 'B1', label: 'hot', score: 60 });
    const due = world.armed.get(`grading:${id}`) ?? NOW;
    // Hot is left below 47: fit 40 and engagement 52 make 46, so the crossing is at 52.5; 1 is left later, below 47.
    expect(due.getTime()).toBeCloseTo(NOW.getTime() + Math.log2(80 / 52.5) * 30 * DAY + 1000, -3);
    expect((await react(world, [{ id, asks: ['regrade'] }], new Date(due.getTime() - 2000))).events).toEqual([]);
    const { events } = await react(world, [{ id, asks: ['regrade'] }], due);
    expect(events).toEqual([
      expect.objectContaining({
        before: expect.objectContaining({ label: 'hot' }) as unknown,
        after: { grade: 'B1', label: 'warm', score: 46 },
      }),
    ]);
    expect((world.armed.get(`grading:${id}`) ?? NOW).getTime()).toBeGreaterThan(due.getTime());
  });

  test('a windowed condition is reviewed when an engagement leaves its window', async () => {
    const keen = {
      type: 'condition' as const,
      key: 'keen',
      label: text('Keen'),
      points: 30,
      when: rows({ field: 'behaviour.count', operator: '>=', value: 1, args: { kind: 'visit', within: 'P7D' } }),
    };
    const world = makeWorld(db, [{ ...model, fit: { rules: [keen] }, engagement: {} }]);
    const [id = 0] = await addLeads(db, [{}]);
    await db('crm_engagements').insert([
      engagement(id, 'visit', daysAgo(2)),
      engagement(id, 'visit', daysAgo(9)),
      engagement(id, 'form', daysAgo(6)),
    ]);
    await react(world, [{ id, asks: ['regrade'] }]);
    expect(await db('crm_leads').first()).toMatchObject({ fit_score: 30 });
    expect(world.armed.get(`grading:${id}`)).toEqual(new Date(NOW.getTime() + 5 * DAY + 1000));
    await react(world, [{ id, asks: ['regrade'] }], new Date(NOW.getTime() + 5 * DAY + 1000));
    expect(await db('crm_leads').first()).toMatchObject({ fit_score: 0 });
    expect(world.armed.size).toBe(0);
  });
});
