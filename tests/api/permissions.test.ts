import { expectStatus, someone, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

let company: Company;
let ann: Person;
let bob: Person;
let boss: Person;
const label = (en: string): { zh: string; en: string } => ({ zh: en, en });
const assign = (by: Company['admin'], id: number, owner: number) =>
  by.post<ErrorBody>('/api/console/leads/assign', { ids: [id], owner, to: owner, member: owner });
const codeOf = (answer: { body: unknown }): string | undefined =>
  (answer.body as ErrorBody).error?.details.code ?? (answer.body as { results?: { code?: string }[] }).results?.[0]?.code;

interface Explained {
  readonly visible: boolean | null;
  readonly row: Record<string, unknown> | null;
  readonly verbs: { verb: string; allowed: boolean; because: { role: string; scope: string; holds: boolean }[] }[];
  readonly fields: { field: string; access: string; maskedHere: boolean; because: { role: string; access: string }[] }[];
}

beforeAll(async () => {
  company = await startCompany();
  const role = (key: string, resources: unknown, fields: unknown, more: Record<string, unknown> = {}) =>
    company.admin.post('/api/console/roles', { key, label: label(key), resources, fields, ...more });
  expectStatus(
    await role(
      'hand',
      { leads: { read: ['own', 'team'], update: ['own'], reveal: ['own', 'team'] } },
      { leads: { '*': 'read', phone: 'masked', note: 'hidden' } },
      { revealPerDay: 2 },
    ),
    200,
  );
  expectStatus(
    await role(
      'lead-hand',
      { leads: { read: ['all'], assign: ['all'] }, members: { read: ['all'], receive: ['team'] } },
      { leads: { '*': 'read' }, members: { '*': 'read' } },
    ),
    200,
  );
  ann = await company.person('ann', { roles: ['hand'], team: company.teams.east });
  bob = await company.person('bob', { roles: ['hand'], team: company.teams.south });
  boss = await company.person('boss', { roles: ['lead-hand'], team: company.teams.east });
}, 300_000);
afterAll(() => company?.server.close());

describe('why somebody may or may not', () => {
  test('by verb with the scope of the role that gives it, by field with what each role says, about one record', async () => {
    const [id] = await company.capture([someone({ phone: '13812345678' })]);
    expectStatus(await assign(company.admin, id!, ann.id), 200);
    const about = async (member: number): Promise<Explained> =>
      expectStatus(await company.admin.post<Explained>('/api/console/access/explain', { member, resource: 'leads', id }), 200);
    const hers = await about(ann.id);
    expect(hers.visible).toBe(true);
    expect(hers.verbs.find(({ verb }) => verb === 'update')).toEqual({
      verb: 'update',
      allowed: true,
      because: [{ role: 'hand', scope: 'own', holds: true }],
    });
    expect(hers.fields.find(({ field }) => field === 'phone')).toMatchObject({
      access: 'masked',
      maskedHere: true,
      because: [{ role: 'hand', access: 'masked' }],
    });
    expect(hers.fields.find(({ field }) => field === 'note')).toMatchObject({ access: 'hidden' });
    const his = await about(bob.id);
    expect(his.visible).toBe(false);
    expect(his.verbs.find(({ verb }) => verb === 'read')).toEqual({
      verb: 'read',
      allowed: false,
      because: [
        { role: 'hand', scope: 'own', holds: false },
        { role: 'hand', scope: 'team', holds: false },
      ],
    });
    expect(his.row).toMatchObject({ owner: ann.id, team: company.teams.east });
    expect((await ann.api.post('/api/console/access/explain', { member: bob.id, resource: 'leads', id })).status).toBe(403);
  });
});

describe('through the eyes of others', () => {
  const as = (who: string, path: string, method = 'GET'): Promise<Response> =>
    fetch(`${company.server.url}/api/console${path}`, {
      method,
      headers: { authorization: `Bearer ${company.admin.token}`, 'x-leadsea-view-as': who, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });

  test('an administrator sees exactly what a role or a member sees, and changes nothing', async () => {
    const [id] = await company.capture([someone({ phone: '13812345678' })]);
    expectStatus(await assign(company.admin, id!, bob.id), 200);
    const mine = expectStatus(await bob.api.get<unknown[]>('/api/console/leads'), 200);
    expect(await (await as(`member:${bob.id}`, '/leads')).json()).toEqual(mine);
    expect((await as(`member:${ann.id}`, `/leads/${id}`)).status).toBe(404);
    const me = (await (await as('role:hand', '/me')).json()) as { member: { roles: string[] } };
    expect(me.member.roles).toEqual(['hand']);
    const refused = await as('role:hand', `/leads/${id}/reveal`, 'POST');
    expect([refused.status, ((await refused.json()) as ErrorBody).error.details.code]).toEqual([403, 'VIEW_AS_READ_ONLY']);
    expect((await as('role:nobody', '/leads')).status).toBe(404);
    expect((await as('everything', '/leads')).status).toBe(400);
  });

  test('nobody else may look that way', async () => {
    const response = await fetch(`${company.server.url}/api/console/leads`, {
      headers: { authorization: `Bearer ${ann.api.token}`, 'x-leadsea-view-as': 'role:crm-admin' },
    });
    expect(response.status).toBe(403);
  });
});

describe('to whom one may assign', () => {
  test('a role names the members it gives to; others are refused and nothing moves', async () => {
    const [id] = await company.capture([someone()]);
    expect(codeOf(await assign(boss.api, id!, bob.id))).toBe('RECEIVER_NOT_ALLOWED');
    expect(await company.lead(id!)).not.toMatchObject({ owner_id: bob.id });
    expectStatus(await assign(boss.api, id!, ann.id), 200);
    expect(await company.lead(id!)).toMatchObject({ owner_id: ann.id });
  });
});

describe('rows limited by the value of a field', () => {
  const only = { leads: { country: ['CN'], 'custom.region': ['north', 'south'] } };
  let north: number;
  let west: number;
  let hers: number;
  let carl: Person;
  const seen = async (query = ''): Promise<number[]> =>
    expectStatus(await carl.api.get<{ id: number }[]>(`/api/console/leads?sort=["id","ASC"]&range=[0,99]${query}`), 200).map(
      ({ id }) => id,
    );
  const make = async (custom: Record<string, unknown>, more: Record<string, unknown>): Promise<number> =>
    expectStatus(await company.admin.post<{ id: number }>('/api/console/leads', someone({ ...more, custom })), 200).id;

  beforeAll(async () => {
    const option = (value: string): Record<string, unknown> => ({ value, label: label(value) });
    expectStatus(
      await company.admin.post('/api/console/fields', {
        ...{ entity: 'lead', key: 'region', type: 'select', label: label('Region') },
        options: ['north', 'south', 'west'].map(option),
      }),
      200,
    );
    expectStatus(
      await company.admin.post('/api/console/roles', {
        key: 'northern',
        label: label('Northern'),
        resources: {
          leads: { read: ['own', 'all'], update: ['own', 'all'], create: ['all'] },
          tasks: { read: ['all'] },
          activities: { read: ['all'] },
        },
        fields: { leads: { '*': 'write' }, tasks: { '*': 'read' }, activities: { '*': 'read' } },
        only,
      }),
      200,
    );
    carl = await company.person('carl', { roles: ['northern'], team: company.teams.east });
    north = await make({ region: 'north' }, { country: 'CN' });
    west = await make({ region: 'west' }, { country: 'CN' });
    hers = await make({ region: 'north' }, { country: 'DE' });
  });

  test('lists, counts, single reads, what hangs on a lead, and writes hold to it', async () => {
    expect(await seen()).toEqual([north]);
    expect(await seen(`&filter=${JSON.stringify({ country: 'DE' })}`)).toEqual([]);
    const list = await carl.api.get('/api/console/leads?range=[0,0]');
    expect(list.headers.get('content-range')).toBe('leads 0-0/1');
    for (const id of [west, hers]) {
      expect((await carl.api.get(`/api/console/leads/${id}`)).status).toBe(404);
      expect((await carl.api.get(`/api/console/leads/${id}/timeline`)).status).toBe(404);
      expect((await carl.api.put(`/api/console/leads/${id}`, { city: 'X' })).status).toBe(404);
    }
    expectStatus(await carl.api.put(`/api/console/leads/${north}`, { city: 'X' }), 200);
    await company
      .db('crm_tasks')
      .insert([north, west].map((lead) => ({ lead_id: lead, title: JSON.stringify(label('Call')), kind: 'call', state: 'open' })));
    const tasks = expectStatus(await carl.api.get<{ lead: number }[]>('/api/console/tasks?range=[0,99]'), 200);
    expect(tasks.map(({ lead }) => lead)).toEqual([north]);
    expect(codeOf(await carl.api.post('/api/console/leads', someone({ country: 'DE', custom: { region: 'north' } })))).toBe('FORBIDDEN');
  });

  test('what one is given one sees, wherever it is from', async () => {
    expectStatus(await assign(company.admin, hers, carl.id), 200);
    expect(await seen()).toEqual([north, hers]);
  });

  test('one makes such a lead oneself', async () => {
    const values = someone({ country: 'CN', custom: { region: 'south' } });
    const { id } = expectStatus(await carl.api.post<{ id: number }>('/api/console/leads', values), 200);
    expect(await seen()).toContain(id);
  });

  test('the explanation tells it, and the console gets the same rules', async () => {
    const about = async (id: number): Promise<Explained> =>
      expectStatus(await company.admin.post<Explained>('/api/console/access/explain', { member: carl.id, resource: 'leads', id }), 200);
    const read = (explained: Explained) => explained.verbs.find(({ verb }) => verb === 'read');
    expect(read(await about(west))).toEqual({
      verb: 'read',
      allowed: false,
      because: [
        { role: 'northern', scope: 'own', holds: false },
        { role: 'northern', scope: 'all', holds: false },
      ],
    });
    expect(read(await about(north))?.because).toContainEqual({ role: 'northern', scope: 'all', holds: true });
    const me = expectStatus(
      await carl.api.get<{ rules: { action: string; subject: string; conditions?: unknown }[] }>('/api/console/me'),
      200,
    );
    expect(me.rules).toContainEqual({
      action: 'read',
      subject: 'leads',
      conditions: { 'has.country': { $in: ['CN'] }, 'has.custom.region': { $in: ['north', 'south'] } },
    });
  });

  test('a role that cannot be right is refused with the path; one that limits by what is not there is a finding, and lets nothing through', async () => {
    const role = (more: Record<string, unknown>) =>
      company.admin.post<ErrorBody & { id: number }>('/api/console/roles', {
        key: 'odd',
        label: label('Odd'),
        resources: {},
        fields: {},
        ...more,
      });
    for (const [wrong, field] of [
      [{ resources: { leads: { read: ['everything'] } } }, 'resources.leads.read.0'],
      [{ fields: { leads: { name: 'loud' } } }, 'fields.leads.name'],
      [{ only: { leads: { country: [] } } }, 'only.leads.country'],
      [{ only: { leads: { "country' OR true": ['x'] } } }, "only.leads.country' OR true"],
      [{ revealPerDay: -1 }, 'revealPerDay'],
    ] as const) {
      const { status, body } = await role(wrong);
      expect([status, body.error?.details.code, body.error?.details['field']]).toEqual([400, 'ROLE_INVALID', field]);
    }
    const { id } = expectStatus(
      await role({
        resources: { leads: { read: ['all'] } },
        fields: { leads: { '*': 'read' } },
        only: { leads: { 'custom.nothing': ['x'] } },
      }),
      200,
    );
    const dora = await company.person('dora', { roles: ['odd'] });
    expect(expectStatus(await dora.api.get('/api/console/leads?range=[0,9]'), 200)).toEqual([]);
    const { findings } = expectStatus(await company.admin.get<{ findings: { code: string; id: number }[] }>('/api/console/lint'), 200);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'ROLE_LIMIT_UNKNOWN', id }));
  });
});

