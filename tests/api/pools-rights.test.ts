import { expectStatus, someone, startCompany, until, type Company, type Person } from '../support/fixtures';
import { uploadBytes } from '../support/import-file';
import { claim, codeOf, ground, verb, type Answer, type Ground } from './pools-support';

let company: Company;
let on: Ground;

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock('2026-03-02T02:00:00Z');
  on = ground(company);
}, 300_000);
afterAll(() => company?.server.close());

/** A pool in which one person has exactly these rights. */
async function withRights(
  rights: readonly string[],
  more: Record<string, unknown> = {},
): Promise<{ id: number; person: Person; lead: number }> {
  const id = await on.pool();
  const person = await on.rep({ roles: ['sales'], team: company.teams.south });
  const [lead] = await company.stock(id, 1);
  await on.change(id, { kind: 'claimable', members: [{ type: 'member', ref: person.id, rights }], ...more });
  await until('the person knows his rights', async () =>
    expectStatus(await person.api.get<{ id: number }[]>('/api/console/pools/board'), 200).some((card) => card.id === id),
  );
  return { id, person, lead: lead! };
}

describe('rights in a pool, each for itself', () => {
  const attempts: Record<string, (ground: { id: number; person: Person; lead: number }) => Promise<{ status: number }>> = {
    see: ({ person, lead }) => person.api.get(`/api/console/leads/${lead}`),
    edit: ({ person, lead }) => person.api.put(`/api/console/leads/${lead}`, { industry: 'Steel' }),
    transfer: async ({ person, lead }) => verb(person, lead, 'move', { pool: await open(person) }),
    assign: ({ person, lead }) => verb(person, lead, 'assign', { owner: person.id }),
    claim: ({ person, lead }) => claim(person, lead),
  };
  /** Another pool into which the person may move leads. */
  const open = async (person: Person): Promise<number> => {
    const id = await company.publish('pools', `open-to-${person.id}`, {
      kind: 'claimable',
      members: [{ type: 'member', ref: person.id, rights: ['transfer'] }],
    });
    await until('the other pool is known', async () =>
      expectStatus(await person.api.get<{ id: number }[]>('/api/console/pools/board'), 200).some((card) => card.id === id),
    );
    return id;
  };

  test.each(Object.keys(attempts))(
    'the right "%s" allows what it says and nothing else; "manage" allows all',
    async (right) => {
      const own = await withRights([right]);
      const allowed = await attempts[right]!(own);
      expect({ right, status: allowed.status }).toEqual({ right, status: 200 });
      for (const other of Object.keys(attempts)) {
        if (other === right || other === 'see') continue;
        const answer = await attempts[other]!(await withRights([right]));
        expect({ right, other, refused: answer.status >= 400 }).toEqual({ right, other, refused: true });
      }
      expect((await attempts[right]!(await withRights(['manage']))).status).toBe(200);
    },
    120_000,
  );

  test('export takes out the leads of pools with that right, and no others', async () => {
    const [may, mayNot] = [await withRights(['export']), await withRights(['see'])];
    const may2 = await company.person('exporter', { roles: ['sales'], team: company.teams.south });
    for (const [pool, rights] of [
      [may.id, ['export']],
      [mayNot.id, ['see']],
    ] as const)
      await on.change(pool, { kind: 'claimable', members: [{ type: 'member', ref: may2.id, rights }] });
    await until(
      'both pools are known',
      async () => expectStatus(await may2.api.get<unknown[]>('/api/console/pools/board'), 200).length === 2,
    );
    const file = await fetch(`${may2.api.url}/api/console/leads/export?format=csv`, {
      headers: { authorization: `Bearer ${may2.api.token}` },
    });
    const text = await file.text();
    expect({ status: file.status }).toEqual({ status: 200 });
    const nameOf = async (lead: number): Promise<string> => String((await company.lead(lead))['company']);
    expect(text).toContain(await nameOf(may.lead));
    expect(text).not.toContain(await nameOf(mayNot.lead));
  });

  test.each(['see', 'claim', 'assign', 'transfer', 'edit', 'import', 'export', 'manage'])(
    'with the right "%s" a file is brought in, leads are taken out and the pool is kept only where it says so',
    async (right) => {
      const keeps = right === 'manage';
      const id = await on.pool();
      const [lead] = await company.stock(id, 1);
      const person = await on.rep({ roles: ['pool-admin'], team: company.teams.south });
      await on.change(id, { kind: 'claimable', members: [{ type: 'member', ref: person.id, rights: [right] }] });
      const known = async (): Promise<boolean> =>
        expectStatus(await person.api.get<{ id: number }[]>('/api/console/pools/board'), 200).some((card) => card.id === id);
      // Whoever brings leads in need not see those that lie there.
      if (right !== 'import') await until('the person knows his right', known);
      const brought = await uploadBytes(person.api, 'in.csv', 'Name,Company\nAda,Looms Ltd\n', { destination: { pool: id } });
      const started =
        brought.status === 200 ? (await person.api.post(`/api/console/imports/${brought.body.id}/start`)).status : brought.status;
      expect({ right, imports: started === 200 }).toEqual({ right, imports: keeps || right === 'import' });
      const file = await fetch(`${person.api.url}/api/console/leads/export?format=csv`, {
        headers: { authorization: `Bearer ${person.api.token}` },
      });
      const theirs = String((await company.lead(lead!))['company']);
      expect({ right, exports: (await file.text()).includes(theirs) }).toEqual({ right, exports: keeps || right === 'export' });
      const rep = await on.rep({ team: company.teams.south });
      await on.change(id, { kind: 'claimable', members: [{ type: 'member', ref: rep.id, rights: [right] }] });
      if (right !== 'import')
        await until('the rep knows his right', async () =>
          expectStatus(await rep.api.get<{ id: number }[]>('/api/console/pools/board'), 200).some((card) => card.id === id),
        );
      const fair = await rep.api.get(`/api/console/pools/fair-play?pool=${id}`);
      expect({ right, keeps: fair.status === 200 }).toEqual({ right, keeps });
    },
    60_000,
  );

  test('complaint 2.1.2: who has rights in two pools moves leads between them; into a third he may not', async () => {
    const from = await withRights(['transfer']);
    const third = await on.pool();
    const refused = await verb(from.person, from.lead, 'move', { pool: third });
    expect(refused.status).toBe(403);
    const to = await open(from.person);
    expectStatus(await verb(from.person, from.lead, 'move', { pool: to, note: 'Better there' }), 200);
    expect(await company.lead(from.lead)).toMatchObject({ owner_id: null, pool_id: to, home_pool_id: to });
    expect((await company.events('lead.moved')).filter((event) => event.subject_id === from.lead)).toMatchObject([
      { actor_id: from.person.id, before: { owner: null, pool: from.id }, after: { owner: null, pool: to } },
    ]);
  });

  test.each([
    ['does not see', { claim: ['all'], read: ['own'] }, 'NOT_FOUND'],
    ['may not claim', { claim: ['own'], read: ['all'] }, 'FORBIDDEN'],
  ])('what somebody %s he cannot claim, whatever else would refuse or allow it', async (_name, leads, code) => {
    const key = `claims-${code.toLowerCase().replace('_', '-')}`;
    expectStatus(
      await company.admin.post('/api/console/roles', { key, label: { zh: key, en: key }, resources: { leads }, fields: {} }),
      200,
    );
    const id = await company.publish('pools', `for-${key}`, { kind: 'claimable', members: [{ type: 'everyone', rights: ['claim'] }] });
    const closed = await company.publish('pools', `not-for-${key}`, {
      kind: 'claimable',
      members: [{ type: 'team', ref: 'east', rights: ['see'] }],
    });
    const person = await company.person(key, { roles: [key], team: company.teams.south });
    const [lead, other] = [...(await company.stock(id, 1)), ...(await company.stock(closed, 1))];
    await company.db('crm_members').where({ id: person.id });
    for (const [one, pool] of [
      [lead!, id],
      [lead!, null],
      [other!, closed],
    ] as const)
      expect({ pool, code: codeOf(await verb(person, one, 'claim', { pool })) }).toEqual({ pool, code });
    expect(await company.lead(lead!)).toMatchObject({ owner_id: null, pool_id: id });
  });

  test('who keeps pools knows what the roles are called, though not what they may; others do not', async () => {
    const namesFor = async (key: string, roles: readonly string[]): Promise<unknown> => {
      const person = await company.person(key, { roles: [...roles], team: company.teams.south });
      const meta = expectStatus(await person.api.get<{ roles: { key: string }[] }>('/api/console/meta'), 200);
      expect((await person.api.get('/api/console/roles')).status).toBe(403);
      return meta.roles.find((role) => role.key === 'sales');
    };
    expect(await namesFor('keeper-of-names', ['pool-admin'])).toMatchObject({ key: 'sales', label: { en: 'Sales' } });
    expect(await namesFor('no-names', ['sales'])).toBeUndefined();
  });

  test('kinds that are not claimed from refuse a claim', async () => {
    // Leads of a queue are not seen before they come.
    for (const [kind, code] of [
      ['assigned', 'NOT_CLAIMABLE'],
      ['pull', 'NOT_FOUND'],
      ['drop', 'NOT_CLAIMABLE'],
    ]) {
      const id = await company.publish('pools', `kind-${kind}`, { kind, members: [{ type: 'team', ref: 'east', rights: ['claim'] }] });
      const person = await on.rep();
      const [lead] = await company.stock(id, 1);
      expect({ kind, code: codeOf(await claim(person, lead!)) }).toEqual({ kind, code });
    }
  });
});

