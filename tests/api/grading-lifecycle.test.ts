import type { GradingModelInput, ScoreExplanation } from '../../plugins/lead-grading';
import type { GradingPreview } from '../../plugins/lead-grading/server/src/services/preview';
import { STANDARD_LIFECYCLE } from '../../plugins/leads';
import { DAY, ok, startGrading, text, type GradingWorld } from './grading-world';

jest.setTimeout(300_000);
const START = Date.UTC(2026, 2, 2, 12);

/** What a grade does to the life of a lead, and what a change of the model does not do. */
let world: GradingWorld;
let model = 0;
beforeAll(async () => {
  world = await startGrading(START);
  model = await world.create('lifecycle', body());
  await world.publish(model, body());
}, 300_000);
afterAll(() => world?.close(), 60_000);

const body = (over: Partial<GradingModelInput> = {}): GradingModelInput => ({
  fit: {
    rules: [
      {
        type: 'condition',
        key: 'boss',
        label: text('Boss'),
        points: 40,
        when: { combinator: 'and', rules: [{ field: 'lead.title', operator: '=', value: 'CEO' }] },
      },
    ],
  },
  engagement: {
    decay: { type: 'half-life', days: 10 },
    rules: [{ key: 'visit', kind: 'visit', label: text('Visit'), points: 20, repeat: 'each' }],
  },
  thresholds: { letters: { A: 30, B: 20, C: 10 }, numbers: { 1: 50, 2: 25, 3: 10 } },
  labelling: { by: 'score', hot: 40, warm: 30 },
  ...over,
});
const movesTo = async (id: number, stage: string): Promise<number> => {
  const rows = await world.many<{ n: number }>(
    `SELECT count(*)::int AS n FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type = 'lead.stage_changed' AND after->>'stage' = ?`,
    [id, stage],
  );
  return rows[0]?.n ?? 0;
};
const visits = async (id: number, count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await world.did(id, 'visit');
};
const wait = (days: number): Promise<void> => world.moveTo(world.now().getTime() + days * DAY);

/** The company's own rule: what was recycled comes back by itself, once it has gained what the model asks for. */
async function comeBackByThemselves(): Promise<void> {
  const auto = STANDARD_LIFECYCLE.transitions.find((move) => move.to === 'mql')?.auto;
  const draft = {
    ...STANDARD_LIFECYCLE,
    transitions: [
      ...STANDARD_LIFECYCLE.transitions.map((move) => (move.from === 'recycled' && move.to === 'mql' ? { ...move, auto } : move)),
      // A step back by hand, which is not recycling.
      { from: 'mql', to: 'lead', label: text('Back'), requires: [], reasons: [], manual: true },
      {
        from: 'mql',
        to: 'recycled',
        label: text('Gone quiet'),
        requires: [],
        reasons: [],
        manual: true,
        auto: { combinator: 'and' as const, rules: [{ field: 'lead.city', operator: '=', value: 'nowhere' }] },
      },
    ],
  };
  const [graph] = await ok(world.admin.get<{ id: number }[]>('/api/console/lifecycles?range=[0,0]'));
  await ok(world.admin.put(`/api/console/lifecycles/${graph?.id ?? 0}`, { draft }));
  await ok(world.admin.post(`/api/console/lifecycles/${graph?.id ?? 0}/publish`, { note: 'test' }));
}

