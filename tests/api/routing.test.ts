import { insertRow } from '@leadsea/crm-core';
import type { BatchPreview } from '../../plugins/lead-routing/contracts';
import { FIRST_RESPONSE_CONTRACT } from '../../plugins/lead-sla';
import { expectStatus, someone, until, type ErrorBody } from '../support/fixtures';
import {
  as,
  capture,
  company,
  decisions,
  explain,
  forSource,
  group,
  label,
  ownersOf,
  policy,
  poolId,
  rep,
  startRouting,
  type Explanation,
} from './routing-support';

beforeAll(startRouting, 300_000);
afterAll(() => company?.server.close());

describe('a decision and its reasons', () => {
  it('names for every person why not, and hides the others from a rep', async () => {
    const people = [
      await rep(),
      await rep({ capacity: 0 }),
      await rep({ presence: 'offline' }),
      await rep({ leave_from: '2026-03-01T00:00:00Z', leave_to: '2026-03-09T00:00:00Z' }),
      await rep({ active: false }),
    ];
    await policy('why', [{ destination: group(people) }]);
    const [id] = await capture('why', 1);
    expect(await company.lead(id!)).toMatchObject({ owner_id: people[0]!.id, team_id: company.teams.east, pool_id: null });
    const all = await explain({ api: company.admin }, id!);
    expect(all.text.en).toBe(
      `By the rule “The rule” it went to ${(await company.db('crm_members').where({ id: people[0]!.id }).first<{ name: string }>()).name}`,
    );
    expect(all.policy?.version).toBe(1);
    expect(all.candidates.map((row) => row.codes.map((code) => code.code))).toEqual([
      [],
      ['CAPACITY_FULL'],
      ['OFFLINE_TOGGLE'],
      ['ON_LEAVE'],
      ['DISABLED'],
    ]);
    expect(all.candidates[1]!.codes[0]!.text.en).toBe('At capacity (0 of 0)');
    expect(all.candidates.map((row) => row.chosen)).toEqual([true, false, false, false, false]);
    const reader = await as(people[0]!);
    const mine = await explain(reader, id!);
    const readable = (await reader.api.get('/api/console/members')).status === 200;
    expect(mine.candidates.slice(1).every((row) => (row.name === null) === !readable)).toBe(true);
  });

  it('does not route what is in quarantine, given to somebody, or only a test', async () => {
    const [person] = [await rep()];
    await policy('never', [{ destination: group([person]) }]);
    const [bad] = await company.capture([someone({ campaign: 'never', email: 'not an address' })]);
    expect(await company.lead(bad!)).toMatchObject({ owner_id: null, pool_id: null, quarantine: 'email-invalid' });
    expect((await decisions(bad!)).map((row) => row.result['reason'])).toEqual(['QUARANTINED']);
    const [closed] = await capture('never', 1);
    expectStatus(await company.admin.post('/api/console/leads/disqualify', { ids: [closed], reason: 'spam' }), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${closed}/route`), 200);
    expect((await decisions(closed!)).map((row) => row.result['reason'])).toEqual(['RULE', 'STAGE_CLOSED']);
    await company.db('crm_leads').where({ id: bad }).update({ quarantine: null, is_test: true });
    expectStatus(await company.admin.post(`/api/console/leads/${bad}/route`), 200);
    expect((await decisions(bad!)).at(-1)?.result).toMatchObject({ reason: 'RULE', owner: person.id, test: true });
    expect(await company.lead(bad!)).toMatchObject({ owner_id: null });
    expect(await company.db('crm_ledger').where({ lead_id: bad })).toEqual([]);
  });

  it('routes again by hand, from a pool too, and answers with the result', async () => {
    const person = await rep({ presence: 'offline' });
    await policy('again', [{ destination: group([person]) }]);
    const [id] = await capture('again', 1);
    expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: poolId });
    await company.db('crm_members').where({ id: person.id }).update({ presence: 'online' });
    const { results } = expectStatus(await company.admin.post<{ results: unknown[] }>('/api/console/leads/route', { ids: [id] }), 200);
    expect(results).toEqual([{ id, ok: true, owner: person.id, pool: null, reason: 'RULE' }]);
    expect(await company.lead(id!)).toMatchObject({ owner_id: person.id, pool_id: null });
    const refused = await (await as(person)).api.post<ErrorBody>(`/api/console/leads/${id}/route`);
    expect(refused.status).toBe(403);
  });
});

describe('time', () => {
  it('R-54: counts a cap in the zone of each person', async () => {
    const east = await rep({ time_zone: 'Asia/Shanghai' });
    const west = await rep({ time_zone: 'America/Los_Angeles' });
    await policy('caps', [{ destination: group([east, west]), periodCap: { per: 'day', max: 2 } }]);
    // 2026-03-02 10:00 in Shanghai, 2026-03-01 18:00 in Los Angeles.
    expect((await ownersOf(await capture('caps', 5))).filter((owner) => owner === null)).toHaveLength(1);
    await company.moveClock('2026-03-02T09:00:00Z');
    // Still 2 March in Shanghai; a new day has begun in Los Angeles.
    expect(await ownersOf(await capture('caps', 3))).toEqual([west.id, west.id, null]);
    await company.moveClock('2026-03-02T17:00:00Z');
    expect(await ownersOf(await capture('caps', 1))).toEqual([east.id]);
  });

  it('R-55, R-66: holds until a shift begins and gives the waiting leads out then', async () => {
    await company.moveClock('2026-03-03T11:00:00Z');
    const people = [await rep({ calendar_key: 'office' }), await rep({ calendar_key: 'office' })];
    await policy('shift', [{ destination: group(people), filters: { workingHours: 'now' }, onEmpty: 'hold', holdSeconds: 86_400 }]);
    const ids = await capture('shift', 4);
    expect(await ownersOf(ids)).toEqual([null, null, null, null]);
    // Times stand on the clock of whoever reads them.
    for (const [timeZone, at] of [
      ['America/New_York', '2026-03-03 20:00'],
      ['Asia/Shanghai', '2026-03-04 09:00'],
    ] as const) {
      expectStatus(await company.admin.put('/api/console/me', { timeZone }), 200);
      const told = await explain({ api: company.admin }, ids[0]!);
      expect(told.text.en).toBe(`Waiting; tried again by ${at}`);
      expect(told.candidates[0]?.codes[0]?.text.en).toBe(`Outside working hours, back at ${at}`);
    }
    await company.moveClock('2026-03-04T00:59:00Z');
    expect(await ownersOf(ids)).toEqual([null, null, null, null]);
    await company.moveClock('2026-03-04T01:00:00Z');
    const owners = await ownersOf(ids);
    expect(people.map((person) => owners.filter((owner) => owner === person.id).length)).toEqual([2, 2]);
    expect((await decisions(ids[0]!)).map((row) => row.result['reason'])).toEqual(['HELD', 'RULE']);
  });

  it('R-66: goes on to the next rule when it has waited long enough', async () => {
    const off = await rep({ presence: 'offline' });
    await policy('patience', [{ destination: group([off]), onEmpty: 'hold', holdSeconds: 900 }]);
    const [id] = await capture('patience', 1);
    await company.moveClock('2026-03-04T01:14:00Z');
    expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: null });
    await company.moveClock('2026-03-04T01:16:00Z');
    expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: poolId });
    expect((await decisions(id!)).map((row) => row.result['reason'])).toEqual(['HELD', 'OTHERWISE']);
  });

  it('R-58: somebody who comes back gets his part, not what he missed', async () => {
    const people = [await rep(), await rep(), await rep({ presence: 'offline' })];
    await policy('return', [{ destination: group(people) }]);
    await capture('return', 20);
    await company.db('crm_members').where({ id: people[2]!.id }).update({ presence: 'online' });
    const owners = await ownersOf(await capture('return', 9));
    expect(people.map((person) => owners.filter((owner) => owner === person.id).length)).toEqual([3, 3, 3]);
  });
});

describe('R-61 precedence', () => {
  it('follows the owner of the account before the rules', async () => {
    const [keeper, other] = [await rep(), await rep()];
    await insertRow(company.db, 'crm_accounts', { name: 'Anchor', domain_key: 'anchor-works.com', owner_id: keeper.id }, new Date());
    await policy('account', [{ destination: group([other]) }], { sticky: { accountOwner: true } });
    const [id] = await company.capture([{ name: 'A', email: 'a@anchor-works.com', campaign: 'account' }]);
    expect(await company.lead(id!)).toMatchObject({ owner_id: keeper.id });
    expect((await decisions(id!))[0]?.result).toMatchObject({ reason: 'STICKY_ACCOUNT' });
  });
});

describe('simulation, preview and checks', () => {
  it('simulates a draft with changed values and writes nothing', async () => {
    const [first, second] = [await rep(), await rep()];
    const id = await policy('draft', [{ destination: group([first]) }]);
    const [lead] = await capture('draft', 1);
    const before = await company.db('crm_events').count();
    const rules = [
      {
        key: 'big',
        label,
        when: { combinator: 'and', rules: [{ field: 'lead.employees', operator: '>=', value: 1000 }] },
        destination: group([second]),
      },
      { key: 'small', label, destination: group([first]) },
    ];
    expectStatus(
      await company.admin.put(`/api/console/routing-policies/${id}`, {
        draft: { when: forSource('draft'), rules, otherwise: { kind: 'pool', key: 'rest' } },
      }),
      200,
    );
    const drafted = await company.db('crm_events').count();
    const simulate = async (input: Record<string, unknown>) =>
      expectStatus(await company.admin.post<{ decision: Explanation }>(`/api/console/routing-policies/${id}/simulate`, input), 200)
        .decision;
    expect((await simulate({ lead, values: { employees: 5000 } })).result.owner?.id).toBe(second.id);
    expect((await simulate({ lead })).result.owner?.id).toBe(first.id);
    expect((await simulate({ lead, values: { employees: 5000 }, version: 'live' })).result.owner?.id).toBe(first.id);
    expect((await simulate({ values: someone({ campaign: 'draft', employees: 2000 }) })).result.owner?.id).toBe(second.id);
    expect(await company.db('crm_events').count()).toEqual(drafted);
    expect(drafted).not.toEqual(before);
    expect(await company.lead(lead!)).toMatchObject({ owner_id: first.id, employees: null });
    expect(await decisions(lead!)).toHaveLength(1);
    const preview = expectStatus(
      await company.admin.post<{ rules: { key: string; recent: number }[] }>(`/api/console/routing-policies/${id}/preview`),
      200,
    );
    expect(preview.rules.map((rule) => [rule.key, rule.recent])).toEqual([
      ['big', 0],
      ['small', 1],
      ['otherwise', 0],
    ]);
  });

  it('refuses to publish what leads nowhere', async () => {
    const draft = { rules: [{ key: 'x', label, destination: { kind: 'team', key: 'nobody' } }], otherwise: { kind: 'pool', key: 'gone' } };
    const created = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/routing-policies', { key: 'broken', name: 'Broken', draft }),
      200,
    );
    const refused = await company.admin.post<ErrorBody>(`/api/console/routing-policies/${created.id}/publish`);
    expect(refused.status).toBe(400);
    expect((refused.body.error.details['findings'] as { code: string }[]).map((finding) => finding.code)).toEqual([
      'TEAM_UNKNOWN',
      'POOL_UNKNOWN',
    ]);
  });
});

describe('R-63 a lead whose owner does not answer in time', () => {
  it('goes to the next person, never back, and in the end to the manager', async () => {
    await company.moveClock('2026-03-10T02:00:00Z');
    const boss = await rep();
    const people = [await rep({ manager_id: boss.id }), await rep({ manager_id: boss.id })];
    await policy('late', [{ destination: group(people) }]);
    const [metric] = FIRST_RESPONSE_CONTRACT.metrics;
    await company.publish('sla-contracts', 'late', {
      ...FIRST_RESPONSE_CONTRACT,
      signing: 'none',
      calendar: 'open',
      metrics: [
        { ...metric, start: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }, ...forSource('late').rules] } },
      ],
    });
    const [id] = await capture('late', 1);
    expect(await company.lead(id!)).toMatchObject({ owner_id: people[0]!.id });
    await company.moveClock('2026-03-10T02:40:00Z');
    expect(await company.lead(id!)).toMatchObject({ owner_id: people[1]!.id });
    const [event] = (await company.events('lead.rerouted')).filter((one) => one.subject_id === id);
    expect(event).toMatchObject({
      before: { owner: people[0]!.id },
      after: { owner: people[1]!.id },
      data: { rule: 'rule-1', policy: 'late', reasonCode: 'RULE' },
    });
    await company.moveClock('2026-03-10T03:20:00Z');
    expect(await company.lead(id!)).toMatchObject({ owner_id: boss.id });
    const told = await decisions(id!);
    expect(told.map((row) => [row.result['reason'], row.result['hop']])).toEqual([
      ['RULE', 0],
      ['RULE', 1],
      ['MANAGER', 2],
    ]);
    expect((await explain({ api: company.admin }, id!)).candidates.map((row) => row.codes.map((code) => code.code))).toEqual([
      ['EXCLUDED_PREVIOUS_OWNER'],
      ['EXCLUDED_PREVIOUS_OWNER'],
    ]);
  });
});

describe('R-60 a batch before it is done', () => {
  const preview = async (body: object, api = company.admin) =>
    expectStatus(await api.post<BatchPreview>('/api/console/routing/preview', body), 200);
  const shares = ({ people }: BatchPreview) => people.map(({ member, leads }) => [member, leads]).sort();

  it('shows who would get how many of new leads, of chosen ones and of a list of the monitor, and writes nothing', async () => {
    const [one, two, off] = [await rep(), await rep(), await rep({ presence: 'offline' })];
    const rule = { destination: group([one, two], [2, 1]), periodCap: { per: 'day', max: 4 } };
    await policy('batch', [rule]);
    const rows = Array.from({ length: 9 }, () => someone({ campaign: 'batch' }));
    const counted = async () => [
      await company.db('crm_leads').count(),
      await company.db('crm_ledger').count(),
      await company.db('crm_decisions').count(),
    ];
    const before = await counted();
    const fresh = await preview({ values: rows });
    // Six and three by weight, but nobody more than four: what is left goes on to the last rule.
    expect([fresh.leads, shares(fresh), fresh.pools.map(({ pool, leads }) => [pool, leads])]).toEqual([
      9,
      [
        [one.id, 4],
        [two.id, 4],
      ].sort(),
      [[poolId, 1]],
    ]);
    expect(await counted()).toEqual(before);
    await policy('batch-wait', [{ destination: group([off]), onEmpty: 'hold', holdSeconds: 86_400 }]);
    const ids = await capture('batch-wait', 3);
    expect(await preview({ ids })).toMatchObject({ leads: 3, total: 3, people: [], held: 3, nobody: 0 });
    await company.db('crm_members').where({ id: off.id }).update({ presence: 'online' });
    const chosen = await preview({ ids });
    expect([shares(chosen), chosen.held, Object.values(chosen.people[0]!.grades).reduce((sum, n) => sum + n, 0)]).toEqual([
      [[off.id, 3]],
      0,
      3,
    ]);
    expect(shares(await preview({ state: 'held' }))).toContainEqual([off.id, 3]);
    expect(await ownersOf(ids)).toEqual([null, null, null]);
  });

  it('is for those who may assign, and for leads they may see', async () => {
    const person = await rep();
    const [hidden] = await capture('batch-hidden', 1);
    const { api } = await as(person);
    expect((await api.post('/api/console/routing/preview', { ids: [hidden] })).status).toBe(403);
    expect((await company.admin.post<ErrorBody>('/api/console/routing/preview', { ids: [] })).body.error.details.code).toBe(
      'BATCH_INVALID',
    );
  });
});

describe('R-54 what comes back soon', () => {
  const NOW = Date.parse('2026-03-02T02:00:00Z');
  const at = (minutes: number) => company.moveClock(new Date(NOW + minutes * 60_000).toISOString());
  const first = async (campaign: string): Promise<number> => (await capture(campaign, 1))[0]!;
  const disqualify = async (id: number, reason: string) =>
    expectStatus(await company.admin.post(`/api/console/leads/${id}/disqualify`, { reason }), 200);
  afterAll(() => at(0));

  it('gives the cap back for the reasons of the policy and within its time, and for no other', async () => {
    const person = await rep();
    await policy('soon', [{ destination: group([person]), periodCap: { per: 'day', max: 1 } }], {
      returns: { minutes: 30, reasons: ['invalid'] },
    });
    const one = await first('soon');
    expect(await ownersOf([one])).toEqual([person.id]);
    expect(await ownersOf([await first('soon')])).toEqual([null]);
    await at(29);
    await disqualify(one, 'invalid');
    const two = await first('soon');
    expect(await ownersOf([two])).toEqual([person.id]);
    await disqualify(two, 'no_need');
    expect(await ownersOf([await first('soon')])).toEqual([null]);
    const lines = await company
      .db('crm_ledger')
      .where({ group_key: 'route:soon:rule-1' })
      .orderBy('id')
      .select<{ lead_id: number; given_back_at: Date | null }[]>('lead_id', 'given_back_at');
    expect(lines.map(({ lead_id: lead, given_back_at: back }) => [lead, back !== null])).toEqual([
      [one, true],
      [two, false],
    ]);
  });

  it('does not give it back after that time, nor for what is recycled', async () => {
    const person = await rep();
    await policy('too-late', [{ destination: group([person]), periodCap: { per: 'day', max: 2 } }], { returns: { minutes: 30 } });
    const [late, recycled] = [await first('too-late'), await first('too-late')];
    expectStatus(await company.admin.post(`/api/console/leads/${recycled}/recycle`, { pool: poolId }), 200);
    await at(61);
    await disqualify(late, 'invalid');
    expect(await company.db('crm_ledger').where({ group_key: 'route:too-late:rule-1' }).whereNotNull('given_back_at')).toEqual([]);
    expect(await ownersOf([await first('too-late')])).toEqual([null]);
  });

  it('a merge and a release as a duplicate come back by themselves', async () => {
    const person = await rep();
    const { api } = await as(person);
    await policy('twice', [{ destination: group([person]) }]);
    const [kept, merged, released] = [await first('twice'), await first('twice'), await first('twice')];
    expectStatus(await company.admin.post(`/api/console/leads/${kept}/merge`, { losers: [merged] }), 200);
    expectStatus(await api.post(`/api/console/leads/${released}/release`, { reason: 'duplicate' }), 200);
    const back = await company.db('crm_ledger').where({ group_key: 'route:twice:rule-1' }).whereNotNull('given_back_at').pluck('lead_id');
    expect(back.sort()).toEqual([merged, released].sort());
  });
});

describe('R-51 nobody is found', () => {
  const told = () =>
    company
      .db('crm_notifications')
      .where({ type: 'routing.nobody' })
      .orderBy('id')
      .select<{ member_id: number; title: { en: string } }[]>('member_id', 'title');

  it('is told to those who keep routing policies, once an hour, where the rule says so, and always of the last rule', async () => {
    const off = await rep({ presence: 'offline' });
    await policy('mute', [{ destination: group([off]) }]);
    await capture('mute', 1);
    expect(await told()).toEqual([]);
    await policy('loud', [{ destination: group([off]), tellWhenEmpty: true }]);
    await capture('loud', 3);
    await capture('loud', 1);
    const first = await told();
    expect(new Set(first.map(({ title }) => title.en))).toEqual(new Set(['The rule “The rule” finds nobody (3 leads)']));
    expect(new Set(first.map(({ member_id: id }) => id)).size).toBe(first.length);
    expect(first.map(({ member_id: id }) => id)).not.toContain(off.id);
    await policy('end', [], { otherwise: { kind: 'member', email: off.email } });
    await company.db('crm_members').where({ id: off.id }).update({ active: false });
    await capture('end', 1);
    expect((await told()).slice(first.length).map(({ title }) => title.en)).toEqual(first.map(() => '“end”: nobody could take a lead'));
  });
});

describe('what routing tells people', () => {
  it('stands in the matrix with its channels, so that it can be turned on and off; a new lead is mailed unless somebody says otherwise', async () => {
    const { types } = expectStatus(
      await company.admin.get<{ types: { type: string; label: { zh: string }; channels?: string[] }[] }>('/api/console/notice-choices'),
      200,
    );
    const own = types.filter(({ type }) => type.startsWith('routing.'));
    const kinds = 'offered ladder not-accepted reject-rate dispute auto-offline leave-question fairness-question nobody';
    expect(own.map(({ type }) => type).sort()).toEqual(
      kinds
        .split(' ')
        .map((kind) => `routing.${kind}`)
        .sort(),
    );
    expect(own.every(({ label }) => /[\u4e00-\u9fff]/.test(label.zh))).toBe(true);
    expect(types.find(({ type }) => type === 'lead.assigned')?.channels).toContain('mail');
  });
});

describe('R-50 owner disabled', () => {
  it('routes his open leads on where the policy says so, and leaves them to the hand-over where it does not', async () => {
    const [gone, next] = [await rep(), await rep()];
    await policy('leaver', [{ destination: group([gone, next]) }], { triggers: { ownerDisabled: true } });
    await policy('stayer', [{ destination: group([gone]) }]);
    const mine = await capture('leaver', 4);
    const [kept] = await capture('stayer', 1);
    const held = mine.filter((_id, index) => index % 2 === 0);
    expect(await ownersOf([...held, kept!])).toEqual([gone.id, gone.id, gone.id]);
    const { version } = (await company.admin.get<{ version?: number }>(`/api/console/members/${gone.id}`)).body;
    expectStatus(await company.admin.put(`/api/console/members/${gone.id}`, { active: false, ...(version ? { version } : {}) }), 200);
    await until('his leads have gone on', async () => (await ownersOf(held)).every((owner) => owner === next.id));
    expect(await ownersOf([kept!])).toEqual([gone.id]);
    expect((await decisions(held[0]!)).at(-1)).toMatchObject({
      cause: 'owner-disabled',
      result: { previousOwner: gone.id, owner: next.id },
    });
  });
});
