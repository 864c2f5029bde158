import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, go, somePhone, test } from './support';

/** The number above these words, in the boxes of a check or a result. */
const count = (page: Page, words: string) =>
  page.getByRole('main').getByText(words, { exact: true }).and(page.locator('p')).locator('xpath=preceding-sibling::*[1]');
const next = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  await go(page, '/imports');
  await expect(page.getByText('Drop a file here, or click to choose one')).toBeVisible();
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  await expect(page.getByRole('heading', { name })).toBeVisible({ timeout: 30_000 });
}

const mark = `进口${Date.now().toString(36)}`;
const GOOD = 8;
const file = (): string => {
  const levels = ['重要', 'Select', '普通'];
  const good = Array.from({ length: GOOD }, (_, row) =>
    [
      `${mark}${row}`,
      somePhone(),
      `buyer${row}@${Date.now().toString(36)}-${row}.cn`,
      `${mark}公司${row}`,
      row % 2 ? '总经理' : '业务员',
      '展会',
      levels[row % 3],
    ].join(','),
  );
  return ['姓名,手机,邮箱,公司,职位,来源,客户等级', ...good, `${mark}坏,,not-an-address,${mark}坏公司,,展会,普通`].join('\n');
};

test.describe.serial('an import', () => {
  const content = file();

  test('is read, mapped, checked and run; leads come in graded and routed, refused rows can be had back', async ({ openAs }) => {
    const page = await openAs('admin');
    await drop(page, 'fair.csv', content);
    await expect(page.getByText('7 columns')).toBeVisible();
    await expect(page.getByRole('columnheader', { name: '客户等级' })).toBeVisible();
    await expect(page.getByRole('cell', { name: `${mark}0`, exact: true })).toBeVisible();
    await next(page, 'Next: columns');

    for (const [column, field] of [
      ['姓名', 'Name'],
      ['手机', 'Phone'],
      ['邮箱', 'E-mail'],
      ['公司', 'Company'],
      ['职位', 'Job title'],
      ['来源', 'Source'],
    ] as const) {
      await expect(page.getByLabel(`Field for the column ${column}`)).toHaveValue(field);
    }
    const level = page.getByLabel('Field for the column 客户等级');
    await level.fill('New field');
    await page.getByRole('option', { name: /New field/ }).click();
    await expect(level).toHaveValue(/New field “客户等级”/);
    await next(page, 'Next: options');

    await page.getByLabel('Counts as empty').fill('Select');
    await page.keyboard.press('Enter');
    await next(page, 'Next: check');
    await next(page, 'Check the file');
    await expect(count(page, 'New leads')).toHaveText(String(GOOD));
    await expect(count(page, 'Refused')).toHaveText('1');
    await expect(page.getByText(/New fields that will be made/)).toBeVisible();
    await expect(page.getByRole('row', { name: /Not an e-mail address/ })).toContainText('not-an-address');
    await next(page, `Import ${GOOD} rows`);
    await expect(page.getByRole('button', { name: 'Take it back' })).toBeVisible({ timeout: 30_000 });
    await expect(count(page, 'New leads')).toHaveText(String(GOOD));
    await expect(count(page, 'Refused')).toHaveText('1');

    const [download] = await Promise.all([page.waitForEvent('download'), next(page, 'Download the refused row')]);
    const refused = readFileSync(await download.path(), 'utf8');
    expect(refused).toContain('not-an-address');
    expect(refused).not.toContain(`${mark}0,`);

    // Of all leads those that the file made, which a chip says.
    await page.getByRole('link', { name: 'To the leads' }).click();
    await expect(page.getByText('Import: fair.csv')).toBeVisible();
    await expect(page.getByText(`${GOOD} leads`, { exact: true })).toBeVisible();
    await page.getByRole('searchbox').first().fill(mark);
    await page.keyboard.press('Enter');
    await expect(page.getByText(`${GOOD} leads`, { exact: true })).toBeVisible();
    for (let row = 0; row < GOOD; row += 1) {
      const line = page.getByRole('row').filter({ hasText: `${mark}公司${row}` });
      await expect(line).toContainText(/[A-D][1-4]/);
      await expect(line).toContainText(/Hot|Warm|Cold/);
      await expect(line).toContainText(/王磊|李娜|张伟|陈静|刘洋|中国公海/);
    }
    await page.getByRole('link', { name: `${mark}0`, exact: true }).click();
    await expect(page.getByRole('region', { name: 'Details' })).toContainText('客户等级重要');
  });

  test('of the same file again makes no lead twice', async ({ openAs }) => {
    const page = await openAs('admin', { locale: 'zh' });
    await drop0(page, content);
    await expect(page.getByText('此文件曾导入过。已有的线索会更新，不会重复。')).toBeVisible();
    await next(page, '下一步：列');
    await next(page, '下一步：选项');
    await next(page, '下一步：检查');
    await next(page, '检查文件');
    await expect(count(page, '新线索')).toHaveText('0');
    await next(page, /^导入/);
    await expect(page.getByRole('link', { name: '查看线索' })).toBeVisible({ timeout: 30_000 });
    await expect(count(page, '新线索')).toHaveText('0');
    await go(page, `/leads?filter=${encodeURIComponent(JSON.stringify({ q: mark }))}`);
    await expect(page.getByText(`共 ${GOOD} 条`, { exact: true })).toBeVisible();
  });
});

async function drop0(page: Page, content: string): Promise<void> {
  await go(page, '/imports');
  await expect(page.getByRole('heading', { name: '导入' })).toBeVisible();
  await page.locator('input[type=file]').setInputFiles({ name: 'again.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  await expect(page.getByRole('heading', { name: 'again.csv' })).toBeVisible({ timeout: 30_000 });
}

const real = path.resolve(__dirname, '../../../shared/data/xeducation/leads_older_70.csv');

test('a real file of thousands of rows comes in with its progress in sight, and can be taken back', async ({ openAs }) => {
  test.skip(!existsSync(real), 'the folder of real files is not beside the project');
  test.setTimeout(180_000);
  const page = await openAs('admin');
  await drop(page, 'leads_older_70.csv', readFileSync(real));
  await expect(page.getByText('37 columns')).toBeVisible();
  await next(page, 'Next: columns');
  await expect(page.getByText(/\d+ of 37 columns are imported/)).toBeVisible();
  await next(page, /^Make fields for the other/);
  await next(page, 'Next: options');
  await page.getByLabel('Where new leads go').click();
  await page.getByRole('option', { name: 'Europe pool' }).click();
  await next(page, 'Next: check');
  await next(page, 'Check the file');
  await expect(count(page, 'Rows')).toHaveText(/6,?468/, { timeout: 60_000 });
  await expect(page.getByText(/New fields that will be made/)).toBeVisible();
  await next(page, /^Import [\d,]+ rows$/);
  // A fast machine may be done between two looks: then the end stands where the progress stood.
  const back = page.getByRole('button', { name: 'Take it back' });
  await expect(page.getByRole('progressbar').first().or(back).first()).toBeVisible({ timeout: 30_000 });
  await expect(
    page
      .getByText(/[\d,]+ of 6,468 rows/)
      .or(back)
      .first(),
  ).toBeVisible({ timeout: 30_000 });
  await expect(back).toBeVisible({ timeout: 120_000 });
  await expect(count(page, 'New leads')).toHaveText(/[\d,]{5}/);

  await next(page, 'Take it back');
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByText('This import was taken back.')).toBeVisible({ timeout: 60_000 });
});
