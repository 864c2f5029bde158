import { GRADING_TEMPLATES } from '@leadsea/lead-grading';
import { LIFECYCLE_TEMPLATES, STANDARD_LIFECYCLE, type Lifecycle } from '@leadsea/leads';
import { expectStatus, someone, startCompany, until, type Company, type ErrorBody, type VerbAnswer } from '../support/fixtures';

let company: Company;
const move = (id: number, to: string, more: Record<string, unknown> = {}) =>
  company.admin.post<VerbAnswer & ErrorBody>(`/api/console/leads/${id}/stage`, { to, ...more });
const stageEvents = async (id: number) => (await company.events('lead.stage_changed')).filter((event) => event.subject_id === id);
const create = async (values: Record<string, unknown> = someone()): Promise<number> => (await company.capture([values]))[0]!;

beforeAll(async () => {
  company = await startCompany();
}, 300_000);
afterAll(() => company?.server.close());

test('an allowed move changes the stage, dates it and tells before and after', async () => {
  const id = await create();
  const entered = (await company.lead(id))['stage_entered_at'];
  expectStatus(await move(id, 'srl', { note: 'good call' }), 200);
  const lead = await company.lead(id);
  expect(lead['stage']).toBe('srl');
  expect(lead['stage_entered_at']).not.toEqual(entered);
  expect(await stageEvents(id)).toMatchObject([{ before: { stage: 'lead' }, after: { stage: 'srl' }, data: { note: 'good call' } }]);
});

test('a move the graph does not have is refused with those it has, and nothing changes', async () => {
  const id = await create();
  const before = await company.lead(id);
  const answer = await move(id, 'won');
  expect([answer.status, answer.body.error.details.code]).toEqual([400, 'MOVE_NOT_ALLOWED']);
  expect(answer.body.error.details['allowed']).toEqual(expect.arrayContaining(['mql', 'srl', 'recycled', 'disqualified']));
  expect((await move(id, 'no-such-stage')).status).toBe(400);
  expect(await company.lead(id)).toEqual(before);
  expect(await stageEvents(id)).toEqual([]);
});

test('a move that asks for a reason takes one of its list and keeps it', async () => {
  const id = await create();
  for (const reason of [undefined, null, 'because']) {
    const answer = await move(id, 'disqualified', { reason });
    expect([answer.status, answer.body.error.details.code]).toEqual([400, 'REASON_REQUIRED']);
  }
  expectStatus(await company.admin.post(`/api/console/leads/${id}/disqualify`, { reason: 'no_budget' }), 200);
  expect(await company.lead(id)).toMatchObject({ stage: 'disqualified', disposition: 'no_budget' });
  expect((await stageEvents(id))[0]?.data).toMatchObject({ reason: 'no_budget' });
});

test('in bulk each lead has its own answer', async () => {
  const [fresh, won] = [await create(), await create()];
  for (const to of ['srl', 'sql', 'opportunity', 'won']) expectStatus(await move(won, to), 200);
  const { results } = expectStatus(await company.admin.post<VerbAnswer>('/api/console/leads/stage', { ids: [fresh, won], to: 'srl' }), 200);
  expect(results.map(({ id, ok, code }) => [id, ok, code])).toEqual([
    [fresh, true, undefined],
    [won, false, 'MOVE_NOT_ALLOWED'],
  ]);
  expect((await company.lead(won))['stage']).toBe('won');
});

test('the same move twice is one move', async () => {
  const id = await create();
  expectStatus(await move(id, 'srl'), 200);
  await move(id, 'srl');
  expect(await stageEvents(id)).toHaveLength(1);
});

test('of two different moves at the same moment only those the graph allows one after the other take place', async () => {
  const ids = await company.capture(Array.from({ length: 12 }, () => someone()));
  const standard = new Set(STANDARD_LIFECYCLE.transitions.map(({ from, to }) => `${from}>${to}`));
  await Promise.all(ids.flatMap((id) => [move(id, 'srl'), move(id, 'disqualified', { reason: 'spam' })]));
  for (const id of ids) {
    for (const event of await stageEvents(id)) {
      const [from, to] = [String(event.before?.['stage']), String(event.after?.['stage'])];
      expect([`${from}>${to}`, `*>${to}`].some((key) => standard.has(key))).toBe(true);
    }
  }
});

