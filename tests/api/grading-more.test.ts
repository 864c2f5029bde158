import type {
  BacktestResult,
  CheckupResult,
  CompareResult,
  GradingModelInput,
  ProductScore,
  ScoreExplanation,
  ScoreMoment,
  SuggestResult,
} from '../../plugins/lead-grading';
import { openInProcess, type InProcess } from '../support/in-process';
import { api, startServer, type Api, type TestServer } from '../support/server';

jest.setTimeout(300_000);

let server: TestServer;
let inside: InProcess;
let admin: Api;
let now = Date.UTC(2026, 2, 2, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const text = (en: string): { zh: string; en: string } => ({ zh: `${en}（中）`, en });

const moveTo = async (ms: number): Promise<void> => {
  now = ms;
  expect((await admin.put('/api/console/clock', { now: new Date(ms).toISOString() })).status).toBe(200);
};
const ok = async <T>(answer: Promise<{ status: number; body: T }>): Promise<T> => {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
};
const many = async <Row>(sql: string, bindings: readonly (string | number)[] = []): Promise<Row[]> =>
  (await server.database.knex.raw<{ rows: Row[] }>(sql, [...bindings])).rows;
async function until(check: () => Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const failed = await many(`SELECT kind, error FROM crm_jobs WHERE error IS NOT NULL`);
  throw new Error(`Waited in vain for ${what}. ${JSON.stringify(failed)}`);
}
const idle = (kind: string): Promise<void> =>
  until(async () => {
    const rows = await many<{ n: number }>(`SELECT count(*)::int AS n FROM crm_jobs WHERE kind = ? AND state IN ('queued', 'running')`, [
      kind,
    ]);
    return rows[0]?.n === 0;
  }, kind);

interface Lead {
  readonly id: number;
  readonly score: number | null;
  readonly grade: string | null;
  readonly label: string | null;
  readonly stage: string;
  readonly stars: number | null;
  readonly flames: number | null;
}
const leadOf = (id: number): Promise<Lead> => ok(admin.get<Lead>(`/api/console/leads/${id}`));
let serial = 0;
async function newLead(values: Record<string, unknown> = {}): Promise<number> {
  serial += 1;
  const body = { name: `Lead ${serial}`, email: `lead${serial}@firm${serial}.example`, ...values };
  return (await ok(admin.post<{ id: number }>('/api/console/leads', body))).id;
}
/** What a tracker will tell: the product has no route for it yet, so the door is used in this process, on the same database. */
async function did(email: string, kind: string, more: Record<string, unknown> = {}): Promise<void> {
  const [lead] = await many<{ id: number }>('SELECT id FROM crm_leads WHERE email = ?', [email]);
  inside.core.policies.invalidate();
  await inside.leads.apply({
    changes: [{ op: 'engagement', id: lead?.id ?? 0, engagement: { kind, ...more, occurredAt: new Date(now) } }],
    actor: inside.core.kit.actors.system('tracker'),
    cause: { type: 'tracker' },
    now: new Date(now),
  });
}

const base: GradingModelInput = {
  fit: {
    rules: [
      {
        type: 'condition',
        key: 'boss',
        label: text('Boss'),
        points: 60,
        when: { combinator: 'and', rules: [{ field: 'lead.title', operator: '=', value: 'CEO' }] },
      },
      { type: 'bands', key: 'size', label: text('Size'), field: 'lead.employees', bands: [{ from: 1, points: 20 }] },
    ],
  },
  engagement: { rules: [{ key: 'visit', kind: 'visit', label: text('Visit'), points: 20, repeat: 'each' }] },
  thresholds: { letters: { A: 70, B: 45, C: 20 }, numbers: { 1: 50, 2: 25, 3: 10 } },
  labelling: { by: 'score', hot: 40, warm: 20 },
};

let modelId = 0;
async function publish(id: number, draft: GradingModelInput): Promise<void> {
  await ok(admin.put(`/api/console/grading-models/${id}`, { draft }));
  await ok(admin.post(`/api/console/grading-models/${id}/publish`, { note: 'test' }));
  await idle('grading.regrade');
}
const create = async (key: string, draft: GradingModelInput, more: { position?: number } = {}): Promise<number> =>
  (await ok(admin.post<{ id: number }>('/api/console/grading-models', { key, name: key, draft, ...more }))).id;

const retire = async (id: number): Promise<void> => {
  await ok(admin.delete(`/api/console/grading-models/${id}`));
  await idle('grading.regrade');
};

async function study<Result>(id: number, verb: string): Promise<{ status: string; result: Result }> {
  const { study: asked } = await ok(admin.post<{ study: number }>(`/api/console/grading-models/${id}/${verb}`, {}));
  await until(
    async () => !['queued', 'running'].includes((await ok(admin.get<{ status: string }>(`/api/console/grading-studies/${asked}`))).status),
    verb,
  );
  return ok(admin.get(`/api/console/grading-studies/${asked}`));
}

beforeAll(async () => {
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account?.identifier ?? '', account?.password ?? '');
  await moveTo(now);
  inside = await openInProcess(server.database);
  modelId = await create('first', base);
  await publish(modelId, base);
}, 180_000);
afterAll(async () => {
  await inside?.close();
  await server?.close();
}, 60_000);

