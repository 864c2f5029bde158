import { createPreflight } from '../../plugins/lead-pools/server/src/services/preflight';
import { createPoolDirectory } from '../../plugins/lead-pools/server/src/services/pools';
import { poolSchema } from '../../plugins/lead-pools';
import { CALENDAR, expectStatus, poolBody, startCompany, until, type Company, type ErrorBody, type Person } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';

/** Shanghai time as an instant. */
const at = (local: string): string => new Date(`${local}+08:00`).toISOString();

interface Moves {
  readonly tonight: number;
  readonly afterGrace: number;
  readonly week: number;
  readonly withOpportunity: number;
  readonly withMeeting: number;
  readonly protected: number;
}
interface Preflight {
  readonly held: number;
  readonly people: number;
  readonly moves: Moves;
  readonly byPerson: readonly ({ readonly member: number } & Moves)[];
  readonly staged: readonly { readonly day: string; readonly leads: number }[];
  readonly graceEnds: string;
  readonly against: { readonly now: Moves };
}

let company: Company;
let product: InProcess | undefined;
let made = 0;

const rep = (): Promise<Person> => {
  made += 1;
  return company.person(`rep-${made}`, { roles: ['sales'], team: company.teams.east });
};
const rules = (after: string) => ({ rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, since: 'follow-up', after }] });
const body = (recycle: unknown, more: Record<string, unknown> = {}) => poolBody('east', { calendar: 'office', recycle, ...more });
const publish = (recycle: unknown, more: Record<string, unknown> = {}): Promise<number> => {
  made += 1;
  return company.publish('pools', `pool-${made}`, body(recycle, more));
};
async function held(pool: number, owner: Person, count: number): Promise<number[]> {
  const ids = await company.stock(pool, count);
  expectStatus(await owner.api.post('/api/console/leads/claim', { ids, pool }), 200);
  return ids;
}
const draft = async (pool: number, recycle: unknown, more: Record<string, unknown> = {}): Promise<void> =>
  void expectStatus(await company.admin.put(`/api/console/pools/${pool}`, { draft: body(recycle, more) }), 200);
const preflight = async (pool: number): Promise<Preflight> =>
  expectStatus(await company.admin.post<{ preflight: Preflight }>(`/api/console/pools/${pool}/preview`), 200).preflight;
const recycleAt = async (id: number): Promise<string | null> =>
  ((await company.lead(id))['recycle_at'] as Date | null)?.toISOString() ?? null;
/** The job that plans a pool's leads after a publication or a switch has run. */
const planned = (pool: number) =>
  until('the leads are planned', async () => {
    const open = await company
      .db('crm_jobs')
      .where({ kind: 'pools.replan' })
      .whereIn('state', ['queued', 'running'])
      .whereRaw(`(payload->>'pool')::int = ?`, [pool]);
    return open.length === 0;
  });

/** An opportunity that is open, as the product writes one. */
async function openDeal(lead: number | undefined): Promise<void> {
  const stamp = '2026-03-02T00:00:00.000';
  const written = { created_at: stamp, updated_at: stamp, published_at: stamp };
  await company.db('crm_opportunities').insert({ document_id: `deal-${lead}`, name: 'Deal', lead_id: lead, stage: 'open', ...written });
}

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T10:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
}, 300_000);
afterAll(async () => {
  await product?.close();
  await company?.server.close();
}, 60_000);