describe('a reveal', () => {
  test('is history, and ends at the quota of the role until the member’s next day', async () => {
    await company.moveClock('2027-03-01T02:00:00Z');
    const ids = await company.capture(Array.from({ length: 3 }, (_, index) => someone({ phone: `1381234567${index}` })));
    for (const id of ids) expectStatus(await assign(company.admin, id, ann.id), 200);
    const reveal = (id: number) => ann.api.post<{ phone?: string } & ErrorBody>(`/api/console/leads/${id}/reveal`);
    expect(expectStatus(await reveal(ids[0]!), 200).phone).toContain('13812345670');
    expectStatus(await reveal(ids[1]!), 200);
    const refused = await reveal(ids[2]!);
    expect([refused.status, refused.body.error.details.code]).toEqual([429, 'REVEAL_QUOTA']);
    expect(refused.body.error.details).toMatchObject({ limit: 2, used: 2, resetsAt: '2027-03-01T16:00:00.000Z' });
    const told = await company.events('lead.revealed');
    expect(told.map(({ data }) => data)).toEqual([
      { limit: 2, used: 1 },
      { limit: 2, used: 2 },
    ]);
    await company.moveClock('2027-03-01T16:00:01Z');
    expectStatus(await reveal(ids[2]!), 200);
  });

  test('two at once do not slip past the quota together', async () => {
    await company.moveClock('2027-03-03T02:00:00Z');
    const ids = await company.capture(Array.from({ length: 6 }, (_, index) => someone({ phone: `1391234567${index}` })));
    for (const id of ids) expectStatus(await assign(company.admin, id, ann.id), 200);
    const answers = await Promise.all(ids.map((id) => ann.api.post(`/api/console/leads/${id}/reveal`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  });
});