const emailOf = async (id: number): Promise<string> => (await ok(admin.get<{ email: string }>(`/api/console/leads/${id}`))).email;

test('the score of any past moment is told with the reasons it had then', async () => {
  const id = await newLead({ title: 'CEO' });
  const email = await emailOf(id);
  const began = now;
  await moveTo(now + DAY);
  await did(email, 'visit', { asset: '/pricing' });
  await moveTo(now + DAY);
  await ok(admin.put(`/api/console/leads/${id}`, { title: 'Clerk' }));
  await moveTo(now + DAY);
  expect(await leadOf(id)).toMatchObject({ score: 10 });
  const moments = await ok(admin.get<ScoreMoment[]>(`/api/console/leads/${id}/score-history`));
  expect(moments.map((moment) => moment.score)).toEqual([10, 40, 30]);
  const at = (ms: number): Promise<ScoreExplanation> =>
    ok(admin.post<ScoreExplanation>(`/api/console/leads/${id}/score-at`, { at: new Date(ms).toISOString() }));
  expect(await at(began + HOUR)).toMatchObject({ score: 30, fit: 60, engagement: 0, label: 'warm' });
  const between = await at(began + DAY + HOUR);
  expect(between).toMatchObject({ score: 40, fit: 60, engagement: 20, label: 'hot' });
  expect(between.rules.find((rule) => rule.key === 'boss')?.text.en).toBe('Boss: +60 (Job title = CEO)');
  expect((await at(now)).rules.find((rule) => rule.key === 'boss')?.matched).toBe(false);
});

test('the past asks the account the lead was in then, as that was then', async () => {
  const draft: GradingModelInput = {
    ...base,
    appliesTo: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: 'by-account' }] },
    fit: {
      rules: [
        {
          type: 'condition',
          key: 'trade',
          label: text('Trade'),
          points: 50,
          when: { combinator: 'and', rules: [{ field: 'account.industry', operator: '=', value: 'Steel' }] },
        },
        { type: 'bands', key: 'firm', label: text('Firm'), field: 'account.employees', bands: [{ from: 100, points: 30 }] },
      ],
    },
    weights: { fit: 100, engagement: 0 },
  };
  const model = await create('by-account', draft, { position: -1 });
  await publish(model, draft);
  const firm = await ok(
    admin.post<{ id: number }>('/api/console/accounts', {
      name: 'Past Steel',
      website: 'https://past-steel.com',
      industry: 'Steel',
      employees: 500,
    }),
  );
  const other = await ok(admin.post<{ id: number }>('/api/console/accounts', { name: 'Past Cloth', industry: 'Cloth', employees: 900 }));
  await moveTo(now + HOUR);
  const id = await newLead({ campaign: 'by-account', email: 'one@past-steel.com' });
  const began = now;
  expect((await leadOf(id)).score).toBe(80);
  const edit = async (account: number, values: Record<string, unknown>): Promise<void> => {
    const { version } = await ok(admin.get<{ version: number }>(`/api/console/accounts/${account}`));
    await ok(admin.put(`/api/console/accounts/${account}`, { ...values, version }));
  };
  await moveTo(now + DAY);
  await edit(firm.id, { employees: 50 });
  const shrunk = now;
  await moveTo(now + DAY);
  await edit(firm.id, { industry: 'Paper' });
  const paper = now;
  await moveTo(now + DAY);
  await ok(admin.post(`/api/console/leads/${id}/accept-account`, { account: other.id, instead: firm.id }));
  await moveTo(now + DAY);
  const at = async (ms: number): Promise<number | null> =>
    (await ok(admin.post<ScoreExplanation>(`/api/console/leads/${id}/score-at`, { at: new Date(ms).toISOString() }))).score;
  expect(await Promise.all([began - 1, began + HOUR, shrunk + HOUR, paper + HOUR, now].map(at))).toEqual([0, 80, 50, 0, 30]);
  await retire(model);
});

