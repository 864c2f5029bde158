import { expectStatus, someone, startCompany, type Company, type ErrorBody, type EventRow, type Person } from '../support/fixtures';
import { readFile } from 'node:fs/promises';
import {
  crashDuring,
  importFile,
  perform,
  settled,
  sharedFile,
  uploadBytes,
  withSharedData,
  type Column,
  type ImportView,
} from '../support/import-file';
import type { Api } from '../support/api';

jest.setTimeout(300_000);

let company: Company;
let rep: Person;
let boss: Person;
let ownLead: number;
let otherLead: number;

type Deal = Record<string, unknown> & { readonly id: number };
const label = (text: string): { zh: string; en: string } => ({ zh: text, en: text });
const deals = (lead: number): Promise<Deal[]> => company.db<Deal>('crm_opportunities').where({ lead_id: lead }).orderBy('id');
const events = (subject: string, id: number): Promise<EventRow[]> =>
  company.db<EventRow & { subject: string }>('crm_events').where({ subject, subject_id: id }).orderBy('id');

/** Uploads text as a file of this kind; the mapping is the proposed one with these targets put over it. */
async function draftOf(
  as: Api,
  kind: string,
  rows: readonly string[],
  { options = {}, targets = {} }: { options?: object; targets?: Record<string, string | null> } = {},
): Promise<ImportView> {
  const draft = expectStatus(await uploadBytes(as, `${kind}.csv`, rows.join('\n'), options, kind), 200);
  if (Object.keys(targets).length === 0) return draft;
  const mapping = draft.mapping.map((column): Column => {
    const target = targets[column.column];
    return target === undefined ? column : { ...column, target };
  });
  expectStatus(await as.put(`/api/console/imports/${draft.id}`, { mapping }), 200);
  return draft;
}
async function bring(...given: Parameters<typeof draftOf>): Promise<ImportView> {
  return perform(given[0], (await draftOf(...given)).id, 'start');
}
const errorsOf = async (id: number): Promise<string> => (await company.admin.get<string>(`/api/console/imports/${id}/errors`)).body;

async function leadOf(owner: Person | null, more: Record<string, unknown> = {}): Promise<number> {
  const [id] = await company.capture([{ ...someone(), ...more }]);
  if (owner) await company.db('crm_leads').where({ id: id! }).update({ owner_id: owner.id, pool_id: null });
  return id!;
}
const field = async (key: string, type: string, more: Record<string, unknown> = {}): Promise<void> => {
  const given = { entity: 'opportunity', key, type, label: label(key), section: 'custom', position: 1, ...more };
  expectStatus(await company.admin.post('/api/console/fields', given), 200);
};

beforeAll(async () => {
  company = await startCompany();
  boss = await company.person('boss', { roles: ['crm-admin'] });
  const allow = {
    key: 'deal-importer',
    label: label('Deals'),
    resources: {
      imports: { read: ['own'], create: ['own'], update: ['own'] },
      leads: { read: ['all'], update: ['own'] },
      opportunities: { read: ['own'], update: ['own'], import: ['own'] },
      accounts: { read: ['all'] },
    },
    fields: {
      imports: { '*': 'write' },
      leads: { '*': 'read', wechat: 'masked' },
      opportunities: { '*': 'write', reason: 'read', 'custom.margin': 'hidden' },
      accounts: { '*': 'read' },
    },
  };
  expectStatus(await company.admin.post('/api/console/roles', allow), 200);
  rep = await company.person('rep', { roles: ['deal-importer'] });
  ownLead = await leadOf(rep, { email: 'own@deals.example', company: 'Own Ltd', phone: '+8613800000001' });
  otherLead = await leadOf(boss, { email: 'other@deals.example', company: 'Other Ltd' });
  await field('margin', 'number', { validation: { min: 0, max: 100 } });
  await field('tier', 'select', {
    options: [
      { value: 'gold', label: { zh: '金', en: 'Gold' } },
      { value: 'iron', label: { zh: '铁', en: 'Iron' } },
    ],
  });
});
afterAll(() => company?.server.close());

