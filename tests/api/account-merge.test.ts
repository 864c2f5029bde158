import { expectStatus, someone, startCompany, type Company, type ErrorBody } from '../support/fixtures';

let company: Company;
beforeAll(async () => {
  company = await startCompany();
}, 300_000);
afterAll(() => company?.server.close());

const account = async (values: Record<string, unknown>): Promise<number> =>
  expectStatus(await company.admin.post<{ id: number }>('/api/console/accounts', values), 200).id;
const post = (id: number, verb: string, body: unknown, by: Pick<Company, 'admin'>['admin'] = company.admin) =>
  by.post<Record<string, unknown> & ErrorBody>(`/api/console/accounts/${id}/${verb}`, body);
const read = async (id: number) => (await company.admin.get<Record<string, unknown>>(`/api/console/accounts/${id}`)).body;
async function leadsOf(id: number, count: number): Promise<number[]> {
  const ids = await company.capture(Array.from({ length: count }, () => someone({ company: '' })));
  expectStatus(await company.admin.post('/api/console/leads/accept-account', { ids, account: id }), 200);
  return ids;
}
const accountsOf = async (ids: readonly number[]) =>
  new Set(
    await company
      .db('crm_leads')
      .whereIn('id', [...ids])
      .pluck('account_id'),
  );

describe('accounts that are one', () => {
  test('a merge is shown first, moves leads, deals and networks, tells history, and is taken back with what it brought', async () => {
    const kept = await account({ name: 'Acme', city: 'Berlin' });
    const other = await account({ name: 'Acme GmbH', website: 'https://acme-merge.de', city: 'Bonn', employees: 40 });
    const [mine, theirs] = [await leadsOf(kept, 1), await leadsOf(other, 3)];
    await company.db('crm_opportunities').insert({ name: 'Deal', account_id: other, lead_id: theirs[0] });
    const shown = expectStatus(await post(kept, 'merge-preview', { losers: [other] }), 200);
    expect(shown).toMatchObject({ leads: 3, opportunities: 1, networks: 0 });
    expect((shown['fields'] as { field: string; from: number }[]).map(({ field, from }) => [field, from])).toEqual(
      expect.arrayContaining([
        ['name', kept],
        ['website', other],
        ['employees', other],
        ['city', kept],
      ]),
    );
    expect(await accountsOf(theirs)).toEqual(new Set([other]));

    expectStatus(await post(kept, 'merge', { losers: [other], fields: { city: other } }), 200);
    expect(await read(kept)).toMatchObject({ name: 'Acme', website: 'https://acme-merge.de', city: 'Bonn', employees: 40, leads: 4 });
    expect((await company.admin.get(`/api/console/accounts/${other}`)).status).toBe(404);
    expect(await accountsOf([...mine, ...theirs])).toEqual(new Set([kept]));
    expect(await company.db('crm_opportunities').where({ name: 'Deal' }).pluck('account_id')).toEqual([kept]);
    const [told] = await company
      .db('crm_events')
      .where({ type: 'lead.account_matched', subject_id: theirs[0] })
      .orderBy('id', 'desc')
      .limit(1);
    expect(told).toMatchObject({ data: { mergedFrom: other } });
    expect(expectStatus(await company.admin.get(`/api/console/accounts/${kept}/merged`), 200)).toMatchObject([
      { account: other, name: 'Acme GmbH', leads: 3 },
    ]);

    expectStatus(await company.admin.put(`/api/console/accounts/${kept}`, { employees: 50 }), 200);
    expect(expectStatus(await post(kept, 'unmerge', { account: other }), 200)).toMatchObject({
      id: other,
      leads: 3,
      conflicts: ['employees'],
    });
    expect(await read(kept)).toMatchObject({ name: 'Acme', website: null, city: 'Berlin', employees: 50, leads: 1 });
    expect(await read(other)).toMatchObject({
      name: 'Acme GmbH',
      website: 'https://acme-merge.de',
      city: 'Bonn',
      employees: 40,
      leads: 3,
    });
    expect(await company.db('crm_opportunities').where({ name: 'Deal' }).pluck('account_id')).toEqual([other]);
    expect((await post(kept, 'unmerge', { account: other })).body.error.details.code).toBe('NOT_MERGED');
    expect(expectStatus(await company.admin.get(`/api/console/accounts/${kept}/merged`), 200)).toEqual([]);
    // Somebody who comes back from the other company is matched with it again.
    const [late] = await company.capture([someone({ company: 'Acme GmbH', email: 'late@acme-merge.de' })]);
    expect(await accountsOf([late!])).toEqual(new Set([other]));
  });

  test('a merge can be taken back for seven days; then it is told to be too old, and nothing changes', async () => {
    const clock = (now: string) => company.admin.put('/api/console/clock', { now });
    const { now } = expectStatus(await company.admin.get<{ now: string }>('/api/console/ping'), 200);
    const after = (days: number, seconds = 0): string => new Date(Date.parse(now) + days * 86_400_000 + seconds * 1000).toISOString();
    const [kept, early, late] = [await account({ name: 'Stays' }), await account({ name: 'Back' }), await account({ name: 'Too late' })];
    expectStatus(await clock(now), 200);
    expectStatus(await post(kept, 'merge', { losers: [early, late] }), 200);
    const shown = async () =>
      expectStatus(
        await company.admin.get<{ account: number; until: string; canUndo: boolean }[]>(`/api/console/accounts/${kept}/merged`),
        200,
      );
    expectStatus(await clock(after(7, -60)), 200);
    expect((await shown()).map(({ canUndo }) => canUndo)).toEqual([true, true]);
    expectStatus(await post(kept, 'unmerge', { account: early }), 200);
    expectStatus(await clock(after(7, 60)), 200);
    expect(await shown()).toMatchObject([{ account: late, canUndo: false }]);
    const refused = await post(kept, 'unmerge', { account: late });
    expect([refused.status, refused.body.error.details]).toEqual([
      409,
      expect.objectContaining({ code: 'MERGE_TOO_OLD', account: late, days: 7, until: (await shown())[0]!.until }),
    ]);
    expect((await company.admin.get(`/api/console/accounts/${late}`)).status).toBe(404);
    expect(await read(early)).toMatchObject({ name: 'Back' });
  });

  test('only those who may merge do, only with accounts they may, and not with itself', async () => {
    const [a, b] = [await account({ name: 'One' }), await account({ name: 'Two' })];
    const seller = await company.person('seller', { roles: ['sales'], team: company.teams.east });
    expect((await post(a, 'merge', { losers: [b] }, seller.api)).status).toBe(403);
    expect((await post(a, 'merge', { losers: [a] })).body.error.details.code).toBe('MERGE_NOTHING');
    expect((await post(a, 'merge', { losers: [999_999] })).status).toBe(404);
    expect(await read(b)).toMatchObject({ name: 'Two' });
  });
});
