import type { Locator, Page } from '@playwright/test';
import { GRADING_TEMPLATES } from '../../plugins/lead-grading/contracts/templates';
import { STANDARD_LIFECYCLE } from '../../plugins/leads/contracts/lifecycle';
import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla/contracts/templates';
import { as, expect, go, newLead, ok, someone, test } from './support';

test.use({ actionTimeout: 30_000 });
test.describe.configure({ timeout: 120_000 });

const label = { zh: '规则甲', en: 'Rule A' };
const inCity = (city: string) => ({ combinator: 'and', rules: [{ field: 'lead.city', operator: '=', value: city }] });

interface Kind {
  readonly resource: string;
  readonly slug: string;
  /** A body that is fit to be published and has the condition in it. */
  readonly body: (when: ReturnType<typeof inCity>) => unknown;
  /** What has to be opened before the condition is seen, by its name. */
  readonly open?: RegExp;
  readonly legend: string;
}

const contract = FIRST_RESPONSE_CONTRACT;
const [model] = GRADING_TEMPLATES.map(({ body }) => body);
if (!model) throw new Error('There is no template.');
const KINDS: Readonly<Record<string, Kind>> = {
  pool: {
    resource: 'pools',
    slug: 'pools',
    body: (when) => ({ kind: 'claimable', members: [{ type: 'everyone', rights: ['claim'] }], entry: { accepts: when } }),
    open: /^What enters/,
    legend: 'Leads that belong here',
  },
  'grading model': {
    resource: 'grading-models',
    slug: 'grading',
    body: (when) => ({
      ...model,
      mode: 'shadow',
      fit: { ...model.fit, rules: [{ type: 'condition', key: 'a', group: 'person', label, points: 10, when }] },
    }),
    open: /Rule A/,
    legend: 'When',
  },
  'routing policy': {
    resource: 'routing-policies',
    slug: 'routing',
    body: (when) => ({
      when: inCity('nowhere'),
      rules: [{ key: 'a', label, when, destination: { kind: 'pool', key: 'china' } }],
      otherwise: { kind: 'pool', key: 'china' },
    }),
    open: /Rule A/,
    legend: 'For leads where',
  },
  contract: {
    resource: 'sla-contracts',
    slug: 'sla',
    body: (start) => ({
      ...contract,
      calendar: 'shanghai',
      metrics: contract.metrics.slice(0, 1).map((metric) => ({ ...metric, label, start })),
    }),
    open: /Rule A/,
    legend: 'When',
  },
  lifecycle: {
    resource: 'lifecycles',
    slug: 'lifecycle',
    body: (guard) => ({
      ...STANDARD_LIFECYCLE,
      transitions: STANDARD_LIFECYCLE.transitions.map((move, index) => (index === 0 ? { ...move, label, guard } : move)),
    }),
    open: /Rule A/,
    legend: 'Only for leads of which this holds',
  },
};

interface World {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly incoming: readonly { readonly id: number; readonly name: string }[];
}

/** A live policy whose condition three leads meet, and two other leads that meet what it is changed to. */
async function published(kind: Kind): Promise<World> {
  const mark = `${kind.slug}${Date.now().toString(36)}`;
  const [before, after] = [`${mark}-old`, `${mark}-new`];
  for (let count = 0; count < 3; count += 1) await newLead(someone('cond', { city: before }));
  const incoming = [await newLead(someone('cond', { city: after })), await newLead(someone('cond', { city: after }))];
  const made = { key: mark, name: `Compared ${mark}`, position: 98, draft: kind.body(inCity(before)) };
  const { id } = await ok(as('admin').post<{ id: number }>(`/api/console/${kind.resource}`, made));
  await ok(as('admin').post(`/api/console/${kind.resource}/${id}/publish`, { note: 'As it begins' }));
  return { id, before, after, incoming };
}

async function conditionOf(page: Page, kind: Kind, id: number): Promise<Locator> {
  await go(page, `/setup/${kind.slug}/${id}`);
  if (kind.open) await page.getByRole('main').getByRole('button', { name: kind.open }).first().click();
  return page.getByRole('group', { name: kind.legend, exact: true }).first();
}

