import { createHmac } from 'node:crypto';
import { expectStatus, openLive, someone, startCompany, until, type Company, type Person } from '../support/fixtures';
import { startSmtp, type SmtpServer } from '../support/smtp';
import { startWebSink, type WebSink } from '../support/web-sink';

let company: Company;
let smtp: SmtpServer;
let web: WebSink;
let rep: Person;
let mate: Person;

interface Settings {
  readonly matrix: Record<string, Record<string, string[]>>;
  readonly quiet: { from: string; to: string } | null;
  readonly urgent: string[] | null;
}
const OPEN: Settings = { matrix: {}, quiet: null, urgent: null };

const settings = async (change: Partial<Settings>): Promise<void> => {
  expectStatus(await company.admin.put('/api/console/notice-settings', { ...OPEN, ...change }), 200);
};
const assign = async (to: Person, count = 1): Promise<number[]> => {
  const ids = await company.capture(Array.from({ length: count }, () => someone()));
  expectStatus(await company.admin.post('/api/console/leads/assign', { ids, to: to.id, member: to.id, owner: to.id }), 200);
  return ids;
};
const log = (): Promise<Record<string, unknown>[]> => company.db('crm_deliveries').orderBy('id');
const NOON = '2026-03-02T04:00:00Z';
const MAIL_TO_SALES = { matrix: { 'lead.assigned': { '*': ['inbox'], sales: ['inbox', 'mail'] } } };

beforeAll(async () => {
  smtp = await startSmtp();
  web = await startWebSink();
  company = await startCompany({
    env: {
      LEADSEA_SMTP_URL: smtp.url,
      LEADSEA_MAIL_FROM: 'Leadsea <crm@firm.example>',
      LEADSEA_URL: 'https://crm.firm.example',
      LEADSEA_OUTBOUND_ALLOW: web.host,
    },
  });
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
  mate = await company.person('mate', { roles: ['sdr'], team: company.teams.south });
}, 300_000);
afterAll(async () => {
  await company?.server.close();
  await smtp?.close();
  await web?.close();
});
beforeEach(async () => {
  await company.db('crm_deliveries').delete();
  await company.db('crm_notifications').delete();
  await company.db('crm_notice_choices').delete();
  await company.moveClock(NOON);
  (smtp.received as unknown[]).length = 0;
  smtp.refusals.clear();
  web.received.length = 0;
  web.answers.clear();
  await settings({});
});

describe('the matrix', () => {
  test('a role whose row says mail gets mail and inbox; another only the inbox', async () => {
    await settings(MAIL_TO_SALES);
    const [lead] = await assign(rep);
    await assign(mate);
    const mail = await until('the mail is here', async () => smtp.received[0]);
    expect(mail.to).toEqual([rep.email]);
    expect(mail.from).toBe('crm@firm.example');
    expect(mail.subject).toMatch(/^New lead: Person/);
    expect(mail.text).toContain(`https://crm.firm.example/console/leads/${lead}`);
    const inbox = await company.db('crm_notifications').orderBy('id');
    expect(inbox.map((row: { member_id: number }) => row.member_id)).toEqual([rep.id, mate.id]);
    await until('the log says so', async () => (await log())[0]?.['state'] === 'sent');
    expect(await log()).toHaveLength(1);
    expect(smtp.received).toHaveLength(1);
  });

  test('leads assigned together are one mail', async () => {
    await settings(MAIL_TO_SALES);
    await assign(rep, 3);
    const mail = await until('the mail is here', async () => smtp.received[0]);
    expect(mail.subject).toBe('New lead for me × 3');
    expect(await company.db('crm_notifications')).toHaveLength(3);
  });

  test('a member switches a channel off for himself, and cannot read the company’s page', async () => {
    await settings(MAIL_TO_SALES);
    expectStatus(await rep.api.put('/api/console/notice-choices', { channels: { 'lead.assigned': { mail: false, inbox: false } } }), 200);
    await assign(rep);
    expect(await log()).toEqual([]);
    expect(await company.db('crm_notifications')).toEqual([]);
    const mine = expectStatus(await rep.api.get<{ choices: unknown; types: unknown[] }>('/api/console/notice-choices'), 200);
    expect(mine.choices).toMatchObject({ channels: { 'lead.assigned': { mail: false } } });
    expectStatus(await rep.api.get('/api/console/notice-settings'), 403);
    expectStatus(await rep.api.put('/api/console/notice-settings', OPEN), 403);
    expectStatus(await rep.api.get('/api/console/deliveries'), 403);
    expectStatus(await rep.api.get('/api/console/chat-bots'), 403);
  });

  test('an unknown channel and a wrong time are refused with what is wrong', async () => {
    const put = (body: unknown) => company.admin.put<{ error: { details: { code: string } } }>('/api/console/notice-settings', body);
    expect((await put({ matrix: { 'lead.assigned': { '*': ['pigeon'] } } })).body.error.details.code).toBe('CHANNEL_UNKNOWN');
    expect((await put({ quiet: { from: '25:00', to: '07:00' } })).body.error.details.code).toBe('VALIDATION');
  });

  test('a change of the matrix is in the history with before and after', async () => {
    await settings(MAIL_TO_SALES);
    const [event] = await company.db('crm_events').where({ type: 'notice-settings.updated' }).orderBy('id', 'desc').limit(1);
    expect(event).toMatchObject({ before: { matrix: {} }, after: MAIL_TO_SALES });
  });
});

