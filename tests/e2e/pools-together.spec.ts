import { expect, go, rowOf, test } from './support';
import { leadsIn, newPool, only, readLead } from './pools-support';

const WAYS = 'How to claim them';

test('ticked leads are claimed all or none: what stands in the way is said, the ticks stay, and the others can be claimed alone', async ({
  openAs,
}) => {
  const pool = await newPool('together', {
    kind: 'claimable',
    members: await only(['li']),
    limits: [{ kind: 'claims', per: 'day', max: 2 }],
  });
  const leads = await leadsIn(pool.id, 'Together', 3);
  const page = await openAs('li');
  await go(page, `/pools?pool=${pool.id}`);
  const tick = (name: string) => rowOf(page, name).getByRole('checkbox').check();

  // Of one lead there is nothing to choose.
  await tick(leads[0]!.name);
  await expect(page.getByRole('button', { name: 'Claim 1', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: WAYS })).toHaveCount(0);

  await tick(leads[1]!.name);
  await tick(leads[2]!.name);
  await page.getByRole('button', { name: WAYS }).click();
  await page.getByRole('menuitem', { name: /All of them or none/ }).click();
  const told = page.getByRole('dialog', { name: 'Nothing was claimed: 1 of 3 leads cannot be claimed' });
  await expect(told).toContainText('2 of 2 claims used today.');
  await expect(told).toContainText('You asked for all of these leads or none');
  for (const { id } of leads) expect(await readLead(id)).toMatchObject({ owner: null, pool: pool.id });
  await told.getByRole('button', { name: 'Close' }).click();
  for (const { name } of leads) await expect(rowOf(page, name).getByRole('checkbox')).toBeChecked();

  await page.getByRole('button', { name: WAYS }).click();
  await page.getByRole('menuitem', { name: /All of them or none/ }).click();
  await told.getByRole('button', { name: 'Claim the other 2' }).click();
  await expect(page.getByText('2 leads claimed')).toBeVisible();
  const owners = await Promise.all(leads.map(async ({ id }) => (await readLead(id)).owner));
  expect(owners.filter((owner) => owner !== null)).toHaveLength(2);
});

test('when all of them can be claimed, all are; the usual way takes what can be had', async ({ openAs }) => {
  const pool = await newPool('together-all', {
    kind: 'claimable',
    members: await only(['li']),
    limits: [{ kind: 'claims', per: 'day', max: 3 }],
  });
  const leads = await leadsIn(pool.id, 'Whole', 4);
  const page = await openAs('li');
  await go(page, `/pools?pool=${pool.id}`);
  for (const { name } of leads.slice(0, 2)) await rowOf(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: WAYS }).click();
  await page.getByRole('menuitem', { name: /All of them or none/ }).click();
  await expect(page.getByText('2 leads claimed')).toBeVisible();
  for (const { name } of leads.slice(0, 2)) await expect(rowOf(page, name)).toBeHidden();

  for (const { name } of leads.slice(2)) await rowOf(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: WAYS }).click();
  await page.getByRole('menuitem', { name: /Claim those that can be claimed/ }).click();
  await expect(page.getByText('Lead claimed')).toBeVisible();
  await expect(page.getByText('3 of 3 claims used today.').first()).toBeVisible();
});
