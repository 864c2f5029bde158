import { as, expect, go, leadOf, ok, someone, test } from './support';

interface LeadRow {
  readonly industry: string | null;
  readonly stage: string;
}
const lead = (id: number): Promise<LeadRow> => ok(as('admin').get<LeadRow>(`/api/console/leads/${id}`));

test('leads are edited together by keyboard, and the change is taken back', async ({ openAs }) => {
  const mark = `Bulk${Date.now().toString(36)}`;
  const leads = [await leadOf('wang', someone(mark, { industry: 'Steel' })), await leadOf('wang', someone(mark, { industry: 'Steel' }))];
  const page = await openAs('wang');
  await go(page, `/leads?filter=${encodeURIComponent(JSON.stringify({ q: mark }))}`);
  await expect(page.getByRole('row')).toHaveCount(3);
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Field' }).fill('Industry');
  await page.getByRole('option', { name: 'Industry' }).click();
  await dialog.getByLabel('Industry', { exact: true }).fill('Glass');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('2 leads changed')).toBeVisible();
  for (const { id } of leads) expect((await lead(id)).industry).toBe('Glass');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back for 2 leads')).toBeVisible();
  for (const { id } of leads) expect((await lead(id)).industry).toBe('Steel');
});

test('the command palette finds a page, and a lead by its name', async ({ openAs }) => {
  const someLead = await leadOf('wang', someone('Palette'));
  const page = await openAs('wang');
  await go(page, '/work');
  await page.getByRole('heading', { name: 'My work' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Type a page' }).fill('accounts');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/accounts/);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Type a page' }).fill(someLead.name);
  // Beside it stands the search for everybody of this name.
  await page.getByRole('option', { name: new RegExp(`^${someLead.name}`) }).click();
  await expect(page.getByRole('heading', { name: someLead.name })).toBeVisible();
});

