import { as, expect, go, leadOf, memberOf, ok, rowOf, someone, test } from './support';
import { claim, leadsIn, newPool, only, region } from './pools-support';

test.describe('the board', () => {
  test('finds a lead in a pool, claims it, and counts what is left', async ({ openAs }) => {
    const pool = await newPool('board', {
      kind: 'claimable',
      members: await only(['li']),
      limits: [{ kind: 'claims', per: 'day', max: 2 }],
    });
    const [first, second, third] = await leadsIn(pool.id, 'Board', 3);
    const page = await openAs('li');
    await go(page, `/pools?pool=${pool.id}`);
    const card = page.getByRole('button', { pressed: true });
    await expect(card).toContainText(pool.name);
    await expect(card).toContainText('2 of 2 left');
    await page.getByRole('searchbox', { name: 'Search in the pool' }).fill(second!.name);
    await expect(rowOf(page, first!.name)).toBeHidden();
    await rowOf(page, second!.name).getByRole('button', { name: 'Claim' }).click();
    await expect(page.getByText('Lead claimed')).toBeVisible();
    await expect(card).toContainText('1 of 2 left');
    await page.getByRole('searchbox', { name: 'Search in the pool' }).fill('');
    await rowOf(page, first!.name).getByRole('button', { name: 'Claim' }).click();
    await expect(page.getByRole('status').filter({ hasText: '2 of 2 claims used today.' })).toBeVisible();
    await expect(rowOf(page, third!.name).getByRole('button', { name: 'Claim' })).toHaveCount(0);
  });

  test('whoever keeps the pools moves leads from one to another', async ({ openAs }) => {
    const from = await newPool('from', { kind: 'claimable', members: await only(['pool']) });
    const to = await newPool('to', { kind: 'claimable', members: await only(['pool']) });
    const [lead] = await leadsIn(from.id, 'Move', 1);
    const page = await openAs('admin');
    await go(page, `/pools?pool=${from.id}`);
    await rowOf(page, lead!.name).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Move to…' }).click();
    await page.getByRole('combobox', { name: 'Pool' }).click();
    await page.getByRole('option', { name: to.name, exact: true }).click();
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await expect(page.getByText('Lead moved')).toBeVisible();
    await go(page, `/pools?pool=${to.id}`);
    await expect(rowOf(page, lead!.name)).toBeVisible();
  });
});

test('a rep works the pull queue: the best lead with its time, a skip with a reason, a call, and the next one', async ({ openAs }) => {
  const pool = await newPool('pull', { kind: 'pull', members: await only(['wang'], ['claim']), pull: { skipsPerDay: 1 } });
  const names = (await leadsIn(pool.id, 'Pull', 3)).map(({ name }) => name);
  const page = await openAs('wang');
  await go(page, `/pools/next?pool=${pool.id}`);
  await expect(page.getByText(/leads? waits?/)).toBeVisible();
  for (const name of names) await expect(page.getByText(name)).toHaveCount(0);
  await page.getByRole('button', { name: 'Next lead', exact: true }).click();

  const offer = page.getByRole('article');
  await expect(offer.getByRole('timer', { name: 'Time left to act' })).toHaveText(/^(9:\d\d|10:00)$/);
  const first = (await offer.getByRole('heading', { level: 2 }).textContent()) ?? '';
  expect(names).toContain(first);

  await page.keyboard.press('s');
  const skip = page.getByRole('dialog', { name: 'Why do you skip this lead?' });
  await expect(skip.getByRole('button', { name: 'Skip' })).toBeDisabled();
  await page.keyboard.press('1');
  await skip.getByRole('button', { name: 'Skip' }).click();
  await expect(offer.getByRole('heading', { level: 2 })).not.toHaveText(first);
  await expect(offer.getByRole('button', { name: 'Skip' })).toBeDisabled();

  const second = (await offer.getByRole('heading', { level: 2 }).textContent()) ?? '';
  await page.keyboard.press('c');
  const log = page.getByRole('dialog', { name: `Log: ${second}` });
  await log.getByRole('radio', { name: 'Connected' }).click();
  await log.getByLabel('Note').fill('Wants a quote.');
  await page.keyboard.press('Control+Enter');
  await expect(log).toBeHidden();
  // One press is enough, also while the page still learns what became of the last lead.
  await page.keyboard.press('g');
  await expect(offer.getByRole('heading', { level: 2 })).not.toHaveText(second);
});

