import { as, expect, go, leadOf, memberOf, newLead, ok, poolId, someone, test } from './support';

test.use({ actionTimeout: 30_000 });
test.describe.configure({ timeout: 120_000 });

interface Policy {
  readonly version: number;
  readonly draft: Record<string, unknown>;
}

test('four eyes: one person asks, the other one sees what would change and agrees', async ({ openAs }) => {
  const id = await poolId('china');
  const admin = await openAs('admin');
  await go(admin, '/setup/reviews');
  const toggle = admin.getByRole('region', { name: 'Four eyes' }).getByLabel(/^Pool/);
  await toggle.click();
  await expect(toggle).toBeChecked();

  const before = await ok(as('pool').get<Policy>(`/api/console/pools/${id}`));
  const limits = [{ kind: 'claims', per: 'day', max: 37 }];
  await ok(as('pool').put(`/api/console/pools/${id}`, { draft: { ...before.draft, limits } }));
  const keeper = await openAs('pool');
  await go(keeper, `/setup/pools/${id}`);
  await keeper.getByRole('button', { name: 'Publish…' }).click();
  const dialog = keeper.getByRole('dialog');
  await expect(dialog).toContainText('A second person has to agree');
  await dialog.getByLabel('Why is it changed?').fill('Fewer at once');
  const seen = dialog.getByRole('checkbox');
  await dialog.getByRole('button', { name: 'Ask for agreement' }).waitFor();
  if ((await seen.count()) > 0) await seen.first().check();
  await dialog.getByRole('button', { name: 'Ask for agreement' }).click();
  await expect(keeper.getByText('Waits for a second person')).toBeVisible();
  expect((await ok(as('pool').get<Policy>(`/api/console/pools/${id}`))).version).toBe(before.version);

  await go(keeper, '/setup/reviews');
  await expect(keeper.getByText('You asked for this: another person decides.')).toBeVisible();
  await expect(keeper.getByRole('button', { name: 'Agree: make it live' })).toHaveCount(0);

  await admin.reload();
  const card = admin.getByRole('article').filter({ hasText: 'Fewer at once' });
  await expect(card).toContainText('37');
  await card.getByRole('button', { name: 'Agree: make it live' }).click();
  await expect(card).toContainText('Agreed');
  const after = await ok(as('admin').get<Policy & { published: Record<string, unknown> }>(`/api/console/pools/${id}`));
  expect(after.version).toBe(before.version + 1);
  expect(after.published['limits']).toMatchObject(limits);

  await ok(as('admin').put('/api/console/four-eyes', { areas: [] }));
  await ok(as('admin').put(`/api/console/pools/${id}`, { draft: before.draft }));
  await ok(as('admin').post(`/api/console/pools/${id}/publish`, { note: 'As it was' }));
});

