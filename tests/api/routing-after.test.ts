import { createHmac } from 'node:crypto';
import type { BackTest, FairnessAnswer, OwnerExplanation } from '../../plugins/lead-routing';
import { expectStatus, someone, until, type ErrorBody } from '../support/fixtures';
import { startWebhook, type Webhook } from '../support/webhook';
import {
  as,
  capture,
  clock,
  company,
  contract,
  decisions,
  explain,
  forSource,
  group,
  label,
  later,
  ownersOf,
  policy,
  poolId,
  presenceOf,
  rep,
  startRouting,
} from './routing-support';

let hook: Webhook;
let reply: (body: Record<string, unknown>) => unknown = () => ({});

beforeAll(async () => {
  hook = await startWebhook((body) => reply(body));
  await startRouting();
}, 300_000);
afterAll(async () => {
  hook.close();
  await company?.server.close();
});

const to = (email: string) => ({ kind: 'member', email });

describe('decision tables', () => {
  it('give each lead to the row that fits, share one ledger per destination, and report what no row takes', async () => {
    const [a, b] = [await rep(), await rep()];
    const rows = [
      { cells: ['浙江|江苏', ''], to: to(a.email) },
      { cells: ['', '>=1000'], to: to(b.email) },
    ];
    const destination = { kind: 'table', columns: ['lead.province', 'lead.employees'], rows };
    const id = await policy('table', [{ destination }]);
    const [first] = await capture('table', 1, { province: '浙江' });
    const [second] = await capture('table', 1, { province: '广东', employees: 5000 });
    const [third] = await capture('table', 1, { province: '广东', employees: 5 });
    expect(await ownersOf([first!, second!, third!])).toEqual([a.id, b.id, null]);
    const told = await decisions(second!);
    expect(told[0]).toMatchObject({ result: { rule: 'rule-1', destination: 'table' } });
    expect((await company.db('crm_ledger').where({ lead_id: first }).first<{ group_key: string }>())?.group_key).toBe(
      `route:table:rule-1/member:${a.email}`,
    );
    const preview = expectStatus(
      await company.admin.post<{ tables: { unmatched: unknown; unused: number[]; leads: number }[] }>(
        `/api/console/routing-policies/${id}/preview`,
      ),
      200,
    );
    // Of the leads this policy is for, and of no others.
    expect(preview.tables[0]).toMatchObject({ leads: 3, unused: [], unmatched: [{ values: ['广东', '5'], leads: 1 }] });
  });
});

describe('webhook decisions', () => {
  it('are asked after the lead is stored, signed, checked like anybody, and replaced by the fallback in silence', async () => {
    const [person, fallback] = [await rep(), await rep()];
    const { url } = hook;
    const id = await policy('hook', [{ destination: { kind: 'webhook', url, timeoutMs: 2000, fallback: to(fallback.email) } }]);
    reply = () => ({ member: person.email });
    const [lead] = await capture('hook', 1);
    await until('the webhook has answered', async () => (await ownersOf([lead!]))[0] !== null);
    expect(await ownersOf([lead!])).toEqual([person.id]);
    const { secret } = expectStatus(
      await company.admin.post<{ secret: string }>(`/api/console/routing-policies/${id}/webhook-secret`, { rule: 'rule-1' }),
      200,
    );
    const request = hook.asked.at(-1)!;
    const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(request.signature) ?? [];
    expect(createHmac('sha256', secret).update(`${seconds}.${request.raw}`).digest('hex')).toBe(digest);
    expect(request.body).toMatchObject({ lead: { id: lead }, policy: 'hook', rule: 'rule-1' });
    reply = () => ({ nonsense: true });
    const [other] = await capture('hook', 1);
    await until('the fallback has it', async () => (await ownersOf([other!]))[0] !== null);
    expect(await ownersOf([other!])).toEqual([fallback.id]);
  });

  it('never reach an internal address', async () => {
    const fallback = await rep();
    const before = hook.asked.length;
    await policy('inside', [
      { destination: { kind: 'webhook', url: 'http://127.0.0.1:9/x', timeoutMs: 500, fallback: to(fallback.email) } },
    ]);
    const [lead] = await capture('inside', 1);
    await until('the fallback has it', async () => (await ownersOf([lead!]))[0] !== null);
    expect(hook.asked).toHaveLength(before);
  });
});