test('the past is told under the model that was live then, though it was taken out of use since', async () => {
  const appliesTo = { combinator: 'and' as const, rules: [{ field: 'lead.campaign', operator: '=', value: 'old-model' }] };
  const title = { combinator: 'and' as const, rules: [{ field: 'lead.title', operator: '=', value: 'CEO' }] };
  const draft: GradingModelInput = {
    ...base,
    appliesTo,
    fit: { rules: [{ type: 'condition', key: 'boss', label: text('Boss'), points: 90, when: title }] },
    weights: { fit: 100, engagement: 0 },
  };
  const old = await create('old-model', draft, { position: -1 });
  await publish(old, draft);
  await moveTo(now + HOUR);
  const id = await newLead({ title: 'CEO', campaign: 'old-model' });
  const began = now;
  expect((await leadOf(id)).score).toBe(90);
  await moveTo(now + DAY);
  await retire(old);
  await moveTo(now + DAY);
  const at = (ms: number, current = false): Promise<ScoreExplanation> =>
    ok(admin.post<ScoreExplanation>(`/api/console/leads/${id}/score-at`, { at: new Date(ms).toISOString(), current }));
  expect(await at(began + HOUR)).toMatchObject({ score: 90, model: { key: 'old-model' } });
  expect(await at(now)).toMatchObject({ score: 30, model: { key: 'first' } });
  expect(await at(began + HOUR, true)).toMatchObject({ score: 30, model: { key: 'first' } });
});

test('decisions are read with sentences in both languages, though only keys and points are kept', async () => {
  const id = await newLead({ title: 'CEO' });
  const filter = encodeURIComponent(JSON.stringify({ subject: 'lead', subjectId: id, kind: 'grade' }));
  const [decision] = await ok(
    admin.get<{ reasons: { key: string; text: { zh: string; en: string } }[] }[]>(`/api/console/decisions?filter=${filter}`),
  );
  expect(decision?.reasons).toEqual([
    expect.objectContaining({ key: 'boss', text: { zh: 'Boss（中）：+60 分（职位 = CEO）', en: 'Boss: +60 (Job title = CEO)' } }),
  ]);
  const [kept] = await many<{ size: number }>(
    `SELECT length(result::text) + length(inputs::text) AS size FROM crm_decisions WHERE subject_id = ? AND kind = 'grade'`,
    [id],
  );
  expect(kept?.size).toBeLessThan(400);
});

test('the third visit to the price page is an interesting moment, once, and each product has its own score', async () => {
  await publish(modelId, {
    ...base,
    moments: [{ key: 'price-3', label: text('Third visit to the price page'), kind: 'visit', match: '/pric', nth: 3 }],
  });
  const id = await newLead();
  const email = await emailOf(id);
  for (const [asset, product] of [
    ['/pricing', 'crm'],
    ['/home', 'crm'],
    ['/pricing', 'erp'],
    ['/pricing', 'crm'],
    ['/pricing', 'crm'],
  ] as const) {
    await moveTo(now + HOUR);
    await did(email, 'visit', { asset, product });
  }
  const told = await many<{ data: { moment: string; nth: number } }>(
    `SELECT data FROM crm_events WHERE subject_id = ? AND type = 'lead.moment'`,
    [id],
  );
  expect(told.map((event) => event.data)).toEqual([expect.objectContaining({ moment: 'price-3', nth: 3, asset: '/pricing' })]);
  const products = await ok(admin.get<ProductScore[]>(`/api/console/leads/${id}/product-scores`));
  expect(products.map(({ product, score, engagements }) => [product, score, engagements])).toEqual([
    ['crm', 80, 4],
    ['erp', 20, 1],
  ]);
});