describe('crossing the threshold', () => {
  const cyclesOf = async (id: number): Promise<number[]> =>
    (
      await world.many<{ cycle: number }>(
        `SELECT (data->>'cycle')::int AS cycle FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type = 'lead.cycle_started' ORDER BY id`,
        [id],
      )
    ).map(({ cycle }) => cycle);
  const mqlCycles = async (id: number): Promise<number[]> =>
    (
      await world.many<{ cycle: number }>(
        `SELECT (data->>'cycle')::int AS cycle FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type = 'lead.stage_changed' AND after->>'stage' = 'mql' ORDER BY id`,
        [id],
      )
    ).map(({ cycle }) => cycle);
  const mqlsEntered = async (): Promise<number> => {
    const funnel = await ok(
      world.admin.get<{ stages: { key: string; entered: number }[] }>(
        `/api/console/reports/funnel?from=${new Date(START).toISOString()}&to=${world.now().toISOString()}`,
      ),
    );
    return funnel.stages.find(({ key }) => key === 'mql')?.entered ?? 0;
  };

  beforeAll(comeBackByThemselves);

  test('makes a lead an MQL once per cycle: cooling down undoes nothing, warming up again repeats nothing', async () => {
    await world.publish(model, body());
    const id = await world.lead({ title: 'CEO' });
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 30, label: 'warm', stage: 'mql', cycle: 1 });
    await wait(30);
    expect(await world.view(id)).toMatchObject({ label: 'cold', stage: 'mql' });
    await visits(id, 2);
    expect(await world.view(id)).toMatchObject({ label: 'hot', stage: 'mql' });
    expect(await movesTo(id, 'mql')).toBe(1);
  });

  test('taken back to the first stage it is in the same cycle: the rule does not make it an MQL again, and says so once', async () => {
    const id = await world.lead({ title: 'CEO' });
    await visits(id, 1);
    await world.stage(id, 'lead');
    await visits(id, 2);
    expect(await world.view(id)).toMatchObject({ label: 'hot', stage: 'lead', cycle: 1 });
    expect(await movesTo(id, 'mql')).toBe(1);
    const told = await world.many<{ data: unknown }>(`SELECT data FROM crm_events WHERE subject_id = ? AND type = 'lead.stage_repeated'`, [
      id,
    ]);
    expect(told).toEqual([{ data: { from: 'lead', to: 'mql', cycle: 1 } }]);
    await wait(1 / 1440);
    const entered = await mqlsEntered();
    await world.stage(id, 'mql');
    await wait(1 / 1440);
    expect(await movesTo(id, 'mql')).toBe(2);
    expect(await mqlsEntered()).toBe(entered);
  });

  test.each<[string, GradingModelInput['recycle'], number, { readonly still: number; readonly enough: number }]>([
    ['reset to zero', { mode: 'reset' }, 20, { still: 0, enough: 1 }],
    ['kept, and a delta asked for', { mode: 'delta', points: 15 }, 30, { still: 1, enough: 1 }],
    ['kept, and a relative rise asked for', { mode: 'relative', percent: 50 }, 30, { still: 1, enough: 1 }],
  ])('recycled, its score %s, it becomes one again in cycle 2, and once', async (_name, recycle, left, { still, enough }) => {
    await world.publish(model, body({ recycle }));
    const id = await world.lead({ title: 'CEO' });
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 30, stage: 'mql', cycle: 1 });
    await wait(1 / 1440);
    const entered = await mqlsEntered();
    await world.stage(id, 'recycled', 'not_now');
    expect(await world.view(id)).toMatchObject({ score: left, label: 'cold', stage: 'recycled', cycle: 2 });
    expect(await cyclesOf(id)).toEqual([2]);
    await wait(1 / 1440);
    await visits(id, still);
    expect(await movesTo(id, 'mql')).toBe(1);
    await visits(id, enough);
    expect(await world.view(id)).toMatchObject({ stage: 'mql', cycle: 2 });
    expect(await mqlCycles(id)).toEqual([1, 2]);
    await wait(60);
    await visits(id, 3);
    expect(await mqlCycles(id)).toEqual([1, 2]);
    expect(await mqlsEntered()).toBe(entered + 1);
    const list = await ok(world.admin.get<{ id: number }[]>(`/api/console/leads?filter=${encodeURIComponent('{"cycle":2}')}&range=[0,99]`));
    expect(list.map((lead) => lead.id)).toContain(id);
    const where = { combinator: 'and', rules: [{ field: 'lead.cycle', operator: '>', value: 1 }] };
    const asked = await ok(
      world.admin.get<{ id: number }[]>(`/api/console/leads?filter=${encodeURIComponent(JSON.stringify({ where }))}&range=[0,99]`),
    );
    expect(asked.map((lead) => lead.id)).toContain(id);
  });

  test('recycled by a rule of the graph, the lead has the grade that goes with it in the same change', async () => {
    await world.publish(model, body({ recycle: { mode: 'reset' } }));
    const id = await world.lead({ title: 'CEO' });
    await visits(id, 2);
    expect(await world.view(id)).toMatchObject({ score: 40, label: 'hot', stage: 'mql' });
    await ok(world.admin.put(`/api/console/leads/${id}`, { city: 'nowhere' }));
    expect(await world.view(id)).toMatchObject({ score: 20, label: 'cold', stage: 'recycled', cycle: 2 });
  });

  test('a recycling taken back is the old cycle again, with the points it had', async () => {
    await world.publish(model, body({ recycle: { mode: 'reset' } }));
    const id = await world.lead({ title: 'CEO' });
    await visits(id, 2);
    const moved = await world.admin.post(`/api/console/leads/${id}/stage`, { to: 'recycled' });
    expect(await world.view(id)).toMatchObject({ score: 20, stage: 'recycled', cycle: 2 });
    await ok(world.admin.post('/api/console/leads/undo', { request: moved.headers.get('x-request-id') ?? '' }));
    expect(await world.view(id)).toMatchObject({ score: 40, label: 'hot', stage: 'mql', cycle: 1 });
    await world.stage(id, 'recycled', 'not_now');
    expect(await world.view(id)).toMatchObject({ cycle: 2 });
  });
});

