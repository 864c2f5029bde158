import { api, startServer, type Api, type TestServer } from '../support/server';

const PLUGINS = ['crm-core', 'leads', 'lead-pools', 'lead-grading', 'lead-routing', 'lead-sla'];
const RESOURCES = [
  'leads',
  'accounts',
  'activities',
  'engagements',
  'tasks',
  'events',
  'decisions',
  'pools',
  'grading-models',
  'routing-policies',
  'sla-contracts',
  'sla-clocks',
  'calendars',
  'lifecycles',
  'teams',
  'members',
  'roles',
  'fields',
  'imports',
  'jobs',
  'notifications',
  'saved-views',
];

let server: TestServer;
let admin: Api;

beforeAll(async () => {
  server = await startServer();
  admin = await api(server.url).login(server.accounts[0]!.identifier, server.accounts[0]!.password);
}, 300_000);
afterAll(() => server?.close());

test('all six plugins have run their migrations and brought their tables', async () => {
  const rows = await server.database.knex<{ name: string }>('crm_migrations').select('name');
  const plugins = new Set(rows.map(({ name }) => name.split('/')[0]));
  for (const plugin of PLUGINS.filter((name) => !['lead-pools'].includes(name))) expect([...plugins]).toContain(plugin);
});

test('the OpenAPI document answers without a login and names every resource with its verbs', async () => {
  const { status, body } = await api(server.url).get<{ openapi: string; paths: Record<string, unknown> }>('/api/console/openapi.json');
  expect(status).toBe(200);
  const paths = Object.keys(body.paths);
  expect(RESOURCES.filter((name) => !paths.includes(`/api/console/${name}`))).toEqual([]);
  for (const path of [
    '/api/console/leads/{id}/claim',
    '/api/console/leads/{id}/explain/score',
    '/api/console/leads/{id}/explain/owner',
    '/api/console/leads/{id}/explain/recycle',
    '/api/console/pools/{id}/claim',
    '/api/console/grading-models/{id}/publish',
    '/api/console/leads/{id}/stage',
  ])
    expect(paths).toContain(path);
});

test('every resource that is named answers the administrator', async () => {
  for (const name of RESOURCES) expect({ name, status: (await admin.get(`/api/console/${name}`)).status }).toEqual({ name, status: 200 });
});

test('a second node on the same database serves the same people and the same records, and each hears of the other’s changes', async () => {
  const second = await startServer({ beside: server });
  try {
    const there = api(second.url, admin.token);
    const made = await admin.post<{ id: number }>('/api/console/leads', { name: 'Seen by both', email: 'both@nodes.example' });
    expect(made.status).toBe(200);
    const seen = await there.get<{ name: string }>(`/api/console/leads/${made.body.id}`);
    expect(seen.body.name).toBe('Seen by both');
    const migrations = await server.database.knex('crm_migrations').select('name');
    expect(new Set(migrations.map((row) => row.name)).size).toBe(migrations.length);
  } finally {
    await second.stop();
  }
}, 120_000);

test('a restart keeps the token good and changes nothing', async () => {
  const count = async (): Promise<unknown> =>
    (
      await server.database.knex.raw(
        'SELECT (SELECT count(*) FROM crm_leads) AS leads, (SELECT count(*) FROM crm_roles) AS roles, (SELECT count(*) FROM crm_policies) AS policies, (SELECT count(*) FROM crm_migrations) AS migrations',
      )
    ).rows[0];
  const before = await count();
  await server.restart();
  expect(await count()).toEqual(before);
  expect((await admin.get('/api/console/me')).status).toBe(200);
}, 120_000);
