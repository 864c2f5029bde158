import { insertRow } from '@leadsea/crm-core';
import type { LeadChange } from '@leadsea/leads';
import fc from 'fast-check';
import type { BackTest, FairnessAnswer } from '../../plugins/lead-routing/contracts';
import { expectStatus, someone, until } from '../support/fixtures';
import { openInProcess, type InProcess } from '../support/in-process';
import { startWebhook, type Webhook } from '../support/webhook';
import {
  as,
  capture,
  clock,
  company,
  explain,
  forSource,
  group,
  label,
  ownersOf,
  policy,
  poolId,
  reasonOf,
  rep,
  startRouting,
  type Member,
} from './routing-support';

/** Takes connections and never answers. */
let silent: Webhook;
let product: InProcess;
const NOW = new Date('2026-03-02T02:00:00Z');

beforeAll(async () => {
  silent = await startWebhook(() => null);
  await startRouting();
  product = await openInProcess(company.server.database);
}, 300_000);
afterAll(async () => {
  silent.close();
  await product?.close();
  await company?.server.close();
});

const rows = (table: string, columns: string[]) => company.db(table).select(columns);

describe('R-61 precedence', () => {
  const sticky = { explicitOwner: true, duplicateOwner: true, accountOwner: true, previousOwnerDays: 30 };
  let phone = 0;
  /** A lead that repeats an open one of `keeper`: the same number, another mail. */
  async function repeated(campaign: string, source: string, keeper: Member, more: Record<string, unknown> = {}): Promise<number> {
    phone += 1;
    const number = `+86 139 0000 ${String(phone).padStart(4, '0')}`;
    const [first] = await company.capture([someone({ phone: number, campaign: 'elsewhere' })]);
    await company
      .db('crm_leads')
      .where({ id: first })
      .update({ owner_id: keeper.id, pool_id: null, ...more });
    const [second] = await company.capture([someone({ phone: number, campaign, source })]);
    expect(await company.lead(second!)).toMatchObject({ duplicate_of: first });
    return second!;
  }

  it('the owner of the open lead it repeats, unless the source says otherwise or that lead is closed', async () => {
    const [keeper, ruled] = [await rep(), await rep()];
    await policy('double', [{ destination: group([ruled]) }], {
      sticky: { ...sticky, bySource: [{ sources: ['partner'], duplicateOwner: false }] },
    });
    const ids = [
      await repeated('double', 'web', keeper),
      await repeated('double', 'partner', keeper),
      await repeated('double', 'web', keeper, { stage: 'lost' }),
    ];
    expect(await ownersOf(ids)).toEqual([keeper.id, ruled.id, ruled.id]);
    expect(await Promise.all(ids.map(reasonOf))).toEqual(['STICKY_DUPLICATE', 'RULE', 'RULE']);
  });

  it('the duplicate’s owner goes before the owner of the account, and each switched off lets the next one have it', async () => {
    const [ofDouble, ofAccount, ruled] = [await rep(), await rep(), await rep()];
    const account = await insertRow(
      company.db,
      'crm_accounts',
      { name: 'Order', domain_key: 'order-works.com', owner_id: ofAccount.id },
      NOW,
    );
    await policy('order', [{ destination: group([ruled]) }], {
      sticky: {
        ...sticky,
        bySource: [
          { sources: ['partner'], duplicateOwner: false },
          { sources: ['fair'], duplicateOwner: false, accountOwner: false },
        ],
      },
    });
    const of = async (source: string): Promise<number> => {
      phone += 1;
      const number = `+86 139 0000 ${String(phone).padStart(4, '0')}`;
      const [first] = await company.capture([someone({ phone: number, campaign: 'elsewhere' })]);
      await company.db('crm_leads').where({ id: first }).update({ owner_id: ofDouble.id, pool_id: null });
      const [id] = await company.capture([{ name: 'X', phone: number, email: `x${phone}@order-works.com`, campaign: 'order', source }]);
      expect(await company.lead(id!)).toMatchObject({ duplicate_of: first, account_id: account });
      return id!;
    };
    const ids = [await of('web'), await of('partner'), await of('fair')];
    expect(await ownersOf(ids)).toEqual([ofDouble.id, ofAccount.id, ruled.id]);
    expect(await Promise.all(ids.map(reasonOf))).toEqual(['STICKY_DUPLICATE', 'STICKY_ACCOUNT', 'RULE']);
  });

  it('a sticky owner who is gone, or away longer than allowed, is passed over', async () => {
    const [gone, away, short, ruled] = [await rep({ active: false }), await rep(), await rep(), await rep()];
    const leave = (days: number) => ({
      leave_from: new Date('2026-03-01T00:00:00Z'),
      leave_to: new Date(NOW.getTime() + days * 86_400_000),
    });
    await company.db('crm_members').where({ id: away.id }).update(leave(9));
    await company.db('crm_members').where({ id: short.id }).update(leave(2));
    await policy('gone', [{ destination: group([ruled]) }], { sticky: { ...sticky, awayDays: 3 } });
    const ids = [await repeated('gone', 'web', gone), await repeated('gone', 'web', away), await repeated('gone', 'web', short)];
    expect(await ownersOf(ids)).toEqual([ruled.id, ruled.id, short.id]);
  });

  it('whoever lost it by a missed deadline does not get it back', async () => {
    const [last, ruled] = [await rep(), await rep()];
    await policy('lost-by', [{ destination: group([ruled]) }], { sticky });
    const [id] = await company.stock(poolId, 1, () => ({ campaign: 'lost-by' }));
    const event = { subject: 'lead', subject_id: id, actor_kind: 'system', actor_name: 'Test', cause_type: 'test', at: NOW };
    await company.db('crm_events').insert({ ...event, type: 'lead.rerouted', before: { owner: last.id } });
    expectStatus(await company.admin.post(`/api/console/leads/${id}/route`), 200);
    expect(await ownersOf([id!])).toEqual([ruled.id]);
  });
});

