import type { Knex } from 'knex';
import type { Actor, RunningJob } from '../../plugins/crm-core';
import type { GradingModelInput } from '../../plugins/lead-grading';
import { explainScore } from '../../plugins/lead-grading/server/src/services/explain';
import { previewModel } from '../../plugins/lead-grading/server/src/services/preview';
import { REGRADE_JOB, handleRegrades } from '../../plugins/lead-grading/server/src/services/regrade';
import type { ApplyInput, Leads } from '../../plugins/leads';
import type { TestDatabase } from '../support/postgres';
import { DAY, NOW, daysAgo, engagement, makeWorld, openGradingDatabase, react, stored, text, version, type World } from './grading-support';

let database: TestDatabase;
let db: Knex;
beforeAll(async () => {
  database = await openGradingDatabase();
  db = database.knex;
});
afterAll(() => database.close());
beforeEach(() => db.raw('TRUNCATE crm_leads, crm_engagements, crm_grading_runs RESTART IDENTITY'));

const rows = (...rules: { field: string; operator: string; value?: unknown; args?: Record<string, unknown> }[]) => ({ combinator: 'and' as const, rules });
const boss = { type: 'condition' as const, key: 'boss', label: text('Boss'), points: 40, when: rows({ field: 'lead.title', operator: 'contains', value: 'CEO' }) };
const model: GradingModelInput = {
  fit: { rules: [boss, { type: 'bands', key: 'size', label: text('Size'), field: 'lead.employees', bands: [{ from: 50, points: 20 }] }] },
  engagement: {
    decay: { type: 'half-life', days: 30 },
    rules: [
      { key: 'form', kind: 'form', label: text('Form'), points: 40, repeat: 'each' },
      { key: 'visit', kind: 'visit', label: text('Visit'), points: 5, cap: 10, repeat: 'each' },
    ],
  },
  disqualify: [{ key: 'student', label: text('Student'), when: rows({ field: 'lead.title', operator: 'contains', value: 'student' }) }],
  thresholds: { letters: { A: 50, B: 30, C: 10 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 3 },
  labelling: { by: 'score', hot: 50, warm: 20 },
  refreshPoints: 1000,
};

const addLeads = async (leads: readonly Record<string, unknown>[]): Promise<number[]> =>
  (await db('crm_leads').insert(leads.map((lead) => ({ ...lead }))).returning<{ id: number }[]>('id')).map((row) => row.id);

describe('the grade reactor', () => {
  test('grades a new lead with its reasons, an event and no timer when it has done nothing', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads([{ title: 'CEO', employees: 80 }]);
    const { decisions, events } = await react(world, [{ id, isNew: true }]);
    expect(await db('crm_leads').first()).toMatchObject({ fit_score: 60, engagement: 0, engagement_log: null, score: 30, grade: 'A4', label: 'warm', grade_version_id: 1, graded_at: NOW });
    expect(events).toEqual([expect.objectContaining({ type: 'lead.graded', before: null, after: { grade: 'A4', label: 'warm', score: 30 }, policyVersionId: 1 })]);
    expect(decisions).toHaveLength(1);
    expect(decisions[0]?.result).toMatchObject({
      grade: 'A4',
      rules: [
        { key: 'boss', axis: 'fit', points: 40, text: { zh: 'Boss（中）：+40 分（职位 = CEO）', en: 'Boss: +40 (Job title = CEO)' } },
        { key: 'size', points: 20 },
      ],
      lostToCaps: 0,
      lostToDecay: 0,
    });
    expect(world.armed.size).toBe(0);
  });

  test('an engagement of the change set counts at once, and a second run over the stored one does not count it twice', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads([{ title: 'CEO' }]);
    await react(world, [{ id, isNew: true, engagements: [engagement(id, 'form', NOW)] }]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 40, score: 40, grade: 'B2', label: 'warm' });
    const again = await react(world, [{ id, asks: ['regrade'] }]);
    expect(again).toMatchObject({ decisions: [], events: [] });
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 40 });
  });

  test('keeps evidence, decay and caps of what a lead did', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads([{ title: 'CEO' }]);
    const visits = [1, 2, 3].map((n) => engagement(id, 'visit', daysAgo(0), { asset: `/page-${n}` }));
    const { decisions } = await react(world, [{ id, engagements: [engagement(id, 'form', daysAgo(30)), ...visits] }]);
    const result = decisions[0]?.result as { rules: { key: string; points: number; lostToCaps: number; lostToDecay: number; text: { en: string } }[]; lostToCaps: number; lostToDecay: number };
    expect(result.rules.slice(1)).toMatchObject([
      { key: 'form', points: 20, lostToDecay: 20, lostToCaps: 0, text: { en: 'Form: +20 (once, last 2026-01-31, 40 when given)' } },
      { key: 'visit', points: 10, lostToDecay: 0, lostToCaps: 5 },
    ]);
    expect(result).toMatchObject({ lostToCaps: 5, lostToDecay: 20 });
    expect(decisions[0]?.inputs).toMatchObject({ evidence: { visit: { counted: 3, latest: [{ asset: '/page-3' }, { asset: '/page-2' }, { asset: '/page-1' }] } } });
  });

  test('asks two statements for one lead and for two hundred', async () => {
    const world = makeWorld(db, [model]);
    const ids = await addLeads(Array.from({ length: 200 }, (_, index) => ({ title: index % 2 ? 'CEO' : null })));
    const changes = ids.map((id) => ({ id, engagements: [engagement(id, 'form', NOW)] }));
    expect((await react(world, changes)).statements).toBe(2);
    expect((await react(world, changes.slice(0, 1))).statements).toBe(2);
    const fresh = await addLeads([{ title: 'CEO' }]);
    expect((await react(world, [{ id: fresh[0] ?? 0, isNew: true }])).statements).toBe(1);
  });

  test.each([
    ['a column no rule reads', ['city'], 0],
    ['its own columns', ['score', 'grade', 'version'], 0],
    ['a column a rule reads', ['title'], 1],
  ])('%s: %j', async (_, changed, statements) => {
    const world = makeWorld(db, [{ ...model, engagement: {} }]);
    const [id = 0] = await addLeads([{ title: 'CEO' }]);
    expect((await react(world, [{ id, changed }])).statements).toBe(statements);
  });

  test('a disqualified lead keeps its score and carries the flag', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads([{ title: 'student CEO', employees: 80 }]);
    await react(world, [{ id, isNew: true }]);
    expect(await db('crm_leads').first()).toMatchObject({ score: 30, grade: 'A4', label: 'disqualified' });
  });

  test('the first model that applies grades the lead; where none does any more, the grade goes', async () => {
    const cheap: GradingModelInput = { ...model, appliesTo: rows({ field: 'lead.industry', operator: '=', value: 'retail' }), fit: { rules: [{ ...boss, points: 11 }] } };
    const rest: GradingModelInput = { ...model, appliesTo: rows({ field: 'lead.industry', operator: '=', value: 'software' }) };
    const world = makeWorld(db, [cheap, rest]);
    const ids = await addLeads([{ title: 'CEO', industry: 'retail' }, { title: 'CEO', industry: 'software' }, { title: 'CEO', industry: null }]);
    await react(world, ids.map((id) => ({ id, isNew: true })));
    expect((await stored(db)).map((row) => row.fit_score)).toEqual([11, 40, null]);
    await db('crm_leads').update({ industry: 'mining' });
    const { events } = await react(world, ids.map((id) => ({ id, changed: ['industry'] })));
    expect((await stored(db)).map((row) => [row.fit_score, row.grade])).toEqual([[null, null], [null, null], [null, null]]);
    expect(events.map((event) => event.after)).toEqual([{ grade: null, label: null, score: null }, { grade: null, label: null, score: null }]);
  });
});