describe('a graph of one’s own', () => {
  let initial: string;
  beforeAll(async () => {
    const field = { entity: 'lead', key: 'budget', type: 'text', label: { zh: '预算', en: 'Budget' }, section: 'main', position: 0 };
    expectStatus(await company.admin.post('/api/console/fields', field), 200);
    const graph = structuredClone(STANDARD_LIFECYCLE);
    const qualify = graph.transitions.find(({ from, to }) => from === 'srl' && to === 'sql')!;
    qualify.requires = ['title', 'annualRevenue', 'custom.budget'];
    const list = expectStatus(await company.admin.get<{ id: number; key: string }[]>('/api/console/lifecycles'), 200);
    expectStatus(await company.admin.put(`/api/console/lifecycles/${list[0]!.id}`, { draft: graph }), 200);
    expectStatus(await company.admin.post(`/api/console/lifecycles/${list[0]!.id}/publish`), 200);
    initial = graph.initial;
  });

  test('a move asks for the fields it requires, own and custom ones, and is made once they are filled', async () => {
    expect(initial).toBe('lead');
    const id = await create({ name: 'Needs more', email: 'needs@more.example' });
    expectStatus(await move(id, 'srl'), 200);
    const refused = await until('the new graph is live', async () => {
      const answer = await move(id, 'sql');
      return answer.status === 400 ? answer : null;
    });
    expect(refused.body.error.details).toMatchObject({ code: 'FIELDS_REQUIRED', fields: ['title', 'annualRevenue', 'custom.budget'] });
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { title: 'CEO', annualRevenue: 1_000_000 }), 200);
    expect((await move(id, 'sql')).body.error.details['fields']).toEqual(['custom.budget']);
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { custom: { budget: 'large' } }), 200);
    expectStatus(await move(id, 'sql'), 200);
  });

  test('a reason that is no longer offered keeps its name for what happened, and its newest one', async () => {
    const [graph] = expectStatus(
      await company.admin.get<{ id: number; draft: typeof STANDARD_LIFECYCLE }[]>('/api/console/lifecycles'),
      200,
    );
    const withReason = (label: { zh: string; en: string } | null) => ({
      ...graph!.draft,
      transitions: graph!.draft.transitions.map((one) =>
        one.to === 'disqualified' && label ? { ...one, reasons: [...one.reasons, { value: 'moved_town', label }] } : one,
      ),
    });
    const publish = async (draft: unknown): Promise<void> => {
      expectStatus(await company.admin.put(`/api/console/lifecycles/${graph!.id}`, { draft }), 200);
      expectStatus(await company.admin.post(`/api/console/lifecycles/${graph!.id}/publish`), 200);
    };
    const named = async (): Promise<unknown> =>
      expectStatus(await company.admin.get<{ reasonLabels: Record<string, unknown> }>('/api/console/meta'), 200).reasonLabels['moved_town'];
    const moved = { zh: '已搬迁', en: 'Moved town' };
    await publish(withReason({ zh: '搬走了', en: 'Moved' }));
    await until('the reason is named', async () => ((await named()) as { en?: string } | undefined)?.en === 'Moved');
    await publish(withReason(moved));
    await publish(withReason(null));
    await until('its newest name is told', async () => ((await named()) as { en?: string } | undefined)?.en === 'Moved town');
    expect(await named()).toEqual(moved);
    const id = await create();
    expect((await move(id, 'disqualified', { reason: 'moved_town' })).body.error.details.code).toBe('REASON_REQUIRED');
  });

  test('a graph that names a stage it does not have is not published', async () => {
    const graph = structuredClone(STANDARD_LIFECYCLE);
    graph.transitions.push({ from: 'lead', to: 'nowhere', label: { zh: '无', en: 'None' }, requires: [], reasons: [], manual: true });
    const made = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/lifecycles', { key: 'broken', name: 'Broken', draft: graph }),
      200,
    );
    const answer = await company.admin.post<ErrorBody>(`/api/console/lifecycles/${made.id}/publish`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).toContain('STAGE_UNKNOWN');
  });
});

