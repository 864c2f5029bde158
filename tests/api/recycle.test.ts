import { CALENDAR, expectStatus, poolBody, startCompany, until, type Company, type Person } from '../support/fixtures';

/** Shanghai time as an instant. */
const at = (local: string): string => new Date(`${local}+08:00`).toISOString();

interface Explained {
  readonly recycleAt: string | null;
  readonly reason?: string;
  readonly rule?: { key: string; after: string };
  readonly since?: string;
  readonly days?: readonly { date: string; kind: string; seconds: number }[];
}

let company: Company;
let a: Person;
let b: Person;
let poolId: number;
let body: Record<string, unknown>;

const recycleAt = async (id: number): Promise<string | null> =>
  ((await company.lead(id))['recycle_at'] as Date | null)?.toISOString() ?? null;
const typesOf = async (id: number): Promise<string[]> =>
  (await company.events()).filter((event) => event.subject_id === id).map((event) => event.type);
/** Taken back from somebody; `stock` itself moves leads that nobody holds into the pool. */
const takenBack = async (id: number) =>
  (await company.events('lead.recycled')).filter((event) => event.subject_id === id && event.before?.['owner'] !== null);
const armed = (id: number) =>
  company.db('crm_timers').where({ subject_id: id, state: 'armed' }).whereLike('kind', 'pools.%').orderBy('due_at');
const explain = async (person: Person, id: number): Promise<Explained> =>
  expectStatus(await person.api.get<Explained>(`/api/console/leads/${id}/explain/recycle`), 200);

/** A lead claimed by `a` at a moment in Shanghai. */
async function claimedAt(local: string): Promise<number> {
  await company.moveClock(at(local));
  const [id] = await company.stock(poolId, 1);
  expectStatus(await a.api.post(`/api/console/leads/${id}/claim`), 200);
  return id!;
}

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T08:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
  body = poolBody('east', {
    isDefault: true,
    calendar: 'office',
    recycle: {
      rules: [{ key: 'idle', label: { zh: '3 个工作日未跟进', en: 'Idle for 3 business days' }, since: 'follow-up', after: 'P3BD' }],
      warns: ['P1BD', 'PT4H'],
    },
  });
  poolId = await company.publish('pools', 'open', body);
  a = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  b = await company.person('ben', { roles: ['sales'], team: company.teams.east });
}, 300_000);
afterAll(() => company?.server.close());

test('defect 5: a lead that was never followed up counts from the claim, not from the beginning of time', async () => {
  const id = await claimedAt('2026-03-02T10:00:00');
  expect(await recycleAt(id)).toBe(at('2026-03-05T10:00:00'));
  await company.moveClock(at('2026-03-02T10:01:00'));
  expect((await company.lead(id))['owner_id']).toBe(a.id);
});

test('defect 5: warnings come in business time before, with an event and a notice; then the lead goes back once, with everything that belongs to it', async () => {
  const id = await claimedAt('2026-03-02T11:00:00');
  const due = (await armed(id)).map((timer) => [timer['kind'], (timer['due_at'] as Date).toISOString()]);
  expect(due).toEqual([
    ['pools.recycle-warn', at('2026-03-04T11:00:00')],
    ['pools.recycle-warn', at('2026-03-04T16:00:00')],
    ['pools.recycle', at('2026-03-05T11:00:00')],
  ]);
  await company.moveClock(at('2026-03-04T10:59:00'));
  expect(await typesOf(id)).not.toContain('lead.recycle_warned');
  await company.moveClock(at('2026-03-04T11:00:01'));
  await company.moveClock(at('2026-03-04T16:00:01'));
  expect((await typesOf(id)).filter((type) => type === 'lead.recycle_warned')).toHaveLength(2);
  expect(await company.db('crm_notifications').where({ member_id: a.id, subject_id: id, type: 'pool.recycle-soon' })).toHaveLength(2);
  await company.moveClock(at('2026-03-05T10:59:00'));
  expect((await company.lead(id))['owner_id']).toBe(a.id);
  await company.moveClock(at('2026-03-05T11:00:01'));
  expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: poolId, recycle_at: null, held_since: null, recycle_count: 1 });
  expect(await armed(id)).toEqual([]);
  expect(await company.db('crm_tasks').where({ lead_id: id, state: 'open' })).toEqual([]);
  await company.moveClock(at('2026-03-05T12:00:00'));
  expect(await takenBack(id)).toHaveLength(1);
});

test('the weekend does not count and nothing goes back on it', async () => {
  const id = await claimedAt('2026-03-12T10:00:00');
  expect(await recycleAt(id)).toBe(at('2026-03-17T10:00:00'));
  for (const moment of ['2026-03-14T12:00:00', '2026-03-15T23:00:00', '2026-03-16T17:00:00']) {
    await company.moveClock(at(moment));
    expect((await company.lead(id))['owner_id']).toBe(a.id);
  }
  await company.moveClock(at('2026-03-17T10:00:01'));
  expect((await company.lead(id))['owner_id']).toBeNull();
});

