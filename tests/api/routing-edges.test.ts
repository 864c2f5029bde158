import type { FairnessAnswer } from '../../plugins/lead-routing/contracts';
import { expectStatus, until } from '../support/fixtures';
import { openInProcess } from '../support/in-process';
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
  later,
  ownersOf,
  policy,
  poolId,
  presenceOf,
  reasonOf,
  rep,
  startRouting,
  type Member,
} from './routing-support';

/** Answers what `reply` says; null = never. */
let hook: Webhook;
let reply: unknown = {};

beforeAll(async () => {
  hook = await startWebhook(() => reply);
  await startRouting();
}, 300_000);
afterAll(async () => {
  hook.close();
  await company?.server.close();
});

describe('webhook decisions', () => {
  const asking = (campaign: string, fallback: Member, timeoutMs: number) => {
    const { url } = hook;
    return policy(campaign, [
      {
        destination: { kind: 'webhook', url, timeoutMs, fallback: { kind: 'member', email: fallback.email } },
        filters: { capacity: true },
      },
    ]);
  };

  it('whoever is named is checked like anybody else', async () => {
    const [full, fallback] = [await rep({ capacity: 0 }), await rep()];
    await asking('hook-checked', fallback, 2000);
    reply = { member: full.email };
    const [lead] = await capture('hook-checked', 1);
    await until('the lead lies somewhere', async () => (await company.lead(lead!))['pool_id'] !== null);
    expect(await company.lead(lead!)).toMatchObject({ owner_id: null, pool_id: poolId });
    const told = (await explain({ api: company.admin }, lead!)).candidates;
    expect(told.map((row) => [row.member, row.codes.map(({ code }) => code)])).toEqual([[full.id, ['CAPACITY_FULL']]]);
  });

  it('a question that is never answered ends by the clock: the fallback has the lead', async () => {
    const fallback = await rep();
    await asking('hook-lost', fallback, 15_000);
    reply = null;
    const [lead] = await capture('hook-lost', 1);
    await later(44);
    expect(await ownersOf([lead!])).toEqual([null]);
    await later(2);
    expect(await ownersOf([lead!])).toEqual([fallback.id]);
  });
});

describe('R-64 a contested lead', () => {
  const lost = async (campaign: string) => {
    const boss = await rep({ roles: ['sales-manager'] });
    const people = [await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id })];
    await policy(campaign, [{ destination: group(people) }]);
    await contract(campaign);
    const before = (await clock()).getTime();
    const [lead] = await capture(campaign, 1);
    const [first] = await ownersOf([lead!]);
    await later(2400);
    const [loser, holder] = [people.find(({ id }) => id === first)!, people.find(({ id }) => id !== first)!];
    expect(await ownersOf([lead!])).toEqual([holder.id]);
    return { lead: lead!, loser, holder, boss, touchedAt: new Date(before + 60_000) };
  };

  it('is not taken away again for an hour, and goes on after it', async () => {
    const { lead, loser, holder, boss, touchedAt } = await lost('frozen');
    const claim = { lead, kind: 'call', occurredAt: touchedAt.toISOString() };
    expectStatus(await (await as(loser)).api.post('/api/console/routing/contest', claim), 200);
    await later(1900);
    expect([await ownersOf([lead]), await reasonOf(lead)]).toEqual([[holder.id], 'FROZEN']);
    await later(3600);
    expect([await ownersOf([lead]), await reasonOf(lead)]).toEqual([[boss.id], 'MANAGER']);
  });

  it('goes back by itself where a machine proves the follow-up, and not for what a person states', async () => {
    const product = await openInProcess(company.server.database);
    const log = async (campaign: string, actor: 'machine' | 'person') => {
      const { lead, loser, holder, touchedAt } = await lost(campaign);
      const { kit } = product.core;
      const activity = {
        kind: 'call',
        direction: 'outbound' as const,
        memberId: loser.id,
        occurredAt: touchedAt,
        evidence: { callId: `call-${campaign}` },
      };
      await product.leads.apply({
        changes: [{ op: 'activity', id: lead, activity }],
        actor: actor === 'machine' ? kit.actors.system('Telephony') : await kit.actors.member(holder.id),
        cause: { type: 'test' },
        now: await clock(),
      });
      const { state } = await company.db('crm_routing_disputes').where({ lead_id: lead }).first<{ state: string }>('state');
      return { lead, state, owner: (await ownersOf([lead]))[0], loser, holder };
    };
    const proven = await log('proven', 'machine');
    expect([proven.owner, proven.state, await reasonOf(proven.lead)]).toEqual([proven.loser.id, 'returned', 'DISPUTE']);
    const stated = await log('stated', 'person');
    expect([stated.owner, stated.state]).toEqual([stated.holder.id, 'open']);
    await product.close();
  });
});

describe('R-65 n misses in a day', () => {
  it('one less does nothing, and those of yesterday do not count', async () => {
    const people = [await rep(), await rep()];
    await policy('two-misses', [{ destination: group(people) }], { autoOffline: { breaches: 2 }, reroute: { maxHops: 9 } });
    await contract('two-misses');
    const all = async (): Promise<unknown[]> => [await presenceOf(people[0]!.id), await presenceOf(people[1]!.id)].sort();
    const [old] = await capture('two-misses', 1);
    await later(1801);
    expect(await all()).toEqual(['online', 'online']);
    expectStatus(await company.admin.post(`/api/console/leads/${old}/disqualify`, { reason: 'spam' }), 200);
    await later(86_400);
    await capture('two-misses', 2);
    await later(1801);
    expect(await all()).toEqual(['online', 'online']);
    await later(1801);
    expect(await all()).toEqual(['offline', 'online']);
  });
});

