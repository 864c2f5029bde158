import { insertRow } from '@leadsea/crm-core';
import type { LeadChange } from '@leadsea/leads';
import type { BackTest, LeaveCalendar } from '../../plugins/lead-routing/contracts';
import type { Api } from '../support/api';
import { addPerson, expectStatus, someone, until } from '../support/fixtures';
import { openInProcess } from '../support/in-process';
import {
  as,
  capture,
  change,
  company,
  contract,
  decisions,
  forSource,
  group,
  label,
  ownersOf,
  policy,
  poolId,
  reasonOf,
  rep,
  startRouting,
  where,
} from './routing-support';

beforeAll(startRouting, 300_000);
afterAll(() => company?.server.close());

const isMarked = async (id: number): Promise<boolean> =>
  (await company.admin.get<{ rerouteCandidate: boolean }>(`/api/console/leads/${id}`)).body.rerouteCandidate;

describe('R-50 a change of fields', () => {
  const two = async (campaign: string) => {
    const [east, south] = [await rep(), await rep()];
    await policy(campaign, [
      { key: 'east', when: where('lead.province', '浙江'), destination: group([east]) },
      { key: 'south', when: where('lead.province', '广东'), destination: group([south]) },
    ]);
    return { east, south };
  };

  it('never takes an owned lead away: it is marked, and the mark goes when the value is put back', async () => {
    const { east } = await two('moves');
    const [id] = await capture('moves', 1, { province: '浙江' });
    await change(id!, { city: '杭州' });
    expect(await isMarked(id!)).toBe(false);
    await change(id!, { province: '广东' });
    expect(await company.lead(id!)).toMatchObject({ owner_id: east.id });
    expect(await isMarked(id!)).toBe(true);
    expect(await decisions(id!)).toHaveLength(1);
    expect((await company.events('lead.reroute_candidate')).at(-1)).toMatchObject({
      subject_id: id,
      data: { rule: 'south', policy: 'moves' },
    });
    const filter = encodeURIComponent(JSON.stringify({ rerouteCandidate: true }));
    const listed = await company.admin.get<{ id: number }[]>(`/api/console/leads?filter=${filter}`);
    expect(listed.body.map((row) => row.id)).toEqual([id]);
    await change(id!, { province: '浙江' });
    expect(await isMarked(id!)).toBe(false);
  });

  it('is shown in the monitor, from where the lead is routed again or left with its owner', async () => {
    const { south, east } = await two('marked');
    const [go, stay] = await capture('marked', 2, { province: '浙江' });
    for (const id of [go!, stay!]) await change(id, { province: '广东' });
    const monitor = async () =>
      expectStatus(
        await company.admin.get<{ items: { lead: number; text: { en: string } }[] }>('/api/console/routing/monitor?state=candidates'),
        200,
      ).items;
    expect((await monitor()).map(({ lead }) => lead).sort()).toEqual([go!, stay!].sort());
    expect((await monitor())[0]?.text.en).toMatch(/^Its values have changed: the rule “The rule” would give it to somebody else than /);
    expectStatus(await company.admin.post('/api/console/leads/keep-owner', { ids: [stay] }), 200);
    expectStatus(await company.admin.post('/api/console/leads/route', { ids: [go] }), 200);
    expect(await ownersOf([go!, stay!])).toEqual([south.id, east.id]);
    expect(await monitor()).toEqual([]);
    const { api } = await as(east);
    expect((await api.post(`/api/console/leads/${stay}/keep-owner`)).status).toBe(403);
  });

  it('marks nothing where the owner is among the people of the other rule', async () => {
    const [one, other] = [await rep(), await rep()];
    await policy('shared', [
      { key: 'small', when: where('lead.employees', 100, '<'), destination: group([one]) },
      { key: 'large', destination: group([one, other]) },
    ]);
    const [id] = await capture('shared', 1, { employees: 5 });
    await change(id!, { employees: 500 });
    expect(await isMarked(id!)).toBe(false);
  });

  it('routes a lead nobody has, and one in a pool where the policy names the stage it enters', async () => {
    const off = await rep({ presence: 'offline' });
    await policy('entering', [{ destination: group([off]) }], {
      otherwise: { kind: 'member', email: off.email },
      triggers: { stages: ['mql'] },
    });
    const [id] = await capture('entering', 1);
    expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: null });
    await company.db('crm_members').where({ id: off.id }).update({ presence: 'online' });
    const [pooled] = await company.stock(poolId, 1, () => ({ campaign: 'entering' }));
    for (const one of [id!, pooled!]) expectStatus(await company.admin.post(`/api/console/leads/${one}/qualify`), 200);
    expect(await ownersOf([id!, pooled!])).toEqual([off.id, off.id]);
  });
});