test('the preflight tells whose leads a stricter rule moves; a gentler start, the reason, and the kill switch', async ({ openAs }) => {
  const rules = [{ key: 'idle', label: { zh: '未跟进', en: 'Not followed up' }, since: 'claim', after: 'P300D' }];
  const pool = await newPool('preflight', { kind: 'claimable', members: await only(['li']), recycle: { rules, warns: [] } });
  const leads = await leadsIn(pool.id, 'Flight', 3);
  await claim('li', leads, pool.id);
  const li = await memberOf('li');

  const page = await openAs('admin');
  await go(page, `/setup/pools/${pool.id}`);
  await page.getByRole('button', { name: 'When leads come back' }).click();
  await page.getByRole('button', { name: /Not followed up/ }).click();
  await page.getByLabel('Comes back after', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Publish…' }).click();

  const dialog = page.getByRole('dialog', { name: `Publish “${pool.name}”` });
  await expect(dialog.getByText('3 leads move when the grace ends, held by 1 person.')).toBeVisible();
  const person = dialog.getByRole('row', { name: new RegExp(li.name) });
  await expect(person).toContainText('3');
  await person.getByRole('button', { name: '3' }).first().click();
  const rows = page.getByRole('dialog').last();
  await expect(rows.getByRole('listitem')).toHaveCount(3);
  for (const { name } of leads) await expect(rows.getByText(name)).toBeVisible();
  await rows.getByRole('button', { name: 'Close' }).click();

  const slider = dialog.getByRole('slider', { name: 'Share per day' });
  await slider.focus();
  for (let percent = 95; percent >= 50; percent -= 5) {
    await page.keyboard.press('ArrowLeft');
    await expect(slider).toHaveAttribute('aria-valuenow', String(percent));
  }
  await expect(dialog.getByText('Then 50 % a day, done after 2 days')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Publish' })).toBeDisabled();
  await dialog.getByLabel('Why is it changed?').fill('Nobody called them.');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
  await expect(region(page, 'History')).toContainText('Nobody called them.');

  const kill = region(page, 'Kill switch');
  await kill.getByRole('button', { name: 'Stop recycling' }).click();
  await kill.getByLabel('Why?').fill('Fair week');
  await kill.getByRole('button', { name: 'Stop recycling' }).click();
  await expect(kill).toContainText('Recycling is stopped');
  await expect(kill).toContainText('Fair week');
  await kill.getByRole('button', { name: 'Start again' }).click();
  await expect(kill.getByRole('button', { name: 'Stop recycling' })).toBeVisible();
});

test('a hand-over shows what moves, shares it among colleagues, and can be undone', async ({ openAs }) => {
  const [zhang, li] = [await memberOf('zhang'), await memberOf('li')];
  const lead = await leadOf('zhang', someone('Leaver'));
  const page = await openAs('admin');
  await go(page, '/pools/hand-over');
  await page.getByRole('button', { name: 'Hand over' }).first().click();
  await page.getByRole('combobox', { name: 'Whose leads' }).fill(zhang.name);
  await page.getByRole('option', { name: zhang.name }).click();
  await page.getByRole('radio', { name: /Leaves for good/ }).click();
  const preview = region(page, 'What would move');
  await expect(preview).toContainText('open tasks');
  await page.getByRole('button', { name: 'Next', exact: true }).click();

  await page.getByRole('combobox', { name: 'To', exact: true }).click();
  await page.getByRole('option', { name: 'Shared among colleagues' }).click();
  await page.getByRole('combobox', { name: 'Add a colleague' }).fill(li.name);
  await page.getByRole('option', { name: li.name }).click();
  await expect(preview).toContainText(/holds \d+, then \d+/);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('button', { name: 'Hand over now' }).click();
  await expect(page.getByText(/leads? handed over/)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: zhang.name }).first()).toContainText('done');
  const moved = await ok(as('admin').get<{ owner: number | null }>(`/api/console/leads/${lead.id}`));
  expect(moved.owner).toBe(li.id);

  await go(page, '/pools/undo');
  await page.getByRole('listitem').filter({ hasText: 'Hand-over' }).first().getByRole('button', { name: 'Undo…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Undo: Hand-over' });
  await expect(dialog).toContainText('go back where they were');
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/brought back/)).toBeVisible();
  const back = await ok(as('admin').get<{ owner: number | null }>(`/api/console/leads/${lead.id}`));
  expect(back.owner).toBe(zhang.id);
});

