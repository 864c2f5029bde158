import { expectStatus, someone, startCompany, type Company, type Person } from '../support/fixtures';
import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { crashDuring, perform, settled, uploadBytes, type ImportView } from '../support/import-file';
import type { Api } from '../support/api';

jest.setTimeout(300_000);

let company: Company;
let rep: Person;
let boss: Person;

interface Activity {
  readonly id: number;
  readonly lead_id: number;
  readonly kind: string;
  readonly note: string | null;
  readonly occurred_at: Date;
  readonly member_id: number | null;
}
const label = (text: string): { zh: string; en: string } => ({ zh: text, en: text });
const activities = (lead: number): Promise<Activity[]> =>
  company.db<Activity>('crm_activities').where({ lead_id: lead }).orderBy('occurred_at');
const count = async (sql: string, bindings: readonly unknown[] = []): Promise<number> => {
  const { rows } = await company.db.raw<{ rows: { n: number }[] }>(`SELECT count(*)::int AS n FROM ${sql}`, bindings as string[]);
  return rows[0]?.n ?? -1;
};
const draftOf = async (as: Api, rows: readonly string[], options: object = {}): Promise<ImportView> =>
  expectStatus(await uploadBytes(as, 'follow-ups.csv', rows.join('\n'), options, 'activities'), 200);
const bring = async (...given: Parameters<typeof draftOf>): Promise<ImportView> => perform(given[0], (await draftOf(...given)).id, 'start');
const errorsOf = async (id: number): Promise<string> => (await company.admin.get<string>(`/api/console/imports/${id}/errors`)).body;

async function leadOf(owner: Person | null, more: Record<string, unknown> = {}): Promise<number> {
  const [id] = await company.capture([{ ...someone(), ...more }]);
  if (owner) await company.db('crm_leads').where({ id: id! }).update({ owner_id: owner.id, pool_id: null });
  return id!;
}

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock('2026-03-02T08:00:00Z');
  boss = await company.person('boss', { roles: ['crm-admin'] });
  const allow = {
    key: 'call-importer',
    label: label('Calls'),
    resources: {
      imports: { read: ['own'], create: ['own'], update: ['own'] },
      leads: { read: ['all'], log: ['own'] },
      activities: { read: ['own'], import: ['own'] },
    },
    fields: { imports: { '*': 'write' }, leads: { '*': 'read', phone: 'masked' }, activities: { '*': 'read', subject: 'hidden' } },
  };
  expectStatus(await company.admin.post('/api/console/roles', allow), 200);
  rep = await company.person('rep', { roles: ['call-importer'] });
  const options = [
    { value: 'good', label: { zh: '良好', en: 'Good' } },
    { value: 'poor', label: { zh: '较差', en: 'Poor' } },
  ];
  const mood = { entity: 'activity', key: 'mood', type: 'select', label: label('Mood'), section: 'custom', position: 1, options };
  expectStatus(await company.admin.post('/api/console/fields', mood), 200);
  const hasMood = { combinator: 'and', rules: [{ field: 'custom.mood', operator: '=', value: 'poor' }] };
  const why = { entity: 'activity', key: 'why', type: 'text', label: label('Why'), section: 'custom', position: 2, visibleWhen: hasMood };
  await company.admin.post('/api/console/fields', why);
});
afterAll(() => company?.server.close());

