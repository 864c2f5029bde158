import { expectStatus, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

let company: Company;
let rep: Person;
beforeAll(async () => {
  company = await startCompany();
  rep = await company.person('rita', { roles: ['sales'], team: company.teams.east });
}, 300_000);
afterAll(() => company?.server.close());

interface Ground {
  readonly field: string;
  readonly points: number;
}
interface Explained {
  readonly thresholds: { readonly auto: number; readonly suggest: number };
  readonly suggested: {
    readonly account: { id: number; name: string };
    readonly score: number;
    readonly grounds: readonly Ground[];
  } | null;
  readonly matched: {
    readonly account: { id: number };
    readonly score: number | null;
    readonly grounds: readonly Ground[];
    readonly byHand: boolean;
  } | null;
}
interface Row {
  readonly lead: number;
  readonly account: number;
  readonly points: number;
  readonly fields: Readonly<Record<string, number>>;
}
const account = async (values: Record<string, unknown>): Promise<number> =>
  expectStatus(await company.admin.post<{ id: number }>('/api/console/accounts', values), 200).id;
const explain = async (id: number, api = company.admin): Promise<Explained> =>
  expectStatus(await api.get<Explained>(`/api/console/leads/${id}/explain/account`), 200);
const queue = async (api = company.admin): Promise<readonly Row[]> =>
  expectStatus(await api.get<Row[]>('/api/console/account-suggestions?range=[0,99]'), 200);
const capture = async (values: Record<string, unknown>): Promise<number> => (await company.capture([{ name: 'Somebody', ...values }]))[0]!;
const accountOf = async (id: number): Promise<unknown> => (await company.lead(id))['account_id'];

test('a lead whose company is written in the other script is suggested, with what speaks for it, and accepted', async () => {
  const huawei = await account({ name: 'Huawei Technologies Co., Ltd.', city: '深圳' });
  const id = await capture({ company: '华为技术有限公司', city: '深圳市', email: 'one@163.com' });
  expect(await accountOf(id)).toBeNull();
  expect(await explain(id)).toMatchObject({
    thresholds: { auto: 50, suggest: 35 },
    matched: null,
    suggested: {
      account: { id: huawei, name: 'Huawei Technologies Co., Ltd.' },
      score: 45,
      grounds: [
        { field: 'sound', points: 35 },
        { field: 'city', points: 10 },
      ],
    },
  });
  expect(await queue()).toEqual([expect.objectContaining({ lead: id, account: huawei, points: 45, fields: { sound: 35, city: 10 } })]);
  expectStatus(await company.admin.post(`/api/console/leads/${id}/accept-account`), 200);
  expect(await accountOf(id)).toBe(huawei);
  expect(await queue()).toEqual([]);
  expect(await explain(id)).toMatchObject({ suggested: null, matched: { account: { id: huawei }, score: 45, byHand: true } });
  const again = await company.admin.post<ErrorBody>(`/api/console/leads/${id}/accept-account`);
  expect([again.status, again.body.error.details.code]).toEqual([409, 'NO_SUGGESTION']);
});

test('what was turned down is not asked again, and the timeline knows', async () => {
  await account({ name: '深圳市白鹤软件有限公司' });
  const id = await capture({ company: '白鹤软件' });
  expect((await explain(id)).suggested?.grounds).toEqual([{ field: 'place', points: 35 }]);
  expectStatus(await company.admin.post(`/api/console/leads/${id}/dismiss-account`), 200);
  expect(await queue()).toEqual([]);
  const { version } = await company.lead(id);
  expectStatus(await company.admin.put(`/api/console/leads/${id}`, { company: '白鹤软件（深圳）', version }), 200);
  expect(await queue()).toEqual([]);
  expect(await company.events('lead.account_dismissed')).toHaveLength(1);
});

test('free mail never matches, whatever the points', async () => {
  await account({ name: 'Mailbox Inc', website: 'https://163.com' });
  const id = await capture({ email: 'person@163.com' });
  expect([await accountOf(id), (await explain(id)).suggested]).toEqual([null, null]);
});

test('a rep sees and answers the questions of his own leads only, and no account his role hides', async () => {
  await account({ name: '青松医疗器械有限公司' });
  const [mine, other] = [await capture({ company: '北京青松医疗器械' }), await capture({ company: '上海青松医疗器械' })];
  await company.db('crm_leads').where({ id: mine }).update({ owner_id: rep.id, pool_id: null, team_id: company.teams.east });
  expect((await queue()).map(({ lead }) => lead).sort()).toEqual([mine, other].sort());
  expect((await queue(rep.api)).map(({ lead }) => lead)).toEqual([mine]);
  expect([403, 404]).toContain((await rep.api.post(`/api/console/leads/${other}/accept-account`)).status);
  expect(await accountOf(other)).toBeNull();
});

test('a policy changes points and thresholds; its preview says what becomes of the leads, its linter what cannot work', async () => {
  const { body } = await company.admin.get<{ id: number; key: string }[]>('/api/console/account-matching');
  const policy = body.find(({ key }) => key === 'standard')!.id;
  const save = async (draft: Record<string, unknown>): Promise<void> =>
    void expectStatus(await company.admin.put(`/api/console/account-matching/${policy}`, { draft }), 200);
  await account({ name: '蓝鲸生物', phone: '021-5555 1234' });
  await capture({ company: '上海蓝鲸生物' });
  await save({ suggest: 60, auto: 50 });
  const refused = await company.admin.post<ErrorBody>(`/api/console/account-matching/${policy}/publish`);
  expect(refused.body.error.details['findings']).toEqual([expect.objectContaining({ code: 'SUGGEST_ABOVE_AUTO' })]);
  await save({ points: { place: 50 }, auto: 50, suggest: 30 });
  const preview = expectStatus(
    await company.admin.post<{ before: Tally; after: Tally; changed: number }>(`/api/console/account-matching/${policy}/preview`),
    200,
  );
  expect(preview.after.auto).toBeGreaterThan(preview.before.auto);
  expect(preview.changed).toBe(preview.after.auto - preview.before.auto);
  expectStatus(await company.admin.post(`/api/console/account-matching/${policy}/publish`), 200);
  const id = await capture({ company: '杭州蓝鲸生物' });
  expect(await accountOf(id)).not.toBeNull();
  expect((await explain(id)).matched).toMatchObject({ score: 50, grounds: [{ field: 'place', points: 50 }], byHand: false });
  expect((await rep.api.get('/api/console/account-matching')).status).toBe(403);
});

interface Tally {
  readonly auto: number;
  readonly suggest: number;
}
