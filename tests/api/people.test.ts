import { api } from '../support/api';
import { CALENDAR, expectStatus, poolBody, startCompany, until, type Company, type ErrorBody, type Person } from '../support/fixtures';
import { startSmtp, type SmtpServer } from '../support/smtp';

let company: Company;
let smtp: SmtpServer;
let pool: number;
let rep: Person;

const codeOf = (answer: { body: unknown }): string => (answer.body as ErrorBody).error?.details.code;
const tokenIn = (text: string): string => /\/console\/join#([\w-]+)/.exec(text)?.[1] ?? '';
const open = () => api(company.server.url);

beforeAll(async () => {
  smtp = await startSmtp();
  company = await startCompany({
    env: { LEADSEA_SMTP_URL: smtp.url, LEADSEA_MAIL_FROM: 'Leadsea <crm@firm.example>', LEADSEA_URL: 'https://crm.firm.example' },
  });
  await company.moveClock('2026-03-02T04:00:00Z');
  await company.publish('calendars', 'office', CALENDAR);
  pool = await company.publish('pools', 'open', poolBody('east', { isDefault: true }));
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
}, 300_000);
afterAll(async () => {
  await company?.server.close();
  await smtp?.close();
});
beforeEach(() => {
  (smtp.received as unknown[]).length = 0;
  smtp.refusals.clear();
});