test('an account becomes qualified though no single lead of it is hot', async () => {
  const role = (key: string, title: string, needed = false) => ({
    key,
    label: text(key),
    needed,
    when: { combinator: 'and' as const, rules: [{ field: 'lead.title', operator: '=', value: title }] },
  });
  await publish(modelId, {
    ...base,
    account: { strategy: 'sum', qualifiedFrom: 45, breadthPoints: 5, roles: [role('boss', 'CEO', true), role('buyer', 'Buyer')] },
  });
  const account = (await ok(admin.post<{ id: number }>('/api/console/accounts', { name: 'Acme Committee' }))).id;
  const buyer = await newLead({ title: 'Buyer', employees: 50, company: 'Acme Committee' });
  const scored = async () =>
    (
      await ok(
        admin.get<{ grading?: { score: number; qualified: boolean; breadth: number; missing: { en: string }[] } }>(
          `/api/console/accounts/${account}`,
        ),
      )
    ).grading;
  await until(async () => (await scored())?.score === 10, 'the first score');
  expect(await scored()).toMatchObject({ qualified: false, breadth: 1, missing: [{ en: 'boss' }] });
  const boss = await newLead({ title: 'CEO', company: 'Acme Committee' });
  await until(async () => (await scored())?.qualified === true, 'the qualification');
  expect(await scored()).toMatchObject({ score: 45, breadth: 2, missing: [] });
  for (const id of [buyer, boss]) expect((await leadOf(id)).label).not.toBe('hot');
  const events = await many<{ type: string }>(
    `SELECT type FROM crm_events WHERE subject = 'account' AND subject_id = ? AND type = 'account.qualified'`,
    [account],
  );
  expect(events).toHaveLength(1);
});

test('a recycled lead stays cold until it has gained what the model asks for', async () => {
  await publish(modelId, { ...base, recycle: { mode: 'delta', points: 15 } });
  const id = await newLead({ title: 'CEO' });
  const email = await emailOf(id);
  await did(email, 'visit');
  expect(await leadOf(id)).toMatchObject({ score: 40, label: 'hot', stage: 'mql' });
  await inside.leads.apply({
    changes: [{ op: 'stage', id, to: 'recycled', reason: 'not_now' }],
    actor: inside.core.kit.actors.system('test'),
    cause: { type: 'test' },
    now: new Date(now),
  });
  expect(await leadOf(id)).toMatchObject({ score: 40, label: 'cold' });
  await did(email, 'visit');
  expect(await leadOf(id)).toMatchObject({ score: 50, label: 'cold' });
  await did(email, 'visit');
  expect(await leadOf(id)).toMatchObject({ score: 60, label: 'hot' });
});

test('a decay is drawn for whoever may read models, and a wrong number is refused', async () => {
  const curve = await ok(
    admin.post<{ half: number; points: unknown[] }>('/api/console/grading-models/decay-curve', { decay: { type: 'half-life', days: 12 } }),
  );
  expect(curve).toMatchObject({ half: 12, none: null, days: 60, stepped: false });
  expect(curve.points).toHaveLength(61);
  expect((await admin.post('/api/console/grading-models/decay-curve', { decay: { type: 'half-life', days: -1 } })).status).toBe(400);
  expect((await api(server.url).post('/api/console/grading-models/decay-curve', { decay: { type: 'none' } })).status).toBe(401);
});

