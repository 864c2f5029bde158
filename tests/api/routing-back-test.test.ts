import type { BackTest, BackTestRun, RoutingPolicy } from '../../plugins/lead-routing/contracts';
import { pastLeads } from '../../plugins/lead-routing/server/src/services/past-leads';
import { expectStatus, until } from '../support/fixtures';
import { openInProcess } from '../support/in-process';
import { startWebhook, type Webhook } from '../support/webhook';
import {
  as,
  capture,
  change,
  company,
  contract,
  forSource,
  group,
  label,
  later,
  ownersOf,
  policy,
  poolId,
  rep,
  startRouting,
  where,
  type Member,
} from './routing-support';

/** Names whoever `named` is. */
let hook: Webhook;
let named: Member;

beforeAll(async () => {
  hook = await startWebhook(() => ({ member: named.email }));
  await startRouting();
}, 300_000);
afterAll(async () => {
  hook.close();
  await company?.server.close();
});

const backTest = async (id: number, version: 'draft' | 'live' = 'live') =>
  expectStatus(await company.admin.post<BackTest>(`/api/console/routing-policies/${id}/backtest`, { days: 30, version }), 200);
const member = (person: Member, values: Record<string, unknown>) => company.db('crm_members').where({ id: person.id }).update(values);
const moves = ({ moved, causes }: BackTest) => [moved, causes];
/** Saves a draft of these rules. */
const draft = async (id: number, campaign: string, rules: readonly Record<string, unknown>[]): Promise<void> => {
  const all = rules.map((rule, index) => ({ key: `rule-${index + 1}`, label, ...rule }));
  const body = { when: forSource(campaign), rules: all, otherwise: { kind: 'pool', key: 'rest' } };
  expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft: body }), 200);
};

