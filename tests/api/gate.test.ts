import { GRADING_TEMPLATES } from '@leadsea/lead-grading';
import { FIRST_RESPONSE_CONTRACT } from '@leadsea/lead-sla';
import {
  CALENDAR,
  expectStatus,
  inLanes,
  openLive,
  poolBody,
  startCompany,
  until,
  type Company,
  type ErrorBody,
  type Person,
} from '../support/fixtures';
import { api, type Api } from '../support/server';

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
}
interface Planted {
  readonly id: number;
  /** Marker by what it is kept in; each occurs nowhere else. */
  readonly marks: Readonly<Record<string, string>>;
}

const CONTACT = ['email', 'oldEmail', 'phone', 'wechat', 'secret'];
const ROLES = ['crm-admin', 'pool-admin', 'marketing', 'sdr', 'sales', 'sales-manager', 'auditor', 'narrow'] as const;
type Role = (typeof ROLES)[number];
/** Verbs that only answer and change nothing. */
const HARMLESS = new Set([
  'lint',
  'preview',
  'simulate',
  'backtest',
  'backtest-run',
  'explain',
  'history',
  'timeline',
  'check-up',
  'dry-run',
]);
const FIXED = [
  '/me',
  '/meta',
  '/work',
  '/pools/board',
  '/leads/export',
  `/leads/export?columns=${encodeURIComponent(JSON.stringify(['id', 'name', 'email', 'phone', 'wechat', 'address', 'custom.secret']))}`,
];

let company: Company;
let operations: Operation[];
let fieldsOf: Map<string, string[]>;
const people = new Map<Role, Person>();
const own = new Map<Role, Planted>();
let outside: Planted;
let pooled: Planted;
let stranger: Person;
let poolId: number;

