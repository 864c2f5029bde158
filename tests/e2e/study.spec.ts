import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { as, expect, go, ok, someone, test } from './support';

const FILE = path.resolve(__dirname, '../../../shared/data/xeducation/leads_older_70.csv');
const tag = Date.now().toString(36);
const NAME = `School ${tag}`;

interface Import {
  readonly id: number;
  readonly status: string;
  readonly mapping: readonly { readonly column: string; readonly options?: Record<string, unknown> }[];
  readonly progress: { readonly created: number; readonly failed: number };
}

test.skip(!existsSync(FILE), 'The folder ../shared/data is absent.');
test.setTimeout(400_000);

let imported = 0;
const importOf = (): Promise<Import> => ok(as('admin').get<Import>(`/api/console/imports/${imported}`));

/** A school that brings what became of 6,468 leads. */
test.beforeAll(async () => {
  test.setTimeout(240_000);
  const form = new FormData();
  form.set('options', JSON.stringify({ createFields: true, emptyValues: ['Select'] }));
  form.set('file', new Blob([new Uint8Array(await readFile(FILE))]), `school-${tag}.csv`);
  const draft = await ok(as('admin').post<Import>('/api/console/imports', form));
  imported = draft.id;
  const mapping = draft.mapping.map((column) =>
    column.column === 'Converted' ? { ...column, target: 'outcome', options: { ...column.options, noIsLost: true } } : column,
  );
  await ok(as('admin').put(`/api/console/imports/${imported}`, { mapping }));
  await ok(as('admin').post(`/api/console/imports/${imported}/start`));
  await expect.poll(async () => (await importOf()).status, { timeout: 200_000 }).toBe('done');
  expect((await importOf()).progress).toMatchObject({ created: 6468, failed: 0 });
});

/** The company has its own leads and its own model again. */
test.afterAll(async () => {
  const models = await ok(as('admin').get<{ id: number; name: string; position: number }[]>('/api/console/grading-models?range=[0,99]'));
  const own = models.find((model) => model.name === NAME);
  const last = Math.max(...models.map((model) => model.position)) + 1;
  if (own) await ok(as('admin').put(`/api/console/grading-models/${own.id}`, { position: last }));
  if (imported) await ok(as('admin').post(`/api/console/imports/${imported}/revert`));
});

const fitOf = (page: Page): Locator => page.locator('section').filter({ has: page.getByRole('heading', { name: 'Who the lead is' }) });

/** The newest rule of the form gives points per value of a field, both chosen by name. */
async function addTable(
  page: Page,
  name: string,
  field: string,
  rows: readonly (readonly [value: string, points: number])[],
): Promise<void> {
  const fit = fitOf(page);
  await fit.getByRole('button', { name: 'Rule', exact: true }).click();
  await fit.getByLabel('Name of the rule · English').last().fill(name);
  await fit.getByLabel('Name of the rule · 中文').last().fill(name);
  const choose = async (label: string, option: string): Promise<void> => {
    await fit.getByRole('combobox', { name: label }).last().click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await choose('Kind of rule', 'Points per value');
  await choose('Field', field);
  for (const [value, points] of rows) {
    await fit.getByRole('button', { name: 'Value', exact: true }).last().click();
    await choose('Value', value);
    await fit.getByRole('spinbutton', { name: 'Points', exact: true }).last().fill(String(points));
  }
}

/** A figure of the lab: its number, and the interval beneath it. */
async function figure(page: Page, name: string): Promise<{ readonly value: number; readonly low: number; readonly high: number }> {
  const words = await page.getByRole('group', { name, exact: true }).innerText();
  const [value = NaN, , low = NaN, high = NaN] = (words.replace(name, '').match(/\d+(\.\d+)?/g) ?? []).map(Number);
  return { value, low, high };
}

async function saveDraft(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('Draft saved')).toBeVisible();
}

const LEAKS = [
  'Tags',
  'Lead Quality',
  'Lead Profile',
  'Asymmetrique Activity Index',
  'Asymmetrique Profile Index',
  'Asymmetrique Activity Score',
  'Asymmetrique Profile Score',
];

