import { TWO_SIDES_CONTRACT } from '../../plugins/lead-sla/contracts/templates';
import { as, expect, go, ok, someone, test } from './support';

interface Policy {
  readonly id: number;
  readonly key: string;
}

const policyId = async (resource: string, key: string): Promise<number> => {
  const rows = await ok(as('admin').get<Policy[]>(`/api/console/${resource}?range=[0,99]`));
  const found = rows.find((row) => row.key === key);
  if (!found) throw new Error(`There is no ${key}.`);
  return found.id;
};

test('a contract is written, signed by both sides in the app, and only then in force', async ({ openAs }) => {
  // Two browsers, and files set in Chinese.
  test.setTimeout(150_000);
  const key = `both-${Date.now().toString(36)}`;
  const { handOff: _none, ...body } = TWO_SIDES_CONTRACT;
  const { id } = await ok(
    as('admin').post<Policy>('/api/console/sla-contracts', { key, name: 'Agreement of both', draft: { ...body, calendar: 'shanghai' } }),
  );
  await ok(as('admin').post(`/api/console/sla-contracts/${id}/publish`, { note: 'first' }));

  const mia = await openAs('mia');
  await go(mia, `/sla/contracts/${id}`);
  await expect(mia.getByRole('heading', { name: 'Service level agreement of marketing and sales' })).toBeVisible();
  await expect(mia.getByText('Waits for signatures')).toBeVisible();
  await mia.getByRole('button', { name: 'Sign for Marketing' }).click();
  await mia.getByRole('dialog').getByRole('button', { name: 'Sign for Marketing' }).click();
  await expect(mia.getByRole('dialog')).toBeHidden();
  await expect(mia.getByRole('button', { name: /Sign for/ })).toHaveCount(0);

  const manager = await openAs('manager');
  await go(manager, `/sla/contracts/${id}`);
  await manager.getByRole('button', { name: 'Sign for Sales' }).click();
  await manager.getByRole('dialog').getByRole('button', { name: 'Sign for Sales' }).click();
  await expect(manager.getByText('In force', { exact: true })).toBeVisible();
  for (const [item, name] of [
    ['PDF, both languages', `${key}-v1-both.pdf`],
    ['PDF, Chinese', `${key}-v1-zh.pdf`],
    ['Markdown', `${key}.md`],
  ] as const) {
    await manager.getByRole('button', { name: 'Download' }).click();
    const [file] = await Promise.all([manager.waitForEvent('download'), manager.getByRole('menuitem', { name: item }).click()]);
    expect(file.suggestedFilename()).toBe(name);
  }
  await ok(as('admin').delete(`/api/console/sla-contracts/${id}`));
});

test('the score card shows both sides, and a number opens its rows', async ({ openAs }) => {
  const page = await openAs('manager');
  await go(page, '/sla/scorecard');
  await page.getByRole('combobox', { name: /^Period/ }).click();
  await page.getByRole('option', { name: 'This quarter' }).click();
  await expect(page.getByRole('region', { name: 'By holder' })).toBeVisible();
  const missed = page.getByRole('region', { name: 'By promise' }).getByRole('row').last().getByRole('cell').nth(3).getByRole('link');
  const count = Number(await missed.textContent());
  expect(count).toBeGreaterThan(0);
  await missed.click();
  await expect(page.getByText('Rows behind a number')).toBeVisible();
  // The title line: its words and how many rows there are.
  await expect(page.getByRole('heading', { name: 'Deadlines', level: 1 }).locator('xpath=../..')).toHaveText(`Deadlines${count}`);
});

test('a calendar is changed on its year, with a look at what moves before it does', async ({ openAs }) => {
  await ok(as('admin').post('/api/console/leads', someone('Cal')));
  const page = await openAs('admin');
  await go(page, `/setup/calendars/${await policyId('calendars', 'shanghai')}`);
  const { now } = await ok(as('admin').get<{ now: string }>('/api/console/ping'));
  const day = new Date(Date.parse(now) + 86_400_000 * 2).toISOString().slice(0, 10);
  const cell = page.getByRole('button', { name: new RegExp(`^${day} ·`) });
  await expect(cell).toBeVisible({ timeout: 30_000 });
  await cell.click();
  await expect(page.getByRole('button', { name: new RegExp(`^${day} · (Closed by you|Make-up working day)`) })).toBeVisible();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByRole('button', { name: 'Publish…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/\d+ deadlines run by this calendar/)).toBeVisible();
  await expect(dialog.getByText('Plan what is to come again').first()).toBeVisible();
  await dialog.getByLabel('Why is it changed?').fill('a day off');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
});