describe('a file of deals', () => {
  test('proposes where its columns go, in both languages, and takes deals in with their own fields', async () => {
    const lead = await leadOf(boss, { email: 'ada@deals.example', company: 'Ada GmbH' });
    const draft = await draftOf(company.admin, 'opportunities', [
      '邮箱,商机名称,商机状态,金额,币种,预计成交日期,负责人,tier,margin',
      `ADA@deals.example,Engines,进行中,"12,500.50",人民币,2031-03-01,boss@test.example,金,35`,
    ]);
    expect(Object.fromEntries(draft.mapping.map(({ column, target }) => [column, target]))).toEqual({
      邮箱: 'leadEmail',
      商机名称: 'name',
      商机状态: 'state',
      金额: 'amount',
      币种: 'currency',
      预计成交日期: 'expectedAt',
      负责人: 'owner',
      tier: 'custom.tier',
      margin: 'custom.margin',
    });
    const checked = await perform(company.admin, draft.id, 'dry-run');
    expect(checked.dryRun).toMatchObject({ rows: 1, create: 1, errors: 0 });
    expect(await deals(lead)).toEqual([]);
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ done: 1, created: 1, failed: 0 });
    const [deal, ...more] = await deals(lead);
    expect(more).toEqual([]);
    expect(deal).toMatchObject({
      name: 'Engines',
      amount: '12500.50',
      currency: 'CNY',
      stage: 'open',
      owner_id: boss.id,
      closed_at: null,
      custom: { tier: 'gold', margin: 35 },
    });
    expect(deal!['expected_at']).toEqual(new Date('2031-03-01T00:00:00Z'));
    expect((await events('opportunity', deal!.id)).map(({ type }) => type)).toEqual(['opportunity.created']);
    expect((await company.lead(lead))['stage']).toBe('opportunity');
  });

  test('the same deal again is changed and not doubled; a blank cell clears nothing', async () => {
    const lead = await leadOf(boss, { email: 'again@deals.example', company: 'Again AG' });
    const header = 'Email,Deal name,Stage,Amount,Closed date,Margin';
    await bring(company.admin, 'opportunities', [header, 'again@deals.example,Pumps,Open,100,,12']);
    const second = await bring(company.admin, 'opportunities', [
      header,
      'again@deals.example,PUMPS ,Closed Won,,2026-01-02,',
      'again@deals.example,Valves,Open,70,,',
    ]);
    expect(second.progress).toMatchObject({ created: 1, updated: 1, failed: 0 });
    const [pumps, valves] = await deals(lead);
    expect(pumps).toMatchObject({ name: 'PUMPS', stage: 'won', amount: '100.00', custom: { margin: 12 } });
    expect(pumps!['closed_at']).toEqual(new Date('2026-01-02T00:00:00Z'));
    expect(valves).toMatchObject({ name: 'Valves', stage: 'open' });
    const [, edited] = await events('opportunity', pumps!.id);
    expect(edited).toMatchObject({ type: 'opportunity.updated', before: { state: 'open', name: 'Pumps' }, after: { state: 'won' } });
    const same = await bring(company.admin, 'opportunities', [header, 'again@deals.example,Valves,Open,70,,']);
    expect(same.progress).toMatchObject({ created: 0, updated: 0, skipped: 1 });
  });

  test('rows that cannot be are refused with their reason, and come in when the file of errors is mended', async () => {
    const lead = await leadOf(boss, { email: 'bad@deals.example', company: 'Bad Ltd' });
    const header = 'Email,Deal name,Stage,Amount,Currency,Owner,Tier,Margin';
    const draft = await draftOf(company.admin, 'opportunities', [
      header,
      'nobody@deals.example,A,Open,1,,,,',
      'bad@deals.example,B,Nowhere,1,,,,',
      'bad@deals.example,C,Won,-5,,,,',
      'bad@deals.example,D,Won,1,Taler,,,',
      'bad@deals.example,E,Won,1,,stranger,,',
      'bad@deals.example,F,Won,1,,,Silver,',
      'bad@deals.example,G,Won,1,,,,900',
      'bad@deals.example,=H+1,Open,1,,,,',
      'bad@deals.example,I,Open,1,,,,',
    ]);
    const { dryRun } = await perform(company.admin, draft.id, 'dry-run');
    expect(dryRun).toMatchObject({ rows: 9, create: 1, errors: 8 });
    expect(dryRun!.reasons.map(({ code }) => code).sort()).toEqual([
      'AMOUNT_NEGATIVE',
      'CURRENCY_UNKNOWN',
      'LEAD_UNKNOWN',
      'OPPORTUNITY_OPEN',
      'OPTION_UNKNOWN',
      'OPTION_UNKNOWN',
      'PERSON_UNKNOWN',
      'VALUE_INVALID',
    ]);
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ done: 9, created: 1, failed: 8 });
    expect((await deals(lead)).map(({ name }) => name)).toEqual(['=H+1']);
    const text = await errorsOf(draft.id);
    expect(text.split('\n')[0]).toContain('error code');
    expect(text).toContain('bad@deals.example,I,Open');
    const mended = text.split('\n').filter((line) => line.startsWith('Email') || line.includes(',C,'));
    const again = await bring(company.admin, 'opportunities', [mended[0]!, mended[1]!.replace('-5', '5')]);
    expect(again.progress).toMatchObject({ created: 1, failed: 0 });
    expect((await deals(lead)).map(({ name }) => name)).toEqual(['=H+1', 'C']);
  });

  test('a deal reaches only leads and deals of the person, and only fields his role writes', async () => {
    const header = 'Email,Deal name,Amount';
    const done = await bring(rep.api, 'opportunities', [header, 'own@deals.example,Mine,10', 'other@deals.example,Not mine,10']);
    expect(done.progress).toMatchObject({ created: 1, failed: 1 });
    expect(await deals(otherLead)).toEqual([]);
    const [mine] = await deals(ownLead);
    expect(mine).toMatchObject({ name: 'Mine', owner_id: rep.id });
    expect((await errorsOf(done.id)).includes('LEAD_UNKNOWN')).toBe(true);

    const refused = async (targets: Record<string, string>): Promise<unknown> => {
      const draft = await draftOf(rep.api, 'opportunities', ['Email,Amount,X', 'own@deals.example,1,2']);
      const mapping = draft.mapping.map((one) => ({ ...one, target: targets[one.column] ?? one.target }));
      const { status, body } = await rep.api.put<ErrorBody>(`/api/console/imports/${draft.id}`, { mapping });
      return `${status} ${body.error?.details.code}`;
    };
    expect(await refused({ X: 'reason' })).toBe('400 MAPPING_INVALID');
    expect(await refused({ X: 'custom.margin' })).toBe('400 MAPPING_INVALID');
    expect(await refused({ X: 'leadWechat' })).toBe('400 MAPPING_INVALID');
    expect((await uploadBytes(rep.api, 'a.csv', 'Name\nx', {}, 'accounts')).status).toBe(403);
    expect((await uploadBytes(rep.api, 'a.csv', 'Name\nx', {}, 'activities')).status).toBe(403);
    expect((await uploadBytes(rep.api, 'a.csv', 'Name\nx')).status).toBe(403);

    // Somebody else's deal by its id is as if it were not there, and nothing of it changes.
    await bring(company.admin, 'opportunities', [header, 'other@deals.example,Theirs,7']);
    const [theirs] = await deals(otherLead);
    const byId = await bring(rep.api, 'opportunities', ['Deal id,Amount', `${theirs!.id},999`]);
    expect(byId.progress).toMatchObject({ updated: 0, failed: 1 });
    expect(await deals(otherLead)).toMatchObject([{ amount: '7.00' }]);
  });

  test('goes back: what it made is removed, what it changed is as before, and the leads stand where they stood', async () => {
    const lead = await leadOf(boss, { email: 'back@deals.example', company: 'Back Ltd' });
    const stage = (await company.lead(lead))['stage'];
    const header = 'Email,Deal name,Stage,Amount,Tier';
    const first = await bring(company.admin, 'opportunities', [header, 'back@deals.example,One,Open,10,Gold']);
    const [one] = await deals(lead);
    const second = await bring(company.admin, 'opportunities', [
      header,
      'back@deals.example,One,Closed Lost,20,Iron',
      'back@deals.example,Two,Open,5,',
      'back@deals.example,Three,Won,6,',
    ]);
    expect(second.progress).toMatchObject({ created: 2, updated: 1 });
    const three = (await deals(lead)).find(({ name }) => name === 'Three')!;
    expectStatus(await company.admin.put(`/api/console/opportunities/${three.id}`, { amount: 8 }), 200);
    const back = await perform(company.admin, second.id, 'revert');
    expect(back.status).toBe('reverted');
    expect(back.revert).toMatchObject({
      removed: 1,
      restored: 1,
      conflictCount: 1,
      conflicts: [{ record: three.id, code: 'TOUCHED_SINCE' }],
    });
    expect(await deals(lead)).toMatchObject([
      { id: one!.id, stage: 'open', amount: '10.00', custom: { tier: 'gold' }, closed_at: null },
      { name: 'Three', amount: '8.00' },
    ]);
    await perform(company.admin, first.id, 'revert');
    expect((await company.lead(lead))['stage']).toBe(stage);
  });

  test('one more open deal than a lead may have is refused also within a file, whichever rows come first', async () => {
    await leadOf(boss, { email: 'twice@deals.example' });
    const draft = await draftOf(company.admin, 'opportunities', [
      'Email,Deal name,Stage',
      'twice@deals.example,First,Open',
      'twice@deals.example,Second,Open',
      'twice@deals.example,First,Closed Won',
      'twice@deals.example,Second,Open',
    ]);
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ created: 2, updated: 1, failed: 1 });
  });

  test('what was exported comes back: nothing changes where nothing was edited, and what was edited does', async () => {
    const lead = await leadOf(boss, { email: 'round@deals.example' });
    await bring(company.admin, 'opportunities', ['Email,Deal name,Stage,Amount,Owner,Tier', 'round@deals.example,Round,Open,10,boss,Gold']);
    const [deal] = await deals(lead);
    const filter = encodeURIComponent(JSON.stringify({ id: [deal!.id] }));
    const { body: text } = await company.admin.get<string>(`/api/console/opportunities/export?filter=${filter}`);
    const same = await bring(
      company.admin,
      'opportunities',
      text
        .replace(/^\uFEFF/, '')
        .trim()
        .split(/\r?\n/),
    );
    expect(same.progress).toMatchObject({ created: 0, updated: 0, skipped: 1, failed: 0 });
    const edited = await bring(
      company.admin,
      'opportunities',
      text
        .replace(/^\uFEFF/, '')
        .replace('Round', 'Square')
        .trim()
        .split(/\r?\n/),
    );
    expect(edited.progress).toMatchObject({ created: 0, updated: 1, failed: 0 });
    expect(await deals(lead)).toMatchObject([
      { id: deal!.id, name: 'Square', amount: '10.00', owner_id: boss.id, custom: { tier: 'gold' } },
    ]);
  });

  test('a mapping that tells no lead is refused before anything is read, and the file may turn out to hold something else', async () => {
    const draft = await draftOf(company.admin, 'leads', ['Deal name,Amount,Email', 'X,1,own@deals.example']);
    const as = async (values: object): Promise<ImportView> => {
      expectStatus(await company.admin.put(`/api/console/imports/${draft.id}`, values), 200);
      return (await company.admin.get<ImportView>(`/api/console/imports/${draft.id}`)).body;
    };
    const turned = await as({ kind: 'opportunities' });
    expect(turned.mapping.map(({ target }) => target)).toEqual(['name', 'amount', 'leadEmail']);
    await as({ mapping: turned.mapping.map((one) => (one.target === 'leadEmail' ? { ...one, target: null } : one)) });
    const { status, body } = await company.admin.post<ErrorBody>(`/api/console/imports/${draft.id}/start`);
    expect([status, body.error.details.code]).toEqual([400, 'MAPPING_INCOMPLETE']);
    expect((await as({ kind: 'leads' })).mapping.find(({ column }) => column === 'Email')?.target).toBe('email');
  });

  test('goes on after kill -9 at the next row: each deal once', async () => {
    const count = 3500;
    await company.db.raw(
      `INSERT INTO crm_leads (id, document_id, name, stage, status, captured_at, stage_entered_at, version, custom, created_at)
       SELECT nextval(pg_get_serial_sequence('crm_leads', 'id')), md5(n::text || 'crash'), 'Crash ' || n, 'lead', 'open', now(), now(), 1, '{}', now() FROM generate_series(1, ?) n`,
      [count],
    );
    const ids = await company.db<{ id: number }>('crm_leads').whereLike('name', 'Crash %').orderBy('id').pluck('id');
    const draft = await draftOf(company.admin, 'opportunities', [
      'Lead id,Deal name,Amount',
      ...ids.map((id, n) => `${id},Deal ${n},${n}`),
    ]);
    expectStatus(await company.admin.post(`/api/console/imports/${draft.id}/start`), 200);
    await crashDuring(company, draft.id);
    const done = await settled(company.admin, draft.id);
    expect(done).toMatchObject({ status: 'done', progress: { done: count, created: count, failed: 0 } });
    const { rows } = await company.db.raw<{ rows: { n: number }[] }>(
      `SELECT count(*)::int AS n FROM (SELECT lead_id FROM crm_opportunities WHERE lead_id = ANY(?::int[]) GROUP BY 1 HAVING count(*) = 1) one`,
      [ids],
    );
    expect(rows[0]?.n).toBe(count);
  });
});