test('a history becomes a model: built by hand, its leak refused, beaten by what is learnt, published, and read by a rep', async ({
  openAs,
}) => {
  const page = await openAs('mia');
  await go(page, '/setup/grading');
  await page.getByRole('button', { name: 'New model' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(NAME);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true }).first()).toHaveValue(NAME);

  // By hand, from what is known at capture.
  await addTable(page, `Origin ${tag}`, 'Lead Origin', [
    ['Lead Add Form', 40],
    ['Landing Page Submission', 20],
  ]);
  await saveDraft(page);
  await expect(page.getByRole('region', { name: 'What it would do' })).toContainText('change their grade or label', { timeout: 60_000 });
  await page.getByRole('link', { name: 'Back-test' }).click();
  await page.getByRole('button', { name: 'Run the back-test' }).click();
  await expect(page.getByRole('img', { name: 'Win rate by tenth of the score' })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('img', { name: 'What a threshold lets through' })).toBeVisible();
  // The whole file, and what the demo company and the tests before had decided.
  const known = page.getByRole('group', { name: 'Leads with an outcome' });
  await expect(known).toContainText(/[\d,]+ won, [\d,]+ lost/);
  const [, won = '', lost = ''] = /\s([\d,]+) won, ([\d,]+) lost/.exec(await known.innerText()) ?? [];
  expect(Number(won.replace(',', ''))).toBeGreaterThanOrEqual(2400);
  expect(Number(lost.replace(',', ''))).toBeGreaterThanOrEqual(4000);
  // Which of the two it rests on hangs on the contracts that are in force, the demo company's and those of tests before.
  await expect(page.getByText(/From [\d.]+ points (won and lost part best|the contract’s quota is met)\./)).toBeVisible();
  const byHand = await figure(page, 'AUC of the draft');
  expect(byHand.low).toBeGreaterThan(0.5);
  const leaks = page.getByRole('region', { name: 'Fields that know the outcome' });
  for (const leak of LEAKS) await expect(leaks).toContainText(`“${leak}”`);
  await expect(leaks.getByRole('listitem')).toHaveCount(LEAKS.length);

  // A rule over a field that knows the outcome is refused, with its name, until somebody insists.
  await page.getByRole('link', { name: 'Back to the model' }).click();
  await addTable(page, `Tagged ${tag}`, 'Tags', [['Will revert after reading the email', 50]]);
  await saveDraft(page);
  await page.getByRole('link', { name: 'Back-test' }).click();
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(page.getByText('Refused: rules of this draft')).toBeVisible({ timeout: 120_000 });
  await expect(leaks).toContainText('Used by:');
  await expect(page.getByRole('group', { name: 'AUC of the draft' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Run all the same' }).click();
  await expect(page.getByRole('group', { name: 'AUC of the draft' })).toBeVisible({ timeout: 120_000 });
  expect((await figure(page, 'AUC of the draft')).low).toBeGreaterThan(byHand.high);

  // What is learnt beats what was made by hand, on leads nothing was learnt from.
  await page.getByRole('link', { name: 'Back to the model' }).click();
  await fitOf(page).getByRole('button', { name: 'Remove' }).last().click();
  await saveDraft(page);
  await page.getByRole('link', { name: 'Back-test' }).click();
  await page.getByRole('tab', { name: 'Suggest points' }).click();
  await page.getByRole('button', { name: 'Learn from history' }).click();
  await expect(page.getByRole('img', { name: 'Predicted and real win rate' })).toBeVisible({ timeout: 120_000 });
  const [learnt, hand] = [await figure(page, 'Suggested points'), await figure(page, 'Saved draft')];
  expect(hand.value).toBeGreaterThan(0.5);
  expect(learnt.low).toBeGreaterThan(hand.high);
  const reasons = page.getByRole('table', { name: 'What the points rest on' });
  await expect(reasons).toContainText('Lead Origin');
  for (const leak of LEAKS) await expect(reasons).not.toContainText(leak);
  // Leads back to the model, where the proposal waits as the draft, for a person to edit.
  await page.getByRole('button', { name: 'Use as draft' }).click();
  await expect(page.getByRole('button', { name: 'Publish…' })).toBeVisible();
  await fitOf(page).getByRole('button', { name: 'Rule', exact: true }).click();
  await page.getByLabel('Name of the rule · English').last().fill(`Known company ${tag}`);
  await page.getByLabel('Name of the rule · 中文').last().fill(`公司已知 ${tag}`);
  await saveDraft(page);
  const effect = page.getByRole('region', { name: 'What it would do' });
  await expect(effect).toContainText('change their grade or label', { timeout: 60_000 });
  await expect(effect).toContainText('Publishing changes them silently');
  await page.getByRole('link', { name: 'Back-test' }).click();
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(page.getByRole('img', { name: 'Win rate by tenth of the score' })).toBeVisible({ timeout: 120_000 });
  await expect.poll(async () => (await figure(page, 'AUC of the draft')).low, { timeout: 60_000 }).toBeGreaterThan(byHand.high);

  await page.getByRole('link', { name: 'Back to the model' }).click();
  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByRole('dialog').getByLabel('Why is it changed?').fill('Learnt from history');
  await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  const models = await ok(as('admin').get<{ id: number; name: string; position: number }[]>('/api/console/grading-models?range=[0,99]'));
  const own = models.find((model) => model.name === NAME);
  await ok(
    as('admin').put(`/api/console/grading-models/${own?.id ?? 0}`, { position: Math.min(...models.map((model) => model.position)) - 1 }),
  );

  const lead = await ok(
    as('admin').post<{ id: number }>('/api/console/leads', { ...someone('Learner'), custom: { lead_origin: 'lead_add_form' } }),
  );
  const rep = await openAs('admin');
  await go(rep, `/leads/${lead.id}`);
  const score = rep.getByRole('region', { name: 'Grade' });
  await expect(score).toContainText(NAME, { timeout: 30_000 });
  await expect(score).toContainText('Lead Origin');
});