describe('recycling', () => {
  /** Recycles a lead at a score of 40 under a model, and says what it holds afterwards. */
  async function recycled(recycle: GradingModelInput['recycle']): Promise<number> {
    await world.publish(model, body({ recycle }));
    const id = await world.lead({ title: 'CEO' });
    await visits(id, 2);
    expect(await world.view(id)).toMatchObject({ score: 40, label: 'hot' });
    await wait(1 / 86_400);
    await world.stage(id, 'recycled', 'not_now');
    return id;
  }

  test('keep: the points stay what they are', async () => {
    expect(await world.view(await recycled({ mode: 'keep' }))).toMatchObject({ score: 40, label: 'hot' });
  });

  test('reset to zero: what it did before is history and kept, and counts no more', async () => {
    const id = await recycled({ mode: 'reset' });
    expect(await world.view(id)).toMatchObject({ score: 20, label: 'cold' });
    await wait(1 / 24);
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 30, label: 'warm' });
    const [{ n } = { n: 0 }] = await world.many<{ n: number }>('SELECT count(*)::int AS n FROM crm_engagements WHERE lead_id = ?', [id]);
    expect(n).toBe(3);
  });

  test('reset to zero: its score before is told as it was then, with what it had done', async () => {
    const id = await recycled({ mode: 'reset' });
    await wait(1);
    const at = (ms: number) =>
      ok(
        world.admin.post<ScoreExplanation>(`/api/console/leads/${id}/score-at`, { at: new Date(world.now().getTime() - ms).toISOString() }),
      );
    expect(await at(0)).toMatchObject({ engagement: 0, score: 20, label: 'cold' });
    const [moment] = await world.many<{ at: Date }>(
      `SELECT at FROM crm_events WHERE subject_id = ? AND type = 'lead.stage_changed' AND after->>'stage' = 'recycled'`,
      [id],
    );
    const before = world.now().getTime() - (moment?.at.getTime() ?? 0) + 1;
    expect(await at(before)).toMatchObject({ engagement: 40, score: 40, label: 'hot' });
  });

  test('keep and require a delta: cold until it is so many points above what it was', async () => {
    const id = await recycled({ mode: 'delta', points: 15 });
    expect(await world.view(id)).toMatchObject({ score: 40, label: 'cold' });
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 50, label: 'cold' });
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 60, label: 'hot' });
  });

  test('relative: cold until it is so many per cent above what it was', async () => {
    const id = await recycled({ mode: 'relative', percent: 50 });
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 50, label: 'cold' });
    await visits(id, 1);
    expect(await world.view(id)).toMatchObject({ score: 60, label: 'hot' });
  });
});

