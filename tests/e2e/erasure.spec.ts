import { as, expect, go, leadOf, someone, test } from './support';

test('a person is erased: what goes and stays is shown, the lead stays without a name, and the register tells who did it', async ({
  openAs,
}) => {
  test.setTimeout(120_000);
  const person = someone('Erased');
  const lead = await leadOf('wang', person);
  const page = await openAs('admin');
  await go(page, `/leads/${lead.id}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Erase personal data…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase personal data' });
  await expect(dialog).toContainText('These fields:');
  await expect(dialog).toContainText('Stage, score, source, company and times');
  const erase = dialog.getByRole('button', { name: 'Erase', exact: true });
  await expect(erase).toBeDisabled();
  await dialog.getByRole('combobox', { name: /Why/ }).click();
  await page.getByRole('option', { name: 'The person asked for it' }).click();
  await dialog.getByLabel('File number').fill('DSR-2042');
  await expect(erase).toBeDisabled();
  await dialog.getByLabel('I know that this cannot be undone').check();
  await erase.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('The personal data of this lead was erased.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`#${lead.id}`);
  await expect(page.getByRole('button', { name: 'More actions' })).toHaveCount(0);
  await expect(page.getByText(String(person['name']))).toHaveCount(0);
  await go(page, '/setup/erasures');
  const row = page.getByRole('row', { name: /DSR-2042/ });
  await expect(row).toContainText('The person asked for it');
  await expect(row).toContainText(`#${lead.id}`);
});

test('who may not erase is not offered it', async ({ openAs }) => {
  const lead = await leadOf('wang', someone('Kept'));
  const page = await openAs('wang');
  await go(page, `/leads/${lead.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'More actions' })).toHaveCount(0);
  expect((await as('wang').get(`/api/console/leads/${lead.id}/erasure`)).status).toBe(403);
});