describe('R-53 a lead whose deadlines rest', () => {
  it('counts as half against the capacity of its owner, and as much as a policy says', async () => {
    await contract('rest', forSource('resting'), { pause: where('lead.city', 'rest') });
    const person = await rep({ capacity: 2 });
    await policy('resting', [{ destination: group([person]), filters: { capacity: true } }]);
    const first = await capture('resting', 2);
    expect(await ownersOf(await capture('resting', 1))).toEqual([null]);
    for (const id of first) await change(id, { city: 'rest' });
    expect(await ownersOf(await capture('resting', 2))).toEqual([person.id, null]);
    await policy('resting-too', [{ destination: group([person]), filters: { capacity: true } }], { capacity: { pausedWeight: 1 } });
    expect(await ownersOf(await capture('resting-too', 1))).toEqual([null]);
    await policy('resting-free', [{ destination: group([person]), filters: { capacity: true } }], { capacity: { pausedWeight: 0 } });
    expect(await ownersOf(await capture('resting-free', 2))).toEqual([person.id, null]);
    // Where only some leads count, theirs is half as well: two of the four resting ones make one, with two others three of four.
    await company.db('crm_members').where({ id: person.id }).update({ capacity: 4 });
    const capacity = { leads: { combinator: 'or', rules: [...forSource('resting').rules, ...forSource('resting-free').rules] } };
    await policy('resting-counted', [{ destination: group([person]), filters: { capacity: true } }], { capacity });
    expect(await ownersOf(await capture('resting-counted', 1))).toEqual([person.id]);
  });
});

describe('R-61 each step before the rules', () => {
  const bySource = (steps: Record<string, unknown>) => ({
    sticky: {
      explicitOwner: true,
      duplicateOwner: true,
      accountOwner: true,
      previousOwnerDays: 30,
      bySource: [{ sources: ['partner'], ...steps }],
    },
  });

  it('an owner named on arrival is kept, unless the source says otherwise', async () => {
    const [named, ruled] = [await rep(), await rep()];
    await policy('explicit', [{ destination: group([ruled]) }], bySource({ explicitOwner: false }));
    const product = await openInProcess(company.server.database);
    const changes = ['web', 'partner'].map((source): LeadChange => ({
      op: 'create',
      values: someone({ campaign: 'explicit', source }),
      holding: { ownerId: named.id },
    }));
    const { outcomes } = await product.leads.apply({
      changes,
      actor: product.core.kit.actors.system(),
      cause: { type: 'test' },
      now: new Date('2026-03-02T02:00:00Z'),
    });
    await product.close();
    const [kept = 0, routed = 0] = outcomes.map(({ id }) => id ?? 0);
    expect(await ownersOf([kept, routed])).toEqual([named.id, ruled.id]);
    expect([await reasonOf(kept), await reasonOf(routed)]).toEqual(['EXPLICIT', 'RULE']);
  });

  it('the owner of the account, unless the source says otherwise', async () => {
    const [keeper, ruled] = [await rep(), await rep()];
    await insertRow(company.db, 'crm_accounts', { name: 'Harbour', domain_key: 'harbour-works.com', owner_id: keeper.id }, new Date());
    await policy('by-account', [{ destination: group([ruled]) }], bySource({ accountOwner: false }));
    const [kept] = await company.capture([{ name: 'A', email: 'a@harbour-works.com', campaign: 'by-account', source: 'web' }]);
    const [routed] = await company.capture([{ name: 'B', email: 'b@harbour-works.com', campaign: 'by-account', source: 'partner' }]);
    expect(await ownersOf([kept!, routed!])).toEqual([keeper.id, ruled.id]);
    expect([await reasonOf(kept!), await reasonOf(routed!)]).toEqual(['STICKY_ACCOUNT', 'RULE']);
  });

  it('whoever held it last, unless the source says otherwise or he gave it back himself', async () => {
    const [last, ruled] = [await rep(), await rep()];
    await policy('previous', [{ destination: group([ruled]) }], bySource({ previousOwnerDays: 0 }));
    const heldBefore = async (source: string, event: 'recycled' | 'released'): Promise<number> => {
      const [id] = await company.stock(poolId, 1, () => ({ campaign: 'previous', source }));
      await company.db('crm_leads').where({ id }).update({ owner_id: last.id, pool_id: null });
      await company.db('crm_events').insert({
        subject: 'lead',
        subject_id: id,
        type: `lead.${event}`,
        before: { owner: last.id },
        actor_kind: 'system',
        actor_name: 'Test',
        cause_type: 'test',
        at: new Date('2026-03-02T01:00:00Z'),
      });
      await company.db('crm_leads').where({ id }).update({ owner_id: null, pool_id: poolId });
      expectStatus(await company.admin.post(`/api/console/leads/${id}/route`), 200);
      return id!;
    };
    const ids = [await heldBefore('web', 'recycled'), await heldBefore('partner', 'recycled'), await heldBefore('web', 'released')];
    expect(await ownersOf(ids)).toEqual([last.id, ruled.id, ruled.id]);
    expect(await Promise.all(ids.map(reasonOf))).toEqual(['STICKY_PREVIOUS', 'RULE', 'RULE']);
  });
});

