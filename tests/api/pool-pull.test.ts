import { expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

interface Offered {
  readonly offer: { readonly id: number; readonly lead: number; readonly actBy: string };
  readonly again: boolean;
  readonly skips: { readonly limit: number; readonly used: number };
}

let company: Company;
let made = 0;
const at = (time: string): string => `2026-03-02T${time}:00Z`;

const rep = (): Promise<Person> => {
  made += 1;
  return company.person(`puller-${made}`, { roles: ['sales'], team: company.teams.east });
};
const queue = (pull: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<number> => {
  made += 1;
  return company.publish('pools', `queue-${made}`, poolBody('east', { kind: 'pull', pull, ...more }));
};
const next = async (person: Person, pool: number): Promise<Offered> =>
  expectStatus(await person.api.post<Offered>(`/api/console/pools/${pool}/next`), 200);
const refused = async (answer: Promise<{ status: number; body: ErrorBody }>): Promise<string> => {
  const { status, body } = await answer;
  if (status < 400) throw new Error(`Not refused: ${JSON.stringify(body)}`);
  return body.error.details.code;
};
const skip = (person: Person, pool: number, reason = 'no_time') =>
  person.api.post<ErrorBody & Offered>(`/api/console/pools/${pool}/skip`, { reason });

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('01:00'));
}, 300_000);
afterAll(() => company?.server.close());

test('a pull queue hands out the next lead in its own order, the longest waiting first', async () => {
  const pool = await queue({ order: ['age'] });
  const [first] = await company.stock(pool, 1);
  await company.moveClock(at('01:01'));
  await company.stock(pool, 2);
  const a = await rep();
  const { offer, again } = await next(a, pool);
  expect({ lead: offer.lead, again }).toEqual({ lead: first, again: false });
  expect(Math.round((Date.parse(offer.actBy) - Date.parse(at('01:11'))) / 60_000)).toBe(0);
  expect(await company.lead(first!)).toMatchObject({ owner_id: a.id, pool_id: null });
});

test('what was promised and is due comes before the best grade, and the best grade before age', async () => {
  const pool = await queue();
  const [old, best, due] = await company.stock(pool, 3);
  await company.db('crm_leads').where({ id: old }).update({ grade: 'C' });
  await company.db('crm_leads').where({ id: best }).update({ grade: 'A' });
  await company
    .db('crm_leads')
    .where({ id: due })
    .update({ grade: 'D', next_action_at: at('00:30') });
  const people = [await rep(), await rep(), await rep()];
  const order: number[] = [];
  for (const person of people) order.push((await next(person, pool)).offer.lead);
  expect(order).toEqual([due, best, old]);
});

test('asking again before acting answers the same lead: nobody pulls a hoard', async () => {
  const pool = await queue();
  await company.stock(pool, 3);
  const a = await rep();
  const one = await next(a, pool);
  const two = await next(a, pool);
  expect(two).toMatchObject({ again: true, offer: { id: one.offer.id, lead: one.offer.lead } });
  expect(await company.db('crm_leads').where({ owner_id: a.id })).toHaveLength(1);
});

