import { request } from 'node:http';
import ExcelJS from 'exceljs';
import { until } from '../jobs/support/machine';
import { api, startServer, type Api, type TestServer } from '../support/server';

jest.setTimeout(300_000);

let server: TestServer;
let admin: Api;
const TOTAL = 2500;

const lines = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\r\n');
const exported = (as: Api, query: Record<string, unknown>) =>
  as.get<string>(
    `/api/console/leads/export?${new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)])).toString()}`,
  );

beforeAll(async () => {
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account!.identifier, account!.password);
  await server.database.knex.raw(
    `INSERT INTO crm_leads (name, email, phone, country, stage, status, captured_at, is_test, cycle, recycle_count, custom, version)
     SELECT 'Lead ' || i, 'lead' || i || '@example.com', '+8613800' || (100000 + i), CASE WHEN i % 5 = 0 THEN 'DE' ELSE 'CN' END, 'lead', 'open', now(), false, 1, 0, '{}', 1 FROM generate_series(1, ?) i`,
    [TOTAL],
  );
  await server.database.knex.raw(`UPDATE crm_leads SET name = '=HYPERLINK("http://evil.example")' WHERE name = 'Lead 7'`);
});
afterAll(() => server?.close());

test('every lead leaves once, over many pages, and the export is an event', async () => {
  const { status, body, headers } = await exported(admin, { columns: ['id', 'name', 'email'] });
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toMatch(/filename="leads-[\w-]+\.csv"/);
  const rows = lines(body);
  expect(rows).toHaveLength(TOTAL + 1);
  expect(new Set(rows.slice(1).map((row) => row.split(',')[0])).size).toBe(TOTAL);
  const { rows: events } = await server.database.knex.raw<{ rows: { data: { count: number } }[] }>(
    `SELECT data FROM crm_events WHERE type = 'lead.exported'`,
  );
  expect(events.map((event) => event.data.count)).toEqual([TOTAL]);
});

test('the filter of the list decides what leaves, and a formula leaves as text', async () => {
  const german = lines((await exported(admin, { filter: { country: 'DE' }, columns: 'country' })).body);
  expect(german).toHaveLength(TOTAL / 5 + 1);
  expect(new Set(german.slice(1))).toEqual(new Set(['DE']));
  const { body } = await exported(admin, { filter: { name_like: 'HYPERLINK' }, columns: 'name' });
  expect(lines(body)[1]).toBe(`"'=HYPERLINK(""http://evil.example"")"`);
});

test('a filter or a column that does not exist is refused before anything is sent', async () => {
  expect((await exported(admin, { filter: { nonsense: 1 } })).status).toBe(400);
  expect((await exported(admin, { columns: 'nonsense' })).status).toBe(400);
  expect((await exported(admin, { format: 'pdf' })).status).toBe(400);
});