const query = (values: Record<string, unknown>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join('&');
const raw = async (client: Api, method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${client.url}${path}`, {
    method: method.toUpperCase(),
    headers: {
      ...(client.token ? { authorization: `Bearer ${client.token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

let phones = 1000;
/** A lead with a marker in everything that can hold one, in its row and in its history. */
async function plant(key: string): Promise<Planted> {
  phones += 1;
  const mark = (what: string): string => `zq7x${key}${what}`;
  const marks = {
    name: mark('name'),
    company: mark('company'),
    note: mark('note'),
    city: mark('city'),
    address: mark('address'),
    campaign: mark('campaign'),
    email: mark('email'),
    oldEmail: mark('oldemail'),
    phone: `1391234${phones}`,
    wechat: mark('wechat'),
    secret: mark('secret'),
    budget: mark('budget'),
    activity: mark('activity'),
    asset: mark('asset'),
  };
  const { name, note, city, address, campaign, wechat } = marks;
  const [id] = await company.capture([
    { name, company: marks.company, note, city, address, campaign, email: `${marks.oldEmail}@firm.example`, asset: marks.asset },
  ]);
  expectStatus(
    await company.admin.put(`/api/console/leads/${id}`, {
      email: `${marks.email}@firm.example`,
      phone: `+86${marks.phone}`,
      wechat,
      custom: { secret: marks.secret, budget: marks.budget },
    }),
    200,
  );
  expectStatus(
    await company.admin.post(`/api/console/leads/${id}/activities`, {
      kind: 'call',
      outcome: 'connected',
      note: marks.activity,
      subject: marks.activity,
    }),
    200,
  );
  return { id: id!, marks };
}

/** What this person must never read, wherever it may turn up. */
function forbidden(role: Role): string[] {
  const of = (planted: Planted, names: readonly string[] = Object.keys(planted.marks)): string[] =>
    names.map((name) => planted.marks[name]!);
  const everyOwn = [...own].filter(([other]) => other !== role).map(([, planted]) => planted);
  if (role === 'crm-admin') return [];
  if (role === 'marketing')
    return [outside, pooled, ...own.values()].flatMap((planted) => of(planted, ['email', 'oldEmail', 'phone', 'wechat']));
  if (role === 'auditor')
    return [outside, pooled, ...own.values()].flatMap((planted) => of(planted, ['email', 'oldEmail', 'phone', 'wechat', 'address']));
  if (role === 'narrow')
    return [
      ...of(outside),
      ...of(pooled),
      ...everyOwn.flatMap((planted) => of(planted)),
      ...of(
        own.get(role)!,
        Object.keys(pooled.marks).filter((name) => name !== 'name'),
      ),
    ];
  return [...of(outside), ...of(pooled, CONTACT)];
}

/** Sees neither the row nor any trace of it. */
const seesOutside = (role: Role): boolean => ['crm-admin', 'marketing', 'auditor'].includes(role);

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock('2026-03-02T02:00:00Z');
  const field = { entity: 'lead', type: 'text', section: 'main', position: 0 };
  expectStatus(
    await company.admin.post('/api/console/fields', { ...field, key: 'secret', label: { zh: '密', en: 'Secret' }, pii: true }),
    200,
  );
  expectStatus(await company.admin.post('/api/console/fields', { ...field, key: 'budget', label: { zh: '预算', en: 'Budget' } }), 200);
  await until('the fields are live', async () => JSON.stringify((await company.admin.get('/api/console/meta')).body).includes('"budget"'));
  expectStatus(
    await company.admin.post('/api/console/roles', {
      key: 'narrow',
      label: { zh: '窄', en: 'Narrow' },
      resources: { leads: { read: ['own'] } },
      fields: { leads: { id: 'read', name: 'read', stage: 'read', company: 'masked', phone: 'masked', 'custom.budget': 'masked' } },
    }),
    200,
  );
  await company.publish('calendars', 'office', CALENDAR);
  poolId = await company.publish(
    'pools',
    'open',
    poolBody('east', {
      calendar: 'office',
      members: [
        { type: 'team', ref: 'east', rights: ['claim'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
    }),
  );
  await company.publish('grading-models', 'standard', GRADING_TEMPLATES[0]!.body);
  await company.publish('sla-contracts', 'first', { ...FIRST_RESPONSE_CONTRACT, calendar: 'office', signing: 'none' });
  stranger = await company.person('stranger', { roles: ['sales'], team: company.teams.south });
  for (const role of ROLES) people.set(role, await company.person(`the-${role}`, { roles: [role], team: company.teams.east }));
  outside = await plant('out');
  pooled = await plant('pool');
  expectStatus(await company.admin.post(`/api/console/leads/${outside.id}/assign`, { owner: stranger.id, note: 'zq7xoutnote2' }), 200);
  expectStatus(await company.admin.post('/api/console/leads/recycle', { ids: [pooled.id], pool: poolId }), 200);
  for (const role of ROLES) {
    const planted = await plant(`own${role.replace('-', '')}`);
    own.set(role, planted);
    expectStatus(await company.admin.post(`/api/console/leads/${planted.id}/assign`, { owner: people.get(role)!.id }), 200);
  }
  const document = (
    await api(company.server.url).get<{
      paths: Record<string, Record<string, unknown>>;
      components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
    }>('/api/console/openapi.json')
  ).body;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'delete'] as const).filter((method) => item[method]).map((method) => ({ method, path })),
  );
  fieldsOf = new Map(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      Object.keys(schema.properties ?? {}).filter((property) => !property.startsWith('_') && property !== 'custom'),
    ]),
  );
  fieldsOf.get('leads')!.push('custom.secret', 'custom.budget');
  await until('all roles are live', async () => (await people.get('narrow')!.api.get<unknown[]>('/api/console/leads')).status === 200);
}, 300_000);
afterAll(() => company?.server.close());

const resourceOf = (path: string): string => path.split('/')[3]!;
const lists = (): string[] =>
  operations.filter(({ method, path }) => method === 'get' && !path.includes('{') && path.split('/').length === 4).map(({ path }) => path);

