import { createHash } from 'node:crypto';
import { CALENDAR, expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

/** Shanghai time as an instant. */
const at = (local: string): string => new Date(`${local}+08:00`).toISOString();

interface Round {
  readonly id: number;
  readonly state: string;
  readonly leads: readonly number[];
  readonly entrants: number;
  readonly mine: { readonly leads: readonly number[] } | null;
  readonly seedHash: string;
  readonly seed: string | null;
  readonly closesAt: string;
  readonly result: readonly { readonly lead: number; readonly member: number }[] | null;
  readonly moved: readonly number[];
  readonly inputs?: {
    readonly entries: readonly {
      readonly member: number;
      readonly weight: number;
      readonly received: number;
      readonly max: number;
      readonly excluded: readonly number[];
    }[];
  } | null;
}

let company: Company;
let made = 0;

const rep = (): Promise<Person> => {
  made += 1;
  return company.person(`rep-${made}`, { roles: ['sales'], team: company.teams.east });
};
const drop = (settings: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<number> => {
  made += 1;
  return company.publish('pools', `drop-${made}`, poolBody('east', { kind: 'drop', calendar: 'office', drop: settings, ...more }));
};
const open = async (pool: number): Promise<Round> => expectStatus(await company.admin.post<Round>(`/api/console/pools/${pool}/drops`), 200);
const register = (person: Person, id: number, leads: readonly number[] = []) =>
  person.api.post<Round & ErrorBody>(`/api/console/pool-drops/${id}/register`, { leads });
const read = async (person: Pick<Person, 'api'>, id: number): Promise<Round> =>
  expectStatus(await person.api.get<Round>(`/api/console/pool-drops/${id}`), 200);
const rounds = async (person: Pick<Person, 'api'>, pool: number): Promise<{ next: string | null; drops: Round[] }> =>
  expectStatus(await person.api.get<{ next: string | null; drops: Round[] }>(`/api/console/pools/${pool}/drops`), 200);
const codeOf = (answer: { body: ErrorBody }): string => answer.body.error?.details.code;

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
}, 300_000);
afterAll(() => company?.server.close());

test('a lottery publishes the hash of its seed first, draws at the end of its window, reveals the seed, and anybody can check the draw', async () => {
  const pool = await drop({ windowSeconds: 600, perPerson: 2, weight: 'equal' });
  const ids = await company.stock(pool, 4);
  const people = [await rep(), await rep(), await rep()];
  const round = await open(pool);
  expect(round).toMatchObject({ state: 'open', seed: null, result: null });
  expect(round.seedHash).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(round.leads)).toEqual(new Set(ids));
  for (const person of people) expectStatus(await register(person, round.id), 200);
  const rows = await company.db('crm_pool_drops').where({ id: round.id }).first<{ seed: string }>('seed');
  expect(JSON.stringify(await read(people[0]!, round.id))).not.toContain(rows?.seed);
  await company.moveClock(new Date(Date.parse(round.closesAt) + 1000).toISOString());
  const drawn = await read(people[0]!, round.id);
  expect(drawn.state).toBe('drawn');
  expect(createHash('sha256').update(drawn.seed!).digest('hex')).toBe(round.seedHash);
  expect(drawn.result).toHaveLength(4);
  for (const { lead, member } of drawn.result!) expect(await company.lead(lead)).toMatchObject({ owner_id: member, pool_id: null });
  for (const person of people) expect(drawn.result!.filter((one) => one.member === person.id).length).toBeLessThanOrEqual(2);
  expect(drawn.inputs?.entries).toHaveLength(3);
  expect(expectStatus(await people[1]!.api.get(`/api/console/pool-drops/${round.id}/verify`), 200)).toMatchObject({
    ok: true,
    seedMatchesHash: true,
    sameResult: true,
  });
  expect(
    (await company.events('lead.claimed')).filter((event) => ids.includes(event.subject_id) && event.data?.['via'] === 'drop'),
  ).toHaveLength(4);
});

test('interest is registered only while the round is open; nobody takes leads of a drop by hand', async () => {
  const pool = await drop({});
  const [id] = await company.stock(pool, 1);
  const a = await rep();
  const round = await open(pool);
  expect(codeOf(await a.api.post<ErrorBody>(`/api/console/leads/${id}/claim`, { pool }))).toBe('NOT_CLAIMABLE');
  expect(codeOf(await register(a, round.id, [999_999]))).toBe('NOT_IN_DROP');
  expect(expectStatus(await register(a, round.id, [id!]), 200).mine).toMatchObject({ leads: [id] });
  expect(expectStatus(await a.api.post<Round>(`/api/console/pool-drops/${round.id}/withdraw`), 200).mine).toBeNull();
  expectStatus(await company.admin.post(`/api/console/pool-drops/${round.id}/draw`), 200);
  expect(codeOf(await register(a, round.id))).toBe('DROP_CLOSED');
  expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: pool });
  const far = await company.person(`far-${made}`, { roles: ['sales'], team: company.teams.south });
  expect((await far.api.get(`/api/console/pool-drops/${round.id}`)).status).toBe(404);
});

