import { expectStatus, someone, startCompany, type Company, type Person } from '../support/fixtures';

let company: Company;
let auditor: Person;
let masked: Person;
const label = (en: string): { zh: string; en: string } => ({ zh: en, en });

interface Verdict {
  readonly ok: boolean;
  readonly days: { day: string; ok: boolean; reason: string | null; sealed: number; found: number }[];
}
const verify = async (): Promise<Verdict> => expectStatus(await company.admin.get<Verdict>('/api/console/audit/verify'), 200);
/** Past the trigger, as somebody with the database in his hands would. */
const tamper = (sql: string): Promise<unknown> =>
  company.db.transaction(async (trx) => {
    await trx.raw(`SET LOCAL leadsea.erasure = 'on'`);
    await trx.raw(sql);
  });

beforeAll(async () => {
  company = await startCompany();
  auditor = await company.person('auditor', { roles: ['auditor'] });
  expectStatus(
    await company.admin.post('/api/console/roles', {
      key: 'watcher',
      label: label('Watcher'),
      resources: { events: { read: ['all'] }, accounts: { read: ['all'] } },
      fields: { events: { '*': 'read' }, accounts: { '*': 'read', phone: 'masked', 'custom.secret': 'hidden' } },
    }),
    200,
  );
  masked = await company.person('watcher', { roles: ['watcher'] });
}, 300_000);
afterAll(() => company?.server.close());

test('everything an administrator changes is there with before and after, who and why', async () => {
  const { id } = expectStatus(await company.admin.post<{ id: number }>('/api/console/teams', { key: 'north', name: 'North' }), 200);
  expectStatus(await company.admin.put(`/api/console/teams/${id}`, { name: 'Far north' }), 200);
  expectStatus(await company.admin.delete(`/api/console/teams/${id}`), 200);
  const filter = encodeURIComponent(JSON.stringify({ subject: 'team', subjectId: id }));
  const rows = expectStatus(
    await auditor.api.get<Record<string, unknown>[]>(`/api/console/events?filter=${filter}&sort=["id","ASC"]`),
    200,
  );
  expect(rows.map(({ type, before, after }) => [type, before, after])).toEqual([
    ['team.created', null, { key: 'north', name: 'North' }],
    ['team.updated', { name: 'North' }, { name: 'Far north' }],
    ['team.deleted', { key: 'north', name: 'Far north', parent: null, calendarKey: null }, null],
  ]);
});

test('moving a policy is told as a move, renaming as a rename, and neither as a new draft', async () => {
  const { id } = expectStatus(
    await company.admin.post<{ id: number; position: number }>('/api/console/pools', {
      key: 'p1',
      name: 'P1',
      draft: { kind: 'claimable', members: [] },
    }),
    200,
  );
  expectStatus(await company.admin.put(`/api/console/pools/${id}`, { position: 7 }), 200);
  expectStatus(await company.admin.put(`/api/console/pools/${id}`, { name: 'P one' }), 200);
  const types = await company.db('crm_events').where({ subject: 'policy', subject_id: id }).orderBy('id').pluck<string[]>('type');
  expect(types).toEqual(['policy.drafted', 'policy.moved', 'policy.renamed']);
});

test('history shows a role no more of an account than the account itself does', async () => {
  expectStatus(
    await company.admin.post('/api/console/fields', { entity: 'account', key: 'secret', type: 'text', label: label('Secret') }),
    200,
  );
  const { id } = expectStatus(
    await company.admin.post<{ id: number }>('/api/console/accounts', { name: 'Acme', phone: '13812345678', custom: { secret: 'HUSH' } }),
    200,
  );
  expectStatus(await company.admin.put(`/api/console/accounts/${id}`, { phone: '13987654321', custom: { secret: 'HUSH2' } }), 200);
  const filter = encodeURIComponent(JSON.stringify({ subject: 'account', subjectId: id }));
  const shown = JSON.stringify(expectStatus(await masked.api.get(`/api/console/events?filter=${filter}`), 200));
  expect(shown).toContain('Acme');
  expect(shown).not.toMatch(/HUSH|13812345678|13987654321/);
  expect(JSON.stringify(expectStatus(await company.admin.get(`/api/console/events?filter=${filter}`), 200))).toContain('HUSH2');
});

