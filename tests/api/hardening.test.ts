import { STANDARD_LIFECYCLE } from '@leadsea/leads';
import {
  CALENDAR,
  expectStatus,
  poolBody,
  someone,
  startCompany,
  until,
  type Company,
  type ErrorBody,
  type Person,
  type VerbAnswer,
} from '../support/fixtures';

let company: Company;
let poolId: number;
let ann: Person;
let ben: Person;

/** Shanghai time as an instant. */
const at = (local: string): string => new Date(`${local}+08:00`).toISOString();
const codeOf = (answer: { body: unknown }): string => (answer.body as ErrorBody).error.details.code;
const openTasks = async (id: number) =>
  company.db('crm_tasks').where({ lead_id: id, state: 'open' }).orderBy('key').select('key', 'owner_id', 'due_at');
const recycleAt = async (id: number): Promise<string | null> =>
  ((await company.lead(id))['recycle_at'] as Date | null)?.toISOString() ?? null;

async function capture(body: unknown, headers: Record<string, string> = {}, key = 'web') {
  const response = await fetch(`${company.server.url}/api/capture/${key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as { results: { status: string; lead: number | null }[] } & ErrorBody };
}
async function claimed(person: Person): Promise<number> {
  const [id] = await company.stock(poolId, 1);
  expectStatus(await person.api.post(`/api/console/leads/${id}/claim`), 200);
  return id!;
}
const role = async (key: string, resources: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<void> => {
  const fields = { leads: { '*': 'write' }, pools: { '*': 'read' }, events: { '*': 'read' } };
  expectStatus(await company.admin.post('/api/console/roles', { key, label: { zh: key, en: key }, resources, fields, ...more }), 200);
};

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
  poolId = await company.publish('pools', 'open', poolBody('east', { isDefault: true, calendar: 'office' }));
  ann = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  ben = await company.person('ben', { roles: ['sales'], team: company.teams.east });
}, 300_000);
afterAll(() => company?.server.close());

describe('history tells no more than the lead itself', () => {
  const secret = { email: 'hidden.person@kept.example', phone: '+8613911112222', company: 'Shown Ltd' };
  let id: number;
  beforeAll(async () => {
    [id] = (await company.stock(poolId, 1, () => secret)) as [number];
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { phone: '+8613911113333', address: 'Secret Street 1' }), 200);
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { phone: '+8613911114444' }), 200);
  });
  const leaks = (body: unknown): string[] =>
    ['hidden.person', '1391111', 'Secret Street'].filter((text) => JSON.stringify(body).includes(text));

  test('the timeline of an unclaimed pool lead shows no contact data to those who see it masked, and all of it to its owner', async () => {
    const masked = expectStatus(await ann.api.get<unknown[]>(`/api/console/leads/${id}/timeline`), 200);
    expect(masked.length).toBeGreaterThan(2);
    expect(leaks(masked)).toEqual([]);
    expect(JSON.stringify(masked)).toContain('Shown Ltd');
    expectStatus(await ann.api.post(`/api/console/leads/${id}/claim`), 200);
    const own = JSON.stringify(expectStatus(await ann.api.get(`/api/console/leads/${id}/timeline`), 200));
    expect(own).toContain('+8613911114444');
    expect(own).not.toMatch(/(email|phone|domain|company)(_key|Key)"/);
  });

  test('an auditor, who sees contact data masked, finds none in events and decisions; an administrator finds it', async () => {
    const auditor = await company.person('auditor', { roles: ['auditor'] });
    for (const resource of ['events', 'decisions']) {
      const list = (person: Person | Company['admin']) =>
        ('api' in person ? person.api : person).get<unknown[]>(
          `/api/console/${resource}?filter=${encodeURIComponent(JSON.stringify({ subject: 'lead', subjectId: id }))}`,
        );
      expect(leaks(expectStatus(await list(auditor), 200))).toEqual([]);
      if (resource === 'events') expect(leaks(expectStatus(await list(company.admin), 200))).not.toEqual([]);
    }
    const probe = await auditor.api.get(`/api/console/events?filter=${encodeURIComponent(JSON.stringify({ data_null: false }))}`);
    expect(probe.status).toBe(400);
  });

  test('the flag "reveal pool" of a role counts like the verb', async () => {
    const [lying] = await company.stock(poolId, 1, () => ({ phone: '+8613911115555' }));
    const read = { leads: { read: ['pool'] } };
    await role('plain', read);
    await role('seeing', read, { revealPool: true });
    const [plain, seeing] = [
      await company.person('plain', { roles: ['plain'], team: company.teams.east }),
      await company.person('seeing', { roles: ['seeing'], team: company.teams.east }),
    ];
    const phone = async (person: Person) => (await person.api.get<{ phone?: string }>(`/api/console/leads/${lying}`)).body.phone;
    await until('the role is known', async () => (await phone(seeing)) === '+8613911115555');
    expect(await phone(plain)).not.toBe('+8613911115555');
  });
});

describe('a claim needs the right to claim', () => {
  test('the best leads of a pool are not for those who may only look', async () => {
    await role('looker', { leads: { read: ['pool', 'own'] }, pools: { read: ['all'] } });
    const looker = await company.person('looker', { roles: ['looker'], team: company.teams.east });
    const [id] = await company.stock(poolId, 1);
    const answer = await until('the role is known', async () => {
      const given = await looker.api.post<ErrorBody>(`/api/console/pools/${poolId}/claim`, { count: 1 });
      return given.status === 403 && given;
    });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect((await company.lead(id!))['owner_id']).toBeNull();
  });
});

describe('edits', () => {
  test('a record sent back from an older version is refused with what differs, and nothing is written', async () => {
    const id = await claimed(ann);
    const mine = expectStatus(await ann.api.get<Record<string, unknown>>(`/api/console/leads/${id}`), 200);
    expectStatus(await company.admin.put(`/api/console/leads/${id}`, { city: 'Wuhan' }), 200);
    const refused = await ann.api.put<ErrorBody>(`/api/console/leads/${id}`, { ...mine, title: 'CTO' });
    expect(refused.status).toBe(409);
    expect(refused.body.error.details).toMatchObject({
      code: 'STALE',
      fields: expect.arrayContaining(['city', 'title']),
      current: { city: 'Wuhan' },
    });
    expect(await company.lead(id)).toMatchObject({ city: 'Wuhan', title: null });
    const fresh = expectStatus(await ann.api.get<Record<string, unknown>>(`/api/console/leads/${id}`), 200);
    expectStatus(await ann.api.put(`/api/console/leads/${id}`, { ...fresh, title: 'CTO' }), 200);
    expect(await company.lead(id)).toMatchObject({ city: 'Wuhan', title: 'CTO' });
  });

  test('a poor repeat of a good lead fills no rubbish in and does not quarantine it', async () => {
    const [id] = await company.capture([{ name: 'Good Lead', phone: '+8613922223333' }]);
    await capture({ name: 'Good Lead', phone: '+8613922223333', email: 'not an address', employees: 'many', city: 'Xi’an' });
    expect(await company.lead(id!)).toMatchObject({ quarantine: null, email: null, city: 'Xi’an', stage: 'lead' });
  });

  test('an account gives up its key with its website, follows its owner’s team and is refused from an older version', async () => {
    const made = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/accounts', { name: 'Acme', website: 'https://acme-one-account.com' }),
      200,
    );
    const read = () => company.db('crm_accounts').where({ id: made.id }).first();
    expect((await read())['domain_key']).toBe('acme-one-account.com');
    const old = expectStatus(await company.admin.get<Record<string, unknown>>(`/api/console/accounts/${made.id}`), 200);
    expectStatus(await company.admin.put(`/api/console/accounts/${made.id}`, { website: null, owner: ann.id }), 200);
    expect(await read()).toMatchObject({ domain_key: null, owner_id: ann.id, team_id: company.teams.east, version: 2 });
    expect(codeOf(await company.admin.put(`/api/console/accounts/${made.id}`, { ...old, city: 'X' }))).toBe('STALE');
    expect(codeOf(await company.admin.put(`/api/console/accounts/${made.id}`, { custom: { nonsense: 1 } }))).toMatch(/FIELD/);
  });
});

describe('verbs on many leads', () => {
  test('qualify goes on per lead and never closes one', async () => {
    const ids = await company.capture([someone(), someone(), someone()]);
    for (const to of ['srl', 'sql', 'opportunity'])
      expectStatus(await company.admin.post(`/api/console/leads/${ids[2]}/stage`, { to }), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${ids[1]}/stage`, { to: 'srl' }), 200);
    const { results } = expectStatus(await company.admin.post<VerbAnswer>('/api/console/leads/qualify', { ids }), 200);
    expect(results.map(({ ok, code }) => [ok, code])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, 'MOVE_NOT_ALLOWED'],
    ]);
    expect(await Promise.all(ids.map(async (id) => (await company.lead(id))['stage']))).toEqual(['mql', 'sql', 'opportunity']);
  });

  test('reveal answers for each lead with its own data and an event', async () => {
    const ids = await company.capture([someone(), someone()]);
    const { results } = expectStatus(
      await company.admin.post<{ results: { id: number; ok: boolean; email: string }[] }>('/api/console/leads/reveal', { ids }),
      200,
    );
    expect(results.map(({ email }) => email)).toEqual(await Promise.all(ids.map(async (id) => (await company.lead(id))['email'])));
    expect((await company.events('lead.revealed')).filter((event) => ids.includes(event.subject_id))).toHaveLength(2);
    const single = expectStatus(await company.admin.post<{ email: string }>(`/api/console/leads/${ids[0]}/reveal`), 200);
    expect(single.email).toBe(results[0]!.email);
  });

  test('taking leads back counts, and there is nothing to take where nobody holds', async () => {
    const id = await claimed(ann);
    expectStatus(await company.admin.post(`/api/console/leads/${id}/recycle`), 200);
    expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: poolId, recycle_count: 1 });
    const again = await company.admin.post(`/api/console/leads/${id}/recycle`);
    expect([again.status, codeOf(again)]).toEqual([409, 'NOT_HELD']);
    expect((await company.lead(id))['recycle_count']).toBe(1);
  });
});