describe('R-56 leave', () => {
  const leaves = async (person: Member, leave: Record<string, unknown>): Promise<number> => {
    const now = (await clock()).getTime();
    const at = (ms: number): string => new Date(now + ms).toISOString();
    const entry = { startsAt: at(60_000), endsAt: at(86_400_000), ...leave };
    expectStatus(await (await as(person)).api.post('/api/console/leaves', entry), 200);
    return now;
  };

  it('announced late: what came in just before and lies untouched is routed again', async () => {
    const [away, other] = [await rep(), await rep({ presence: 'offline' })];
    await policy('late-leave', [{ destination: group([away, other]) }]);
    const [fresh, touched] = await capture('late-leave', 2);
    await company.db('crm_members').where({ id: other.id }).update({ presence: 'online' });
    await company
      .db('crm_leads')
      .where({ id: touched })
      .update({ last_follow_up_at: new Date((await clock()).getTime() + 1000) });
    await leaves(away, { mode: 'skip' });
    await later(120);
    expect(await ownersOf([fresh!, touched!])).toEqual([other.id, away.id]);
    expect((await decisions(fresh!)).at(-1)?.result).toMatchObject({ previousOwner: away.id, owner: other.id });
  });

  it('ends with a question to both where the one who stood in has worked on a lead', async () => {
    const [away, standIn] = [await rep(), await rep()];
    await policy('worked-on', [{ destination: group([away]) }]);
    const [lead] = await capture('worked-on', 1);
    await company
      .db('crm_leads')
      .where({ id: lead })
      .update({ next_action_at: new Date((await clock()).getTime() + 7_200_000) });
    await leaves(away, { mode: 'delegate_all', delegate: standIn.id });
    await later(120);
    expect(await ownersOf([lead!])).toEqual([standIn.id]);
    const call = { kind: 'call', direction: 'outbound', outcome: 'connected' };
    expectStatus(await (await as(standIn)).api.post(`/api/console/leads/${lead}/activities`, call), 200);
    await later(86_400 * 4);
    expect(await ownersOf([lead!])).toEqual([standIn.id]);
    const asked = await company.db('crm_notifications').where({ type: 'routing.leave-question', subject_id: lead }).pluck('member_id');
    expect(asked.sort()).toEqual([away.id, standIn.id].sort());
  });
});

describe('why (not) me', () => {
  it('names nobody else to whom may not read members', async () => {
    const resources = { leads: { read: ['all'] } };
    const role = { key: 'blind', label: { zh: '只看线索', en: 'Leads only' }, resources, fields: { leads: { '*': 'read' } } };
    expectStatus(await company.admin.post('/api/console/roles', role), 200);
    const [reader, other] = [await rep({ roles: ['blind'] }), await rep()];
    await policy('blind', [{ destination: group([reader, other], [9, 1]) }]);
    const [lead] = await capture('blind', 1);
    const mine = await explain(await as(reader), lead!);
    expect(mine.candidates.map(({ member, name }) => [member, name])).toEqual([
      [reader.id, expect.any(String)],
      [null, null],
    ]);
    expect(JSON.stringify(mine)).not.toContain(other.email);
    expect((await explain({ api: company.admin }, lead!)).candidates[1]?.member).toBe(other.id);
  });
});

describe('R-50 owner disabled', () => {
  it('takes no lead that an earlier policy decides, which leaves it to the hand-over', async () => {
    const [gone, next] = [await rep(), await rep()];
    await policy('keeps', [{ destination: group([gone]) }]);
    const wanting = {
      triggers: { ownerDisabled: true },
      when: { combinator: 'or', rules: [...forSource('keeps').rules, ...forSource('wants').rules] },
    };
    await policy('wants', [{ destination: group([gone, next], [9, 1]) }], wanting);
    const [kept] = await capture('keeps', 1);
    const [taken] = await capture('wants', 1);
    expect(await ownersOf([kept!, taken!])).toEqual([gone.id, gone.id]);
    const { version } = (await company.admin.get<{ version?: number }>(`/api/console/members/${gone.id}`)).body;
    expectStatus(await company.admin.put(`/api/console/members/${gone.id}`, { active: false, ...(version ? { version } : {}) }), 200);
    await until('his lead has gone on', async () => (await ownersOf([taken!]))[0] === next.id);
    expect(await ownersOf([kept!])).toEqual([gone.id]);
  });
});

describe('the fairness ledger', () => {
  it('owes nobody a part of what came back soon', async () => {
    const people = [await rep(), await rep()];
    await policy('came-back', [{ destination: group(people, [3, 1]) }]);
    const leads = await capture('came-back', 8);
    const of = async () => {
      const { groups } = expectStatus(await company.admin.get<FairnessAnswer>('/api/console/routing/fairness'), 200);
      const rows = groups.find(({ key }) => key === 'route:came-back:rule-1')?.rows ?? [];
      return people.map(({ id }) => rows.find((row) => row.member === id)).map((row) => [row?.entitled, row?.received, row?.givenBack]);
    };
    expect(await of()).toEqual([
      [6, 6, 0],
      [2, 2, 0],
    ]);
    const owners = await ownersOf(leads);
    const back = leads.filter((_id, index) => owners[index] === people[0]!.id).slice(0, 4);
    expectStatus(await company.admin.post('/api/console/leads/disqualify', { ids: back, reason: 'invalid' }), 200);
    // Four are left: three quarters of them, and one quarter.
    expect(await of()).toEqual([
      [3, 2, 4],
      [1, 2, 0],
    ]);
  });
});