describe('a file of follow-ups', () => {
  test('is history: each at its own time and by its own author, told in the story of the lead, and no answer to anything', async () => {
    const lead = await leadOf(boss, { phone: '+8613800138001' });
    await company.db('crm_leads').where({ id: lead }).update({ next_action_at: '2026-03-03T08:00:00Z' });
    await company.db('crm_tasks').insert({
      ...{ document_id: 'next-of-history', lead_id: lead, owner_id: boss.id, kind: 'call', key: 'next-action', title: '{}' },
      ...{ due_at: '2026-03-03T08:00:00Z', state: 'open' },
    });
    const notices = await count('crm_notifications');
    const draft = await draftOf(
      company.admin,
      [
        '客户手机,跟进方式,跟进结果,跟进时间,跟进人,时长,跟进内容,Mood',
        '13800138001,电话,已接通,2025-11-03 09:30,boss@test.example,2分5秒,"谈了价格\n第二行",良好',
        '13800138001,上门拜访,,2025/12/24,rep,,送了样品,',
        '13800138001,记录,,2026-01-05 10:00,,,内部备注,',
      ],
      { country: 'CN', timeZone: 'Asia/Shanghai' },
    );
    expect(Object.fromEntries(draft.mapping.map(({ column, target }) => [column, target]))).toEqual({
      客户手机: 'leadPhone',
      跟进方式: 'kind',
      跟进结果: 'outcome',
      跟进时间: 'occurredAt',
      跟进人: 'member',
      时长: 'durationSeconds',
      跟进内容: 'note',
      Mood: 'custom.mood',
    });
    expect((await perform(company.admin, draft.id, 'dry-run')).dryRun).toMatchObject({ rows: 3, create: 3, errors: 0 });
    expect(await activities(lead)).toEqual([]);
    expect((await perform(company.admin, draft.id, 'start')).progress).toMatchObject({ done: 3, created: 3, failed: 0 });
    expect(await activities(lead)).toMatchObject([
      {
        ...{ kind: 'call', outcome: 'connected', member_id: boss.id, duration_seconds: 125, note: '谈了价格\n第二行' },
        ...{ occurred_at: new Date('2025-11-03T01:30:00Z'), automatic: false, custom: { mood: 'good' } },
      },
      { kind: 'visit', member_id: rep.id, occurred_at: new Date('2025-12-23T16:00:00Z') },
      { kind: 'note', member_id: null, occurred_at: new Date('2026-01-05T02:00:00Z') },
    ]);
    const row = await company.lead(lead);
    // A note is no follow-up; the visit is the last one, by its own time.
    expect(row['last_follow_up_at']).toEqual(new Date('2025-12-23T16:00:00Z'));
    expect(await count(`crm_tasks WHERE lead_id = ? AND state = 'open'`, [lead])).toBe(1);
    expect(await count('crm_notifications')).toBe(notices);
    const told = await company.db('crm_events').where({ subject: 'lead', subject_id: lead, type: 'lead.activity' }).orderBy('id');
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({ cause_type: 'import', actor_kind: 'import', data: { imported: true, kind: 'call' } });
  });

  test('history answers no promise; what counts as logged now keeps it, at its own time', async () => {
    const week = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [{ start: '00:00', end: '24:00' }]]),
    );
    await company.publish('calendars', 'always', { key: 'always', tz: 'UTC', week });
    await company.publish('sla-contracts', 'first', { ...FIRST_RESPONSE_CONTRACT, calendar: 'always', signing: 'none' });
    const clockOf = async (lead: number): Promise<{ state: string; stopped_at: Date | null }> =>
      company.db('crm_sla_clocks').where({ lead_id: lead, metric: 'speed-to-lead' }).first('state', 'stopped_at');
    const [past, live] = [await leadOf(null, { email: 'past@calls.example' }), await leadOf(null, { email: 'live@calls.example' })];
    expect([(await clockOf(past)).state, (await clockOf(live)).state]).toEqual(['running', 'running']);
    await company.moveClock('2026-03-02T10:00:00Z');
    const rows = (who: string): string[] => ['Email,Type,Outcome,Date,By', `${who},Call,Connected,2026-03-02 09:50,boss@test.example`];
    expect((await bring(company.admin, rows('past@calls.example'))).progress).toMatchObject({ created: 1 });
    expect((await bring(company.admin, rows('live@calls.example'), { followUps: 'live' })).progress).toMatchObject({ created: 1 });
    expect(await clockOf(past)).toMatchObject({ state: 'running' });
    expect(await clockOf(live)).toMatchObject({ state: 'met', stopped_at: new Date('2026-03-02T09:50:00Z') });
    expect(await activities(live)).toMatchObject([{ member_id: boss.id, occurred_at: new Date('2026-03-02T09:50:00Z') }]);
    // Older than a week is history whatever was asked for.
    const old = ['Email,Type,Outcome,Date', 'past@calls.example,Call,Connected,2026-02-01 09:00'];
    expect((await bring(company.admin, old, { followUps: 'live' })).progress).toMatchObject({ created: 1 });
    expect(await clockOf(past)).toMatchObject({ state: 'running' });
  });

  test('what counted as work of the day is not taken back', async () => {
    const lead = await leadOf(boss, { email: 'counted@calls.example' });
    const rows = ['Email,Type,Date', 'counted@calls.example,Call,2026-03-02 07:30'];
    const done = await bring(company.admin, rows, { followUps: 'live' });
    const [activity] = await activities(lead);
    expect((await perform(company.admin, done.id, 'revert')).revert).toMatchObject({
      removed: 0,
      conflicts: [{ lead, record: activity!.id, code: 'COUNTED' }],
    });
    expect(await activities(lead)).toHaveLength(1);
  });

  test('the same follow-up is kept once, whoever brings it and how often', async () => {
    const lead = await leadOf(boss, { email: 'once@calls.example' });
    const rows = [
      'Email,Type,Date,Note',
      'once@calls.example,Call,2025-10-01 10:00,Said hello',
      'once@calls.example,Call,2025-10-01 10:00,Said hello',
    ];
    expect((await bring(company.admin, rows)).progress).toMatchObject({ created: 1, skipped: 1 });
    expect((await bring(company.admin, [...rows, 'once@calls.example,Call,2025-10-01 10:00,Said more'])).progress).toMatchObject({
      created: 1,
      skipped: 2,
    });
    expect((await activities(lead)).map(({ note }) => note).sort()).toEqual(['Said hello', 'Said more']);
  });

  test('rows that cannot be are refused with their reason, and come in when they are mended', async () => {
    await leadOf(boss, { email: 'bad@calls.example' });
    const draft = await draftOf(company.admin, [
      'Email,Type,Date,By,Duration,Mood,Note',
      'bad@calls.example,Call,,,,,no time',
      'bad@calls.example,Call,2031-01-01,,,,tomorrow',
      'bad@calls.example,Telepathy,2025-01-01,,,,kind',
      'bad@calls.example,Call,soon,,,,date',
      'bad@calls.example,Call,2025-01-01,Nobody Known,,,author',
      'bad@calls.example,Call,2025-01-01,,very long,,duration',
      'bad@calls.example,Call,2025-01-01,,,Sad,mood',
      ',Call,2025-01-01,,,,whose',
      'who@calls.example,Call,2025-01-01,,,,unknown',
      'bad@calls.example,Call,2025-01-01,,,,"=cmd|calc"',
    ]);
    const mapping = draft.mapping.map((one) => (one.column === 'Date' ? { ...one, target: 'occurredAt' } : one));
    expectStatus(await company.admin.put(`/api/console/imports/${draft.id}`, { mapping }), 200);
    const { dryRun } = await perform(company.admin, draft.id, 'dry-run');
    expect(dryRun).toMatchObject({ rows: 10, create: 1, errors: 9 });
    expect(dryRun!.reasons.map(({ code }) => code).sort()).toEqual([
      ...['ACTIVITY_IN_FUTURE', 'DATE_INVALID', 'DURATION_INVALID', 'LEAD_MISSING', 'LEAD_UNKNOWN'],
      ...['OPTION_UNKNOWN', 'OPTION_UNKNOWN', 'PERSON_UNKNOWN', 'VALUE_REQUIRED'],
    ]);
    expect((await perform(company.admin, draft.id, 'start')).progress).toMatchObject({ created: 1, failed: 9 });
    const text = await errorsOf(draft.id);
    expect(text).toContain('PERSON_UNKNOWN');
    const [header, ...lines] = text.split('\n').filter((line) => !line.includes('unknown') && line.trim() !== '');
    const mended = lines.filter((line) => line.includes('Nobody Known')).map((line) => line.replace('Nobody Known', 'rep'));
    expect((await bring(company.admin, [header!, ...mended])).progress).toMatchObject({ created: 1, failed: 0 });
    const lenient = lines.filter((line) => line.includes('Nobody Known')).map((line) => line.replace('author', 'somebody who left'));
    const blank = await bring(company.admin, [header!, ...lenient], { unknownPeople: 'blank' });
    expect(blank.progress).toMatchObject({ created: 1, failed: 0 });
  });

  test('reaches only leads whose follow-ups the person may log, and only fields his role shows', async () => {
    const mine = await leadOf(rep, { email: 'mine@calls.example' });
    const theirs = await leadOf(boss, { email: 'theirs@calls.example' });
    const rows = ['Email,Type,Date,Note', 'mine@calls.example,Call,2025-02-01,a', 'theirs@calls.example,Call,2025-02-01,b'];
    const done = await bring(rep.api, rows);
    expect(done.progress).toMatchObject({ created: 1, failed: 1 });
    expect(await activities(mine)).toHaveLength(1);
    expect(await activities(theirs)).toHaveLength(0);
    const draft = await draftOf(rep.api, ['Email,Phone,Subject,Date', 'mine@calls.example,123,x,2025-02-02']);
    // Who does not see phone numbers cannot look for leads by them, and what is hidden is no target.
    expect(draft.mapping.map(({ target }) => target)).toEqual(['leadEmail', null, null, 'occurredAt']);
    expect(draft.targets.map(({ key }) => key)).not.toEqual(expect.arrayContaining(['leadPhone']));
    for (const target of ['leadPhone', 'subject']) {
      const mapping = draft.mapping.map((one, index) => (index === 1 ? { ...one, target } : one));
      expect((await rep.api.put(`/api/console/imports/${draft.id}`, { mapping })).status).toBe(400);
    }
    const plain = await company.person('plain', { roles: ['sales'] });
    expect((await uploadBytes(plain.api, 'x.csv', rows.join('\n'), {}, 'activities')).status).toBe(403);
  });

  test('one that is here is named by its id and given other words; what is evidence stays, and the words go back', async () => {
    const lead = await leadOf(boss, { email: 'words@calls.example' });
    await bring(company.admin, ['Email,Type,Date,Note,Mood', 'words@calls.example,Call,2025-07-01 10:00,teh price,Good']);
    const [kept] = await activities(lead);
    const header = 'ID,Type,When,Note,Mood';
    const fixed = await bring(company.admin, [header, `${kept!.id},Visit,2025-07-01 10:00,x,`, `999999,Call,,y,`]);
    expect(fixed.progress).toMatchObject({ updated: 0, failed: 2 });
    const text = await errorsOf(fixed.id);
    expect(text).toContain('ACTIVITY_FIXED');
    expect(text).toMatch(/LEAD_MISSING|ACTIVITY_UNKNOWN/);
    const rows = [header, `${kept!.id},Call,2025-07-01T10:00:00Z,the price,Poor`];
    const draft = await draftOf(company.admin, rows);
    expect((await perform(company.admin, draft.id, 'dry-run')).dryRun).toMatchObject({ create: 0, update: 1, errors: 0 });
    const done = await perform(company.admin, draft.id, 'start');
    expect(done.progress).toMatchObject({ created: 0, updated: 1 });
    expect(await activities(lead)).toMatchObject([
      { ...kept, note: 'the price', custom: { mood: 'poor' }, updated_at: expect.anything() as unknown },
    ]);
    expect((await bring(company.admin, rows)).progress).toMatchObject({ updated: 0, skipped: 1 });
    const theirs = await bring(rep.api, [header, `${kept!.id},,,mine now,`]);
    expect(theirs.progress).toMatchObject({ updated: 0, failed: 1 });
    expect((await perform(company.admin, done.id, 'revert')).revert).toMatchObject({ restored: 1, conflictCount: 0 });
    expect(await activities(lead)).toMatchObject([{ note: 'teh price', custom: { mood: 'good' } }]);
  });

  test('what was exported comes back without a change', async () => {
    const lead = await leadOf(boss, { email: 'round@calls.example' });
    await bring(company.admin, [
      'Email,Type,Outcome,Date,By,Duration,Note,Mood',
      'round@calls.example,Call,Connected,2025-08-01 10:00,boss@test.example,1:35,round,Good',
    ]);
    const [kept] = await activities(lead);
    const filter = encodeURIComponent(JSON.stringify({ id: [kept!.id] }));
    const { body: text } = await company.admin.get<string>(`/api/console/activities/export?filter=${filter}`);
    const lines = text
      .replace(/^\uFEFF/, '')
      .trim()
      .split(/\r?\n/);
    expect((await bring(company.admin, lines)).progress).toMatchObject({ created: 0, updated: 0, skipped: 1, failed: 0 });
    const edited = await bring(company.admin, [lines[0]!, lines[1]!.replace('round', 'square')]);
    expect(edited.progress).toMatchObject({ updated: 1, failed: 0 });
    expect(await activities(lead)).toMatchObject([{ id: kept!.id, note: 'square', occurred_at: kept!.occurred_at }]);
  });

  test('goes back: history is gone, what somebody corrected stays, and the lead has the last follow-up that is left', async () => {
    const lead = await leadOf(boss, { email: 'back@calls.example' });
    const logged = { kind: 'call', outcome: 'connected', occurredAt: '2026-02-28T10:00:00Z' };
    await company.admin.post(`/api/console/leads/${lead}/activities`, logged);
    const before = (await company.lead(lead))['last_follow_up_at'];
    const rows = [
      'Email,Type,Date,Note',
      'back@calls.example,Call,2026-03-01 10:00,late',
      'back@calls.example,Meeting,2025-05-01 10:00,early',
      'back@calls.example,Call,2025-06-01 10:00,corrected',
    ];
    const done = await bring(company.admin, rows);
    expect((await company.lead(lead))['last_follow_up_at']).toEqual(new Date('2026-03-01T10:00:00Z'));
    const corrected = (await activities(lead)).find(({ note }) => note === 'corrected')!;
    expectStatus(await company.admin.put(`/api/console/activities/${corrected.id}`, { note: 'better' }), 200);
    const back = await perform(company.admin, done.id, 'revert');
    expect(back.revert).toMatchObject({ removed: 2, conflictCount: 1, conflicts: [{ lead, record: corrected.id, code: 'TOUCHED_SINCE' }] });
    expect((await activities(lead)).map(({ note }) => note)).toEqual(['better', null]);
    expect((await company.lead(lead))['last_follow_up_at']).toEqual(before);
  });

  test('of somebody who was erased are left out, by any of his addresses, and nothing of the rows is kept', async () => {
    const values = someone({ phone: '+8613700001111' });
    const [lead] = await company.capture([values]);
    expectStatus(await company.admin.post(`/api/console/leads/${lead}/erase`, { reason: 'request' }), 200);
    const email = String(values['email']);
    const done = await bring(company.admin, ['Email,Type,Date,Note', `${email},Call,2025-04-01 10:00,secret words`]);
    expect(done.progress).toMatchObject({ created: 0, skipped: 1, failed: 0 });
    const byId = await bring(company.admin, ['Lead id,Type,Date,Note', `${lead},Call,2025-04-01 10:00,secret words`]);
    expect(byId.progress).toMatchObject({ created: 0, skipped: 1, failed: 0 });
    const kept = await company.db('crm_import_rows').whereIn('import_id', [done.id, byId.id]).select('code', 'cells', 'lead_id');
    expect(kept).toEqual([1, 2].map(() => ({ code: 'ERASED_PERSON', cells: null, lead_id: null })));
    expect(await company.db('crm_import_parts').whereIn('import_id', [done.id, byId.id])).toEqual([]);
  });

  test('go with the person: erasing him takes the words of his follow-ups and the file that brought them', async () => {
    const values = someone();
    const [lead] = await company.capture([values]);
    const done = await bring(company.admin, ['Email,Type,Date,Note', `${String(values['email'])},Call,2025-04-01 10:00,very private`]);
    expect(await count('crm_import_parts WHERE import_id = ?', [done.id])).toBeGreaterThan(0);
    expectStatus(await company.admin.post(`/api/console/leads/${lead}/erase`, { reason: 'request' }), 200);
    expect(await count('crm_import_parts WHERE import_id = ?', [done.id])).toBe(0);
    expect(await activities(lead!)).toMatchObject([{ kind: 'call', note: '[erased]' }]);
    for (const table of ['crm_events', 'crm_imports', 'crm_import_rows', 'crm_activities'])
      expect({ table, n: await count(`${table} t WHERE t::text LIKE '%very private%'`) }).toEqual({ table, n: 0 });
  });

  test('goes on after kill -9 at the next row: each follow-up once', async () => {
    const total = 4000;
    const lead = await leadOf(boss, { email: 'crash@calls.example' });
    const start = Date.UTC(2024, 0, 1);
    const rows = Array.from(
      { length: total },
      (_, n) => `crash@calls.example,Call,${new Date(start + n * 60_000).toISOString()},Call ${n}`,
    );
    const draft = await draftOf(company.admin, ['Email,Type,Date,Note', ...rows]);
    expectStatus(await company.admin.post(`/api/console/imports/${draft.id}/start`), 200);
    await crashDuring(company, draft.id);
    const done = await settled(company.admin, draft.id);
    expect(done).toMatchObject({ status: 'done', progress: { done: total, created: total, failed: 0 } });
    expect(await count('(SELECT DISTINCT note FROM crm_activities WHERE lead_id = ?) n', [lead])).toBe(total);
    expect(await count('crm_activities WHERE lead_id = ?', [lead])).toBe(total);
  });
});
