import { as, expect, go, leadOf, ok, someone, test } from './support';
import { region, tag } from './pools-support';

/** A lead of this rep standing where leads have an opportunity, moved there by hand: none has been made of it. */
async function standing(mark: string): Promise<{ id: number; name: string }> {
  const person = someone(mark, { company: `${mark} ${tag} GmbH` });
  const { id } = await leadOf('wang', person);
  for (const to of ['srl', 'sql', 'opportunity']) {
    const { stage } = await ok(as('admin').get<{ stage: string }>(`/api/console/leads/${id}`));
    if (stage !== to) await ok(as('admin').post(`/api/console/leads/${id}/stage`, { to }));
  }
  return { id, name: person.name };
}

test('a lead that stands where leads have an opportunity gets one on its page, and is won from there', async ({ openAs }) => {
  const { id } = await standing('Panel');
  const page = await openAs('wang');
  await go(page, `/leads/${id}`);
  const deals = region(page, 'Opportunities');
  await expect(deals).toContainText('No opportunity has been made of this lead.');
  await deals.getByRole('button', { name: 'Make an opportunity' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('48000');
  await dialog.getByRole('button', { name: 'Convert' }).click();
  await expect(deals).toContainText('48,000');
  await expect(deals).toContainText('Open');
  await expect(deals.getByRole('button', { name: 'Make an opportunity' })).toHaveCount(0);

  await deals.getByRole('button', { name: 'Won', exact: true }).click();
  await expect(page.getByText('Won – well done')).toBeVisible();
  await expect(deals.getByRole('button', { name: 'Won', exact: true })).toHaveCount(0);
  expect(await ok(as('admin').get(`/api/console/leads/${id}`))).toMatchObject({ stage: 'won' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(deals.getByRole('button', { name: 'Won', exact: true })).toBeVisible();
});

test('opportunities are searched and filtered, and a company shows its own', async ({ openAs }) => {
  const firm = `Listed ${tag} AG`;
  const account = await ok(as('admin').post<{ id: number }>('/api/console/accounts', { name: firm }));
  const { id } = await standing('Listed');
  const other = await standing('Unlisted');
  await ok(as('admin').put(`/api/console/leads/${id}`, { account: account.id }));
  const name = `Line ${tag}`;
  await ok(as('wang').post(`/api/console/leads/${id}/convert`, { name, amount: 91_000, currency: 'EUR' }));
  await ok(as('wang').post(`/api/console/leads/${other.id}/convert`, { name: `Other ${tag}`, amount: 5, currency: 'EUR' }));

  const page = await openAs('wang');
  await go(page, '/opportunities');
  await page.getByRole('main').getByRole('searchbox', { name: 'Search' }).fill(name);
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('91,000');
  await expect(page.getByRole('row', { name: new RegExp(`Other ${tag}`) })).toHaveCount(0);

  // Another filter keeps the search, and the search keeps the filter.
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('menuitem', { name: 'Amount' }).click();
  await page.getByRole('spinbutton', { name: 'At most' }).fill('100');
  await expect(page.getByText('No opportunity matches')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('searchbox', { name: 'Search' }).fill(`Other ${tag}`);
  await expect(page.getByRole('row', { name: new RegExp(`Other ${tag}`) })).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('main').getByRole('searchbox', { name: 'Search' })).toHaveValue('');
  await expect(page.getByRole('row', { name: new RegExp(name) })).toBeVisible();

  await go(page, `/accounts/${account.id}`);
  await expect(region(page, 'Opportunities')).toContainText(name);
  await region(page, 'Opportunities').getByRole('link', { name }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/${id}$`));
});

test('what is open adds up on the list and on the company; the menu of the stage makes an opportunity, with its probability', async ({
  openAs,
}) => {
  const account = await ok(as('admin').post<{ id: number }>('/api/console/accounts', { name: `Summed ${tag} SE` }));
  const person = someone('Summed', { company: `Summed ${tag} SE` });
  const { id } = await leadOf('wang', person);
  for (const to of ['srl', 'sql']) {
    const { stage } = await ok(as('admin').get<{ stage: string }>(`/api/console/leads/${id}`));
    if (stage !== to) await ok(as('admin').post(`/api/console/leads/${id}/stage`, { to }));
  }
  await ok(as('admin').put(`/api/console/leads/${id}`, { account: account.id }));
  const page = await openAs('wang');
  await go(page, `/leads/${id}`);
  await page.getByRole('button', { name: 'Move to another stage' }).click();
  await page.getByRole('menuitem', { name: 'Make an opportunity' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('40000');
  await dialog.getByLabel('Currency').fill('CHF');
  await dialog.getByLabel('Probability %').fill('25');
  await dialog.getByRole('button', { name: 'Convert' }).click();
  await expect(region(page, 'Opportunities')).toContainText('25 %');

  await go(page, `/accounts/${account.id}`);
  const sums = region(page, 'Opportunities').getByRole('status', { name: 'Open in all' });
  await expect(sums).toContainText('CHF 40,000');
  await expect(sums).toContainText('weighted CHF 10,000');
  await go(page, '/opportunities');
  const listed = page.getByRole('main').getByRole('status', { name: 'Open in all' });
  await expect(listed).toContainText('CHF 40,000');
  await expect(listed).toContainText('weighted CHF 10,000');
});
