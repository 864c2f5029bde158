import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { as, expect, go, leadOf, ok, someone, test } from './support';

/** Fields a company adds to its opportunities and follow-ups: from the set-up page to the file that leaves the list. */
const tag = Date.now().toString(36);
const RIVAL = { zh: `竞争对手${tag}`, en: `Rival ${tag}` };
const MOOD = { zh: `态度${tag}`, en: `Mood ${tag}` };

async function addField(page: Page, kind: string, label: { readonly zh: string; readonly en: string }, options: readonly string[] = []) {
  await go(page, '/setup/fields');
  await page.getByRole('tab', { name: kind }).click();
  await page.getByRole('button', { name: 'New field' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name · 中文').fill(label.zh);
  await dialog.getByLabel('Name · English').fill(label.en);
  if (options.length > 0) {
    await dialog.getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'One of a list', exact: true }).click();
  }
  for (const option of options) {
    await dialog.getByRole('button', { name: 'Option', exact: true }).click();
    await dialog.getByLabel('Option · 中文').last().fill(`${option}（中）`);
    await dialog.getByLabel('Option · English').last().fill(option);
  }
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: new RegExp(label.en) })).toBeVisible();
}

/** Puts the field on a list, and at the head of the form in a section of its own. */
async function lay(page: Page, kind: string, label: string): Promise<void> {
  await go(page, '/setup/layouts');
  await page.getByRole('tab', { name: kind }).click();
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await page.getByRole('button', { name: `Put ${label} on` }).click();
  await page.getByRole('button', { name: 'Save layout' }).click();
  await expect(page.getByText('Layout saved').first()).toBeVisible();
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  await page.getByRole('button', { name: `Take ${label} off` }).click();
  await page.getByRole('button', { name: 'Add section' }).click();
  await page.getByLabel('Section · 中文').last().fill(`要点${tag}`);
  await page.getByLabel('Section · English').last().fill(`Key facts ${tag}`);
  await page.getByRole('button', { name: `Put ${label} on` }).click();
  await page.getByRole('button', { name: 'Save layout' }).click();
  await expect(page.getByRole('button', { name: 'Save layout' })).toBeDisabled();
}

/** Filters a list by a text of a field of one's own. */
async function filterByText(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('menuitem', { name: label }).click();
  await page.getByRole('presentation').getByRole('textbox').last().fill(text);
  await page.keyboard.press('Escape');
}

async function exported(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  return readFile(await (await download).path(), 'utf8');
}

test.describe.configure({ timeout: 120_000 });
test.afterAll(async () => {
  const layouts = await ok(as('admin').get<{ id: number; resource: string }[]>('/api/console/layouts?range=[0,499]'));
  for (const { id, resource } of layouts)
    if (['opportunities', 'activities'].includes(resource)) await ok(as('admin').delete(`/api/console/layouts/${id}`));
});

