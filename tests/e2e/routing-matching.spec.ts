import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { settled } from './pages';
import { as, expect, go, newLead, ok, poolId, someone, test, type Look } from './support';

const tag = Date.now().toString(36);
const folder = path.resolve(__dirname, '../../test-results/look');
/** Company names nobody else has, alike but for the place in front: enough to be asked about, too little to be joined. */
const firm = (index: number): string => `星桥${'甲乙丙丁戊己'[index]}${tag}科技有限公司`;

const shot = async (page: Page, name: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
};

interface Asked {
  readonly lead: { readonly id: number; readonly name: string };
  readonly account: number;
}
async function suggested(index: number): Promise<Asked> {
  const account = (await ok(as('admin').post<{ id: number }>('/api/console/accounts', { name: firm(index) }))).id;
  const lead = await newLead({ ...someone(`Match${index}`), company: `深圳${firm(index)}` });
  return { lead, account };
}
const accountOf = async (id: number): Promise<number | null> =>
  (await ok(as('admin').get<{ account: number | null }>(`/api/console/leads/${id}`))).account;

test('leads that may belong to an account are joined or turned down from the list, and from the page of the lead', async ({ openAs }) => {
  const [joined, refused, single] = [await suggested(0), await suggested(1), await suggested(2)];
  const page = await openAs('admin');
  await go(page, '/routing/suggestions');
  const rowOf = (asked: Asked) => page.getByRole('row', { name: new RegExp(asked.lead.name) });
  await expect(rowOf(joined)).toContainText(firm(0));
  await expect(rowOf(joined)).toContainText('Name without place 35');
  await shot(page, 'routing-suggestions-list-en');
  await rowOf(joined).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Join 1' }).click();
  await expect(page.getByText('1 lead joined to its account.')).toBeVisible();
  await expect(rowOf(joined)).toBeHidden();
  expect(await accountOf(joined.lead.id)).toBe(joined.account);
  await rowOf(refused).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await expect(rowOf(refused)).toBeHidden();
  expect(await accountOf(refused.lead.id)).toBeNull();
  await go(page, `/leads/${single.lead.id}`);
  const bar = page.getByRole('alert', { name: 'Does this lead belong to' });
  await expect(bar).toContainText(firm(2));
  await shot(page, 'routing-suggestion-bar-en');
  await bar.getByRole('button', { name: 'Yes, join it' }).click();
  await expect(bar).toBeHidden();
  expect(await accountOf(single.lead.id)).toBe(single.account);
});

test('an answer somebody else was faster with is told as such', async ({ openAs }) => {
  const [first, second] = [await suggested(3), await suggested(3)];
  const page = await openAs('admin');
  await go(page, '/routing/suggestions');
  for (const { lead } of [first, second])
    await page
      .getByRole('row', { name: new RegExp(lead.name) })
      .getByRole('checkbox')
      .check();
  await ok(as('admin').post(`/api/console/leads/${first.lead.id}/dismiss-account`, {}));
  await page.getByRole('button', { name: 'Join 2' }).click();
  await expect(page.getByText('1 lead joined to its account. 1 was answered or changed meanwhile.')).toBeVisible();
  expect(await accountOf(first.lead.id)).toBeNull();
});

test('“Why not me?” tells a rep his own reason for a lead that lies in his pool', async ({ openAs }) => {
  const campaign = `why-${tag}`;
  const members = [{ member: 'wang@demo.leadsea.local' }, { member: 'li@demo.leadsea.local' }];
  const rule = {
    key: 'desk',
    label: { zh: '轮流', en: 'The desk' },
    destination: { kind: 'group', members },
    filters: { capacity: false, skills: [{ skill: `tongue-${tag}` }] },
    periodCap: { per: 'day', max: 0 },
  };
  const draft = {
    when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: campaign }] },
    rules: [rule],
    otherwise: { kind: 'pool', key: 'china' },
  };
  const made = await ok(
    as('admin').post<{ id: number }>('/api/console/routing-policies', { key: campaign, name: `Why ${tag}`, position: -4, draft }),
  );
  await ok(as('admin').post(`/api/console/routing-policies/${made.id}/publish`, { note: 'Why' }));
  const lead = await newLead(someone('Asked', { campaign }));
  expect(await ok(as('admin').get<{ pool: number | null }>(`/api/console/leads/${lead.id}`))).toMatchObject({
    pool: await poolId('china'),
  });
  const page = await openAs('wang');
  await go(page, `/leads/${lead.id}`);
  await page.getByRole('button', { name: 'Why this owner?' }).click();
  const mine = page.getByRole('region', { name: 'Ownership' }).getByRole('alert', { name: 'Why (not) me?' });
  await expect(mine).toContainText('Cap of this rule reached (0 of 0)');
  await expect(mine).toContainText(`tongue-${tag}`);
  await shot(page, 'routing-why-not-me-en');
  const told = await ok(
    as('wang').get<{ candidates: { you: boolean; codes: { code: string }[] }[] }>(`/api/console/leads/${lead.id}/explain/owner`),
  );
  expect(told.candidates.filter(({ you }) => you).map(({ codes }) => codes.map(({ code }) => code))).toEqual([
    ['PERIOD_CAP', 'SKILL_MISSING'],
  ]);
});

for (const look of [
  { locale: 'zh', viewport: { width: 1440, height: 900 } },
  { locale: 'en', viewport: { width: 1440, height: 900 } },
  { locale: 'zh', theme: 'dark', viewport: { width: 390, height: 844 } },
  { locale: 'en', viewport: { width: 390, height: 844 } },
] as const satisfies readonly Look[]) {
  const name = `${look.locale}-${look.viewport.width}`;
  test(`pages of matching and leave look right: ${name}`, async ({ openAs }) => {
    await suggested(4);
    await suggested(5);
    const page = await openAs('admin', look);
    const [matching] = await ok(as('admin').get<{ id: number }[]>('/api/console/account-matching'));
    for (const [title, at] of [
      ['suggestions', '/routing/suggestions'],
      ['leave', '/routing/leave'],
      ['matching', '/setup/matching'],
      ['matching-one', `/setup/matching/${matching?.id}`],
    ] as const) {
      await go(page, at);
      await settled(page);
      await shot(page, `${title}-${name}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      await expect(page.getByText(/\b(routing|setup)\.[a-z]+\.[a-zA-Z.]+/)).toHaveCount(0);
    }
  });
}
