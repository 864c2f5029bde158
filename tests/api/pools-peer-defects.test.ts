import { CALENDAR, expectStatus, poolBody, someone, startCompany, until, type Company, type Person } from '../support/fixtures';
import { at, claim, codeOf } from './pools-support';

/**
 * Mistakes read in other products' pools (the list of nine): what the other files do not name yet. `defect N` is its number there; the rest
 * stands in claims, recycle, pools-limits, pools-recycle, pool-fair-play, pool-preflight and beside the domain.
 */
let company: Company;
let a: Person;
let b: Person;
let pool: number;

const idle = (after: string) => ({ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, since: 'follow-up', after });
const body = (after: string | null) =>
  poolBody('east', {
    isDefault: true,
    calendar: 'office',
    graceAfterPublish: 'P1BD',
    recycle: { rules: after ? [idle(after)] : [], warns: [] },
  });
const publish = async (after: string | null): Promise<void> => {
  expectStatus(await company.admin.put(`/api/console/pools/${pool}`, { draft: body(after) }), 200);
  expectStatus(await company.admin.post(`/api/console/pools/${pool}/publish`), 200);
};
const recycleAt = async (id: number): Promise<string | null> =>
  ((await company.lead(id))['recycle_at'] as Date | null)?.toISOString() ?? null;
const ownerOf = async (id: number): Promise<unknown> => (await company.lead(id))['owner_id'];

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
  pool = await company.publish('pools', 'open', body('P3BD'));
  a = await company.person('ann', { roles: ['sales'], team: company.teams.east });
  b = await company.person('ben', { roles: ['sales'], team: company.teams.east });
}, 300_000);
afterAll(() => company?.server.close());

test('defects 5 and 8: each lead goes back at its own minute of a working day, not in one nightly run', async () => {
  const [early, late] = await company.stock(pool, 2);
  await company.moveClock(at('2026-03-02T10:00:00'));
  expectStatus(await claim(a, early!), 200);
  await company.moveClock(at('2026-03-02T14:30:00'));
  expectStatus(await claim(a, late!), 200);
  // Through the nights at three o'clock, when others run.
  for (const night of ['2026-03-03T03:00:00', '2026-03-05T03:00:00']) {
    await company.moveClock(at(night));
    expect([await ownerOf(early!), await ownerOf(late!)]).toEqual([a.id, a.id]);
  }
  await company.moveClock(at('2026-03-05T10:00:01'));
  expect([await ownerOf(early!), await ownerOf(late!)]).toEqual([null, a.id]);
  await company.moveClock(at('2026-03-05T14:30:01'));
  expect(await ownerOf(late!)).toBeNull();
});

test('defect 8: a lead somebody holds is not taken from him silently: the second is refused, nothing is written, no claim is used up', async () => {
  const [id] = await company.stock(pool, 1);
  expectStatus(await claim(a, id!), 200);
  const before = await company.events();
  // What others hold is not his to see; of two in a race the second is told ALREADY_CLAIMED (defect 1).
  expect(codeOf(await claim(b, id!))).toBe('NOT_FOUND');
  expect(await ownerOf(id!)).toBe(a.id);
  expect(await company.events()).toHaveLength(before.length);
  expect(await company.db('crm_ledger').where({ lead_id: id, member_id: b.id })).toEqual([]);
});

test('defect 7: assigning in bulk goes by the receiver’s limits for each lead, one after the other', async () => {
  const limited = await company.publish('pools', 'limited', poolBody('east', { limits: [{ kind: 'held', scope: 'pool', max: 2 }] }));
  const ids = await company.stock(limited, 3);
  const answer = await company.admin.post<{ results: { id: number; ok: boolean; code?: string }[] }>('/api/console/leads/assign', {
    ids,
    owner: b.id,
  });
  expect(expectStatus(answer, 200).results.map((result) => result.code ?? 'ok')).toEqual(['ok', 'ok', 'HOLD_LIMIT']);
});

test('defect 9: leads assigned together, handed over and routed straight to a person are all under the rules', async () => {
  await company.moveClock(at('2026-04-13T10:00:00'));
  const due = at('2026-04-16T10:00');
  const dates = async (ids: readonly number[]): Promise<(string | undefined)[]> =>
    Promise.all(ids.map(async (id) => (await recycleAt(id))?.slice(0, 16)));
  const expected = (ids: readonly number[]): string[] => ids.map(() => due.slice(0, 16));
  const together = await company.stock(pool, 3);
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: together, owner: a.id }), 200);
  expect(await dates(together)).toEqual(expected(together));
  expectStatus(await a.api.post('/api/console/leads/transfer', { ids: together.slice(0, 2), owner: b.id }), 200);
  expect(await dates(together)).toEqual(expected(together));

  await company.publish('routing-policies', 'direct', {
    when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: 'direct' }] },
    rules: [
      {
        key: 'ben',
        label: { zh: '直接', en: 'Direct' },
        destination: { kind: 'group', members: [{ member: b.email, weight: 1 }] },
      },
    ],
    otherwise: { kind: 'pool', key: 'open' },
  });
  const routed = await company.capture([someone({ campaign: 'direct' })]);
  expect(await ownerOf(routed[0]!)).toBe(b.id);
  expect(await dates(routed)).toEqual(expected(routed));
});

test('defect 9: a lead that was never in a pool has a date too, by the pool it would go back to', async () => {
  await company.moveClock(at('2026-04-20T10:00:00'));
  const created = expectStatus(await a.api.post<{ id: number }>('/api/console/leads', someone()), 200);
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [created.id], owner: a.id }), 200);
  await company.db('crm_leads').where({ id: created.id }).update({ home_pool_id: null });
  expectStatus(await company.admin.put(`/api/console/leads/${created.id}`, { nextActionAt: at('2026-04-21T10:00:00') }), 200);
  expect((await recycleAt(created.id))?.slice(0, 16)).toBe(at('2026-04-24T10:00').slice(0, 16));
});

test('defects 8 and 9: a changed rule holds at once for what is claimed; switching it off and on again gives nobody new time', async () => {
  await company.moveClock(at('2026-05-11T10:00:00'));
  await publish('P10BD');
  const [id, next] = await company.stock(pool, 2);
  expectStatus(await claim(a, id!), 200);
  const first = await recycleAt(id!);
  expect(first?.slice(0, 16)).toBe(at('2026-05-25T10:00').slice(0, 16));
  await company.moveClock(at('2026-05-13T10:00:00'));
  await publish(null);
  await until('the date is gone', async () => (await recycleAt(id!)) === null);
  await publish('P10BD');
  // Not ten days from now: the same date as before, because it is computed from the claim.
  await until('the date is there again', async () => (await recycleAt(id!)) !== null);
  expect(await recycleAt(id!)).toBe(first);
  await publish('P2BD');
  expectStatus(await claim(b, next!), 200);
  expect((await recycleAt(next!))?.slice(0, 16)).toBe(at('2026-05-15T10:00').slice(0, 16));
});