describe('an invitation by mail', () => {
  let id = 0;
  const email = 'newcomer@firm.example';
  const invite = () => company.admin.post<{ sentTo: string | null; link: string | null }>(`/api/console/members/${id}/invite`);

  test('a member made without a password cannot sign in until the link in the mail was opened', async () => {
    id = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/members', {
        name: 'Newcomer',
        email,
        roles: ['sales'],
        locale: 'en',
        team: company.teams.east,
      }),
      200,
    ).id;
    expect(expectStatus(await invite(), 200)).toMatchObject({ sentTo: email, link: null });
    const [mail] = smtp.received;
    expect(mail?.to).toEqual([email]);
    expect(mail?.subject).toContain('invites you to Leadsea');
    const token = tokenIn(mail?.text ?? '');
    expect(token.length).toBeGreaterThan(40);
    const stored = await company.db('crm_invitations').where({ member_id: id }).first();
    expect(JSON.stringify(stored)).not.toContain(token);
    const logged = await company.db('crm_events').where({ type: 'member.invited' });
    expect(JSON.stringify(logged)).not.toContain(token);
    expect(expectStatus(await open().post('/api/console/join/look', { token }), 200)).toEqual({ name: 'Newcomer', email });
    const short = await open().post('/api/console/join', { token, password: 'short' });
    expect([short.status, codeOf(short)]).toEqual([400, 'PASSWORD_SHORT']);
    expectStatus(await open().post('/api/console/join', { token, password: 'my very own words' }), 200);
    const me = await (await open().login(email, 'my very own words')).get<{ member: { id: number } }>('/api/console/me');
    expect(me.body.member.id).toBe(id);
    const again = await open().post('/api/console/join', { token, password: 'somebody elses words' });
    expect([again.status, codeOf(again)]).toEqual([404, 'INVITE_INVALID']);
    await expect(open().login(email, 'somebody elses words')).rejects.toThrow();
  });

  test('two who use one link at once: one wins', async () => {
    expectStatus(await invite(), 200);
    const token = tokenIn(smtp.received[0]?.text ?? '');
    const answers = await Promise.all(
      ['first of two words', 'other of two words'].map((password) => open().post('/api/console/join', { token, password })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  test('a newer link voids the older one, and after three days none works', async () => {
    expectStatus(await invite(), 200);
    expectStatus(await invite(), 200);
    const [older, newer] = smtp.received.map(({ text }) => tokenIn(text));
    expect((await open().post('/api/console/join/look', { token: older })).status).toBe(404);
    expectStatus(await open().post('/api/console/join/look', { token: newer }), 200);
    await company.moveClock('2026-03-05T04:10:00Z');
    expect((await open().post('/api/console/join', { token: newer, password: 'much too late now' })).status).toBe(404);
  });

  test('a mail server that refuses is said at once, and who may not write members invites nobody', async () => {
    smtp.refusals.set(email, '550 no such user');
    const refused = await invite();
    expect([refused.status, codeOf(refused)]).toEqual([400, 'CHANNEL_FAILED']);
    expect((await rep.api.post(`/api/console/members/${id}/invite`)).status).toBe(403);
  });

  test('a token that is made up tells nothing', async () => {
    const answer = await open().post('/api/console/join/look', { token: 'x'.repeat(43) });
    expect([answer.status, codeOf(answer)]).toEqual([404, 'INVITE_INVALID']);
  });
});

describe('somebody leaves', () => {
  test('in one go: leads and tasks go where the plan says, then the account is closed and the invitation void', async () => {
    const [leaver, heir] = [
      await company.person('leaver', { roles: ['sales'], team: company.teams.east }),
      await company.person('heir', { roles: ['sales'], team: company.teams.east }),
    ];
    const ids = await company.stock(pool, 3);
    expectStatus(await leaver.api.post('/api/console/leads/claim', { ids, pool }), 200);
    const plan = { split: [{ to: { type: 'member', id: heir.id } }] };
    const preview = expectStatus(
      await company.admin.post<{ leads: number; tasks: number }>('/api/console/handovers/preview', {
        ...plan,
        member: leaver.id,
        kind: 'leaver',
      }),
      200,
    );
    expect(preview).toMatchObject({ leads: 3, tasks: 3 });
    const done = expectStatus(
      await company.admin.post<{ active: boolean; handover: { moved: number } }>(`/api/console/members/${leaver.id}/deactivate`, {
        handover: plan,
      }),
      200,
    );
    expect(done).toMatchObject({ active: false, handover: { state: 'done', moved: 3 } });
    const owners = await company.db('crm_leads').whereIn('id', ids).pluck('owner_id');
    expect(owners).toEqual([heir.id, heir.id, heir.id]);
    expect(await company.db('crm_tasks').whereIn('lead_id', ids).where({ state: 'open' }).pluck('owner_id')).toEqual([
      heir.id,
      heir.id,
      heir.id,
    ]);
    await until('the account is closed', async () => (await leaver.api.get('/api/console/me')).status === 401);
    const invited = await company.admin.post(`/api/console/members/${leaver.id}/invite`);
    expect([invited.status, codeOf(invited)]).toEqual([409, 'MEMBER_INACTIVE']);
  });

  test('a plan that cannot be carried out leaves the person active with all he has', async () => {
    const leaver = await company.person('stuck', { roles: ['sales'], team: company.teams.east });
    const ids = await company.stock(pool, 1);
    expectStatus(await leaver.api.post('/api/console/leads/claim', { ids, pool }), 200);
    const answer = await company.admin.post(`/api/console/members/${leaver.id}/deactivate`, {
      handover: { split: [{ to: { type: 'member', id: 99_999 } }] },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(await company.db('crm_members').where({ id: leaver.id }).first()).toMatchObject({ active: true });
    expect(await company.lead(ids[0]!)).toMatchObject({ owner_id: leaver.id });
  });

  test('whoever is closed without a hand-over is named by the linter with what he still holds', async () => {
    const leaver = await company.person('left', { roles: ['sales'], team: company.teams.east });
    const ids = await company.stock(pool, 2);
    expectStatus(await leaver.api.post('/api/console/leads/claim', { ids, pool }), 200);
    expectStatus(await company.admin.post(`/api/console/members/${leaver.id}/deactivate`, {}), 200);
    const { findings } = expectStatus(await company.admin.get<{ findings: Record<string, unknown>[] }>('/api/console/lint'), 200);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'MEMBER_LEFT_HOLDS', id: leaver.id, values: { leads: 2, tasks: 2 } }));
  });

  test('nobody closes himself, nor the last one who could change roles', async () => {
    const me = expectStatus(await company.admin.get<{ member: { id: number } }>('/api/console/me'), 200).member.id;
    expect((await company.admin.post(`/api/console/members/${me}/deactivate`, {})).status).toBe(403);
    expectStatus(
      await company.admin.post('/api/console/roles', {
        key: 'hr',
        label: { zh: '人事', en: 'HR' },
        resources: { members: { read: ['all'], update: ['all'] } },
        fields: { members: { '*': 'write' } },
      }),
      200,
    );
    const hr = await company.person('hr', { roles: ['hr'] });
    const last = await hr.api.post(`/api/console/members/${me}/deactivate`, {});
    expect([last.status, codeOf(last)]).toEqual([409, 'MEMBER_LAST_ADMIN']);
    const second = await company.person('second', { roles: ['crm-admin'] });
    expect((await rep.api.post(`/api/console/members/${second.id}/deactivate`, {})).status).toBe(403);
    expectStatus(await hr.api.post(`/api/console/members/${second.id}/deactivate`, {}), 200);
    const edited = await company.admin.put(`/api/console/members/${me}`, { active: false });
    expect([edited.status, codeOf(edited)]).toEqual([409, 'MEMBER_LAST_ADMIN']);
    const unroled = await company.admin.put(`/api/console/members/${me}`, { roles: ['hr'] });
    expect([unroled.status, codeOf(unroled)]).toEqual([409, 'MEMBER_LAST_ADMIN']);
    const role = await company.db('crm_roles').where({ key: 'crm-admin' }).first();
    const resources = { ...role.resources, roles: { read: ['all'] } };
    const weakened = await company.admin.put(`/api/console/roles/${role.id}`, { resources });
    expect([weakened.status, codeOf(weakened)]).toEqual([409, 'MEMBER_LAST_ADMIN']);
    expect(await company.db('crm_members').where({ id: me }).first()).toMatchObject({ active: true, roles: ['crm-admin'] });
  });

  test('two administrators who give up their right at the same moment: one of them keeps it', async () => {
    const me = expectStatus(await company.admin.get<{ member: { id: number } }>('/api/console/me'), 200).member.id;
    const other = await company.person('other', { roles: ['crm-admin'] });
    const answers = await Promise.all([
      company.admin.put(`/api/console/members/${other.id}`, { active: false }),
      other.api.put(`/api/console/members/${me}`, { roles: ['sales'] }),
    ]);
    // The slower one is refused for being the last, or has no right any more when he is heard.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await company.db('crm_members').where({ active: true }).whereRaw(`jsonb_exists(roles, 'crm-admin')`)).toHaveLength(1);
  });
});