withSharedData('the pipeline of a real company', () => {
  const pipeline = 'maven_crm/sales_pipeline.csv';
  const mapped = (columns: readonly Column[], targets: Record<string, string | null>): Column[] =>
    columns.map((one) => ({
      ...one,
      create: null,
      target: targets[one.column] ?? null,
      ...(one.column === 'deal_stage' ? { options: { otherwise: 'open' } } : {}),
    }));

  test('accounts, then leads, then their deals: every row once, by the ids of the old system', async () => {
    const accounts = expectStatus(
      await uploadBytes(
        company.admin,
        'accounts.csv',
        await readFile(sharedFile('maven_crm/accounts.csv')),
        { createFields: true },
        'accounts',
      ),
      200,
    );
    expect(accounts.mapping.find(({ column }) => column === 'account')?.target).toBe('name');
    expect((await perform(company.admin, accounts.id, 'start')).progress).toMatchObject({ done: 85, created: 85, failed: 0 });
    const acme = await company.db('crm_accounts').where({ name: 'Acme Corporation' }).first<Record<string, unknown>>();
    expect(acme).toMatchObject({ employees: 2822, custom: { year_established: 1996 } });

    const source = { source: 'Maven' };
    const people = await importFile(company.admin, sharedFile(pipeline), { ...source, destination: { owner: boss.id } }, (columns) =>
      mapped(columns, { opportunity_id: 'externalId', account: 'company' }),
    );
    expect(people.progress).toMatchObject({ created: 8800, failed: 0 });

    const bytes = await readFile(sharedFile(pipeline));
    const options = { ...source, unknownPeople: 'blank' };
    const draft = expectStatus(await uploadBytes(company.admin, 'pipeline.csv', bytes, options, 'opportunities'), 200);
    const targets = {
      ...{ opportunity_id: 'leadExternalId', sales_agent: 'owner', product: 'name', account: 'account', deal_stage: 'state' },
      ...{ close_date: 'closedAt', close_value: 'amount' },
    };
    expectStatus(await company.admin.put(`/api/console/imports/${draft.id}`, { mapping: mapped(draft.mapping, targets) }), 200);
    const { dryRun } = await perform(company.admin, draft.id, 'dry-run');
    expect(dryRun).toMatchObject({ rows: 8800, create: 8800, errors: 0 });
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ done: 8800, created: 8800, failed: 0 });
    const { rows } = await company.db.raw<{ rows: Record<string, unknown>[] }>(
      `SELECT o.stage, count(*)::int AS n, sum(o.amount)::int AS amount, count(o.closed_at)::int AS closed, count(o.account_id)::int AS accounts
       FROM crm_opportunities o JOIN crm_leads l ON l.id = o.lead_id WHERE l.external_id LIKE 'maven:%' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { stage: 'lost', n: 2473, amount: 0, closed: 2473, accounts: 2473 },
      { stage: 'open', n: 2089, amount: null, closed: 0, accounts: 664 },
      { stage: 'won', n: 4238, amount: 10_005_534, closed: 4238, accounts: 4238 },
    ]);
    const { rows: stages } = await company.db.raw<{ rows: Record<string, unknown>[] }>(
      `SELECT stage, count(*)::int AS n FROM crm_leads WHERE external_id LIKE 'maven:%' AND stage IN ('opportunity', 'won') GROUP BY 1 ORDER BY 1`,
    );
    expect(stages).toEqual([
      { stage: 'opportunity', n: 2089 },
      { stage: 'won', n: 4238 },
    ]);
  });
});
