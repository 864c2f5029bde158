import type { Page } from '@playwright/test';
import { as, expect, go, ok, somePhone, someone, test } from './support';

interface Lead {
  readonly id: number;
  readonly owner: number | null;
  readonly label: string;
  readonly clock: { readonly metric: string; readonly dueAt: string } | null;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

const leadOf = (id: number): Promise<Lead> => ok(as('admin').get<Lead>(`/api/console/leads/${id}`));
const moveClock = (instant: number): Promise<unknown> =>
  ok(as('admin').put('/api/console/clock', { now: new Date(instant).toISOString() }));

/** A director of a large company who filled in the form: hot by every demo rule. */
async function captureHot(): Promise<{ id: number; name: string }> {
  const person = someone('Hot', { title: 'CEO', employees: 300, industry: '软件', phone: somePhone(), city: '上海', province: '上海' });
  const { results } = await ok(as('admin').post<{ results: { lead: number }[] }>('/api/capture/demo-website', person));
  return { id: results[0]?.lead ?? -1, name: person.name };
}

/** The next working Wednesday at ten in Shanghai: one whose half hour of business time ends the same morning. */
async function captureOnWorkday(): Promise<{ lead: { id: number; name: string }; now: number }> {
  const { now } = await ok(as('admin').get<{ now: string }>('/api/console/ping'));
  const today = Math.floor(Date.parse(now) / DAY) * DAY;
  const wednesday = today + ((3 - new Date(today).getUTCDay() + 7) % 7 || 7) * DAY + 2 * 60 * MINUTE;
  for (const week of [0, 1, 2, 3]) {
    const at = wednesday + week * 7 * DAY;
    await moveClock(at);
    const lead = await captureHot();
    const { clock } = await leadOf(lead.id);
    if (clock && Date.parse(clock.dueAt) - at < 60 * MINUTE) return { lead, now: at };
  }
  throw new Error('Four Wednesdays in a row are no working days.');
}

const deadline = (page: Page) => page.getByRole('region', { name: 'Deadlines' });
const nameOf = async (id: number | null): Promise<string> => {
  const { members } = await ok(as('admin').get<{ members: { id: number; name: string }[] }>('/api/console/meta'));
  return members.find((member) => member.id === id)?.name ?? '';
};

test('a hot lead is routed with its reasons; its clock warns, is missed, and the lead goes to somebody else', async ({ openAs }) => {
  const { lead, now } = await captureOnWorkday();
  const before = await leadOf(lead.id);
  expect(before).toMatchObject({ label: 'hot', clock: { metric: 'first-response' } });
  const owner = await nameOf(before.owner);

  const page = await openAs('manager');
  await go(page, `/leads/${lead.id}`);
  await expect(page.getByRole('heading', { name: lead.name })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(owner);
  await page.getByRole('button', { name: 'Why this owner?' }).click();
  await expect(page.getByRole('region', { name: 'Ownership' })).toContainText('Hot: the team on shift');
  await expect(page.getByRole('region', { name: 'Ownership' })).toContainText(`${owner}chosen`);
  await expect(deadline(page)).toContainText(/First responseDue .+ 10:30 \(Asia\/Shanghai\)(30|2\d)[m:]/);
  await deadline(page).getByRole('button', { name: 'Why this deadline?' }).first().click();
  await expect(deadline(page)).toContainText('Asia/Shanghai');

  await moveClock(now + 25 * MINUTE);
  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'Close to the deadline' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(owner);

  await moveClock(now + 31 * MINUTE);
  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'Deadline missed' })).toBeVisible();
  const after = await leadOf(lead.id);
  expect(after.owner).not.toBe(before.owner);
  expect(after.owner).not.toBeNull();
  await expect(page.getByRole('region', { name: 'Ownership' })).toContainText(await nameOf(after.owner));
  await page.getByRole('button', { name: 'Why this owner?' }).click();
  await expect(page.getByRole('region', { name: 'Ownership' })).toContainText(`${owner}Had this lead before`);
});