describe('with a grading model', () => {
  beforeAll(async () => {
    await company.publish('grading-models', 'standard', GRADING_TEMPLATES[0]!.body);
  });
  const hot = (): Record<string, unknown> =>
    someone({
      title: 'CEO',
      employees: 900,
      industry: 'Manufacturing',
      country: 'DE',
      phone: `+4915${Math.floor(1e8 + Math.random() * 8e8)}`,
      annualRevenue: 50_000_000,
    });

  test('a lead that turns warm or hot becomes an MQL by itself, with an automatic event of the policy that did it; a cold one does not', async () => {
    await until('the model is live', async () => (await company.lead(await create(hot())))['grade'] !== null);
    const [warm, cold] = [await create(hot()), await create({ name: 'x', email: 'nobody@gmail.com' })];
    for (let visit = 0; visit < 6; visit += 1)
      await company.capture([{ email: (await company.lead(warm))['email'], id: `again-${visit}` }]);
    const rows = [await company.lead(warm), await company.lead(cold)];
    expect(['warm', 'hot']).toContain(rows[0]!['label']);
    expect([rows[0]!['stage'], rows[1]!['label'], rows[1]!['stage']]).toEqual(['mql', 'cold', 'lead']);
    expect(await stageEvents(warm)).toMatchObject([{ before: { stage: 'lead' }, after: { stage: 'mql' }, data: { automatic: true } }]);
    expect(await stageEvents(cold)).toEqual([]);
  });

  test('an automatic move does not undo what a person decided later', async () => {
    const id = await create(hot());
    expectStatus(await company.admin.post(`/api/console/leads/${id}/disqualify`, { reason: 'competitor' }), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${id}/activities`, { kind: 'call', outcome: 'connected' }), 200);
    expect((await company.lead(id))['stage']).toBe('disqualified');
  });
});

describe('terms of a move', () => {
  const texts = (en: string) => ({ zh: en, en });
  const graph = () => ({
    initial: 'lead',
    stages: [
      { key: 'lead', label: texts('Lead'), type: 'inventory', definition: texts('Just in') },
      { key: 'mql', label: texts('MQL'), type: 'sla', dwell: 3600 },
      { key: 'won', label: texts('Won'), type: 'won' },
      { key: 'disqualified', label: texts('Out'), type: 'lost' },
    ],
    transitions: [
      {
        from: 'lead',
        to: 'mql',
        label: texts('Up'),
        requires: ['industry', 'city'],
        auto: { combinator: 'and', rules: [{ field: 'lead.country', operator: '=', value: 'CN' }] },
        guard: { combinator: 'and', rules: [{ field: 'lead.employees', operator: '>=', value: 10 }] },
      },
      { from: 'mql', to: 'won', label: texts('Won'), roles: ['sales-manager'] },
      { from: '*', to: 'disqualified', label: texts('Out') },
    ],
  });
  const held = async (id: number) => (await company.events('lead.stage_held')).filter((event) => event.subject_id === id);

  beforeAll(async () => {
    const [policy] = expectStatus(await company.admin.get<{ id: number }[]>('/api/console/lifecycles?range=[0,9]'), 200);
    expectStatus(await company.admin.put(`/api/console/lifecycles/${policy?.id}`, { draft: graph() }), 200);
    expectStatus(await company.admin.post(`/api/console/lifecycles/${policy?.id}/publish`, { note: 'terms' }), 200);
  });

  test('the product does not make a move whose values are missing, says once which, and makes it when they are there', async () => {
    const id = await create(someone({ country: 'CN', employees: 50, city: 'Wuxi' }));
    expect((await company.lead(id))['stage']).toBe('lead');
    expect(await held(id)).toMatchObject([{ data: { from: 'lead', to: 'mql', missing: ['industry'] } }]);
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { title: 'Boss' }), 200);
    expect(await held(id)).toHaveLength(1);
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { industry: 'Steel' }), 200);
    expect((await company.lead(id))['stage']).toBe('mql');
  });

  test('a guard holds back the product and people alike', async () => {
    const id = await create(someone({ country: 'CN', employees: 5, city: 'Wuxi', industry: 'Steel' }));
    expect((await company.lead(id))['stage']).toBe('lead');
    const answer = await move(id, 'mql');
    expect([answer.status, answer.body.error.details.code]).toEqual([400, 'GUARD_NOT_MET']);
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { employees: 20 }), 200);
    expect((await company.lead(id))['stage']).toBe('mql');
  });

  test('a move for some roles is refused to others', async () => {
    const id = await create(someone({ country: 'CN', employees: 50, city: 'Wuxi', industry: 'Steel' }));
    const boss = await company.person('head', { roles: ['sales-manager'], team: company.salesTeam });
    const rep = await company.person('worker', { roles: ['sales'], team: company.teams.east });
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [id], owner: rep.id }), 200);
    const refused = await rep.api.post<ErrorBody>(`/api/console/leads/${id}/stage`, { to: 'won' });
    expect([refused.status, refused.body.error.details.code]).toEqual([400, 'MOVE_NOT_YOURS']);
    expectStatus(await boss.api.post(`/api/console/leads/${id}/stage`, { to: 'won' }), 200);
  });

  test('what is wrong with a graph is found at its stage or move', async () => {
    const [policy] = expectStatus(await company.admin.get<{ id: number }[]>('/api/console/lifecycles?range=[0,9]'), 200);
    const body = graph();
    body.stages.push({ key: 'island', label: texts('Island'), type: 'inventory' });
    body.transitions.push({ from: 'mql', to: 'nowhere', label: texts('Lost') });
    expectStatus(await company.admin.put(`/api/console/lifecycles/${policy?.id}`, { draft: body }), 200);
    const findings = expectStatus(
      await company.admin.post<{ code: string; path: string }[]>(`/api/console/lifecycles/${policy?.id}/lint`),
      200,
    );
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['STAGE_UNKNOWN', 'transitions[3]'],
      ['STAGE_UNREACHABLE', 'stages[4]'],
    ]);
  });
});

describe.each(LIFECYCLE_TEMPLATES.map(({ key, body }) => [key, body] as const))('the template %s', (key, body) => {
  /** Moves that lead from the first stage to a win, found by looking at the graph alone. */
  const wayToWin = (): Lifecycle['transitions'] => {
    const won = new Set(body.stages.filter(({ type }) => type === 'won').map((stage) => stage.key));
    const ways = new Map<string, Lifecycle['transitions']>([[body.initial, []]]);
    for (const [at, way] of ways)
      for (const step of body.transitions) if (step.from === at && !ways.has(step.to)) ways.set(step.to, [...way, step]);
    return [...ways].find(([at]) => won.has(at))?.[1] ?? [];
  };

  test('has no findings, is published as it is, and says in both languages what each working stage means', async () => {
    const [policy] = expectStatus(await company.admin.get<{ id: number }[]>('/api/console/lifecycles?range=[0,9]'), 200);
    expectStatus(await company.admin.put(`/api/console/lifecycles/${policy?.id}`, { draft: body }), 200);
    expect(expectStatus(await company.admin.post(`/api/console/lifecycles/${policy?.id}/lint`), 200)).toEqual([]);
    const { version } = expectStatus(
      await company.admin.post<{ version: number }>(`/api/console/lifecycles/${policy?.id}/publish`, { note: key }),
      200,
    );
    const meta = expectStatus(
      await company.admin.get<{ stages: { key: string }[]; definitions: { version: number } }>('/api/console/meta'),
      200,
    );
    expect(meta.stages.map((stage) => stage.key)).toEqual(body.stages.map((stage) => stage.key));
    expect(meta.definitions.version).toBe(version);
    for (const { type, definition } of body.stages)
      if (type === 'gate' || type === 'sla') expect([definition?.zh, definition?.en].every(Boolean)).toBe(true);
  });

  test('takes a new lead from the first stage to a win by its own moves', async () => {
    const way = wayToWin();
    expect(way.length).toBeGreaterThan(1);
    const id = await create(
      someone({ title: 'Head', phone: '+8613800138000', country: 'CN', city: 'Wuxi', industry: 'Steel', employees: 50 }),
    );
    // What came in may have been moved on by its grade at once.
    const begins = [body.initial, ...body.transitions.flatMap(({ from, to, auto }) => (from === body.initial && auto ? [to] : []))];
    expect(begins).toContain((await company.lead(id))['stage']);
    // In some models a lead without an owner goes back by itself.
    const owner = await company.person(`closer-${key}`, { roles: ['sales'], team: company.teams.east });
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [id], owner: owner.id }), 200);
    for (const { to, reasons } of way) {
      if ((await company.lead(id))['stage'] === to) continue;
      expectStatus(await move(id, to, reasons?.[0] ? { reason: reasons[0].value } : {}), 200);
      expect((await company.lead(id))['stage']).toBe(to);
    }
    expect(body.stages.find((stage) => stage.key === way.at(-1)?.to)?.type).toBe('won');
  });
});
