import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { as, expect, go, memberOf, newLead, ok, someone, test, type Look } from './support';

const tag = Date.now().toString(36);
const campaign = `table-${tag}`;
const folder = path.resolve(__dirname, '../../test-results/look');
const scope = { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: campaign }] };
const label = { zh: '按省份', en: 'By province' };

let policyId = 0;

/** A policy for the leads of this run, in front of all others, with an empty table. */
test.beforeAll(async () => {
  const draft = {
    when: scope,
    rules: [{ key: 'province', label, destination: { kind: 'table', columns: ['lead.province'], hit: 'first', rows: [] } }],
    otherwise: { kind: 'pool', key: 'china' },
  };
  const body = { key: campaign, name: `Provinces ${tag}`, position: -1, draft };
  policyId = (await ok(as('admin').post<{ id: number }>('/api/console/routing-policies', body))).id;
});

const shot = async (page: Page, name: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
};

async function openRule(page: Page): Promise<void> {
  await go(page, `/setup/routing/${policyId}`);
  await page
    .getByRole('button', { name: /By province|按省份/ })
    .first()
    .click();
  await expect(page.getByRole('combobox', { name: /Columns|列/ })).toBeVisible();
}

test.describe.serial('a decision table', () => {
  test('is filled from CSV, edited, checked, published, and gives leads to the people of its rows', async ({ openAs }) => {
    const [wang, li] = [await memberOf('wang'), await memberOf('li')];
    const page = await openAs('admin');
    await openRule(page);
    const csv = 'lead.province,to\n浙江|江苏,member:wang@demo.leadsea.local\n广东,nowhere\n';
    await page.locator('input[type=file]').setInputFiles({ name: 'provinces.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await expect(page.getByText('1 row read. Save the draft to keep it.')).toBeVisible();
    await expect(page.getByText(/Line 3: the last cell must be like team:east/)).toBeVisible();
    await page.getByRole('button', { name: 'Row', exact: true }).click();
    await page.getByLabel('Province 2').fill('上海');
    const destination = page.getByRole('row', { name: /^2/ }).getByRole('combobox', { name: 'Goes to' });
    await destination.fill(li.name);
    await page.getByRole('option', { name: li.name }).first().click();
    // A block copied from a spreadsheet: two rows from this cell on, the last with its destination.
    await page.getByLabel('Province 2').evaluate((cell) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '上海\r\n湖北\tpool:china\r\n');
      cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await expect(page.getByLabel('Province 3')).toHaveValue('湖北');
    await expect(page.getByText('2 rows read. Save the draft to keep them.')).toBeVisible();
    await shot(page, 'routing-table-en');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await expect(page.getByText('Draft saved')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Check' })).not.toContainText('no rows');
    await ok(as('admin').post(`/api/console/routing-policies/${policyId}/publish`, { note: 'Provinces' }));
    const east = await newLead(someone('Zhejiang', { campaign, province: '浙江' }));
    const city = await newLead(someone('Shanghai', { campaign, province: '上海' }));
    const owner = async (id: number): Promise<number | null> =>
      (await ok(as('admin').get<{ owner: number | null }>(`/api/console/leads/${id}`))).owner;
    expect([await owner(east.id), await owner(city.id)]).toEqual([wang.id, li.id]);
  });

  test('tells in the simulator where a lead with changed values would go, and writes nothing', async ({ openAs }) => {
    const lead = await newLead(someone('Simulated', { campaign, province: '浙江' }));
    const li = await memberOf('li');
    const page = await openAs('admin');
    await go(page, `/setup/routing/${policyId}`);
    const panel = page.getByRole('region', { name: 'Try it with a lead' });
    await panel.getByRole('combobox', { name: 'Lead' }).fill(lead.name);
    await page.getByRole('option', { name: new RegExp(lead.name) }).click();
    await panel.getByRole('button', { name: 'Change a value' }).click();
    await panel.getByRole('combobox', { name: 'Field' }).fill('Province');
    await page.getByRole('option', { name: 'Province', exact: true }).click();
    await panel.getByLabel('Value', { exact: true }).fill('上海');
    await panel.getByRole('button', { name: 'Try', exact: true }).click();
    await expect(panel).toContainText(`By the rule “By province” it went to ${li.name}`);
    const wang = await memberOf('wang');
    const after = await ok(as('admin').get<{ owner: number; province: string }>(`/api/console/leads/${lead.id}`));
    expect(after).toMatchObject({ owner: wang.id, province: '浙江' });
    const back = page.getByRole('region', { name: 'Back-test' });
    await back.getByRole('button', { name: 'Replay' }).click();
    await expect(back).toContainText(/leads? replayed/);
    await expect(back).toContainText(/would have gone/);
    await expect(back).toContainText(li.name);
    await shot(page, 'routing-tools-en');
  });
});

test('the monitor shows a lead nobody could take, with the reason, and routes it again', async ({ openAs }) => {
  const none = `none-${tag}`;
  const mine = { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: none }] };
  const people = { kind: 'member', email: 'wang@demo.leadsea.local' };
  const zero = { ...people, kind: 'member' };
  const rules = [
    {
      key: 'wait',
      label,
      destination: zero,
      filters: { capacity: false },
      periodCap: { per: 'day', max: 0 },
      onEmpty: 'hold',
      holdSeconds: 86_400,
    },
  ];
  const draft = { when: mine, rules, otherwise: { kind: 'pool', key: 'china' } };
  const { id } = await ok(
    as('admin').post<{ id: number }>('/api/console/routing-policies', { key: none, name: `Nobody ${tag}`, position: -2, draft }),
  );
  await ok(as('admin').post(`/api/console/routing-policies/${id}/publish`, { note: 'Nobody' }));
  const lead = await newLead(someone('Waiting', { campaign: none }));
  const page = await openAs('admin');
  await go(page, '/routing/monitor');
  await page.getByRole('tab', { name: /Waiting/ }).click();
  const row = page.getByRole('row', { name: new RegExp(lead.name) });
  await expect(row).toContainText('Waiting; tried again by');
  await expect(row).toContainText('has reached the cap of the period (1)');
  await shot(page, 'routing-monitor-en');
  // What is looked at is there again on the way back from a lead.
  await row.getByRole('link', { name: lead.name }).click();
  await expect(page).toHaveURL(new RegExp(`/leads/${lead.id}`));
  await page.goBack();
  await expect(page.getByRole('tab', { name: /Waiting/, selected: true })).toBeVisible();
  await expect(row).toContainText('Waiting; tried again by');
  await ok(as('admin').put(`/api/console/routing-policies/${id}`, { draft: { ...draft, rules: [{ ...rules[0], periodCap: null }] } }));
  await ok(as('admin').post(`/api/console/routing-policies/${id}/publish`, { note: 'Somebody' }));
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Route 1 again' }).click();
  const preview = page.getByRole('dialog', { name: 'Who would get them' });
  await expect(preview.getByRole('row')).toContainText((await memberOf('wang')).name);
  await shot(page, 'routing-preview-en');
  expect((await ok(as('admin').get<{ owner: number | null }>(`/api/console/leads/${lead.id}`))).owner).toBeNull();
  await preview.getByRole('button', { name: 'Route them' }).click();
  await expect(page.getByText('1 lead routed again')).toBeVisible();
  await expect(row).toBeHidden();
  await page.getByRole('tab', { name: /Routed/ }).click();
  await expect(page.getByRole('row', { name: new RegExp(lead.name) })).toContainText('By the rule “By province”');
});

test('“Why (not) me?” tells a rep why he did not get a lead, and an offer can be refused', async ({ openAs }) => {
  const offered = `offer-${tag}`;
  const draft = {
    when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: offered }] },
    rules: [
      {
        key: 'both',
        label: { zh: '两人轮流', en: 'Both in turn' },
        destination: { kind: 'group', members: [{ member: 'wang@demo.leadsea.local' }, { member: 'li@demo.leadsea.local' }] },
        filters: { capacity: false },
      },
    ],
    otherwise: { kind: 'pool', key: 'china' },
    acceptance: { mode: 'required', acceptSeconds: 3600, rejectSeconds: 7200 },
  };
  const { id } = await ok(
    as('admin').post<{ id: number }>('/api/console/routing-policies', { key: offered, name: `Offer ${tag}`, position: -3, draft }),
  );
  await ok(as('admin').post(`/api/console/routing-policies/${id}/publish`, { note: 'Offers' }));
  const lead = await newLead(someone('Offered', { campaign: offered }));
  const [wang, li] = [await memberOf('wang'), await memberOf('li')];
  const { owner } = await ok(as('admin').get<{ owner: number }>(`/api/console/leads/${lead.id}`));
  const holder = owner === wang.id ? 'wang' : 'li';
  const other = owner === wang.id ? li : wang;
  const page = await openAs(holder);
  await go(page, `/leads/${lead.id}`);
  await expect(page.getByText(/This lead waits for your answer until/)).toBeInViewport();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toBeInViewport();
  await shot(page, 'routing-offer-en-390');
  await page.setViewportSize({ width: 1280, height: 720 });
  await shot(page, 'routing-offer-en');
  await page.getByRole('button', { name: 'Refuse' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Why?' }).click();
  await page.getByRole('option', { name: 'Conflict of interest' }).click();
  await dialog.getByRole('button', { name: 'Refuse' }).click();
  await expect(page.getByText('Refused; it goes to somebody else.')).toBeVisible();
  expect((await ok(as('admin').get<{ owner: number }>(`/api/console/leads/${lead.id}`))).owner).toBe(other.id);
  // He sees the lead no longer; the manager does, and so does a rep whose pool it was.
  const manager = await openAs('manager');
  await go(manager, `/leads/${lead.id}`);
  await manager.getByRole('button', { name: 'Why this owner?' }).click();
  const holding = manager.getByRole('region', { name: 'Ownership' });
  await expect(holding).toContainText('Refused it for a conflict of interest');
  await expect(holding).not.toContainText('It has changed hands since');
  await expect(holding.getByRole('alert')).toContainText('Why (not) me? You are not among the people of the rule “Both in turn”');
  await shot(manager, 'routing-why-en');
  await ok(as('admin').post('/api/console/leads/assign', { ids: [lead.id], owner }));
  await manager.reload();
  await manager.getByRole('button', { name: 'Why this owner?' }).click();
  await expect(holding).toContainText('It has changed hands since');
});

