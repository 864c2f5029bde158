import { expectStatus, someone, startCompany, type Company, type ErrorBody, type Person, type VerbAnswer } from '../support/fixtures';

let company: Company;
let ann: Person;
let bob: Person;
let boss: Person;
let pool: number;

const capture = async (count: number, more: Record<string, unknown> = {}): Promise<number[]> =>
  company.capture(Array.from({ length: count }, () => someone(more)));
const heldBy = async (person: Person, count: number, more: Record<string, unknown> = {}): Promise<number[]> => {
  const ids = await capture(count, more);
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids, owner: person.id }), 200);
  return ids;
};
interface Edited extends VerbAnswer {
  readonly request: string;
}
const undo = (person: { api: Person['api'] } | { api: Company['admin'] }, request: string) =>
  person.api.post<VerbAnswer & ErrorBody>('/api/console/leads/undo', { request });

beforeAll(async () => {
  company = await startCompany();
  pool = await company.publish('pools', 'craft', { kind: 'claimable', members: [{ type: 'everyone', rights: ['claim'] }], limits: [] });
  ann = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  bob = await company.person('bob', { roles: ['sales'], team: company.teams.east });
  boss = await company.person('boss', { roles: ['sales-manager'], team: company.salesTeam });
}, 300_000);
afterAll(() => company?.server.close());