test('bands by rank are measured over all graded leads', async () => {
  for (let index = 0; index < 40; index += 1)
    await newLead(index < 8 ? { title: 'CEO', employees: 5 } : index < 20 ? { employees: 5 } : {});
  const quantile = { letters: { A: 10, B: 30, C: 90 }, numbers: { 1: 5, 2: 10, 3: 20 } };
  await publish(modelId, { ...base, thresholds: { ...base.thresholds, quantile } });
  const [cuts] = await many<{ cuts: { letters: Record<string, number> }; leads: number }>('SELECT cuts, leads FROM crm_grading_cuts');
  expect(cuts?.leads).toBeGreaterThanOrEqual(40);
  const [shares] = await many<Record<'a' | 'b' | 'all', number>>(
    `SELECT count(*) FILTER (WHERE grade LIKE 'A%')::int AS a, count(*) FILTER (WHERE grade LIKE 'B%')::int AS b, count(*)::int AS all FROM crm_leads`,
  );
  const { a = 0, b = 0, all = 0 } = shares ?? {};
  // Ties stay together, so a band holds at least its share.
  expect(a / all).toBeGreaterThanOrEqual(0.1);
  expect((a + b) / all).toBeGreaterThanOrEqual(0.3);
  expect(a / all).toBeLessThan(0.4);
  expect(cuts?.cuts.letters['A']).toBeGreaterThan(cuts?.cuts.letters['B'] ?? 0);
});

test('stars and flames are placed every hour', async () => {
  const id = await newLead({ title: 'CEO', employees: 5 });
  for (let index = 0; index < 4; index += 1) await did(await emailOf(id), 'visit');
  const quiet = await newLead();
  // The hour was set by the clock of the machine, before the product's was moved.
  await server.database.knex.raw(`UPDATE crm_timers SET due_at = ? WHERE key = 'grading:standing'`, [new Date(now + HOUR)]);
  await moveTo(now + 2 * HOUR);
  await idle('grading.standing');
  await until(async () => (await leadOf(id)).stars !== null, 'stars');
  expect(await leadOf(id)).toMatchObject({ stars: 5, flames: 3 });
  expect(await leadOf(quiet)).toMatchObject({ flames: 0 });
  expect((await leadOf(quiet)).stars).toBeLessThan(4);
});

test('a field written after the first contact is a leak, and a back-test sees the lead as it was before', async () => {
  const ids: number[] = [];
  for (let index = 0; index < 60; index += 1) ids.push(await newLead({ title: 'Clerk' }));
  // Twenty of those that will be won read the paper, and five of those that will be lost; one of them twice.
  for (const id of [...ids.slice(0, 20), ...ids.slice(30, 35), ids[0]!]) await did(await emailOf(id), 'download', { asset: '/paper.pdf' });
  await moveTo(now + HOUR);
  for (const id of ids) await ok(admin.post(`/api/console/leads/${id}/activities`, { kind: 'call', outcome: 'connected' }));
  await moveTo(now + HOUR);
  for (const id of ids.slice(0, 30)) await ok(admin.put(`/api/console/leads/${id}`, { title: 'CEO', city: 'Paris' }));
  await server.database.knex.raw(
    `UPDATE crm_leads SET stage = CASE WHEN id = ANY(?::int[]) THEN 'won' ELSE 'lost' END, stage_entered_at = ? WHERE id = ANY(?::int[])`,
    [ids.slice(0, 30), new Date(now + HOUR), ids],
  );
  await moveTo(now + 2 * HOUR);
  const plain = await study<BacktestResult>(modelId, 'backtest');
  expect(plain.status).toBe('done');
  expect(plain.result.decided).toMatchObject({ won: 30, lost: 30 });
  // Everybody was a clerk when sales met them, so a rule about the title tells nothing.
  expect(plain.result.model?.auc).toBe(0.5);
  expect(plain.result.leaks).toEqual([expect.objectContaining({ field: 'lead.city', reason: 'WRITTEN_AFTER_CONTACT', a: 1 })]);
  const { result } = await study<CheckupResult>(modelId, 'checkup');
  expect(result.rules.map((rule) => rule.key)).toEqual(['boss', 'size', 'visit']);
  // Captured and closed while the newest version was live, three hours from the one to the other; others are open.
  expect(result.versions[0]).toMatchObject({ decided: 60, won: 30, to: null });
  expect(result.versions[0]?.leads).toBeGreaterThanOrEqual(60);
  expect(result.versions[0]?.cycleDays).toBeCloseTo(3 / 24, 3);
  expect(result.versions.slice(1).every((version) => version.to !== null && version.decided === 0)).toBe(true);
  expect(result.feedback.find(({ asset }) => asset === '/paper.pdf')).toEqual({
    kind: 'download',
    asset: '/paper.pdf',
    leads: 25,
    opportunities: 0,
    won: 20,
    lost: 5,
    qualified: 20,
    notQualified: 5,
  });
  const refused = await study<SuggestResult>(modelId, 'suggest');
  expect(refused.status).toBe('done');
  expect(refused.result).toMatchObject({ body: null, aucs: null, decided: { won: 30, lost: 30 } });
  expect(refused.result.why?.en).toMatch(/^At least 40 won and 40 lost leads are needed; there are 30 won and 30 lost\./);
  expect(result.feedback.find(({ asset }) => asset === '/pricing')).toMatchObject({ kind: 'visit', leads: 2 });
});