describe('days are sealed one upon the other', () => {
  beforeAll(async () => {
    for (const day of ['2027-02-01', '2027-02-02', '2027-02-03']) {
      await company.moveClock(`${day}T08:00:00Z`);
      await company.capture([someone(), someone()]);
    }
    await company.moveClock('2027-02-04T00:30:00Z');
  });

  test('a day is sealed once it is over for an hour, not before', async () => {
    const days = async (): Promise<string[]> =>
      expectStatus(await auditor.api.get<{ day: string }[]>('/api/console/audit/days'), 200).map(({ day }) => day);
    expect(await days()).not.toContain('2027-02-03');
    await company.moveClock('2027-02-04T01:00:00Z');
    expect(await days()).toContain('2027-02-03');
    expect((await verify()).ok).toBe(true);
  });

  test('a change, an addition and a removal each show on their day and nowhere else', async () => {
    const on = async (): Promise<Record<string, string | null>> =>
      Object.fromEntries((await verify()).days.filter(({ ok }) => !ok).map(({ day, reason }) => [day, reason]));
    const [event] = await company.db('crm_events').whereRaw(`at::date = '2027-02-02'`).limit(1);
    await tamper(`UPDATE crm_events SET actor_name = 'Nobody' WHERE id = ${event.id}`);
    expect(await on()).toEqual({ '2027-02-02': 'EVENTS_CHANGED' });
    await tamper(`UPDATE crm_events SET actor_name = '${event.actor_name}' WHERE id = ${event.id}`);
    expect(await on()).toEqual({});
    await tamper(
      `INSERT INTO crm_events (subject, subject_id, type, actor_kind, actor_name, cause_type, at) VALUES ('lead', 1, 'lead.updated', 'system', 'x', 'x', '2027-02-01T12:00:00Z')`,
    );
    expect(await on()).toEqual({ '2027-02-01': 'EVENTS_CHANGED' });
    await tamper(`DELETE FROM crm_events WHERE id = (SELECT max(id) FROM crm_events WHERE at = '2027-02-01T12:00:00Z')`);
    expect(await on()).toEqual({});
  });

  test('a seal itself cannot be changed, and a forged one breaks the chain from there', async () => {
    await expect(company.db('crm_audit_days').where({ day: '2027-02-02' }).update({ hash: 'x' })).rejects.toThrow(/cannot be changed/);
    await company.db.transaction(async (trx) => {
      await trx.raw('ALTER TABLE crm_audit_days DISABLE TRIGGER crm_audit_days_frozen');
      await trx('crm_audit_days')
        .where({ day: '2027-02-01' })
        .update({ hash: 'f'.repeat(64) });
      await trx.raw('ALTER TABLE crm_audit_days ENABLE TRIGGER crm_audit_days_frozen');
    });
    const broken = (await verify()).days.filter(({ ok }) => !ok).map(({ day, reason }) => [day, reason]);
    expect(broken).toEqual([
      ['2027-02-01', 'EVENTS_CHANGED'],
      ['2027-02-02', 'CHAIN_BROKEN'],
    ]);
  });

  test('the export is a CSV of what the list shows, and is itself history; who may not read has none', async () => {
    const csv = expectStatus(
      await company.admin.get<string>(`/api/console/audit/export?filter=${encodeURIComponent('{"subject":"team"}')}`),
      200,
    );
    expect(csv.split('\r\n')[0]).toMatch(/id,at,actorName/);
    expect(csv).toContain('team.updated');
    expect(await company.db('crm_events').where({ type: 'audit.exported' })).toHaveLength(1);
    expectStatus(await masked.api.get('/api/console/audit/export'), 403);
    expectStatus(await masked.api.get('/api/console/audit/verify'), 403);
  });
});
