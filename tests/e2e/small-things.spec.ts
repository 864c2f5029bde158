import { as, expect, go, leadOf, newLead, ok, rowOf, someone, test } from './support';
import { leadsIn, newPool, only, region, tag } from './pools-support';

test('the answer to “next action” can be given again for the next follow-up', async ({ openAs }) => {
  const lead = await leadOf('wang', someone('Again'));
  const page = await openAs('wang');
  await go(page, `/leads/${lead.id}`);
  const log = region(page, 'Log what you did');
  for (const note of ['First', 'Second']) {
    await log.getByRole('radio', { name: 'Connected' }).click();
    await log.getByLabel('Note').fill(`${note} ${tag}`);
    await expect(log.getByRole('button', { name: 'Other…' })).toBeVisible();
    await log.getByRole('button', { name: 'Tomorrow' }).click();
    // The day that was chosen stands where another one can be.
    await expect(log.getByRole('button', { name: 'Other…' })).toHaveCount(0);
    await log.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: `${note} ${tag}` })).toBeVisible();
  }
});

test('a blank typed between two words of a search stays, however slowly somebody types', async ({ openAs }) => {
  const first = `Blank${tag}`;
  await newLead(someone('Search', { name: `${first} Weber` }));
  const page = await openAs('admin');
  await go(page, '/leads');
  const box = page.getByRole('main').getByRole('searchbox');
  await box.pressSequentially(`${first} `);
  await expect(page).toHaveURL(new RegExp(first));
  await expect(page.getByRole('row').filter({ hasText: `${first} Weber` })).toBeVisible();
  await expect(box).toHaveValue(`${first} `);
  await box.pressSequentially('Weber');
  await expect(page).toHaveURL(/Weber/);
  await expect(page.getByRole('row').filter({ hasText: `${first} Weber` })).toBeVisible();
});

test('a claim that does not get through keeps what was ticked', async ({ openAs }) => {
  const pool = await newPool('ticks', { kind: 'claimable', members: await only(['li']) });
  const [lead] = await leadsIn(pool.id, 'Ticks', 1);
  const page = await openAs('li');
  await go(page, `/pools?pool=${pool.id}`);
  await rowOf(page, lead!.name).getByRole('checkbox').check();
  await page.route('**/api/console/leads/claim', (route) => route.abort());
  await page.getByRole('button', { name: 'Claim 1', exact: true }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(rowOf(page, lead!.name).getByRole('checkbox')).toBeChecked();
  await page.unroute('**/api/console/leads/claim');
  await page.getByRole('button', { name: 'Claim 1', exact: true }).click();
  await expect(rowOf(page, lead!.name)).toBeHidden();
});

test('the widget of sources says how many lines more there are, and shows them', async ({ openAs }) => {
  const people = Array.from({ length: 14 }, (_, index) => someone('Origin', { campaign: `origin-${index}-${tag}` }));
  for (const values of people) await ok(as('admin').post('/api/console/leads', values));
  const page = await openAs('mia');
  await go(page, '/home');
  const origins = page.getByRole('region', { name: 'Sources' });
  await origins.getByRole('combobox', { name: 'Split by' }).click();
  await page.getByRole('option', { name: 'Campaign', exact: true }).click();
  await expect(origins.getByRole('columnheader', { name: 'Campaign' })).toBeVisible();
  const lines = origins.locator('tbody tr');
  await expect(lines).toHaveCount(12);
  const more = origins.getByRole('button', { name: /^Show \d+ more$/ });
  const left = Number(/\d+/.exec((await more.textContent()) ?? '')?.[0]);
  expect(left).toBeGreaterThanOrEqual(2);
  await more.click();
  await expect(lines).toHaveCount(12 + Math.min(left, 50));
});
