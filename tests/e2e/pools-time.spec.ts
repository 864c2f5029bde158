import { startServer, type TestServer } from '../support/server';
import { api } from '../support/api';
import { as, coldLeads, expect, go, memberOf, ok, rowOf, test, type Name } from './support';

/**
 * Days pass here: a leave ends, a drop comes at its hour. A server of its own, so that the clock of the other tests stays where it is.
 */
let server: TestServer;
const before = { LEADSEA_URL: process.env['LEADSEA_URL'], LEADSEA_TOKENS: process.env['LEADSEA_TOKENS'] };
const PEOPLE: readonly Name[] = ['admin', 'wang', 'li', 'zhang'];
const DAY_MS = 86_400_000;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  server = await startServer({ demo: true });
  const tokens = PEOPLE.map(
    async (name) => [name, (await api(server.url).login(`${name}@demo.leadsea.local`, 'Leadsea-demo-1')).token] as const,
  );
  process.env['LEADSEA_TOKENS'] = JSON.stringify(Object.fromEntries(await Promise.all(tokens)));
  process.env['LEADSEA_URL'] = server.url;
  // What the agreement does with leads nobody answers is told elsewhere; here nobody promised anything.
  const contracts = await ok(as('admin').get<{ id: number }[]>('/api/console/sla-contracts?range=[0,99]'));
  for (const { id } of contracts) await ok(as('admin').delete(`/api/console/sla-contracts/${id}`));
});
test.afterAll(async () => {
  Object.assign(process.env, before);
  await server?.close();
});

const moveClock = (instant: number): Promise<unknown> =>
  ok(as('admin').put('/api/console/clock', { now: new Date(instant).toISOString() }));
const leadOf = (id: number) => ok(as('admin').get<Record<string, unknown>>(`/api/console/leads/${id}`));
/** The calendar day in Shanghai, `YYYY-MM-DD`. */
const dayOf = (instant: number): string => new Date(instant + 8 * 3_600_000).toISOString().slice(0, 10);

/** A live pool of its own for a test. */
async function newPool(key: string, draft: Record<string, unknown>): Promise<{ id: number; name: string }> {
  const admin = as('admin');
  const { id } = await ok(admin.post<{ id: number }>('/api/console/pools', { key, name: key, draft, position: 91 }));
  await ok(admin.post(`/api/console/pools/${id}/publish`, { note: 'For a test.' }));
  return { id, name: key };
}
async function leadsIn(pool: number, mark: string, count: number): Promise<{ id: number; name: string }[]> {
  const leads = await coldLeads(mark, count);
  await ok(as('admin').post('/api/console/leads/move', { ids: leads.map(({ id }) => id), pool }));
  return leads;
}
const only = async (...names: Name[]): Promise<unknown[]> =>
  Promise.all(names.map(async (name) => ({ type: 'member', ref: (await memberOf(name)).id, rights: ['see', 'claim'] })));

test('a timed drop counts down to its hour; then its best leads lie in the pool everybody claims from', async ({ openAs }) => {
  const now = Date.now();
  const members = await only('wang');
  const into = await newPool('into-pool', { kind: 'claimable', members });
  const opens = new Date(now + 8 * 3_600_000 + 2 * 3_600_000);
  const at = `${String(opens.getUTCHours()).padStart(2, '0')}:${String(opens.getUTCMinutes()).padStart(2, '0')}`;
  const pool = await newPool('timed-drop', {
    kind: 'drop',
    members,
    calendar: 'shanghai',
    drop: { mode: 'timed', days: [1, 2, 3, 4, 5, 6, 7], at, leads: 2, into: 'into-pool' },
  });
  await leadsIn(pool.id, 'Timed', 3);
  const page = await openAs('wang', { baseURL: server.url });
  await go(page, `/pools/drops?pool=${pool.id}`);
  await expect(page.getByText('The next round opens in')).toBeVisible();
  await expect(page.getByText(/^(2h 00m|1h 5\dm)$/)).toBeVisible();
  const { next } = await ok(as('admin').get<{ next: string }>(`/api/console/pools/${pool.id}/drops`));
  await moveClock(Date.parse(next) + 1000);
  await page.reload();
  const round = page.getByRole('listitem').filter({ hasText: 'released' });
  await expect(round).toContainText('2 leads');
  await go(page, `/pools?pool=${into.id}`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Timed' })).toHaveCount(2);
});

test('leads are looked after during a leave and come back by themselves on the first working day; what was worked is asked about', async ({
  openAs,
}) => {
  const [zhang, li] = [await memberOf('zhang'), await memberOf('li')];
  const pool = await newPool('leave-pool', { kind: 'claimable', members: await only('zhang') });
  const [quiet, worked] = await leadsIn(pool.id, 'Leave', 2);
  const now = Date.now();
  await moveClock(now);
  await ok(as('zhang').post('/api/console/leads/claim', { ids: [quiet!.id, worked!.id], pool: pool.id }));
  // Called once before the leave, so that no promise of a first answer runs out meanwhile.
  for (const { id } of [quiet!, worked!])
    await ok(as('zhang').post(`/api/console/leads/${id}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 60 }));

  const page = await openAs('admin', { baseURL: server.url });
  await go(page, '/pools/hand-over');
  await page.getByRole('button', { name: 'Hand over' }).first().click();
  await page.getByRole('combobox', { name: 'Whose leads' }).fill(zhang.name);
  await page.getByRole('option', { name: zhang.name }).click();
  await page.getByRole('radio', { name: /On leave/ }).click();
  await page.getByLabel(/^From/).fill(dayOf(now));
  await page.getByLabel(/^Until/).fill(dayOf(now + DAY_MS));
  const preview = page.getByRole('region', { name: 'What would move' });
  await expect(preview).toContainText(/Comes back on/);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('combobox', { name: 'To', exact: true }).click();
  await page.getByRole('option', { name: 'Shared among colleagues' }).click();
  await page.getByRole('combobox', { name: 'Add a colleague' }).fill(li.name);
  await page.getByRole('option', { name: li.name }).click();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('combobox', { name: 'When the leave ends' }).click();
  await page.getByRole('option', { name: 'Bring back what was not worked meanwhile' }).click();
  await page.getByRole('button', { name: 'Hand over now' }).click();
  const line = rowOf(page, zhang.name).first();
  await expect(line).toContainText('running');
  expect([(await leadOf(quiet!.id))['owner'], (await leadOf(worked!.id))['owner']]).toEqual([li.id, li.id]);

  await ok(
    as('li').post(`/api/console/leads/${worked!.id}/activities`, {
      kind: 'call',
      outcome: 'connected',
      durationSeconds: 90,
      note: 'They want an offer.',
    }),
  );
  const [handOver] = (await ok(as('admin').get<{ handovers: { returnsAt: string }[] }>('/api/console/handovers'))).handovers;
  await moveClock(Date.parse(handOver!.returnsAt) + 1000);
  await page.reload();
  await expect(line).toContainText('came back');
  await expect(line).toContainText('1 kept');
  expect([(await leadOf(quiet!.id))['owner'], (await leadOf(worked!.id))['owner']]).toEqual([zhang.id, li.id]);
  await line.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('dialog', { name: zhang.name });
  await expect(details.getByRole('listitem').filter({ hasText: worked!.name })).toContainText('stayed');
  await expect(details.getByRole('listitem').filter({ hasText: quiet!.name })).toContainText('came back');
  await details.getByRole('button', { name: 'Close' }).click();
  await line.getByRole('button', { name: 'Bring back now' }).click();
  await expect.poll(async () => (await leadOf(worked!.id))['owner']).toBe(zhang.id);
});