describe('fields hidden or masked per pool and role', () => {
  interface Row {
    readonly id: number;
    readonly company: string | null;
    readonly city: string | null;
    readonly _masked?: string[];
  }

  test('while a lead lies in the pool: not shown, not found, not sorted by; the owner and whoever manages the pool see all', async () => {
    const id = await company.publish('pools', 'covered', {
      kind: 'claimable',
      members: [
        { type: 'team', ref: 'east', rights: ['claim'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      fields: [
        { field: 'company', access: 'hidden' },
        { field: 'city', access: 'masked', role: 'sales' },
      ],
    });
    const [person, sdr, boss] = [await on.rep(), await on.rep({ roles: ['sdr'] }), await on.rep({ roles: ['pool-admin'] })];
    const [lead] = await company.stock(id, 1, () => someone({ company: 'Quiet Harbour Ltd', city: 'Ningbo' }));
    const read = async (who: Person): Promise<Row> => expectStatus(await who.api.get<Row>(`/api/console/leads/${lead}`), 200);
    expect(await read(person)).toMatchObject({ company: null, city: '***' });
    expect((await read(person))._masked).toEqual(expect.arrayContaining(['company', 'city']));
    expect(await read(sdr)).toMatchObject({ company: null, city: 'Ningbo' });
    expect(await read(boss)).toMatchObject({ company: 'Quiet Harbour Ltd', city: 'Ningbo' });
    const find = async (who: Person, filter: Record<string, unknown>) =>
      expectStatus(await who.api.get<Row[]>(`/api/console/leads?filter=${encodeURIComponent(JSON.stringify(filter))}`), 200).map(
        (row) => row.id,
      );
    expect(await find(person, { q: 'Quiet Harbour' })).toEqual([]);
    expect(await find(person, { city: 'Ningbo' })).toEqual([]);
    expect(await find(boss, { q: 'Quiet Harbour' })).toEqual([lead]);
    const where = { combinator: 'and', rules: [{ field: 'lead.company', operator: 'beginsWith', value: 'Quiet' }] };
    expect(await find(person, { where })).toEqual([]);
    expect((await person.api.get(`/api/console/leads?sort=${encodeURIComponent('["company","ASC"]')}`)).status).toBe(403);
    const story = await person.api.get(`/api/console/leads/${lead}/timeline`);
    expect(JSON.stringify(story.body)).not.toContain('Quiet Harbour');
    expectStatus(await claim(person, lead!), 200);
    expect(await read(person)).toMatchObject({ company: 'Quiet Harbour Ltd', city: 'Ningbo' });
  });
});

describe('retiring a pool', () => {
  test('leaves no lead behind: without a receiver it is refused, with one everything moves there', async () => {
    const [old, receiver] = [
      await on.pool({ recycle: { rules: [{ key: 'idle', label: { zh: '闲置', en: 'Idle' }, after: 'P30D' }] } }),
      await on.pool({ recycle: { rules: [{ key: 'idle', label: { zh: '闲置', en: 'Idle' }, after: 'P60D' }] } }),
    ];
    const person = await on.rep();
    const [lying, held] = await company.stock(old, 2);
    expectStatus(await claim(person, held!), 200);
    const retire = (body: Record<string, unknown>) => company.admin.post<Answer>(`/api/console/pools/${old}/retire`, body);
    const refused = await retire({});
    expect({ status: refused.status, ...refused.body.error.details }).toMatchObject({
      status: 409,
      code: 'POOL_NOT_EMPTY',
      available: 1,
      held: 1,
    });
    expect((await company.admin.delete(`/api/console/pools/${old}`)).status).toBe(409);
    const before = (await company.lead(held!))['recycle_at'] as Date;
    expectStatus(await retire({ to: receiver }), 200);
    await until('the leads have moved', async () => (await company.lead(lying!))['pool_id'] === receiver);
    await until('the held lead has another home', async () => (await company.lead(held!))['home_pool_id'] === receiver);
    const after = (await company.lead(held!))['recycle_at'] as Date;
    expect(after.getTime()).toBeGreaterThan(before.getTime());
    expect((await company.events('lead.moved')).filter((event) => event.subject_id === lying)).toMatchObject([
      { before: { pool: old }, after: { owner: null, pool: receiver } },
    ]);
    expect(await company.db('crm_leads').where({ pool_id: old })).toEqual([]);
  });
});