describe('R-62 accepting and refusing', () => {
  const acceptance = { mode: 'required', acceptSeconds: 900, rejectSeconds: 1800 };
  it('a refusal leaves him out, gives the cap back and sends the lead on', async () => {
    const people = [await rep(), await rep()];
    await policy('refuse', [{ destination: group(people), periodCap: { per: 'day', max: 1 } }], { acceptance });
    const [lead] = await capture('refuse', 1);
    const { api } = await as(people[0]!);
    const offer = expectStatus(await api.get<OwnerExplanation>(`/api/console/leads/${lead}/explain/owner`), 200).offer;
    expect(offer?.acceptUntil).not.toBeNull();
    expectStatus(await api.post(`/api/console/leads/${lead}/reject`, { reason: 'conflict' }), 200);
    expect(await ownersOf([lead!])).toEqual([people[1]!.id]);
    expect((await explain({ api: company.admin }, lead!)).candidates[0]?.codes.map((code) => code.code)).toEqual(['CONFLICT_OF_INTEREST']);
    const lines = await company.db('crm_ledger').where({ lead_id: lead }).orderBy('id').select('member_id', 'given_back_at');
    expect(lines.map((line: { given_back_at: Date | null }) => line.given_back_at !== null)).toEqual([true, false]);
    // His cap of one a day is free again.
    expect(await ownersOf(await capture('refuse', 1))).toEqual([people[0]!.id]);
    const late = await (await as(people[1]!)).api.post<ErrorBody>(`/api/console/leads/${lead}/reject`, { reason: 'overloaded' });
    expect(late.status).toBe(200);
  });

  it('invalid puts it aside with nobody, and accepting stops the clock', async () => {
    const people = [await rep(), await rep()];
    await policy('answer', [{ destination: group(people) }], { acceptance });
    const [bad, good] = await capture('answer', 2);
    const owners = await ownersOf([bad!, good!]);
    const of = (owner: number | null | undefined) => as(people.find((one) => one.id === owner)!);
    expectStatus(await (await of(owners[0])).api.post(`/api/console/leads/${bad}/reject`, { reason: 'invalid', note: 'fake number' }), 200);
    expect(await company.lead(bad!)).toMatchObject({ owner_id: null, pool_id: null, quarantine: 'rejected-invalid' });
    expectStatus(await (await of(owners[1])).api.post(`/api/console/leads/${good}/accept`), 200);
    await later(3600);
    expect(await ownersOf([good!])).toEqual([owners[1]]);
    const again = await (await of(owners[1])).api.post<ErrorBody>(`/api/console/leads/${good}/accept`);
    expect([again.status, again.body.error.details['code']]).toEqual([409, 'NO_OFFER']);
  });

  it('an answer that does not come in time sends the lead on', async () => {
    const people = [await rep(), await rep()];
    await policy('silent', [{ destination: group(people) }], { acceptance });
    const [lead] = await capture('silent', 1);
    const [first] = await ownersOf([lead!]);
    await later(901);
    expect((await ownersOf([lead!]))[0]).toBe(people.find((one) => one.id !== first)?.id);
  });
});

