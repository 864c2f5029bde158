import type { Locator, Page } from '@playwright/test';
import { as, coldLeads, expect, go, leadOf, memberOf, ok, someone, test } from './support';

/** Everything one does all day, without the mouse: what each key does, and that none does it while somebody writes. */
interface LeadRow {
  readonly owner: number | null;
  readonly stage: string;
  readonly industry: string | null;
}
const lead = async (id: number): Promise<LeadRow> => {
  const { owner, stage, industry } = await ok(as('admin').get<LeadRow>(`/api/console/leads/${id}`));
  return { owner, stage, industry };
};
const filtered = (mark: string): string => `/leads?filter=${encodeURIComponent(JSON.stringify({ q: mark }))}`;
const dialogOf = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name });

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** A dialog that a key opened, closed again with Escape; where a list is open in it, the first one closes the list. */
async function opensDialog(page: Page, key: string, name: string | RegExp): Promise<void> {
  await page.keyboard.press(key);
  await expect(dialogOf(page, name)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(async () => {
    if ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
}

test('in the list of leads every key the help names does what the help says', async ({ openAs }) => {
  const mark = `Keys${Date.now().toString(36)}`;
  const [first, second] = [await leadOf('manager', someone(mark)), await leadOf('manager', someone(mark))];
  const page = await openAs('manager');
  await go(page, filtered(mark));
  await expect(page.getByRole('row')).toHaveCount(3);

  await page.keyboard.press('?');
  const help = dialogOf(page, 'Keyboard shortcuts');
  const named = await help.locator('kbd').allTextContents();
  const pressed = ['j', 'k', 'Enter', 'x', 'l', 'c', 'm', 'n', 'e', 's', 'a', 'r', 'z', 'g h', 'g w', 'g l', 'g p', '/', '?', 'd'];
  expect([...named].sort()).toEqual([...pressed].filter((key) => named.includes(key)).sort());
  expect(named.length).toBeGreaterThanOrEqual(18);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();

  // Move, open, come back.
  const current = page.locator('tr[aria-selected="true"], tr[aria-current="true"], tr.Mui-selected').first();
  await press(page, 'j', 'j', 'k');
  const name = (await page.getByRole('row').nth(1).textContent())?.includes(second.name) ? second.name : first.name;
  await expect(current).toContainText(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('row')).toHaveCount(3);

  // Log a call, a mail, a note.
  await page.keyboard.press('j');
  for (const [key, kind] of [
    ['c', 'Call'],
    ['m', 'Mail'],
    ['n', 'Note'],
  ] as const) {
    await page.keyboard.press(key);
    const log = dialogOf(page, /^Log: /);
    await expect(log.getByRole('button', { name: kind, exact: true })).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }

  // Tick both; the keys for what is ticked ask first.
  await press(page, 'x', 'j', 'x');
  await expect(page.getByText('2 selected')).toBeVisible();
  await opensDialog(page, 'e', /2 leads/);
  await opensDialog(page, 's', /2 leads/);
  await opensDialog(page, 'a', /2 leads/);
  await opensDialog(page, 'r', /2 leads/);
  await opensDialog(page, 'd', /taken/i);

  // Change and take back.
  await page.keyboard.press('e');
  const edit = page.getByRole('dialog');
  await edit.getByRole('combobox', { name: 'Field' }).fill('Industry');
  await page.getByRole('option', { name: 'Industry' }).click();
  await edit.getByLabel('Industry', { exact: true }).fill('Glass');
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 leads changed')).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByText('Taken back for 2 leads')).toBeVisible();
  expect((await lead(first.id)).industry).not.toBe('Glass');

  for (const [key, path] of [
    ['h', '/home'],
    ['w', '/work'],
    ['p', '/pools'],
    ['l', '/leads'],
  ] as const) {
    await press(page, 'g', key);
    await expect(page).toHaveURL(new RegExp(`${path}(\\?|$|#)`));
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  }
});

test('l claims the lead under the cursor', async ({ openAs }) => {
  const [cold] = await coldLeads(`Claim${Date.now().toString(36)}`, 1);
  const page = await openAs('wang');
  await go(page, `/leads?filter=${encodeURIComponent(JSON.stringify({ id: [cold!.id] }))}`);
  await expect(page.getByRole('row')).toHaveCount(2);
  await press(page, 'j', 'l');
  const me = await memberOf('wang');
  await expect.poll(async () => (await lead(cold!.id)).owner).toBe(me.id);
});

test('in My work the keys act on the item under the cursor', async ({ openAs }) => {
  const { name } = await leadOf('wang', someone('Keyed'));
  const page = await openAs('wang');
  await go(page, '/work');
  await expect(page.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  const current = page.getByRole('listitem').and(page.locator('[aria-current="true"]'));
  const top = await current.textContent();
  await page.keyboard.press('j');
  await expect(current).not.toHaveText(top ?? '');
  await page.keyboard.press('k');
  await expect(current).toHaveText(top ?? '');
  await opensDialog(page, 'c', /^Log: /);
  await opensDialog(page, 'm', /^Log: /);
  await opensDialog(page, 'n', /^Log: /);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/leads\/\d+/);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
});

test('no key fires while somebody writes: every letter lands in the field and nothing else happens', async ({ openAs }) => {
  const mark = `Typing${Date.now().toString(36)}`;
  const only = await leadOf('manager', someone(mark));
  const before = await lead(only.id);
  const page = await openAs('manager');
  await go(page, filtered(mark));
  await expect(page.getByRole('row')).toHaveCount(2);
  await press(page, 'j', 'x');
  await expect(page.getByText('1 selected')).toBeVisible();
  const letters = 'jkxesarzlcmndghglgwgp?';
  // In the search of the top bar, reached by its key; in the search of the list; in a dialog.
  await page.keyboard.press('/');
  const search = page.getByRole('search').getByRole('searchbox').or(page.getByRole('search').getByRole('textbox')).first();
  await expect(search).toBeFocused();
  await page.keyboard.type(letters);
  await expect(search).toHaveValue(letters);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText('1 selected')).toBeVisible();
  await search.fill('');
  await search.blur();

  await page.keyboard.press('a');
  const note = dialogOf(page, 'Assign this lead').getByLabel('Note');
  await note.fill('');
  await page.keyboard.type(letters);
  await expect(note).toHaveValue(letters);
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await expect(page).toHaveURL(/\/leads\?/);
  expect(await lead(only.id)).toEqual(before);

  // With a modifier held a key is the browser's.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Alt+e');
  await page.keyboard.press('Control+e');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a change is shown at once, and is gone again when the server refuses it or cannot be reached', async ({ openAs }) => {
  const { id } = await leadOf('wang', someone('AtOnce'));
  const was = await lead(id);
  const page = await openAs('wang');
  await go(page, `/leads/${id}`);
  const stage = page
    .getByRole('button', { name: 'Move to another stage' })
    .or(page.getByRole('button', { name: /stage/i }))
    .first();
  const shown = (await stage.textContent()) ?? '';
  for (const answer of ['refused', 'unreachable'] as const) {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/console/leads/stage', async (route) => {
      await held;
      if (answer === 'unreachable') return route.abort();
      const error = { status: 409, name: 'ConflictError', message: 'Changed.', details: { code: 'STALE' } };
      return route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify({ data: null, error }) });
    });
    await stage.click();
    const move = page.getByRole('menuitem').first();
    await move.click();
    await expect(stage).not.toHaveText(shown);
    release();
    await expect(page.getByRole('alert').first()).toBeVisible();
    await expect(stage).toHaveText(shown);
    await page.unroute('**/api/console/leads/stage');
    await page.reload();
    await expect(stage).toHaveText(shown);
  }
  expect(await lead(id)).toEqual(was);
});
