import type { Page } from '@playwright/test';
import { as, expect, go, memberOf, ok, rowOf, test, type Name } from './support';
import { claim, leadsIn, newPool, only, readLead, region, tag } from './pools-support';

const RULE = { key: 'idle', label: { zh: '未跟进', en: 'Not followed up' }, since: 'claim' };

test('exhausted leads tell why and what was tried; brought back with a reason, the next owner reads it', async ({ openAs }) => {
  const pool = await newPool('tired', { kind: 'claimable', members: await only(['wang', 'li']), exhausted: { attempts: 2, owners: 5 } });
  const [lead, other] = await leadsIn(pool.id, 'Tired', 2);
  await claim('wang', [lead!, other!], pool.id);
  for (const { id } of [lead!, other!]) {
    for (const outcome of ['no_answer', 'no_answer'])
      await ok(as('wang').post(`/api/console/leads/${id}/activities`, { kind: 'call', outcome }));
    await ok(as('wang').post(`/api/console/leads/${id}/release`, { reason: 'no_answer' }));
  }
  const page = await openAs('admin');
  await go(page, '/pools/exhausted');
  await page.getByRole('searchbox', { name: 'Search exhausted leads' }).fill(lead!.name);
  const row = rowOf(page, lead!.name);
  await expect(rowOf(page, other!.name)).toBeHidden();
  await expect(row).toContainText('2 of 2 attempts');
  await expect(row).toContainText('1 of 5 owners');
  await expect(row).toContainText('No answer × 2');
  await row.getByRole('button', { name: 'What was tried' }).click();
  await expect(row).toContainText('1 owner before · 2 attempts · 0 contacts');
  await row.getByRole('button', { name: 'Bring back…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bring this lead back' });
  await expect(dialog.getByRole('button', { name: 'Bring back' })).toBeDisabled();
  await dialog.getByLabel('Why is it worth another try?').fill('Their buyer changed.');
  await dialog.getByRole('button', { name: 'Bring back' }).click();
  await expect(page.getByText('1 lead is back')).toBeVisible();
  await expect(page.getByText('No exhausted lead matches')).toBeVisible();

  await claim('li', [lead!], pool.id);
  const rep = await openAs('li');
  await go(rep, `/leads/${lead!.id}`);
  const ownership = region(rep, 'Ownership');
  await ownership.getByRole('button', { name: 'What was tried' }).click();
  await expect(ownership).toContainText('Their buyer changed.');
  await expect(ownership).toContainText('No answer × 2');
  await expect(ownership).toContainText('Nobody answered at');
});

test('a limit stops everybody but those who may pass it, with a reason that stays in the history', async ({ openAs }) => {
  const members = [{ type: 'role', ref: 'pool-admin', rights: ['see', 'claim'] }, ...(await only(['wang']))];
  const pool = await newPool('limit', { kind: 'claimable', members, limits: [{ kind: 'claims', per: 'day', max: 0 }] });
  const [lead, left] = await leadsIn(pool.id, 'Limit', 2);
  const rep = await openAs('wang');
  await go(rep, `/pools?pool=${pool.id}`);
  await expect(rowOf(rep, lead!.name)).toBeVisible();
  await expect(rep.getByRole('button', { name: 'Claim', exact: true })).toHaveCount(0);

  const page = await openAs('pool');
  await go(page, `/pools?pool=${pool.id}`);
  await rowOf(page, lead!.name).getByRole('button', { name: 'Claim' }).click();
  const dialog = page.getByRole('dialog', { name: 'A limit is reached' });
  await expect(dialog).toContainText('0 of 0 claims used today.');
  await dialog.getByLabel('Why this time?').fill('Fair tomorrow');
  await dialog.getByRole('button', { name: 'Pass the limit' }).click();
  await expect(page.getByText('Lead claimed')).toBeVisible();
  expect((await readLead(lead!.id))['owner']).toBe((await memberOf('pool')).id);
  // Left as it is, nothing happens.
  await rowOf(page, left!.name).getByRole('button', { name: 'Claim' }).click();
  await page.getByRole('button', { name: 'Leave it' }).click();
  await expect(rowOf(page, left!.name)).toContainText('1 of 0 claims used today.');
  expect((await readLead(left!.id))['owner']).toBeNull();
  await go(page, `/leads/${lead!.id}`);
  await expect(region(page, 'Timeline')).toContainText('Limit overridden');
});

