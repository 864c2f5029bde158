import type { FairnessAnswer } from '../../plugins/lead-routing/contracts';
import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { expectStatus } from '../support/fixtures';
import {
  as,
  capture,
  company,
  decisions,
  explain,
  forSource,
  label,
  ownersOf,
  policy,
  poolId,
  rep,
  startRouting,
  group,
  type Member,
} from './routing-support';

beforeAll(startRouting, 300_000);
afterAll(() => company?.server.close());

/** Publishes other rules under the same policy: the ledger of a rule goes by its key. */
async function change(
  id: number,
  campaign: string,
  rules: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
): Promise<void> {
  const draft = {
    ...more,
    when: forSource(campaign),
    rules: rules.map((rule, index) => ({ key: `rule-${index + 1}`, label, ...rule })),
    otherwise: { kind: 'pool', key: 'rest' },
  };
  expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft }), 200);
  expectStatus(await company.admin.post(`/api/console/routing-policies/${id}/publish`), 200);
}

describe('R-52 every reason that is his own, from what is known of a person', () => {
  it('stands in the decision, each with the one person it keeps out, and the one who is left gets the lead', async () => {
    // Monday evening in Shanghai: the office is closed, and whoever follows the open calendar works.
    await company.moveClock('2026-03-02T14:00:00Z');
    const fit = { calendar_key: 'open', capacity: 5, skills: JSON.stringify(['product:erp', 'language:de', 'territory:浙江']) };
    const skilled = (...skills: string[]) => ({ skills: JSON.stringify(skills) });
    const people = {
      DISABLED: await rep({ ...fit, active: false }),
      NO_PERMISSION: await rep({ ...fit, roles: [] }),
      ON_LEAVE: await rep({ ...fit, leave_from: '2026-03-01T00:00:00Z', leave_to: '2026-03-09T00:00:00Z' }),
      OFFLINE_TOGGLE: await rep({ ...fit, presence: 'offline' }),
      OFF_SHIFT: await rep({ ...fit, calendar_key: 'office' }),
      WEIGHT_ZERO: await rep(fit),
      CAPACITY_FULL: await rep({ ...fit, capacity: 0 }),
      PERIOD_CAP: await rep(fit),
      SKILL_MISSING: await rep({ ...fit, ...skilled('crm', 'de', 'territory:*') }),
      LANGUAGE: await rep({ ...fit, ...skilled('erp', 'fr', 'territory:浙江') }),
      TERRITORY: await rep({ ...fit, ...skilled('erp', 'de', 'territory:广东') }),
      COOLING_UNTIL: await rep(fit),
      EXCLUDED_PREVIOUS_OWNER: await rep(fit),
    };
    const free = await rep(fit);
    const to = (person: Member) => [{ destination: group([person]), filters: { capacity: false } }];
    const about = { province: '浙江', product: 'ERP', language: 'de-AT' };

    // What has been before: one has had his lead of today, and the lead has been with two others.
    const id = await policy('reasons', to(people.PERIOD_CAP));
    await capture('reasons', 1, about);
    await change(id, 'reasons', to(people.COOLING_UNTIL));
    const [lead] = await capture('reasons', 1, about);
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [lead], owner: people.EXCLUDED_PREVIOUS_OWNER.id }), 200);
    expectStatus(await company.admin.post('/api/console/leads/recycle', { ids: [lead], pool: poolId }), 200);
    expect(await ownersOf([lead!])).toEqual([null]);

    const all = [...Object.values(people), free];
    const weights = Object.keys(people).map((code) => (code === 'WEIGHT_ZERO' ? 0 : 1));
    await change(id, 'reasons', [
      {
        destination: group(all, [...weights, 1]),
        caps: [{ scope: 'rule', per: 'day', max: 1 }],
        filters: {
          workingHours: 'now',
          skills: [{ skill: 'product', from: 'product' }],
          language: true,
          territory: 'province',
          excludePrevious: 1,
          coolingDays: 30,
        },
      },
    ]);
    expectStatus(await company.admin.post(`/api/console/leads/${lead}/route`), 200);
    expect(await ownersOf([lead!])).toEqual([free.id]);
    const told = await explain({ api: company.admin }, lead!);
    const byMember = new Map(told.candidates.map((row) => [row.member, row.codes.map(({ code }) => code)]));
    // The one who is cooling has also had his lead of the day.
    const expected = Object.entries(people).map(([code, { id: member }]) => [
      member,
      code === 'COOLING_UNTIL' ? ['PERIOD_CAP', 'COOLING_UNTIL'] : [code],
    ]);
    expect([...byMember]).toEqual([...expected, [free.id, []]]);
    // Stored with the decision, for each candidate, and not made up by reading.
    const stored = (await decisions(lead!)).at(-1)?.candidates as unknown as {
      member: number;
      codes?: { code: string; until?: string }[];
    }[];
    expect(stored.map(({ member, codes = [] }) => [member, codes.map(({ code }) => code)])).toEqual([...byMember]);
    const until = (code: string): string | undefined =>
      stored.flatMap(({ codes = [] }) => codes).find((reason) => reason.code === code)?.until;
    expect([until('ON_LEAVE'), until('OFF_SHIFT'), until('COOLING_UNTIL')]).toEqual([
      '2026-03-09T00:00:00.000Z',
      '2026-03-03T01:00:00.000Z',
      expect.stringMatching(/^2026-04-01T14:00/) as unknown,
    ]);
  });
});

