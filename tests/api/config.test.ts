import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { insertRow, z } from '@leadsea/crm-core';
import { addPerson, expectStatus, type ErrorBody } from '../support/fixtures';
import { api, startServer, type Api, type TestServer } from '../support/server';

/** A demo company whose configuration is moved to an empty installation. */
let demo: TestServer;
let empty: TestServer;
let from: Api;
let to: Api;
let folder: string;
const NOW = new Date('2026-01-05T00:00:00Z');

type Bundle = Record<string, unknown[]> & { leadsea: number };
interface Plan {
  base: string;
  changes: { section: string; key: string; action: string; differences: { path: string }[] }[];
  extra: { section: string; key: string }[];
  problems: { section: string; code: string; message: string }[];
}
const exported = async (client: Api): Promise<Bundle> => expectStatus(await client.get<Bundle>('/api/console/config?format=json'), 200);
const plan = async (client: Api, bundle: unknown, prune = false): Promise<Plan> =>
  expectStatus(await client.post<Plan>('/api/console/config/plan', { bundle, prune }), 200);
const apply = (client: Api, bundle: unknown, more: Record<string, unknown> = {}) =>
  client.post<{ applied: unknown[]; failed: unknown } & ErrorBody>('/api/console/config/apply', { bundle, ...more });
const members = (
  server: TestServer,
): Promise<{ id: number; name: string; email: string; roles: string[]; weight: number; team: string | null }[]> =>
  server.database.knex('crm_members as m').leftJoin('crm_teams as t', 't.id', 'm.team_id').select('m.*', 't.key as team');

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'leadsea-config-'));
  demo = await startServer({ demo: true });
  empty = await startServer();
  from = await api(demo.url).login('admin@demo.leadsea.local', 'Leadsea-demo-1');
  const [first] = empty.accounts;
  to = await api(empty.url).login(first!.identifier, first!.password);
}, 400_000);
afterAll(async () => {
  await demo?.close();
  await empty?.close();
  await rm(folder, { recursive: true, force: true });
});

test('an export, read back, changes nothing: as JSON, as YAML, through the command', async () => {
  expect(await plan(from, await exported(from))).toMatchObject({ changes: [], extra: [], problems: [] });
  const yaml = expectStatus(await from.get<string>('/api/console/config'), 200);
  expect(yaml).toMatch(/^leadsea: 1\n/);
  expect(await plan(from, yaml)).toMatchObject({ changes: [], extra: [], problems: [] });
  const file = path.join(folder, 'demo.yaml');
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [path.resolve(__dirname, '../../scripts/config.mjs'), ...args, '--url', demo.url], {
      env: { ...process.env, LEADSEA_TOKEN: from.token ?? '' },
    });
  await run('export', file);
  expect(await readFile(file, 'utf8')).toBe(yaml);
  expect((await run('plan', file, '--check')).stdout).toContain('Nothing to change.');
  const changed = path.join(folder, 'changed.yaml');
  await writeFile(changed, yaml.replace('en: Budget', 'en: Money'));
  await expect(run('plan', changed, '--check')).rejects.toMatchObject({ code: 2 });
});

test('its JSON Schema takes what is exported and names what could not be right', async () => {
  const schema = expectStatus(await from.get<Parameters<typeof z.fromJSONSchema>[0]>('/api/console/config/schema'), 200);
  const whole = z.fromJSONSchema(schema);
  const bundle = await exported(from);
  expect(whole.safeParse(bundle).error?.issues.slice(0, 3)).toBeUndefined();
  const wrong = (section: string, change: (first: Record<string, unknown>) => unknown): string[] => {
    const [first, ...rest] = bundle[section] as Record<string, unknown>[];
    const answer = whole.safeParse({ ...bundle, [section]: [change(structuredClone(first!)), ...rest] });
    return (answer.error?.issues ?? []).map(({ path: at }) => at.slice(0, 3).join('.'));
  };
  expect(wrong('pools', (pool) => ({ ...pool, body: { ...(pool['body'] as object), kind: 'puddle' } }))).toEqual(['pools.0.body']);
  expect(wrong('roles', (role) => ({ ...role, resources: { leads: { read: ['everything'] } } }))).toEqual(['roles.0.resources']);
  expect(wrong('fields', (field) => ({ ...field, type: 'colour' }))).toEqual(['fields.0.type']);
  expect(whole.safeParse({ ...bundle, polls: [] }).success).toBe(false);
  expect(
    (
      await api(demo.url)
        .login('wang@demo.leadsea.local', 'Leadsea-demo-1')
        .then((rep) => rep.get('/api/console/config/schema'))
    ).status,
  ).toBe(403);
});

