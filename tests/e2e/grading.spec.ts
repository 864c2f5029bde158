import { as, expect, go, newLead, ok, someone, test } from './support';

const tag = Date.now().toString(36);

/** A history with a pattern: those who name their budget buy more often. */
function historyFile(): string {
  const rows = Array.from({ length: 240 }, (_, index) => {
    const budget = index % 2 === 0 ? 'agreed' : 'open';
    const won = budget === 'agreed' ? index % 10 < 7 : index % 10 === 1;
    return `Past ${tag} ${index},past${index}@history-${tag}.example,${['Software', 'Farming', 'Steel'][index % 3]},${budget},${won ? 1 : 0}`;
  });
  return ['name,email,industry,Told budget,Converted', ...rows].join('\n');
}

interface Import {
  readonly id: number;
  readonly status: string;
  readonly mapping: readonly { readonly column: string; readonly options?: Record<string, unknown> }[];
  readonly progress: { readonly created: number; readonly failed: number };
}

/** Imports the history with its outcomes, as the import wizard does. */
test.beforeAll(async () => {
  const form = new FormData();
  form.set('options', JSON.stringify({ createFields: true }));
  form.set('file', new Blob([historyFile()]), `history-${tag}.csv`);
  const draft = await ok(as('admin').post<Import>('/api/console/imports', form));
  const mapping = draft.mapping.map((column) =>
    column.column === 'Converted' ? { ...column, target: 'outcome', options: { ...column.options, noIsLost: true } } : column,
  );
  await ok(as('admin').put(`/api/console/imports/${draft.id}`, { mapping }));
  await ok(as('admin').post(`/api/console/imports/${draft.id}/start`));
  await expect
    .poll(async () => (await ok(as('admin').get<Import>(`/api/console/imports/${draft.id}`))).status, { timeout: 60_000 })
    .toBe('done');
  expect((await ok(as('admin').get<Import>(`/api/console/imports/${draft.id}`))).progress).toMatchObject({ created: 240, failed: 0 });
});

/** The model of this story stood first: the stories after it have the company's own again. */
test.afterAll(async () => {
  const models = await ok(as('admin').get<{ id: number; name: string; position: number }[]>('/api/console/grading-models?range=[0,99]'));
  const own = models.find((model) => model.name === `History ${tag}`);
  const last = Math.max(...models.map((model) => model.position)) + 1;
  if (own) await ok(as('admin').put(`/api/console/grading-models/${own.id}`, { position: last }));
});

test.setTimeout(240_000);

test('a marketer builds a model, sees its effect and its back-test, publishes it, and a rep reads why', async ({ openAs }) => {
  const page = await openAs('mia');
  await go(page, '/setup/grading');
  await page.getByRole('button', { name: 'New model' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`History ${tag}`);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true }).first()).toHaveValue(`History ${tag}`);

  await page.getByRole('button', { name: 'Rule', exact: true }).first().click();
  await page.getByLabel('Name of the rule · English').last().fill(`Told us the industry ${tag}`);
  await page.getByLabel('Name of the rule · 中文').last().fill(`告知行业 ${tag}`);
  // How points fade is drawn while it is typed.
  await expect(page.getByRole('img', { name: /What becomes of 100 points. Half are left after 30 days/ })).toBeVisible();
  await page.getByLabel('Days', { exact: true }).fill('20');
  await expect(page.getByRole('img', { name: /Half are left after 20 days/ })).toBeVisible();
  await page.getByLabel('How points fade').click();
  await page.getByRole('option', { name: 'Evenly' }).click();
  await expect(page.getByRole('img', { name: /Half are left after 30 days, none after 60/ })).toBeVisible();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('Draft saved')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What it would do' })).toContainText('change their grade or label');

  await page.getByRole('link', { name: 'Back-test' }).click();
  await page.getByRole('button', { name: 'Run the back-test' }).click();
  await expect(page.getByRole('img', { name: 'Win rate by tenth of the score' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('AUC of the draft')).toBeVisible();
  await expect(page.getByRole('table', { name: 'By grade' })).toBeVisible();

  await page.getByRole('tab', { name: 'Suggest points' }).click();
  await page.getByRole('button', { name: 'Learn from history' }).click();
  await expect(page.getByRole('img', { name: 'Predicted and real win rate' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('table', { name: 'What the points rest on' })).toContainText('Told budget');

  await page.getByRole('tab', { name: 'Check-up' }).click();
  await page.getByRole('button', { name: 'Check the rules' }).click();
  await expect(page.getByRole('table', { name: 'Rules' })).toContainText(`Told us the industry ${tag}`, { timeout: 30_000 });

  await page.getByRole('link', { name: 'Back to the model' }).click();
  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByRole('dialog').getByLabel('Why is it changed?').fill('Tested on history');
  await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  // The first in order grades: ours goes to the top.
  const models = await ok(as('admin').get<{ id: number; name: string; position: number }[]>('/api/console/grading-models?range=[0,99]'));
  const own = models.find((model) => model.name === `History ${tag}`);
  await ok(
    as('admin').put(`/api/console/grading-models/${own?.id ?? 0}`, { position: Math.min(...models.map((model) => model.position)) - 1 }),
  );

  const lead = await newLead(someone('Graded', { title: 'CEO', industry: 'Software' }));
  const rep = await openAs('admin');
  await go(rep, `/leads/${lead.id}`);
  const score = rep.getByRole('region', { name: 'Grade' });
  await expect(score).toContainText(`History ${tag}`, { timeout: 30_000 });
  await score.getByRole('button', { name: /Decides/ }).click();
  await expect(score).toContainText('Decides: +35 (Job title = CEO)');
  const chinese = await openAs('admin', { locale: 'zh' });
  await go(chinese, `/leads/${lead.id}`);
  await expect(chinese.getByText('决策人职位').first()).toBeVisible({ timeout: 30_000 });
});

test('a recycled lead shows which time round it is, and its score as it was, by the models of then or of today', async ({ openAs }) => {
  const lead = await newLead(someone('Round', { title: 'CEO', industry: 'Software' }));
  await ok(as('admin').put(`/api/console/leads/${lead.id}`, { title: 'Clerk' }));
  await ok(as('admin').post(`/api/console/leads/${lead.id}/stage`, { to: 'srl' }));
  await ok(as('admin').post(`/api/console/leads/${lead.id}/stage`, { to: 'recycled', reason: 'not_now' }));
  const page = await openAs('admin');
  await go(page, `/leads/${lead.id}`);
  await expect(page.getByText('Cycle 2', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Next cycle began')).toBeVisible();
  const score = page.getByRole('region', { name: 'Grade' });
  await score.getByRole('button', { name: 'Earlier scores' }).click();
  await score.getByRole('option').last().click();
  await expect(score).toContainText('As it was on');
  await score.getByLabel('By the models of today').check();
  await expect(score).toContainText('by the models of today');
  await score.getByLabel('At another moment').fill('2020-01-01T09:00');
  await expect(score).toContainText('1 Jan 2020');
});