describe('R-63, R-67 leads that go round', () => {
  const [metric] = FIRST_RESPONSE_CONTRACT.metrics;
  const contract = (campaign: string) =>
    company.publish('sla-contracts', campaign, {
      ...FIRST_RESPONSE_CONTRACT,
      signing: 'none',
      calendar: 'open',
      metrics: [
        {
          ...metric,
          start: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }, ...forSource(campaign).rules] },
          // The guards of routing are at stake, not the contract's own.
          maxHops: 10,
        },
      ],
    });
  const missed = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      const { now } = (await company.admin.get<{ now: string }>('/api/console/ping')).body;
      await company.moveClock(new Date(Date.parse(now) + 2_400_000).toISOString());
    }
  };
  async function team(campaign: string, reroute: Record<string, unknown>): Promise<{ boss: Member; people: Member[]; lead: number }> {
    const boss = await rep();
    const people = [await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id })];
    await policy(campaign, [{ destination: group(people) }], { reroute });
    await contract(campaign);
    const [lead] = await capture(campaign, 1);
    return { boss, people, lead: lead! };
  }
  const course = async (lead: number) => (await decisions(lead)).map(({ result }) => [result['owner'], result['guard'] ?? null]);

  it('end with the manager when the same person got it twice by the same rule within a day, without a follow-up', async () => {
    const { boss, people, lead } = await team('round', { maxHops: 20, excludeLast: 1 });
    const [a, b, c] = people.map(({ id }) => id);
    await missed(3);
    expect(await course(lead)).toEqual([a, b, c, a].map((owner) => [owner, null]));
    await missed(1);
    expect((await course(lead)).at(-1)).toEqual([boss.id, 'LOOP_GUARD']);
    expect(await ownersOf([lead])).toEqual([boss.id]);
    expect((await decisions(lead)).at(-1)?.result['reason']).toBe('MANAGER');
  });

  it('end with the manager after as many hops as the policy allows, although somebody else is free', async () => {
    const { boss, people, lead } = await team('hops', { maxHops: 1, excludeLast: 1 });
    await missed(2);
    expect(await course(lead)).toEqual([
      [people[0]!.id, null],
      [people[1]!.id, null],
      [boss.id, 'MAX_HOPS'],
    ]);
  });
});