describe('3.1 the back-test of what comes before the rules', () => {
  const sticky = { explicitOwner: true, duplicateOwner: true, accountOwner: true, previousOwnerDays: 30 };
  const backTest = async (id: number, version: 'draft' | 'live') =>
    expectStatus(await company.admin.post<BackTest>(`/api/console/routing-policies/${id}/backtest`, { days: 7, version }), 200);
  const assign = (lead: number, owner: number) => company.admin.post(`/api/console/leads/${lead}/assign`, { owner });

  it('gives what was decided again as it was then, although the world has moved on; a draft without the steps says who would have it', async () => {
    const [keeper, later, ofAccount, named, ruled, stranger] = [
      await rep(),
      await rep(),
      await rep(),
      await rep(),
      await rep(),
      await rep(),
    ];
    const source = { when: forSource('steps'), otherwise: { kind: 'pool', key: 'rest' } };
    const rules = [{ key: 'rule-1', label, destination: group([ruled]) }];
    const id = await company.publish('routing-policies', 'steps', { ...source, rules, sticky });
    const account = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/accounts', {
        name: 'Steps Works',
        website: 'https://steps-works.com',
        owner: ofAccount.id,
      }),
      200,
    ).id;
    const [first] = await company.capture([someone({ phone: '+86 139 1111 0001', campaign: 'elsewhere' })]);
    expectStatus(await assign(first!, keeper.id), 200);
    const [ofDouble] = await company.capture([someone({ phone: '+86 139 1111 0001', campaign: 'steps' })]);
    const [inAccount] = await company.capture([{ name: 'S', email: 's@steps-works.com', campaign: 'steps' }]);
    const [plain] = await capture('steps', 1);
    const product = await openInProcess(company.server.database);
    const { outcomes } = await product.leads.apply({
      changes: [{ op: 'create', values: someone({ campaign: 'steps' }), holding: { ownerId: named.id } }],
      actor: product.core.kit.actors.system(),
      cause: { type: 'test' },
      now: new Date('2026-03-02T02:00:00Z'),
    });
    await product.close();
    // Taken back by rule from somebody else, routed once more: it goes back to him.
    const [back] = await capture('steps', 1);
    expectStatus(await assign(back!, stranger.id), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${back}/recycle`, { pool: poolId }), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${back}/route`), 200);
    const all = [ofDouble!, inAccount!, plain!, outcomes[0]!.id!, back!];
    expect(await ownersOf(all)).toEqual([keeper.id, ofAccount.id, ruled.id, named.id, stranger.id]);

    expectStatus(await assign(first!, later.id), 200);
    const { version } = (await company.admin.get<{ version: number }>(`/api/console/accounts/${account}`)).body;
    expectStatus(await company.admin.put(`/api/console/accounts/${account}`, { owner: later.id, version }), 200);
    const live = await backTest(id, 'live');
    expect([live.leads, live.again, live.moved, live.moves]).toEqual([6, 1, 0, []]);
    expect(live.rules.filter(({ leads }) => leads > 0).map(({ key, leads }) => [key, leads])).toEqual([
      ['EXPLICIT', 1],
      ['STICKY_DUPLICATE', 1],
      ['STICKY_ACCOUNT', 1],
      ['STICKY_PREVIOUS', 1],
      ['rule-1', 2],
    ]);
    expect(live.people.map(({ member, before, after }) => [member, before, after]).sort()).toEqual(
      [
        [keeper.id, 1, 1],
        [ofAccount.id, 1, 1],
        [named.id, 1, 1],
        [ruled.id, 2, 2],
        [stranger.id, 1, 1],
      ].sort(),
    );

    const off = { explicitOwner: false, duplicateOwner: false, accountOwner: false, previousOwnerDays: 0 };
    expectStatus(await company.admin.put(`/api/console/routing-policies/${id}`, { draft: { ...source, rules, sticky: off } }), 200);
    const draft = await backTest(id, 'draft');
    expect([draft.moved, draft.rules.find(({ key }) => key === 'rule-1')?.leads]).toEqual([4, 6]);
    expect(draft.moves.map(({ lead, before, after, reason }) => [lead, before, after, reason]).sort()).toEqual(
      [
        [ofDouble, keeper.id, ruled.id, 'RULE'],
        [inAccount, ofAccount.id, ruled.id, 'RULE'],
        [outcomes[0]!.id, named.id, ruled.id, 'RULE'],
        [back, stranger.id, ruled.id, 'RULE'],
      ].sort(),
    );
  });

  it('leaves out what an earlier policy decides, and says how many those are', async () => {
    const [ruled, other] = [await rep(), await rep()];
    await policy('before', [{ destination: group([ruled]) }]);
    const id = await company.publish('routing-policies', 'behind', {
      when: { combinator: 'or', rules: ['before', 'behind'].map((value) => ({ field: 'lead.campaign', operator: '=', value })) },
      rules: [{ key: 'rule-1', label, destination: group([other]) }],
      otherwise: { kind: 'pool', key: 'rest' },
    });
    await capture('before', 2);
    await capture('behind', 3);
    const { leads, elsewhere, moved } = await backTest(id, 'live');
    expect([leads, elsewhere, moved]).toEqual([3, 2, 0]);
  });
});