describe('bulk edit and undo', () => {
  test('the same values for many leads, and all of it back with one request', async () => {
    const ids = await heldBy(ann, 3, { industry: 'Steel', city: 'Wuxi' });
    const edited = expectStatus(
      await ann.api.post<Edited>('/api/console/leads/edit', { ids, values: { industry: 'Glass', city: null, product: 'Pump' } }),
      200,
    );
    expect(edited.results.map(({ ok }) => ok)).toEqual([true, true, true]);
    for (const id of ids) expect(await company.lead(id)).toMatchObject({ industry: 'Glass', city: null, product: 'Pump' });
    const { results } = expectStatus(await undo(ann, edited.request), 200);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    for (const id of ids) expect(await company.lead(id)).toMatchObject({ industry: 'Steel', city: 'Wuxi', product: null });
  });

  test('what somebody changed since is left alone and reported, the rest goes back', async () => {
    const [first, second] = (await heldBy(ann, 2, { industry: 'Steel', city: 'Wuxi' })) as [number, number];
    const values = { industry: 'Glass', city: 'Suzhou' };
    const edited = expectStatus(await ann.api.post<Edited>('/api/console/leads/edit', { ids: [first, second], values }), 200);
    expectStatus(await company.admin.put(`/api/console/leads/${second}`, { industry: 'Paper' }), 200);
    const { results } = expectStatus(await undo(ann, edited.request), 200);
    expect(results).toMatchObject([
      { id: first, ok: true },
      { id: second, ok: false, code: 'CHANGED_SINCE', details: { fields: ['industry'] } },
    ]);
    expect(await company.lead(first)).toMatchObject({ industry: 'Steel', city: 'Wuxi' });
    expect(await company.lead(second)).toMatchObject({ industry: 'Paper', city: 'Wuxi' });
  });

  test('a change is taken back once, and only by who made it', async () => {
    const ids = await heldBy(ann, 2);
    const edited = expectStatus(await ann.api.post<Edited>('/api/console/leads/edit', { ids, values: { industry: 'Glass' } }), 200);
    expect((await undo(bob, edited.request)).status).toBe(404);
    expect((await undo({ api: company.admin }, edited.request)).status).toBe(404);
    expectStatus(await undo(ann, edited.request), 200);
    const again = await undo(ann, edited.request);
    expect([again.status, again.body.error.details.code]).toEqual([409, 'ALREADY_UNDONE']);
  });

  test('assigning, releasing and moving are taken back with the holder and the stage there were', async () => {
    const [id] = (await heldBy(ann, 1)) as [number];
    const before = await company.lead(id);
    const requestOf = (answer: { headers: Headers }): string => answer.headers.get('x-request-id') ?? '';

    const given = await boss.api.post('/api/console/leads/assign', { ids: [id], owner: bob.id });
    expectStatus(given, 200);
    expect((await company.lead(id))['owner_id']).toBe(bob.id);
    expectStatus(await undo(boss, requestOf(given)), 200);
    expect(await company.lead(id)).toMatchObject({ owner_id: ann.id, team_id: before['team_id'] });

    const released = await ann.api.post(`/api/console/leads/${id}/release`, { reason: 'no_answer', pool });
    expectStatus(released, 200);
    expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: pool });
    expectStatus(await undo(ann, requestOf(released)), 200);
    expect(await company.lead(id)).toMatchObject({ owner_id: ann.id, pool_id: null });

    const moved = await ann.api.post(`/api/console/leads/${id}/disqualify`, { reason: 'spam' });
    expectStatus(moved, 200);
    expectStatus(await undo(ann, requestOf(moved)), 200);
    expect(await company.lead(id)).toMatchObject({
      stage: before['stage'],
      disposition: before['disposition'],
      stage_entered_at: before['stage_entered_at'],
    });
  });

  test('who somebody is cannot be set for many, and a role writes only what it may', async () => {
    const ids = await heldBy(ann, 2, { annualRevenue: 5 });
    const edit = (values: Record<string, unknown>) => ann.api.post<ErrorBody>('/api/console/leads/edit', { ids, values });
    for (const values of [{ email: 'x@y.example' }, { stage: 'won' }, { owner: bob.id }, { nonsense: 1 }]) {
      const answer = await edit(values);
      expect([answer.status, answer.body.error.details.code]).toEqual([400, 'FIELD_NOT_WRITABLE']);
    }
    const readOnly = await edit({ annualRevenue: 9, industry: 'Glass' });
    expect([readOnly.status, readOnly.body.error.details.code]).toEqual([403, 'FIELD_NOT_WRITABLE']);
    expect(await company.lead(ids[0]!)).toMatchObject({ annual_revenue: '5.00', industry: null });
  });

  test('leads of others are refused one by one, and the changes of a week are listed', async () => {
    const [mine, theirs] = [(await heldBy(ann, 1))[0]!, (await heldBy(bob, 1))[0]!];
    const edited = expectStatus(
      await ann.api.post<Edited>('/api/console/leads/edit', { ids: [mine, theirs], values: { industry: 'Glass' } }),
      200,
    );
    expect(edited.results.map(({ ok }) => ok)).toEqual([true, false]);
    expect((await company.lead(theirs))['industry']).toBeNull();
    const recent = expectStatus(await ann.api.get<Record<string, unknown>[]>('/api/console/leads/recent-changes'), 200);
    expect(recent[0]).toMatchObject({ request: edited.request, kind: 'bulk-edit', leads: 1, undone: false });
    expect(recent.some(({ undone }) => undone === true)).toBe(true);
    const others = expectStatus(await bob.api.get<Record<string, unknown>[]>('/api/console/leads/recent-changes'), 200);
    expect(others.some(({ request }) => request === edited.request)).toBe(false);
  });
});

describe('shared views', () => {
  interface View {
    readonly id: number;
    readonly name: string;
    readonly owner: number;
  }
  const shared = async (person: Person): Promise<View[]> =>
    expectStatus(await person.api.get<View[]>('/api/console/shared-views?range=[0,99]'), 200);

  test('what is shared is seen by colleagues and changed by nobody else', async () => {
    const view = { filter: { label_in: ['hot'] }, sort: ['score', 'DESC'], columns: ['name'] };
    const make = (name: string, isShared: boolean) =>
      ann.api.post<View>('/api/console/saved-views', { name, resource: 'leads', view, shared: isShared });
    const open = expectStatus(await make('Hot ones', true), 200);
    expectStatus(await make('Private', false), 200);
    expect((await shared(bob)).map(({ name, owner }) => [name, owner])).toEqual([['Hot ones', ann.id]]);
    expect((await bob.api.put(`/api/console/saved-views/${open.id}`, { name: 'Mine' })).status).toBe(404);
    expect((await bob.api.delete(`/api/console/saved-views/${open.id}`)).status).toBe(404);
    expectStatus(await ann.api.put(`/api/console/saved-views/${open.id}`, { shared: false }), 200);
    expect(await shared(bob)).toEqual([]);
  });
});

