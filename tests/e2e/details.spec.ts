import { as, expect, go, leadOf, memberOf, newLead, ok, someone, test } from './support';

/** Small things of the console that somebody would miss: words instead of keys, what stays in sight on a phone, dialogs that tell before they do. */
const tag = Date.now().toString(36);
const PHONE = { viewport: { width: 390, height: 844 } } as const;
const admin = () => as('admin');
const label = (en: string, zh: string): { en: string; zh: string } => ({ en, zh });

const field = async (key: string, type: string, more: Record<string, unknown>): Promise<number> =>
  (await ok(admin().post<{ id: number }>('/api/console/fields', { entity: 'lead', key: `${key}_${tag}`, type, ...more }))).id;

test('on a phone the event of a line of the notification matrix stays in sight while the roles are pushed sideways', async ({ openAs }) => {
  const page = await openAs('admin', PHONE);
  await go(page, '/setup/notifications');
  const line = page.getByRole('row').nth(1);
  const [event, roles] = [line.getByRole('rowheader'), line.getByRole('cell').first()];
  await expect(event).toBeVisible();
  const [eventAt, rolesAt] = [await event.boundingBox(), await roles.boundingBox()];
  await page.getByRole('table').evaluate((table) => table.parentElement?.scrollBy({ left: 40, behavior: 'instant' }));
  await expect.poll(async () => Math.round(rolesAt!.x - ((await roles.boundingBox())?.x ?? 0))).toBe(40);
  expect((await event.boundingBox())?.x).toBe(eventAt!.x);
  await expect(page.locator('body')).toHaveJSProperty('scrollWidth', 390);
});

test('on a phone the console can be put on the home screen: it has a name, a start and icons that are there', async ({ openAs }) => {
  const page = await openAs('wang', PHONE);
  await go(page, '/work');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await page.request.get(new URL(href!, page.url()).href);
  expect(answer.headers()['content-type']).toContain('application/manifest+json');
  const manifest = (await answer.json()) as { name: string; start_url: string; display: string; icons: { src: string; type: string }[] };
  expect(manifest).toMatchObject({ name: 'Leadsea', start_url: '/console/', display: 'standalone' });
  expect(manifest.icons.length).toBeGreaterThan(1);
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(new URL(src, answer.url()).href);
    expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
  }
});

