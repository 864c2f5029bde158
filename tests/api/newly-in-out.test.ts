import type { MatchAnswer } from '../../plugins/crm-core/contracts';
import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla/contracts/templates';
import { CALENDAR, expectStatus, poolBody, someone, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

/** Who comes in and who falls out against the live version: of one condition, and of a whole policy. */
let company: Company;
let rep: Person;
beforeAll(async () => {
  company = await startCompany();
  await company.publish('calendars', 'office', CALENDAR);
  await company.publish('pools', 'rest', poolBody('sales'));
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
  const cities = ['Anqing', 'Anqing', 'Baoji', 'Baoji', 'Baoji', 'Chuxiong', null];
  for (const city of cities) expectStatus(await company.admin.post('/api/console/leads', someone({ city })), 200);
  const [one] = expectStatus(
    await company.admin.get<{ id: number }[]>(`/api/console/leads?filter=${encodeURIComponent('{"city":"Baoji"}')}`),
    200,
  );
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [one?.id], owner: rep.id }), 200);
});
afterAll(() => company.server.close());

const label = { zh: '规则', en: 'Rule' };
const inCities = (...cities: string[]) => ({ combinator: 'and', rules: [{ field: 'lead.city', operator: 'in', value: cities }] });
const total = (count: number) => ({ total: count, estimated: false });

const match = async (by: Pick<Person, 'api'>, input: Record<string, unknown>): Promise<MatchAnswer> =>
  expectStatus(await by.api.post<MatchAnswer>('/api/console/leads/match', input), 200);

/** Makes a policy live, then leaves another draft beside it, and asks what that would do. */
async function previewOf<Preview>(
  resource: string,
  key: string,
  live: unknown,
  draft: unknown,
): Promise<{ before: Preview; after: Preview }> {
  const id = await company.publish(resource, key, live);
  const preview = async () => expectStatus(await company.admin.post<Preview>(`/api/console/${resource}/${id}/preview`, {}), 200);
  const before = await preview();
  expectStatus(await company.admin.put(`/api/console/${resource}/${id}`, { draft }), 200);
  return { before, after: await preview() };
}

describe('one condition', () => {
  const admin = () => ({ api: company.admin });

  test('leads without a value are newly in when the condition is turned round', async () => {
    const live = inCities('Anqing', 'Baoji');
    const answer = await match(admin(), { where: { ...live, not: true }, against: live, sample: 'added' });
    expect(answer).toMatchObject({ matching: total(2), added: total(2), removed: total(5) });
    expect(answer.sample?.map((lead) => lead['city'])).toEqual([null, 'Chuxiong']);
  });

  test('the newest leads come first, and as many as ten', async () => {
    const { sample } = await match(admin(), { where: inCities('Anqing', 'Baoji', 'Chuxiong'), sample: 'matching' });
    const ids = sample?.map((lead) => Number(lead['id'])) ?? [];
    expect(ids).toHaveLength(6);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });

  test('a rep counts and sees only what his role lets him read', async () => {
    const answer = await match(rep, { where: inCities('Anqing', 'Baoji'), against: inCities('Anqing'), sample: 'added' });
    expect(answer).toMatchObject({ matching: total(1), added: total(1), removed: total(0) });
    expect(answer.sample).toMatchObject([{ city: 'Baoji', owner: rep.id }]);
  });

  test('whoever has no role is refused, and so is a condition over a field that is not there', async () => {
    const nobody = await company.person('nobody', { roles: [] });
    expect((await nobody.api.post('/api/console/leads/match', { where: inCities('Anqing') })).status).toBe(403);
    const gone = { combinator: 'and', rules: [{ field: 'lead.custom.gone', operator: '=', value: 1 }] };
    const refused = await company.admin.post<ErrorBody>('/api/console/leads/match', { where: gone });
    expect([refused.status, refused.body.error.details.code]).toEqual([400, 'FIELD_UNKNOWN']);
    expect(await match(admin(), { where: inCities('Anqing'), against: gone })).toMatchObject({
      matching: total(2),
      added: null,
      refused: { code: 'FIELD_UNKNOWN' },
    });
  });
});

