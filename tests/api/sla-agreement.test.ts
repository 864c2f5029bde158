import { TWO_SIDES_CONTRACT } from '../../plugins/lead-sla';
import { expectStatus, someone, startCompany, until, type Company, type Person } from '../support/fixtures';
import { startSmtp, type SmtpServer } from '../support/smtp';

const WEEK = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '18:00' }]]));
const NOW = '2026-03-04T01:00:00.000Z'; // Wednesday 09:00 in Shanghai

let company: Company;
let smtp: SmtpServer;
let rep: Person;
let market: Person;
let head: Person;
let contract: number;
let calendar: number;

beforeAll(async () => {
  smtp = await startSmtp();
  company = await startCompany({
    env: { LEADSEA_SMTP_URL: smtp.url, LEADSEA_MAIL_FROM: 'Leadsea <crm@firm.example>', LEADSEA_URL: 'https://crm.firm.example' },
  });
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
  market = await company.person('market', { roles: ['marketing'], team: company.teams.east });
  head = await company.person('head', { roles: ['sales-manager'], team: company.teams.east });
  await company.moveClock(NOW);
  calendar = await company.publish('calendars', 'cal', { key: 'cal', tz: 'Asia/Shanghai', week: WEEK });
  contract = await company.publish('sla-contracts', 'both', { ...TWO_SIDES_CONTRACT, calendar: 'cal' });
}, 300_000);
afterAll(async () => {
  await company?.server.close();
  await smtp?.close();
});

const signAs = async (person: Person, side: string): Promise<number> => {
  const { body } = await person.api.get<{ versionId: number; hash: string }[]>(`/api/console/sla-contracts/${contract}/agreement`);
  return (
    await person.api.post(`/api/console/sla-contracts/${contract}/sign`, { versionId: body[0]?.versionId, side, hash: body[0]?.hash })
  ).status;
};

test('those who sign are asked by mail; sales people read the contract and cannot sign it', async () => {
  const mail = await until('the mail is here', async () => smtp.received.find((one) => one.to.includes(head.email)));
  expect(mail.subject).toContain('Please sign');
  expect(mail.text).toContain(`/console/sla/contracts/${contract}`);
  const document = await rep.api.get<{ en: string; hash: string }>(`/api/console/sla-contracts/${contract}/document`);
  expect(document.body.en).toContain('# Service level agreement of marketing and sales');
  expect(await signAs(rep, 'sales')).toBe(403);
  expect(await signAs(head, 'marketing')).toBe(403);
  expect(await signAs(market, 'marketing')).toBe(200);
  expect(await signAs(head, 'sales')).toBe(200);
});