describe('the policy that was live', () => {
  it('moves nobody, whatever has become of the leads, the people and the ledger since', async () => {
    const boss = await rep();
    const people = [
      await rep({ capacity: 4, manager_id: boss.id, skills: ['erp'] }),
      await rep({ manager_id: boss.id, skills: ['erp'] }),
      await rep({ manager_id: boss.id, presence: 'offline', skills: ['erp', 'crm'] }),
    ];
    const desk = await rep({ team_id: company.teams.south, calendar_key: 'office' });
    const { url } = hook;
    const id = await policy('lively', [
      {
        when: where('lead.province', '浙江'),
        destination: group(people, [2, 1, 1]),
        filters: { capacity: true, skills: [{ skill: 'product', from: 'product' }] },
        caps: [{ scope: 'person', per: 'day', max: 5 }],
      },
      {
        when: where('lead.province', '广东'),
        destination: { kind: 'team', key: 'south' },
        filters: { workingHours: 'now' },
        onEmpty: 'hold',
        holdSeconds: 86_400,
      },
      {
        when: where('lead.city', '上海'),
        destination: { kind: 'webhook', url, timeoutMs: 2000, fallback: { kind: 'member', email: boss.email } },
      },
      { when: where('lead.city', '苏州'), destination: group(people), ranking: 'count-in-period', period: 'day' },
    ]);
    await contract('lively', where('lead.province', '浙江'));
    const east = { province: '浙江', product: 'erp' };
    const first = await capture('lively', 4, east);
    // A claim, a gift by hand, a closed lead and a change of values move loads and turns.
    const [own] = await company.stock(poolId, 1, () => ({ campaign: 'elsewhere' }));
    expectStatus(await company.admin.post(`/api/console/leads/${own}/assign`, { owner: people[0]!.id }), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${first[0]}/disqualify`, { reason: 'spam' }), 200);
    await change(first[1]!, { province: '广东', product: 'hr' });
    await member(people[2]!, { presence: 'online' });
    await later(600);
    await capture('lively', 5, east);
    // Deadlines are missed: leads go to others, which moves the turn.
    await later(2400);
    await member(people[1]!, { leave_from: '2026-03-01T00:00:00Z', leave_to: '2026-03-09T00:00:00Z' });
    await capture('lively', 3, { ...east, product: 'crm' });
    await capture('lively', 2, east);
    await member(people[1]!, { leave_from: null, leave_to: null });
    await capture('lively', 3, { city: '苏州' });
    // Outside hours: waits until the morning.
    await company.moveClock('2026-03-02T13:00:00Z');
    const waiting = await capture('lively', 2, { province: '广东' });
    await company.moveClock('2026-03-03T01:00:00Z');
    expect(await ownersOf(waiting)).toEqual([desk.id, desk.id]);
    named = people[1]!;
    const [asked] = await capture('lively', 1, { city: '上海' });
    await until('the webhook has answered', async () => (await ownersOf([asked!]))[0] === named.id);
    await capture('lively', 4, { city: '苏州' });
    await capture('lively', 3, east);

    for (const person of people) await member(person, { presence: 'offline', capacity: 1, skills: '[]' });
    await member(desk, { team_id: company.teams.east, calendar_key: null });
    named = boss;
    const told = await backTest(id);
    expect([told.leads, moves(told), told.today]).toEqual([27, [0, []], []]);
    expect(told.people.every(({ before, after }) => before === after)).toBe(true);
    // The same body as a draft, with another rule behind the last that decides: it moves nobody either.
    const { draft: body } = (
      await company.admin.get<{ draft: { rules: Record<string, unknown>[] } }>(`/api/console/routing-policies/${id}`)
    ).body;
    await draft(id, 'lively', [...body.rules, { key: 'more', label, when: where('lead.city', 'nowhere'), destination: group([boss]) }]);
    expect(moves(await backTest(id, 'draft'))).toEqual([0, []]);
  });
});

describe('why a lead moves in a back-test', () => {
  const two = async (campaign: string, count = 4) => {
    const people = [await rep(), await rep()];
    const id = await policy(campaign, [{ destination: group(people) }]);
    const leads: number[] = [];
    for (let lead = 0; lead < count; lead += 1) {
      leads.push(...(await capture(campaign, 1)));
      await later(60);
    }
    expect(await ownersOf(leads)).toEqual(leads.map((_id, index) => people[index % 2]!.id));
    return { id, people, leads };
  };
  const forget = async (leads: readonly number[]): Promise<void> => {
    const facts = await company
      .db('crm_decisions')
      .whereIn('subject_id', [...leads])
      .where({ kind: 'route' })
      .select<{ facts: string }[]>(company.db.raw(`inputs->>'facts' AS facts`));
    await company
      .db('crm_routing_facts')
      .whereIn(
        'id',
        facts.map((one) => one.facts),
      )
      .delete();
  };

  it('other rules decide than those of then', async () => {
    const { id, people, leads } = await two('other-rules');
    await draft(id, 'other-rules', [{ destination: group([people[1]!]) }]);
    const told = await backTest(id, 'draft');
    expect(moves(told)).toEqual([2, [{ cause: 'POLICY', leads: 2 }]]);
    expect(told.moves.map(({ lead, after, cause }) => [lead, after, cause])).toEqual(
      [leads[2], leads[0]].map((lead) => [lead, people[1]!.id, 'POLICY']),
    );
  });

  it('the facts of the decision are gone: people of today are taken', async () => {
    const { id, people, leads } = await two('forgotten');
    await forget(leads);
    expect(moves(await backTest(id))).toEqual([0, []]);
    await member(people[0]!, { presence: 'offline' });
    expect(moves(await backTest(id))).toEqual([2, [{ cause: 'NO_FACTS', leads: 2 }]]);
  });

  it('an earlier lead went elsewhere, which moves the turn of the next', async () => {
    const { id, people, leads } = await two('turned');
    await forget(leads.slice(0, 1));
    await member(people[0]!, { presence: 'offline' });
    const told = await backTest(id);
    // The first goes to the second of today; from then on each has what was the other's turn.
    expect(told.moves.map(({ lead, cause }) => [lead, cause])).toEqual([
      ...leads
        .slice(1)
        .reverse()
        .map((lead) => [lead, 'FOLLOWS']),
      [leads[0], 'NO_FACTS'],
    ]);
    expect(told.causes).toEqual([
      { cause: 'NO_FACTS', leads: 1 },
      { cause: 'FOLLOWS', leads: 3 },
    ]);
  });

  it('a condition nobody asked then looks at the values of then, and says so where it has only those of today', async () => {
    const { id, people, leads } = await two('asked-anew');
    await change(leads[0]!, { province: '浙江' });
    await draft(id, 'asked-anew', [
      { key: 'east', when: where('lead.province', '浙江'), destination: group([people[1]!]) },
      { key: 'rule-1', destination: group(people) },
    ]);
    const values = await backTest(id, 'draft');
    expect([moves(values), values.today]).toEqual([[0, []], []]);
    expectStatus(
      await (
        await as(people[1]!)
      ).api.post(`/api/console/leads/${leads[3]}/activities`, { kind: 'call', direction: 'outbound', outcome: 'connected' }),
      200,
    );
    await draft(id, 'asked-anew', [
      {
        key: 'worked',
        when: { combinator: 'and', rules: [{ field: 'lead.lastFollowUpAt', operator: 'notNull' }] },
        destination: group([people[0]!]),
      },
      { key: 'rule-1', destination: group(people) },
    ]);
    const today = await backTest(id, 'draft');
    expect([today.moved, today.moves[0]?.lead, today.today]).toEqual([1, leads[3], [{ field: 'lead.lastFollowUpAt', leads: 4 }]]);
  });
});

describe('a back-test that runs aside', () => {
  const begin = async (id: number, days = 30): Promise<number> =>
    expectStatus(
      await company.admin.post<{ backTest: number }>(`/api/console/routing-policies/${id}/backtest-run`, { days, version: 'live' }),
      200,
    ).backTest;
  const read = async (run: number): Promise<BackTestRun> =>
    expectStatus(await company.admin.get<BackTestRun>(`/api/console/routing-back-tests/${run}`), 200);
  const jobOf = (run: number) =>
    company
      .db<{ key: string; state: string }>('crm_jobs')
      .where({ key: `routing.backtest:${run}` })
      .first();
  const small = async (campaign: string): Promise<number> => {
    const id = await policy(campaign, [{ destination: group([await rep(), await rep()]) }]);
    await capture(campaign, 3);
    return id;
  };

  it('says the same, and how far it is; the last ones are kept', async () => {
    const id = await small('aside');
    const run = await begin(id);
    await until('it is done', async () => (await read(run)).status === 'done');
    const { result, done, days, finishedAt } = await read(run);
    expect([result, done, days]).toEqual([await backTest(id), 30, 30]);
    expect(finishedAt).not.toBeNull();
    const next = await begin(id, 7);
    await until('it is done', async () => (await read(next)).status === 'done');
    const filter = encodeURIComponent(JSON.stringify({ policy: id }));
    const list = expectStatus(await company.admin.get<BackTestRun[]>(`/api/console/routing-back-tests?filter=${filter}`), 200);
    expect(list.map((one) => [one.id, one.days])).toEqual([
      [next, 7],
      [run, 30],
    ]);
  });

  it('is stopped in the middle and says nothing then; so is one that is asked for anew', async () => {
    const id = await small('stopped');
    const lock = await company.db.transaction();
    await lock.raw('LOCK TABLE crm_routing_facts IN ACCESS EXCLUSIVE MODE');
    const run = await begin(id);
    await until('it runs', async () => (await jobOf(run))?.state === 'running');
    const other = (await as(await rep({ roles: ['sales-manager'] }))).api;
    expect((await other.post(`/api/console/routing-back-tests/${run}/stop`)).status).toBeGreaterThanOrEqual(403);
    expectStatus(await company.admin.post(`/api/console/routing-back-tests/${run}/stop`), 200);
    const again = await begin(id);
    const last = await begin(id);
    await lock.rollback();
    await until('the last is done', async () => (await read(last)).status === 'done');
    expect([await read(run), await read(again)].map(({ status, result }) => [status, result])).toEqual([
      ['stopped', null],
      ['stopped', null],
    ]);
    expect([(await jobOf(run))?.state, (await jobOf(again))?.state]).toEqual(['cancelled', 'cancelled']);
    // What is done stays as it is.
    expectStatus(await company.admin.post(`/api/console/routing-back-tests/${last}/stop`), 200);
    expect((await read(last)).status).toBe('done');
  });

  it('replays the newest leads where there are too many, and says since when', async () => {
    const id = await policy('too-many', [{ destination: group([await rep()]) }]);
    const leads: number[] = [];
    for (let lead = 0; lead < 4; lead += 1) {
      leads.push(...(await capture('too-many', 1)));
      await later(60);
    }
    const { now } = (await company.admin.get<{ now: string }>('/api/console/ping')).body;
    const product = await openInProcess(company.server.database);
    const live = await product.core.kit.policies.liveById<RoutingPolicy>(id);
    const since = new Date((await company.lead(leads[0]!)).captured_at as string);
    const read_ = (most: number) => pastLeads(product.core.kit, live!, [], since, new Date(now), most);
    const [some, all] = [await read_(2), await read_(4)];
    await product.close();
    const third = new Date((await company.lead(leads[2]!)).captured_at as string);
    expect([some.limited, some.since, some.occasions.map(({ past }) => past.lead.id)]).toEqual([true, third, leads.slice(2).reverse()]);
    expect([all.limited, all.since, all.occasions.length]).toEqual([false, null, 4]);
  });

  it('is for who may read the policies', async () => {
    const id = await small('private');
    const run = await begin(id);
    const { api } = await as(await rep());
    expect((await api.get(`/api/console/routing-back-tests/${run}`)).status).toBeGreaterThanOrEqual(403);
    expect((await api.post(`/api/console/routing-policies/${id}/backtest-run`, {})).status).toBeGreaterThanOrEqual(403);
  });
});