describe('the public entrance', () => {
  test('characters the database refuses do not lose a lead, alone or in a list', async () => {
    const nul = (name: string) => ({ ...someone({ name }), remark: 'a\u0000b', 'odd\u0000key': '\ud800' });
    expect((await capture(nul('Nul One'))).status).toBe(202);
    const list = await capture([nul('Nul Two'), someone()]);
    expect([list.status, list.body.results.map(({ status }) => status)]).toEqual([202, ['created', 'created']]);
    expect(await company.db('crm_leads').whereLike('name', 'Nul %')).toHaveLength(2);
  });

  test('a refused request repeated with its key is refused the same way', async () => {
    const send = () => capture({ title: 'nobody' }, { 'idempotency-key': 'refused-1' }, 'bare');
    await company.source('bare');
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([400, 400]);
    expect(second.body.error).toEqual(first.body.error);
    expect(await company.db('crm_captures').where({ idempotency_key: 'refused-1' })).toHaveLength(1);
  });

  test('a bare number is read as one of the source’s country', async () => {
    await company.source('berlin', { country: 'DE' });
    const answer = await capture({ name: 'Local', phone: '030 901820' }, {}, 'berlin');
    expect((await company.lead(answer.body.results[0]!.lead!))['phone']).toBe('+4930901820');
  });
});

