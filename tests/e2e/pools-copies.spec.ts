import { as, expect, go, memberOf, ok, rowOf, test } from './support';
import { newPool, only, readLead, region, tag } from './pools-support';

/** A lead with a company lying in the pool, and the same person typed in by wang under another mail address; given to him. */
async function typedAgain(pool: number, name: string): Promise<{ original: number; copy: number }> {
  const company = `${name} Instruments`;
  const { results } = await ok(
    as('admin').post<{ results: { lead: number }[] }>('/api/capture/demo-website', [
      { name, company, email: `${tag}.${pool}@one.example` },
    ]),
  );
  const original = results[0]!.lead;
  await ok(as('admin').post('/api/console/leads/recycle', { ids: [original], pool }));
  const { id: copy } = await ok(
    as('wang').post<{ id: number }>('/api/console/leads', { name, company, email: `${tag}.${pool}@two.example` }),
  );
  await ok(
    as('admin').post('/api/console/leads/assign', { ids: [copy], owner: (await memberOf('wang')).id, override: { reason: 'test' } }),
  );
  return { original, copy };
}

test('a lead typed in that lies in the pool: the rep reads it on his lead, the administrator decides, takes it back, and decides again', async ({
  openAs,
}) => {
  const pool = await newPool('copies', { kind: 'claimable', members: await only(['wang']) });
  const name = `Copied ${tag}`;
  const { original, copy } = await typedAgain(pool.id, name);
  const rep = await openAs('wang');
  await go(rep, `/leads/${copy}`);
  await expect(region(rep, 'Ownership')).toContainText(`Looks like a lead of the pool “${pool.name}”`);

  const page = await openAs('pool');
  await go(page, '/pools/fair-play');
  const panel = region(page, 'Typed in again?');
  const row = panel.getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('100 % alike');
  await expect(row).toContainText('same company');
  await expect(row).toContainText(`lies in ${pool.name}`);
  await row.getByRole('button', { name: 'Same lead…' }).click();
  const dialog = page.getByRole('dialog', { name: 'It is the lead of the pool' });
  const submit = dialog.getByRole('button', { name: 'It is the lead of the pool' });
  await expect(submit).toBeDisabled();
  await dialog.getByLabel('Reason').fill('Spoke to him: one person');
  await submit.click();
  await expect(page.getByText('Decided: it does not count')).toBeVisible();
  await expect(row).toContainText('merged · counted as a claim');
  await expect(row).toContainText('Spoke to him: one person');
  expect(await readLead(original)).toMatchObject({ owner: null, pool: pool.id });
  await row.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('The decision is taken back')).toBeVisible();
  expect((await readLead(copy))['owner']).toBe((await memberOf('wang')).id);

  await row.getByRole('button', { name: 'Somebody else…' }).click();
  const other = page.getByRole('dialog', { name: 'It is somebody else' });
  await other.getByLabel('Reason').fill('Two brothers');
  await other.getByRole('button', { name: 'It is somebody else' }).click();
  await expect(row).toContainText('Somebody else');
  await expect(rowOf(page, 'Two brothers')).toBeVisible();
  await rep.reload();
  await expect(region(rep, 'Ownership')).toContainText('not the lead of the pool');
  await expect(region(rep, 'Timeline')).toContainText('Not the lead of the pool after all');
});