test('before a rule is published the preflight says how many leads of how many people would move tonight, per person, and which hurt', async () => {
  await company.moveClock(at('2026-03-02T10:00:00'));
  const pool = await publish({ rules: [] });
  const [a, b] = [await rep(), await rep()];
  const mine = await held(pool, a, 4);
  const other = await held(pool, b, 1);
  await company.moveClock(at('2026-03-13T10:00:00'));
  const fresh = await held(pool, b, 2);
  await openDeal(mine[0]);
  await company
    .db('crm_leads')
    .where({ id: mine[1] })
    .update({ protected_until: at('2026-06-01T00:00:00') });
  await draft(pool, rules('P5BD'));
  const seen = await preflight(pool);
  expect(seen).toMatchObject({
    held: 7,
    people: 2,
    moves: { tonight: 3, protected: 2, withOpportunity: 0 },
    against: { now: { tonight: 0 } },
  });
  expect(seen.graceEnds).toBe(at('2026-03-18T10:00:00').replace('00.000', seen.graceEnds.slice(17, 23)));
  expect(seen.byPerson.map(({ member, tonight, protected: kept }) => [member, tonight, kept])).toEqual([
    [a.id, 2, 2],
    [b.id, 1, 0],
  ]);
  const drill = async (query: string) =>
    expectStatus(await company.admin.get<{ ids: number[]; total: number }>(`/api/console/pools/${pool}/preflight/leads?${query}`), 200);
  expect((await drill('group=tonight')).ids).toEqual([mine[2], mine[3], other[0]]);
  expect((await drill(`group=tonight&member=${b.id}`)).ids).toEqual(other);
  expect((await drill('group=protected')).ids).toEqual([mine[0], mine[1]]);
  expect(seen.moves.week).toBe(5);
  expect(await recycleAt(fresh[0]!)).toBeNull();
  expect(
    (await company.events('lead.recycled')).filter((event) => mine.includes(event.subject_id) && event.before?.['owner'] === a.id),
  ).toEqual([]);
});

test('a pool that does not spare opportunities is warned about: the preflight counts those that would move', async () => {
  await company.moveClock(at('2026-03-02T10:00:00'));
  const bare = { protection: { rules: [], events: { opportunity: false, meetingDays: 0 } } };
  const pool = await publish({ rules: [] }, bare);
  const [a] = [await rep()];
  const ids = await held(pool, a, 2);
  await openDeal(ids[0]);
  await company
    .db('crm_leads')
    .where({ id: ids[1] })
    .update({ next_action_at: at('2026-03-20T10:00:00') });
  await company.moveClock(at('2026-03-16T10:00:00'));
  await draft(pool, { rules: [{ ...rules('P5BD').rules[0], waitForNextAction: false }] }, bare);
  expect((await preflight(pool)).moves).toMatchObject({ tonight: 2, withOpportunity: 1, withMeeting: 1, protected: 0 });
});

test("defect 9 and §5.8: publishing takes nobody's leads overnight; they move after the grace of three working days", async () => {
  await company.moveClock(at('2026-03-02T10:00:00'));
  const pool = await publish({ rules: [] });
  const a = await rep();
  const [id] = await held(pool, a, 1);
  await company.moveClock(at('2026-03-17T10:00:00'));
  await draft(pool, rules('P5BD'));
  expectStatus(await company.admin.post(`/api/console/pools/${pool}/publish`), 200);
  await planned(pool);
  await company.moveClock(at('2026-03-20T09:30:00'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: a.id });
  await company.moveClock(at('2026-03-20T10:05:00'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: pool });
});

test('a staged start takes a share of the leads on each working day, as the preflight had said', async () => {
  await company.moveClock(at('2026-03-02T10:00:00'));
  const pool = await publish({ rules: [] });
  const a = await rep();
  const ids = await held(pool, a, 40);
  await company.moveClock(at('2026-03-16T10:00:00'));
  await draft(pool, rules('P5BD'), { staged: { percentPerDay: 50 } });
  expectStatus(await company.admin.post(`/api/console/pools/${pool}/publish`), 200);
  await planned(pool);
  const { rows: days } = await company.db.raw<{ rows: { day: string; n: number }[] }>(
    `SELECT to_char(recycle_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day, count(*)::int AS n FROM crm_leads WHERE id = ANY(?) GROUP BY 1 ORDER BY 1`,
    [ids],
  );
  expect(days.map(({ day }) => day)).toEqual(['2026-03-19', '2026-03-20']);
  for (const { n } of days) expect(n).toBeGreaterThan(8);
  await company.moveClock(at('2026-03-19T17:30:00'));
  const gone = await company.db('crm_leads').whereIn('id', ids).whereNull('owner_id');
  expect(gone).toHaveLength(days[0]!.n);
});