test('the contract is a PDF with the fonts of both languages; a draft and an unknown version are none', async () => {
  const pdf = (query: string): Promise<Response> =>
    fetch(`${company.server.url}/api/console/sla/contracts/${contract}/pdf${query}`, {
      headers: { authorization: `Bearer ${rep.api.token ?? ''}` },
    });
  const both = await pdf('');
  expect([both.status, both.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  expect(both.headers.get('content-disposition')).toContain('both-v1-both.pdf');
  const file = Buffer.from(await both.arrayBuffer()).toString('latin1');
  expect(file.startsWith('%PDF-')).toBe(true);
  for (const font of ['ZCOOLXiaoWei', 'Roboto']) expect(file).toContain(font);
  const english = Buffer.from(await (await pdf('?language=en')).arrayBuffer()).toString('latin1');
  const pages = (text: string): number => Number(/\/Type \/Pages\s*\/Count (\d+)/.exec(text)?.[1]);
  expect(pages(english)).toBeLessThan(pages(file));
  expect((await pdf('?version=999999')).status).toBe(404);
  expect((await pdf('?language=fr')).status).toBe(400);
  expect((await fetch(`${company.server.url}/api/console/sla/contracts/${contract}/pdf`)).status).toBe(401);
});

test('a missed deadline reaches the owner by mail; he pauses only his own, and cannot waive', async () => {
  const [lead] = await company.capture([someone()]);
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [lead], to: rep.id, member: rep.id, owner: rep.id }), 200);
  const clocks = await rep.api.get<{ id: number; metric: string; state: string }[]>(
    `/api/console/sla-clocks?filter=${encodeURIComponent(JSON.stringify({ lead }))}`,
  );
  const clock = clocks.body.find((one) => one.metric === 'first-response')!;
  expectStatus(
    await rep.api.post(`/api/console/sla-clocks/${clock.id}/pause`, { reason: 'appointment', until: '2026-03-04T01:10:00.000Z' }),
    200,
  );
  await company.moveClock('2026-03-04T01:50:00.000Z');
  const mail = await until('the mail is here', async () =>
    smtp.received.find((one) => one.to.includes(rep.email) && one.subject.includes('missed its deadline')),
  );
  expect(mail.text).toContain(`/console/leads/${lead}`);
  expect((await rep.api.post(`/api/console/sla-clocks/${clock.id}/waive`, { reason: 'x' })).status).toBe(403);
  const dispute = await rep.api.post<{ id: number }>(`/api/console/sla-clocks/${clock.id}/dispute`, { reason: 'the line was down' });
  expectStatus(dispute, 200);
  expect((await rep.api.post(`/api/console/sla-disputes/${dispute.body.id}/decide`, { accept: true, note: 'x' })).status).toBe(403);
  expectStatus(await head.api.post(`/api/console/sla-disputes/${dispute.body.id}/decide`, { accept: true, note: 'it was' }), 200);
  const query = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&tz=Asia/Shanghai&metric=first-response';
  const card = await head.api.get<{ total: { breached: number; waived: number }; metrics: unknown[] }>(
    `/api/console/sla/scorecard?${query}`,
  );
  expect(card.body).toMatchObject({ total: { breached: 1, waived: 1, met: 0 } });
  const rows = await head.api.get<unknown[]>(
    `/api/console/sla-clocks?filter=${encodeURIComponent(JSON.stringify({ metric: 'first-response', outcomeAt_gte: '2026-03-01T00:00:00Z', state_in: ['waived'], holder: rep.id }))}`,
  );
  expect(rows.body).toHaveLength(1);
  expect((await company.admin.get('/api/console/sla/scorecard')).status).toBe(400);
});

test('a cell of the hours and a reason open exactly the rows they count, of leads the reader may see', async () => {
  const query = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&tz=Asia/Shanghai';
  interface Card {
    readonly hours: readonly { readonly day: number; readonly hour: number; readonly total: number }[];
    readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  }
  const { body: card } = await head.api.get<Card>(`/api/console/sla/scorecard?${query}`);
  expect(card.hours.length).toBeGreaterThan(0);
  for (const { day, hour, total } of card.hours) {
    const { body } = await head.api.get<{ ids: number[]; total: number }>(
      `/api/console/sla/scorecard/rows?${query}&day=${day}&hour=${hour}`,
    );
    expect([body.total, body.ids.length]).toEqual([total, total]);
    const stranger = await market.api.get<{ total: number }>(`/api/console/sla/scorecard/rows?${query}&day=${day}&hour=${hour}`);
    expect(stranger.status === 200 ? stranger.body.total : 0).toBeLessThanOrEqual(total);
  }
  for (const { reason, count } of card.reasons) {
    const filter = { missReason: reason, outcomeAt_gte: '2026-03-01T00:00:00Z', outcomeAt_lt: '2026-04-01T00:00:00Z' };
    const { body } = await head.api.get<unknown[]>(
      `/api/console/sla-clocks?filter=${encodeURIComponent(JSON.stringify(filter))}&range=[0,99]`,
    );
    expect(body).toHaveLength(count);
  }
  expect((await head.api.get(`/api/console/sla/scorecard/rows?${query}&day=8&hour=0`)).status).toBe(400);
});

test('what marketing has delivered opens its leads', async () => {
  const { body: card } = await company.admin.get<{ periods: { contractId: number; key: string; measured: number; kind: string }[] }>(
    '/api/console/sla/scorecard?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z',
  );
  const period = card.periods.find((one) => one.key === 'qualified-leads')!;
  const path = `/api/console/sla/periods/leads?contract=${period.contractId}&key=qualified-leads`;
  const { body } = await company.admin.get<{ ids: number[]; total: number }>(path);
  expect(body.total).toBe(period.measured);
  expect((await company.admin.get(path.replace('qualified-leads', 'nothing'))).status).toBe(404);
});