test('the check-up names what is wrong and leads to where it is put right', async ({ openAs }) => {
  const made = await ok(
    as('admin').post<{ id: number }>('/api/console/members', {
      name: 'Nobody Special',
      email: 'nobody.special@demo.leadsea.local',
      roles: [],
    }),
  );
  const page = await openAs('admin');
  await go(page, '/setup/linter');
  const finding = page.getByRole('listitem').filter({ hasText: 'Nobody Special' }).first();
  await expect(finding).toContainText('Holds no role');
  await finding.click();
  await expect(page.getByRole('dialog', { name: 'Nobody Special' })).toBeVisible();
  await page.keyboard.press('Escape');
  await ok(as('admin').post(`/api/console/members/${made.id}/deactivate`, {}));
  await go(page, '/setup/linter');
  await expect(page.getByRole('heading', { name: 'Check-up' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Nobody Special' })).toHaveCount(0);
});

test('whoever is invited opens the link, chooses a password and is at work', async ({ openAs, browser }) => {
  const name = `Invited ${Date.now().toString(36)}`;
  const email = `${name.replace(' ', '.').toLowerCase()}@demo.leadsea.local`;
  const admin = await openAs('admin');
  await go(admin, '/setup/members');
  await admin.getByRole('button', { name: 'New member' }).click();
  const form = admin.getByRole('dialog');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('E-mail', { exact: true }).fill(email);
  await form.getByRole('combobox', { name: 'Roles' }).click();
  await admin.getByRole('option', { name: 'Sales', exact: true }).click();
  await admin.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Save' }).click();
  const link = await admin.getByRole('dialog').getByRole('textbox', { name: 'Invitation link' }).inputValue();
  expect(link).toContain('/console/join#');

  const context = await browser.newContext({ locale: 'en-US' });
  const guest = await context.newPage();
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: `Welcome, ${name}` })).toBeVisible();
  await guest.getByLabel('New password').fill('words of my own');
  await guest.getByLabel('Once more').fill('words of my own!');
  await expect(guest.getByRole('button', { name: 'Set password and sign in' })).toBeDisabled();
  await guest.getByLabel('Once more').fill('words of my own');
  await guest.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(guest.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(guest).not.toHaveURL(/join/);
  await guest.goto(link);
  await expect(guest.getByText('This invitation is used up, too old or not known.')).toBeVisible();
  await context.close();
});

test('somebody leaves: what he holds is shown, handed over, and the account is closed', async ({ openAs }) => {
  const leaver = await ok(
    as('admin').post<{ id: number }>('/api/console/members', {
      name: 'Leaver Li',
      email: `leaver.${Date.now().toString(36)}@demo.leadsea.local`,
      roles: ['sales'],
    }),
  );
  const lead = await newLead(someone('leaver'));
  await ok(as('admin').post('/api/console/leads/assign', { ids: [lead.id], owner: leaver.id }));
  const heir = await memberOf('wang');
  const page = await openAs('admin');
  await go(page, `/setup/members?id=${leaver.id}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leaver Li leaves' });
  await dialog.getByRole('combobox').first().click();
  await page.getByRole('option', { name: 'One colleague' }).click();
  await dialog.getByRole('combobox', { name: 'Owner' }).fill(heir.name);
  await page.getByRole('option', { name: heir.name }).first().click();
  await expect(dialog).toContainText(heir.name);
  await dialog.getByRole('button', { name: 'Hand over and deactivate' }).click();
  await expect(page.getByText('Leaver Li is deactivated; 1 lead was handed over.')).toBeVisible();
  expect(await ok(as('admin').get(`/api/console/leads/${lead.id}`))).toMatchObject({ owner: heir.id });
  expect(await ok(as('admin').get(`/api/console/members/${leaver.id}`))).toMatchObject({ active: false });
});

test('a campaign counts the leads that carry its key, and every number opens them', async ({ openAs }) => {
  const key = `fair-${Date.now().toString(36)}`;
  await ok(
    as('admin').post('/api/capture/demo-website', [someone('fair', { campaign: key }), someone('fair', { campaign: key.toUpperCase() })]),
  );
  const page = await openAs('mia');
  await go(page, '/campaigns');
  const unknown = page.getByRole('region', { name: 'Named by leads, but not here' });
  await expect(unknown).toContainText(new RegExp(key, 'i'));
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Spring fair');
  await dialog.getByLabel('Key').fill(key);
  await dialog.getByLabel('Budget').fill('1000');
  await dialog.getByLabel('Cost so far').fill('500');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const row = page.getByRole('row').filter({ hasText: key });
  await expect(row).toContainText('50 % of the budget');
  await expect(row).toContainText('per lead');
  await row.getByRole('link', { name: 'Spring fair, Leads: 2' }).click();
  await expect(page).toHaveURL(/\/leads\?/);
  await expect(page.getByText('fair fair')).toHaveCount(2);
});

test('what a person forbids stands on the lead page with its proof, and open calls are gone', async ({ openAs }) => {
  const lead = await leadOf('wang', someone('consent'));
  const page = await openAs('wang');
  await go(page, `/leads/${lead.id}`);
  const panel = page.getByRole('region', { name: 'May be contacted' });
  await expect(panel.getByText('Never said')).toHaveCount(3, { timeout: 30_000 });
  await panel.getByRole('button', { name: 'Record…' }).click();
  const dialog = page.getByRole('dialog', { name: 'What did they say?' });
  await dialog.getByLabel('By phone').check();
  await dialog.getByRole('button', { name: 'forbid it' }).click();
  await dialog.getByLabel('How it was said').fill('On the phone, angry');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByText('Forbidden', { exact: true })).toBeVisible();
  await panel.getByRole('button', { name: 'Proof (1)' }).click();
  await expect(panel).toContainText('On the phone, angry');
  await expect(page.getByText('Forbade contact')).toBeVisible();
  const tasks = await ok(
    as('wang').get<{ kind: string }[]>(`/api/console/tasks?filter=${encodeURIComponent(JSON.stringify({ lead: lead.id, state: 'open' }))}`),
  );
  expect(tasks.filter(({ kind }) => kind === 'call')).toEqual([]);
});

test('a company is made and changed by hand', async ({ openAs }) => {
  const name = `Handmade ${Date.now().toString(36)}`;
  const page = await openAs('wang');
  await go(page, '/accounts');
  await page.getByRole('button', { name: 'New account' }).click();
  await page.getByRole('dialog').getByLabel('Company').fill(name);
  await page.getByRole('dialog').getByLabel('City').fill('Suzhou');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await expect(page.getByText('Suzhou')).toBeVisible();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('City').fill('Wuxi');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Wuxi')).toBeVisible();
});