test('defect 5: public holidays do not count (清明 2026) and make-up days do (五一 2026)', async () => {
  expect(await recycleAt(await claimedAt('2026-04-02T10:00:00'))).toBe(at('2026-04-08T10:00:00'));
  expect(await recycleAt(await claimedAt('2026-05-07T10:00:00'))).toBe(at('2026-05-11T10:00:00'));
});

test('a follow-up starts the days again, a note does not; an agreed next action moves them to that day', async () => {
  const id = await claimedAt('2026-06-01T10:00:00');
  const first = at('2026-06-04T10:00:00');
  expect(await recycleAt(id)).toBe(first);
  await company.moveClock(at('2026-06-02T15:00:00'));
  expectStatus(await a.api.post(`/api/console/leads/${id}/activities`, { kind: 'note', note: 'thinking' }), 200);
  expect(await recycleAt(id)).toBe(first);
  expectStatus(await a.api.post(`/api/console/leads/${id}/activities`, { kind: 'call', outcome: 'connected' }), 200);
  expect(await recycleAt(id)).toBe(at('2026-06-05T15:00:00'));
  await company.moveClock(at('2026-06-04T18:00:00'));
  expect((await company.lead(id))['owner_id']).toBe(a.id);
  expectStatus(await a.api.put(`/api/console/leads/${id}`, { nextActionAt: at('2026-06-10T10:00:00') }), 200);
  expect(await recycleAt(id)).toBe(at('2026-06-15T10:00:00'));
  await company.moveClock(at('2026-06-12T12:00:00'));
  expect((await company.lead(id))['owner_id']).toBe(a.id);
});

test('defect 6: handing the lead to a colleague does not start the days again', async () => {
  const id = await claimedAt('2026-07-06T10:00:00');
  const due = await recycleAt(id);
  await company.moveClock(at('2026-07-07T17:00:00'));
  expectStatus(await a.api.post(`/api/console/leads/${id}/transfer`, { owner: b.id }), 200);
  expect(await recycleAt(id)).toBe(due);
  await company.moveClock(at('2026-07-09T10:00:01'));
  expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: poolId });
  expect(await takenBack(id)).toMatchObject([{ before: { owner: b.id }, after: { owner: null, pool: poolId } }]);
});

test('defect 9: an assigned lead is under the rules too', async () => {
  await company.moveClock(at('2026-07-13T10:00:00'));
  const [id] = await company.stock(poolId, 1);
  expectStatus(await company.admin.post(`/api/console/leads/${id}/assign`, { owner: b.id }), 200);
  expect(await recycleAt(id!)).toBe(at('2026-07-16T10:00:00'));
});

test('a lead that was closed or given back in time is left alone', async () => {
  const [closed, released] = [await claimedAt('2026-08-03T10:00:00'), await claimedAt('2026-08-03T10:05:00')];
  expectStatus(await a.api.post(`/api/console/leads/${closed}/disqualify`, { reason: 'no_need' }), 200);
  expectStatus(await a.api.post(`/api/console/leads/${released}/release`, { reason: 'no_time' }), 200);
  expect([await recycleAt(closed), await recycleAt(released)]).toEqual([null, null]);
  expect([...(await armed(closed)), ...(await armed(released))]).toEqual([]);
  await company.moveClock(at('2026-08-20T10:00:00'));
  expect((await company.lead(closed))['owner_id']).toBe(a.id);
  for (const id of [closed, released]) expect(await takenBack(id)).toEqual([]);
});

test('the explanation names the pool, the rule, where it starts to count and every day in between', async () => {
  const id = await claimedAt('2026-09-04T10:00:00');
  const told = await explain(a, id);
  expect(told).toMatchObject({
    recycleAt: at('2026-09-09T10:00:00'),
    since: expect.stringContaining('2026-09-04T02:00:00'),
    rule: { key: 'idle', after: 'P3BD' },
  });
  expect(told.days?.map((day) => [day.date, day.kind])).toEqual([
    ['2026-09-04', 'workday'],
    ['2026-09-05', 'closed'],
    ['2026-09-06', 'closed'],
    ['2026-09-07', 'workday'],
    ['2026-09-08', 'workday'],
    ['2026-09-09', 'workday'],
  ]);
  const [lying] = await company.stock(poolId, 1);
  expect(await explain(a, lying!)).toMatchObject({ recycleAt: null, reason: 'not-held' });
});

test('defect 9: a changed rule is a function of the facts, not of the day it was published', async () => {
  const id = await claimedAt('2026-10-12T10:00:00');
  await company.moveClock(at('2026-10-13T10:00:00'));
  const recycle = { ...(body['recycle'] as object), rules: [{ key: 'idle', label: { zh: '10 天', en: 'Ten days' }, after: 'P10BD' }] };
  expectStatus(await company.admin.put(`/api/console/pools/${poolId}`, { draft: { ...body, recycle } }), 200);
  expectStatus(await company.admin.post(`/api/console/pools/${poolId}/publish`), 200);
  await until('the leads of the pool are planned anew', async () => (await recycleAt(id)) === at('2026-10-26T10:00:00'), 20);
  expect(await armed(id)).toHaveLength(3);
}, 60_000);