describe('R-63 … R-65 after a missed deadline', () => {
  it('climbs the ladder: owner, manager, then somebody else', async () => {
    const boss = await rep();
    const people = [await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id })];
    const ladder = [
      { wait: 0, action: 'notify-owner' },
      { wait: 600, action: 'notify-manager' },
      { wait: 600, action: 'reassign' },
    ];
    await policy('ladder', [{ destination: group(people) }], { reroute: { ladder } });
    await contract('ladder');
    const [lead] = await capture('ladder', 1);
    const told = (): Promise<{ member_id: number }[]> =>
      company.db('crm_notifications').where({ type: 'routing.ladder', subject_id: lead }).orderBy('id').select('member_id');
    await later(2400);
    expect((await told()).map((row) => row.member_id)).toEqual([people[0]!.id]);
    await later(601);
    expect((await told()).map((row) => row.member_id)).toEqual([people[0]!.id, boss.id]);
    expect(await ownersOf([lead!])).toEqual([people[0]!.id]);
    await later(601);
    expect(await ownersOf([lead!])).toEqual([people[1]!.id]);
  });

  it('R-65: takes a person offline after n misses, never the last one, and brings him back', async () => {
    const people = [await rep(), await rep()];
    await policy('misses', [{ destination: group(people) }], { autoOffline: { breaches: 1 }, reroute: { maxHops: 9 } });
    await contract('misses');
    const [lead] = await capture('misses', 1);
    const [first] = await ownersOf([lead!]);
    const second = people.find((one) => one.id !== first)!;
    await later(2400);
    expect(await ownersOf([lead!])).toEqual([second.id]);
    expect(await presenceOf(first)).toBe('offline');
    const [fresh] = await capture('misses', 1);
    const row = (await explain({ api: company.admin }, fresh!)).candidates.find((one) => one.member === first);
    expect(row?.codes.map((code) => code.code)).toEqual(['AUTO_OFFLINE_AFTER_BREACH']);
    await later(2400);
    expect(await presenceOf(second.id)).toBe('online');
    await later(86_400 * 2);
    expect(await presenceOf(first)).toBe('online');
  });

  it('R-64: a follow-up from before the re-route is a dispute, which the manager settles', async () => {
    const boss = await rep({ roles: ['sales-manager'] });
    const people = [await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id })];
    await policy('race', [{ destination: group(people) }]);
    await contract('race');
    const [lead] = await capture('race', 1);
    const [first] = await ownersOf([lead!]);
    const loser = people.find((one) => one.id === first)!;
    const at = (await clock()).toISOString();
    await later(2400);
    const [holder] = await ownersOf([lead!]);
    expect(holder).not.toBe(first);
    const { api } = await as(loser);
    const contested = await api.post('/api/console/routing/contest', {
      lead,
      kind: 'call',
      occurredAt: new Date(Date.parse(at) + 60_000).toISOString(),
    });
    expect(expectStatus(contested, 200)).toEqual({ state: 'open' });
    const list = expectStatus(
      await (await as(boss)).api.get<{ items: { id: number; lead: number; canSettle: boolean }[] }>('/api/console/routing/disputes'),
      200,
    );
    const dispute = list.items.find((one) => one.lead === lead)!;
    expect(dispute.canSettle).toBe(true);
    expect((await api.post(`/api/console/routing/disputes/${dispute.id}/settle`, { to: 'claimant' })).status).toBe(403);
    expectStatus(await (await as(boss)).api.post(`/api/console/routing/disputes/${dispute.id}/settle`, { to: 'claimant' }), 200);
    expect(await ownersOf([lead!])).toEqual([first]);
    const twice = await company.admin.post<ErrorBody>(`/api/console/routing/disputes/${dispute.id}/settle`, { to: 'holder' });
    expect(twice.status).toBe(409);
  });
});

describe('R-56 leave', () => {
  it('new leads go to the delegate; what is due is lent and comes back untouched', async () => {
    const [away, standIn] = [await rep(), await rep()];
    await policy('leave', [{ destination: group([away]) }]);
    const [before] = await capture('leave', 1);
    const now = (await clock()).getTime();
    await company
      .db('crm_leads')
      .where({ id: before })
      .update({ next_action_at: new Date(now + 7_200_000), last_follow_up_at: new Date(now) });
    const { api } = await as(away);
    const at = (ms: number): string => new Date(now + ms).toISOString();
    const leave = await api.post('/api/console/leaves', {
      startsAt: at(60_000),
      endsAt: at(86_400_000),
      delegate: standIn.id,
      mode: 'delegate_all',
    });
    expectStatus(leave, 200);
    const others = await api.post<ErrorBody>('/api/console/leaves', { member: standIn.id, startsAt: at(60_000), endsAt: at(86_400_000) });
    expect(others.status).toBe(403);
    await company.moveClock(at(120_000));
    expect(await ownersOf([before!])).toEqual([standIn.id]);
    const [fresh] = await capture('leave', 1);
    expect(await ownersOf([fresh!])).toEqual([standIn.id]);
    const told = await explain({ api: company.admin }, fresh!);
    expect(told.candidates.map((row) => [row.member, row.codes.map((code) => code.code)])).toEqual([
      [away.id, ['ON_LEAVE']],
      [standIn.id, []],
    ]);
    await company.moveClock(at(86_400_000 * 4));
    expect(await ownersOf([before!, fresh!])).toEqual([away.id, standIn.id]);
  });
});

