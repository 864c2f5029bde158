import { expectStatus, someone, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';
import { crashDuring, perform, settled, uploadBytes, type ImportView } from '../support/import-file';
import type { Api } from '../support/api';

jest.setTimeout(300_000);

let company: Company;
let boss: Person;
let rep: Person;

type Account = Record<string, unknown> & { readonly id: number };
const label = (text: string): { zh: string; en: string } => ({ zh: text, en: text });
const named = async (name: string): Promise<Account[]> =>
  company.db<Account & { name: string }>('crm_accounts').where({ name }).orderBy('id');
const draftOf = async (as: Api, rows: readonly string[], options: object = {}): Promise<ImportView> =>
  expectStatus(await uploadBytes(as, 'accounts.csv', rows.join('\n'), options, 'accounts'), 200);
const bring = async (...given: Parameters<typeof draftOf>): Promise<ImportView> => perform(given[0], (await draftOf(...given)).id, 'start');
const errorsOf = async (id: number): Promise<string> => (await company.admin.get<string>(`/api/console/imports/${id}/errors`)).body;

beforeAll(async () => {
  company = await startCompany();
  boss = await company.person('boss', { roles: ['crm-admin'], team: company.teams.east });
  const allow = {
    key: 'account-importer',
    label: label('Accounts'),
    resources: {
      imports: { read: ['own'], create: ['own'], update: ['own'] },
      accounts: { read: ['all'], update: ['own'], import: ['own'] },
    },
    fields: { imports: { '*': 'write' }, accounts: { '*': 'write', annualRevenue: 'read', 'custom.secret': 'hidden' } },
  };
  expectStatus(await company.admin.post('/api/console/roles', allow), 200);
  rep = await company.person('rep', { roles: ['account-importer'], team: company.teams.south });
  const tier = {
    type: 'select',
    options: [
      { value: 'a', label: { zh: '甲', en: 'Alpha' } },
      { value: 'b', label: { zh: '乙', en: 'Beta' } },
    ],
  };
  const field = { entity: 'account', section: 'custom', position: 1 };
  expectStatus(await company.admin.post('/api/console/fields', { ...field, key: 'tier', label: label('Tier'), ...tier }), 200);
  expectStatus(await company.admin.post('/api/console/fields', { ...field, key: 'secret', label: label('Secret'), type: 'text' }), 200);
});
afterAll(() => company?.server.close());

describe('a file of accounts', () => {
  test('brings companies in with their own fields, owner and match keys; leads that come later find them', async () => {
    const draft = await draftOf(
      company.admin,
      [
        '客户名称,网站,行业,员工数,年营收,国家,城市,负责人,Tier',
        '杭州云帆科技有限公司,https://www.yunfan-import.cn,软件,"1,200",5000000,中国,杭州,boss@test.example,甲',
      ],
      { country: 'CN' },
    );
    expect(draft.mapping.map(({ target }) => target)).toEqual([
      ...['name', 'website', 'industry', 'employees', 'annualRevenue', 'country', 'city', 'owner', 'custom.tier'],
    ]);
    expect((await perform(company.admin, draft.id, 'dry-run')).dryRun).toMatchObject({ create: 1, errors: 0 });
    expect(await named('杭州云帆科技有限公司')).toEqual([]);
    expect((await perform(company.admin, draft.id, 'start')).progress).toMatchObject({ created: 1, failed: 0 });
    const [account] = await named('杭州云帆科技有限公司');
    expect(account).toMatchObject({
      ...{ industry: '软件', employees: 1200, annual_revenue: '5000000.00', city: '杭州', custom: { tier: 'a' } },
      ...{ owner_id: boss.id, team_id: company.teams.east, domain_key: 'yunfan-import.cn', version: 1 },
    });
    expect(account!['company_key']).not.toBeNull();
    const [lead] = await company.capture([someone({ email: 'li@yunfan-import.cn', company: '云帆科技' })]);
    expect((await company.lead(lead!))['account_id']).toBe(account!.id);
  });

  test('known ones are found by domain, by name without its legal form, and by id: filled in, overwritten or left as told', async () => {
    const header = 'Account name,Website,City,Industry,Tier';
    await bring(company.admin, [header, 'Nordwind GmbH,nordwind-import.com,Hamburg,,Alpha']);
    const [account] = await named('Nordwind GmbH');
    const filled = await bring(company.admin, [header, 'Nordwind,,Berlin,Logistics,Beta']);
    expect(filled.progress).toMatchObject({ created: 0, updated: 1 });
    const read = async (): Promise<unknown> => company.db('crm_accounts').where({ id: account!.id }).first();
    expect(await read()).toMatchObject({
      name: 'Nordwind GmbH',
      city: 'Hamburg',
      industry: 'Logistics',
      custom: { tier: 'a' },
      version: 2,
    });
    const over = await bring(company.admin, [header, 'Nordwind Group,https://nordwind-import.com/about,Berlin,,Beta'], {
      onDuplicate: 'overwrite',
    });
    expect(over.progress).toMatchObject({ created: 0, updated: 1 });
    expect(await read()).toMatchObject({
      name: 'Nordwind Group',
      city: 'Berlin',
      industry: 'Logistics',
      custom: { tier: 'b' },
      version: 3,
    });
    const byId = await bring(company.admin, ['ID,City', `${account!.id},Kiel`], { mode: 'update' });
    expect(byId.progress).toMatchObject({ updated: 1 });
    expect(await read()).toMatchObject({ city: 'Kiel' });
    const only = await bring(company.admin, [header, 'Nordwind Group,,Paris,,', 'Brand New Import,,Rome,,'], { mode: 'create' });
    expect(only.progress).toMatchObject({ created: 1, updated: 0, skipped: 1 });
    const update = await bring(company.admin, [header, 'Nobody Knows This Import,,Rome,,'], { mode: 'update' });
    expect(update.progress).toMatchObject({ created: 0, skipped: 1 });
    expect(await read()).toMatchObject({ city: 'Kiel' });
    const told = await company.db('crm_events').where({ subject: 'account', subject_id: account!.id }).orderBy('id').pluck('type');
    expect(told).toEqual(['account.created', 'account.updated', 'account.updated', 'account.updated']);
  });

  test('one company of many rows is one account, also across steps', async () => {
    const rows = Array.from({ length: 2400 }, (_, n) => `Repeat ${n % 600} Import Ltd,City ${n}`);
    const draft = await draftOf(company.admin, ['Company,City', ...rows]);
    const { dryRun } = await perform(company.admin, draft.id, 'dry-run');
    expect(dryRun).toMatchObject({ rows: 2400, create: 600, errors: 0 });
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ created: 600, failed: 0 });
    const { rows: counted } = await company.db.raw<{ rows: { n: number; city: string }[] }>(
      `SELECT count(*)::int AS n, min(city) FILTER (WHERE name = 'Repeat 0 Import Ltd') AS city FROM crm_accounts WHERE name LIKE 'Repeat % Import Ltd'`,
    );
    expect(counted[0]).toEqual({ n: 600, city: 'City 0' });
  });

  test('rows that cannot be are refused with their reason, and come in when they are mended', async () => {
    const draft = await draftOf(company.admin, [
      'Company,Website,Employees,Account owner,Tier',
      ',,5,,',
      'Bad Site Import,no address at all,,,',
      'Bad Count Import,,-3,,',
      'Bad Owner Import,owner-import.com,,stranger,',
      'Bad Tier Import,tier-import.com,,,Omega',
      '=Formula Import,,,,Omega',
      'Good Import,good-import.com,,,',
    ]);
    expect((await perform(company.admin, draft.id, 'dry-run')).dryRun).toMatchObject({ create: 1, errors: 6 });
    expect((await perform(company.admin, draft.id, 'start')).progress).toMatchObject({ created: 1, failed: 6 });
    const text = await errorsOf(draft.id);
    expect(text).toContain(`'=Formula Import`);
    expect(text).toContain('PERSON_UNKNOWN');
    const again = await bring(company.admin, text.replace('stranger', 'rep').replaceAll('Omega', 'Beta').split('\n'));
    expect(again.progress).toMatchObject({ created: 3, failed: 3 });
    expect(await named('=Formula Import')).toMatchObject([{ custom: { tier: 'b' } }]);
  });

  test('reaches only accounts of the person and writes only fields his role writes', async () => {
    await bring(company.admin, ['Company,City,Account owner', 'Theirs Import,Bonn,boss']);
    const done = await bring(rep.api, ['Company,City', 'Theirs Import,Rome', 'Mine Import,Graz'], { onDuplicate: 'overwrite' });
    expect(done.progress).toMatchObject({ created: 1, failed: 1 });
    expect(await named('Theirs Import')).toMatchObject([{ city: 'Bonn' }]);
    expect(await named('Mine Import')).toMatchObject([{ owner_id: rep.id, team_id: company.teams.south }]);
    const given = await bring(rep.api, ['Company,Account owner', 'Given Import,boss']);
    expect(given.progress).toMatchObject({ created: 0, failed: 1 });
    const draft = await draftOf(rep.api, ['Company,Annual revenue,Secret', 'X Import,1,y']);
    expect(draft.mapping.map(({ target }) => target)).toEqual(['name', null, null]);
    expect(draft.targets.map(({ key }) => key).filter((key) => ['annualRevenue', 'custom.secret'].includes(key))).toEqual([]);
    for (const target of ['annualRevenue', 'custom.secret']) {
      const mapping = draft.mapping.map((one, index) => (index === 1 ? { ...one, target } : one));
      const { body } = await rep.api.put<ErrorBody>(`/api/console/imports/${draft.id}`, { mapping });
      expect(body.error.details.code).toBe('MAPPING_INVALID');
    }
  });

  test('fields made of columns belong to accounts and take late values as options', async () => {
    const rows = Array.from({ length: 1300 }, (_, n) => `Made ${n} Import,${n === 1299 ? 'Rare' : 'Usual'}`);
    const draft = await draftOf(company.admin, ['Company,Segment', ...rows], { createFields: true });
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ created: 1300, failed: 0 });
    expect(await company.db('crm_fields').where({ key: 'segment' }).pluck('entity')).toEqual(['account']);
    expect(await named('Made 1299 Import')).toMatchObject([{ custom: { segment: 'rare' } }]);
  });

  test('goes back: what hangs on something or was touched stays, what was changed is as before with its match keys', async () => {
    await bring(company.admin, ['Company,Website,City', 'Turn Import,turn-import.com,Ulm']);
    const [turn] = await named('Turn Import');
    const done = await bring(
      company.admin,
      ['Company,Website,City', 'Turned Import,turn-import.com,Bern', 'Held Import,held-import.com,', 'Loose Import,,', 'Touched Import,,'],
      { onDuplicate: 'overwrite' },
    );
    expect(done.progress).toMatchObject({ created: 3, updated: 1 });
    const [held] = await named('Held Import');
    await company.capture([someone({ email: 'a@held-import.com', company: 'Held Import' })]);
    const [touched] = await named('Touched Import');
    expectStatus(await company.admin.put(`/api/console/accounts/${touched!.id}`, { city: 'Oslo' }), 200);
    const back = await perform(company.admin, done.id, 'revert');
    expect(back.revert).toMatchObject({ removed: 1, restored: 1, conflictCount: 2 });
    expect(back.revert!.conflicts.map(({ record }) => record).sort()).toEqual([held!.id, touched!.id].sort());
    expect(await company.db('crm_accounts').where({ id: turn!.id }).first()).toMatchObject({
      ...{ name: 'Turn Import', city: 'Ulm', company_key: turn!['company_key'], sound_key: turn!['sound_key'] },
    });
    expect(await named('Loose Import')).toEqual([]);
  });

  test('a web domain belongs to one account: a row that would take it from another is refused, and so is its return', async () => {
    await bring(company.admin, ['Company,Website', 'First Import,first-import.com', 'Second Import,second-import.com']);
    const [[first], [second]] = [await named('First Import'), await named('Second Import')];
    const taken = await bring(company.admin, ['ID,Website', `${second!.id},www.first-import.com`], { mode: 'update' });
    expect(taken.progress).toMatchObject({ updated: 0, failed: 1 });
    expect(await errorsOf(taken.id)).toContain('DOMAIN_TAKEN');
    const moved = await bring(company.admin, ['ID,Website', `${first!.id},third-import.com`], { mode: 'update' });
    await bring(company.admin, ['ID,Website', `${second!.id},first-import.com`], { mode: 'update' });
    const back = await perform(company.admin, moved.id, 'revert');
    expect(back).toMatchObject({ status: 'reverted', revert: { restored: 0, conflicts: [{ record: first!.id, fields: ['website'] }] } });
    expect(await company.db('crm_accounts').whereIn('id', [first!.id, second!.id]).orderBy('id').pluck('domain_key')).toEqual([
      'third-import.com',
      'first-import.com',
    ]);
  });

  test('goes on after kill -9 at the next row: each account once', async () => {
    const total = 4000;
    const draft = await draftOf(company.admin, [
      'Company,Website',
      ...Array.from({ length: total }, (_, n) => `Crash ${n} Import,crash-import-${n}.com`),
    ]);
    expectStatus(await company.admin.post(`/api/console/imports/${draft.id}/start`), 200);
    await crashDuring(company, draft.id);
    const done = await settled(company.admin, draft.id);
    expect(done).toMatchObject({ status: 'done', progress: { done: total, created: total, failed: 0 } });
    const { rows } = await company.db.raw<{ rows: { n: number; names: number }[] }>(
      `SELECT count(*)::int AS n, count(DISTINCT name)::int AS names FROM crm_accounts WHERE name LIKE 'Crash % Import'`,
    );
    expect(rows[0]).toEqual({ n: total, names: total });
  });
});