describe('R-66 a lead that waits is tried again', () => {
  const held = { onEmpty: 'hold', holdSeconds: 86_400 };

  it('when somebody comes online', async () => {
    const off = await rep({ presence: 'offline' });
    await policy('online', [{ destination: group([off]), ...held }]);
    const [id] = await capture('online', 1);
    const { api } = await as(off);
    expectStatus(await api.put('/api/console/me', { presence: 'online' }), 200);
    await until('the queue was woken', async () => (await ownersOf([id!]))[0] === off.id);
  });

  it('when a place becomes free', async () => {
    const full = await rep({ capacity: 1 });
    await policy('freed', [{ destination: group([full]), ...held }]);
    const [first, waits] = await capture('freed', 2);
    expect(await ownersOf([first!, waits!])).toEqual([full.id, null]);
    expectStatus(await company.admin.post(`/api/console/leads/${first}/disqualify`, { reason: 'spam' }), 200);
    await company.moveClock('2026-03-02T02:02:00Z');
    expect(await ownersOf([waits!])).toEqual([full.id]);
  });

  it('in the minute in which a cap begins anew, the oldest first', async () => {
    const capped = await rep({ time_zone: 'Asia/Shanghai' });
    await policy('reset', [{ destination: group([capped]), periodCap: { per: 'day', max: 1 }, ...held }]);
    await company.moveClock('2026-03-02T15:58:30Z');
    const ids = await capture('reset', 3);
    expect(await ownersOf(ids)).toEqual([capped.id, null, null]);
    await company.moveClock('2026-03-02T15:59:59Z');
    expect(await ownersOf(ids)).toEqual([capped.id, null, null]);
    await company.moveClock('2026-03-02T16:00:00Z');
    expect(await ownersOf(ids)).toEqual([capped.id, capped.id, null]);
  });
});

