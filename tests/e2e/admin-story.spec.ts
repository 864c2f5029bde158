import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { api, startServer, type Api, type TestServer } from '../support/server';
import { as, expect, go, leadOf, memberOf, newLead, ok, poolId, somePhone, someone, test } from './support';

/**
 * One story from beginning to end, without code and without a restart: a field that did not exist becomes part of forms, rights, rules, scores,
 * routing and imports, and moves with the whole configuration to an empty installation that then behaves the same.
 */
const tag = Date.now().toString(36);
const label = { zh: `采购阶段${tag}`, en: `Buying stage ${tag}` };
const OPTIONS = [
  ['观望', 'Looking around'],
  ['招标中', 'Out for tender'],
] as const;

async function choose(page: Page, name: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name }).last().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

interface Field {
  readonly key: string;
  readonly label: { readonly en: string };
  readonly options: readonly { readonly value: string; readonly label: { readonly en: string } }[];
}

/** The new field's key, and the keys of its options by label. */
async function theField(client: Api = as('admin')): Promise<{ key: string; option: (en: string) => string }> {
  const fields = await ok(client.get<Field[]>('/api/console/fields?range=[0,499]'));
  const field = fields.find((one) => one.label.en === label.en);
  return { key: field?.key ?? '', option: (en) => field?.options.find((one) => one.label.en === en)?.value ?? '' };
}
const valueOf = async (option: string): Promise<Record<string, string>> => {
  const field = await theField();
  return { [field.key]: field.option(option) };
};

async function publish(page: Page, note: string): Promise<void> {
  await page.getByRole('button', { name: 'Publish…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Publish' })).toBeDisabled();
  await dialog.getByLabel('Why is it changed?').fill(note);
  // Where leads move by the next working day, whoever publishes has seen it.
  const seen = dialog.getByRole('checkbox');
  if ((await seen.count()) > 0) await seen.check();
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
}

/** Lifts with Space, moves with the arrows, drops with Space; the library wants a moment after each. */
async function dragByKeys(page: Page, handle: Locator, key: 'ArrowUp' | 'ArrowDown', times: number): Promise<void> {
  await handle.focus();
  await page.keyboard.press('Space');
  for (let step = 0; step < times; step += 1) {
    await page.waitForTimeout(350);
    await page.keyboard.press(key);
  }
  await page.waitForTimeout(350);
  await page.keyboard.press('Space');
  await page.waitForTimeout(350);
}

async function openLayout(page: Page, role: RegExp): Promise<void> {
  await go(page, '/setup/layouts');
  await page.getByRole('combobox', { name: 'For' }).click();
  await page.getByRole('option', { name: role }).click();
}

const details = (page: Page): Locator => page.getByRole('region', { name: 'Details' });

/** What a captured lead came to: which rule of which policy, where it went by name, what it is worth and why. */
interface Came {
  readonly name: string;
  readonly stage: string;
  readonly grade: string;
  readonly fitScore: number;
  readonly owner: string | null;
  readonly pool: string | null;
  readonly points: boolean;
}

test.describe.configure({ timeout: 180_000 });

