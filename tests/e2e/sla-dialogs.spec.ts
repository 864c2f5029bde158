import type { Locator, Page } from '@playwright/test';
import { as, expect, go, leadOf, ok, someone, test } from './support';

const MINUTE = 60_000;
const DAY = 86_400_000;

interface Clock {
  readonly id: number;
  readonly metric: string;
  readonly state: string;
  readonly dueAt: string | null;
}

const moveClock = (instant: number): Promise<unknown> =>
  ok(as('admin').put('/api/console/clock', { now: new Date(instant).toISOString() }));
const clocksOf = (lead: number): Promise<Clock[]> =>
  ok(as('admin').get<Clock[]>(`/api/console/sla-clocks?filter=${encodeURIComponent(JSON.stringify({ lead }))}`));

/** The next working Wednesday at ten in Shanghai. */
async function nextWorkday(): Promise<number> {
  const { now } = await ok(as('admin').get<{ now: string }>('/api/console/ping'));
  const today = Math.floor(Date.parse(now) / DAY) * DAY;
  return today + ((3 - new Date(today).getUTCDay() + 7) % 7 || 7) * DAY + 2 * 60 * MINUTE;
}

/** The line of a deadline on the lead's page. */
const line = (page: Page, promise: string): Locator =>
  page.getByRole('region', { name: 'Deadlines' }).getByRole('group', { name: promise }).first();
const act = async (page: Page, promise: string, verb: string): Promise<void> => {
  await line(page, promise).getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: verb, exact: true }).click();
};

test('a deadline is paused with a reason, shows it, and goes on; a reason that needs evidence is refused without', async ({ openAs }) => {
  test.setTimeout(150_000);
  await moveClock(await nextWorkday());
  const lead = await leadOf('wang', someone('Pause'));
  const page = await openAs('wang');
  await go(page, `/leads/${lead.id}`);
  await act(page, 'First response', 'Pause');
  const dialog = page.getByRole('dialog', { name: 'Pause this deadline' });
  await expect(dialog.getByRole('button', { name: 'Pause' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: /Reason/ }).click();
  await page.getByRole('option', { name: 'Waiting for the customer' }).click();
  await expect(dialog).toContainText('Ends with the next word of the customer.');
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByRole('combobox', { name: /Reason/ }).click();
  await page.getByRole('option', { name: 'Appointment agreed' }).click();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog).toBeHidden();
  await expect(line(page, 'First response')).toContainText('Paused');
  expect((await clocksOf(lead.id)).find((clock) => clock.metric === 'first-response')).toMatchObject({ state: 'paused', dueAt: null });
  await act(page, 'First response', 'Go on');
  await expect(line(page, 'First response')).not.toContainText('Paused');
});

test('a miss is disputed on the lead, decided by somebody else, waived by hand again, and taken back', async ({ openAs }) => {
  test.setTimeout(150_000);
  const start = await nextWorkday();
  await moveClock(start);
  const lead = await leadOf('wang', someone('Miss'));
  await moveClock(start + 9 * 60 * MINUTE);
  const promise = 'Arrival to first contact';
  // Marketing may dispute whatever is measured, wherever the lead has been passed on to.
  const market = await openAs('mia');
  await go(market, `/leads/${lead.id}`);
  await act(market, promise, 'Dispute');
  const dispute = market.getByRole('dialog', { name: 'This was no miss' });
  await expect(dispute.getByRole('button', { name: 'Dispute' })).toBeDisabled();
  await dispute.getByRole('textbox', { name: /Reason/ }).fill('the line was down');
  await dispute.getByRole('button', { name: 'Dispute' }).click();
  await expect(dispute).toBeHidden();
  await act(market, promise, 'Dispute');
  await dispute.getByRole('textbox', { name: /Reason/ }).fill('again');
  await dispute.getByRole('button', { name: 'Dispute' }).click();
  await expect(dispute.getByRole('alert')).toBeVisible();
  await dispute.getByRole('button', { name: 'Cancel' }).click();

  const admin = await openAs('admin');
  await go(admin, '/sla/disputes');
  await admin.getByRole('row').filter({ hasText: lead.name }).getByRole('button', { name: 'Decide' }).click();
  const decision = admin.getByRole('dialog', { name: 'Was this a miss?' });
  await decision.getByRole('combobox', { name: /Decision/ }).click();
  await admin.getByRole('option', { name: 'No miss: waive it' }).click();
  await decision.getByRole('textbox', { name: /Why/ }).fill('it was down');
  await decision.getByRole('button', { name: 'Decide' }).click();
  await expect(decision).toBeHidden();
  await expect(admin.getByRole('row').filter({ hasText: lead.name })).toContainText('Accepted');

  await go(admin, `/leads/${lead.id}`);
  await expect(line(admin, promise)).toContainText('Waived: it was down', { timeout: 30_000 });
  await act(admin, promise, 'Take the waiver back');
  await expect(line(admin, promise)).not.toContainText('Waived:');
  await act(admin, promise, 'Waive');
  const waiver = admin.getByRole('dialog', { name: 'Waive this miss' });
  await waiver.getByRole('textbox', { name: /Reason/ }).fill('agreed with marketing');
  await waiver.getByRole('button', { name: 'Waive' }).click();
  await expect(line(admin, promise)).toContainText('Waived: agreed with marketing', { timeout: 30_000 });
  expect((await clocksOf(lead.id)).find((clock) => clock.metric === 'speed-to-lead')).toMatchObject({ state: 'waived' });
});