describe('what one can see', () => {
  it('the monitor names every lead nobody has with its reason, and routes them all again', async () => {
    const off = await rep({ presence: 'offline' });
    const others = [
      await rep({ presence: 'offline' }),
      await rep({ leave_from: '2026-03-01T00:00:00Z', leave_to: '2027-03-01T00:00:00Z' }),
    ];
    await policy('stuck', [], { otherwise: group([off, ...others]) });
    const ids = await capture('stuck', 3);
    interface Monitor {
      readonly items: readonly { lead: number; reason: string; text: { en: string }; blocked: readonly object[] }[];
      readonly total: number;
      readonly reasons: { attention: { reason: string; n: number }[] };
    }
    const monitor = async (query: string): Promise<Monitor> =>
      expectStatus(await company.admin.get<Monitor>(`/api/console/routing/monitor?${query}`), 200);
    const stuck = await monitor('state=attention&reason=NO_CANDIDATE&perPage=200');
    expect(stuck.items.map((item) => item.lead)).toEqual(expect.arrayContaining(ids));
    expect(stuck.items[0]?.text.en).toBe('Nobody could take it; it needs attention');
    expect(stuck.items[0]?.blocked).toEqual([
      { code: 'OFFLINE_TOGGLE', people: 2 },
      { code: 'ON_LEAVE', people: 1 },
    ]);
    await company.db('crm_members').where({ id: off.id }).update({ presence: 'online' });
    expectStatus(await company.admin.post('/api/console/routing/rerun', { state: 'attention', reason: 'NO_CANDIDATE' }), 202);
    await until('all are routed again', async () => (await ownersOf(ids)).every((owner) => owner === off.id));
    const routed = (await monitor('state=processed&perPage=200')).items;
    expect(routed.map((item) => item.lead)).toEqual(expect.arrayContaining(ids));
    expect(routed.flatMap((item) => item.blocked)).toEqual([]);
    const { api } = await as(off);
    expect((await api.get('/api/console/routing/monitor')).status).toBe(403);
    expect((await api.post('/api/console/routing/rerun', { state: 'attention' })).status).toBe(403);
  });

  it('the monitor says of a lead that was given out and has left since that it has left; an erased one needs nobody', async () => {
    const first = await rep();
    await policy('gone', [{ destination: group([first]) }]);
    const [lead] = await capture('gone', 1);
    expect(await ownersOf([lead!])).toEqual([first.id]);
    const found = async (): Promise<readonly { lead: number; text: { en: string } }[]> => {
      const answer = await company.admin.get<{ items: { lead: number; text: { en: string } }[] }>(
        '/api/console/routing/monitor?state=attention&reason=LEFT&perPage=200',
      );
      return expectStatus(answer, 200).items.filter((item) => item.lead === lead);
    };
    expect(await found()).toEqual([]);
    await company.db('crm_leads').where({ id: lead }).update({ owner_id: null, held_since: null });
    expect((await found()).map(({ text }) => text.en)).toEqual([
      expect.stringMatching(/^It was given out by the rule “.+”, has left since, and lies with nobody$/),
    ]);
    await company.db('crm_leads').where({ id: lead }).update({ quarantine: 'erased' });
    expect(await found()).toEqual([]);
  });

  it('the shares of a month: everybody for those who keep policies, a rep his own, within one lead', async () => {
    const people = [await rep(), await rep(), await rep()];
    await policy('fair', [{ destination: group(people, [2, 1, 1]) }]);
    await capture('fair', 9);
    const month = (await clock()).toISOString().slice(0, 7);
    const of = async (api: typeof company.admin): Promise<FairnessAnswer['groups'][number] | undefined> =>
      expectStatus(await api.get<FairnessAnswer>(`/api/console/routing/fairness?month=${month}`), 200).groups.find(
        (one) => one.key === 'route:fair:rule-1',
      );
    const all = (await of(company.admin))!;
    expect(all.rows).toHaveLength(3);
    expect(all.rows.reduce((sum, row) => sum + row.entitled, 0)).toBeCloseTo(9, 1);
    for (const row of all.rows) expect(Math.abs(row.entitled - row.received)).toBeLessThan(1);
    expect(all.jain).toBeGreaterThan(0.95);
    const mine = (await of((await as(people[1]!)).api))!;
    expect(mine.rows.map((row) => [row.member, row.you])).toEqual([[people[1]!.id, true]]);
    expect(mine.jain).toBe(all.jain);
  });

  it('a back-test of a draft: who would have got what, without writing anything', async () => {
    const [one, other] = [await rep(), await rep()];
    const id = await policy('past', [{ destination: group([one]) }]);
    await capture('past', 6);
    expectStatus(
      await company.admin.put(`/api/console/routing-policies/${id}`, {
        draft: {
          when: forSource('past'),
          rules: [{ key: 'rule-1', label, destination: group([one, other]) }],
          otherwise: { kind: 'pool', key: 'rest' },
        },
      }),
      200,
    );
    const before = await company.db('crm_decisions').count();
    const test = expectStatus(await company.admin.post<BackTest>(`/api/console/routing-policies/${id}/backtest`, { days: 7 }), 200);
    expect(test.leads).toBe(6);
    expect(test.people.map(({ member, before: was, after }) => [member, was, after]).sort()).toEqual(
      [
        [one.id, 6, 3],
        [other.id, 0, 3],
      ].sort(),
    );
    expect([test.jainBefore, test.jainAfter]).toEqual([0.5, 1]);
    expect([test.moved, test.moves.map(({ before: was, after }) => [was, after])]).toEqual([3, Array(3).fill([one.id, other.id])]);
    expect(await company.db('crm_decisions').count()).toEqual(before);
  });

  it('R-69: a stored decision made again from its facts gives the same, and Why (not) me? says it to a rep', async () => {
    const people = [await rep(), await rep()];
    await policy('again2', [{ destination: group(people) }]);
    const ids = await company.capture(Array.from({ length: 7 }, () => someone({ campaign: 'again2' })));
    const rows = await company.db('crm_decisions').whereIn('subject_id', ids).where({ kind: 'route' }).select<{ id: string }[]>('id');
    for (const { id } of rows) {
      const { same } = expectStatus(await company.admin.get<{ same: boolean }>(`/api/console/routing/decisions/${id}/replay`), 200);
      expect(same).toBe(true);
    }
    const owners = await ownersOf(ids);
    const lost = ids[owners.findIndex((owner) => owner === people[0]!.id)]!;
    const told = expectStatus(await company.admin.get<OwnerExplanation>(`/api/console/leads/${lost}/explain/owner`), 200);
    expect(told.you).toEqual({
      chosen: false,
      // R-52 NOT_IN_TARGET, with the rule by name: the rules that were tried were not said before.
      codes: ['NOT_IN_TARGET'],
      text: { zh: '您不在规则“规则”的人选之内', en: 'You are not among the people of the rule “The rule”' },
    });
    await company.db('crm_leads').where({ id: lost }).update({ owner_id: people[1]!.id });
    const mine = expectStatus(await (await as(people[1]!)).api.get<OwnerExplanation>(`/api/console/leads/${lost}/explain/owner`), 200);
    expect(mine.you?.text.en).toMatch(/^You could have had it\. /);
  });

  it('员工考核: who misses a standard does not get the leads it is for', async () => {
    const [fresh, old] = [await rep(), await rep()];
    await company.db('crm_members').where({ id: old.id }).update({ created_at: '2020-01-01' });
    const standards = [
      {
        key: 'tenure',
        label: { zh: '满一年', en: 'A year with us' },
        leads: { combinator: 'and', rules: [{ field: 'lead.employees', operator: '>=', value: 1000 }] },
        people: { combinator: 'and', rules: [{ field: 'member.tenureDays', operator: '>=', value: 365 }] },
      },
    ];
    await company.db('crm_members').where({ id: fresh.id }).update({ created_at: '2026-02-20' });
    await policy('standard', [{ destination: group([fresh, old]) }], { standards });
    const [big] = await capture('standard', 1, { employees: 5000 });
    expect(await ownersOf([big!])).toEqual([old.id]);
    const row = (await explain({ api: company.admin }, big!)).candidates.find((one) => one.member === fresh.id);
    expect(row?.codes[0]?.text.en).toBe('Does not meet the standard: A year with us');
    expect(await ownersOf(await capture('standard', 1, { employees: 5 }))).toEqual([fresh.id]);
    expect(poolId).toBeGreaterThan(0);
  });
});
