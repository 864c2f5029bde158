import { as, expect, go, memberOf, newLead, ok, someone, test } from './support';

const stamp = (): string => Date.now().toString(36);

test('a draft runs silently: nobody gets anything by it, and what would have been different is shown lead by lead', async ({ openAs }) => {
  const [admin, wang, li] = [as('admin'), await memberOf('wang'), await memberOf('li')];
  const campaign = `silent-${stamp()}`;
  const draft = (member: number) => ({
    when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: campaign }] },
    rules: [
      {
        key: 'all',
        label: { zh: '全部', en: 'All' },
        destination: { kind: 'member', id: member },
        filters: { workingHours: 'ignore', capacity: false },
      },
    ],
    otherwise: { kind: 'pool', key: 'china' },
  });
  const body = { key: campaign, name: campaign, draft: draft(wang.id), position: -1 };
  const { id } = await ok(admin.post<{ id: number }>('/api/console/routing-policies', body));
  await ok(admin.post(`/api/console/routing-policies/${id}/publish`, {}));
  await ok(admin.put(`/api/console/routing-policies/${id}`, { draft: draft(li.id) }));
  const page = await openAs('admin');
  await go(page, `/setup/open/routing-policies/${id}`);
  const panel = page.getByRole('region', { name: 'Silent run' });
  await panel.getByLabel('Days').fill('7');
  await panel.getByRole('button', { name: 'Run the draft silently' }).click();
  await expect(panel.getByText('Nothing has been decided yet.')).toBeVisible();
  const lead = someone('Silent', { campaign });
  await ok(admin.post('/api/capture/demo-website', [lead]));
  await page.reload();
  await expect(panel.getByText('100 % of 1 decision would have been different.')).toBeVisible();
  await panel.getByRole('button', { name: /To somebody else/ }).click();
  const row = page.getByRole('dialog').getByRole('row').filter({ hasText: lead.name });
  await expect(row.getByRole('cell').nth(1)).toHaveText(wang.name);
  await expect(row.getByRole('cell').nth(2)).toHaveText(li.name);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await panel.getByRole('button', { name: 'End the run' }).click();
  await expect(panel.getByRole('button', { name: 'Run the draft silently' })).toBeVisible();
  await ok(admin.delete(`/api/console/routing-policies/${id}`));
});

test('a kind that cannot run silently says why, and a stage graph shows what it would move', async ({ openAs }) => {
  const [graph] = await ok(as('admin').get<{ id: number }[]>('/api/console/lifecycles'));
  const page = await openAs('admin');
  await go(page, `/setup/lifecycle/${graph!.id}`);
  await expect(page.getByRole('region', { name: 'Silent run' })).toContainText('Stages are moved by people who see them');
  await expect(page.getByRole('region', { name: 'What it would do' })).toContainText('The product would move by itself');
});

