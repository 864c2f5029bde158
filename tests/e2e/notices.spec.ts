import type { Page } from '@playwright/test';
import { addPerson } from '../support/fixtures';
import { api, startServer, type Api, type TestServer } from '../support/server';
import { startSmtp, type SmtpServer } from '../support/smtp';
import { expect, ok, someone, test } from './support';

/** A company of its own whose mail goes to a real mail server: what a person sets in the browser decides when it leaves. */
let smtp: SmtpServer;
let server: TestServer;
let admin: Api;
let adminToken: string;
let rep: { readonly id: number; readonly email: string; readonly token: string };

const clock = (now: string) => ok(admin.put('/api/console/clock', { now }));
const assign = async (count: number): Promise<void> => {
  for (let done = 0; done < count; done += 1) {
    const { id } = await ok(admin.post<{ id: number }>('/api/console/leads', someone('Told')));
    await ok(admin.post('/api/console/leads/assign', { ids: [id], owner: rep.id }));
  }
};

async function open(page: Page, token: string, path: string): Promise<void> {
  await page.addInitScript((value) => {
    localStorage.setItem('leadsea.token', value);
    localStorage.setItem('RaStore.locale', '"en"');
  }, token);
  await page.goto(`${server.url}/console${path}`);
}

test.describe.configure({ timeout: 180_000 });
test.beforeAll(async () => {
  smtp = await startSmtp();
  server = await startServer({
    env: { LEADSEA_SMTP_URL: smtp.url, LEADSEA_MAIL_FROM: 'Leadsea <crm@firm.example>', LEADSEA_URL: 'https://crm.firm.example' },
  });
  const [account] = server.accounts;
  const signedIn = await api(server.url).login(account!.identifier, account!.password);
  admin = signedIn;
  adminToken = signedIn.token ?? '';
  rep = await addPerson(server.database.knex, 'night-rep', { roles: ['sales'], time_zone: 'UTC' });
  const settings = { matrix: { 'lead.assigned': { '*': ['inbox'], sales: ['inbox', 'mail'] } }, quiet: null, urgent: null };
  await ok(admin.put('/api/console/notice-settings', settings));
});
test.afterAll(async () => {
  await server?.close();
  await smtp?.close();
});

test('quiet hours, a daily digest and a message that failed: set by the member, followed in the log, sent again', async ({ browser }) => {
  const [mine, theirs] = [await browser.newPage(), await browser.newPage()];
  await clock('2026-03-02T12:00:00Z');
  await open(mine, rep.token, '/notices');
  await mine.getByRole('tab', { name: 'How I am told' }).click();
  await mine.getByRole('combobox', { name: 'Quiet hours' }).click();
  await mine.getByRole('option', { name: 'My own hours' }).click();
  await mine.getByLabel('From').fill('21:00');
  await mine.getByLabel('To', { exact: true }).fill('7:00');
  await mine.getByRole('button', { name: 'Save' }).click();
  await expect(mine.getByText('Saved', { exact: true })).toBeVisible();

  // Late at night it waits, and the log says until when; in the morning it leaves.
  await clock('2026-03-02T23:00:00Z');
  await assign(1);
  await open(theirs, adminToken, '/setup/notifications');
  await theirs.getByRole('tab', { name: 'Delivery log' }).click();
  const first = theirs.getByRole('row').nth(1);
  await expect(first).toContainText('Waiting');
  expect(smtp.received).toHaveLength(0);
  await clock('2026-03-03T07:01:00Z');
  await expect.poll(() => smtp.received.length).toBe(1);
  await theirs.reload();
  await theirs.getByRole('tab', { name: 'Delivery log' }).click();
  await expect(first).toContainText('Delivered');

  // Gathered: two leads in the day are one mail at half past eight.
  await mine.getByRole('switch', { name: /Mail once a day/ }).check();
  await mine.getByLabel('At', { exact: true }).fill('08:30');
  await mine.getByRole('button', { name: 'Save' }).click();
  await expect(mine.getByRole('button', { name: 'Save' })).toBeDisabled();
  await clock('2026-03-03T12:00:00Z');
  await assign(2);
  await clock('2026-03-04T08:29:00Z');
  expect(smtp.received).toHaveLength(1);
  await clock('2026-03-04T08:31:00Z');
  await expect.poll(() => smtp.received.length).toBe(2);

  // Refused for good: the log says why, and after it was put right it is sent again from there.
  await mine.getByRole('switch', { name: /Mail once a day/ }).uncheck();
  await mine.getByRole('button', { name: 'Save' }).click();
  await expect(mine.getByRole('button', { name: 'Save' })).toBeDisabled();
  smtp.refusals.set(rep.email, '550 no such user');
  await clock('2026-03-04T12:00:00Z');
  await assign(1);
  await expect
    .poll(async () => (await server.database.knex('crm_deliveries').orderBy('id', 'desc').first<{ state: string }>())?.state)
    .toBe('failed');
  await theirs.reload();
  await theirs.getByRole('tab', { name: 'Delivery log' }).click();
  await expect(first).toContainText('no such user');
  smtp.refusals.clear();
  await first.getByRole('button', { name: 'Send again' }).click();
  await expect.poll(() => smtp.received.length).toBe(3);
  await theirs.reload();
  await theirs.getByRole('tab', { name: 'Delivery log' }).click();
  await expect(first).toContainText('Delivered');
});

test('whoever sets up an empty installation is told what is missing, step by step, until he says it is enough', async ({ browser }) => {
  const page = await browser.newPage();
  await open(page, adminToken, '/home');
  const panel = page.getByRole('region', { name: 'Ready for leads?' });
  await expect(panel.getByText('Publish a calendar – still open')).toBeVisible();
  await expect(panel.getByText('Invite your people – done')).toBeVisible();
  await panel.getByRole('listitem').filter({ hasText: 'Publish a pool' }).getByRole('link', { name: 'Set up' }).click();
  await expect(page.getByRole('heading', { name: 'Pool rules' })).toBeVisible();
  const { id } = await ok(
    admin.post<{ id: number }>('/api/console/pools', {
      key: 'first',
      name: 'First',
      draft: { kind: 'claimable', members: [{ type: 'everyone', rights: ['claim'] }] },
    }),
  );
  await ok(admin.post(`/api/console/pools/${id}/publish`));
  await page.goto(`${server.url}/console/home`);
  await expect(panel.getByText('Publish a pool – done')).toBeVisible();
  await panel.getByRole('button', { name: 'Not now' }).click();
  await expect(panel).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  await expect(panel).toHaveCount(0);
  const theirs = await browser.newPage();
  await open(theirs, rep.token, '/home');
  await expect(theirs.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  await expect(theirs.getByRole('region', { name: 'Ready for leads?' })).toHaveCount(0);
});

test('a member shows on his own page whether he takes leads, and with which roles', async ({ browser }) => {
  const page = await browser.newPage();
  await open(page, rep.token, '/profile');
  await expect(page.getByText('Sales', { exact: true })).toBeVisible();
  await page.getByRole('switch').or(page.getByRole('checkbox')).first().click();
  await expect
    .poll(async () => (await server.database.knex('crm_members').where({ id: rep.id }).first<{ presence: string }>('presence'))?.presence)
    .toBe('offline');
  await page.reload();
  await expect(page.getByText('Offline').first()).toBeVisible();
});
