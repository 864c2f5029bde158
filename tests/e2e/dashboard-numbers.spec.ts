import type { Locator, Page } from '@playwright/test';
import { expect, go, leadOf, memberOf, as, ok, someone, test, type Name } from './support';

const NUMBER = /^(.+): ([\d,]+)$/;
/** Every number of a widget that can be opened. */
const numbersOf = (page: Page, widget: string): Locator =>
  page
    .getByRole('region', { name: widget, exact: true })
    .locator('a[aria-label], button[aria-label]')
    .filter({ hasText: /^[\d,]+$/ });
const asNumber = (text: string | null | undefined): number => Number((text ?? '').replace(/,/g, ''));

/** What a list says of itself at its foot. */
async function totalOfList(page: Page): Promise<number> {
  const foot = page.getByText(/^\d[\d,]*-\d[\d,]* of [\d,]+$/);
  await expect(foot).toBeVisible();
  return asNumber(/of ([\d,]+)$/.exec((await foot.textContent()) ?? '')?.[1]);
}

/** The dashboard with all its numbers there. */
async function dashboard(page: Page, widgets: readonly string[]): Promise<void> {
  await expect(page).toHaveURL(/\/home/);
  for (const widget of widgets) await expect(numbersOf(page, widget).first()).toBeVisible();
}

/**
 * Opens the numbers and holds each list against its number; where fewer rows are left, both counts are told. `columns` opens one number of each
 * name in a widget: the lines of a table differ in their rows only. Returns how many were opened.
 */
async function openAll(page: Page, widgets: readonly string[], which: 'all' | 'columns'): Promise<number> {
  let opened = 0;
  for (const widget of widgets) {
    const names = await numbersOf(page, widget).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')?.replace(/: .*/, '')));
    const chosen = names.flatMap((name, index) => (which === 'all' || names.indexOf(name) === index ? [index] : []));
    for (const index of chosen) {
      const number = numbersOf(page, widget).nth(index);
      const [, label, digits] = NUMBER.exec((await number.getAttribute('aria-label')) ?? '') ?? [];
      const value = asNumber(digits);
      await number.click();
      await expect(page).not.toHaveURL(/\/home/);
      const total = await totalOfList(page);
      if (total !== value)
        await expect(page.getByText(`The number is ${value}, the list has ${total}:`), `${widget}, ${label}`).toBeVisible();
      opened += 1;
      await page.goBack();
      await dashboard(page, widgets);
    }
  }
  return opened;
}

const choose = async (page: Page, whose: string): Promise<void> => {
  const button = page.getByRole('button', { name: whose, exact: true });
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
};

/** Two calls and a note with one lead of this person: two follow-ups of one lead. */
async function twoCalls(name: Name): Promise<void> {
  const lead = await leadOf(name, someone('Called'));
  const log = (body: object) => ok(as(name).post(`/api/console/leads/${lead.id}/activities`, body));
  await log({ kind: 'call', outcome: 'connected' });
  await log({ kind: 'call', outcome: 'no_answer' });
  await log({ kind: 'note', note: 'No follow-up' });
}

test('every number of a rep’s dashboard opens as many rows as it says; follow-ups open themselves, each once and no note', async ({
  openAs,
}) => {
  test.setTimeout(480_000);
  await twoCalls('wang');
  const page = await openAs('wang');
  await go(page, '/home');
  const widgets = ['My numbers', 'Deadlines', 'Funnel'];
  await dashboard(page, widgets);
  expect(await openAll(page, widgets, 'all')).toBeGreaterThan(15);
  const mine = page.getByRole('region', { name: 'My numbers' });
  const followUps = mine.getByRole('button', { name: /^Follow-ups: / });
  const contacted = mine.getByRole('button', { name: /^Leads contacted: / });
  expect(asNumber(await followUps.textContent())).toBeGreaterThan(asNumber(await contacted.textContent()));
  await followUps.click();
  await expect(page).toHaveURL(/\/activities/);
  await expect(page.getByRole('button', { name: new RegExp((await memberOf('wang')).name) }).first()).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'No follow-up' })).toHaveCount(0);
  // What the number left out stands in words of this list.
  for (const words of ['Kind ≠ Note', 'Automatic ≠ Yes', /^When < /]) await expect(page.getByRole('button', { name: words })).toBeVisible();
});

test('over all leads and over a team each kind of number opens its rows, a team’s deadlines and people only its own', async ({
  openAs,
}) => {
  test.setTimeout(480_000);
  await twoCalls('wang');
  const page = await openAs('manager');
  const widgets = ['Funnel', 'Deadlines', 'Pools', 'People'];
  await go(page, '/home');
  await choose(page, 'My team');
  await dashboard(page, widgets);
  expect(await openAll(page, widgets, 'columns')).toBeGreaterThan(8);
  const everybody = await openAs('admin');
  await go(everybody, '/home');
  // Which widgets somebody sees is his choice, and other tests choose.
  await everybody.getByRole('button', { name: 'Customise' }).click();
  for (const name of ['Sources', 'People']) await everybody.getByRole('checkbox', { name }).check();
  await everybody.getByRole('button', { name: 'Done' }).click();
  await dashboard(everybody, ['Sources', 'People']);
  expect(await openAll(everybody, ['Sources', 'People'], 'columns')).toBeGreaterThan(4);
});
