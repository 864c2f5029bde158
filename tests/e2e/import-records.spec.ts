import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { as, expect, go, newLead, ok, somePhone, someone, test } from './support';

const stamp = Date.now().toString(36);
/** The number above these words, in the boxes of a check or a result. */
const count = (page: Page, words: string) =>
  page.getByRole('main').getByText(words, { exact: true }).and(page.locator('p')).locator('xpath=preceding-sibling::*[1]');
const next = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

async function drop(page: Page, kind: string, name: string, rows: readonly string[]): Promise<void> {
  await go(page, '/imports');
  await page.getByRole('button', { name: kind, exact: true }).click();
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  await expect(page.getByRole('heading', { name })).toBeVisible({ timeout: 30_000 });
}

const field = (entity: string, key: string, options: readonly string[]): Promise<unknown> =>
  ok(
    as('admin').post('/api/console/fields', {
      ...{ entity, key, type: 'select', label: { zh: `${key}·中`, en: key }, section: 'custom', position: 1 },
      options: options.map((value) => ({ value: value.toLowerCase(), label: { zh: value, en: value } })),
    }),
  );

test.describe.serial('files of what belongs to leads', () => {
  const phone = somePhone();
  const person = someone('Filed', { phone, country: 'CN' });
  let lead = 0;
  const [risk, mood] = [`risk_${stamp}`, `mood_${stamp}`];

  test.beforeAll(async () => {
    lead = (await newLead(person)).id;
    await field('opportunity', risk, ['High', 'Low']);
    await field('activity', mood, ['Good', 'Poor']);
  });

  test('deals come in with a field of their own, refused rows can be had back, and the lead has moved on', async ({ openAs }) => {
    const page = await openAs('admin');
    await drop(page, 'Opportunities', `deals-${stamp}.csv`, [
      `Phone,Deal name,Deal stage,Amount,Currency,${risk}`,
      `${phone},Line ${stamp},Negotiation,120000,CNY,High`,
      `${phone},Spare parts ${stamp},Closed Won,900,CNY,Low`,
      `${somePhone()},Nobody ${stamp},Open,1,CNY,`,
    ]);
    await expect(page.getByText('Opportunities · Not started')).toBeVisible();
    await next(page, 'Next: columns');
    for (const [column, target] of [
      ['Phone', 'Lead phone'],
      ['Deal name', 'Name'],
      ['Deal stage', 'State'],
      ['Amount', 'Amount'],
      [risk, risk],
    ] as const)
      await expect(page.getByLabel(`Field for the column ${column}`)).toHaveValue(target);
    // Stages of another system are all open deals.
    await page.getByRole('button', { name: 'How the cells are read' }).nth(2).click();
    await page.getByLabel('Every other stage in the file means: still open').check();
    await next(page, 'Next: options');
    await page.getByLabel('Country of phone numbers').fill('CN');
    await expect(page.getByLabel('Stage of the lead')).toHaveText('Moves on with the opportunity');
    await next(page, 'Next: check');
    await next(page, 'Check the file');
    await expect(count(page, 'New')).toHaveText('2');
    await expect(count(page, 'Refused')).toHaveText('1');
    await expect(page.getByRole('row', { name: /No such lead that you may work on/ })).toContainText('row 3 139');
    await next(page, 'Import 2 rows');
    await expect(page.getByRole('button', { name: 'Take it back' })).toBeVisible({ timeout: 30_000 });
    await expect(count(page, 'New')).toHaveText('2');
    const [download] = await Promise.all([page.waitForEvent('download'), next(page, 'Download the refused row')]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(`Nobody ${stamp}`);
    await page.getByRole('link', { name: 'To the opportunities' }).click();
    await expect(page.getByText(`Line ${stamp}`).first()).toBeVisible();
    const { body } = await as('admin').get<{ stage: string }>(`/api/console/leads/${lead}`);
    expect(body.stage).toBe('opportunity');
  });

  test('a file that holds something else is turned into it, and past follow-ups stand in the story of the lead', async ({ openAs }) => {
    const page = await openAs('admin', { locale: 'zh' });
    await drop(page, '线索', `calls-${stamp}.csv`, [
      `客户手机,跟进方式,跟进时间,跟进内容,${mood}`,
      `${phone},电话,2025-11-03 09:30,谈了价格 ${stamp},Good`,
      `${phone},上门拜访,2025-12-24 15:00,送了样品 ${stamp},Poor`,
      `${phone},电话,2035-01-01,未来 ${stamp},`,
    ]);
    await page.getByRole('button', { name: '跟进记录', exact: true }).click();
    await expect(page.getByText('跟进记录 · 未开始')).toBeVisible();
    await next(page, '下一步：列');
    await expect(page.getByLabel('列 客户手机 对应的字段')).toHaveValue('线索电话');
    await expect(page.getByLabel('列 跟进时间 对应的字段')).toHaveValue('时间');
    await expect(page.getByLabel(`列 ${mood} 对应的字段`)).toHaveValue(`${mood}·中`);
    await next(page, '下一步：选项');
    await expect(page.getByLabel('跟进如何计算')).toHaveText('作为历史');
    await page.getByLabel('电话号码的国家').fill('CN');
    await next(page, '下一步：检查');
    await next(page, '检查文件');
    await expect(count(page, '新增')).toHaveText('2');
    await expect(page.getByRole('row', { name: /时间在未来/ })).toBeVisible();
    await next(page, '导入 2 行');
    await expect(page.getByRole('button', { name: '撤销导入' })).toBeVisible({ timeout: 30_000 });
    await go(page, `/leads/${lead}`);
    // At its own time, below what happened since, and not by whoever brought the file.
    const entry = page.getByRole('listitem').filter({ hasText: `送了样品 ${stamp}` });
    await expect(entry).toContainText('来自文件');
    await expect(entry).not.toContainText('此刻');
    await expect(entry).not.toContainText('管理员');
    const { body } = await as('admin').get<{ lastFollowUpAt: string }>(`/api/console/leads/${lead}`);
    expect(new Date(body.lastFollowUpAt).getUTCFullYear()).toBe(2025);

    await go(page, '/imports');
    const row = page.getByRole('row').filter({ hasText: `calls-${stamp}.csv` });
    await expect(row).toContainText('跟进记录');
    await row.click();
    await next(page, '撤销导入');
    await page.getByRole('dialog').getByRole('button', { name: '撤销导入' }).click();
    await expect(page.getByText('此导入已撤销。')).toBeVisible({ timeout: 30_000 });
    await expect(count(page, '已删除')).toHaveText('2');
  });
});
