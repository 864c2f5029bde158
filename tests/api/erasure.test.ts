import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TWO_SIDES_CONTRACT } from '../../plugins/lead-sla';
import {
  expectStatus,
  poolBody,
  startCompany,
  until,
  type Company,
  type ErrorBody,
  type Person,
  type VerbAnswer,
} from '../support/fixtures';
import { perform, upload } from '../support/import-file';

jest.setTimeout(300_000);

/** What is only ever said of the person; each is looked for in every table afterwards. */
const PERSON = {
  name: 'Zoe Quillfeather',
  email: 'zoe.quill@homely.example',
  phone: '+49 30 22334455',
  wechat: 'zoewx_778',
  title: 'Chief Whisperer',
  address: 'Nightingale Lane 7719',
  postcode: 'QX9 77Z',
  note: 'Prefers talking after the opera',
  ip: '203.0.113.77',
  landingPage: 'https://firm.example/?who=zoequill77',
};
const WORDS = [
  'Nightingale',
  'zoe.quill',
  '22334455',
  'zoewx_778',
  'Quillfeather',
  'Whisperer',
  'QX9 77Z',
  'after the opera',
  '203.0.113.77',
  'zoequill77',
  // The lead that was merged into hers, custom fields, and what others wrote.
  'Zoë-Marie',
  'z.private@elsewhere.example',
  'PASS-99887',
  'loves falcons',
  'sister is ill',
  'About the falcons',
  'said she moved',
  'clock note 4711',
  'protect her case',
  'ext-zoe-1',
];

let company: Company;
let rep: Person;
let auditor: Person;
let lead: number;
let other: number;
let bystander: number;
let folder: string;

interface Found {
  readonly place: string;
  readonly word: string;
}

