import { FIRST_RESPONSE_CONTRACT, type ClockExplanation, type ContractInput } from '../../plugins/lead-sla';
import { api, startServer, type Api, type TestServer } from '../support/server';

interface ClockRow {
  readonly id: number;
  readonly lead: number;
  readonly metric: string;
  readonly state: string;
  readonly dueAt: string;
  readonly remainingSeconds: number;
  readonly metricLabel: { readonly zh: string };
}

const NOW = '2026-03-04T01:00:00.000Z'; // Wednesday 09:00 in Shanghai
const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '18:00' }]]));
const CONTRACT: ContractInput = { ...FIRST_RESPONSE_CONTRACT, calendar: 'c', signing: 'none' };

let server: TestServer;
let admin: Api;

async function publish(resource: string, key: string, draft: unknown): Promise<number> {
  const created = await admin.post<{ id: number }>(`/api/console/${resource}`, { key, name: key, draft });
  expect(created.status).toBe(200);
  const published = await admin.post(`/api/console/${resource}/${created.body.id}/publish`, {});
  expect(published.status).toBe(200);
  return created.body.id;
}
const moveTo = async (now: string): Promise<void> => {
  expect((await admin.put('/api/console/clock', { now })).status).toBe(200);
};
const clocksOf = async (lead: number): Promise<ClockRow[]> => {
  const query = new URLSearchParams({ filter: JSON.stringify({ lead }), range: '[0,9]', sort: '["id","DESC"]' });
  return (await admin.get<ClockRow[]>(`/api/console/sla-clocks?${query.toString()}`)).body;
};

beforeAll(async () => {
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account!.identifier, account!.password);
  await moveTo(NOW);
  await publish('calendars', 'c', { key: 'c', tz: 'Asia/Shanghai', week });
  await publish('sla-contracts', 'first-response', CONTRACT);
}, 240_000);
afterAll(() => server?.close());

test('a lead that comes in is on a clock, which the clock resource and the explanation show alike', async () => {
  const { body: lead } = await admin.post<{ id: number }>('/api/console/leads', { name: 'Li Wei', phone: '13800138000' });
  const [clock] = await clocksOf(lead.id);
  expect(clock).toMatchObject({ lead: lead.id, metric: 'speed-to-lead', state: 'running', metricLabel: { zh: '从进入到首次联系' } });
  expect(Date.parse(clock!.dueAt) - Date.parse(NOW)).toBeGreaterThan(4 * 3_600_000 - 1000);
  expect(clock!.remainingSeconds).toBeGreaterThan(4 * 3600 - 60);
  const { status, body: told } = await admin.get<ClockExplanation>(`/api/console/sla-clocks/${clock!.id}/explain`);
  expect(status).toBe(200);
  expect(told.rows.reduce((sum, row) => sum + row.seconds, 0)).toBe(4 * 3600);
  expect(told).toMatchObject({
    metric: 'speed-to-lead',
    calendar: { key: 'c', tz: 'Asia/Shanghai' },
    policy: { key: 'first-response', number: 1 },
  });
  expect(told.text.zh).toContain('截止 2026-03-04 13:00 (Asia/Shanghai)');

  await moveTo('2026-03-04T05:30:00.000Z');
  expect((await clocksOf(lead.id))[0]).toMatchObject({ state: 'breached_open' });
  await admin.post(`/api/console/leads/${lead.id}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 60 });
  expect((await clocksOf(lead.id))[0]).toMatchObject({ state: 'breached_closed' });
});

test('a lead carries its most urgent open clock, in lists and alone', async () => {
  const { body: lead } = await admin.post<{ id: number }>('/api/console/leads', { name: 'Wang Fang', phone: '13900139000' });
  const [clock] = await clocksOf(lead.id);
  const brief = { id: clock!.id, metric: 'speed-to-lead', state: 'running', dueAt: clock!.dueAt };
  expect((await admin.get<{ clock: ClockRow }>(`/api/console/leads/${lead.id}`)).body.clock).toMatchObject(brief);
  const query = new URLSearchParams({ filter: JSON.stringify({ id: [lead.id] }) });
  expect((await admin.get<{ clock: ClockRow }[]>(`/api/console/leads?${query.toString()}`)).body[0]?.clock).toMatchObject(brief);
  await admin.post(`/api/console/leads/${lead.id}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 60 });
  expect((await admin.get<{ clock: unknown }>(`/api/console/leads/${lead.id}`)).body.clock).toBeNull();
});

test('a contract that cannot work is refused with what is wrong', async () => {
  const [first] = CONTRACT.metrics;
  const draft = { ...CONTRACT, calendar: 'nowhere', metrics: [{ ...first!, pause: first!.start }] };
  const { body: created } = await admin.post<{ id: number }>('/api/console/sla-contracts', { key: 'broken', name: 'Broken', draft });
  const refused = await admin.post<{ error: { details: { code: string; findings: { code: string }[] } } }>(
    `/api/console/sla-contracts/${created.id}/publish`,
    {},
  );
  expect(refused.status).toBe(400);
  expect(refused.body.error.details.code).toBe('POLICY_LINT');
  expect(refused.body.error.details.findings.map((finding) => finding.code)).toEqual(
    expect.arrayContaining(['PAUSED_FOREVER', 'CALENDAR_MISSING']),
  );
});

test('a preview says how many leads each metric would measure', async () => {
  const { body: policies } = await admin.get<{ id: number; key: string }[]>('/api/console/sla-contracts');
  const id = policies.find((policy) => policy.key === 'first-response')?.id;
  const { status, body } = await admin.post<{ metrics: { key: string; leads: number }[] }>(`/api/console/sla-contracts/${id}/preview`, {});
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toContain('"speed-to-lead"');
});

test('clocks are read only', async () => {
  const [clock] = (await admin.get<ClockRow[]>('/api/console/sla-clocks')).body;
  expect((await admin.put(`/api/console/sla-clocks/${clock!.id}`, { state: 'met' })).status).toBeGreaterThanOrEqual(400);
  expect((await api(server.url).get(`/api/console/sla-clocks/${clock!.id}/explain`)).status).toBe(401);
});
