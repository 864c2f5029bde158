import type { OpportunitySum } from '@leadsea/leads';
import { expectStatus, someone, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

let company: Company;
let ann: Person;
let bob: Person;
let boss: Person;

interface Deal {
  readonly id: number;
  readonly account: number | null;
}
interface Sums {
  readonly sums: readonly OpportunitySum[] | null;
}

/** A deal held by this person, as the body of its conversion says. */
async function deal(person: Person, body: Record<string, unknown>): Promise<Deal> {
  const [lead] = (await company.capture([someone()])) as [number];
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [lead], owner: person.id }), 200);
  for (const to of ['srl', 'sql']) expectStatus(await person.api.post(`/api/console/leads/${lead}/stage`, { to }), 200);
  const made = expectStatus(await person.api.post<{ id: number }>(`/api/console/leads/${lead}/convert`, body), 200);
  return expectStatus(await company.admin.get<Deal>(`/api/console/opportunities/${made.id}`), 200);
}
const sums = async (person: Pick<Person, 'api'>, filter: Record<string, unknown> = {}): Promise<Sums['sums']> =>
  expectStatus(await person.api.get<Sums>(`/api/console/opportunities/sums?filter=${encodeURIComponent(JSON.stringify(filter))}`), 200)
    .sums;

beforeAll(async () => {
  company = await startCompany();
  ann = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  bob = await company.person('bob', { roles: ['sales'], team: company.teams.east });
  boss = await company.person('boss', { roles: ['sales-manager'], team: company.salesTeam });
  await deal(ann, { amount: 1000, currency: 'CNY', probability: 50 });
  await deal(ann, { amount: 3000, currency: 'CNY' });
  await deal(ann, { amount: 700.5, currency: 'EUR', probability: 10 });
  await deal(ann, { currency: 'CNY', probability: 90 });
  await deal(bob, { amount: 20_000, currency: 'CNY', probability: 25 });
}, 300_000);
afterAll(() => company?.server.close());

test('opportunities add up by currency, and weighted by the probability of those that have one', async () => {
  expect(await sums(ann)).toEqual([
    { by: 'CNY', rows: 2, amount: 4000, weighed: 1, weighted: 500 },
    { by: 'EUR', rows: 1, amount: 700.5, weighed: 1, weighted: 70.05 },
  ]);
});

test('each person adds up what his list shows, by its filter', async () => {
  expect((await sums(boss))?.find(({ by }) => by === 'CNY')).toMatchObject({ rows: 3, amount: 24_000, weighted: 5500 });
  expect(await sums(boss, { owner: bob.id })).toEqual([{ by: 'CNY', rows: 1, amount: 20_000, weighed: 1, weighted: 5000 }]);
  expect(await sums(boss, { state: 'won' })).toEqual([]);
});

test('an amount that is masked enters no sum, and what may not be read may not be filtered by', async () => {
  const role = (key: string, fields: Record<string, string>) =>
    company.admin.post('/api/console/roles', {
      key,
      label: { zh: key, en: key },
      resources: { leads: { read: ['all'] }, opportunities: { read: ['all'] } },
      fields: { leads: { '*': 'read' }, opportunities: fields },
    });
  expectStatus(await role('sums-masked', { '*': 'read', amount: 'masked' }), 200);
  expectStatus(await role('sums-unsure', { '*': 'read', probability: 'hidden' }), 200);
  const blind = await company.person('blind', { roles: ['sums-masked'], team: company.salesTeam });
  const unsure = await company.person('unsure', { roles: ['sums-unsure'], team: company.salesTeam });
  expect(await sums(blind)).toBeNull();
  const refused = await blind.api.get<ErrorBody>('/api/console/opportunities/sums?filter={"amount_gt":1000}');
  expect([refused.status, refused.body.error.details?.code]).toEqual([403, 'FIELD_NOT_SEARCHABLE']);
  expect((await sums(unsure))?.find(({ by }) => by === 'EUR')).toEqual({
    by: 'EUR',
    rows: 1,
    amount: 700.5,
    weighed: null,
    weighted: null,
  });
});

test('a probability is a whole number from 0 to 100, at every entrance', async () => {
  const made = await deal(ann, { amount: 10, currency: 'USD' });
  const put = (probability: unknown) => ann.api.put<ErrorBody>(`/api/console/opportunities/${made.id}`, { probability });
  for (const wrong of [101, -1, 12.5]) {
    const refused = await put(wrong);
    expect([refused.status, refused.body.error.details?.code]).toEqual([400, 'VALUE_INVALID']);
  }
  expectStatus(await put(100), 200);
  expect((await sums(ann))?.find(({ by }) => by === 'USD')).toMatchObject({ weighted: 10 });
  expectStatus(await put(null), 200);
  expect((await sums(ann))?.find(({ by }) => by === 'USD')).toMatchObject({ weighed: 0, weighted: 0 });
});