describe('the inbox', () => {
  test('a new notice reaches the open page, is counted as unread, and is read once', async () => {
    const live = await openLive(rep.api);
    await assign(rep);
    await until('the page is told', async () => live.told.some(({ resource }) => resource === 'notifications'));
    const unread = async (): Promise<string | null> =>
      (await rep.api.get(`/api/console/notifications?filter=${encodeURIComponent('{"readAt_null":true}')}&range=[0,0]`)).headers.get(
        'content-range',
      );
    expect(await unread()).toMatch(/\/1$/);
    expect(expectStatus(await mate.api.get<unknown[]>('/api/console/notifications'), 200)).toEqual([]);
    expect(expectStatus(await mate.api.post<{ read: number }>('/api/console/notifications/read-all'), 200).read).toBe(0);
    expect(expectStatus(await rep.api.post<{ read: number }>('/api/console/notifications/read-all'), 200).read).toBe(1);
    expect(await unread()).toMatch(/\/0$/);
    live.close();
  });
});

describe('time', () => {
  const NIGHT = '2026-03-02T15:00:00Z';

  test('in quiet hours of the recipient mail waits until they end, the inbox does not', async () => {
    await settings({ ...MAIL_TO_SALES, quiet: { from: '22:00', to: '07:00' } });
    await company.moveClock(NIGHT);
    await assign(rep);
    expect(await company.db('crm_notifications')).toHaveLength(1);
    expect(await log()).toMatchObject([{ state: 'held', held: 'quiet', due_at: new Date('2026-03-02T23:00:00Z') }]);
    await company.moveClock('2026-03-02T22:59:00Z');
    expect((await log())[0]).toMatchObject({ state: 'held' });
    await company.moveClock('2026-03-02T23:00:00Z');
    await until('the mail is here', async () => smtp.received[0]);
  });

  test('what is urgent goes through quiet hours', async () => {
    await settings({ ...MAIL_TO_SALES, quiet: { from: '22:00', to: '07:00' }, urgent: ['lead.assigned'] });
    await company.moveClock(NIGHT);
    await assign(rep);
    await until('the mail is here', async () => smtp.received[0]);
  });

  test('a digest gathers a day in one mail', async () => {
    await settings(MAIL_TO_SALES);
    expectStatus(await rep.api.put('/api/console/notice-choices', { digestAt: '18:00' }), 200);
    await assign(rep);
    await assign(rep, 2);
    expect((await log()).map(({ state, held }) => [state, held])).toEqual([
      ['held', 'digest'],
      ['held', 'digest'],
    ]);
    await company.moveClock('2026-03-02T10:00:00Z');
    const mail = await until('the mail is here', async () => smtp.received[0]);
    expect(mail.subject).toBe('Daily summary × 3');
    await until('it is in the log', async () => (await log())[0]?.['state'] === 'sent');
    expect((await log()).map(({ state }) => state)).toEqual(['sent', 'merged']);
    expect(smtp.received).toHaveLength(1);
  });
});