describe('R-59 eight workers at once', () => {
  interface Drawn {
    readonly people: readonly { readonly weight: number; readonly capacity: number | null }[];
    /** Without it capacities do not count, and only shares are at stake. */
    readonly byCapacity: boolean;
    readonly perDay: number | null;
    readonly perRule: number | null;
    /** Sizes of the change sets of each worker. */
    readonly lanes: readonly (readonly number[])[];
  }
  const most = (from: number, to: number) => fc.option(fc.integer({ min: from, max: to }), { nil: null });
  const drawn: fc.Arbitrary<Drawn> = fc.record({
    people: fc.array(fc.record({ weight: fc.constantFrom(0.5, 1, 2, 5), capacity: most(0, 9) }), { minLength: 1, maxLength: 5 }),
    byCapacity: fc.boolean(),
    perDay: most(1, 8),
    perRule: most(1, 8),
    lanes: fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), { minLength: 8, maxLength: 8 }),
  });

  let run = 0;
  async function race({ people: given, byCapacity, perDay, perRule, lanes }: Drawn): Promise<void> {
    run += 1;
    const campaign = `law-${run}`;
    const people: Member[] = [];
    for (const { capacity } of given) people.push(await rep({ capacity }));
    const caps = [
      ...(perDay === null ? [] : [{ scope: 'person', per: 'day', max: perDay }]),
      ...(perRule === null ? [] : [{ scope: 'rule', per: 'rolling', seconds: 86_400, max: perRule }]),
    ];
    // Published by the product of this process, which hears of no other's.
    const rule = {
      destination: group(
        people,
        given.map(({ weight }) => weight),
      ),
      caps,
      filters: { capacity: byCapacity },
      onEmpty: { pool: 'rest' },
    };
    const body = { when: forSource(campaign), rules: [{ key: 'rule-1', label, ...rule }], otherwise: { kind: 'pool', key: 'rest' } };
    const { kit } = product.core;
    await kit.policies.upsert({ kind: 'routing-policy', key: campaign, name: campaign, body, publish: true }, kit.actors.system(), NOW);
    const worker = async (sizes: readonly number[], lane: number): Promise<number[]> => {
      const ids: number[] = [];
      for (const size of sizes) {
        const changes = Array.from({ length: size }, (): LeadChange => ({ op: 'create', values: someone({ campaign }) }));
        const cause = { type: 'test', id: `${lane}` };
        const { outcomes } = await product.leads.apply({ changes, actor: product.core.kit.actors.system(), cause, now: NOW });
        ids.push(...outcomes.map(({ id }) => id ?? 0));
      }
      return ids;
    };
    const ids = (await Promise.all(lanes.map(worker))).flat();
    const owners = await ownersOf(ids);
    const lines = await company
      .db<{ lead_id: number; member_id: number }>('crm_ledger')
      .where({ group_key: `route:${campaign}:rule-1` } as never)
      .select('lead_id', 'member_id');
    // Each lead is given once at most, and the ledger says the same as the leads.
    expect(new Set(lines.map((line) => line.lead_id)).size).toBe(lines.length);
    expect(lines.map((line) => [line.lead_id, line.member_id]).sort()).toEqual(
      ids.flatMap((id, index) => (owners[index] === null ? [] : [[id, owners[index]]])).sort(),
    );
    const room = given.map(({ capacity }) => Math.min((byCapacity ? capacity : null) ?? Infinity, perDay ?? Infinity, perRule ?? Infinity));
    const got = people.map(({ id }) => owners.filter((owner) => owner === id).length);
    got.forEach((count, index) => expect(count).toBeLessThanOrEqual(room[index]!));
    // Nobody is passed over while there is room: a lead lies in the pool only when everybody is full.
    expect(got.reduce((sum, count) => sum + count, 0)).toBe(
      Math.min(
        ids.length,
        room.reduce((sum, one) => sum + one, 0),
      ),
    );
    // Where nothing limits anybody, all are within one lead of their part.
    const weights = given.reduce((sum, { weight }) => sum + weight, 0);
    if (room.every((one) => one === Infinity))
      got.forEach((count, index) => expect(Math.abs(count - (ids.length * given[index]!.weight) / weights)).toBeLessThan(1));
  }

  it('never give a lead twice, never pass a cap or a capacity, and leave nobody out who has room, whatever is drawn', async () => {
    const unlimited: Drawn = {
      people: [3, 2, 1].map((weight) => ({ weight, capacity: null })),
      byCapacity: false,
      perDay: null,
      perRule: null,
      lanes: Array.from({ length: 8 }, () => [3, 1, 2]),
    };
    const examples: [Drawn][] = [
      [unlimited],
      [
        {
          ...unlimited,
          byCapacity: true,
          people: [
            { weight: 1, capacity: 0 },
            { weight: 1, capacity: 7 },
          ],
        },
      ],
    ];
    await fc.assert(fc.asyncProperty(drawn, race), { numRuns: 8, endOnFailure: true, examples });
  }, 240_000);
});