/** Reads every column of every table that can hold text, of every schema but the server's own, and says where a word is found. */
async function findWords(words: readonly string[]): Promise<Found[]> {
  const { rows: columns } = await company.db.raw<{ rows: { schema: string; table: string; column: string; type: string }[] }>(
    `SELECT table_schema AS schema, table_name AS "table", column_name AS column, data_type AS type FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const found: Found[] = [];
  for (const { schema, table, column, type } of columns) {
    const text = `lower(${type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`})`;
    const { rows } = await company.db.raw<{ rows: { word: string }[] }>(
      `SELECT DISTINCT w.word FROM "${schema}"."${table}", unnest(?::text[]) AS w(word) WHERE strpos(${text}, lower(w.word)) > 0`,
      [[...words]],
    );
    found.push(...rows.map(({ word }) => ({ place: `${table}.${column}`, word })));
  }
  return found;
}

const leadPost = async (verb: string, body: unknown, id = lead): Promise<unknown> =>
  expectStatus(await company.admin.post(`/api/console/leads/${id}/${verb}`, body), 200);

async function bring(text: string, name: string): Promise<number> {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  const draft = await upload(company.admin, file, {});
  await perform(company.admin, draft.id, 'dry-run');
  await perform(company.admin, draft.id, 'start');
  return draft.id;
}

/** A lead with everything the product keeps of somebody: forms, edits, merge, notes, files, mails, promises, deals. */
async function liveALife(): Promise<void> {
  const label = (en: string) => ({ zh: en, en });
  for (const field of [
    { entity: 'lead', key: 'passport', type: 'text', label: label('Passport'), pii: true, piiKind: 'identity' },
    { entity: 'lead', key: 'seats', type: 'integer', label: label('Seats') },
    { entity: 'activity', key: 'mood', type: 'text', label: label('Mood') },
  ])
    expectStatus(await company.admin.post('/api/console/fields', field), 200);
  [lead] = (await company.capture([
    { ...PERSON, externalId: 'ext-zoe-1', company: 'Homely', country: 'DE', passport: 'PASS-99887', falcons: 'loves falcons' },
  ])) as [number];
  await company.admin.put(`/api/console/leads/${lead}`, { custom: { passport: 'PASS-99887', seats: 12 } });
  const twin = { name: 'Zoë-Marie', email: 'z.private@elsewhere.example', company: 'Homely', city: 'Bonn' };
  other = expectStatus(await company.admin.post<{ id: number }>('/api/console/leads', twin), 200).id;
  await leadPost('merge', { losers: [other], fields: { name: other } });
  await company.admin.put(`/api/console/leads/${lead}`, { name: PERSON.name });
  await leadPost('assign', { owner: rep.id });
  await leadPost('activities', {
    kind: 'call',
    outcome: 'no-answer',
    subject: 'About the falcons',
    note: 'sister is ill',
    custom: { mood: 'said she moved' },
  });
  await leadPost('consent', { channels: ['call'], state: 'granted', basis: 'consent', text: 'You may call me', note: 'said she moved' });
  // A file that brings her again, with a row that is refused.
  await bring(
    `Name,Email,Phone\nZoe Quillfeather,zoe.quill@homely.example,\nZoe Quillfeather,zoe.quill@homely,+49 30 22334455\nNew One,new.one@file.example,\n`,
    'list.csv',
  );
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leadsea-erase-'));
  company = await startCompany();
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
  auditor = await company.person('auditor', { roles: ['auditor'] });
  await company.moveClock('2027-03-01T08:00:00Z');
  await company.publish('pools', 'p1', poolBody('east'));
  await company.publish('sla-contracts', 'c1', { ...TWO_SIDES_CONTRACT, signing: 'none', calendar: null });
  await liveALife();
  bystander = (await company.capture([{ name: 'Otto Bystander', email: 'otto@homely.example', company: 'Homely' }]))[0]!;
  await company.moveClock('2027-03-01T12:30:00Z');
  await company.moveClock('2027-03-02T02:00:00Z');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await company?.server.close();
});

const clocks = (): Promise<Record<string, unknown>[]> => company.db('crm_sla_clocks').where({ lead_id: lead }).orderBy('id');
interface Verdict {
  readonly ok: boolean;
  readonly days: { day: string; ok: boolean; erased: number; reason: string | null }[];
}
const verify = async (): Promise<Verdict> => expectStatus(await company.admin.get<Verdict>('/api/console/audit/verify'), 200);

test('before: the product knows her in many places', async () => {
  const places = new Set((await findWords(WORDS)).map(({ place }) => place));
  for (const place of [
    'crm_leads.name',
    'crm_events.data',
    'crm_events.before',
    'crm_captures.payload',
    'crm_activities.note',
    'crm_lead_keys.value',
  ])
    expect(places).toContain(place);
  for (const place of [
    'crm_import_rows.cells',
    'crm_import_parts.bytes',
    'crm_imports.samples',
    'crm_notifications.title',
    'crm_consents.note',
  ])
    expect(places).toContain(place);
});

test('nobody may erase unless his role says so, and what it would take is told only to who may', async () => {
  const refused = await rep.api.post<ErrorBody>(`/api/console/leads/${lead}/erase`, { reason: 'request' });
  expect(refused.status).toBe(403);
  expect((await rep.api.get(`/api/console/leads/${lead}/erasure`)).status).toBe(403);
  expect((await rep.api.get('/api/console/erasures')).status).toBe(403);
  expect((await company.admin.post(`/api/console/leads/${lead}/erase`, {})).status).toBe(400);
  expect(await company.lead(lead)).toMatchObject({ name: PERSON.name });
});

test('it is said beforehand what goes and what stays', async () => {
  const told = expectStatus(await company.admin.get(`/api/console/leads/${lead}/erasure`), 200);
  expect(told).toMatchObject({
    lead,
    fields: expect.arrayContaining(['name', 'email', 'phone', 'wechat', 'custom.passport']) as unknown,
    gone: { merged: 1, activities: 1, captures: 1 },
    stays: { deals: 0 },
  });
  expect((told as { fields: string[] }).fields).not.toContain('custom.seats');
  expect((told as { stays: { clocks: number } }).stays.clocks).toBeGreaterThan(0);
});

describe('erased', () => {
  let measured: Record<string, unknown>[];
  let scored: Record<string, unknown>;

  beforeAll(async () => {
    await company.admin.get('/api/console/audit/days');
    expect((await verify()).ok).toBe(true);
    measured = await clocks();
    scored = await company.lead(lead);
    const answer = await company.admin.post<VerbAnswer>(`/api/console/leads/erase`, {
      ids: [lead],
      reason: 'request',
      reference: 'DSR-17',
    });
    expect(expectStatus(answer, 200).results).toMatchObject([{ id: lead, ok: true }]);
  });

  test('no table of the database holds anything of her', async () => {
    expect(await findWords(WORDS)).toEqual([]);
  });

  test('the lead stays where it stood, held by nobody, and takes no change any more', async () => {
    const row = await company.lead(lead);
    expect(row).toMatchObject({ name: null, owner_id: null, pool_id: null, quarantine: 'erased', company: 'Homely', country: 'DE' });
    for (const kept of ['stage', 'score', 'grade', 'source', 'captured_at', 'city'])
      expect([kept, row[kept]]).toEqual([kept, scored[kept]]);
    expect(row['custom']).toEqual({ seats: 12 });
    for (const call of [
      company.admin.put<ErrorBody>(`/api/console/leads/${lead}`, { name: 'Again' }),
      company.admin.post<ErrorBody>(`/api/console/leads/${lead}/activities`, { kind: 'note', note: 'x' }),
      company.admin.post<ErrorBody>(`/api/console/leads/${lead}/merge`, { losers: [bystander] }),
      company.admin.post<ErrorBody>(`/api/console/leads/${other}/unmerge`, {}),
      company.admin.post<ErrorBody>(`/api/console/leads/${lead}/erase`, { reason: 'request' }),
    ])
      expect((await call).body.error.details.code).toBe('LEAD_ERASED');
  });

  test('R-33: its clocks end, with their times and misses, and stay in the counts', async () => {
    const now = await clocks();
    expect(now).toHaveLength(measured.length);
    measured.forEach((before, index) => {
      const after = now[index]!;
      for (const kept of ['metric', 'started_at', 'breached_at', 'target_seconds', 'breach_owner_id'])
        expect(after[kept]).toEqual(before[kept]);
    });
    expect(measured.some(({ breached_at: at }) => at !== null)).toBe(true);
    expect(now.filter(({ state }) => ['running', 'paused', 'breached_open', 'blocked'].includes(String(state)))).toEqual([]);
    expect(now.some(({ end_reason: reason }) => reason === 'erased')).toBe(true);
    expect(
      await company
        .db('crm_timers')
        .where({ state: 'armed' })
        .whereRaw(`payload->>'lead' = ?`, [String(lead)]),
    ).toEqual([]);
    expect(await company.db('crm_tasks').where({ lead_id: lead, state: 'open' })).toEqual([]);
  });

  test('history still tells what happened, when and by whom', async () => {
    const events = await company.db('crm_events').where({ subject: 'lead', subject_id: lead }).orderBy('id');
    const types = events.map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['lead.created', 'lead.absorbed', 'lead.activity', 'lead.assigned', 'lead.erased']));
    const edit = events.find(
      ({ type, after }: { type: string; after: Record<string, unknown> | null }) => type === 'lead.updated' && after?.['name'],
    );
    expect(edit).toMatchObject({ after: { name: '[erased]' }, actor_kind: 'member' });
    const call = events.find(({ type }: { type: string }) => type === 'lead.activity');
    expect(call).toMatchObject({ data: { kind: 'call', outcome: 'no-answer', note: '[erased]', subject: '[erased]' } });
    expectStatus(await company.admin.get(`/api/console/leads/${lead}/timeline`), 200);
  });

  test('the sealed days stay whole, and say how many events were erased', async () => {
    const verdict = await verify();
    expect(verdict.days.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict.days.find(({ day }) => day === '2027-03-01')?.erased).toBeGreaterThan(3);
  });

  test('what an erasure left cannot be changed either, and an erasure that nobody ordered does not count', async () => {
    const broken = async (): Promise<string[]> =>
      (await verify()).days.filter(({ ok }) => !ok).map(({ day, reason }) => `${day} ${reason}`);
    const tamper = (sql: string): Promise<unknown> =>
      company.db.transaction(async (trx) => {
        await trx.raw(`SET LOCAL leadsea.erasure = 'on'`);
        await trx.raw(sql);
      });
    const [erased] = await company.db('crm_event_erasures').orderBy('event_id').limit(1);
    const [event] = await company.db('crm_events').where({ id: erased.event_id });
    await tamper(`UPDATE crm_events SET actor_name = 'Somebody' WHERE id = ${event.id}`);
    expect(await broken()).toEqual(['2027-03-01 EVENTS_CHANGED']);
    await tamper(`UPDATE crm_events SET actor_name = '${event.actor_name}' WHERE id = ${event.id}`);
    expect(await broken()).toEqual([]);
    const [victim] = await company.db('crm_events').where({ subject: 'lead', subject_id: bystander }).orderBy('id').limit(1);
    const hash = `(SELECT digest FROM crm_event_erasures LIMIT 1)`;
    await tamper(`INSERT INTO crm_event_erasures VALUES (${victim.id}, 999, ${hash}, ${hash}, now())`);
    expect(await broken()).toEqual([]);
    await tamper(`UPDATE crm_events SET actor_name = 'Somebody' WHERE id = ${victim.id}`);
    expect(await broken()).toEqual(['2027-03-01 EVENTS_CHANGED']);
    await tamper(`UPDATE crm_events SET actor_name = '${victim.actor_name}' WHERE id = ${victim.id}`);
    await expect(company.db('crm_event_erasures').where({ erasure_id: 999 }).delete()).rejects.toThrow(/stays on record/);
  });

  test('others are left alone', async () => {
    expect(await company.lead(bystander)).toMatchObject({ name: 'Otto Bystander', email: 'otto@homely.example' });
    expect(JSON.stringify(await company.db('crm_captures').where({ lead_id: bystander }))).toContain('Otto Bystander');
  });

  test('the register says who erased, when and why, and nothing of her', async () => {
    const rows = expectStatus(await auditor.api.get<Record<string, unknown>[]>('/api/console/erasures'), 200);
    expect(rows).toMatchObject([{ lead, reason: 'request', reference: 'DSR-17', suppressed: true }]);
    expect(rows[0]?.['member']).toEqual(expect.any(Number));
    expect((await auditor.api.put(`/api/console/erasures/${String(rows[0]?.['id'])}`, { reason: 'other' })).status).toBeGreaterThanOrEqual(
      400,
    );
  });

  test('no list brings her back, and of her row only its number is kept; the others in it come in', async () => {
    const id = await bring('Name,Email,Phone\nZoe Quillfeather,ZOE.QUILL@homely.example,\nKim New,kim.new@file.example,\n', 'again.csv');
    expect(await company.db('crm_import_rows').where({ import_id: id }).orderBy('row').select('status', 'code', 'cells')).toMatchObject([
      { status: 'skipped', code: 'ERASED_PERSON', cells: null },
      { status: 'created', cells: null },
    ]);
    expect(await findWords(WORDS)).toEqual([]);
  });

  test('when she comes by herself she is a new lead', async () => {
    const [again] = await company.capture([{ name: PERSON.name, email: PERSON.email }]);
    expect(again).not.toBe(lead);
    await until('she is here', async () => (await company.lead(again!))['name'] === PERSON.name);
  });

  test('of several each is answered for itself, and too many are refused at once', async () => {
    const ids = await company.capture([
      { name: 'A One', email: 'a@one.example' },
      { name: 'B Two', email: 'b@two.example' },
    ]);
    const answer = expectStatus(
      await company.admin.post<VerbAnswer>('/api/console/leads/erase', {
        ids: [ids[0], lead, ids[1]],
        reason: 'retention-ended',
        suppress: false,
      }),
      200,
    );
    expect(answer.results).toMatchObject([{ ok: true }, { ok: false, code: 'LEAD_ERASED' }, { ok: true }]);
    expect(await findWords(['a@one.example', 'b@two.example'])).toEqual([]);
    const many = await company.capture(
      Array.from({ length: 51 }, (_, index) => ({ name: `Many ${index}`, email: `m${index}@many.example` })),
    );
    const refused = await company.admin.post<ErrorBody>('/api/console/leads/erase', { ids: many, reason: 'other' });
    expect([refused.status, refused.body.error.details]).toEqual([400, expect.objectContaining({ code: 'ERASE_TOO_MANY', limit: 50 })]);
  });
});