describe('what was promised', () => {
  test('moves to the new owner, and is closed when the date is taken away', async () => {
    const id = await claimed(ann);
    const due = at('2026-03-09T10:00:00');
    expectStatus(await ann.api.put(`/api/console/leads/${id}`, { nextActionAt: due }), 200);
    expectStatus(await ann.api.post(`/api/console/leads/${id}/transfer`, { owner: ben.id }), 200);
    expect(await openTasks(id)).toMatchObject([
      { key: 'first-contact', owner_id: ben.id },
      { key: 'next-action', owner_id: ben.id, due_at: new Date(due) },
    ]);
    expectStatus(await ben.api.put(`/api/console/leads/${id}`, { nextActionAt: null }), 200);
    expect((await openTasks(id)).map(({ key }) => key)).toEqual(['first-contact']);
  });

  test('the first contact is due by the owner’s own calendar', async () => {
    const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '14:00', end: '20:00' }]]));
    await company.publish('calendars', 'late', { key: 'late', tz: 'Asia/Shanghai', week });
    const late = await company.person('late', { roles: ['sales'], team: company.teams.east, calendar: 'late' });
    const [id] = await company.stock(poolId, 1);
    expectStatus(await company.admin.post(`/api/console/leads/${id}/assign`, { owner: late.id }), 200);
    expect(await openTasks(id!)).toMatchObject([{ due_at: new Date(at('2026-03-02T18:00:00')) }]);
  });
});