describe('destinations', () => {
  it('a webhook that does not answer in its time gives way to its fallback', async () => {
    const fallback = await rep();
    const { url } = silent;
    const to = { kind: 'member', email: fallback.email };
    await policy('mute', [{ destination: { kind: 'webhook', url, timeoutMs: 300, fallback: to } }]);
    const [lead] = await capture('mute', 1);
    await until('the fallback has it', async () => (await ownersOf([lead!]))[0] !== null);
    expect(await ownersOf([lead!])).toEqual([fallback.id]);
    const told = await explain({ api: company.admin }, lead!);
    expect(told.text.en).toMatch(/^The system the rule “The rule” asks gave no usable answer; by its fallback it went to /);
    expect(told.rules.map(({ verdict }) => verdict)).toEqual(['fallback']);
  });

  it('a number in a table is the number people write, however the database keeps it', async () => {
    const [exact, between, rest] = [await rep(), await rep(), await rep()];
    const to = ({ email }: Member) => ({ kind: 'member', email });
    const rows = [
      { cells: ['500000'], to: to(exact) },
      { cells: ['1000.5..2000'], to: to(between) },
    ];
    await policy('money', [{ destination: { kind: 'table', columns: ['lead.annualRevenue'], rows } }, { destination: to(rest) }]);
    const ids = await Promise.all(
      [500_000, 1000.5, 2000, 2000.01].map(async (annualRevenue) => (await capture('money', 1, { annualRevenue }))[0]!),
    );
    expect(await ownersOf(ids)).toEqual([exact.id, between.id, between.id, rest.id]);
  });

  it('a table in which only one row may fit refuses a lead that two rows fit, says so, and goes on', async () => {
    const [east, large, rest] = [await rep(), await rep(), await rep()];
    const to = ({ email }: Member) => ({ kind: 'member', email });
    const table = {
      kind: 'table',
      hit: 'unique',
      columns: ['lead.province', 'lead.employees'],
      rows: [
        { cells: ['浙江', ''], to: to(east) },
        { cells: ['', '>=1000'], to: to(large) },
      ],
    };
    await policy('unique', [{ destination: table }, { destination: to(rest) }]);
    const of = async (values: Record<string, unknown>): Promise<number> => (await capture('unique', 1, values))[0]!;
    const ids = [
      await of({ province: '浙江', employees: 5 }),
      await of({ province: '广东', employees: 5000 }),
      await of({ province: '浙江', employees: 5000 }),
    ];
    expect(await ownersOf(ids)).toEqual([east.id, large.id, rest.id]);
    const { inputs } = await company
      .db('crm_decisions')
      .where({ subject_id: ids[2], kind: 'route' })
      .first<{ inputs: { rules: unknown[] } }>();
    expect(inputs.rules).toEqual([
      { rule: 'rule-1', verdict: 'ambiguous' },
      { rule: 'rule-2', verdict: 'chosen' },
    ]);
  });
});