test('a new field is put on the form when it is made, is filled in there and stands on the page', async ({ openAs }) => {
  const admin = as('admin');
  const tag = stamp();
  const form = await ok(
    admin.post<{ id: number }>('/api/console/layouts', {
      resource: 'accounts',
      view: 'form',
      role: null,
      body: {
        sections: [
          { key: 'main', label: { zh: '公司', en: 'Company' }, fields: ['name', 'city'] },
          { key: 'more', label: { zh: '更多', en: 'More facts' }, fields: ['website'] },
        ],
      },
    }),
  );
  const page = await openAs('admin');
  await go(page, '/setup/fields');
  await page.getByRole('tab', { name: 'Accounts' }).click();
  await page.getByRole('button', { name: 'New field' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/中文/).first().fill(`等级${tag}`);
  await dialog
    .getByLabel(/English/)
    .first()
    .fill(`Tier ${tag}`);
  await expect(dialog.getByRole('checkbox', { name: 'Form of everybody' })).toBeChecked();
  await dialog.getByRole('combobox', { name: 'Section' }).last().click();
  await page.getByRole('option', { name: 'Company', exact: true }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  const { body } = await ok(admin.get<{ body: { sections: { fields: string[] }[] } }>(`/api/console/layouts/${form.id}`));
  expect(body.sections[0]?.fields).toHaveLength(3);
  const account = await ok(admin.post<{ id: number }>('/api/console/accounts', { name: `Tiered ${tag}` }));
  await go(page, `/accounts/${account.id}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel(`Tier ${tag}`).fill('gold');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('region', { name: 'Details' })).toContainText('gold');
  await ok(admin.delete(`/api/console/layouts/${form.id}`));
});

test('two accounts of one company become one after a look at what moves, and are taken apart again', async ({ openAs }) => {
  const admin = as('admin');
  const tag = stamp();
  const make = (name: string, more: Record<string, unknown> = {}) =>
    ok(admin.post<{ id: number }>('/api/console/accounts', { name, ...more }));
  const kept = await make(`Keep ${tag}`, { city: 'Suzhou' });
  const other = await make(`Keep ${tag} Ltd`, { city: 'Wuxi', industry: 'Robots' });
  const lead = await newLead(someone('Merged', { company: '' }));
  await ok(admin.post('/api/console/leads/accept-account', { ids: [lead.id], account: other.id }));
  const page = await openAs('admin');
  await go(page, `/accounts/${kept.id}`);
  await page.getByRole('button', { name: 'Merge' }).click();
  const dialog = page.getByRole('dialog');
  const search = dialog.getByRole('combobox', { name: 'Accounts that are the same company' });
  await search.fill(`Keep ${tag} L`);
  const found = page.getByRole('option', { name: `Keep ${tag} Ltd` });
  await expect(found).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(search).toHaveValue(`Keep ${tag} L`);
  await found.click();
  await expect(dialog.getByRole('status')).toContainText('1 leads');
  await dialog.getByRole('radio', { name: 'City: Wuxi' }).check();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details).toContainText('Wuxi');
  await expect(details).toContainText('Robots');
  await expect(page.getByRole('link', { name: new RegExp(lead.name) })).toBeVisible();
  await page.getByRole('region', { name: 'Merged into this account' }).getByRole('button', { name: 'Take out again' }).click();
  await expect(details).toContainText('Suzhou');
  await expect(details).not.toContainText('Robots');
  await expect(page.getByText('No lead belongs to this company.')).toBeVisible();
});

test('a day is typed or picked in the language of the console, not of the browser', async ({ openAs }) => {
  const page = await openAs('admin', { locale: 'zh' });
  await go(page, '/setup/audit');
  const from = page.getByLabel('起始日期');
  await from.fill('2026/3/6');
  await from.blur();
  await expect(from).toHaveValue('2026年3月6日');
  await page.getByRole('button', { name: '打开日历' }).first().click();
  await expect(page.getByText('2026年3月', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: '2026年3月12日' }).click();
  await expect(from).toHaveValue('2026年3月12日');
  await from.fill('31');
  await expect(page.getByText('这不是日期，请写成 2026-03-06。')).toBeVisible();
});

test('a role says how many contacts may be revealed a day and to whom leads may be given', async ({ openAs }) => {
  const admin = as('admin');
  const key = `trainee-${stamp()}`;
  const role = await ok(
    admin.post<{ id: number }>('/api/console/roles', {
      key,
      label: { zh: '实习生', en: `Trainee ${key}` },
      resources: { leads: { read: ['all'], assign: ['all'] }, members: { read: ['all'] } },
      fields: { leads: { '*': 'read' }, members: { '*': 'read' } },
    }),
  );
  const page = await openAs('admin');
  await go(page, '/setup/roles');
  await page.getByText(`Trainee ${key}`).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Contacts shown per day').fill('3');
  await dialog.getByRole('button', { name: 'Give leads to' }).click();
  await page.getByRole('menuitem', { name: /^team Records/ }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  expect(await ok(admin.get<object>(`/api/console/roles/${role.id}`))).toMatchObject({
    revealPerDay: 3,
    resources: { members: { read: ['all'], receive: ['team'] } },
  });
});

test('the page of rights says why somebody sees a lead, and seeing as a role shows no more than the role', async ({ openAs }) => {
  const wang = await memberOf('wang');
  const lead = await newLead(someone('Why'));
  await ok(as('admin').post('/api/console/leads/assign', { ids: [lead.id], owner: wang.id }));
  const page = await openAs('admin');
  await go(page, '/setup/access');
  await page.getByRole('combobox', { name: 'Person' }).fill(wang.name);
  await page
    .getByRole('option', { name: new RegExp(wang.name) })
    .first()
    .click();
  await expect(page.getByText('Sales').first()).toBeVisible();
  await go(page, '/setup/roles');
  await page.getByText('Marketing', { exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Look as this role' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Marketing' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Pool rules' })).toBeHidden();
});