describe('opportunities', () => {
  interface Deal {
    readonly id: number;
    readonly state: string;
    readonly lead: number;
    readonly owner: number;
    readonly amount: string | number | null;
  }
  const deals = async (lead: number): Promise<Deal[]> =>
    expectStatus(await company.admin.get<Deal[]>(`/api/console/opportunities?filter={"lead":${lead}}`), 200);
  const qualified = async (): Promise<number> => {
    const [id] = (await heldBy(ann, 1)) as [number];
    for (const to of ['srl', 'sql']) expectStatus(await ann.api.post(`/api/console/leads/${id}/stage`, { to }), 200);
    return id;
  };
  const convert = (id: number) => ann.api.post<Deal & ErrorBody>(`/api/console/leads/${id}/convert`, { amount: 5000, currency: 'CNY' });

  test('a qualified lead becomes an opportunity, once, and winning it wins the lead', async () => {
    const id = await qualified();
    const made = expectStatus(await convert(id), 200);
    expect(await company.lead(id)).toMatchObject({ stage: 'opportunity' });
    expect(await deals(id)).toMatchObject([{ id: made.id, state: 'open', owner: ann.id }]);
    const again = await convert(id);
    expect([again.status, again.body.error.details.code]).toEqual([409, 'OPPORTUNITY_OPEN']);
    expect((await bob.api.post(`/api/console/opportunities/${made.id}/won`)).status).toBe(404);
    expectStatus(await ann.api.post(`/api/console/opportunities/${made.id}/won`), 200);
    expect(await company.lead(id)).toMatchObject({ stage: 'won' });
    expect(await deals(id)).toMatchObject([{ state: 'won' }]);
  });

  test('a lead that is not qualified is not converted, and nothing changes', async () => {
    const [id] = (await heldBy(ann, 1)) as [number];
    const before = await company.lead(id);
    const answer = await convert(id);
    expect([answer.status, answer.body.error.details.code]).toEqual([409, 'NOT_QUALIFIED']);
    expect(await company.lead(id)).toEqual(before);
    expect(await deals(id)).toEqual([]);
  });

  test('losing asks for the reason the graph asks for; both steps can be taken back', async () => {
    const id = await qualified();
    const made = await convert(id);
    expectStatus(made, 200);
    const refused = await ann.api.post<ErrorBody>(`/api/console/opportunities/${made.body.id}/lost`, {});
    expect(refused.body.error.details.code).toBe('REASON_REQUIRED');
    const lost = await ann.api.post(`/api/console/opportunities/${made.body.id}/lost`, { reason: 'price' });
    expectStatus(lost, 200);
    expect(await company.lead(id)).toMatchObject({ stage: 'lost', disposition: 'price' });
    expectStatus(await undo(ann, lost.headers.get('x-request-id') ?? ''), 200);
    expect(await company.lead(id)).toMatchObject({ stage: 'opportunity', disposition: null });
    expect(await deals(id)).toMatchObject([{ state: 'open' }]);
    expectStatus(await undo(ann, made.headers.get('x-request-id') ?? ''), 200);
    expect(await company.lead(id)).toMatchObject({ stage: 'sql' });
    expect(await deals(id)).toMatchObject([{ state: 'cancelled' }]);
  });
});

describe('my own settings', () => {
  test('presence, language and zone are mine to set; roles and teams are not', async () => {
    const saved = expectStatus(
      await ann.api.put<{ member: Record<string, unknown> }>('/api/console/me', { presence: 'offline', timeZone: 'Europe/Berlin' }),
      200,
    );
    expect(saved.member).toMatchObject({ presence: 'offline' });
    expect(await company.db('crm_members').where({ id: ann.id }).first()).toMatchObject({
      presence: 'offline',
      time_zone: 'Europe/Berlin',
    });
    for (const body of [{}, { roles: ['crm-admin'] }, { team: 1 }, { timeZone: 'Mars/Base' }, { presence: 'asleep' }])
      expect((await ann.api.put('/api/console/me', body)).status).toBe(400);
    expect(await company.db('crm_members').where({ id: ann.id }).first()).toMatchObject({ roles: ['sales'] });
  });
});