describe('time alone', () => {
  test('a timer stands at the second after the band is left; fired, the lead falls, with an event and the next timer', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads([{ title: 'CEO' }]);
    await react(world, [{ id, engagements: [engagement(id, 'form', NOW), engagement(id, 'form', NOW)] }]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 80, grade: 'B1', label: 'hot', score: 60 });
    const due = world.armed.get(`grading:${id}`) ?? NOW;
    // Hot is left below 47: fit 40 and engagement 52 make 46, so the crossing is at 52.5; 1 is left later, below 47.
    expect(due.getTime()).toBeCloseTo(NOW.getTime() + Math.log2(80 / 52.5) * 30 * DAY + 1000, -3);
    expect((await react(world, [{ id, asks: ['regrade'] }], new Date(due.getTime() - 2000))).events).toEqual([]);
    const { events } = await react(world, [{ id, asks: ['regrade'] }], due);
    expect(events).toEqual([expect.objectContaining({ before: expect.objectContaining({ label: 'hot' }) as unknown, after: { grade: 'B1', label: 'warm', score: 46 } })]);
    expect((world.armed.get(`grading:${id}`) ?? NOW).getTime()).toBeGreaterThan(due.getTime());
  });

  test('a windowed condition is reviewed when an engagement leaves its window', async () => {
    const keen = { type: 'condition' as const, key: 'keen', label: text('Keen'), points: 30, when: rows({ field: 'behaviour.count', operator: '>=', value: 1, args: { kind: 'visit', within: 'P7D' } }) };
    const world = makeWorld(db, [{ ...model, fit: { rules: [keen] }, engagement: {} }]);
    const [id = 0] = await addLeads([{}]);
    await db('crm_engagements').insert([engagement(id, 'visit', daysAgo(2)), engagement(id, 'visit', daysAgo(9)), engagement(id, 'form', daysAgo(6))]);
    await react(world, [{ id, asks: ['regrade'] }]);
    expect(await db('crm_leads').first()).toMatchObject({ fit_score: 30 });
    expect(world.armed.get(`grading:${id}`)).toEqual(new Date(NOW.getTime() + 5 * DAY + 1000));
    await react(world, [{ id, asks: ['regrade'] }], new Date(NOW.getTime() + 5 * DAY + 1000));
    expect(await db('crm_leads').first()).toMatchObject({ fit_score: 0 });
    expect(world.armed.size).toBe(0);
  });
});