test('a rep asks for an extension with a reason; who keeps the pool approves it', async ({ openAs }) => {
  const pool = await newPool('extend', {
    kind: 'claimable',
    members: await only(['wang']),
    recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Not followed up' }, since: 'claim', after: 'P10D' }], warns: [] },
  });
  const [lead] = await leadsIn(pool.id, 'Extend', 1);
  await claim('wang', [lead!], pool.id);
  const rep = await openAs('wang');
  await go(rep, `/leads/${lead!.id}`);
  const ownership = region(rep, 'Ownership');
  await expect(ownership).toContainText(/Goes back in/);
  await ownership.getByRole('button', { name: 'Why this recycle date?' }).click();
  await expect(ownership).toContainText('Not followed up');
  await ownership.getByRole('button', { name: 'Ask for an extension' }).click();
  const ask = rep.getByRole('dialog', { name: 'Ask for an extension' });
  await ask.getByLabel('Why?').fill('They decide next week.');
  await ask.getByRole('button', { name: 'Ask' }).click();
  await expect(ownership).toContainText('Asked to keep it until');

  const admin = await openAs('admin');
  await go(admin, '/pools/requests');
  const request = admin.getByRole('listitem').filter({ hasText: lead!.name });
  await expect(request).toContainText('They decide next week.');
  await request.getByRole('button', { name: 'Approve' }).click();
  await admin.getByRole('dialog', { name: 'Approve' }).getByRole('button', { name: 'Approve' }).click();
  await expect(request).toContainText('approved');
  await expect(ownership).toContainText('Protected until');
});

test('the look-up says free, or in a pool with the claim at hand, and nobody’s data', async ({ openAs }) => {
  const pool = await newPool('lookup', { kind: 'claimable', members: await only(['wang']) });
  const [lead] = await leadsIn(pool.id, 'Lookup', 1);
  const { phone } = await ok(as('admin').get<{ phone: string }>(`/api/console/leads/${lead!.id}`));
  const page = await openAs('wang');
  await go(page, '/work');
  await expect(page.getByRole('heading', { name: 'My work' })).toBeVisible();
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog', { name: 'Is this one taken?' });
  await dialog.getByLabel('Phone, e-mail or company').fill('nobody@nowhere-at-all.example');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('Free');
  await dialog.getByLabel('Phone, e-mail or company').fill(phone);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText(`In a pool: ${pool.name}`);
  await dialog.getByRole('button', { name: 'Claim now' }).click();
  await expect(page.getByText('Lead claimed')).toBeVisible();
});

test('a report opens the leads behind its numbers', async ({ openAs }) => {
  const pool = await newPool('report', { kind: 'claimable', members: await only(['li']) });
  const leads = await leadsIn(pool.id, 'Report', 2);
  await claim('li', leads.slice(0, 1), pool.id);
  const page = await openAs('admin');
  await go(page, '/pools/reports');
  const line = page.getByRole('row', { name: new RegExp(pool.name) });
  await line.getByRole('button', { name: '2', exact: true }).click();
  const rows = page.getByRole('dialog', { name: `Entered · ${pool.name}` });
  for (const { name } of leads) await expect(rows.getByText(name)).toBeVisible();
});