test('who may pass limits is asked for a reason when he assigns and when he hands over', async ({ openAs }) => {
  const pool = await newPool('full', {
    kind: 'claimable',
    members: await only(['zhang'], ['see', 'claim', 'transfer']),
    limits: [{ kind: 'held', max: 0 }],
  });
  const [lead] = await leadsIn(pool.id, 'Full', 1);
  const give = async (page: Page, verb: string, to: Name, reason: string): Promise<void> => {
    const { id, name } = await memberOf(to);
    await go(page, `/leads/${lead!.id}`);
    await page.getByRole('button', { name: verb, exact: true }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('combobox', { name: 'Owner' }) });
    await dialog.getByRole('combobox', { name: 'Owner' }).fill(name);
    await page.getByRole('option', { name, exact: true }).click();
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    const limit = page.getByRole('dialog', { name: 'A limit is reached' });
    await expect(limit).toContainText(new RegExp(`${name} holds \\d+ leads; the limit is 0\\.`));
    await expect(limit.getByRole('button', { name: 'Pass the limit' })).toBeDisabled();
    await limit.getByLabel('Why this time?').fill(reason);
    await limit.getByRole('button', { name: 'Pass the limit' }).click();
    await expect(limit).toBeHidden();
    await expect(dialog).toBeHidden();
    await expect.poll(async () => (await readLead(lead!.id))['owner']).toBe(id);
  };
  const admin = await openAs('admin');
  await give(admin, 'Assign', 'zhang', 'Only he speaks their language.');
  // Handing over is for those who may not assign; one of them may pass limits too.
  const zhang = await memberOf('zhang');
  const [role, more] = [`passes-${tag}`, { transfer: ['own'], overrideLimit: ['own'] }];
  await ok(as('admin').post('/api/console/roles', { key: role, label: { zh: role, en: role }, resources: { leads: more }, fields: {} }));
  const { roles } = await ok(as('admin').get<{ roles: string[] }>(`/api/console/members/${zhang.id}`));
  await ok(as('admin').put(`/api/console/members/${zhang.id}`, { roles: [...roles, role] }));
  try {
    const page = await openAs('zhang');
    await give(page, 'Hand over', 'li', 'I am at a fair.');
  } finally {
    await ok(as('admin').put(`/api/console/members/${zhang.id}`, { roles }));
  }
  await admin.reload();
  const timeline = region(admin, 'Timeline');
  await expect(timeline.getByText('Only he speaks their language.')).toBeVisible();
  await expect(timeline.getByText('I am at a fair.')).toBeVisible();
});