test('no id of the database and no secret is in the text', async () => {
  const team = await demo.database.knex('crm_teams').where({ key: 'china' }).first<{ id: number }>('id');
  await insertRow(
    demo.database.knex,
    'crm_chat_bots',
    {
      key: 'sales',
      name: 'Sales',
      kind: 'dingtalk',
      url: 'https://oapi.dingtalk.com/robot/send?access_token=SECRET-1',
      secret: 'SECRET-2',
      active: true,
    },
    NOW,
  );
  const text = expectStatus(await from.get<string>('/api/console/config'), 200);
  expect(text).not.toMatch(/SECRET/);
  const rule = { field: 'lead.team', operator: 'in', value: [team?.id] };
  const field = {
    entity: 'lead',
    key: 'team_only',
    type: 'text',
    label: { zh: '限', en: 'Only' },
    visibleWhen: { combinator: 'and', rules: [rule] },
  };
  expectStatus(await from.post('/api/console/fields', field), 200);
  const bundle = await exported(from);
  const written = bundle['fields']?.find((one) => (one as { key: string }).key === 'team_only');
  expect(written).toMatchObject({ visibleWhen: { rules: [{ value: [{ $ref: 'teams:china' }] }] } });
});

describe('moved to an empty installation', () => {
  test('the plan shows everything, problems by name, and writes nothing', async () => {
    const found = await plan(to, await exported(from));
    expect(found.problems).toEqual([]);
    expect(new Set(found.changes.map(({ section }) => section))).toEqual(
      new Set(['teams', 'fields', 'chatBots', 'calendars', 'pools', 'sources', 'grading-models', 'sla-contracts', 'routing-policies']),
    );
    expect(await empty.database.knex('crm_teams')).toEqual([]);
  });

  test('applied, it is the same configuration: its own export equals the other one', async () => {
    for (const person of await members(demo)) {
      const { name, email, roles, weight } = person;
      if (await empty.database.knex('crm_members').where({ email }).first('id')) continue;
      const { id } = await addPerson(empty.database.knex, `x${person.id}`, { roles: JSON.stringify(roles), weight });
      await empty.database.knex('crm_members').where({ id }).update({ name, email });
    }
    const bundle = await exported(from);
    const { base } = await plan(to, bundle);
    const answer = expectStatus(await apply(to, bundle, { base }), 200);
    expect(answer.failed).toBeNull();
    for (const person of await members(demo)) {
      const team = await empty.database.knex('crm_teams').where({ key: person.team }).first<{ id: number } | undefined>('id');
      await empty.database
        .knex('crm_members')
        .where({ email: person.email })
        .update({ team_id: team?.id ?? null });
    }
    await empty.database.knex.raw(`SELECT pg_notify('crm_members', '')`);
    expect(await exported(to)).toEqual(bundle);
    expect(await plan(to, bundle)).toMatchObject({ changes: [], problems: [] });
  });

  test('and behaves the same: the same leads get the same score, grade and stage, and the same rule of the same policy gives them out', async () => {
    const leads = Array.from({ length: 40 }, (_, index) => ({
      name: `Same ${index}`,
      email: `same${index}@acme${index}.example`,
      company: `Acme ${index}`,
      country: ['CN', 'DE', 'US', 'FR'][index % 4],
      employees: index * 37,
      title: ['CTO', 'Intern', 'Purchasing manager'][index % 3],
      industry: ['制造业', 'Software'][index % 2],
      custom: { budget: ['under_50k', '50k_200k', 'over_200k', 'unknown'][index % 4] },
    }));
    const sources = (await exported(from))['sources'] as { key: string; adapter: string }[];
    const { key } = sources.find(({ adapter }) => adapter === 'auto')!;
    const outcome = async (server: TestServer): Promise<unknown[]> => {
      expectStatus(await api(server.url).post(`/api/capture/${key}`, leads), 202);
      const { rows } = await server.database.knex.raw<{ rows: unknown[] }>(
        `SELECT l.name, l.stage, l.grade, l.fit_score, q.key AS policy, d.result->>'rule' AS rule FROM crm_leads l
         JOIN LATERAL (SELECT * FROM crm_decisions x WHERE x.kind = 'route' AND x.subject_id = l.id ORDER BY id LIMIT 1) d ON TRUE
         JOIN crm_policy_versions v ON v.id = d.policy_version_id JOIN crm_policies q ON q.id = v.policy_id
         WHERE l.name LIKE 'Same %' ORDER BY l.id`,
      );
      return rows;
    };
    // Who has room also depends on what each person holds already, which is no configuration: both start with nobody holding anything.
    await demo.database.knex.raw('TRUNCATE crm_leads, crm_ledger CASCADE');
    const [there, here] = [await outcome(demo), await outcome(empty)];
    expect(here).toHaveLength(40);
    expect(here).toEqual(there);
    expect(new Set(here.map((row) => (row as { grade: string }).grade)).size).toBeGreaterThan(1);
  });
});