describe('the linter on real leads', () => {
  it('refuses filters on fields that are not there, which would let everybody through, and names addresses that are never asked', async () => {
    const member = await rep();
    const filters = {
      territory: 'nowhere',
      skills: [
        { skill: 'x', from: 'custom.gone' },
        { skill: 'y', from: 'product' },
      ],
    };
    const fallback = { kind: 'member', email: member.email };
    const draft = {
      when: forSource('fields-gone'),
      rules: [
        { key: 'rule-1', label, destination: group([member]), filters, ranking: 'best-fit', fit: [{ from: 'shoe', points: 1 }] },
        { key: 'rule-2', label, destination: { kind: 'webhook', url: 'http://169.254.169.254/latest', fallback } },
      ],
      otherwise: { kind: 'pool', key: 'rest' },
    };
    const { id } = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/routing-policies', { key: 'fields-gone', name: 'Gone', draft }),
      200,
    );
    const answer = expectStatus(
      await company.admin.post<{ data: { level: string; code: string; path: string }[] }>(`/api/console/routing-policies/${id}/lint`),
      200,
    );
    const findings = Array.isArray(answer) ? (answer as typeof answer.data) : answer.data;
    expect(findings.map(({ level, code, path }) => `${level} ${code} ${path}`)).toEqual([
      'error FACT_UNKNOWN rules[0].filters.territory',
      'error FACT_UNKNOWN rules[0].filters.skills[0].from',
      'error FACT_UNKNOWN rules[0].fit[0].from',
      'warning WEBHOOK_BLOCKED rules[1].destination.url',
    ]);
    const refused = await company.admin.post<{ error: { details: { code: string } } }>(`/api/console/routing-policies/${id}/publish`, {
      note: 'x',
    });
    expect([refused.status, refused.body.error.details.code]).toEqual([400, 'POLICY_LINT']);
  });

  it('names rules no lead fits, rules others take everything from, and rules that overlap', async () => {
    const target = await rep();
    await capture('linted', 24, { city: 'A', province: 'P' });
    await capture('linted', 8, { city: 'B', province: 'P' });
    const destination = { kind: 'member', email: target.email };
    const draft = {
      when: forSource('linted'),
      rules: [
        { key: 'city', label, when: where('lead.city', 'A'), destination },
        { key: 'twin', label, when: where('lead.city', 'A'), destination },
        { key: 'wide', label, when: where('lead.province', 'P'), destination },
        { key: 'none', label, when: where('lead.city', 'Z'), destination },
        { key: 'zero', label, when: where('lead.city', 'B'), destination, caps: [{ scope: 'person', per: 'day', max: 0 }] },
      ],
      otherwise: { kind: 'pool', key: 'rest' },
    };
    const { id } = expectStatus(
      await company.admin.post<{ id: number }>('/api/console/routing-policies', { key: 'linted', name: 'L', draft }),
      200,
    );
    await company.db('crm_members').where({ id: target.id }).update({ active: false });
    const answer = expectStatus(await company.admin.post<unknown>(`/api/console/routing-policies/${id}/lint`), 200);
    const findings = (Array.isArray(answer) ? answer : (answer as { data: unknown }).data) as { code: string; path: string }[];
    const found = findings.map(({ code, path }) => `${code} ${path}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'RULE_SHADOWED rules[1]',
        'RULE_OVERLAPS rules[2]',
        'RULE_WITHOUT_LEADS rules[3]',
        'CAP_ZERO rules[4].caps[0]',
        'TARGET_DISABLED rules[0].destination',
      ]),
    );
    expect(found).not.toContain('RULE_SHADOWED rules[0]');
  });
});

describe('R-56 the calendar of leave', () => {
  it('shows a person his team, a manager his people and their notes, and lets him enter and remove their leave', async () => {
    const boss = await addPerson(company.db, 'boss-of-leave', { roles: ['sales-manager'], team_id: company.teams.south });
    const [mine, other] = [await rep({ team_id: company.teams.south, manager_id: boss.id }), await rep({ team_id: company.teams.east })];
    const [manager, person, stranger] = [(await as(boss)).api, (await as(mine)).api, (await as(other)).api];
    const entry = {
      startsAt: '2026-05-04T01:00:00Z',
      endsAt: '2026-05-08T10:00:00Z',
      delegate: boss.id,
      mode: 'delegate_new',
      note: 'Family',
    };
    const { id } = expectStatus(await manager.post<{ id: number }>('/api/console/leaves', { ...entry, member: mine.id }), 200);
    const calendar = async (api: Api): Promise<LeaveCalendar> =>
      expectStatus(await api.get<LeaveCalendar>('/api/console/routing/leave-calendar?from=2026-05-01&to=2026-05-31'), 200);
    expect((await calendar(manager)).leaves).toEqual([
      expect.objectContaining({ id, member: mine.id, delegate: boss.id, note: 'Family', canEdit: true, mode: 'delegate_new' }),
    ]);
    const own = await calendar(person);
    expect(own.leaves).toEqual([expect.objectContaining({ id, canEdit: true })]);
    expect(own.mayEnterFor).toEqual([mine.id]);
    expect((await calendar(stranger)).people.map((one) => one.id)).not.toContain(mine.id);
    expect((await calendar(stranger)).leaves).toEqual([]);
    expect((await stranger.post('/api/console/leaves', { ...entry, member: mine.id })).status).toBe(403);
    expect([403, 404]).toContain((await stranger.delete(`/api/console/leaves/${id}`)).status);
    expect((await stranger.get('/api/console/routing/leave-calendar?from=2026-05-01&to=2027-05-31')).status).toBe(400);
    expectStatus(await manager.delete(`/api/console/leaves/${id}`), 200);
    expect((await calendar(person)).leaves).toEqual([]);
  });

  it('does not tell a colleague of the team why somebody is away', async () => {
    const [away, colleague] = [await rep({ team_id: company.teams.south }), await rep({ team_id: company.teams.south })];
    const { api } = await as(away);
    expectStatus(
      await api.post('/api/console/leaves', { startsAt: '2026-06-01T00:00:00Z', endsAt: '2026-06-03T00:00:00Z', note: 'Hospital' }),
      200,
    );
    const seen = expectStatus(
      await (await as(colleague)).api.get<LeaveCalendar>('/api/console/routing/leave-calendar?from=2026-06-01&to=2026-06-30'),
      200,
    );
    expect(seen.leaves).toEqual([expect.objectContaining({ member: away.id, note: null, canEdit: false })]);
  });
});

describe('R-59 eight workers at once', () => {
  it('never give a lead twice and never pass a cap or a capacity', async () => {
    const people = [await rep({ capacity: 9 }), await rep({ capacity: 9 }), await rep()];
    await policy('eight', [
      {
        destination: group(people, [1, 1, 2]),
        caps: [{ scope: 'person', per: 'day', max: 12 }],
        filters: { capacity: true },
        onEmpty: { pool: 'rest' },
      },
    ]);
    const product = await openInProcess(company.server.database);
    const now = new Date('2026-03-02T18:00:00Z');
    const worker = async (lane: number): Promise<number[]> => {
      const ids: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const changes = [0, 1].map((): LeadChange => ({ op: 'create', values: someone({ campaign: 'eight' }) }));
        const { outcomes } = await product.leads.apply({
          changes,
          actor: product.core.kit.actors.system(),
          cause: { type: 'test', id: `${lane}` },
          now,
        });
        ids.push(...outcomes.map(({ id }) => id ?? 0));
      }
      return ids;
    };
    const ids = (await Promise.all(Array.from({ length: 8 }, (_, lane) => worker(lane)))).flat();
    await product.close();
    expect(new Set(ids).size).toBe(48);
    const owners = await ownersOf(ids);
    // 48 leads for 9 + 9 + 12 places: the rest lies in the pool, and nobody has one too many.
    expect(people.map(({ id }) => owners.filter((owner) => owner === id).length)).toEqual([9, 9, 12]);
    const lines = await company
      .db<{ lead_id: number; member_id: number }>('crm_ledger')
      .whereIn('lead_id', ids)
      .where({ group_key: 'route:eight:rule-1' } as never);
    expect(lines).toHaveLength(30);
    expect(new Set(lines.map((line) => line.lead_id)).size).toBe(30);
    expect(lines.every((line) => owners[ids.indexOf(line.lead_id)] === line.member_id)).toBe(true);
  });
});