test('people are left alone until a date, on the lead and for many; lists show it and nobody can claim', async ({ openAs }) => {
  const pool = await newPool('quiet', { kind: 'claimable', members: await only(['wang']) });
  const leads = await leadsIn(pool.id, 'Quiet', 3);
  const page = await openAs('admin');
  await go(page, `/leads/${leads[0]!.id}`);
  const ownership = region(page, 'Ownership');
  await ownership.getByRole('button', { name: 'Do not contact…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave this person alone' });
  await dialog.getByRole('button', { name: '6 months' }).click();
  await dialog.getByLabel('Why?').fill('Complained about calls.');
  await dialog.getByRole('button', { name: 'Leave alone' }).click();
  await expect(page.getByText('1 lead is left alone until')).toBeVisible();
  await expect(ownership).toContainText('Complained about calls.');
  await expect(page.getByRole('img', { name: /Do not contact until/ }).first()).toBeVisible();

  const rep = await openAs('wang');
  await go(rep, `/pools?pool=${pool.id}`);
  const row = rowOf(rep, leads[0]!.name);
  await expect(row.getByRole('img', { name: /Do not contact until/ })).toBeVisible();
  await row.getByRole('button', { name: 'Claim' }).click();
  await expect(row).toContainText('This person does not want to be contacted now.');
  expect((await readLead(leads[0]!.id))['owner']).toBeNull();

  await go(page, `/leads?filter=${encodeURIComponent(JSON.stringify({ pool: pool.id }))}`);
  for (const { name } of leads.slice(1))
    await page
      .getByRole('row', { name: new RegExp(name) })
      .getByRole('checkbox')
      .check();
  await page.getByRole('button', { name: 'Do not contact…' }).click();
  const many = page.getByRole('dialog', { name: 'Leave these 2 people alone' });
  await many.getByLabel('Why?').fill('On the list of the fair.');
  await many.getByRole('button', { name: 'Leave alone' }).click();
  await expect(page.getByText('2 leads are left alone until')).toBeVisible();
  for (const { id } of leads.slice(1)) expect((await readLead(id))['doNotContactUntil']).not.toBeNull();

  await go(page, `/leads/${leads[0]!.id}`);
  await ownership.getByRole('button', { name: 'Lift it' }).click();
  await page.getByRole('dialog').getByLabel('Why?').fill('They called us.');
  await page.getByRole('dialog').getByRole('button', { name: 'Lift it' }).click();
  await expect(page.getByText('1 lead may be contacted again')).toBeVisible();
  await expect(ownership.getByRole('button', { name: 'Do not contact…' })).toBeVisible();
});

for (const [locale, words] of [
  [
    'en',
    {
      left: /^Goes back to the pool in [12]d \d+h$/,
      extend: /^Ask for more time/,
      why: 'Why?',
      ask: 'Ask',
      waiting: /^More time asked for/,
      asked: "Asked. The pool's administrators decide.",
    },
  ],
  [
    'zh',
    {
      left: /^[12]天\d+小时后回收到公海$/,
      extend: /^申请延期/,
      why: '理由',
      ask: '提交申请',
      waiting: /^已申请延期/,
      asked: '已提交，由公海管理员审批。',
    },
  ],
] as const)
  test(`the recycle date counts down in the list and in My work, and more time is asked for there (${locale})`, async ({ openAs }) => {
    const pool = await newPool(`count-${locale}`, {
      kind: 'claimable',
      members: await only(['wang']),
      recycle: { rules: [{ ...RULE, after: 'P2D', outsideHours: true }], warns: [] },
    });
    const [one, two] = await leadsIn(pool.id, 'Count', 2);
    await claim('wang', [one!, two!], pool.id);
    const page = await openAs('wang', { locale });
    await go(page, `/leads?filter=${encodeURIComponent(JSON.stringify({ q: one!.name }))}`);
    const row = page.getByRole('row', { name: new RegExp(one!.name) });
    await expect(row.getByRole('timer', { name: words.left })).toBeVisible();
    await row.getByRole('button', { name: words.extend }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: words.why }).last().fill('Next week');
    await dialog.getByRole('button', { name: words.ask, exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(page).toHaveURL(/\/leads\?/);
    await expect(row.getByLabel(words.waiting)).toBeVisible();

    await go(page, '/work');
    const work = rowOf(page, two!.name);
    await expect(work.getByRole('timer', { name: words.left }).first()).toBeVisible();
    await work.getByRole('button', { name: words.extend }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: words.why }).last().fill('Next week');
    await page.getByRole('dialog').getByRole('button', { name: words.ask, exact: true }).click();
    await expect(page.getByText(words.asked)).toBeVisible();
    // The open request keeps the lead: it is none that goes back within three days any more.
    await expect(work.getByRole('timer', { name: words.left })).toHaveCount(0);
    await expect(work.getByRole('button', { name: words.extend })).toHaveCount(0);
  });