describe('a bundle', () => {
  const teams = (...list: unknown[]) => ({ leadsea: 1, teams: list });

  test('with an older plan is refused; nobody overwrites what he has not seen', async () => {
    const bundle = teams({ key: 'late', name: 'Late' });
    const { base } = await plan(to, bundle);
    expectStatus(await to.post('/api/console/teams', { key: 'between', name: 'Between' }), 200);
    const answer = await apply(to, bundle, { base });
    expect([answer.status, answer.body.error.details.code]).toEqual([409, 'CONFIG_MOVED']);
    expect(await empty.database.knex('crm_teams').where({ key: 'late' })).toEqual([]);
  });

  test('holds only some sections, in any order, and leaves alone what it does not name unless told to prune', async () => {
    const bundle = teams({ key: 'child', name: 'Child', parent: 'top' }, { key: 'top', name: 'Top' });
    expect(expectStatus(await apply(to, bundle), 200).failed).toBeNull();
    const rows = await empty.database
      .knex('crm_teams as t')
      .leftJoin('crm_teams as p', 'p.id', 't.parent_id')
      .select('t.key', 'p.key as parent');
    expect(rows).toEqual(
      expect.arrayContaining([
        { key: 'child', parent: 'top' },
        { key: 'between', parent: null },
      ]),
    );
    const pruned = await plan(to, { leadsea: 1, chatBots: [] }, true);
    expect(pruned.changes).toEqual([{ section: 'chatBots', key: 'sales', action: 'remove', differences: [] }]);
  });

  test('that cannot be right is refused as a whole with every problem named', async () => {
    const bundle = {
      leadsea: 1,
      nonsense: [],
      teams: [{ name: 'no key' }, { key: 'a', name: 'A' }, { key: 'a', name: 'B' }],
      fields: [{ entity: 'lead', key: 'Bad Key', type: 'text', label: { zh: 'x', en: 'x' } }],
      pools: [{ key: 'p', name: 'P', body: { kind: 'no-such' } }],
    };
    const found = await plan(to, bundle);
    expect(found.problems.map(({ section, code }) => `${section} ${code}`).sort()).toEqual([
      'fields FIELD_INVALID',
      'nonsense CONFIG_UNKNOWN',
      'pools POLICY_INVALID',
      'teams CONFIG_KEY',
      'teams CONFIG_TWICE',
    ]);
    const answer = await apply(to, bundle);
    expect(answer.body.error.details.code).toBe('CONFIG_PROBLEMS');
    expect(await empty.database.knex('crm_teams').where({ key: 'a' })).toEqual([]);
    expect((await apply(to, 'a: [')).body.error.details.code).toBe('CONFIG_UNREADABLE');
    expect((await apply(to, { leadsea: 2 })).status).toBe(400);
  });

  test('needs the rights on what it changes, not only on the configuration', async () => {
    const { id, token } = await addPerson(empty.database.knex, 'limited', { roles: JSON.stringify(['limited']) });
    await insertRow(
      empty.database.knex,
      'crm_roles',
      {
        key: 'limited',
        label: { zh: '', en: '' },
        resources: { config: { read: ['all'], update: ['all'] }, teams: { read: ['all'] } },
        fields: {},
        reveal_pool: false,
      },
      NOW,
    );
    await empty.database.knex.raw(`SELECT pg_notify('crm_roles', '')`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(id).toBeGreaterThan(0);
    const limited = api(empty.url, token);
    const bundle = {
      leadsea: 1,
      roles: [{ key: 'limited', label: { zh: '', en: '' }, resources: { leads: { read: ['all'] } }, fields: {}, revealPool: true }],
    };
    expect((await apply(limited, bundle)).body.error.details.code).toBe('CONFIG_PROBLEMS');
    expect(Object.keys(await exported(limited))).toEqual(['leadsea', 'teams']);
  });
});