test('a reminder waits by mail for the end of the recipient’s quiet hours, in the console it is there at once; a miss is urgent', async () => {
  const quiet = { from: '09:00', to: '17:00' };
  expectStatus(await rep.api.put('/api/console/notice-choices', { channels: { 'sla.warn': { mail: true } }, quiet }), 200);
  const [lead] = await company.capture([someone()]);
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [lead], owner: rep.id }), 200);
  const mailOf = async (type: string): Promise<unknown> =>
    company
      .db('crm_deliveries')
      .where({ channel: 'mail', type })
      .whereRaw('items::text LIKE ?', [`%/leads/${lead}"%`])
      .whereRaw('? = ANY(member_ids)', [rep.id])
      .first();
  await company.moveClock('2026-03-04T02:15:00.000Z');
  expect(await company.db('crm_notifications').where({ subject_id: lead, type: 'sla.warn', member_id: rep.id })).toHaveLength(1);
  expect(await mailOf('sla.warn')).toMatchObject({ state: 'held', held: 'quiet', due_at: new Date('2026-03-04T09:00:00Z') });
  await company.moveClock('2026-03-04T02:25:00.000Z');
  expect(await mailOf('sla.breach')).toMatchObject({ held: null });
  expectStatus(await rep.api.put('/api/console/notice-choices', { channels: {}, quiet: null }), 200);
});

test('two versions are compared line by line, and a published one cannot be changed', async () => {
  const { body: before } = await company.admin.get<{ versionId: number }[]>(`/api/console/sla-contracts/${contract}/agreement`);
  const draft = { ...TWO_SIDES_CONTRACT, calendar: 'cal', reviewMonths: 6 };
  expectStatus(await company.admin.put(`/api/console/sla-contracts/${contract}`, { draft }), 200);
  expectStatus(await company.admin.post(`/api/console/sla-contracts/${contract}/publish`, { note: 'longer' }), 200);
  const { body: after } = await company.admin.get<{ versionId: number }[]>(`/api/console/sla-contracts/${contract}/agreement`);
  const [from, to] = [before[0]?.versionId, after[0]?.versionId];
  const compared = expectStatus(
    await rep.api.get<Record<string, readonly { kind: string; text: string }[]>>(
      `/api/console/sla-contracts/${contract}/compare?from=${from}&to=${to}`,
    ),
    200,
  );
  const changed = (compared['en'] ?? []).filter(({ kind }) => kind !== 'same').map(({ kind, text }) => [kind, text]);
  expect(changed).toEqual([
    ['removed', '- Reviewed every 3 months'],
    ['added', '- Reviewed every 6 months'],
  ]);
  for (const id of [to, (await company.db('crm_policies').where({ id: calendar }).first())?.published_version_id])
    await expect(company.db('crm_policy_versions').where({ id }).update({ note: 'x' })).rejects.toThrow(/cannot be changed/);
});

test('a calendar shows its year and what a draft would move; publishing asks what happens to running deadlines', async () => {
  const [lead] = await company.capture([someone()]);
  const draft = { key: 'cal', tz: 'Asia/Shanghai', week: WEEK, exceptions: [{ from: '2026-03-04', kind: 'off' }] };
  const year = await company.admin.post<{ days: { date: string; kind: string }[] }>(`/api/console/calendars/${calendar}/year`, {
    year: 2026,
    draft,
  });
  expect(year.body.days).toHaveLength(365);
  expect(year.body.days.find((day) => day.date === '2026-03-04')).toMatchObject({ kind: 'off' });
  const deadline = await company.admin.post<{ dueAt: string }>(`/api/console/calendars/${calendar}/deadline`, {
    at: '2026-03-04T09:30:00.000Z',
    duration: 'PT1H',
  });
  expect(deadline.body.dueAt).toBe('2026-03-05T01:30:00.000Z');
  expectStatus(await company.admin.put(`/api/console/calendars/${calendar}`, { draft }), 200);
  const preview = await company.admin.post<{ clocks: { clocks: number; replan: { moved: number } } }>(
    `/api/console/calendars/${calendar}/preview`,
    {},
  );
  expect(preview.body.clocks.replan.moved).toBeGreaterThan(0);
  expect(
    (await company.admin.post(`/api/console/calendars/${calendar}/publish`, { note: 'x', options: { clocks: 'sometimes' } })).status,
  ).toBe(400);
  expectStatus(await company.admin.post(`/api/console/calendars/${calendar}/publish`, { note: 'off', options: { clocks: 'replan' } }), 200);
  await until('the clocks are planned again', async () => {
    const [row] = await company.db('crm_sla_clocks').where({ lead_id: lead, metric: 'speed-to-lead' });
    return (row as { due_at: Date } | undefined)?.due_at.toISOString().startsWith('2026-03-05') ? true : undefined;
  });
});
