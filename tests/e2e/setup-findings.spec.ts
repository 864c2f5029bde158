import { as, expect, go, ok, poolId, test } from './support';

interface Policy {
  readonly draft: Record<string, unknown>;
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const LIMITS = [
  { kind: 'claims', per: 'day', max: 20 },
  { kind: 'claims', per: 'week', max: 0 },
];

test('a finding opens the editor at the rule it names: opened, in sight and in focus, from a phone too', async ({ openAs }) => {
  const id = await poolId('china');
  const before = await ok(as('admin').get<Policy>(`/api/console/pools/${id}`));
  await ok(as('admin').put(`/api/console/pools/${id}`, { draft: { ...before.draft, limits: LIMITS } }));
  try {
    for (const look of [{}, PHONE]) {
      const page = await openAs('admin', look);
      await go(page, '/setup/linter');
      await page.getByRole('listitem').filter({ hasText: 'A limit of 0 stops everybody' }).first().click();
      await expect(page).toHaveURL(new RegExp(`/setup/pools/${id}#limits\\.1$`));
      const rule = page.locator('[data-place="limits.1"]');
      await expect(rule).toBeInViewport();
      await expect(rule.locator(':focus')).toHaveCount(1);
      await expect(page.locator('[data-place="limits.0"]').locator(':focus')).toHaveCount(0);
    }
  } finally {
    await ok(as('admin').put(`/api/console/pools/${id}`, { draft: before.draft }));
  }
});

test('what the checks say beside a draft leads to its place, as often as it is asked for', async ({ openAs }) => {
  const id = await poolId('china');
  const before = await ok(as('admin').get<Policy>(`/api/console/pools/${id}`));
  await ok(as('admin').put(`/api/console/pools/${id}`, { draft: { ...before.draft, limits: LIMITS } }));
  try {
    const page = await openAs('admin', PHONE);
    await go(page, `/setup/pools/${id}`);
    const finding = page.getByRole('link', { name: /A limit of 0 stops everybody/ });
    for (const _time of [1, 2]) {
      await finding.click();
      const rule = page.locator('[data-place="limits.1"]');
      await expect(rule.locator(':focus')).toHaveCount(1);
      await expect(rule).toBeInViewport();
    }
    await page.goBack();
    await expect(page).not.toHaveURL(/setup\/pools/);
  } finally {
    await ok(as('admin').put(`/api/console/pools/${id}`, { draft: before.draft }));
  }
});

test('a finding about a role opens the role at the kind of record it speaks of', async ({ openAs }) => {
  const role = await ok(
    as('admin').post<{ id: number }>('/api/console/roles', {
      key: 'findings-role',
      label: { zh: '写而不读', en: 'Writes unread' },
      resources: { campaigns: { create: ['all'], update: ['all'] } },
      fields: { campaigns: { '*': 'write' } },
    }),
  );
  const page = await openAs('admin');
  await go(page, '/setup/linter');
  await page.getByRole('listitem').filter({ hasText: 'Writes unread' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Writes unread' });
  await expect(dialog.locator('[data-place="resources.campaigns"]')).toBeInViewport();
  await expect(dialog.locator('[data-place="resources.campaigns"]').locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/setup\/roles$/);
  await ok(as('admin').put(`/api/console/roles/${role.id}`, { resources: { campaigns: { read: ['all'], update: ['all'] } } }));
});