test('without a login nothing answers but the entrance, the login and the description of the API', async () => {
  const nobody = api(company.server.url);
  const open: string[] = [];
  const all = [
    ...operations,
    ...FIXED.map((path): Operation => ({ method: 'get', path: `/api/console${path}` })),
    { method: 'get', path: '/api/console/live' } as const,
    { method: 'put', path: '/api/console/clock' } as const,
  ];
  await inLanes(all, 8, async ({ method, path }) => {
    const { status, text } = await raw(nobody, method, path.replace('{id}', String(outside.id)), method === 'get' ? undefined : {});
    if (status !== 401 || text.includes('zq7x')) open.push(`${method} ${path} ${status}`);
  });
  expect(open).toEqual([]);
  for (const token of ['nonsense', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJpZCI6MX0.'])
    expect((await raw(api(company.server.url, token), 'get', '/api/console/leads')).status).toBe(401);
});

test('the content API of Strapi gives nothing of the product away, whoever asks', async () => {
  const paths = [
    'leads',
    'accounts',
    'activities',
    'tasks',
    'members',
    'leads/leads',
    'leads/lead',
    'crm-core/members',
    'crm-core/roles',
    'lead-pools/pools',
    'users',
    'users-permissions/roles',
    'upload/files',
  ];
  for (const client of [api(company.server.url), people.get('sales')!.api, people.get('crm-admin')!.api]) {
    for (const path of paths) {
      const { status, text } = await raw(client, 'get', `/api/${path}`);
      expect({ path, status: status >= 400 && status < 500, leaks: text.includes('zq7x') }).toEqual({ path, status: true, leaks: false });
    }
  }
});

describe.each(ROLES)('the role %s', (role) => {
  let client: Api;
  let markers: string[];
  const leaks: string[] = [];
  const failures: string[] = [];

  const look = async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
    const answer = await raw(client, method, path, body);
    const text = answer.text.toLowerCase();
    const sent = decodeURIComponent(path).toLowerCase() + JSON.stringify(body ?? {}).toLowerCase();
    for (const marker of markers)
      if (text.includes(marker) && !(answer.status >= 400 && sent.includes(marker)))
        leaks.push(`${method} ${path.slice(0, 160)} → ${marker}`);
    if (answer.status >= 500) failures.push(`${method} ${path.slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 160)}`);
    return answer;
  };
  const rowsIn = (text: string): unknown[] => {
    const body = JSON.parse(text) as unknown;
    return Array.isArray(body) ? body : [];
  };

  beforeAll(() => {
    client = people.get(role)!.api;
    markers = forbidden(role).map((marker) => marker.toLowerCase());
  });

  test('sees nothing that is hidden, masked or out of scope on any list, in any order, by any filter or search', async () => {
    const probes: (() => Promise<void>)[] = [];
    for (const path of lists()) {
      const fields = fieldsOf.get(resourceOf(path)) ?? [];
      probes.push(async () => void (await look('get', `${path}?${query({ range: [0, 999] })}`)));
      for (const field of fields) {
        probes.push(async () => void (await look('get', `${path}?${query({ sort: [field, 'DESC'], range: [0, 199] })}`)));
        probes.push(async () => void (await look('get', `${path}?${query({ filter: { [`${field}_null`]: false }, range: [0, 199] })}`)));
      }
      for (const marker of ['zq7x', outside.marks['name']!, pooled.marks['email']!, pooled.marks['phone']!])
        probes.push(async () => void (await look('get', `${path}?${query({ filter: { q: marker } })}`)));
      probes.push(
        async () => void (await look('get', `${path}?${query({ filter: { id: Array.from({ length: 300 }, (_, index) => index + 1) } })}`)),
      );
    }
    for (const path of FIXED) probes.push(async () => void (await look('get', `/api/console${path}`)));
    await inLanes(probes, 8, (probe) => probe());
    expect(leaks).toEqual([]);
    expect(failures).toEqual([]);
  }, 120_000);

  test('sees nothing of it on single records, explanations, timelines and other answers', async () => {
    const record = operations.filter(({ method, path }) => method === 'get' && path.includes('{id}'));
    const ids = [outside.id, pooled.id, ...[...own.values()].map(({ id }) => id)];
    await inLanes(
      record.flatMap(({ path }) =>
        (resourceOf(path) === 'leads' ? ids : Array.from({ length: 25 }, (_, index) => index + 1)).map((id) =>
          path.replace('{id}', String(id)),
        ),
      ),
      8,
      async (path) => void (await look('get', path)),
    );
    const collection = operations.filter(({ method, path }) => method === 'get' && !path.includes('{id}') && path.split('/').length > 4);
    for (const { path } of collection) await look('get', path);
    const harmless = operations.filter(
      ({ method, path }) => method === 'post' && path.includes('{id}') && HARMLESS.has(path.split('/{id}/')[1] ?? ''),
    );
    await inLanes(
      harmless.flatMap(({ path }) => [1, 2, 3, 4, 5, 6].map((id) => path.replace('{id}', String(id)))),
      8,
      async (path) => void (await look('post', path, {})),
    );
    expect(leaks).toEqual([]);
    expect(failures).toEqual([]);
  }, 120_000);

  test('cannot find out by filters, searches or conditions what it may not read', async () => {
    const told: string[] = [];
    const planted = [outside, pooled, ...own.values()];
    for (const { marks } of planted) {
      for (const [name, marker] of Object.entries(marks)) {
        if (!markers.includes(marker.toLowerCase())) continue;
        const field = name === 'oldEmail' ? 'email' : name === 'secret' || name === 'budget' ? `custom.${name}` : name;
        const value = name === 'phone' ? `+86${marker}` : name === 'email' ? `${marker}@firm.example` : marker;
        const fact = field.startsWith('custom.') ? `lead.${field}` : `lead.${field}`;
        const probes = [
          { filter: { [field]: value } },
          { filter: { [`${field}_like`]: marker } },
          { filter: { q: marker } },
          { filter: { where: { combinator: 'and', rules: [{ field: fact, operator: 'contains', value: marker }] } } },
          { filter: { where: { combinator: 'or', not: true, rules: [{ field: fact, operator: 'notContains', value: marker }] } } },
        ];
        for (const probe of probes) {
          const { status, text } = await look('get', `/api/console/leads?${query(probe)}`);
          if (status === 200 && rowsIn(text).length > 0) told.push(JSON.stringify(probe));
        }
      }
    }
    expect(told).toEqual([]);
    expect(failures).toEqual([]);
  }, 120_000);

  test('does nothing to a lead it may not see', async () => {
    if (seesOutside(role)) return;
    const before = await company.lead(outside.id);
    const history = (await company.events()).length;
    const input = {
      reason: 'other',
      owner: people.get(role)!.id,
      kind: 'note',
      note: 'x',
      to: 'srl',
      pool: poolId,
      title: 'x',
      ids: [outside.id],
    };
    for (const { method, path } of operations.filter((operation) => operation.method !== 'get' && resourceOf(operation.path) === 'leads')) {
      if (path === '/api/console/leads' || path === '/api/console/leads/import') continue;
      const { status, text } = await look(method, path.replace('{id}', String(outside.id)), input);
      const refused = status >= 400 || !(JSON.parse(text) as { results?: { ok: boolean }[] }).results?.some(({ ok }) => ok);
      expect({ path, refused }).toEqual({ path, refused: true });
    }
    for (const table of ['crm_tasks', 'crm_activities', 'crm_sla_clocks']) {
      const row = await company.db(table).where({ lead_id: outside.id }).first<{ id: number } | undefined>('id');
      if (!row) continue;
      const resource = { crm_tasks: 'tasks', crm_activities: 'activities', crm_sla_clocks: 'sla-clocks' }[table]!;
      for (const { method, path } of operations.filter(
        (operation) => resourceOf(operation.path) === resource && operation.path.includes('{id}'),
      )) {
        const { status } = await look(method, path.replace('{id}', String(row.id)), method === 'get' ? undefined : {});
        expect({ path, refused: status >= 400 }).toEqual({ path, refused: true });
      }
    }
    expect(await company.lead(outside.id)).toEqual(before);
    expect((await company.events()).length).toBe(history);
    expect(leaks).toEqual([]);
  });

  test('hears nothing of it on the live stream', async () => {
    const stream = await openLive(client);
    try {
      expectStatus(await company.admin.put(`/api/console/leads/${outside.id}`, { title: `zq7x ${role}` }), 200);
      expectStatus(await company.admin.put(`/api/console/leads/${own.get(role)!.id}`, { title: `t ${role}` }), 200);
      await until('my own lead is told', async () => stream.told.some(({ ids }) => ids.includes(own.get(role)!.id)));
      expect(stream.raw()).not.toContain('zq7x');
      if (!seesOutside(role)) expect(stream.told.some(({ resource, ids }) => resource === 'leads' && ids.includes(outside.id))).toBe(false);
    } finally {
      stream.close();
    }
  });

  test('moves the clock, reads captures and changes roles only as an administrator', async () => {
    if (role === 'crm-admin') return;
    expect((await look('put', '/api/console/clock', { now: '2030-01-01T00:00:00Z' })).status).toBe(403);
    const { status } = await look('put', `/api/console/members/${people.get(role)!.id}`, { roles: ['crm-admin'] });
    expect(status).toBe(403);
    expect(
      (
        await company
          .db('crm_members')
          .where({ id: people.get(role)!.id })
          .first<{ roles: string[] }>('roles')
      )?.roles,
    ).toEqual([role]);
  });
});

test('what a role masks it shows masked, says so, and refuses to sort or filter by it', async () => {
  const seen = expectStatus(await people.get('marketing')!.api.get<Record<string, unknown>>(`/api/console/leads/${outside.id}`), 200);
  expect(seen['email']).toMatch(/^z\*\*\*@firm\.example$/);
  expect(seen['phone']).toMatch(/^\+86\*\*\*\*|^\+\d+\*\*\*\*\d{4}$/);
  expect(seen['_masked']).toEqual(expect.arrayContaining(['email', 'phone', 'wechat']));
  for (const probe of [{ sort: ['email', 'ASC'] }, { filter: { email_like: 'z' } }, { filter: { phone: '+86139' } }]) {
    const answer = await people.get('marketing')!.api.get<ErrorBody>(`/api/console/leads?${query(probe)}`);
    expect([answer.status, answer.body.error.details.code]).toEqual([403, 'FIELD_NOT_SEARCHABLE']);
  }
});

test('a hidden field is unknown: it is not read, not sorted by and not written', async () => {
  const narrow = people.get('narrow')!.api;
  const mine = own.get('narrow')!;
  const row = expectStatus(await narrow.get<Record<string, unknown>>(`/api/console/leads/${mine.id}`), 200);
  expect(Object.keys(row).filter((name) => !['id', 'name', 'stage', 'company', 'phone', 'custom', '_masked'].includes(name))).toEqual([]);
  expect((await narrow.get('/api/console/meta')).body).toMatchObject({ members: [], teams: [] });
  expect((await narrow.get<ErrorBody>(`/api/console/leads?${query({ sort: ['email', 'ASC'] })}`)).body.error.details.code).toBe(
    'FIELD_UNKNOWN',
  );
  expect((await narrow.put(`/api/console/leads/${mine.id}`, { email: 'a@b.example' })).status).toBe(403);
});

test('contact data of a pool lead is masked until it is claimed; a reveal is an event', async () => {
  const sdr = people.get('sdr')!;
  const masked = expectStatus(await sdr.api.get<Record<string, unknown>>(`/api/console/leads/${pooled.id}`), 200);
  expect(masked['_masked']).toEqual(expect.arrayContaining(['email', 'phone']));
  expect((await people.get('sales')!.api.post(`/api/console/leads/${pooled.id}/reveal`)).status).toBe(403);
  const shown = expectStatus(await sdr.api.post<Record<string, unknown>>(`/api/console/leads/${pooled.id}/reveal`), 200);
  expect(shown['email']).toBe(`${pooled.marks['email']}@firm.example`);
  expect((await company.events('lead.revealed')).filter((event) => event.subject_id === pooled.id)).toMatchObject([{ actor_id: sdr.id }]);
  expectStatus(await sdr.api.post(`/api/console/leads/${pooled.id}/claim`), 200);
  const mine = expectStatus(await sdr.api.get<Record<string, unknown>>(`/api/console/leads/${pooled.id}`), 200);
  expect(mine['email']).toBe(`${pooled.marks['email']}@firm.example`);
});
