import {
  expectStatus,
  openLive,
  poolBody,
  someone,
  startCompany,
  until,
  type Company,
  type LiveStream,
  type Person,
} from '../support/fixtures';
import { api } from '../support/server';

let company: Company;
let poolId: number;
let a: Person;
let b: Person;
let south: Person;
let manager: Person;

const MARK = 'MARKER-7731';
const open: LiveStream[] = [];
const listen = async (person: Person): Promise<LiveStream> => {
  const stream = await openLive(person.api);
  open.push(stream);
  return stream;
};
const tells = (stream: LiveStream, type: string, id: number): boolean =>
  stream.told.some((told) => told.resource === 'leads' && told.type === type && told.ids.includes(id));
const heard = (stream: LiveStream, id: number): boolean => stream.told.some((told) => told.resource === 'leads' && told.ids.includes(id));
/** A change everybody in the pool hears, so that what was not heard before it will not be heard any more. */
async function fence(streams: readonly LiveStream[], pool: number): Promise<void> {
  const [id] = await company.stock(pool, 1);
  for (const stream of streams) await until('the fence is heard', async () => heard(stream, id!));
}

beforeAll(async () => {
  company = await startCompany();
  poolId = await company.publish('pools', 'open', poolBody('sales'));
  const eastPool = await company.publish('pools', 'east', poolBody('east', { isDefault: true }));
  a = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  b = await company.person('ben', { roles: ['sales'], team: company.teams.east });
  south = await company.person('sue', { roles: ['sales'], team: company.teams.south });
  manager = await company.person('max', { roles: ['sales-manager'], team: company.teams.east });
  poolId = eastPool;
}, 300_000);
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});
afterAll(() => company?.server.close());

test('nobody listens without a login', async () => {
  expect((await api(company.server.url).get('/api/console/live')).status).toBe(401);
});

test('a claim reaches the claimer as changed, the others of the pool as gone, the manager as changed, and a stranger not at all', async () => {
  const [id] = await company.stock(poolId, 1, () => ({ name: MARK, company: MARK }));
  const [mine, others, boss, stranger] = [await listen(a), await listen(b), await listen(manager), await listen(south)];
  expectStatus(await a.api.post(`/api/console/leads/${id}/claim`), 200);
  await until('the claimer hears', async () => tells(mine, 'changed', id!));
  await until('the colleague hears', async () => tells(others, 'gone', id!));
  await until('the manager hears', async () => tells(boss, 'changed', id!));
  expect(tells(others, 'changed', id!)).toBe(false);
  const all = (await company.db('crm_policies').where({ key: 'open' }).first('id'))?.['id'] as number;
  await fence([mine, others, stranger], all);
  expect(heard(stranger, id!)).toBe(false);
  for (const stream of [mine, others, boss, stranger]) expect(stream.raw()).not.toContain(MARK);
});

test('what happens to a lead of mine is told to me and to nobody who may not see it', async () => {
  const [id] = await company.stock(poolId, 1);
  expectStatus(await a.api.post(`/api/console/leads/${id}/claim`), 200);
  const [mine, others, stranger] = [await listen(a), await listen(b), await listen(south)];
  expectStatus(await a.api.put(`/api/console/leads/${id}`, { title: 'CTO' }), 200);
  expectStatus(await a.api.post(`/api/console/leads/${id}/activities`, { kind: 'call', outcome: 'connected' }), 200);
  await until('the owner hears', async () => tells(mine, 'changed', id!));
  const all = (await company.db('crm_policies').where({ key: 'open' }).first('id'))?.['id'] as number;
  await fence([others, stranger], all);
  expect([heard(others, id!), heard(stranger, id!)]).toEqual([false, false]);
});

test('a release brings the lead back for everybody of the pool; a refused claim is told to nobody', async () => {
  const [id] = await company.stock(poolId, 1);
  expectStatus(await a.api.post(`/api/console/leads/${id}/claim`), 200);
  const others = await listen(b);
  expect((await south.api.post(`/api/console/leads/${id}/claim`)).status).toBeGreaterThanOrEqual(400);
  await fence([others], poolId);
  expect(heard(others, id!)).toBe(false);
  expectStatus(await a.api.post(`/api/console/leads/${id}/release`, { reason: 'no_time' }), 200);
  await until('the colleague hears', async () => tells(others, 'changed', id!));
});