test('as a workbook it has the same rows', async () => {
  const response = await fetch(`${server.url}/api/console/leads/export?format=xlsx&columns=name,country`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  expect(response.status).toBe(200);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(await response.arrayBuffer());
  expect(workbook.worksheets[0]?.rowCount).toBe(TOTAL + 1);
});

test.each(['csv', 'xlsx'])('who took a file can be told from the file: %s', async (format) => {
  const response = await fetch(`${server.url}/api/console/leads/export?format=${format}&columns=name`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  const name = /filename="leads-(\d{8}-\d{4})-([\w-]+)\.(csv|xlsx)"/.exec(response.headers.get('content-disposition') ?? '');
  const bytes = await response.arrayBuffer();
  const event = await server.database
    .knex('crm_events')
    .where({ type: 'lead.exported' })
    .orderBy('id', 'desc')
    .first<Record<string, unknown>>();
  expect([name?.[2], name?.[3]]).toEqual([event['cause_id'], format]);
  if (format === 'csv') return;
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes);
  const me = await api(server.url, admin.token).get<{ member: { name: string } }>('/api/console/me');
  expect([workbook.creator, workbook.description]).toEqual([me.body.member.name, event['cause_id']]);
  expect(workbook.worksheets[0]?.headerFooter.oddFooter).toContain(`${me.body.member.name} · `);
  expect(workbook.worksheets[0]?.headerFooter.oddFooter).toContain(String(event['cause_id']));
});

test.each(['csv', 'xlsx'])(
  'a download as %s that is broken off is an event too, with what had left by then',
  async (format) => {
    const count = 6000;
    await server.database.knex.raw(
      `INSERT INTO crm_leads (name, note, country, stage, status, captured_at, is_test, cycle, recycle_count, custom, version)
     SELECT md5(i::text), repeat(md5(i::text), 100), ?, 'lead', 'open', now(), false, 1, 0, '{}', 1 FROM generate_series(1, ?) i`,
      [format, count],
    );
    const query = new URLSearchParams({ format, columns: 'id,name,note', filter: JSON.stringify({ country: format }) });
    await new Promise<void>((resolve, reject) => {
      const asked = request(
        `${server.url}/api/console/leads/export?${query.toString()}`,
        { headers: { authorization: `Bearer ${admin.token}` } },
        (response) => {
          response.once('data', () => {
            response.destroy();
            resolve();
          });
        },
      );
      asked.once('error', reject).end();
    });
    const told = (): Promise<{ count: number }[]> =>
      server.database
        .knex('crm_events')
        .where({ type: 'lead.exported' })
        .whereRaw(`data->'filter'->>'country' = ?`, [format])
        .pluck('data');
    await until('the event is written', async () => (await told()).length === 1);
    const [event] = await told();
    expect(event?.count).toBeGreaterThan(0);
    expect(event?.count).toBeLessThan(count);
  },
  120_000,
);

describe('accounts, deals and follow-ups leave the same way, with the fields of the company', () => {
  const of = (as: Api, resource: string, query: Record<string, string> = {}) =>
    as.get<string>(`/api/console/${resource}/export?${new URLSearchParams(query).toString()}`);

  test.each([
    ['accounts', 'account', `INSERT INTO crm_accounts (name, custom, version) VALUES ('Firm X', '{"own": "gold"}', 1)`, 'Firm X'],
    [
      'opportunities',
      'opportunity',
      `INSERT INTO crm_opportunities (name, custom, lead_id) SELECT 'Deal X', '{"own": "gold"}', min(id) FROM crm_leads`,
      'Deal X',
    ],
    [
      'activities',
      'activity',
      `INSERT INTO crm_activities (kind, subject, occurred_at, custom, lead_id) SELECT 'call', 'Call X', now(), '{"own": "gold"}', min(id) FROM crm_leads`,
      'Call X',
    ],
  ])('%s', async (resource, entity, insert, name) => {
    const label = { zh: '自有', en: 'Own' };
    expect((await admin.post('/api/console/fields', { entity, key: 'own', type: 'text', label })).status).toBe(200);
    await server.database.knex.raw(insert);
    const [head, ...rows] = lines((await of(admin, resource)).body);
    expect(head).toMatch(/Own|自有/);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain(name);
    expect(rows[0]).toContain('gold');
    expect(lines((await of(admin, resource, { columns: 'custom.own' })).body)).toEqual([expect.stringMatching(/Own|自有/), 'gold']);
    const told = await server.database
      .knex('crm_events')
      .where({ type: `${entity}.exported` })
      .pluck('data');
    expect(told).toHaveLength(2);
  });
});

describe('who may see less exports less', () => {
  /** The one person of the empty product, in another role. */
  const inRole = async (role: string): Promise<Api> => {
    await server.database.knex.raw(`UPDATE crm_members SET roles = ?::jsonb`, [JSON.stringify([role])]);
    await server.database.knex.raw(`SELECT pg_notify('crm_members', '')`);
    for (let tries = 0; tries < 50; tries += 1) {
      const { body } = await admin.get<{ member: { roles: string[] } }>('/api/console/me');
      if (body.member.roles.includes(role)) return admin;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The role ${role} is not in force.`);
  };

  test('masked fields stay masked, and a role without the verb exports nothing', async () => {
    const marketing = await inRole('marketing');
    const masked = lines((await exported(marketing, { filter: { name: 'Lead 12' }, columns: 'name,email' })).body)[1];
    expect(masked).toMatch(/^Lead 12,/);
    expect(masked).not.toContain('lead12@example.com');
    expect((await exported(marketing, { columns: 'ip' })).status).toBe(400);
    expect((await exported(marketing, { filter: { email_like: 'lead12' } })).status).toBe(403);
    const sdr = await inRole('sdr');
    expect((await exported(sdr, {})).status).toBe(403);
    for (const resource of ['accounts', 'opportunities', 'activities'])
      expect([resource, (await sdr.get(`/api/console/${resource}/export`)).status]).toEqual([resource, 403]);
  });
});