describe('R-53 what somebody holds, counted as it is', () => {
  const when = (field: string, value: string) => ({ combinator: 'and', rules: [{ field, operator: '=', value }] });
  const reasonsOf = async (lead: number, person: Member) => {
    const row = ((await decisions(lead)).at(-1)?.candidates as unknown as { member: number; codes?: Record<string, unknown>[] }[]).find(
      ({ member }) => member === person.id,
    );
    return row?.codes ?? [];
  };

  it('several limits: of all, of the rule, of a condition; closed and test leads count in none, and the first that is full is told', async () => {
    const one = await rep();
    const open = { destination: group([one]), filters: { capacity: false } };
    const id = await policy('limits', [open]);
    await policy('limits-other', [open]);
    const [closed] = await capture('limits', 3, { product: 'erp' });
    await capture('limits', 2, { product: 'crm' });
    await capture('limits-other', 2);
    const [test] = await capture('limits', 1, { product: 'erp' });
    await company.db('crm_leads').where({ id: test }).update({ is_test: true });
    expectStatus(await company.admin.post('/api/console/leads/disqualify', { ids: [closed], reason: 'no_need' }), 200);
    // Open now: six in all, four of this rule, two about ERP.
    const limits = (all: number, own: number, erp: number) => [
      { scope: 'segment', leads: when('lead.product', 'erp'), max: erp },
      { scope: 'group', max: own },
      { scope: 'global', max: all },
    ];
    const arrives = async (all: number, own: number, erp: number) => {
      await change(id, 'limits', [{ ...open, loadLimits: limits(all, own, erp) }]);
      const [lead] = await capture('limits', 1, { product: 'erp' });
      return { owner: (await ownersOf([lead!]))[0], reasons: await reasonsOf(lead!, one) };
    };
    const full = (n: number, value: string) => ({
      owner: null,
      reasons: [expect.objectContaining({ code: 'CAPACITY_FULL', n, m: n, value })],
    });
    expect(await arrives(6, 4, 2)).toEqual(full(6, 'global'));
    expect(await arrives(7, 4, 2)).toEqual(full(4, 'group'));
    expect(await arrives(7, 5, 2)).toEqual(full(2, 'segment'));
    expect(await arrives(7, 5, 3)).toEqual({ owner: one.id, reasons: [] });
    expect(await arrives(7, 5, 3)).toEqual(full(7, 'global'));
  });

  it('his own capacity: only leads of the filter, each with its weight, in a batch as well', async () => {
    const one = await rep({ capacity: 2 });
    const rule = { destination: group([one]) };
    const capacity = { leads: when('lead.product', 'erp'), weights: [{ when: when('lead.city', '上海'), weight: 0.25 }] };
    await policy('weighing', [rule], { capacity });
    await capture('weighing', 5, { product: 'crm' });
    expect(await ownersOf(await capture('weighing', 1, { product: 'erp' }))).toEqual([one.id]);
    // 1 and 3 × 0.25; the next whole one makes 2.75, and then he is full, for what would not count as well.
    expect(await ownersOf(await capture('weighing', 3, { product: 'erp', city: '上海' }))).toEqual(Array(3).fill(one.id));
    const last = await capture('weighing', 3, { product: 'erp' });
    expect((await ownersOf(last)).filter((owner) => owner === one.id)).toHaveLength(1);
    const left = last.find((_, index) => index > 0)!;
    expect(await reasonsOf(left, one)).toEqual([expect.objectContaining({ code: 'CAPACITY_FULL', n: 2.75, m: 2 })]);
  });

  it('a capacity set below what somebody holds takes nothing from him, gives him nothing more, and he is listed', async () => {
    const [full, other] = [await rep(), await rep()];
    await policy('lowered', [{ destination: group([full]) }]);
    const held = await capture('lowered', 3);
    expectStatus(await company.admin.put(`/api/console/members/${full.id}`, { capacity: 1 }), 200);
    await policy('lowered-both', [{ destination: group([full, other]) }]);
    expect(await ownersOf(await capture('lowered-both', 2))).toEqual([other.id, other.id]);
    expect(await ownersOf(held)).toEqual(Array(3).fill(full.id));
    const { overCapacity } = expectStatus(await company.admin.get<FairnessAnswer>('/api/console/routing/fairness'), 200);
    expect(overCapacity.filter(({ member }) => [full.id, other.id].includes(member))).toEqual([
      expect.objectContaining({ member: full.id, load: 3, capacity: 1 }),
    ]);
  });
});

describe('R-62 who refuses many leads', () => {
  it('is told to his manager once a day, above the share of the policy and not at it', async () => {
    const boss = await rep();
    const [one, other] = [await rep({ manager_id: boss.id }), await rep()];
    const acceptance = { mode: 'required', acceptSeconds: 86_400, rejectSeconds: 86_400, alertPercent: 50 };
    // He is asked first each time; what he refuses goes to the other.
    await policy('refusing', [{ destination: group([one]), onEmpty: 'next' }, { destination: group([other]) }], { acceptance });
    const { api } = await as(one);
    const told = () => company.db('crm_notifications').where({ type: 'routing.reject-rate', member_id: boss.id, subject_id: one.id });
    const leads = await capture('refusing', 10);
    expect(await ownersOf(leads)).toEqual(Array(10).fill(one.id));
    for (const lead of leads.slice(0, 5)) expectStatus(await api.post(`/api/console/leads/${lead}/reject`, { reason: 'overloaded' }), 200);
    expect(await ownersOf(leads.slice(0, 5))).toEqual(Array(5).fill(other.id));
    expect(await told()).toHaveLength(0);
    for (const lead of leads.slice(5, 8)) expectStatus(await api.post(`/api/console/leads/${lead}/reject`, { reason: 'overloaded' }), 200);
    const notices = (await told()) as { title: { en: string } }[];
    expect(notices.map(({ title }) => title.en)).toEqual([expect.stringMatching(/has refused 60 % of the leads of 30 days$/) as unknown]);
  });
});
