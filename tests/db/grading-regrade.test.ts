import type { Knex } from 'knex';
import type { Actor, RunningJob } from '../../plugins/crm-core';
import { explainScore } from '../../plugins/lead-grading/server/src/services/explain';
import { previewModel } from '../../plugins/lead-grading/server/src/services/preview';
import { REGRADE_JOB } from '../../plugins/lead-grading/server/src/services/regrade-job';
import { handleRegrades } from '../../plugins/lead-grading/server/src/services/regrade';
import type { ApplyInput, Leads } from '../../plugins/leads';
import type { TestDatabase } from '../support/postgres';
import {
  DAY,
  NOW,
  addLeads,
  boss,
  engagement,
  makeWorld,
  model,
  openGradingDatabase,
  react,
  stored,
  version,
  type World,
} from './grading-support';

let database: TestDatabase;
let db: Knex;
beforeAll(async () => {
  database = await openGradingDatabase();
  db = database.knex;
});
afterAll(() => database.close());
beforeEach(() => db.raw('TRUNCATE crm_leads, crm_engagements, crm_grading_runs RESTART IDENTITY'));

const actor: Actor = {
  kind: 'member',
  memberId: 1,
  name: 'Li',
  teamId: null,
  teamIds: [],
  roles: [],
  poolIds: [],
  timeZone: 'UTC',
  locale: 'zh',
};

describe('explanation', () => {
  test('is true at the moment it is asked for, says what was lost and what would help', async () => {
    const world = makeWorld(db, [model]);
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    await react(world, [{ id, engagements: [engagement(id, 'form', NOW)] }]);
    const explained = await explainScore(world.kit, id, { actor, now: new Date(NOW.getTime() + 30 * DAY) });
    expect(explained).toMatchObject({
      grade: 'B3',
      label: 'warm',
      labelText: { zh: '温', en: 'Warm' },
      score: 30,
      fit: 40,
      engagement: 20,
      version: 1,
      model: { key: 'model-1' },
      lostToDecay: 20,
    });
    expect(explained.rules.map((rule) => [rule.key, rule.matched, rule.points])).toEqual([
      ['boss', true, 40],
      ['size', false, 0],
      ['form', true, 20],
      ['visit', false, 0],
    ]);
    expect(explained.next.map((step) => [step.key, step.points, step.grade])).toEqual([
      ['form', 20, 'B1'],
      ['size', 10, 'A3'],
      ['visit', 3, 'B2'],
    ]);
    expect(await db('crm_leads').first()).toMatchObject({ engagement: 40 });
  });

  test('of a lead without a model says nothing wrong', async () => {
    const [id = 0] = await addLeads(db, [{ title: 'CEO' }]);
    expect(await explainScore(makeWorld(db, []).kit, id, { actor, now: NOW })).toMatchObject({
      grade: null,
      model: null,
      rules: [],
      next: [],
    });
    await expect(explainScore(makeWorld(db, []).kit, 999, { actor, now: NOW })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a preview counts what would change, shows only leads and fields the actor may see, and writes nothing', async () => {
  const world = makeWorld(db, [model]);
  const ids = await addLeads(db, [
    { title: 'CEO', name: 'a', company: 'x' },
    { title: 'CEO' },
    { title: null },
    { title: 'CEO', name: 'hidden' },
    { title: 'CEO', merged_into: 1 },
  ]);
  await react(
    world,
    ids.map((id) => ({ id, isNew: true })),
  );
  const before = await stored(db);
  const draft = version({ ...model, fit: { rules: [{ ...boss, points: 100 }] } }, 1);
  const preview = await previewModel(world.kit, draft.body, draft.policyId, actor);
  expect(preview).toMatchObject({
    total: 4,
    changed: 3,
    now: { grades: { B4: 3, D4: 1 } },
    draft: { grades: { A4: 3, D4: 1 }, labels: { hot: 3, cold: 1 } },
    moves: { 'warm>hot': 3 },
  });
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
    const job: RunningJob = {
      id: jobId,
      kind: REGRADE_JOB,
      payload: { versionId },
      attempt: 1,
      progress: async (n) => void done.push(n),
      freeKey: async () => undefined,
      shouldStop: () => (asked += 1) > stopAfter,
    };
    await world.jobs.get(REGRADE_JOB)?.(job);
    return done;
  };
  const many = async (count: number): Promise<void> => {
    await db.raw(
      `INSERT INTO crm_leads (title, employees) SELECT CASE WHEN i % 3 = 0 THEN 'CEO' END, i % 100 FROM generate_series(1, ?::int) i`,
      [count],
    );
    await db.raw(
      `INSERT INTO crm_engagements (lead_id, kind, occurred_at) SELECT i, 'form', ?::timestamptz FROM generate_series(1, ?::int, 5) i`,
      [NOW, count],
    );
  };

  test('grades every lead, arms its timers, tells what moved once, and touches no version', async () => {
    const world = makeWorld(db, [model]);
    await many(1000);
    expect(await run(world, 1)).toEqual([1000]);
    const { rows: counts } = await db.raw<{ rows: Record<string, number>[] }>(
      `SELECT count(*)::int AS leads, count(score)::int AS graded, max(version) AS version, count(*) FILTER (WHERE grade_version_id = 1)::int AS versions FROM crm_leads`,
    );
    expect(counts[0]).toEqual({ leads: 1000, graded: 1000, version: 1, versions: 1000 });
    expect(world.armed.size).toBe(200);
    expect(world.events).toEqual([
      expect.objectContaining({
        subject: 'policy',
        type: 'grading.regraded',
        data: expect.objectContaining({ leads: 1000, changed: 1000 }) as unknown,
      }),
    ]);
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
    world.kit.policies.version = async (id) => ({ ...version(model, id), policyId: 1, number: id }) as never;
    expect(await run(world, 4)).toEqual([]);
    await db('crm_leads')
      .where({ id: 3 })
      .update({ graded_at: new Date(NOW.getTime() + 1), grade_version_id: 4, score: 99, grade: 'A1', label: 'hot' });
    await run(world, 5, 1, 9);
    await db('crm_leads')
      .where({ id: 3 })
      .update({ graded_at: new Date(NOW.getTime() + 1), grade_version_id: 4, score: 99, grade: 'A1', label: 'hot' });
    await run(world, 5, Infinity, 9);
    expect(await db('crm_leads').where({ id: 3 }).first()).toMatchObject({ grade_version_id: 5, score: 20 });
  });

  test('announces each change through the door when the model asks for it', async () => {
    const world = makeWorld(db, [{ ...model, regrade: 'announce' }]);
    await many(600);
    const applied: ApplyInput[] = [];
    await run(world, 1, Infinity, 1, applied);
    expect(applied.map((input) => [input.changes.length, input.cause.type])).toEqual([
      [500, 'model_change'],
      [100, 'model_change'],
    ]);
    expect(applied[0]?.changes[0]).toEqual({ op: 'touch', id: 1, ask: ['regrade'] });
  });
});