describe('考核标准: each fact of a person’s own record', () => {
  const AT = new Date('2026-02-20T02:00:00Z');
  const lead = async (owner: number, more: Record<string, unknown> = {}): Promise<number> => {
    const [id] = await company.stock(poolId, 1, () => ({ campaign: 'record' }));
    await company
      .db('crm_leads')
      .where({ id })
      .update({ owner_id: owner, pool_id: null, ...more });
    await company.db('crm_ledger').insert({ group_key: 'route:record:x', member_id: owner, lead_id: id, value: 1, cause: 'test', at: AT });
    return id!;
  };
  const standard = (field: string, operator: string, value: number) => ({
    key: 'one',
    label,
    leads: { combinator: 'and', rules: [{ field: 'lead.employees', operator: '>=', value: 1000 }] },
    people: { combinator: 'and', rules: [{ field, operator, value }] },
  });
  const call = (id: number, member: number, minutes: number) =>
    insertRow(
      company.db,
      'crm_activities',
      {
        lead_id: id,
        member_id: member,
        kind: 'call',
        direction: 'outbound',
        occurred_at: new Date(AT.getTime() + minutes * 60_000),
        automatic: false,
        bulk: false,
      },
      AT,
    );

  it.each([
    [
      'member.conversionRate',
      '>=',
      50,
      async (good: number, bad: number) => {
        await lead(good, { stage: 'won' });
        await lead(bad, { stage: 'lost' });
      },
    ],
    [
      'member.responseMinutes',
      '<=',
      30,
      async (good: number, bad: number) => {
        await call(await lead(good), good, 10);
        await call(await lead(bad), bad, 90);
      },
    ],
    [
      'member.slaCompliance',
      '>=',
      80,
      async (good: number, bad: number) => {
        await lead(good);
        const id = await lead(bad);
        await company.db('crm_routing_breaches').insert({ member_id: bad, lead_id: id, at: AT });
      },
    ],
    [
      'member.tenureDays',
      '>=',
      365,
      async (good: number, bad: number) => {
        await company.db('crm_members').where({ id: good }).update({ created_at: '2020-01-01' });
        await company.db('crm_members').where({ id: bad }).update({ created_at: '2026-02-20' });
      },
    ],
  ] as const)('%s decides who gets the leads it is for', async (field, operator, value, record) => {
    const [bad, good] = [await rep(), await rep()];
    await record(good.id, bad.id);
    const campaign = `fact-${field.slice(7).toLowerCase()}`;
    await policy(campaign, [{ destination: group([bad, good]) }], { standards: [standard(field, operator, value)] });
    const [big] = await capture(campaign, 1, { employees: 5000 });
    expect(await ownersOf([big!])).toEqual([good.id]);
    const told = await explain({ api: company.admin }, big!);
    expect(told.candidates.map(({ member, codes }) => [member, codes.map(({ code }) => code)])).toEqual([
      [bad.id, ['STANDARD_NOT_MET']],
      [good.id, []],
    ]);
    expect(await ownersOf(await capture(campaign, 1, { employees: 5 }))).toEqual([bad.id]);
  });
});

describe('performance weighted', () => {
  it('takes the last ninety days before the month, shrunken, and keeps them for the month', async () => {
    const [strong, weak] = [await rep(), await rep()];
    const give = async (member: number, count: number, stage: string, day = '2026-02-10'): Promise<void> => {
      const ids = await company.stock(poolId, count, () => ({ campaign: 'perf-past' }));
      await company.db('crm_leads').whereIn('id', ids).update({ stage });
      const line = { group_key: 'route:perf:x', member_id: member, value: 1, cause: 'test', at: new Date(`${day}T02:00:00Z`) };
      await company.db('crm_ledger').insert(ids.map((id) => ({ ...line, lead_id: id })));
    };
    await give(strong.id, 20, 'won');
    await give(weak.id, 20, 'lost');
    // Of this month, and older than ninety days before it: neither counts.
    await give(weak.id, 30, 'won', '2026-03-01');
    await give(weak.id, 30, 'won', '2025-11-20');
    await policy('perf', [{ destination: group([strong, weak]), ranking: 'performance-weighted' }]);
    const share = async (): Promise<number[]> => {
      const owners = await ownersOf(await capture('perf', 20));
      return [strong, weak].map(({ id }) => owners.filter((owner) => owner === id).length);
    };
    // p = 1/2, k = 20: (20 + 10)/40 against 1/2 is 1.5, (0 + 10)/40 is 0.5.
    expect(await share()).toEqual([15, 5]);
    await give(weak.id, 200, 'won');
    expect(await share()).toEqual([15, 5]);
    const factors = (await rows('crm_routing_factors', ['member_id', 'factor'])) as { member_id: number; factor: string }[];
    expect(
      factors.filter(({ member_id: id }) => [strong.id, weak.id].includes(id)).map(({ member_id: id, factor }) => [id, Number(factor)]),
    ).toEqual([
      [strong.id, 1.5],
      [weak.id, 0.5],
    ]);
  });
});