describe('two leads that are one', () => {
  test('have the points of what both did, once where a rule says once or one thing was told twice; apart again each has its own', async () => {
    const rules = [
      { key: 'visit', kind: 'visit', label: text('Visit'), points: 20, repeat: 'each' as const },
      { key: 'form', kind: 'form', label: text('Form'), points: 10, repeat: 'once' as const },
    ];
    await world.publish(model, body({ engagement: { decay: { type: 'none' }, rules } }));
    const [kept, other] = [await world.lead({ title: 'CEO' }), await world.lead({ title: 'CEO' })];
    for (const id of [kept, other]) {
      await world.did(id, 'form');
      await world.did(id, 'visit', { asset: '/pricing', source: 'site' });
    }
    await wait(1);
    await world.did(other, 'visit', { asset: '/pricing', source: 'site' });
    const engagements = (): Promise<unknown[]> =>
      world.many('SELECT engagement FROM crm_leads WHERE id IN (?, ?) ORDER BY id', [kept, other]);
    expect(await engagements()).toEqual([{ engagement: 30 }, { engagement: 50 }]);
    await ok(world.admin.post(`/api/console/leads/${kept}/merge`, { losers: [other] }));
    // 10 once, 20 told of both, 20 of the day after.
    expect(await world.many('SELECT engagement FROM crm_leads WHERE id = ?', [kept])).toEqual([{ engagement: 50 }]);
    await ok(world.admin.post(`/api/console/leads/${other}/unmerge`, {}));
    expect(await engagements()).toEqual([{ engagement: 30 }, { engagement: 50 }]);
  });
});

describe('a change of the model', () => {
  const eventsOf = async (id: number): Promise<string[]> =>
    (
      await world.many<{ type: string }>(
        `SELECT type FROM crm_events WHERE subject = 'lead' AND subject_id = ? AND type IN ('lead.graded', 'lead.stage_changed') ORDER BY id`,
        [id],
      )
    ).map(({ type }) => type);

  test('shows beforehand how many leads it would move, and fires no action unless it is asked to', async () => {
    await world.publish(model, body());
    const id = await world.lead({ title: 'CEO' });
    expect(await world.view(id)).toMatchObject({ label: 'cold', stage: 'lead' });
    const before = await eventsOf(id);
    const easier = body({ labelling: { by: 'score', hot: 20, warm: 10 } });
    await ok(world.admin.put(`/api/console/grading-models/${model}`, { draft: easier }));
    const preview = await ok(world.admin.post<GradingPreview>(`/api/console/grading-models/${model}/preview`, {}));
    expect(preview.moves['cold>hot']).toBeGreaterThanOrEqual(1);
    const moved = Object.values(preview.moves).reduce((sum, leads) => sum + leads, 0);
    expect(preview.actions).toEqual({ kind: 'silent', leads: moved });
    await ok(world.admin.put(`/api/console/grading-models/${model}`, { draft: { ...easier, regrade: 'announce' } }));
    const loud = await ok(world.admin.post<GradingPreview>(`/api/console/grading-models/${model}/preview`, {}));
    expect(loud.actions).toEqual({ kind: 'announce', leads: moved });
    await ok(world.admin.put(`/api/console/grading-models/${model}`, { draft: { ...easier, mode: 'shadow' } }));
    const beside = await ok(world.admin.post<GradingPreview>(`/api/console/grading-models/${model}/preview`, {}));
    expect(beside.actions.kind).toBe('none');
    expect(preview.movers.map((mover) => mover.id)).toContain(id);
    await world.publish(model, easier);
    await world.until('the re-grade', async () => (await world.view(id)).label === 'hot');
    expect((await world.view(id)).stage).toBe('lead');
    expect(await eventsOf(id)).toEqual(before);
    const told = await world.many<{ data: { changed: number } }>(
      `SELECT data FROM crm_events WHERE subject = 'policy' AND subject_id = ? AND type = 'grading.regraded' ORDER BY id DESC LIMIT 1`,
      [model],
    );
    expect(told[0]?.data.changed).toBeGreaterThanOrEqual(1);
  });

  test('asked to announce, each lead it moves goes through the door as if it had just changed', async () => {
    await world.publish(model, body({ labelling: { by: 'score', hot: 90, warm: 80 } }));
    const id = await world.lead({ title: 'CEO' });
    const before = await eventsOf(id);
    await world.publish(model, body({ labelling: { by: 'score', hot: 20, warm: 10 }, regrade: 'announce' }));
    await world.until('the announcement', async () => (await world.view(id)).stage === 'mql');
    expect((await eventsOf(id)).slice(before.length)).toEqual(['lead.graded', 'lead.stage_changed']);
  });
});