test('a person taken off a lead by an administrator hears that it is gone, and an assigned one that there is a notice', async () => {
  const [id] = await company.capture([someone()]);
  expectStatus(await company.admin.post(`/api/console/leads/${id}/assign`, { owner: a.id }), 200);
  const [mine, next] = [await listen(a), await listen(south)];
  expectStatus(await company.admin.post(`/api/console/leads/${id}/assign`, { owner: south.id }), 200);
  await until('the former owner hears', async () => tells(mine, 'gone', id!));
  await until('the new owner hears', async () => tells(next, 'changed', id!));
  await until('the new owner hears of the notice', async () => next.told.some((told) => told.resource === 'notifications'));
  expect(mine.told.some((told) => told.resource === 'notifications')).toBe(false);
});

test('who is limited to records with certain values hears that one is gone when it has others, and never which', async () => {
  const label = (en: string) => ({ zh: `${en}（中）`, en });
  const region = { entity: 'lead', key: 'region', type: 'select', label: label('Region') };
  const options = ['north', 'west'].map((value) => ({ value, label: label(value) }));
  expectStatus(await company.admin.post('/api/console/fields', { ...region, options }), 200);
  const role = {
    key: 'northern',
    label: label('Northern'),
    resources: { leads: { read: ['own', 'all'] } },
    fields: { leads: { '*': 'read' } },
    only: { leads: { country: ['CN'], 'custom.region': ['north'] } },
  };
  expectStatus(await company.admin.post('/api/console/roles', role), 200);
  const carl = await company.person('carl', { roles: ['northern'], team: company.teams.south });
  const make = async (country: string, custom: Record<string, unknown>, owner?: number): Promise<number> => {
    const [id] = await company.capture([someone({ name: MARK, company: MARK, country, custom })]);
    if (owner !== undefined) expectStatus(await company.admin.post(`/api/console/leads/${id}/assign`, { owner }), 200);
    return id!;
  };
  const [byColumn, byField, stays, strange, comes, own] = [
    await make('CN', { region: 'north' }),
    await make('CN', { region: 'north' }),
    await make('CN', { region: 'north' }),
    await make('DE', { region: 'west' }),
    await make('DE', { region: 'north' }),
    await make('CN', { region: 'north' }, carl.id),
  ];
  const [his, admins] = [await listen(carl), await openLive(company.admin)];
  open.push(admins);
  const put = async (id: number, values: object): Promise<void> =>
    void expectStatus(await company.admin.put(`/api/console/leads/${id}`, values), 200);
  await put(byColumn, { country: 'FR', city: `${MARK}-city` });
  await put(byField, { custom: { region: 'west' } });
  await put(stays, { city: `${MARK}-city` });
  await put(strange, { country: 'FR' });
  await put(comes, { country: 'CN' });
  await put(own, { country: 'FR' });
  for (const id of [byColumn, byField]) await until(`${id} is told to be gone`, async () => tells(his, 'gone', id));
  for (const id of [stays, comes, own]) await until(`${id} is told to have changed`, async () => tells(his, 'changed', id));
  await until('the administrator hears of all', async () => [byColumn, byField, strange].every((id) => tells(admins, 'changed', id)));
  // Out of his sight a lead changes unheard; the one that stays is told after it.
  const times = (id: number): number => his.told.filter(({ ids }) => ids.includes(id)).length;
  const [gone, stayed] = [times(byColumn), times(stays)];
  await put(byColumn, { country: 'IT', title: 'CTO' });
  await put(stays, { title: 'CTO' });
  await until('the lead that stays is told again', async () => times(stays) > stayed);
  expect(times(byColumn)).toBe(gone);
  for (const id of [byColumn, byField]) expect([id, tells(his, 'changed', id)]).toEqual([id, false]);
  for (const id of [stays, comes, own]) expect([id, tells(his, 'gone', id)]).toEqual([id, false]);
  expect(heard(his, strange)).toBe(false);
  expect(his.raw()).not.toMatch(new RegExp(`${MARK}|FR|west|country|region`));
  expect((await carl.api.get(`/api/console/leads/${byColumn}`)).status).toBe(404);
});