test('a number leads to what it counts, and by which version', async ({ openAs }) => {
  const page = await openAs('admin');
  await go(page, '/home');
  const funnel = page.getByRole('region', { name: 'Funnel' });
  await expect(funnel.getByRole('link', { name: /^Stages as defined in version \d+$/ })).toBeVisible();
  await funnel.getByRole('link', { name: 'What “MQL” means' }).click();
  await expect(page.getByRole('heading', { name: 'Definitions' })).toBeVisible();
  await expect(page).toHaveURL(/\/definitions#mql$/);
  await expect(page.getByText(/Version \d+, in force since/)).toBeVisible();
  await page.goBack();
  await funnel.getByRole('link', { name: 'How “Funnel” is counted' }).click();
  await expect(page).toHaveURL(/#count-funnel$/);
  await expect(page.locator('#definition-count-funnel')).toBeInViewport();
});

test('a month is picked in the language of the console', async ({ openAs }) => {
  for (const [locale, name, year, month, shown] of [
    ['zh', '月份', '上一年', /^\d{4}年3月$/, /^\d{4}年3月$/],
    ['en', 'Month', 'Previous year', /^March \d{4}$/, /^March \d{4}$/],
  ] as const) {
    const page = await openAs('admin', { locale });
    await go(page, '/routing/fairness');
    const group = page.getByRole('group', { name });
    await group.getByRole('button').nth(1).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByRole('button', { name: year }).click();
    await dialog.getByRole('button', { name: month }).click();
    await expect(dialog).toBeHidden();
    await expect(group.getByRole('button').nth(1)).toHaveText(shown);
  }
});

test('a reason that is no longer offered stands in the story of a lead by its name, in both languages', async ({ openAs }) => {
  interface Graph {
    readonly id: number;
    readonly draft: { readonly transitions: readonly { readonly to: string; readonly reasons?: readonly { readonly value: string }[] }[] };
  }
  const [graph] = await ok(admin().get<Graph[]>('/api/console/lifecycles?range=[0,0]'));
  const publish = async (draft: unknown): Promise<void> => {
    await ok(admin().put(`/api/console/lifecycles/${graph!.id}`, { draft }));
    await ok(admin().post(`/api/console/lifecycles/${graph!.id}/publish`, { note: 'reasons' }));
  };
  const reason = { value: `moved_${tag}`, label: label(`Moved town ${tag}`, `已搬迁${tag}`) };
  const transitions = graph!.draft.transitions.map((move) =>
    move.to === 'disqualified' ? { ...move, reasons: [...(move.reasons ?? []), reason] } : move,
  );
  await publish({ ...graph!.draft, transitions });
  const lead = await leadOf('wang', someone('Reason'));
  await ok(admin().post(`/api/console/leads/${lead.id}/disqualify`, { reason: reason.value }));
  await publish(graph!.draft);
  for (const [locale, words] of [
    ['en', reason.label.en],
    ['zh', reason.label.zh],
  ] as const) {
    const page = await openAs('admin', { locale });
    await go(page, `/leads/${lead.id}`);
    await expect(page.getByText(words).first()).toBeVisible();
    await expect(page.getByText(reason.value)).toHaveCount(0);
  }
});

test('a day of an own field is shown as the console shows days, and "no" is an answer', async ({ openAs }) => {
  await field('renewal', 'date', { label: label(`Renewal ${tag}`, `续约日${tag}`) });
  await field('partner', 'boolean', { label: label(`Partner ${tag}`, `伙伴${tag}`) });
  const lead = await newLead(someone('Own', { custom: { [`renewal_${tag}`]: '2026-03-06', [`partner_${tag}`]: false } }));
  for (const [locale, day, no] of [
    ['en', '6 Mar 2026', 'No'],
    ['zh', '2026/03/06', '否'],
  ] as const) {
    const page = await openAs('admin', { locale });
    await go(page, `/leads/${lead.id}`);
    await expect(page.getByText(day, { exact: true })).toBeVisible();
    await expect(page.getByText(no, { exact: true })).toBeVisible();
  }
});

test("a reference of one's own is called by name: on the record, in its story and in the audit", async ({ openAs }) => {
  const key = `advisor_${tag}`;
  await field('advisor', 'reference', { label: label(`Advisor ${tag}`, `顾问${tag}`) });
  const lead = await newLead(someone('Advised'));
  const anna = await memberOf('anna');
  await ok(as('admin').put(`/api/console/leads/${lead.id}`, { custom: { [key]: anna.id } }));
  const page = await openAs('admin');
  await go(page, `/leads/${lead.id}`);
  await page.getByText(`Advisor ${tag}: – → ${anna.name}`).waitFor();
  await expect(page.getByText(`Advisor ${tag}`, { exact: true }).locator('..')).toContainText(anna.name);
  await go(page, '/setup/audit');
  await page.getByRole('button', { name: new RegExp(`Advisor ${tag}.*Lead #${lead.id}`) }).click();
  await expect(page.getByRole('definition').filter({ hasText: anna.name }).first()).toBeVisible();
});

test('the preview of a list that is laid out shows names and words, as the list will', async ({ openAs }) => {
  const owner = await memberOf('wang');
  const name = `Preview ${tag}`;
  await ok(admin().post('/api/console/accounts', { name, owner: owner.id, country: 'DE' }));
  const page = await openAs('admin');
  await go(page, '/setup/layouts');
  await page.getByRole('tab', { name: 'Accounts' }).click();
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const line = page.getByRole('row').filter({ hasText: name });
  await expect(line.getByText(owner.name)).toBeVisible();
  await expect(line.getByText('Germany')).toBeVisible();
  await page
    .getByRole('tab', { name: 'Activities' })
    .or(page.getByRole('tab', { name: 'Follow-ups' }))
    .click();
  await expect(page.getByRole('row').nth(1)).not.toContainText(/\d{4}-\d\d-\d\dT/);
});

test('a role is limited to records with certain values of a field, and is not saved without one', async ({ openAs }) => {
  const options = ['north', 'south'].map((value) => ({ value, label: label(`${value} ${tag}`, `${value}${tag}`) }));
  await field('region', 'select', { label: label(`Region ${tag}`, `大区${tag}`), options });
  const key = `regional-${tag}`;
  const role = await ok(
    admin().post<{ id: number }>('/api/console/roles', {
      key,
      label: label(`Regional ${tag}`, `区域${tag}`),
      resources: { leads: { read: ['all'] } },
      fields: { leads: { '*': 'read' } },
    }),
  );
  const page = await openAs('admin');
  await go(page, '/setup/roles');
  await page.getByText(`Regional ${tag}`).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Limit by a field' }).fill(`Region ${tag}`);
  await page.getByRole('option', { name: `Region ${tag}` }).click();
  await expect(dialog.getByText('Choose at least one value.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: `Values of Region ${tag}` }).click();
  await page.getByRole('option', { name: `north ${tag}` }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  expect(await ok(admin().get<object>(`/api/console/roles/${role.id}`))).toMatchObject({
    only: { leads: { [`custom.region_${tag}`]: ['north'] } },
  });
});

test('the audit names the parts of what was configured in words', async ({ openAs }) => {
  const key = `worded-${tag}`;
  const body = { key, label: label(`Worded ${tag}`, `措辞${tag}`), resources: {}, fields: {} };
  const role = await ok(admin().post<{ id: number }>('/api/console/roles', body));
  await ok(admin().put(`/api/console/roles/${role.id}`, { label: label(`Reworded ${tag}`, `改写${tag}`) }));
  const page = await openAs('admin');
  await go(page, '/setup/audit?subject=role');
  const line = page.getByRole('button', { name: new RegExp(`Role changed.*Role #${role.id}`) }).first();
  await expect(line).toContainText('Name');
  await expect(line).not.toContainText('Heat');
});

test('merging an option tells first what has it and what names it', async ({ openAs }) => {
  const options = ['gold', 'silver'].map((value) => ({ value, label: label(`${value} ${tag}`, `${value}${tag}`) }));
  const id = await field('tier', 'select', { label: label(`Tier ${tag}`, `级别${tag}`), options });
  await newLead(someone('Silver', { custom: { [`tier_${tag}`]: 'silver' } }));
  const when = { combinator: 'and', rules: [{ field: `lead.custom.tier_${tag}`, operator: '=', value: 'silver' }] };
  const pool = await ok(
    admin().post<{ id: number }>('/api/console/pools', {
      key: `tier-${tag}`,
      name: `Tier pool ${tag}`,
      draft: { kind: 'claimable', members: [{ type: 'everyone', rights: ['claim'] }], entry: { accepts: when, rules: [] } },
    }),
  );
  const page = await openAs('admin');
  await go(page, '/setup/fields');
  await page.getByRole('button', { name: new RegExp(`Tier ${tag}`) }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Merge into…' }).last().click();
  const dialog = page.getByRole('dialog').filter({ hasText: `Merge “silver ${tag}” into another option` });
  await expect(dialog.getByText('1 record gets the other option.')).toBeVisible();
  await expect(dialog.getByText(`Tier pool ${tag}`)).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Into' }).click();
  await page.getByRole('option', { name: `gold ${tag}` }).click();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => JSON.stringify((await ok(admin().get<{ draft: unknown }>(`/api/console/pools/${pool.id}`))).draft))
    .toContain('"gold"');
  await expect.poll(async () => (await ok(admin().get<{ options: unknown[] }>(`/api/console/fields/${id}`))).options.length).toBe(1);
});