for (const [name, kind] of Object.entries(KINDS))
  test(`${name}: a changed condition says how many come in and fall out against the live version, and shows them`, async ({ openAs }) => {
    const { id, before, after, incoming } = await published(kind);
    const page = await openAs('admin');
    const condition = await conditionOf(page, kind, id);
    await expect(condition.getByText('3 leads match')).toBeVisible();
    await expect(condition.getByText(/newly in|newly out/)).toHaveCount(0);

    const value = condition.getByLabel('Value');
    await expect(value).toHaveValue(before);
    await value.fill(after);
    await expect(condition.getByText('2 leads match')).toBeVisible();
    await expect(condition.getByRole('button', { name: '−3 newly out' })).toBeVisible();
    await condition.getByRole('button', { name: '+2 newly in' }).click();
    const sample = page.getByRole('dialog', { name: /^Newly in/ });
    await expect(sample.getByRole('listitem')).toHaveCount(2);
    const newest = sample.getByRole('listitem').first();
    await expect(newest).toContainText(incoming[1]?.name ?? '');
    const [tab] = await Promise.all([page.context().waitForEvent('page'), newest.getByRole('link').click()]);
    await expect(tab).toHaveURL(new RegExp(`/leads/${incoming[1]?.id}$`));
    await tab.close();
    await page.keyboard.press('Escape');
    await expect(value).toHaveValue(after);
    await condition.getByRole('button', { name: '−3 newly out' }).click();
    await expect(page.getByRole('dialog', { name: /^Newly out/ }).getByRole('listitem')).toHaveCount(3);
    await page.keyboard.press('Escape');
    await value.fill(before);
    await expect(condition.getByText('3 leads match')).toBeVisible();
    await expect(condition.getByText(/newly in|newly out/)).toHaveCount(0);
    await ok(as('admin').delete(`/api/console/${kind.resource}/${id}`));
  });

test('a rule that the live version does not have is said to be new, and where nothing matches each condition says what it finds', async ({
  openAs,
}) => {
  const kind = KINDS['routing policy'];
  if (!kind) throw new Error('There is no such kind.');
  const { id, before } = await published(kind);
  const page = await openAs('admin');
  await go(page, `/setup/routing/${id}`);
  await page.getByRole('button', { name: 'Rule', exact: true }).click();
  const condition = page.getByRole('group', { name: kind.legend, exact: true }).first();
  await condition.getByRole('button', { name: 'Condition' }).click();
  await condition.getByRole('combobox', { name: 'Field' }).fill('City');
  await page.getByRole('option', { name: 'City', exact: true }).first().click();
  await condition.getByLabel('Value').fill(before);
  await expect(condition.getByText('3 leads match')).toBeVisible();
  await expect(condition.getByText('New: not in the live version')).toBeVisible();
  await condition.getByLabel('Value').fill('no such town');
  await condition.getByRole('button', { name: '0 leads match' }).click();
  await expect(page.getByRole('dialog', { name: 'What each condition finds' })).toContainText('finds 0 leads by itself');
  await page.keyboard.press('Escape');
  await ok(as('admin').delete(`/api/console/routing-policies/${id}`));
});

test('more leads than are shown open in the list with the condition as its filter', async ({ openAs }) => {
  const kind = KINDS['pool'];
  if (!kind) throw new Error('There is no such kind.');
  const { id } = await published(kind);
  const page = await openAs('admin');
  const condition = await conditionOf(page, kind, id);
  await condition.getByRole('button', { name: 'Not', exact: true }).click();
  await condition.getByRole('button', { name: /newly in/ }).click();
  const sample = page.getByRole('dialog', { name: /^Newly in/ });
  await expect(sample.getByRole('listitem')).toHaveCount(10);
  const [list] = await Promise.all([
    page.context().waitForEvent('page'),
    sample.getByRole('link', { name: 'Open all in the list' }).click(),
  ]);
  await expect(list).toHaveURL(/\/leads\?/);
  await expect(list.getByText('By a condition', { exact: true })).toBeVisible();
  await expect(list.getByRole('row').nth(1)).toBeVisible();
  await list.close();
  await ok(as('admin').delete(`/api/console/pools/${id}`));
});

test('an earlier version shows what it would change before it goes live again, or is taken as the draft', async ({ openAs }) => {
  const kind = KINDS['routing policy'];
  if (!kind) throw new Error('There is no such kind.');
  const { id, before, after } = await published(kind);
  const path = `/api/console/${kind.resource}/${id}`;
  await ok(as('admin').put(path, { draft: kind.body(inCity(after)) }));
  await ok(as('admin').post(`${path}/publish`, { note: 'Another town' }));
  const page = await openAs('admin');
  await go(page, `/setup/${kind.slug}/${id}`);
  const history = page.getByRole('region', { name: 'History' });
  await history.getByRole('button', { name: 'Changes' }).last().click();
  await history.getByRole('button', { name: 'Take it as the draft' }).click();
  await expect(page.getByRole('region', { name: 'Differences from the live version' })).toContainText(`City is “${before}”`);
  await expect(page.getByText('Worked out for the saved draft.')).toBeVisible();
  await page.getByRole('button', { name: 'Rule A', expanded: false }).click();
  const condition = page.getByRole('group', { name: kind.legend, exact: true }).first();
  await expect(condition.getByRole('button', { name: '+3 newly in' })).toBeVisible();
  await expect(condition.getByRole('button', { name: '−2 newly out' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo changes' }).click();

  await history.getByRole('button', { name: 'Make version 1 live again…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make version 1 live again?' });
  await expect(dialog).toContainText(before);
  expect((await ok(as('admin').get<{ version: number }>(path))).version).toBe(2);
  await dialog.getByRole('button', { name: 'Make version 1 live again' }).click();
  await expect(history.getByText('Version 3')).toBeVisible();
  expect(JSON.stringify((await ok(as('admin').get<{ published: unknown }>(path))).published)).toContain(before);
  await ok(as('admin').delete(path));
});