test.describe.serial('an administrator without code or restart', () => {
  test('adds a field with options, which is there at once', async ({ openAs }) => {
    const page = await openAs('admin');
    await go(page, '/setup/fields');
    await page.getByRole('button', { name: 'New field' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name · 中文').fill(label.zh);
    await dialog.getByLabel('Name · English').fill(label.en);
    await choose(page, 'Type', 'One of a list');
    for (const [zh, en] of OPTIONS) {
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
    await details(rep)
      .getByRole('button', { name: /^Show .*empty field/ })
      .click();
    await expect(details(rep)).toContainText(label.en);
    await details(rep).getByRole('button', { name: 'Edit' }).click();
    await choose(rep, label.en, 'Out for tender');
    await details(rep).getByRole('button', { name: 'Save' }).click();
    await expect(details(rep)).toContainText(`${label.en}Out for tender`);
  });

  test('puts it on the form for one role: sales sees it first, the manager not at all', async ({ openAs }) => {
    const lead = await leadOf('wang', someone('Layout', { custom: await valueOf('Looking around') }));
    const page = await openAs('admin');
    await openLayout(page, /^Everybody/);
    await page.getByRole('button', { name: `Take ${label.en} off` }).click();
    await expect(page.getByRole('button', { name: `Put ${label.en} on` })).toBeVisible();
    await page.getByRole('button', { name: 'Save layout' }).click();
    await expect(page.getByText('Layout saved').first()).toBeVisible();

    await openLayout(page, /^Sales$/);
    await expect(page.getByText('This role has no layout of its own')).toBeVisible();
    await page.getByRole('button', { name: 'Add section' }).click();
    await page.getByLabel('Section · 中文').last().fill(`采购${tag}`);
    await page.getByLabel('Section · English').last().fill(`Buying ${tag}`);
    await page.getByRole('button', { name: `Put ${label.en} on` }).click();
    const preview = page.getByRole('region', { name: 'Preview' });
    await expect(preview.getByRole('heading', { name: `Buying ${tag}` })).toBeVisible();
    await expect(preview.getByRole('combobox', { name: label.en })).toBeVisible();
    // The new field is dragged with the keyboard: out of its own section, below the last field of the one above.
    await dragByKeys(page, page.getByRole('button', { name: 'Move Job title' }), 'ArrowUp', 1);
    const person = page.getByRole('region', { name: 'Person', exact: true });
    await expect(person.getByRole('button', { name: /^Move (?!up|down)/ }).first()).toHaveAccessibleName('Move Job title');
    for (let step = 0; step < 12; step += 1) {
      const up = page.getByRole('button', { name: `Move up: Buying ${tag}` });
      if (await up.isDisabled()) break;
      await up.click();
    }
    await page.getByRole('button', { name: 'Save layout' }).click();
    await expect(page.getByText('Layout saved').first()).toBeVisible();

    const rep = await openAs('wang');
    await go(rep, `/leads/${lead.id}`);
    await expect(details(rep).getByRole('heading').nth(1)).toHaveText(`Buying ${tag}`);
    await expect(details(rep)).toContainText(`${label.en}Looking around`);
    const manager = await openAs('manager');
    await go(manager, `/leads/${lead.id}`);
    await expect(details(manager)).toContainText('Company');
    await expect(details(manager)).not.toContainText(label.en);
  });

  test('masks it for another role, which neither sees, searches nor filters it', async ({ openAs }) => {
    const page = await openAs('admin');
    await go(page, '/setup/roles');
    await page.getByRole('row', { name: /^Marketing / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Another field' }).fill(label.en);
    await page.getByRole('option', { name: label.en }).click();
    await expect(dialog.getByRole('group', { name: label.en }).getByRole('button', { name: 'Masked' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();

    const { key } = await theField();
    const custom = await valueOf('Out for tender');
    const lead = await newLead(someone('Masked', { custom }));
    const seen = await ok(as('mia').get<{ custom: Record<string, unknown>; _masked: string[] }>(`/api/console/leads/${lead.id}`));
    expect(seen._masked).toContain(`custom.${key}`);
    expect(JSON.stringify(seen.custom)).not.toContain(custom[key]);
    const asked = await as('mia').get<{ error: { details: { code: string } } }>(
      `/api/console/leads?filter=${encodeURIComponent(JSON.stringify({ [`custom.${key}`]: custom[key] }))}`,
    );
    expect(asked.body.error.details.code).toBe('FIELD_NOT_SEARCHABLE');
    const marketing = await openAs('mia');
    await go(marketing, '/leads');
    await marketing.getByRole('button', { name: 'Add filter' }).click();
    await expect(marketing.getByRole('menuitem', { name: 'Stage', exact: true })).toBeVisible();
    await expect(marketing.getByRole('menuitem', { name: label.en })).toHaveCount(0);
  });

  test('uses it in a recycle rule: sees how many leads match and what it would do, and publishes with a reason', async ({ openAs }) => {
    const page = await openAs('admin');
    await go(page, `/setup/pools/${await poolId('china')}`);
    await page.getByRole('button', { name: 'When leads come back' }).click();
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    await page.getByLabel('Reason the owner reads · 中文').fill(`观望超过 5 天 ${tag}`);
    await page.getByLabel('Reason the owner reads · English').fill(`Looked around too long ${tag}`);
    await page.getByRole('button', { name: 'Condition', exact: true }).last().click();
    await page.getByRole('combobox', { name: 'Field' }).last().fill(label.en);
    await page.getByRole('option', { name: label.en }).click();
    await page.getByRole('combobox', { name: 'Value' }).last().click();
    await page.getByRole('option', { name: 'Looking around' }).click();
    await expect(page.getByText('1 lead matches')).toBeVisible();

    await page.getByRole('button', { name: 'Save draft' }).click();
    await expect(page.getByText('Draft saved')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Check' })).toContainText('No problems found.');
    await expect(page.getByRole('region', { name: 'What it would do' })).toContainText(`Held leads under “Looked around too long ${tag}”`);
    await expect(page.getByRole('region', { name: 'Differences from the live version' })).toContainText(`Looked around too long ${tag}`);
    await publish(page, 'Those who only look around come back sooner.');
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
    await publish(page, 'Tenders are worth a call.');

    const rep = await openAs('wang');
    await expect(async () => {
      await go(rep, `/leads/${lead.id}`);
      await expect(rep.getByRole('region', { name: 'Grade' })).toContainText(`Tender ${tag}+10`, { timeout: 8_000 });
    }).toPass();
  });

  test('routes by it with a decision table, tries the draft, and publishes', async ({ openAs }) => {
    const [wang, field] = [await memberOf('wang'), await theField()];
    const page = await openAs('admin');
    await go(page, '/setup/routing');
    await page.getByRole('button', { name: 'New policy' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(`Buying ${tag}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue(`Buying ${tag}`);
    const scope = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Which leads' }) });
    await scope.getByRole('button', { name: 'Condition', exact: true }).click();
    await scope.getByRole('combobox', { name: 'Field' }).fill(label.en);
    await page.getByRole('option', { name: label.en }).click();
    await choose(page, 'Comparison', 'is filled in');
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    await page.getByRole('combobox', { name: 'Goes to' }).first().click();
    await page.getByRole('option', { name: 'By a decision table' }).click();
    await page.getByRole('combobox', { name: 'Columns' }).fill(label.en);
    await page.getByRole('option', { name: label.en }).click();
    await page.keyboard.press('Escape');
    for (const [number, option, to] of [
      [1, 'Out for tender', wang.name],
      [2, 'Looking around', '中国公海'],
    ] as const) {
      await page.getByRole('button', { name: 'Row', exact: true }).click();
      await page.getByLabel(`${label.en} ${number}`).fill(field.option(option));
      const row = page.getByRole('row', { name: new RegExp(`^${number}`) });
      await row.getByRole('combobox', { name: 'Goes to' }).fill(to);
      await page.getByRole('option', { name: to }).first().click();
    }
    await page.getByRole('button', { name: 'Save draft' }).click();
    await expect(page.getByText('Draft saved')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Check' })).not.toContainText('no rows');
    const tried = await newLead(someone('Tried', { custom: await valueOf('Out for tender') }));
    const panel = page.getByRole('region', { name: 'Try it with a lead' });
    await panel.getByRole('combobox', { name: 'Lead' }).fill(tried.name);
    await page.getByRole('option', { name: new RegExp(tried.name) }).click();
    await panel.getByRole('button', { name: 'Try', exact: true }).click();
    await expect(panel).toContainText(wang.name);
    await publish(page, 'Tenders go to who knows them.');

    // The first policy that fits decides: this one is moved before the one for everything else.
    await go(page, '/setup/routing');
    const mine = page.getByRole('listitem').filter({ hasText: `Buying ${tag}` });
    await expect(mine).toBeVisible();
    const up = mine.getByRole('button', { name: / up$/ });
    await expect(async () => {
      if (await up.isEnabled()) await up.click();
      await expect(page.getByRole('listitem').first()).toContainText(`Buying ${tag}`, { timeout: 1_000 });
    }).toPass();
  });

  test('imports a file into it: leads come in graded and given out by it, and the rep sees them', async ({ openAs }) => {
    const [wang] = [await memberOf('wang')];
    const rows = [
      ['招标中', 'Tender'],
      ['观望', 'Looker'],
    ].map(([option, name]) => `${name} ${tag},${somePhone()},${name} Firm ${tag},${option}`);
    const page = await openAs('admin');
    await go(page, '/imports');
    await expect(page.getByText('Drop a file here, or click to choose one')).toBeVisible();
    const content = ['姓名,手机,公司,' + label.zh, ...rows].join('\n');
    await page.locator('input[type=file]').setInputFiles({ name: `story-${tag}.csv`, mimeType: 'text/csv', buffer: Buffer.from(content) });
    await page.getByRole('button', { name: 'Next: columns' }).click();
    await expect(page.getByLabel(`Field for the column ${label.zh}`)).toHaveValue(label.en);
    for (const name of ['Next: options', 'Next: check', 'Check the file', 'Import 2 rows'])
      await page.getByRole('button', { name }).click();
    await expect(page.getByRole('button', { name: 'Take it back' })).toBeVisible({ timeout: 60_000 });

    const found = await ok(
      as('admin').get<{ id: number; name: string; owner: number | null; pool: number | null }[]>(
        `/api/console/leads?filter=${encodeURIComponent(JSON.stringify({ q: tag }))}&range=[0,99]`,
      ),
    );
    const [tender, looker] = ['Tender', 'Looker'].map((name) => found.find((lead) => lead.name === `${name} ${tag}`));
    expect(tender).toMatchObject({ owner: wang.id });
    expect(looker).toMatchObject({ owner: null, pool: await poolId('china') });
    const rep = await openAs('wang');
    await go(rep, `/leads/${tender?.id}`);
    await expect(details(rep)).toContainText(`${label.en}Out for tender`);
    await expect(rep.getByRole('region', { name: 'Grade' })).toContainText(`Tender ${tag}+10`);
    await go(rep, '/leads');
    await rep.getByRole('button', { name: 'Add filter' }).click();
    await rep.getByRole('menuitem', { name: label.en }).click();
    await rep.getByRole('menuitem', { name: 'Out for tender' }).click();
    await rep.keyboard.press('Escape');
    await expect(rep.getByRole('link', { name: `Tender ${tag}`, exact: true })).toBeVisible();
    await expect(rep.getByRole('link', { name: `Looker ${tag}`, exact: true })).toHaveCount(0);
  });

  let empty: TestServer;
  let there: Api;
  let bundle = '';
  test.beforeAll(async () => {
    test.setTimeout(300_000);
    empty = await startServer();
    const [first] = empty.accounts;
    there = await api(empty.url).login(first?.identifier ?? '', first?.password ?? '');
    // People are no configuration: whoever a policy names is invited there too.
    const people = await ok(as('admin').get<Record<string, unknown>[]>('/api/console/members?range=[0,99]'));
    const known = new Set((await ok(there.get<{ email: string }[]>('/api/console/members?range=[0,99]'))).map(({ email }) => email));
    for (const { name, email, roles } of people)
      if (!known.has(String(email))) await ok(there.post('/api/console/members', { name, email, roles, password: 'Story-of-admin-1' }));
  });
  test.afterAll(async () => {
    await empty?.close();
    // The forms of the company that the other tests see are the usual ones again.
    for (const { id } of await ok(as('admin').get<{ id: number }[]>('/api/console/layouts?range=[0,99]')))
      await ok(as('admin').delete(`/api/console/layouts/${id}`));
  });

  const asThere = async (page: Page): Promise<void> => {
    await page.addInitScript(
      ([token]) => {
        localStorage.setItem('leadsea.token', token ?? '');
        localStorage.setItem('RaStore.locale', '"en"');
      },
      [there.token ?? ''],
    );
  };

  test('downloads the configuration as one text that knows the field, its rights, its forms and every rule with it', async ({ openAs }) => {
    const page = await openAs('admin');
    await go(page, '/setup/config');
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 60_000 }),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    bundle = readFileSync(await download.path(), 'utf8');
    const { key } = await theField();
    for (const part of [`key: ${key}`, `custom.${key}: masked`, `Looked around too long ${tag}`, `Tender ${tag}`, `Buying ${tag}`])
      expect(bundle).toContain(part);
    expect(bundle).toMatch(/^leadsea: 1\n/);
  });

  test('compares and applies it in the console of an empty installation, where then nothing is left to change', async ({ page }) => {
    await asThere(page);
    await page.goto(`${empty.url}/console/setup/config`);
    await page.locator('input[type=file]').setInputFiles({ name: 'leadsea.yaml', mimeType: 'text/yaml', buffer: Buffer.from(bundle) });
    await page.getByRole('button', { name: 'Compare' }).click();
    const plan = page.getByTestId('config-plan');
    await expect(plan).toContainText(`Buying ${tag}`.toLowerCase().replace(' ', '-'));
    await expect(plan.getByText('Cannot be applied')).toHaveCount(0);
    await page.getByRole('button', { name: /^Apply \d+ changes$/ }).click();
    await expect(plan).toContainText('Nothing to change', { timeout: 120_000 });
  });

  test('finds the same there: the same leads get the same points, grade, place and form', async ({ page }) => {
    const { key, option } = await theField(there);
    const here = await theField();
    expect([key, option('Out for tender')]).toEqual([here.key, here.option('Out for tender')]);
    const people = ['Out for tender', 'Looking around', null].map((choice, index) =>
      someone(`Moved${index}`, { phone: somePhone(), custom: choice ? { [key]: option(choice) } : {}, title: 'CTO', employees: 300 }),
    );
    const came = async (client: Api): Promise<Came[]> => {
      const names = new Map(
        (await ok(client.get<{ id: number; name: string }[]>('/api/console/members?range=[0,99]'))).map((one) => [one.id, one.name]),
      );
      const pools = new Map(
        (await ok(client.get<{ id: number; key: string }[]>('/api/console/pools?range=[0,99]'))).map((one) => [one.id, one.key]),
      );
      const { results } = await ok(client.post<{ results: { lead: number }[] }>('/api/capture/demo-website', people));
      return Promise.all(
        results.map(async ({ lead: id }) => {
          const lead = await ok(client.get<Came & { owner: number | null; pool: number | null }>(`/api/console/leads/${id}`));
          const { rules } = await ok(
            client.get<{ rules: { label: { en: string }; matched: boolean }[] }>(`/api/console/leads/${id}/explain/score`),
          );
          return {
            name: lead.name,
            stage: lead.stage,
            grade: lead.grade,
            fitScore: lead.fitScore,
            owner: names.get(Number(lead.owner)) ?? null,
            pool: pools.get(Number(lead.pool)) ?? null,
            points: rules.some((rule) => rule.matched && rule.label.en === `Tender ${tag}`),
          };
        }),
      );
    };
    const [atHome, moved] = [await came(as('admin')), await came(there)];
    expect(moved.slice(0, 2)).toEqual(atHome.slice(0, 2));
    expect(moved[0]).toMatchObject({ owner: (await memberOf('wang')).name, points: true });
    expect(moved[1]).toMatchObject({ owner: null, pool: 'china', points: true });
    // Without a value nothing of this story applies; who then gets it depends on who holds how much already.
    expect(moved[2]).toMatchObject({ grade: atHome[2]?.grade, fitScore: atHome[2]?.fitScore, points: false });

    const rep = await api(empty.url).login('wang@demo.leadsea.local', 'Story-of-admin-1');
    there = rep;
    await asThere(page);
    const mine = await ok(rep.get<{ id: number }[]>('/api/console/leads'));
    await page.goto(`${empty.url}/console/leads/${mine[0]?.id}`);
    await expect(details(page).getByRole('heading').nth(1)).toHaveText(`Buying ${tag}`);
    await expect(details(page)).toContainText(`${label.en}Out for tender`);
    const mia = await api(empty.url).login('mia@demo.leadsea.local', 'Story-of-admin-1');
    const seen = await ok(mia.get<{ _masked: string[] }>(`/api/console/leads/${mine[0]?.id}`));
    expect(seen._masked).toContain(`custom.${key}`);
  });
});