test('a field of opportunities is made, laid out, filled in on conversion, seen and filtered in the list, and exported', async ({
  openAs,
}) => {
  const admin = await openAs('admin');
  await addField(admin, 'Opportunities', RIVAL);
  await lay(admin, 'Opportunities', RIVAL.en);

  const lead = await leadOf('wang', someone('Own'));
  const stage = async (): Promise<string> => (await ok(as('admin').get<{ stage: string }>(`/api/console/leads/${lead.id}`))).stage;
  for (const to of ['srl', 'sql']) if ((await stage()) !== to) await ok(as('admin').post(`/api/console/leads/${lead.id}/stage`, { to }));
  const rep = await openAs('wang');
  await go(rep, `/leads/${lead.id}`);
  await rep.getByRole('button', { name: 'Convert' }).click();
  const dialog = rep.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: `Key facts ${tag}` })).toBeVisible();
  await dialog.getByLabel('Name').fill(`Deal ${tag}`);
  await dialog.getByLabel(RIVAL.en).fill(`Acme ${tag}`);
  await dialog.getByRole('button', { name: 'Convert' }).click();
  await expect(rep.getByText('Opportunity made')).toBeVisible();

  await go(rep, '/opportunities');
  await expect(rep.getByRole('columnheader', { name: RIVAL.en })).toBeVisible();
  await filterByText(rep, RIVAL.en, `Acme ${tag}`);
  const rows = rep.getByRole('row').filter({ hasText: `Deal ${tag}` });
  await expect(rep.getByRole('row')).toHaveCount(2);
  await expect(rows).toContainText(`Acme ${tag}`);
  await rows.getByRole('button', { name: /^Edit/ }).click();
  await rep.getByRole('dialog').getByLabel(RIVAL.en).fill(`Globex ${tag}`);
  await rep.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  // It no longer fits the filter.
  await expect(rows).toHaveCount(0);

  await go(admin, `/opportunities?filter=${encodeURIComponent(JSON.stringify({ q: `Deal ${tag}` }))}`);
  await expect(admin.getByRole('row').filter({ hasText: `Globex ${tag}` })).toBeVisible();
  const file = await exported(admin);
  // A file speaks the language its reader has in his profile.
  expect(file).toContain(RIVAL.zh);
  expect(file).toContain(`Globex ${tag}`);
});

test('a field of follow-ups is made, laid out, filled in while logging, seen in list and timeline, filtered, corrected and exported', async ({
  openAs,
}) => {
  const admin = await openAs('admin');
  await addField(admin, 'Follow-ups', MOOD, ['Keen', 'Cool']);
  await lay(admin, 'Follow-ups', MOOD.en);

  const lead = await leadOf('wang', someone('Mood'));
  const rep = await openAs('wang');
  await go(rep, `/leads/${lead.id}`);
  await rep.getByRole('button', { name: 'Note', exact: true }).first().click();
  await rep.getByLabel('Note').fill(`Spoke of prices ${tag}`);
  await expect(rep.getByRole('heading', { name: `Key facts ${tag}` })).toBeVisible();
  await rep.getByRole('combobox', { name: MOOD.en }).click();
  await rep.getByRole('option', { name: 'Keen', exact: true }).click();
  await rep.getByRole('button', { name: 'Save', exact: true }).first().click();
  const entry = rep.getByRole('listitem').filter({ hasText: `Spoke of prices ${tag}` });
  await expect(entry).toContainText('Keen');

  await go(rep, '/activities');
  await expect(rep.getByRole('columnheader', { name: MOOD.en })).toBeVisible();
  await rep.getByRole('button', { name: 'Add filter' }).click();
  await rep.getByRole('menuitem', { name: MOOD.en }).click();
  await rep.getByRole('menuitem', { name: 'Keen' }).click();
  await rep.keyboard.press('Escape');
  await expect(rep.getByRole('row')).toHaveCount(2);
  const row = rep.getByRole('row').filter({ hasText: `Spoke of prices ${tag}` });
  await expect(row).toContainText(lead.name);
  await expect(row).toContainText('Keen');
  // What was said is evidence: a rep does not rewrite it, whose role may corrects it.
  await expect(row.getByRole('button', { name: /^Correct/ })).toBeHidden();

  await go(admin, `/activities?filter=${encodeURIComponent(JSON.stringify({ lead: lead.id }))}`);
  await admin
    .getByRole('row')
    .filter({ hasText: `Spoke of prices ${tag}` })
    .getByRole('button', { name: /^Correct/ })
    .click();
  const dialog = admin.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: MOOD.en }).click();
  await admin.getByRole('option', { name: 'Cool', exact: true }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(admin.getByRole('row').filter({ hasText: 'Cool' })).toBeVisible();
  const file = await exported(admin);
  expect(file).toContain(MOOD.zh);
  expect(file).toContain(`Spoke of prices ${tag}`);
  expect(file).toMatch(/cool/i);
});
