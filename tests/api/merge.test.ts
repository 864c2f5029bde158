import { api, startServer, type Api, type TestServer } from '../support/server';

jest.setTimeout(300_000);

let server: TestServer;
let admin: Api;

const row = async <Row>(sql: string, bindings: readonly (string | number)[] = []): Promise<Row> => {
  const { rows } = await server.database.knex.raw<{ rows: Row[] }>(sql, [...bindings]);
  return rows[0] as Row;
};
const create = async (values: object): Promise<number> => {
  const { status, body } = await admin.post<{ id: number }>('/api/console/leads', values);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.id;
};
const keysOf = (id: number): Promise<{ n: number }> => row('SELECT count(*)::int AS n FROM crm_lead_keys WHERE lead_id = ?', [id]);

beforeAll(async () => {
  server = await startServer();
  const [account] = server.accounts;
  admin = await api(server.url).login(account!.identifier, account!.password);
});
afterAll(() => server?.close());

describe('two leads of one person', () => {
  let kept: number;
  let other: number;

  beforeAll(async () => {
    kept = await create({ name: 'Marie Curie', email: 'marie@sorbonne.example', company: 'Sorbonne' });
    other = await create({
      name: 'Maria Curie',
      email: 'm.curie@home.example',
      company: 'Sorbonne',
      city: 'Paris',
      phone: '+33 1 44 27 44 27',
    });
    expect((await admin.post(`/api/console/leads/${other}/activities`, { kind: 'call', outcome: 'reached' })).status).toBe(200);
  });

  test('are found by what they share, with what speaks for it', async () => {
    const { status, body } = await admin.get<{ id: number; score: number; grounds: { field: string }[]; lead: { name: string } }[]>(
      `/api/console/leads/${kept}/duplicates`,
    );
    expect(status).toBe(200);
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({ id: other, lead: { name: 'Maria Curie' } });
    expect(body[0]?.grounds.map((ground) => ground.field)).toEqual(['company', 'name']);
  });

  test('become one: blanks filled, chosen fields taken, history and keys moved, the other a tombstone', async () => {
    const { status, body } = await admin.post(`/api/console/leads/${kept}/merge`, { losers: [other], fields: { email: other } });
    expect({ status, body }).toMatchObject({ status: 200, body: { id: kept, merged: [other] } });
    expect((await admin.get(`/api/console/leads/${kept}`)).body).toMatchObject({
      name: 'Marie Curie',
      city: 'Paris',
      email: 'm.curie@home.example',
    });
    expect((await admin.get(`/api/console/leads/${other}`)).status).toBe(404);
    expect(await row('SELECT merged_into FROM crm_leads WHERE id = ?', [other])).toEqual({ merged_into: kept });
    expect(await row('SELECT count(*)::int AS n FROM crm_activities WHERE lead_id = ?', [kept])).toEqual({ n: 1 });
    expect(await keysOf(kept)).toEqual({ n: 3 });
    expect(await keysOf(other)).toEqual({ n: 0 });
  });

  test('stay one when either address comes in again', async () => {
    const { status, body } = await admin.post<{ error: { details: { code: string; lead: number } } }>('/api/console/leads', {
      name: 'M. Curie',
      email: 'marie@sorbonne.example',
    });
    expect(status).toBe(409);
    expect(body.error.details).toMatchObject({ code: 'DUPLICATE', lead: kept });
  });

  test('come apart again as they were, except for what was edited since', async () => {
    expect((await admin.put(`/api/console/leads/${kept}`, { city: 'Warsaw' })).status).toBe(200);
    const { status, body } = await admin.post(`/api/console/leads/${other}/unmerge`);
    expect({ status, body }).toMatchObject({ status: 200, body: { id: other, from: kept, conflicts: ['city'] } });
    expect((await admin.get(`/api/console/leads/${kept}`)).body).toMatchObject({
      name: 'Marie Curie',
      city: 'Warsaw',
      email: 'marie@sorbonne.example',
      phone: null,
    });
    expect((await admin.get(`/api/console/leads/${other}`)).body).toMatchObject({
      name: 'Maria Curie',
      city: 'Paris',
      email: 'm.curie@home.example',
    });
    expect(await row('SELECT count(*)::int AS n FROM crm_activities WHERE lead_id = ?', [other])).toEqual({ n: 1 });
    expect(await keysOf(kept)).toEqual({ n: 1 });
    expect(await keysOf(other)).toEqual({ n: 2 });
  });

  test('are refused when there is nothing to merge, or a lead that is not there', async () => {
    const nothing = await admin.post<{ error: { details: { code: string } } }>(`/api/console/leads/${kept}/merge`, {});
    expect(nothing.body.error.details.code).toBe('MERGE_NOTHING');
    const missing = await admin.post<{ error: { details: { code: string; ids: number[] } } }>(`/api/console/leads/${kept}/merge`, {
      losers: [999_999],
    });
    expect(missing).toMatchObject({ status: 404, body: { error: { details: { ids: [999_999] } } } });
  });
});

test('the candidates of a duplicate check come from indexes alone', async () => {
  const { knex } = server.database;
  await knex.raw(
    `INSERT INTO crm_leads (name, email_key, phone_key, company_key, stage, status) SELECT 'n' || i, 'e' || i, 'p' || i, 'c' || (i % 20000), 'lead', 'open' FROM generate_series(1, 60000) i`,
  );
  await knex.raw('ANALYZE crm_leads');
  const { rows } = await knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(
    `EXPLAIN WITH me AS (SELECT * FROM crm_leads WHERE id = 5000)
     SELECT l.id FROM crm_leads l, me WHERE l.email_key = me.email_key AND l.email_key IS NOT NULL
     UNION SELECT l.id FROM crm_leads l, me WHERE l.phone_key = me.phone_key AND l.phone_key IS NOT NULL
     UNION (SELECT l.id FROM crm_leads l, me WHERE l.company_key = me.company_key AND l.company_key IS NOT NULL LIMIT 100)`,
  );
  expect(rows.map((line) => line['QUERY PLAN']).join('\n')).not.toContain('Seq Scan on crm_leads');
});

test('a search looks names, companies, addresses and numbers up in one index', async () => {
  const { knex } = server.database;
  await knex.raw(
    `INSERT INTO crm_leads (name, email, phone, company, stage, status) SELECT 'n' || md5(i::text), 'e' || i || '@x.example', '+49' || i, 'c' || md5(i::text), 'lead', 'open' FROM generate_series(1, 60000) i`,
  );
  await knex.raw('VACUUM ANALYZE crm_leads, crm_lead_search');
  const { rows } = await knex.raw<{ rows: { 'QUERY PLAN': string }[] }>(
    `EXPLAIN SELECT id FROM crm_leads t WHERE merged_into IS NULL AND id IN (SELECT s.id FROM crm_lead_search s
       WHERE name ILIKE '%47110815%' OR company ILIKE '%47110815%' OR email ILIKE '%47110815%' OR phone ILIKE '%47110815%') ORDER BY score DESC NULLS LAST, id LIMIT 50`,
  );
  const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
  expect(plan).not.toContain('Seq Scan on crm_leads');
  expect(plan.match(/crm_lead_search_text/g)).toHaveLength(4);
});
