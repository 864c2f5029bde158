import { insertRow } from '../../plugins/crm-core';
import { GRADING_TEMPLATES } from '../../plugins/lead-grading';
import { api, startServer, type Api, type TestServer } from '../support/server';

let server: TestServer;
let admin: Api;
let modelId: number;
const DAY = 86_400_000;
let now = Date.UTC(2026, 2, 2, 12);

const moveTo = async (ms: number): Promise<void> => {
  now = ms;
  expect((await admin.put('/api/console/clock', { now: new Date(ms).toISOString() })).status).toBe(200);
};

interface Lead {
  readonly id: number;
  readonly fitScore: number | null;
  readonly engagement: number | null;
  readonly score: number | null;
  readonly grade: string | null;
  readonly label: string | null;
}
interface Event {
  readonly type: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly causeType: string;
}

const leadWith = async (email: string): Promise<Lead> => {
  const { body } = await admin.get<Lead[]>(`/api/console/leads?filter=${encodeURIComponent(JSON.stringify({ email }))}`);
  if (!body[0]) throw new Error(`No lead ${email}`);
  return body[0];
};
const gradings = async (id: number): Promise<Event[]> => {
  const filter = encodeURIComponent(JSON.stringify({ subject: 'lead', subjectId: id, type: 'lead.graded' }));
  return (await admin.get<Event[]>(`/api/console/events?filter=${filter}&sort=${encodeURIComponent('["id","ASC"]')}`)).body;
};
const capture = (values: Record<string, unknown>): Promise<{ status: number }> => admin.post('/api/capture/site', values);

beforeAll(async () => {
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account?.identifier ?? '', account?.password ?? '');
  await moveTo(now);
  await insertRow(
    server.database.knex,
    'crm_sources',
    { key: 'site', name: 'Site', adapter: 'auto', defaults: {}, allowed_origins: [], active: true },
    new Date(now),
  );
}, 180_000);
afterAll(() => server?.close());

test('a draft is linted and previewed; published, a job grades the leads that were there before', async () => {
  await admin.post('/api/console/leads', { name: 'Li Lei', title: 'CEO', company: 'Acme', email: 'li@acme-corp.cn', employees: 120 });
  expect(await leadWith('li@acme-corp.cn')).toMatchObject({ grade: null, score: null });
  const [template] = GRADING_TEMPLATES;
  const made = await admin.post<{ id: number }>('/api/console/grading-models', {
    key: 'standard',
    name: 'Standard',
    draft: template?.body,
  });
  modelId = made.body.id;
  expect((await admin.post(`/api/console/grading-models/${modelId}/lint`)).body).toEqual([]);
  expect((await admin.post(`/api/console/grading-models/${modelId}/preview`)).body).toMatchObject({
    total: 1,
    changed: 1,
    draft: { grades: { A4: 1 } },
    moves: { '>warm': 1 },
  });
  expect((await admin.post(`/api/console/grading-models/${modelId}/publish`)).status).toBe(200);
  for (let attempt = 0; attempt < 100 && (await leadWith('li@acme-corp.cn')).grade === null; attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await leadWith('li@acme-corp.cn')).toMatchObject({ fitScore: 85, engagement: 0, score: 43, grade: 'A4', label: 'warm' });
  expect(await gradings((await leadWith('li@acme-corp.cn')).id)).toEqual([]);
});

test('a draft that cannot be right is not published', async () => {
  const draft = { ...GRADING_TEMPLATES[0]?.body, thresholds: { letters: { A: 1, B: 2, C: 3 }, numbers: { 1: 50, 2: 25, 3: 10 } } };
  const made = await admin.post<{ id: number }>('/api/console/grading-models', { key: 'wrong', name: 'Wrong', draft });
  expect(await admin.post(`/api/console/grading-models/${made.body.id}/publish`)).toMatchObject({
    status: 400,
    body: { error: { details: { code: 'POLICY_LINT' } } },
  });
});

test('a captured lead is graded in the same transaction, with a decision and an event', async () => {
  expect((await capture({ name: 'Han Mei', title: '总经理', company: 'Beta', email: 'han@beta-corp.cn' })).status).toBe(202);
  const lead = await leadWith('han@beta-corp.cn');
  expect(lead).toMatchObject({ fitScore: 65, engagement: 30, score: 48, grade: 'B2', label: 'warm' });
  expect(await gradings(lead.id)).toMatchObject([{ before: null, after: { grade: 'B2', label: 'warm', score: 48 } }]);
  const filter = encodeURIComponent(JSON.stringify({ kind: 'grade', subject: 'lead', subjectId: lead.id }));
  const decisions = await admin.get<{ reasons: { key: string }[] }[]>(`/api/console/decisions?filter=${filter}`);
  expect(decisions.body.map((decision) => decision.reasons.map((rule) => rule.key))).toEqual([
    ['decision-maker', 'title-known', 'company-known', 'email', 'form'],
  ]);
});

test('an edit that a rule reads grades again', async () => {
  const { id } = await leadWith('han@beta-corp.cn');
  await admin.put(`/api/console/leads/${id}`, { employees: 150 });
  expect(await leadWith('han@beta-corp.cn')).toMatchObject({ fitScore: 85, score: 58, grade: 'A2', label: 'hot' });
  expect((await gradings(id)).at(-1)).toMatchObject({
    before: { grade: 'B2', label: 'warm' },
    after: { grade: 'A2', label: 'hot' },
    causeType: 'edit',
  });
});

test('time alone lets the grade fall at its moment, and the explanation says what was lost and what would help', async () => {
  const { id } = await leadWith('han@beta-corp.cn');
  // 30 points; 2 is left below 22, so when 21.5 are left: 14.4 days.
  await moveTo(now + 14 * DAY);
  expect((await leadWith('han@beta-corp.cn')).grade).toBe('A2');
  await moveTo(now + DAY);
  expect(await leadWith('han@beta-corp.cn')).toMatchObject({ engagement: 21, grade: 'A3', label: 'warm' });
  expect((await gradings(id)).at(-1)).toMatchObject({ after: { grade: 'A3' }, causeType: 'timer' });
  await moveTo(now + 15 * DAY);
  const { body } = await admin.get<{ next: { key: string }[]; rules: { key: string }[] }>(`/api/console/leads/${id}/explain/score`);
  expect(body).toMatchObject({ grade: 'A3', engagement: 15, version: 1, lostToDecay: 15, model: { key: 'standard' } });
  expect(body.rules.find((rule) => rule.key === 'form')).toMatchObject({
    points: 15,
    text: { zh: '提交表单：+15 分（1 次，最近 2026-03-02，原为 30 分）' },
  });
  expect(body.next[0]).toMatchObject({ key: 'form', points: 15, grade: 'A2' });
});
