import { importRanges } from '../../plugins/leads/server/src/services/account-ranges-import';
import { expectStatus, startCompany, type Company, type ErrorBody, type Person, type VerbAnswer } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';

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

test('R-61 of accounts that tie the one with an open deal is taken, then that of the latest work, one whose owner is there, the oldest', async () => {
  const oldest = await account({ name: 'Tied Works GmbH' });
  const [away, present, worked, dealt] = [
    await account({ name: 'Tied Works' }),
    await account({ name: 'Tied Works' }),
    await account({ name: 'Tied Works' }),
    await account({ name: 'Tied Works AG' }),
  ];
  const gone = await company.person('gerd', { roles: ['sales'], team: company.teams.east });
  await company.db('crm_members').where({ id: gone.id }).update({ active: false });
  await company.db('crm_accounts').where({ id: oldest }).update({ owner_id: null });
  await company.db('crm_accounts').where({ id: away }).update({ owner_id: gone.id });
  await company.db('crm_accounts').where({ id: present }).update({ owner_id: rep.id });
  await company.db('crm_accounts').whereIn('id', [worked, dealt]).update({ owner_id: null });
  const colleague = await capture({ company: 'Quite another', email: 'colleague@163.com' });
  await company.db('crm_leads').where({ id: colleague }).update({ account_id: worked, last_follow_up_at: new Date() });
  await company.db('crm_opportunities').insert({ name: 'Deal', account_id: dealt, stage: 'open' });
  for (const [n, expected] of [dealt, worked, present, oldest, away].entries()) {
    const id = await capture({ company: 'Tied Works', email: `tied${n}@163.com` });
    const { suggested, matched } = await explain(id);
    expect((suggested ?? matched)?.account.id).toBe(expected);
    if (suggested) expectStatus(await company.admin.post(`/api/console/leads/${id}/accept-account`), 200);
    expect(await accountOf(id)).toBe(expected);
    await company.db('crm_accounts').where({ id: expected }).update({ company_key: null, sound_key: null });
  }
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

describe('two answers to one question', () => {
  /** As many leads, each with an account suggested for it. */
  async function asked(name: string, count: number): Promise<{ firm: number; leads: number[] }> {
    const firm = await account({ name });
    const leads: number[] = [];
    for (let index = 0; index < count; index += 1)
      leads.push(await capture({ name: `Racer ${name} ${index}`, company: `深圳${name}`, wechat: `${name}-${index}` }));
    return { firm, leads };
  }
  const answered = async (verb: 'accept' | 'dismiss', ids: readonly number[], more = {}): Promise<VerbAnswer['results']> =>
    expectStatus(await company.admin.post<VerbAnswer>(`/api/console/leads/${verb}-account`, { ids, ...more }), 200).results;
  const good = (results: VerbAnswer['results']): number[] => results.filter(({ ok }) => ok).map(({ id }) => id);

  test('of accepting and turning down the same leads at once exactly one counts for each lead', async () => {
    const { firm, leads } = await asked('红隼光电', 12);
    const calls = [
      ...leads.map((id, index) => answered('dismiss', [id, leads[(index + 5) % leads.length]!])),
      ...leads.map((id, index) => answered('accept', [leads[(index + 7) % leads.length]!, id])),
      answered('dismiss', [...leads].reverse()),
      answered('accept', leads),
    ];
    const results = await Promise.all(calls);
    const said = (verb: 'dismiss' | 'accept'): number[] =>
      results.flatMap((one, index) => ((index < leads.length || index === 2 * leads.length) === (verb === 'dismiss') ? good(one) : []));
    const [dismissed, accepted] = [said('dismiss'), said('accept')];
    expect([...dismissed, ...accepted].sort((a, b) => a - b)).toEqual([...leads].sort((a, b) => a - b));
    for (const id of leads) expect(await accountOf(id)).toBe(accepted.includes(id) ? firm : null);
    const told = async (type: string): Promise<number[]> =>
      (await company.events(type)).map((event) => event.subject_id).filter((id) => leads.includes(id));
    expect((await told('lead.account_matched')).sort()).toEqual([...accepted].sort());
    expect((await told('lead.account_dismissed')).sort()).toEqual([...dismissed].sort());
  });

  test('nothing is turned down where nothing is suggested, and each lead is told so', async () => {
    const { leads } = await asked('雪雁精工', 1);
    const bare = await capture({ company: '无人认识的公司', wechat: 'nobody-knows' });
    const results = await answered('dismiss', [bare, leads[0]!]);
    expect(results).toEqual([expect.objectContaining({ id: bare, ok: false, code: 'NO_SUGGESTION' }), { id: leads[0], ok: true }]);
    const alone = await company.admin.post<ErrorBody>(`/api/console/leads/${bare}/dismiss-account`);
    expect([alone.status, alone.body.error.details.code]).toEqual([409, 'NO_SUGGESTION']);
  });

  test('a lead keeps the account it has unless the one it is to leave is named', async () => {
    const { firm, leads } = await asked('石楠物流', 1);
    const [id = 0] = leads;
    const other = await account({ name: 'Another Firm' });
    await answered('accept', [id]);
    const refused = await company.admin.post<ErrorBody>(`/api/console/leads/${id}/accept-account`, { account: other });
    expect([refused.status, refused.body.error.details]).toEqual([409, expect.objectContaining({ code: 'ACCOUNT_TAKEN', account: firm })]);
    const stale = await company.admin.post<ErrorBody>(`/api/console/leads/${id}/accept-account`, { account: other, instead: other });
    expect([stale.status, stale.body.error.details.code]).toEqual([409, 'ACCOUNT_TAKEN']);
    const unknown = await company.admin.post<ErrorBody>(`/api/console/leads/${id}/accept-account`, { account: 999_999, instead: firm });
    expect([unknown.status, unknown.body.error.details.code]).toEqual([409, 'ACCOUNT_UNKNOWN']);
    expect(await accountOf(id)).toBe(firm);
    expectStatus(await company.admin.post(`/api/console/leads/${id}/accept-account`, { account: other, instead: firm }), 200);
    expect(await accountOf(id)).toBe(other);
  });
});

describe('networks of companies', () => {
  interface Range {
    readonly account: number;
    readonly network: string;
  }
  const ranges = async (ofAccount: number): Promise<string[]> =>
    expectStatus(await company.admin.get<Range[]>(`/api/console/account-ranges?range=[0,99]&filter={"account":${ofAccount}}`), 200)
      .map(({ network }) => network)
      .sort();
  const put = (values: Record<string, unknown>, api = company.admin) => api.post<ErrorBody>('/api/console/account-ranges', values);

  test('are kept only by whoever may create every account: a rep may create his own and gives no network to any', async () => {
    const own = expectStatus(await rep.api.post<{ id: number }>('/api/console/accounts', { name: 'Of The Rep' }), 200).id;
    const one = await put({ account: own, range: '203.0.113.0/24' }, rep.api);
    const table = await rep.api.post<ErrorBody>('/api/console/account-ranges/import', { csv: 'range,company\n203.0.113.0/24,Of The Rep' });
    expect([one, table].map(({ status, body }) => [status, body.error.details.code])).toEqual([
      [403, 'FORBIDDEN'],
      [403, 'FORBIDDEN'],
    ]);
    expect(await ranges(own)).toEqual([]);
  });

  test('go to whoever named them last, also when many name one at the same moment; an unknown account is refused', async () => {
    const firms = await Promise.all(['N1', 'N2', 'N3', 'N4'].map((name) => account({ name: `Network ${name}` })));
    const answers = await Promise.all(
      firms.flatMap((one) => [put({ account: one, range: '198.51.100.0/25' }), put({ account: one, range: '198.51.100.0/25' })]),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await Promise.all(firms.map(ranges))).flat()).toEqual(['198.51.100.0/25']);
    await put({ account: firms[1], range: '198.51.100.0/25' });
    expect(await ranges(firms[1]!)).toEqual(['198.51.100.0/25']);
    const unknown = await put({ account: 999_999, range: '198.51.100.0/25' });
    expect([unknown.status, unknown.body.error.details.code]).toEqual([400, 'ACCOUNT_UNKNOWN']);
  });

  test('what an account gets and loses stands in its history with who did it, and only what changed', async () => {
    const [first, second] = [await account({ name: 'Told One' }), await account({ name: 'Told Two' })];
    const toldOf = async (id: number) =>
      (
        await company.db('crm_events').where({ subject: 'account', subject_id: id }).whereLike('type', 'account.networks%').orderBy('id')
      ).map(({ type, before, after, actor_kind, cause_type }: Record<string, unknown>) => [type, before ?? after, actor_kind, cause_type]);
    const added = (networks: string[], cause = 'edit') => ['account.networks_added', { networks }, 'member', cause];
    const removed = (networks: string[], cause = 'edit') => ['account.networks_removed', { networks }, 'member', cause];
    const [put1, put2] = [
      { account: first, range: '192.0.2.0/25' },
      { account: second, range: '192.0.2.0/25' },
    ];
    const { id } = expectStatus(await company.admin.post<{ id: number }>('/api/console/account-ranges', put1), 200);
    await put(put1);
    expect(await toldOf(first)).toEqual([added(['192.0.2.0/25'])]);
    await put(put2);
    expect(await toldOf(first)).toEqual([added(['192.0.2.0/25']), removed(['192.0.2.0/25'])]);
    expectStatus(await company.admin.delete(`/api/console/account-ranges/${id}`), 200);
    expect(await toldOf(second)).toEqual([added(['192.0.2.0/25']), removed(['192.0.2.0/25'])]);
    const csv = 'range,company\n192.0.2.128/26,Told One\n192.0.2.192/26,Told One';
    expectStatus(await company.admin.post('/api/console/account-ranges/import', { csv }), 200);
    expect((await toldOf(first)).at(-1)).toEqual(added(['192.0.2.128/26', '192.0.2.192/26'], 'import'));
  });

  describe('as a table', () => {
    let product: InProcess;
    beforeAll(async () => {
      product = await openInProcess(company.server.database);
    });
    afterAll(() => product?.close());
    const load = (csv: string) => {
      const { kit } = product.core;
      return importRanges(kit, { actor: kit.actors.system('Test'), now: new Date('2026-03-02T02:00:00Z'), requestId: 't' }, csv, true);
    };
    const table = (first: number, rows: number): string =>
      [
        'range,company,domain',
        ...Array.from({ length: rows }, (_, n) => `10.${first}.${n}.0/24,Table ${first} ${n},table-${first}-${n}.example`),
      ].join('\n');
    const sentBy = async (work: () => Promise<unknown>): Promise<number> => {
      let sent = 0;
      // What the product reads again because of the notice comes outside the transaction, and in its own time.
      const note = (query: { __knexTxId?: string }): void => void (sent += query.__knexTxId === undefined ? 0 : 1);
      product.core.kit.db.on('query', note);
      await work();
      product.core.kit.db.off('query', note);
      return sent;
    };

    test('take as many statements for two hundred rows as for two', async () => {
      const few = await sentBy(() => load(table(1, 2)));
      let answer: unknown;
      const many = await sentBy(async () => {
        answer = await load(table(2, 200));
      });
      expect(answer).toEqual({ ranges: 200, accounts: 200, problems: [], problemCount: 0 });
      expect(many).toBe(few);
    });

    test('make a company once however many rows and tables name it, by its domain before its name, and it can be heard', async () => {
      const csv = [
        'range,company,domain',
        '10.9.1.0/24,橙果科技,chengguo.de',
        '10.9.2.0/24,橙果科技,',
        '10.9.3.0/24,Orange Fruit,chengguo.de',
      ].join('\n');
      const answers = await Promise.all([load(csv), load(csv)]);
      expect(answers.map(({ accounts }) => accounts).sort()).toEqual([0, 1]);
      const [made, ...more] = await company
        .db<{ id: number; sound_key: string | null; domain_key: string }>('crm_accounts')
        .where({ domain_key: 'chengguo.de' });
      expect(more).toEqual([]);
      expect(await ranges(made!.id)).toEqual(['10.9.1.0/24', '10.9.2.0/24', '10.9.3.0/24']);
      expect(made!.sound_key).not.toBeNull();
    });

    test('name the lines that cannot be, in their order, and count them all', async () => {
      const bad = Array.from({ length: 150 }, (_, n) => (n % 2 === 0 ? `nonsense ${n},Table 1 0,` : `10.8.${n}.0/24,,`));
      const answer = await load(['range,company,domain', ...bad].join('\n'));
      expect(answer).toMatchObject({ ranges: 0, accounts: 0, problemCount: 150 });
      expect(answer.problems).toHaveLength(100);
      expect(answer.problems.slice(0, 2)).toMatchObject([
        { line: 2, code: 'RANGE_INVALID' },
        { line: 3, code: 'ACCOUNT_UNKNOWN' },
      ]);
    });
  });
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