const actor: Actor = { kind: 'member', memberId: 1, name: 'Li', teamId: null, teamIds: [], roles: [], poolIds: [], timeZone: 'UTC', locale: 'zh' };

describe('explanation', () => {
  test('is true at the moment it is asked for, says what was lost and what would help', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads([{ title: 'CEO' }]);
    await react(world, [{ id, engagements: [engagement(id, 'form', NOW)] }]);
    const explained = await explainScore(world.kit, id, { actor, now: new Date(NOW.getTime() + 30 * DAY) });
    expect(explained).toMatchObject({ grade: 'B3', label: 'warm', labelText: { zh: '温', en: 'Warm' }, score: 30, fit: 40, engagement: 20, version: 1, model: { key: 'model-1' }, lostToDecay: 20 });
    expect(explained.rules.map((rule) => [rule.key, rule.matched, rule.points])).toEqual([['boss', true, 40], ['size', false, 0], ['form', true, 20], ['visit', false, 0]]);
    expect(explained.next.map((step) => [step.key, step.points, step.grade])).toEqual([['form', 20, 'B1'], ['size', 10, 'A3'], ['visit', 3, 'B2']]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 40 });
  });

  test('of a lead without a model says nothing wrong', async () => {
    const [id = 0] = await addLeads([{ title: 'CEO' }]);
    expect(await explainScore(makeWorld(db, []).kit, id, { actor, now: NOW })).toMatchObject({ grade: null, model: null, rules: [], next: [] });
    await expect(explainScore(makeWorld(db, []).kit, 999, { actor, now: NOW })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a preview counts what would change, shows only leads and fields the actor may see, and writes nothing', async () => {
  const world = makeWorld(db, [model]);
  const ids = await addLeads([{ title: 'CEO', name: 'a', company: 'x' }, { title: 'CEO' }, { title: null }, { title: 'CEO', name: 'hidden' }, { title: 'CEO', merged_into: 1 }]);
  await react(world, ids.map((id) => ({ id, isNew: true })));
  const before = await stored(db);
  const draft = version({ ...model, fit: { rules: [{ ...boss, points: 100 }] } }, 1);
  const preview = await previewModel(world.kit, draft.body, draft.policyId, actor);
  expect(preview).toMatchObject({ total: 4, changed: 3, now: { grades: { B4: 3, D4: 1 } }, draft: { grades: { A4: 3, D4: 1 }, labels: { hot: 3, cold: 1 } }, moves: { 'warm>hot': 3 } });
  expect(preview.movers).toEqual([
    { id: 1, name: 'a', before: { grade: 'B4', label: 'warm', score: 20 }, after: { grade: 'A4', label: 'hot', score: 50 } },
    { id: 2, name: null, before: { grade: 'B4', label: 'warm', score: 20 }, after: { grade: 'A4', label: 'hot', score: 50 } },
  ]);
  expect(await stored(db)).toEqual(before);
});

describe('the re-grade job', () => {
  const run = async (world: World, versionId: number, stopAfter = Infinity, jobId = 1, applied: ApplyInput[] = []): Promise<number[]> => {
    const done: number[] = [];
    let asked = 0;
    const leads = { apply: async (input: ApplyInput) => (applied.push(input), { outcomes: [], eventIds: [] }) } as Partial<Leads> as Leads;
    handleRegrades(world.kit, leads);
    const job: RunningJob = { id: jobId, kind: REGRADE_JOB, payload: { versionId }, attempt: 1, progress: async (n) => void done.push(n), shouldStop: () => (asked += 1) > stopAfter };
    await world.jobs.get(REGRADE_JOB)?.(job);
    return done;
  };
  const many = async (count: number): Promise<void> => {
    await db.raw(`INSERT INTO crm_leads (title, employees) SELECT CASE WHEN i % 3 = 0 THEN 'CEO' END, i % 100 FROM generate_series(1, ?::int) i`, [count]);
    await db.raw(`INSERT INTO crm_engagements (lead_id, kind, occurred_at) SELECT i, 'form', ?::timestamptz FROM generate_series(1, ?::int, 5) i`, [NOW, count]);
  };

  test('grades every lead, arms its timers, tells what moved once, and touches no version', async () => {
    const world = makeWorld(db, [model]);
    await many(1000);
    expect(await run(world, 1)).toEqual([1000]);
    const { rows: counts } = await db.raw<{ rows: Record<string, number>[] }>(`SELECT count(*)::int AS leads, count(score)::int AS graded, max(version) AS version, count(*) FILTER (WHERE grade_version_id = 1)::int AS versions FROM crm_leads`);
    expect(counts[0]).toEqual({ leads: 1000, graded: 1000, version: 1, versions: 1000 });
    expect(world.armed.size).toBe(200);
    expect(world.events).toEqual([expect.objectContaining({ subject: 'policy', type: 'grading.regraded', data: expect.objectContaining({ leads: 1000, changed: 1000 }) as unknown })]);
    const moves = world.events[0]?.data?.['moves'] as Record<string, number>;
    expect(Object.values(moves).reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(await run(world, 1, Infinity, 1)).toEqual([]);
    expect(world.events).toHaveLength(1);
  });

  test('stopped half-way it goes on where it stopped', async () => {
    const world = makeWorld(db, [model]);
    await many(45_000);
    expect(await run(world, 1, 1)).toEqual([20_000]);
    expect(world.events).toEqual([]);
    expect(await run(world, 1)).toEqual([40_000, 45_000]);
    expect(await db('crm_leads').whereNull('grade').count()).toEqual([{ count: '0' }]);
    expect(world.events[0]?.data).toMatchObject({ leads: 45_000, changed: 45_000 });
  });

  test('only leads that change are written', async () => {
    const world = makeWorld(db, [model]);
    await many(300);
    await run(world, 1);
    const { rows: before } = await db.raw<{ rows: { id: number; ctid: string }[] }>('SELECT id, ctid FROM crm_leads ORDER BY id');
    world.models = [version({ ...model, fit: { rules: [{ ...boss, points: 41 }, ...(model.fit.rules ?? []).slice(1)] } }, 2)];
    await run(world, 2, Infinity, 2);
    const { rows: after } = await db.raw<{ rows: { id: number; ctid: string }[] }>('SELECT id, ctid FROM crm_leads ORDER BY id');
    const moved = after.filter((row, index) => row.ctid !== before[index]?.ctid).map((row) => row.id);
    expect(moved).toEqual(Array.from({ length: 100 }, (_, index) => (index + 1) * 3));
  });

  test('gives up when a later version of the model is live, and goes again over leads graded by the version before meanwhile', async () => {
    const world = makeWorld(db, [version(model, 2).body]);
    world.models = [{ ...version(model, 5), policyId: 1, number: 5 }];
    await many(10);
    world.kit.policies.version = async <Body>() => ({ ...version(model, 4), policyId: 1, number: 4 }) as never as Awaited<ReturnType<typeof world.kit.policies.version<Body>>>;
    expect(await run(world, 4)).toEqual([]);
    await db('crm_leads').where({ id: 3 }).update({ graded_at: new Date(NOW.getTime() + 1), grade_version_id: 4, score: 99, grade: 'A1', label: 'hot' });
    await run(world, 5, 1, 9);
    await db('crm_leads').where({ id: 3 }).update({ graded_at: new Date(NOW.getTime() + 1), grade_version_id: 4, score: 99, grade: 'A1', label: 'hot' });
    await run(world, 5, Infinity, 9);
    expect(await db('crm_leads').where({ id: 3 }).first()).toMatchObject({ grade_version_id: 5, score: 20 });
  });

  test('announces each change through the door when the model asks for it', async () => {
    const world = makeWorld(db, [{ ...model, regrade: 'announce' }]);
    await many(600);
    const applied: ApplyInput[] = [];
    await run(world, 1, Infinity, 1, applied);
    expect(applied.map((input) => [input.changes.length, input.cause.type])).toEqual([[500, 'model_change'], [100, 'model_change']]);
    expect(applied[0]?.changes[0]).toEqual({ op: 'touch', id: 1, ask: ['regrade'] });
  });
});