test('a challenger scores silently, is compared, and takes the place of the champion', async () => {
  const before = await many('SELECT id, score, grade, label FROM crm_leads ORDER BY id');
  const silent: GradingModelInput = { ...base, mode: 'shadow', shadowDays: 3, weights: { fit: 100, engagement: 0 } };
  const challenger = await create('challenger', silent);
  await publish(challenger, silent);
  await idle('grading.shadow');
  expect(await many('SELECT id, score, grade, label FROM crm_leads ORDER BY id')).toEqual(before);
  const [shadow] = await many<{ n: number }>('SELECT count(*)::int AS n FROM crm_grading_shadow');
  expect(shadow?.n).toBe(before.length);
  const { result } = await study<CompareResult>(challenger, 'compare');
  expect(result).toMatchObject({ ready: false, days: 0, champion: { name: 'first' } });
  expect(result.labels.reduce((sum, cell) => sum + cell.leads, 0)).toBe(before.length);
  // When its days are over it is compared by itself, once, and whoever published it is asked to decide.
  const asked = async () =>
    (
      await ok(
        admin.get<{ title: { en: string }; link: string }[]>(
          `/api/console/tasks?filter=${encodeURIComponent('{"state":"open","kind":"review"}')}`,
        ),
      )
    ).filter(({ title }) => title.en === 'Decide on the challenger “challenger”');
  await moveTo(now + 2 * DAY);
  expect(await asked()).toEqual([]);
  await moveTo(now + DAY + HOUR);
  const [task] = await asked();
  expect(task?.link).toMatch(new RegExp(`^/setup/grading/${challenger}/lab\\?tab=compare&study=\\d+$`));
  const made = Number(/study=(\d+)$/.exec(task?.link ?? '')?.[1]);
  await until(
    async () => (await ok(admin.get<{ status: string }>(`/api/console/grading-studies/${made}`))).status === 'done',
    'the comparison',
  );
  expect(await ok(admin.get(`/api/console/grading-studies/${made}`))).toMatchObject({ kind: 'compare', result: { days: 3 } });
  await moveTo(now + 10 * DAY);
  expect(await asked()).toHaveLength(1);
  await ok(admin.post(`/api/console/grading-models/${challenger}/promote`, { champion: modelId }));
  await idle('grading.regrade');
  const live = await ok(admin.get<{ published: { mode: string; weights: { fit: number } } }>(`/api/console/grading-models/${modelId}`));
  expect(live.published).toMatchObject({ mode: 'live', weights: { fit: 100 } });
  const refused = await admin.post<{ error: { details: { code: string } } }>(`/api/console/grading-models/${modelId}/promote`, {
    champion: modelId,
  });
  expect(refused.body.error.details.code).toBe('NOT_A_CHALLENGER');
});

test('retiring the last live model takes the grades away', async () => {
  expect((await admin.delete(`/api/console/grading-models/${modelId}`)).status).toBeLessThan(300);
  await idle('grading.regrade');
  await until(
    async () => (await many<{ n: number }>('SELECT count(*)::int AS n FROM crm_leads WHERE grade IS NOT NULL'))[0]?.n === 0,
    'the grades to go',
  );
});
