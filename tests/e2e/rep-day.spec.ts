import type { Locator, Page } from '@playwright/test';
import { as, coldLeads, emailOf, expect, go, leadOf, ok, PASSWORD, poolId, rowOf, someone, test } from './support';

const current = (page: Page): Locator => page.getByRole('listitem').and(page.locator('[aria-current="true"]'));

/** Presses j until the item of this person is the current one, as somebody does who goes through the list. */
async function moveTo(page: Page, name: string): Promise<void> {
  await expect(rowOf(page, name)).toBeVisible();
  const count = await page.getByRole('listitem').count();
  for (let step = 0; step < count; step += 1) {
    if ((await current(page).textContent())?.includes(name)) return;
    await page.keyboard.press('j');
  }
  await expect(current(page)).toContainText(name);
}

test('a rep signs in, sees what to do and why, and logs a call with the keyboard: the clock is met', async ({ page }) => {
  const lead = await leadOf('wang', someone('Morning'));
  await page.goto('/console/');
  await page.getByLabel('E-mail or user name').fill(emailOf('wang'));
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('User name or password is wrong.');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByRole('heading', { name: 'My work' })).toBeVisible();
  await expect(rowOf(page, lead.name)).toContainText(/First response: .+ left/);

  const first = await current(page).textContent();
  await page.keyboard.press('j');
  await expect(current(page)).not.toHaveText(first ?? '');
  await page.keyboard.press('k');
  await expect(current(page)).toHaveText(first ?? '');

  await moveTo(page, lead.name);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: `Log: ${lead.name}` });
  await expect(dialog.getByRole('button', { name: 'Call' })).toHaveAttribute('aria-pressed', 'true');
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await dialog.getByRole('radio', { name: 'Connected' }).click();
  await dialog.getByLabel('Note').fill('Wants a demo on Friday.');
  await dialog.getByRole('button', { name: 'Tomorrow' }).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Logged', { exact: true })).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, lead.name)).not.toContainText('First response');

  await rowOf(page, lead.name).getByRole('link').click();
  await expect(page.getByRole('heading', { name: lead.name })).toBeVisible();
  const deadlines = page.getByRole('region', { name: 'Deadlines' });
  await expect(deadlines).toContainText('First response');
  await expect(deadlines).toContainText('Arrival to first contact');
  await expect(deadlines.getByText('Met', { exact: true })).toHaveCount(2);
  const entry = page.getByRole('listitem').filter({ hasText: 'Follow-up · Call · Connected' });
  await expect(entry).toContainText('Wants a demo on Friday.');
  await expect(page.getByRole('region', { name: 'Ownership' })).toContainText('Next action');
});

test('in Chinese the list tells the same: 我的工作 and why', async ({ openAs }) => {
  const lead = await leadOf('wang', someone('Mittag'));
  const page = await openAs('wang', { locale: 'zh' });
  await go(page, '/work');
  await expect(page.getByRole('heading', { name: '我的工作' })).toBeVisible();
  await expect(rowOf(page, lead.name)).toContainText(/首次响应还剩/);
  await expect(rowOf(page, lead.name).getByRole('button', { name: '电话' })).toBeVisible();
});

test('claiming from the pool board takes one of what is left for today', async ({ openAs }) => {
  const [lead] = await coldLeads('Claim', 1);
  const page = await openAs('li');
  await go(page, '/pools');
  const card = page.getByRole('button', { pressed: true });
  await expect(card).toContainText('中国公海');
  const left = async (): Promise<number> => Number(/(\d+) of 20 left/.exec((await card.textContent()) ?? '')?.[1]);
  const before = await left();
  await rowOf(page, lead!.name).getByRole('button', { name: 'Claim' }).click();
  await expect(page.getByText('Lead claimed')).toBeVisible();
  await expect(rowOf(page, lead!.name)).toBeHidden();
  await expect(card).toContainText(`${before - 1} of 20 left`);
  await go(page, '/work');
  await expect(rowOf(page, lead!.name)).toBeVisible();
});

test('a claim over the limit is refused in words, with the time it resets', async ({ openAs }) => {
  const leads = await coldLeads('Limit', 20);
  const pool = await poolId('china');
  const board = await ok(as('zhang').get<{ id: number; limits: { key: string; used: number }[] }[]>('/api/console/pools/board'));
  const used = board.find((one) => one.id === pool)?.limits.find((limit) => limit.key === 'day')?.used ?? 0;
  await ok(as('zhang').post('/api/console/leads/claim', { ids: leads.slice(0, 19 - used).map((lead) => lead.id), pool }));
  const page = await openAs('zhang');
  await go(page, `/pools?pool=${pool}`);
  const card = page.getByRole('button', { pressed: true });
  await expect(card).toContainText('1 of 20 left');
  for (const place of [0, 1]) await page.getByRole('listitem').nth(place).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Claim 2', exact: true }).click();
  await expect(page.getByText('Lead claimed')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /20 of 20 claims used today\. Again from .+00:00/ })).toBeVisible();
  await expect(card).toContainText(/again \w{3} 00:00/);
  await expect(page.getByRole('listitem').getByRole('button', { name: 'Claim' })).toHaveCount(0);
});

test('who comes too late is told so, and the lead goes from the list', async ({ openAs }) => {
  const [lead] = await coldLeads('Race', 1);
  const page = await openAs('wang');
  await page.route('**/api/console/live', (route) => route.abort());
  await go(page, '/pools');
  const claim = rowOf(page, lead!.name).getByRole('button', { name: 'Claim' });
  await expect(claim).toBeEnabled();
  await ok(as('li').post('/api/console/leads/claim', { ids: [lead!.id], pool: await poolId('china') }));
  await claim.click();
  await expect(page.getByText(/The lead is no longer in this pool\.|Somebody else was faster\./).first()).toBeVisible();
  await expect(rowOf(page, lead!.name)).toBeHidden();
});

test('releasing asks for a reason and puts the lead back', async ({ openAs }) => {
  const lead = await leadOf('wang', someone('Release'));
  const page = await openAs('wang');
  await go(page, `/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Release' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release this lead to a pool' });
  await expect(dialog.getByRole('button', { name: 'Release' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'Reason' }).click();
  await page.getByRole('option', { name: 'Not interested now' }).click();
  await dialog.getByLabel('Note').fill('Next year perhaps.');
  await dialog.getByRole('button', { name: 'Release' }).click();
  await expect(page.getByText('Lead released').first()).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('中国公海').first()).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Not interested now' })).toContainText('Next year perhaps.');
  await expect(page.getByRole('button', { name: 'Release' })).toBeHidden();
});