test('the kill switch stops everything at once, is seen on the board, and releasing it gives the grace anew', async () => {
  await company.moveClock(at('2026-03-02T10:00:00'));
  const pool = await publish(rules('P2BD'));
  const a = await rep();
  const [id] = await held(pool, a, 1);
  expect(await recycleAt(id!)).not.toBeNull();
  const paused = expectStatus(
    await company.admin.post<{ paused: { reason: string }; waiting: number }>(`/api/console/pools/${pool}/pause-recycling`, {
      reason: 'wrong rule',
    }),
    200,
  );
  expect(paused).toMatchObject({ paused: { reason: 'wrong rule' }, waiting: 1 });
  await company.moveClock(at('2026-03-06T10:00:00'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: a.id });
  const cards = expectStatus(await a.api.get<{ id: number; recyclingPaused: unknown }[]>('/api/console/pools/board'), 200);
  expect(cards.find((card) => card.id === pool)?.recyclingPaused).toMatchObject({ reason: 'wrong rule' });
  expect(expectStatus(await a.api.get(`/api/console/leads/${id}/explain/recycle`), 200)).toMatchObject({
    recycleAt: null,
    reason: 'paused',
  });
  expectStatus(await company.admin.post(`/api/console/pools/${pool}/resume-recycling`), 200);
  await planned(pool);
  expect((await recycleAt(id!))?.slice(0, 10)).toBe('2026-03-11');
  await company.moveClock(at('2026-03-11T10:05:00'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: null });
  expect(
    (
      await company
        .db('crm_events')
        .where({ subject: 'policy', subject_id: pool })
        .whereLike('type', 'pool.recycling%')
        .orderBy('id')
        .select('type')
    ).map((row: { type: string }) => row.type),
  ).toEqual(['pool.recycling_paused', 'pool.recycling_resumed']);
});

test('only those who may change pools pull the switch or see whose leads would move', async () => {
  const pool = await publish(rules('P2BD'));
  const a = await rep();
  const refused = await a.api.post<ErrorBody>(`/api/console/pools/${pool}/pause-recycling`, {});
  expect([refused.status, refused.body.error.details.code]).toEqual([403, 'FORBIDDEN']);
  expect((await a.api.get(`/api/console/pools/${pool}/preflight/leads?group=tonight`)).status).toBe(403);
  expect(expectStatus(await a.api.post<Record<string, unknown>>(`/api/console/pools/${pool}/preview`), 200)).not.toHaveProperty(
    'preflight',
  );
});

test('nobody loses leads overnight: unless a pool says otherwise a new version takes nothing back for three working days', async () => {
  await company.moveClock(at('2026-03-12T10:00:00'));
  const pool = await publish(rules('P60D'));
  const a = await rep();
  const [id] = await held(pool, a, 1);
  await company.moveClock(at('2026-03-19T10:00:00'));
  await draft(pool, rules('P1D'));
  expectStatus(await company.admin.post(`/api/console/pools/${pool}/publish`), 200);
  await planned(pool);
  // Thursday; Friday, Monday and Tuesday are working days.
  expect((await recycleAt(id!))?.slice(0, 10)).toBe('2026-03-24');
  await company.moveClock(at('2026-03-24T09:30:00'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: a.id });
  await company.moveClock(at('2026-03-24T10:05:00'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: pool });
});

test('every held lead is counted; of more than can be looked at a random sample stands for all, with how far it may be off', async () => {
  const pool = await publish(rules('P100D'));
  const ids = await held(pool, await rep(), 60);
  await company
    .db('crm_leads')
    .whereIn('id', ids.slice(0, 15))
    .update({ protected_until: at('2026-12-01T00:00:00') });
  product = await openInProcess(company.server.database);
  const { core } = product;
  const draftBody = poolSchema.parse(body(rules('P1D')));
  const policy = await core.kit.db('crm_policies').where({ id: pool }).first<{ id: number; key: string }>('id', 'key');
  const soon = new Date(core.kit.clock.now().getTime() + 3 * 86_400_000);
  const look = (limits?: { most: number; sample: number }) =>
    createPreflight(core.kit, createPoolDirectory(core.kit), limits).summary(draftBody, policy, soon);
  const exact = await look();
  expect(exact).toMatchObject({ held: 60, sample: null, moves: { tonight: 45, protected: 15 } });
  const some = await look({ most: 50, sample: 30 });
  expect(some.held).toBe(60);
  const { looked, margins } = some.sample!;
  expect(looked).toBeGreaterThan(15);
  expect(looked).toBeLessThan(45);
  for (const group of ['tonight', 'protected', 'withMeeting'] as const) {
    expect(margins[group]).toBeGreaterThan(0);
    expect(Math.abs(some.moves[group] - exact.moves[group])).toBeLessThanOrEqual(margins[group]);
  }
  expect(await look({ most: 50, sample: 30 })).toEqual(some);
});