describe('back-test', () => {
  it('says what changes: who would have got what, caps hit, the expected first response, fairness', async () => {
    const [slow, quick] = [await rep(), await rep()];
    const id = await policy('weigh', [{ destination: group([slow]) }]);
    const ids = await capture('weigh', 6);
    const respond = (lead: number, member: number, minutes: number) =>
      insertRow(
        company.db,
        'crm_activities',
        {
          lead_id: lead,
          member_id: member,
          kind: 'call',
          direction: 'outbound',
          occurred_at: new Date(NOW.getTime() + minutes * 60_000),
          automatic: false,
          bulk: false,
        },
        NOW,
      );
    for (const lead of ids) await respond(lead, slow.id, 120);
    const [other] = await company.stock(poolId, 1, () => ({ campaign: 'weigh-past' }));
    await company
      .db('crm_ledger')
      .insert({ group_key: 'route:other:x', member_id: quick.id, lead_id: other, value: 1, cause: 'test', at: NOW });
    await respond(other!, quick.id, 20);
    const rule = { key: 'rule-1', label, destination: group([slow, quick]), periodCap: { per: 'day', max: 2 } };
    const draft = { when: forSource('weigh'), rules: [rule], otherwise: { kind: 'pool', key: 'rest' } };
    expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft }), 200);
    const test = expectStatus(await company.admin.post<BackTest>(`/api/console/routing-policies/${id}/backtest`, { days: 7 }), 200);
    expect(
      test.people.map(({ member, before, after, responseMinutes }) => [member, before, after, Math.round(responseMinutes ?? 0)]).sort(),
    ).toEqual(
      [
        [slow.id, 6, 2, 120],
        [quick.id, 0, 2, 20],
      ].sort(),
    );
    expect([test.responseBefore, test.responseAfter].map((minutes) => Math.round(minutes ?? 0))).toEqual([120, 70]);
    expect([test.jainBefore, test.jainAfter]).toEqual([0.5, 1]);
    // Two of six find both people at their cap of two, and lie in the pool; each time both are named.
    expect([test.pools, test.reasons.find(({ code }) => code === 'PERIOD_CAP')?.count]).toEqual([2, 5]);
  });
});

describe('the monthly statement', () => {
  it('tells a rep his own line by count and by value; a question about it reaches his manager and stays in his history', async () => {
    const boss = await rep({ roles: ['sales-manager'] });
    const people = [await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id })];
    await policy('statement', [{ destination: group(people) }]);
    await capture('statement', 4);
    const { api } = await as(people[0]!);
    const month = (await clock()).toISOString().slice(0, 7);
    const mine = expectStatus(await api.get<FairnessAnswer>(`/api/console/routing/fairness?month=${month}`), 200);
    expect(mine.groups.filter(({ key }) => key === 'route:statement:rule-1').flatMap((one) => one.rows)).toEqual([
      expect.objectContaining({ member: people[0]!.id, you: true, entitled: 2, received: 2 }),
    ]);
    expect(mine.overCapacity).toEqual([]);
    const question = { month, group: 'route:statement:rule-1', note: 'Two of mine were wrong numbers.' };
    expectStatus(await api.post('/api/console/routing/fairness/question', question), 200);
    const told = await company
      .db('crm_notifications')
      .where({ type: 'routing.fairness-question' })
      .select<{ member_id: number }[]>('member_id');
    expect(told.map((row) => row.member_id)).toEqual([boss.id]);
    const asked = await company
      .db('crm_events')
      .where({ subject: 'member', type: 'member.fairness_questioned' } as never)
      .select<{ subject_id: number; data: unknown }[]>('subject_id', 'data');
    expect(asked).toEqual([{ subject_id: people[0]!.id, data: question }]);
  });
});