describe('chat groups', () => {
  const bot = async (kind: string, more: Record<string, unknown> = {}): Promise<number> =>
    expectStatus(
      await company.admin.post<{ id: number }>('/api/console/chat-bots', {
        key: `${kind}-${Object.keys(more).length}-${Date.now()}`,
        name: kind,
        kind,
        url: `${web.url}/${kind}`,
        active: true,
        locale: 'en',
        ...more,
      }),
      200,
    ).id;
  afterEach(async () => {
    await company.db('crm_chat_bots').delete();
    await settings({});
  });
  const CHAT = { matrix: { 'lead.assigned': { '*': ['chat'] } } };

  test('the bot of the team posts in its format and mentions the member; the key of the bot is never shown', async () => {
    const id = await bot('wecom', { team: company.teams.east });
    await settings(CHAT);
    expectStatus(await rep.api.put('/api/console/notice-choices', { chatHandle: '13800001111' }), 200);
    await assign(rep);
    await assign(mate);
    const post = await until('the post is here', async () => web.received[0]);
    expect(post.body).toMatchObject({ msgtype: 'text', text: { mentioned_mobile_list: ['13800001111'] } });
    expect(await log()).toHaveLength(1);
    const shown = expectStatus(await company.admin.get<Record<string, unknown>>(`/api/console/chat-bots/${id}`), 200);
    expect(shown).toMatchObject({ url: null, secret: null, signed: false });
    const events = await company.db('crm_events').where({ subject: 'chat-bot', subject_id: id });
    expect(JSON.stringify(events)).not.toContain(web.host);
  });

  test('DingTalk, Feishu and plain webhooks are signed as each of them checks it', async () => {
    const secret = 'SEC-test';
    for (const kind of ['dingtalk', 'feishu', 'webhook']) {
      const id = await bot(kind, { secret });
      expectStatus(await company.admin.post(`/api/console/chat-bots/${id}/test`), 200);
    }
    const [ding, feishu, hook] = web.received;
    const time = ding?.query.get('timestamp') ?? '';
    expect(ding?.query.get('sign')).toBe(createHmac('sha256', secret).update(`${time}\n${secret}`).digest('base64'));
    const seconds = String(feishu?.body['timestamp']);
    expect(Math.abs(Number(seconds) * 1000 - Date.now())).toBeLessThan(60_000);
    expect(feishu?.body['sign']).toBe(createHmac('sha256', `${seconds}\n${secret}`).update('').digest('base64'));
    const stamp = String(hook?.headers['x-leadsea-timestamp']);
    expect(hook?.headers['x-leadsea-signature']).toBe(
      `sha256=${createHmac('sha256', secret).update(`${stamp}.${hook?.text}`).digest('hex')}`,
    );
  });

  test('addresses inside the network are refused when they are set, by name and by number', async () => {
    const refused = async (url: string): Promise<string> => {
      const answer = await company.admin.post<{ error: { details: { code: string } } }>('/api/console/chat-bots', {
        key: 'inside',
        name: 'x',
        kind: 'slack',
        url,
      });
      return answer.body.error.details.code;
    };
    for (const url of [
      'https://127.0.0.1/x',
      'https://[::1]/x',
      'https://169.254.169.254/latest',
      'https://10.1.2.3:8443/',
      'https://localhost/',
      'https://db.internal/',
      'https://2130706433/',
    ])
      expect([url, await refused(url)]).toEqual([url, 'URL_BLOCKED']);
    expect(await refused('http://hooks.slack.com/x')).toBe('URL_INVALID');
    expect(await refused('https://me:secret@hooks.slack.com/x')).toBe('URL_INVALID');
    expect(await refused('file:///etc/passwd')).toBe('URL_INVALID');
  });

  test('what the other side refuses for good is failed at once, with its reason, and can be sent again by hand', async () => {
    await bot('feishu');
    web.answers.set('/feishu', [200, '{"code":19024,"msg":"Key Words Not Found"}']);
    await settings(CHAT);
    await assign(rep);
    const row = await until('it has failed', async () => (await log()).find(({ state }) => state === 'failed'));
    expect(row).toMatchObject({ attempts: 1, error: '19024 Key Words Not Found' });
    web.answers.clear();
    expectStatus(await company.admin.post(`/api/console/deliveries/${String(row['id'])}/retry`), 200);
    await until('it is sent', async () => (await log())[0]?.['state'] === 'sent');
    const again = await company.admin.post<{ error: { details: { code: string } } }>(`/api/console/deliveries/${String(row['id'])}/retry`);
    expect(again.body.error.details.code).toBe('NOT_FAILED');
  });

  test('a server that is down for a moment is asked again, and what was sent is not sent twice', async () => {
    await bot('slack');
    web.answers.set('/slack', [503, 'later']);
    await settings({ matrix: { 'lead.assigned': { '*': ['chat', 'mail'] } } });
    await assign(rep);
    await until('the first attempt has failed', async () =>
      (await log()).some(({ attempts, state }) => attempts === 1 && state === 'queued'),
    );
    web.answers.clear();
    await until('it is sent', async () => (await log()).every(({ state }) => state === 'sent'), 30);
    expect(smtp.received).toHaveLength(1);
  });
});

test('mail to an address that does not exist is failed for good', async () => {
  smtp.refusals.set(rep.email, '550 no such user');
  await settings(MAIL_TO_SALES);
  await assign(rep);
  const row = await until('it has failed', async () => (await log()).find(({ state }) => state === 'failed'));
  expect(row).toMatchObject({ attempts: 1, error: '550 no such user' });
});
