import { coldLeads, expect, go, rowOf, test } from './support';

test('what one rep claims disappears for the other without a reload', async ({ openAs }) => {
  const [lead, other] = await coldLeads('Live', 2);
  const wang = await openAs('wang');
  const li = await openAs('li', { locale: 'zh' });
  await Promise.all([go(wang, '/pools'), go(li, '/pools')]);
  for (const page of [wang, li]) await expect(rowOf(page, lead!.name)).toBeVisible();
  await expect(li.getByLabel('实时：他人的修改会自动显示')).toBeVisible();

  await rowOf(wang, lead!.name).getByRole('button', { name: 'Claim' }).click();
  await expect(wang.getByText('Lead claimed')).toBeVisible();
  await expect(rowOf(li, lead!.name)).toBeHidden();
  await expect(rowOf(li, other!.name)).toBeVisible();
});

test('a lead that comes in shows up in an open pool by itself', async ({ openAs }) => {
  const page = await openAs('li');
  await go(page, '/pools');
  await expect(page.getByLabel('Live: changes by others show by themselves')).toBeVisible();
  const [lead] = await coldLeads('Arrival', 1);
  await expect(rowOf(page, lead!.name)).toBeVisible();
});