describe('rules that come later', () => {
  test('publishing a rule leaves leads that are held already alone for three working days; those without a home are planned too', async () => {
    const [held, homeless] = [await claimed(ann), (await company.capture([someone()]))[0]!];
    expectStatus(await company.admin.post(`/api/console/leads/${homeless}/assign`, { owner: ann.id }), 200);
    await company.moveClock(at('2026-04-13T10:00:00'));
    const rule = { key: 'idle', label: { zh: '闲置', en: 'Idle' }, since: 'follow-up', after: 'P3BD' };
    const draft = poolBody('east', { isDefault: true, calendar: 'office', recycle: { rules: [rule], warns: [] } });
    expectStatus(await company.admin.put(`/api/console/pools/${poolId}`, { draft }), 200);
    await company.moveClock(at('2026-04-13T10:00:00'));
    expectStatus(await company.admin.post(`/api/console/pools/${poolId}/publish`), 200);
    await until('the leads are planned anew', async () => (await recycleAt(held)) !== null && (await recycleAt(homeless)) !== null, 20);
    expect([await recycleAt(held), await recycleAt(homeless)]).toEqual([at('2026-04-16T10:00:00'), at('2026-04-16T10:00:00')]);
    expect((await company.lead(held))['owner_id']).toBe(ann.id);

    expectStatus(await ann.api.put(`/api/console/leads/${held}`, { nextActionAt: at('2026-04-13T11:00:00') }), 200);
    expect(await recycleAt(held)).toBe(at('2026-04-16T11:00:00'));
    await company.moveClock(at('2026-04-13T10:00:00'));
    expect(await recycleAt(await claimed(ben))).toBe(at('2026-04-16T10:00:00'));
  }, 60_000);

  test('what falls due while nobody works is taken back when work begins', async () => {
    const id = await claimed(ann);
    await company.moveClock(at('2026-04-18T12:00:00'));
    expect(await company.lead(id)).toMatchObject({ owner_id: ann.id });
    expect(await recycleAt(id)).toBe(at('2026-04-20T09:00:00'));
    await company.moveClock(at('2026-04-20T09:00:01'));
    expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: poolId, recycle_count: 1 });
  });
});

test('a stage of one’s own that ends in a loss closes the lead: its tasks are done, and it is not handed out', async () => {
  const graph = structuredClone(STANDARD_LIFECYCLE);
  graph.stages.push({ key: 'parked', label: { zh: '搁置', en: 'Parked' }, type: 'lost' });
  graph.transitions.push({ from: '*', to: 'parked', label: { zh: '搁置', en: 'Park' }, requires: [], reasons: [], manual: true });
  const [live] = (await company.admin.get<{ id: number }[]>('/api/console/lifecycles')).body;
  expectStatus(await company.admin.put(`/api/console/lifecycles/${live!.id}`, { draft: graph }), 200);
  expectStatus(await company.admin.post(`/api/console/lifecycles/${live!.id}/publish`), 200);
  const id = await claimed(ann);
  expectStatus(await ann.api.post(`/api/console/leads/${id}/stage`, { to: 'parked' }), 200);
  expect(await openTasks(id)).toEqual([]);
  expect(await recycleAt(id)).toBeNull();

  const pool = await company.publish('pools', 'parked-pool', poolBody('east'));
  const [lying] = await company.stock(pool, 1);
  expectStatus(await company.admin.post(`/api/console/leads/${lying}/stage`, { to: 'parked' }), 200);
  const cards = await until('the pool is seen', async () =>
    (await ben.api.get<{ id: number; available: number }[]>('/api/console/pools/board')).body.filter((card) => card.id === pool),
  );
  expect(cards).toMatchObject([{ available: 0 }]);
  expect(expectStatus(await ben.api.post<VerbAnswer>(`/api/console/pools/${pool}/claim`, { count: 1 }), 200).results).toEqual([]);
});
