import type { Page } from '@playwright/test';
import { expect, go, newLead, someone, test } from './support';
import { leadsIn, newPool, only, tag } from './pools-support';

/** What the page asks the server for from now on: the value of this filter in every question about leads. */
const asked = (page: Page, key: string): unknown[] => {
  const values: unknown[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (request.method() !== 'GET' || pathname !== '/api/console/leads') return;
    values.push((JSON.parse(searchParams.get('filter') ?? '{}') as Record<string, unknown>)[key]);
  });
  return values;
};

/** The browser's own time stands still from here on, and passes only when it is told to. */
const standStill = async (page: Page): Promise<void> => page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);

test('a text filter asks when the text rests, at once with Enter, and for what was typed last when its window is closed', async ({
  openAs,
}) => {
  const city = `Ulm${tag}`;
  await newLead(someone('Rest', { city }));
  const page = await openAs('admin');
  await page.clock.install();
  await go(page, '/leads');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('menuitem', { name: 'City' }).click();
  const field = page.getByRole('textbox', { name: 'Contains' });
  await expect(field).toBeFocused();
  const questions = asked(page, 'city_like');
  await standStill(page);

  await field.pressSequentially('Ulm');
  await page.clock.runFor(250);
  await field.pressSequentially(tag.slice(0, 2));
  await page.clock.runFor(250);
  expect(questions).toEqual([]);
  await page.clock.runFor(100);
  await expect.poll(() => questions).toEqual([`Ulm${tag.slice(0, 2)}`]);

  await field.pressSequentially(tag.slice(2));
  await field.press('Enter');
  await page.clock.runFor(50);
  await expect.poll(() => questions).toEqual([`Ulm${tag.slice(0, 2)}`, city]);

  await field.pressSequentially('x');
  await field.press('Escape');
  await page.clock.resume();
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  expect(questions).toEqual([`Ulm${tag.slice(0, 2)}`, city, `${city}x`]);
});

test('the ends of a number filter ask once for each, and leaving one asks at once', async ({ openAs }) => {
  const page = await openAs('admin');
  await page.clock.install();
  await go(page, '/leads');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('menuitem', { name: 'Employees' }).click();
  const questions = asked(page, 'employees_gte');
  await standStill(page);
  await page.getByRole('spinbutton', { name: 'At least' }).pressSequentially('1200');
  await page.getByRole('spinbutton', { name: 'At most' }).focus();
  await page.clock.runFor(50);
  await expect.poll(() => questions).toEqual([1200]);
  await page.clock.resume();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Employees: ≥ 1200/ })).toBeVisible();
});

test('a word that an input method still spells out is not searched for', async ({ openAs }) => {
  const name = `线索${tag}`;
  const lead = await newLead(someone('Spelt', { name }));
  const page = await openAs('admin');
  await page.clock.install();
  await go(page, '/leads');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  const questions = asked(page, 'q');
  const search = page.getByRole('main').getByRole('searchbox');
  await search.focus();
  await standStill(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: "xian'suo", selectionStart: 8, selectionEnd: 8 });
  await expect(search).toHaveValue("xian'suo");
  await page.clock.runFor(1000);
  expect(questions).toEqual([]);
  await session.send('Input.insertText', { text: name });
  await page.clock.runFor(350);
  await expect.poll(() => questions).toEqual([name]);
  await page.clock.resume();
  await expect(page.getByRole('row').filter({ hasText: lead.name })).toBeVisible();
});

test('the search of a pool asks once for a word and shows only what it found', async ({ openAs }) => {
  const pool = await newPool('resting', { kind: 'claimable', members: await only(['li']) });
  const [first, second] = await leadsIn(pool.id, 'Resting', 2);
  const page = await openAs('li');
  await page.clock.install();
  await go(page, `/pools?pool=${pool.id}`);
  await expect(page.getByText(first!.name)).toBeVisible();
  const questions = asked(page, 'q');
  await standStill(page);
  await page.getByRole('searchbox', { name: 'Search in the pool' }).pressSequentially(second!.name);
  await page.clock.runFor(350);
  await expect.poll(() => questions).toEqual([second!.name]);
  await page.clock.resume();
  await expect(page.getByText(second!.name)).toBeVisible();
  await expect(page.getByText(first!.name)).toBeHidden();
});