test('in My work the key x asks for more time for the marked lead, and for none that stays', async ({ openAs }) => {
  const rules = [{ ...RULE, after: 'P2D', outsideHours: true }];
  const pool = await newPool('keys', { kind: 'claimable', members: await only(['li']), recycle: { rules, warns: [] } });
  const [lead] = await leadsIn(pool.id, 'Keys', 1);
  await claim('li', [lead!], pool.id);
  const page = await openAs('li');
  await go(page, '/work');
  const items = page.getByRole('list').getByRole('listitem');
  const row = rowOf(page, lead!.name).first();
  const soon = row.getByRole('button', { name: /^Ask for more time/ });
  await expect(soon).toBeVisible();
  const texts = await items.allTextContents();
  const place = texts.findIndex((text) => text.includes(lead!.name));
  const staying = texts.slice(0, place).findIndex((text) => !text.includes('Goes back'));
  for (let at = 0; at <= place; at += 1) {
    if (at > 0) await page.keyboard.press('j');
    await expect(items.nth(at)).toHaveAttribute('aria-current', 'true');
    if (at !== staying) continue;
    await page.keyboard.press('x');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await page.keyboard.press('x');
  const dialog = page.getByRole('dialog', { name: 'Ask for an extension' });
  await dialog.getByLabel('Why?').fill('They decide next week.');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(dialog).toBeHidden();
  // The open request keeps it, so it is none that goes back soon any more.
  await expect(page.getByText("Asked. The pool's administrators decide.")).toBeVisible();
  await expect(soon).toHaveCount(0);
});

test('a request is refused with a note, which the rep reads; the lead keeps its date', async ({ openAs }) => {
  const pool = await newPool('refuse', {
    kind: 'claimable',
    members: await only(['wang']),
    recycle: { rules: [{ ...RULE, after: 'P10D' }], warns: [] },
  });
  const [lead] = await leadsIn(pool.id, 'Refuse', 1);
  await claim('wang', [lead!], pool.id);
  const before = (await readLead(lead!.id))['recycleAt'];
  await ok(as('wang').post(`/api/console/leads/${lead!.id}/protect`, { kind: 'extend', for: 'P7D', reason: 'They decide later.' }));
  const page = await openAs('admin');
  await go(page, '/pools/requests');
  const request = rowOf(page, lead!.name);
  await request.getByRole('button', { name: 'Refuse' }).click();
  const dialog = page.getByRole('dialog', { name: 'Refuse' });
  await dialog.getByLabel('Note').fill('Call them first.');
  await dialog.getByRole('button', { name: 'Refuse' }).click();
  await expect(request).toContainText('refused');
  const rep = await openAs('wang');
  await go(rep, '/pools/requests');
  await expect(rowOf(rep, lead!.name)).toContainText('Call them first.');
  expect((await readLead(lead!.id))['recycleAt']).toBe(before);
});

test('giving a lead back says where it goes and offers only the pools that may be chosen', async ({ openAs }) => {
  const [allowed, cold, other] = [
    await newPool('allowed', { kind: 'claimable', members: await only(['wang']) }),
    await newPool('cold', { kind: 'claimable', members: [] }),
    await newPool('other', { kind: 'claimable', members: await only(['wang']) }),
  ];
  const pool = await newPool('giving', {
    kind: 'claimable',
    members: await only(['wang']),
    recycle: { rules: [], warns: [], choices: [`allowed-${tag}`], returns: [{ reasons: ['not_interested'], to: `cold-${tag}` }] },
  });
  const [lead] = await leadsIn(pool.id, 'Giving', 1);
  await claim('wang', [lead!], pool.id);
  const page = await openAs('wang');
  await go(page, `/leads/${lead!.id}`);
  await page.getByRole('button', { name: 'Release' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(`Goes to ${pool.name}`);
  await dialog.getByRole('combobox', { name: 'Reason' }).click();
  await page.getByRole('option', { name: /not interested/i }).click();
  await expect(dialog).toContainText(`Goes to ${cold.name}`);
  await dialog.getByRole('combobox', { name: 'Pool' }).click();
  await expect(page.getByRole('option', { name: other.name })).toHaveCount(0);
  await expect(page.getByRole('option')).toHaveCount(3);
  await page.getByRole('option', { name: allowed.name, exact: true }).click();
  await dialog.getByRole('button', { name: 'Release' }).click();
  await expect(dialog).toBeHidden();
  expect((await readLead(lead!.id))['pool']).toBe(allowed.id);
});

test('a pool is retired into another one: what lies in it moves there', async ({ openAs }) => {
  const to = await newPool('heir', { kind: 'claimable', members: await only(['li']) });
  const pool = await newPool('leaving', { kind: 'claimable', members: await only(['li']) });
  const [lead, held] = await leadsIn(pool.id, 'Leaving', 2);
  await claim('li', [held!], pool.id);
  const page = await openAs('admin');
  await go(page, `/setup/pools/${pool.id}`);
  await region(page, 'Retire').getByRole('button', { name: 'Retire…' }).click();
  const dialog = page.getByRole('dialog', { name: `Retire “${pool.name}”` });
  await expect(dialog).toContainText('1 lead lies in this pool.');
  await expect(dialog).toContainText('1 lead is held from it.');
  await expect(dialog.getByRole('button', { name: 'Retire' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'Pool that receives them' }).click();
  await page.getByRole('option', { name: to.name, exact: true }).click();
  await dialog.getByRole('button', { name: 'Retire and move the leads' }).click();
  await expect(page.getByText(`Retired. Its leads move to ${to.name}.`)).toBeVisible();
  await expect(region(page, 'Retired')).toBeVisible();
  await expect.poll(async () => (await readLead(lead!.id))['pool']).toBe(to.id);
  await expect.poll(async () => (await readLead(held!.id))['homePool']).toBe(to.id);
});

test('a rep hands over his own leads for a leave, the delegate finds them and gives one back early', async ({ openAs }) => {
  const pool = await newPool('own-leave', { kind: 'claimable', members: await only(['wang']) });
  const [lead] = await leadsIn(pool.id, 'Own', 1);
  await claim('wang', [lead!], pool.id);
  const [wang, li] = [await memberOf('wang'), await memberOf('li')];
  const page = await openAs('wang');
  await go(page, '/pools');
  await page.getByRole('tab', { name: 'Hand-over' }).click();
  await page.getByRole('button', { name: 'Hand over' }).first().click();
  const who = page.getByRole('combobox', { name: 'Whose leads' });
  await expect(who).toHaveValue(wang.name);
  await expect(who).toBeDisabled();
  await page.getByLabel(/^Until/).fill(new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('combobox', { name: 'To', exact: true }).click();
  await page.getByRole('option', { name: 'Shared among colleagues' }).click();
  await page.getByRole('combobox', { name: 'Add a colleague' }).fill(li.name);
  await page.getByRole('option', { name: li.name }).click();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('button', { name: 'Hand over now' }).click();
  await expect(rowOf(page, wang.name).first()).toContainText('running');
  try {
    expect(await readLead(lead!.id)).toMatchObject({ owner: li.id, keptFor: wang.id });
    const delegate = await openAs('li');
    await go(delegate, '/pools/hand-over');
    await rowOf(delegate, wang.name).first().getByRole('button', { name: 'Details' }).click();
    const items = delegate.getByRole('dialog', { name: wang.name }).getByRole('listitem');
    const item = items.filter({ hasText: lead!.name });
    await expect(item.getByRole('button', { name: /^Leave with/ })).toHaveCount(0);
    await item.getByRole('button', { name: 'Bring back' }).click();
    // It is no longer his to see: he is told that it is back, not whose it is.
    await expect(items.filter({ hasText: `#${lead!.id}` })).toContainText('came back');
    expect(await readLead(lead!.id)).toMatchObject({ owner: wang.id, keptFor: null });
  } finally {
    const { handovers } = await ok(as('wang').get<{ handovers: { id: number; state: string }[] }>('/api/console/handovers'));
    for (const { id } of handovers.filter(({ state }) => state === 'active'))
      await ok(as('wang').post(`/api/console/handovers/${id}/return`, {}));
  }
});

test('leads moved to another pool together stand under Undo and come back', async ({ openAs }) => {
  const from = await newPool('undo-from', { kind: 'claimable', members: await only(['li']) });
  const to = await newPool('undo-to', { kind: 'claimable', members: await only(['li']) });
  const leads = await leadsIn(from.id, 'Undone', 2);
  const page = await openAs('admin');
  await go(page, `/pools?pool=${from.id}`);
  for (const { name } of leads) await rowOf(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Move to…' }).click();
  await page.getByRole('combobox', { name: 'Pool' }).click();
  await page.getByRole('option', { name: to.name, exact: true }).click();
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(page.getByText('2 leads moved')).toBeVisible();
  await go(page, '/pools/undo');
  await page.getByRole('listitem').filter({ hasText: 'Moved between pools' }).first().getByRole('button', { name: 'Undo…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo: Moved between pools' });
  await expect(dialog).toContainText('2 of 2 leads go back where they were.');
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/2 leads brought back/)).toBeVisible();
  for (const { id } of leads) expect((await readLead(id))['pool']).toBe(from.id);
});

test('a lottery: people register, the draw is made, everybody sees what he won and checks it', async ({ openAs }) => {
  const members = await only(['wang', 'li']);
  const pool = await newPool('draw', {
    kind: 'drop',
    members,
    drop: { mode: 'lottery', perPerson: 2, weight: 'equal', windowSeconds: 3600 },
  });
  const leads = await leadsIn(pool.id, 'Draw', 3);
  const admin = await openAs('admin');
  await go(admin, `/pools/drops?pool=${pool.id}`);
  await admin.getByRole('button', { name: 'Open a round now' }).click();
  await expect(admin.getByText('3 leads are being drawn')).toBeVisible();

  const rep = await openAs('wang');
  await go(rep, `/pools/drops?pool=${pool.id}`);
  await expect(rep.getByText('You have not registered.')).toBeVisible();
  await rep.getByRole('button', { name: 'I want in' }).click();
  await expect(rep.getByText('You are in, for any lead.')).toBeVisible();
  await ok(as('li').post(`/api/console/pool-drops/${await roundOf(pool.id)}/register`, {}));

  await admin.reload();
  await expect(admin.getByText('2 people want in')).toBeVisible();
  await admin.getByRole('button', { name: 'Draw now' }).click();
  const result = admin.getByRole('dialog', { name: 'Result' });
  await expect(result.getByRole('listitem')).toHaveCount(3);
  await result.getByRole('button', { name: 'Check the draw' }).click();
  await expect(result.getByText('Drawn again, the result is the same.')).toBeVisible();
  const owners = await Promise.all(leads.map(async ({ id }) => (await readLead(id))['owner']));
  const [wang, li] = [(await memberOf('wang')).id, (await memberOf('li')).id];
  expect(owners.every((owner) => owner === wang || owner === li)).toBe(true);
  await rep.reload();
  const won = owners.filter((owner) => owner === wang).length;
  if (won > 0) await expect(rep.getByText(`${won} for me`)).toBeVisible();
  await expect(rep.getByText('drawn', { exact: true })).toBeVisible();
});

test('of more held leads than can be looked at the preflight says that it is a sample, and how far off it may be', async ({ openAs }) => {
  const pool = await newPool('sample', { kind: 'claimable', members: await only(['li']) });
  const page = await openAs('admin');
  await page.route(`**/api/console/pools/${pool.id}/preview`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { preflight: { moves: Record<string, number> } };
    const margins = Object.fromEntries(Object.keys(body.preflight.moves).map((group) => [group, 812]));
    await route.fulfill({
      response: answer,
      json: { ...body, preflight: { ...body.preflight, held: 130_000, sample: { looked: 20_104, margins } } },
    });
  });
  await go(page, `/setup/pools/${pool.id}`);
  await expect(
    page.getByText('Estimated from 20,104 of 130,000 held leads, drawn at random. No number is further off than 812 (95 % sure).'),
  ).toBeVisible();
  await expect(page.getByText('≈ 0 ± 812').first()).toBeVisible();
});

async function roundOf(pool: number): Promise<number> {
  const { drops } = await ok(as('admin').get<{ drops: { id: number; state: string }[] }>(`/api/console/pools/${pool}/drops`));
  return drops.find((drop) => drop.state === 'open')?.id ?? -1;
}