for (const look of [
  { locale: 'zh', viewport: { width: 1440, height: 900 } },
  { locale: 'zh', viewport: { width: 390, height: 844 } },
  { locale: 'en', theme: 'dark', viewport: { width: 1440, height: 900 } },
] as const satisfies readonly Look[]) {
  const name = `${look.locale}-${look.viewport.width}`;
  test(`routing pages look right: ${name}`, async ({ openAs }) => {
    const page = await openAs('admin', look);
    for (const [title, at] of [
      ['monitor', '/routing/monitor'],
      ['fairness', '/routing/fairness'],
      ['policy', `/setup/routing/${policyId}`],
    ] as const) {
      await go(page, at);
      if (title === 'policy') await openRule(page);
      await page.waitForTimeout(400);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await shot(page, `routing-${title}-${name}`);
      expect(wider).toBeLessThanOrEqual(0);
      await expect(page.getByText(/\b(routing|setup)\.[a-z]+\.[a-zA-Z.]+/)).toHaveCount(0);
    }
  });
}

test('a ranking and a destination of an implementer’s plugin are set by forms in words; an exception shows what holds anyway', async ({
  openAs,
}) => {
  const key = `acme-${tag}`;
  const named = { zh: '杭州办公室', en: 'The office' };
  const rule = {
    key: 'office',
    label: named,
    destination: { kind: 'custom', type: 'acme-office', params: {} },
    ranking: 'custom:acme-veterans',
  };
  const draft = {
    when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: key }] },
    sticky: { accountOwner: true, previousOwnerDays: 14, bySource: [{ sources: ['partner'] }] },
    rules: [rule],
    otherwise: { kind: 'pool', key: 'china' },
  };
  const { id } = await ok(as('admin').post<{ id: number }>('/api/console/routing-policies', { key, name: key, position: -2, draft }));
  const page = await openAs('admin');
  await go(page, `/setup/routing/${id}`);
  await page.getByRole('button', { name: /The office/ }).click();
  await page.getByRole('combobox', { name: 'What is compared' }).click();
  await expect(page.getByRole('option')).toHaveText(['Product and industry', 'Product only', 'Industry only']);
  await page.getByRole('option', { name: 'Product only' }).click();
  await page.getByRole('button', { name: 'partner' }).click();
  const account = page.getByRole('combobox', { name: 'The owner of the account gets it' });
  await expect(account).toHaveText('As for all sources (On)');
  await expect(page.getByPlaceholder('As for all sources (14)')).toHaveValue('');
  await account.click();
  await page.getByRole('option', { name: 'Off' }).click();
  await shot(page, 'routing-extension-en');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('Draft saved')).toBeVisible();
  const saved = await ok(as('admin').get<{ draft: typeof draft & { rules: unknown[] } }>(`/api/console/routing-policies/${id}`));
  expect(saved.draft.rules[0]).toMatchObject({ ranking: 'custom:acme-veterans', rankingParams: { looksAt: 'product' } });
  expect(saved.draft.sticky.bySource).toEqual([{ sources: ['partner'], accountOwner: false }]);
});
