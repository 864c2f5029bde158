import type { Page } from '@playwright/test';
import { as, expect, go, leadOf, newLead, ok, poolId, someone, test } from './support';

const tag = Date.now().toString(36);
const label = { zh: `采购阶段${tag}`, en: `Buying stage ${tag}` };

async function choose(page: Page, name: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name }).last().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

interface Field {
  readonly key: string;
  readonly label: { readonly en: string };
  readonly options: readonly { readonly value: string; readonly label: { readonly en: string } }[];
}

/** A value of the new field, as the API wants it. */
async function valueOf(option: string): Promise<Record<string, string>> {
  const fields = await ok(as('admin').get<Field[]>('/api/console/fields?range=[0,499]'));
  const field = fields.find((one) => one.label.en === label.en);
  return { [field?.key ?? '']: field?.options.find((one) => one.label.en === option)?.value ?? '' };
}

test.describe.serial('an administrator', () => {
  test('adds a field with options, which a rep sees on the lead page', async ({ openAs }) => {
    const page = await openAs('admin');
    await go(page, '/setup/fields');
    await page.getByRole('button', { name: 'New field' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name · 中文').fill(label.zh);
    await dialog.getByLabel('Name · English').fill(label.en);
    await choose(page, 'Type', 'One of a list');
    for (const [zh, en] of [
      ['观望', 'Looking around'],
      ['招标中', 'Out for tender'],
    ] as const) {
      await dialog.getByRole('button', { name: 'Option', exact: true }).click();
      await dialog.getByLabel('Option · 中文').last().fill(zh);
      await dialog.getByLabel('Option · English').last().fill(en);
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: new RegExp(label.en) })).toContainText('One of a list');

    const lead = await leadOf('wang', someone('Field'));
    const rep = await openAs('wang');
    await go(rep, `/leads/${lead.id}`);
    const details = rep.getByRole('region', { name: 'Details' });
    await expect(details).toContainText(label.en);
    await details.getByRole('button', { name: 'Edit' }).click();
    await choose(rep, label.en, 'Out for tender');
    await details.getByRole('button', { name: 'Save' }).click();
    await expect(details).toContainText(`${label.en}Out for tender`);
  });

  test('uses it in a recycle rule: sees how many leads match and what it would do, and publishes with a reason', async ({ openAs }) => {
    const custom = await valueOf('Looking around');
    for (let index = 0; index < 2; index += 1) await newLead(someone('Rule', { custom }));

    const page = await openAs('admin');
    await go(page, `/setup/pools/${await poolId('china')}`);
    await page.getByRole('button', { name: 'When leads come back' }).click();
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    await page.getByLabel('Reason the owner reads · 中文').fill(`观望超过 5 天 ${tag}`);
    await page.getByLabel('Reason the owner reads · English').fill(`Looked around too long ${tag}`);
    await page.getByRole('button', { name: 'Condition', exact: true }).last().click();
    const field = page.getByRole('combobox', { name: 'Field' }).last();
    await field.fill(label.en);
    await page.getByRole('option', { name: label.en }).click();
    await page.getByRole('combobox', { name: 'Value' }).last().click();
    await page.getByRole('option', { name: 'Looking around' }).click();
    await expect(page.getByText('2 leads match')).toBeVisible();

    await page.getByRole('button', { name: 'Save draft' }).click();
    await expect(page.getByText('Draft saved')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Check' })).toContainText('No problems found.');
    await expect(page.getByRole('region', { name: 'What it would do' })).toContainText(`Held leads under “Looked around too long ${tag}”`);
    await expect(page.getByRole('region', { name: 'Differences from the live version' })).toContainText(`Looked around too long ${tag}`);

    await page.getByRole('button', { name: 'Publish…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish “中国公海”' });
    await expect(dialog.getByRole('button', { name: 'Publish' })).toBeDisabled();
    await dialog.getByLabel('Why is it changed?').fill('Those who only look around come back sooner.');
    // Leads move by the next working day: whoever publishes has seen it.
    const seen = dialog.getByRole('checkbox');
    if ((await seen.count()) > 0) await seen.check();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    await expect(page.getByRole('region', { name: 'History' })).toContainText('Those who only look around come back sooner.');
    await expect(page.getByRole('region', { name: 'Differences from the live version' })).toContainText(
      'The draft is the same as the live version.',
    );
  });

  test('gives points for it in the grading model, and the rep reads the reason on the lead', async ({ openAs }) => {
    const lead = await leadOf('wang', someone('Points', { custom: await valueOf('Out for tender') }));
    const page = await openAs('admin');
    await go(page, '/setup/grading');
    await page.getByRole('link', { name: /Standard B2B model/ }).click();
    await page.getByRole('button', { name: 'Rule', exact: true }).first().click();
    await page.getByLabel('Name of the rule · 中文').fill(`招标 ${tag}`);
    await page.getByLabel('Name of the rule · English').fill(`Tender ${tag}`);
    await page.getByRole('combobox', { name: 'Field' }).first().fill(label.en);
    await page.getByRole('option', { name: label.en }).click();
    await choose(page, 'Comparison', 'is filled in');
    await expect(page.getByText(/\d+ leads match/).first()).toBeVisible();
    await page.getByRole('button', { name: 'Publish…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why is it changed?').fill('Tenders are worth a call.');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await expect(dialog).toBeHidden();

    const rep = await openAs('wang');
    await expect(async () => {
      await go(rep, `/leads/${lead.id}`);
      await expect(rep.getByRole('region', { name: 'Grade' })).toContainText(`Tender ${tag}+10`, { timeout: 2_000 });
    }).toPass();
  });
});