test('the draw keeps the limits of the pool and passes over leads a person has to wait for', async () => {
  const pool = await drop(
    { perPerson: 9, weight: 'equal' },
    { limits: [{ kind: 'claims', per: 'day', max: 1 }], cooling: { after: 'P7D' } },
  );
  const [had, free, more] = await company.stock(pool, 3);
  const a = await rep();
  expectStatus(await company.admin.post(`/api/console/leads/${had}/assign`, { owner: a.id }), 200);
  expectStatus(await a.api.post(`/api/console/leads/${had}/release`, { reason: 'no_time', pool }), 200);
  const round = await open(pool);
  expectStatus(await register(a, round.id), 200);
  expectStatus(await company.admin.post(`/api/console/pool-drops/${round.id}/draw`), 200);
  const drawn = await read(a, round.id);
  expect(drawn.inputs?.entries).toMatchObject([{ member: a.id, max: 1, excluded: [had] }]);
  expect(drawn.result).toHaveLength(1);
  expect([free, more]).toContain(drawn.result![0]!.lead);
});

test('complaint 2.1.3: a lead to be left alone is in no round, and one that asked for it while the round was open is not drawn', async () => {
  const pool = await drop({ perPerson: 9, weight: 'equal' });
  const [quiet, late, free] = await company.stock(pool, 3);
  const a = await rep();
  const leaveAlone = (id: number) =>
    company.admin.post(`/api/console/leads/${id}/do-not-contact`, { until: at('2027-01-01T00:00:00'), reason: 'Asked' });
  expectStatus(await leaveAlone(quiet!), 200);
  const round = await open(pool);
  expect(new Set(round.leads)).toEqual(new Set([late, free]));
  expectStatus(await register(a, round.id), 200);
  expectStatus(await leaveAlone(late!), 200);
  expectStatus(await company.admin.post(`/api/console/pool-drops/${round.id}/draw`), 200);
  expect(await company.lead(free!)).toMatchObject({ owner_id: a.id });
  for (const id of [quiet!, late!]) expect(await company.lead(id)).toMatchObject({ owner_id: null, pool_id: pool });
});

test('who received fewer leads lately has more tickets', async () => {
  const pool = await drop({ weight: 'balance', perPerson: 5 });
  await company.stock(pool, 2);
  const [rich, poor] = [await rep(), await rep()];
  const first = await open(pool);
  expectStatus(await register(rich, first.id), 200);
  expectStatus(await company.admin.post(`/api/console/pool-drops/${first.id}/draw`), 200);
  await company.stock(pool, 1);
  const second = await open(pool);
  for (const person of [rich, poor]) expectStatus(await register(person, second.id), 200);
  expectStatus(await company.admin.post(`/api/console/pool-drops/${second.id}/draw`), 200);
  const entries = (await read(poor, second.id)).inputs!.entries;
  const of = (person: Person) => entries.find((entry) => entry.member === person.id)!;
  expect([of(rich).received, of(poor).received]).toEqual([2, 0]);
  expect(of(poor).weight).toBeGreaterThan(of(rich).weight * 2);
});

test('a timed drop opens by its calendar and moves its best leads to the pool everybody claims from', async () => {
  await company.moveClock(at('2026-03-03T09:00:00'));
  made += 1;
  const target = await company.publish('pools', `open-${made}`, poolBody('east', { calendar: 'office' }));
  const key = `open-${made}`;
  const pool = await drop({ mode: 'timed', days: [2, 4], at: '10:00', leads: 2, into: key });
  const ids = await company.stock(pool, 3);
  for (const [index, id] of ids.entries())
    await company
      .db('crm_leads')
      .where({ id })
      .update({ score: 10 * index });
  const a = await rep();
  expect((await rounds(a, pool)).next).toBe(at('2026-03-03T10:00:00'));
  await company.moveClock(at('2026-03-03T10:00:10'));
  expect(await company.lead(ids[0]!)).toMatchObject({ pool_id: pool });
  for (const id of ids.slice(1)) expect(await company.lead(id)).toMatchObject({ pool_id: target, owner_id: null });
  const { next, drops } = await rounds(a, pool);
  expect(next).toBe(at('2026-03-05T10:00:00'));
  expect(drops).toMatchObject([{ state: 'released', moved: [ids[2], ids[1]] }]);
  expectStatus(await a.api.post(`/api/console/leads/${ids[2]}/claim`, { pool: target }), 200);
});

test('leads that nobody won go to the pool the drop names, and a round can be called off', async () => {
  made += 1;
  const target = await company.publish('pools', `rest-${made}`, poolBody('east'));
  const pool = await drop({ into: `rest-${made}` });
  const [id] = await company.stock(pool, 1);
  const off = await open(pool);
  expect(codeOf(await company.admin.post<ErrorBody>(`/api/console/pools/${pool}/drops`))).toBe('DROP_OPEN');
  expect(expectStatus(await company.admin.post<Round>(`/api/console/pool-drops/${off.id}/cancel`), 200).state).toBe('cancelled');
  const round = await open(pool);
  expectStatus(await company.admin.post(`/api/console/pool-drops/${round.id}/draw`), 200);
  expect(await company.lead(id!)).toMatchObject({ pool_id: target, owner_id: null });
});