test('a view that is shared is there for a colleague', async ({ openAs }) => {
  const name = `Shared ${Date.now().toString(36)}`;
  const page = await openAs('wang');
  await go(page, `/leads?filter=${encodeURIComponent(JSON.stringify({ label_in: ['warm'] }))}`);
  await page.getByRole('button', { name: /Filtered leads/ }).click();
  await page.getByRole('menuitem', { name: 'Save this view' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Share with colleagues').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const other = await openAs('li');
  await go(other, '/leads');
  await other.getByRole('button', { name: /All leads/ }).click();
  await other.getByRole('menuitem', { name }).click();
  await expect(other.getByRole('heading', { name })).toBeVisible();
});

test('columns are chosen in the list, and are there again after a reload', async ({ openAs }) => {
  const page = await openAs('wang');
  await go(page, '/leads');
  const headers = page.getByRole('columnheader');
  await expect(headers.filter({ hasText: 'Company' })).toBeVisible();
  await expect(headers.filter({ hasText: 'Industry' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Industry' }).check();
  await page.getByRole('checkbox', { name: 'Company' }).uncheck();
  await page.keyboard.press('Escape');
  const chosen = async (): Promise<void> => {
    await expect(headers.filter({ hasText: 'Industry' })).toBeVisible();
    await expect(headers.filter({ hasText: 'Company' })).toHaveCount(0);
  };
  await chosen();
  await page.reload();
  await chosen();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Industry' }).uncheck();
  await page.getByRole('checkbox', { name: 'Company' }).check();
  await page.keyboard.press('Escape');
  await expect(headers.filter({ hasText: 'Company' })).toBeVisible();
});

test('a column chosen before the account has answered stays chosen, and is kept', async ({ openAs }) => {
  const page = await openAs('li');
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/console/saved-views?*', async (route) => {
    if (route.request().method() === 'GET' && decodeURIComponent(route.request().url()).includes('"preference"')) await held;
    await route.continue();
  });
  await go(page, '/leads');
  const industry = page.getByRole('columnheader').filter({ hasText: 'Industry' });
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Industry' }).check();
  const kept = page.waitForResponse((response) => response.url().includes('/saved-views') && response.request().method() !== 'GET');
  answer();
  await kept;
  await expect(page.getByRole('checkbox', { name: 'Industry' })).toBeChecked();
  await page.evaluate(() => Object.keys(localStorage).forEach((key) => key.includes('leadColumns') && localStorage.removeItem(key)));
  await page.reload();
  await expect(industry).toBeVisible();
});

test('a number of the dashboard opens its rows, and widgets are chosen', async ({ openAs }) => {
  const page = await openAs('admin');
  await go(page, '/home');
  const funnel = page.getByRole('region', { name: 'Funnel' });
  const number = funnel.getByRole('link', { name: /^Now: / }).first();
  const count = (await number.getAttribute('aria-label'))?.replace(/\D/g, '') ?? '';
  await number.click();
  await expect(page.getByText(new RegExp(`^${count} leads?$`))).toBeVisible();
  await page.goBack();
  // What came in is split by another field, and each of its numbers opens its rows too.
  const origins = page.getByRole('region', { name: 'Sources' });
  await origins.getByRole('combobox', { name: 'Split by' }).click();
  await page.getByRole('option', { name: 'Country', exact: true }).click();
  await expect(origins.getByRole('columnheader', { name: 'Country' })).toBeVisible();
  const part = origins.getByRole('link', { name: /^Came in: / }).first();
  const came = (await part.getAttribute('aria-label'))?.replace(/\D/g, '') ?? '';
  await part.click();
  await expect(page.getByText(new RegExp(`^${came} leads?$`))).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Customise' }).click();
  await page.getByRole('checkbox', { name: 'Sources' }).uncheck();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('region', { name: 'Sources' })).toBeHidden();
  await page.reload();
  await expect(page.getByRole('region', { name: 'Funnel' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Sources' })).toBeHidden();
});

test('a qualified lead is converted, and the conversion is taken back', async ({ openAs }) => {
  const someLead = await leadOf('wang', someone('Deal'));
  for (const to of ['srl', 'sql']) {
    if ((await lead(someLead.id)).stage !== to) await ok(as('admin').post(`/api/console/leads/${someLead.id}/stage`, { to }));
  }
  const page = await openAs('wang');
  await go(page, `/leads/${someLead.id}`);
  await page.getByRole('button', { name: 'Convert' }).click();
  await page.getByRole('dialog').getByLabel('Amount').fill('5000');
  await page.getByRole('dialog').getByRole('button', { name: 'Convert' }).click();
  await expect(page.getByText('Opportunity made')).toBeVisible();
  expect((await lead(someLead.id)).stage).toBe('opportunity');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('alert').getByText('Taken back')).toBeVisible();
  expect((await lead(someLead.id)).stage).toBe('sql');
});

test('the stages are a picture: a stage opens with Enter and moves with the arrows', async ({ openAs }) => {
  const page = await openAs('admin');
  await go(page, '/setup/lifecycle');
  await page.getByRole('listitem').first().getByRole('link').click();
  const stage = page.getByRole('button', { name: 'MQL', exact: true });
  await stage.focus();
  const before = await stage.boundingBox();
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => ((await stage.boundingBox())?.y ?? 0) - (before?.y ?? 0)).toBe(12);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(/What this stage means · English/)).toBeVisible();
});

test('without a connection the page says that what it shows may be old, and stops saying so when it is back', async ({ openAs }) => {
  const page = await openAs('wang');
  await go(page, '/leads');
  await expect(page.getByRole('status', { name: /^Live/ })).toBeVisible();
  await page.context().setOffline(true);
  const notice = page.getByRole('alert').filter({ hasText: 'Connection lost.' });
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await page.context().setOffline(false);
  await expect(notice).toBeHidden({ timeout: 30_000 });
});
