import { startServer, type TestServer } from '../support/server';
import { api } from '../support/api';
import { as, expect, go, memberOf, ok, rowOf, test, type Name } from './support';
import { claim, leadsIn, newPool, only, readLead, region, tag, type Named } from './pools-support';

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
});
test.afterAll(async () => {
  Object.assign(process.env, before);
  await server?.close();
});

const moveClock = (instant: number): Promise<unknown> =>
  ok(as('admin').put('/api/console/clock', { now: new Date(instant).toISOString() }));
/** The calendar day in Shanghai, `YYYY-MM-DD`. */
const dayOf = (instant: number): string => new Date(instant + 8 * 3_600_000).toISOString().slice(0, 10);

test('a timed drop counts down to its hour; then its best leads lie in the pool everybody claims from', async ({ openAs }) => {
  const now = Date.now();
  const members = await only(['wang']);
  const into = await newPool('into-pool', { kind: 'claimable', members });
  const opens = new Date(now + 8 * 3_600_000 + 2 * 3_600_000);
  const at = `${String(opens.getUTCHours()).padStart(2, '0')}:${String(opens.getUTCMinutes()).padStart(2, '0')}`;
  const pool = await newPool('timed-drop', {
    kind: 'drop',
    members,
    calendar: 'shanghai',
    drop: { mode: 'timed', days: [1, 2, 3, 4, 5, 6, 7], at, leads: 2, into: `into-pool-${tag}` },
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

test('leads are kept during a leave: nothing is passed on, untouched ones come back by themselves, worked ones are decided one by one', async ({
  openAs,
}) => {
  const [zhang, li] = [await memberOf('zhang'), await memberOf('li')];
  const pool = await newPool('leave-pool', { kind: 'claimable', members: await only(['zhang']) });
  const [quiet, back, left] = (await leadsIn(pool.id, 'Leave', 3)) as [Named, Named, Named];
  const now = Date.now();
  await moveClock(now);
  await claim('zhang', [quiet, back, left], pool.id);
  const ownersOf = async (...leads: Named[]): Promise<unknown[]> => Promise.all(leads.map(async ({ id }) => (await readLead(id))['owner']));

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
  expect(await ownersOf(quiet, back, left)).toEqual([li.id, li.id, li.id]);

  const call = { kind: 'call', outcome: 'connected', durationSeconds: 90, note: 'They want an offer.' };
  for (const { id } of [back, left]) await ok(as('li').post(`/api/console/leads/${id}/activities`, call));
  const delegate = await openAs('li', { baseURL: server.url });
  await go(delegate, `/leads/${quiet.id}`);
  await expect(region(delegate, 'Ownership')).toContainText(`Kept for${zhang.name}`);

  const [handOver] = (await ok(as('admin').get<{ handovers: { returnsAt: string }[] }>('/api/console/handovers'))).handovers;
  const ends = Date.parse(handOver!.returnsAt);
  // The first answer that was promised for the quiet one is long overdue, and still it is passed on to nobody.
  await moveClock(ends - 60_000);
  expect(await ownersOf(quiet)).toEqual([li.id]);
  await moveClock(ends + 1000);
  await page.reload();
  await expect(line).toContainText('came back');
  await expect(line).toContainText('2 to decide');
  expect(await ownersOf(quiet, back, left)).toEqual([zhang.id, li.id, li.id]);
  await line.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('dialog', { name: zhang.name });
  const itemOf = ({ name }: Named) => details.getByRole('listitem').filter({ hasText: name });
  await expect(itemOf(quiet)).toContainText('came back');
  await expect(itemOf(back)).toContainText('worked meanwhile, to decide');
  await itemOf(left)
    .getByRole('button', { name: `Leave with ${li.name}` })
    .click();
  await expect(itemOf(left)).toContainText('left there for good');
  await itemOf(back).getByRole('button', { name: 'Bring back' }).click();
  await expect(itemOf(back)).toContainText('came back');
  expect(await ownersOf(quiet, back, left)).toEqual([zhang.id, zhang.id, li.id]);
  await details.getByRole('button', { name: 'Close' }).click();
  await expect(line).not.toContainText('to decide');
});