describe('a whole policy', () => {
  test('routing: each rule says which leads it newly takes and which another one takes now; a rule that is gone is still told', async () => {
    interface Preview {
      readonly rules: readonly { key: string; recent: number; added?: number; removed?: number }[];
      readonly gone: readonly { key: string; removed: number }[];
    }
    const rule = (key: string, ...cities: string[]) => ({
      key,
      label,
      when: inCities(...cities),
      destination: { kind: 'pool', key: 'rest' },
    });
    const body = (...rules: unknown[]) => ({ rules, otherwise: { kind: 'pool', key: 'rest' } });
    const { before, after } = await previewOf<Preview>(
      'routing-policies',
      'cities',
      body(rule('a', 'Anqing'), rule('b', 'Baoji'), rule('c', 'Chuxiong')),
      body(rule('b', 'Baoji', 'Anqing'), rule('a', 'Anqing')),
    );
    expect(before.rules.map(({ key, recent, added, removed }) => [key, recent, added, removed])).toEqual([
      ['a', 2, 0, 0],
      ['b', 3, 0, 0],
      ['c', 1, 0, 0],
      ['otherwise', 1, 0, 0],
    ]);
    expect(before.gone).toEqual([]);
    expect(after.rules.map(({ key, recent, added, removed }) => [key, recent, added, removed])).toEqual([
      ['b', 5, 2, 0],
      ['a', 0, 0, 2],
      ['otherwise', 2, 1, 0],
    ]);
    expect(after.gone).toMatchObject([{ key: 'c', removed: 1 }]);
  });

  test('a contract: each deadline says for which leads it newly runs and for which it no longer does', async () => {
    interface Preview {
      readonly metrics: readonly { key: string; leads: number; added?: number; removed?: number }[];
      readonly gone: readonly { key: string; removed: number }[];
    }
    const [metric] = FIRST_RESPONSE_CONTRACT.metrics;
    const body = (...metrics: [string, ReturnType<typeof inCities> & { not?: boolean }][]) => ({
      ...FIRST_RESPONSE_CONTRACT,
      calendar: 'office',
      metrics: metrics.map(([key, start]) => ({ ...metric, key, label, start })),
    });
    const { before, after } = await previewOf<Preview>(
      'sla-contracts',
      'cities',
      body(['first', inCities('Anqing', 'Baoji')], ['second', inCities('Chuxiong')]),
      body(['first', { ...inCities('Anqing'), not: true }]),
    );
    expect(before.metrics).toMatchObject([
      { key: 'first', leads: 5, added: 0, removed: 0 },
      { key: 'second', leads: 1, added: 0, removed: 0 },
    ]);
    expect(after.metrics).toMatchObject([{ key: 'first', leads: 5, added: 2, removed: 2 }]);
    expect(after.gone).toMatchObject([{ key: 'second', removed: 1 }]);
  });

  test('a lifecycle: each move the product makes says for whom it newly holds and for whom no longer, also one that is made no more', async () => {
    interface Preview {
      readonly moves: readonly { from: string; to: string; leads: number; newly: number; dropped: number }[];
    }
    interface Record {
      readonly id: number;
      readonly draft: { readonly transitions: readonly { readonly from: string; readonly to: string }[] };
    }
    const [record] = expectStatus(await company.admin.get<Record[]>('/api/console/lifecycles'), 200);
    if (!record) throw new Error('There is no lifecycle.');
    const [first, second] = record.draft.transitions.filter(({ from }) => from === 'lead');
    const withAuto = (...autos: [typeof first, ReturnType<typeof inCities>][]) => ({
      ...record.draft,
      transitions: record.draft.transitions.map((move) => ({ ...move, auto: autos.find(([one]) => one === move)?.[1] ?? null })),
    });
    const put = async (draft: unknown): Promise<void> =>
      void expectStatus(await company.admin.put(`/api/console/lifecycles/${record.id}`, { draft }), 200);
    await put(withAuto([first, inCities('Anqing', 'Baoji')], [second, inCities('nowhere')]));
    // Publishing moves nobody by itself: a lead is moved when it next changes.
    const holds = await company.db('crm_leads').where({ stage: 'lead' }).whereIn('city', ['Anqing', 'Baoji']).count<{ count: string }[]>();
    expect(Number(holds[0]?.count)).toBe(5);
    expectStatus(await company.admin.post(`/api/console/lifecycles/${record.id}/publish`, { note: 'Cities' }), 200);
    await put(withAuto([first, inCities('Baoji', 'Chuxiong')]));
    const { moves } = expectStatus(await company.admin.post<Preview>(`/api/console/lifecycles/${record.id}/preview`, {}), 200);
    expect(moves).toMatchObject([
      { from: first?.from, to: first?.to, leads: 4, newly: 1, dropped: 2 },
      { from: second?.from, to: second?.to, leads: 0, newly: 0, dropped: 0 },
    ]);
  });
});