test('who acts keeps the lead and may pull the next one', async () => {
  const pool = await queue();
  await company.stock(pool, 2);
  const a = await rep();
  const { offer } = await next(a, pool);
  expectStatus(
    await a.api.post(`/api/console/leads/${offer.lead}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 60 }),
    200,
  );
  const later = await next(a, pool);
  expect(later.again).toBe(false);
  await company.moveClock(at('03:00'));
  expect(await company.lead(offer.lead)).toMatchObject({ owner_id: a.id });
  const offers = await company.db('crm_pool_offers').where({ member_id: a.id }).orderBy('id').select('state');
  expect(offers.map((one: { state: string }) => one.state)).toEqual(['acted', 'expired']);
});

test('a lead that is not acted on goes back by itself after the minutes of the queue, and the next person gets it', async () => {
  await company.moveClock(at('04:00'));
  const pool = await queue({ actWithinSeconds: 300 });
  const [id] = await company.stock(pool, 1);
  const [a, b] = [await rep(), await rep()];
  await next(a, pool);
  await company.moveClock(at('04:04'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: a.id });
  await company.moveClock(at('04:06'));
  expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: pool });
  const [event] = (await company.events('lead.released')).filter((one) => one.subject_id === id);
  expect(event).toMatchObject({ data: { reason: 'not_acted', expired: true }, before: { owner: a.id } });
  expect(await refused(a.api.post(`/api/console/pools/${pool}/next`))).toBe('QUEUE_EMPTY');
  expect((await next(b, pool)).offer.lead).toBe(id);
});

test('skipping needs a known reason, is limited per day, and the skipped lead is not handed to the same person again', async () => {
  const pool = await queue({ skipsPerDay: 2 });
  await company.stock(pool, 4);
  const a = await rep();
  expect(await refused(skip(a, pool))).toBe('NO_OFFER');
  const seen = [(await next(a, pool)).offer.lead];
  expect(await refused(skip(a, pool, 'because'))).toBe('REASON_UNKNOWN');
  expect(expectStatus(await skip(a, pool), 200)).toMatchObject({ skipped: seen[0], skips: { limit: 2, used: 1 } });
  seen.push((await next(a, pool)).offer.lead);
  expectStatus(await skip(a, pool), 200);
  seen.push((await next(a, pool)).offer.lead);
  expect(await refused(skip(a, pool))).toBe('SKIP_LIMIT');
  expect(new Set(seen).size).toBe(3);
  expect(await company.lead(seen[0]!)).toMatchObject({ owner_id: null, pool_id: pool });
});

test('the limits of the pool count for what is pulled; only an invalid, duplicate or wrong-pool skip gives the claim back', async () => {
  const pool = await queue({ skipsPerDay: 9 }, { limits: [{ kind: 'claims', per: 'day', max: 2 }] });
  await company.stock(pool, 5);
  const a = await rep();
  await next(a, pool);
  expectStatus(await skip(a, pool, 'invalid'), 200);
  await next(a, pool);
  expectStatus(await skip(a, pool, 'no_time'), 200);
  await next(a, pool);
  expectStatus(await skip(a, pool, 'no_time'), 200);
  expect(await refused(a.api.post(`/api/console/pools/${pool}/next`))).toBe('CLAIM_LIMIT_DAY');
});

test('ten people who pull at once get ten different leads', async () => {
  const pool = await queue();
  await company.stock(pool, 10);
  const people = await Promise.all(Array.from({ length: 10 }, rep));
  const leads = await Promise.all(people.map(async (person) => (await next(person, pool)).offer.lead));
  expect(new Set(leads).size).toBe(10);
});

test('the queue is blind: its leads are neither listed nor claimed by name', async () => {
  const pool = await queue();
  const [id] = await company.stock(pool, 1);
  const a = await rep();
  expect((await a.api.get(`/api/console/leads/${id}`)).status).toBe(404);
  expect(await refused(a.api.post(`/api/console/leads/${id}/claim`, { pool }))).toBe('FORBIDDEN');
  const stranger = await company.person(`stranger-${made}`, { roles: ['sales'], team: company.teams.south });
  expect(await refused(stranger.api.post(`/api/console/pools/${pool}/next`))).toBe('NOT_A_MEMBER');
  expectStatus(await a.api.get(`/api/console/pools/${pool}/pull`), 200);
});

test('a lead that asked not to be contacted, or that a former owner has to wait for, is passed over', async () => {
  const pool = await queue({ order: ['age'] }, { cooling: { after: 'P7D' } });
  const [quiet, mine, free] = await company.stock(pool, 3);
  await company.db('crm_leads').where({ id: quiet }).update({ do_not_contact_until: '2026-06-01T00:00:00Z' });
  const a = await rep();
  expectStatus(await company.admin.post(`/api/console/leads/${mine}/assign`, { owner: a.id }), 200);
  expectStatus(await a.api.post(`/api/console/leads/${mine}/release`, { reason: 'no_time' }), 200);
  await company.db('crm_leads').where({ id: mine }).update({ pool_entered_at: '2026-03-01T00:00:00Z' });
  expect((await next(a, pool)).offer.lead).toBe(free);
});
