import { insertRow } from '@leadsea/crm-core';
import { CALENDAR, expectStatus, someone, startCompany, until, type Company, type Person } from '../support/fixtures';
import { at, claim, codeOf, ground, minute, release, verb, type Ground } from './pools-support';

/** Rules of a pool and what keeps its leads: each test publishes a pool of its own and looks at dates and at who holds what afterwards. */
let company: Company;
let on: Ground;

const rule = (more: Record<string, unknown> = {}) => ({
  key: 'idle',
  label: { zh: '闲置', en: 'Idle' },
  since: 'follow-up',
  after: 'P3BD',
  ...more,
});
const recycling = (rules: unknown[], more: Record<string, unknown> = {}, body: Record<string, unknown> = {}) => ({
  calendar: 'office',
  recycle: { rules, ...more },
  ...body,
});
const recycleAt = async (id: number): Promise<string | null> => {
  const date = (await company.lead(id))['recycle_at'] as Date | null;
  return date === null ? null : minute(date);
};
const ownerOf = async (id: number): Promise<unknown> => (await company.lead(id))['owner_id'];
const explain = (person: Pick<Person, 'api'>, id: number) =>
  person.api.get<Record<string, unknown>>(`/api/console/leads/${id}/explain/recycle`);

/** A lead of the pool claimed at a moment in Shanghai, by a person who may. */
async function held(poolId: number, local: string, values: Record<string, unknown> = {}): Promise<{ id: number; owner: Person }> {
  await company.moveClock(at(local));
  const owner = await on.rep();
  const [id] = await company.stock(poolId, 1, () => values);
  expectStatus(await claim(owner, id!), 200);
  return { id: id!, owner };
}

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T08:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
  on = ground(company);
}, 300_000);
afterAll(() => company?.server.close());

describe('clocks and segments (§5.6)', () => {
  test('A4.7: a rule with several clocks waits until all have run out; the earliest rule wins', async () => {
    const id = await on.pool(
      recycling([rule({ after: 'P2BD', also: [{ since: 'stage', after: 'P5BD' }] }), rule({ key: 'old', since: 'claim', after: 'P20BD' })]),
    );
    const lead = await held(id, '2026-03-02T10:00:00');
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-03-09T10:00:00')));
    await company.moveClock(at('2026-03-06T10:00:00'));
    expectStatus(await verb(lead.owner, lead.id, 'activities', { kind: 'call', outcome: 'connected' }), 200);
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-03-10T10:00:00')));
  });

  test('A18: the next action can be the clock itself, and a lead without one is not under the rule', async () => {
    const id = await on.pool(recycling([rule({ since: 'next-action', after: 'P1BD' })]));
    const lead = await held(id, '2026-03-02T10:05:00');
    expect(await recycleAt(lead.id)).toBeNull();
    expectStatus(await lead.owner.api.put(`/api/console/leads/${lead.id}`, { nextActionAt: at('2026-03-10T11:00:00') }), 200);
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-03-11T11:00:00')));
    // For other clocks an agreed call in three weeks moves the start, unless the rule does not wait for it.
    const [waits, not] = [await on.pool(recycling([rule()])), await on.pool(recycling([rule({ waitForNextAction: false })]))];
    const [kept, gone] = [await held(waits, '2026-03-02T10:06:00'), await held(not, '2026-03-02T10:06:00')];
    for (const { owner, id: one } of [kept, gone])
      expectStatus(await owner.api.put(`/api/console/leads/${one}`, { nextActionAt: at('2026-03-20T11:00:00') }), 200);
    expect(await recycleAt(kept.id)).toBe(minute(at('2026-03-25T11:00:00')));
    expect(await recycleAt(gone.id)).toBe(minute(at('2026-03-05T10:06:00')));
  });

  test('complaint 2.1.1: the end of a contract plus days, from a field of the company’s own', async () => {
    expectStatus(
      await company.admin.post('/api/console/fields', {
        entity: 'lead',
        key: 'contractEnd',
        type: 'date',
        label: { zh: '合同到期', en: 'Contract ends' },
      }),
      200,
    );
    const id = await on.pool(recycling([rule({ since: 'contract-end', field: 'contractEnd', after: 'P7D' })]));
    const lead = await held(id, '2026-03-02T10:10:00');
    expect(await recycleAt(lead.id)).toBeNull();
    expectStatus(await company.admin.put(`/api/console/leads/${lead.id}`, { custom: { contractEnd: '2026-06-01' } }), 200);
    await until('the date follows the contract', async () => (await recycleAt(lead.id)) === minute(at('2026-06-08T09:00:00')));
  });

  test('A4.7: rules are for a segment: another source, another time', async () => {
    const fast = { combinator: 'and', rules: [{ field: 'lead.source', operator: '=', value: 'fair' }] };
    const id = await on.pool(recycling([rule({ key: 'fast', when: fast, after: 'P1BD' }), rule({ after: 'P10BD' })]));
    const quick = await held(id, '2026-03-03T10:00:00', { source: 'fair' });
    const slow = await held(id, '2026-03-03T10:01:00');
    expect([await recycleAt(quick.id), await recycleAt(slow.id)]).toEqual(
      [at('2026-03-04T10:00:00'), at('2026-03-17T10:01:00')].map(minute),
    );
  });

  test('plain hours run through the night, and a rule may move outside business hours', async () => {
    const id = await on.pool(recycling([rule({ after: 'PT12H', time: 'calendar', outsideHours: true })]));
    const lead = await held(id, '2026-03-03T17:00:00');
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-03-04T05:00:00')));
    await company.moveClock(at('2026-03-04T05:00:01'));
    expect(await ownerOf(lead.id)).toBeNull();
  });

  test('§5.6: without that leave nothing moves outside business hours', async () => {
    const id = await on.pool(recycling([rule({ after: 'PT12H', time: 'calendar' })]));
    const lead = await held(id, '2026-03-05T17:00:00');
    await company.moveClock(at('2026-03-06T08:59:00'));
    expect(await ownerOf(lead.id)).toBe(lead.owner.id);
    await company.moveClock(at('2026-03-06T09:00:01'));
    expect(await ownerOf(lead.id)).toBeNull();
  });
});

describe('approved leave (§5.6)', () => {
  const onLeave = (person: Person, from: string, to: string) =>
    company
      .db('crm_members')
      .where({ id: person.id })
      .update({ leave_from: at(from), leave_to: at(to) });

  test('nothing moves while the owner is on leave: it goes on his first working day', async () => {
    const id = await on.pool(recycling([rule({ after: 'P3BD' })], { warns: ['P1BD'] }));
    const lead = await held(id, '2026-03-09T10:00:00');
    await onLeave(lead.owner, '2026-03-11T00:00:00', '2026-03-14T00:00:00');
    await company.moveClock(at('2026-03-10T10:00:00'));
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-03-16T09:00:00')));
    expect((await explain(lead.owner, lead.id)).body).toMatchObject({ holds: [{ by: 'leave' }, { by: 'closed-hours' }] });
    await company.moveClock(at('2026-03-13T12:00:00'));
    expect(await ownerOf(lead.id)).toBe(lead.owner.id);
    await company.moveClock(at('2026-03-16T09:00:01'));
    expect(await ownerOf(lead.id)).toBeNull();
  });

  test('days of leave may not count at all, or leave may not matter, as the rule says', async () => {
    const [shifts, ignores] = [
      await on.pool(recycling([rule({ after: 'P3BD', leave: 'shift' })])),
      await on.pool(recycling([rule({ after: 'P3BD', leave: 'ignore' })])),
    ];
    const [a, b] = [await held(shifts, '2026-03-16T10:00:00'), await held(ignores, '2026-03-16T10:01:00')];
    for (const { owner } of [a, b]) await onLeave(owner, '2026-03-17T00:00:00', '2026-03-20T00:00:00');
    await company.moveClock(at('2026-03-16T11:00:00'));
    // Eight hours of the first day were used; the other 19 follow the leave: Friday, Monday, and one on Tuesday.
    expect(await recycleAt(a.id)).toBe(minute(at('2026-03-24T10:00:00')));
    expect(await recycleAt(b.id)).toBe(minute(at('2026-03-19T10:01:00')));
  });
});

describe('protection (A4.6)', () => {
  test('by rule, under a maximum; a transfer does not start it again', async () => {
    const id = await on.pool(
      recycling(
        [rule({ after: 'P1BD' })],
        {},
        {
          protection: { rules: [{ key: 'new', label: { zh: '新', en: 'New' }, for: 'P10D' }], max: 'P7D' },
        },
      ),
    );
    const lead = await held(id, '2026-03-23T10:00:00');
    const until = minute(at('2026-03-30T10:00:00'));
    expect(minute((await company.lead(lead.id))['protected_until'])).toBe(until);
    expect(await recycleAt(lead.id)).toBe(until);
    const colleague = await on.rep();
    await company.moveClock(at('2026-03-24T10:00:00'));
    expectStatus(await verb(lead.owner, lead.id, 'transfer', { owner: colleague.id }), 200);
    expect(minute((await company.lead(lead.id))['protected_until'])).toBe(until);
  });

  test('by event: an open opportunity keeps the lead, and only as long as it is open', async () => {
    const id = await on.pool(recycling([rule({ after: 'P1BD' })]));
    const lead = await held(id, '2026-04-08T10:00:00');
    const opportunity = await insertRow(
      company.db,
      'crm_opportunities',
      { name: 'Deal', lead_id: lead.id, owner_id: lead.owner.id, stage: 'open' },
      new Date(at('2026-04-08T10:00:00')),
    );
    await company.moveClock(at('2026-04-08T10:01:00'));
    expect(await recycleAt(lead.id)).toBeNull();
    expect((await explain(lead.owner, lead.id)).body).toMatchObject({ recycleAt: null, reason: 'opportunity' });
    await company.moveClock(at('2026-04-13T10:00:00'));
    expect(await ownerOf(lead.id)).toBe(lead.owner.id);
    await company.db('crm_opportunities').where({ id: opportunity }).update({ stage: 'lost' });
    await company.moveClock(at('2026-04-13T10:05:00'));
    expect(await ownerOf(lead.id)).toBeNull();
  });

  test('by event: a meeting agreed for the next days keeps the lead until it has been held, one far away does not', async () => {
    const id = await on.pool(recycling([rule({ after: 'P1BD' })]));
    const [near, far] = [await held(id, '2026-04-14T10:00:00'), await held(id, '2026-04-14T10:01:00')];
    for (const [lead, due] of [
      [near, '2026-04-20T15:00:00'],
      [far, '2026-06-20T15:00:00'],
    ] as const)
      await insertRow(
        company.db,
        'crm_tasks',
        { lead_id: lead.id, owner_id: lead.owner.id, kind: 'meeting', key: 'meeting', title: {}, due_at: at(due), state: 'open' },
        new Date(at('2026-04-14T10:02:00')),
      );
    await company.moveClock(at('2026-04-14T10:05:00'));
    expect([await recycleAt(near.id), await recycleAt(far.id)]).toEqual([at('2026-04-20T15:00:00'), at('2026-04-15T10:01:00')].map(minute));
  });

  test('by request: the pool’s manager decides, within the maximum; asking too often, too long or twice is refused', async () => {
    const body = recycling(
      [rule({ after: 'P2BD' })],
      {},
      {
        members: [
          { type: 'team', ref: 'east', rights: ['claim'] },
          { type: 'role', ref: 'pool-admin', rights: ['manage'] },
        ],
        protection: { requests: { most: 'P10D', perHolding: 2 }, max: 'P12D' },
      },
    );
    const id = await on.pool(body);
    const boss = await on.rep({ roles: ['pool-admin'] });
    const lead = await held(id, '2026-04-20T10:00:00');
    const ask = (more: Record<string, unknown>) => verb(lead.owner, lead.id, 'protect', { reason: 'Tender runs', ...more });
    interface Request {
      readonly id: number;
      readonly canDecide: boolean;
    }
    const list = async (person: Person): Promise<Request[]> =>
      expectStatus(await person.api.get<Request[]>('/api/console/pools/requests?state=pending'), 200);
    expect(codeOf(await ask({ for: 'P11D' }))).toBe('PROTECTION_TOO_LONG');
    expect(expectStatus(await ask({ for: 'P5D' }), 200).results[0]).toMatchObject({ ok: true, state: 'pending' });
    expect((await company.lead(lead.id))['protected_until']).toBeNull();
    expect(codeOf(await ask({ for: 'P5D' }))).toBe('REQUEST_PENDING');
    expect(await list(lead.owner)).toMatchObject([{ canDecide: false }]);
    const [request] = await list(boss);
    expect(request).toMatchObject({ canDecide: true });
    const decide = (person: Person) => person.api.post(`/api/console/pools/requests/${request!.id}/decide`, { approve: true });
    expect((await decide(lead.owner)).status).toBe(404);
    expectStatus(await decide(boss), 200);
    expect((await decide(boss)).status).toBe(409);
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-04-27T09:00:00')));
    expect(await company.db('crm_notifications').where({ member_id: lead.owner.id, type: 'pool.protection' })).toHaveLength(1);
    // The second request reaches past the maximum after the claim and is cut there; a third is one too many.
    const extended = await ask({ kind: 'extend', for: 'P10D' });
    expect(extended.body.results[0]).toMatchObject({ ok: true, until: expect.stringContaining(minute(at('2026-05-02T10:00:00'))) });
    const [second] = await list(boss);
    expectStatus(await boss.api.post(`/api/console/pools/requests/${second!.id}/decide`, { approve: true }), 200);
    expect(codeOf(await ask({ for: 'P1D' }))).toBe('PROTECTION_REQUESTS_USED');
    expect((await company.events('lead.protected')).filter((event) => event.subject_id === lead.id)).toHaveLength(2);
  });

  test('expiry: where the pool says so the lead goes back the moment its protection ends', async () => {
    const id = await on.pool(
      recycling(
        [rule({ after: 'P30BD' })],
        {},
        {
          protection: { rules: [{ key: 'new', label: { zh: '新', en: 'New' }, for: 'P2D' }], onExpiry: 'recycle' },
        },
      ),
    );
    const lead = await held(id, '2026-05-11T10:00:00');
    expect(await recycleAt(lead.id)).toBe(minute(at('2026-05-13T10:00:00')));
    await company.moveClock(at('2026-05-13T10:00:30'));
    expect(await ownerOf(lead.id)).toBeNull();
  });
});

test('defect 5: of several pools of a person the lead’s own decides, not the one that was made last', async () => {
  const [own, later] = [
    await on.pool(recycling([rule({ after: 'P5BD' })])),
    await on.pool(recycling([rule({ key: 'quick', after: 'P1BD' })])),
  ];
  const lead = await held(own, '2026-05-14T10:00:00');
  expect(await recycleAt(lead.id)).toBe(minute(at('2026-05-21T10:00:00')));
  const other = await held(later, '2026-05-14T10:01:00');
  expect(await recycleAt(other.id)).toBe(minute(at('2026-05-15T10:01:00')));
});

test('defect 7: what was done with a lead is not lost when it goes back: its owners, its follow-ups and its reasons', async () => {
  const id = await on.pool({ cooling: { after: 'P3D' } });
  const lead = await held(id, '2026-05-15T10:00:00');
  expectStatus(await verb(lead.owner, lead.id, 'activities', { kind: 'call', outcome: 'no_answer', note: 'Rang twice' }), 200);
  expectStatus(await release(lead.owner, lead.id, 'no_answer', { note: 'Try after the fair' }), 200);
  const next = await on.rep();
  expectStatus(await claim(next, lead.id), 200);
  const story = expectStatus(await next.api.get<unknown>(`/api/console/leads/${lead.id}/timeline`), 200);
  expect(JSON.stringify(story)).toContain('Try after the fair');
  expect(await company.db('crm_activities').where({ lead_id: lead.id, member_id: lead.owner.id })).toHaveLength(1);
});

describe('where a lead goes back to (A4.9, complaint 2.1.2)', () => {
  test('by reason, by way and by segment; a rule may name its own pool', async () => {
    const [cold, south, aged] = [await on.pool(), await on.pool(), await on.pool()];
    const south1 = { combinator: 'and', rules: [{ field: 'lead.city', operator: '=', value: '广州' }] };
    const id = await on.pool(
      recycling([rule({ after: 'P1BD', returnTo: await on.keyOf(aged) })], {
        returns: [
          { ways: ['released'], reasons: ['not_interested'], to: await on.keyOf(cold) },
          { when: south1, to: await on.keyOf(south) },
        ],
      }),
    );
    const poolOf = async (lead: number): Promise<unknown> => (await company.lead(lead))['pool_id'];
    const a = await held(id, '2026-05-18T10:00:00');
    const b = await held(id, '2026-05-18T10:01:00', { city: '广州' });
    const c = await held(id, '2026-05-18T10:02:00');
    const d = await held(id, '2026-05-18T10:03:00');
    expectStatus(await release(a.owner, a.id, 'not_interested'), 200);
    expectStatus(await release(b.owner, b.id, 'no_time'), 200);
    expectStatus(await release(c.owner, c.id, 'no_time'), 200);
    await company.moveClock(at('2026-05-19T10:03:30'));
    expect([await poolOf(a.id), await poolOf(b.id), await poolOf(c.id), await poolOf(d.id)]).toEqual([cold, south, id, aged]);
  });

  test('pools by any condition: a lead without a home goes to the first pool that accepts it', async () => {
    const partner = { combinator: 'and', rules: [{ field: 'lead.source', operator: '=', value: 'partner' }] };
    await on.pool();
    const partners = await on.pool({ group: 'channel', entry: { accepts: partner } });
    await company.moveClock(at('2026-05-19T14:00:00'));
    const owner = await on.rep();
    const ids = await company.capture([someone({ source: 'partner' }), someone({ source: 'fair' })]);
    // Given to a person at once, they were never in a pool.
    await company.db('crm_leads').whereIn('id', ids).update({ pool_id: null, home_pool_id: null });
    for (const id of ids) {
      expectStatus(await verb({ api: company.admin }, id, 'assign', { owner: owner.id }), 200);
      expectStatus(await release(owner, id), 200);
    }
    const [accepted, rest] = await Promise.all(ids.map(async (id) => (await company.lead(id))['pool_id']));
    expect(accepted).toBe(partners);
    expect(rest).not.toBe(partners);
    expect(rest).not.toBeNull();
  });

  test('a person chooses among the pools that are allowed', async () => {
    const [allowed, other] = [await on.pool(), await on.pool()];
    const id = await on.pool({ recycle: { choices: [await on.keyOf(allowed)] } });
    const lead = await held(id, '2026-05-20T10:00:00');
    expect(codeOf(await release(lead.owner, lead.id, 'no_time', { pool: other }))).toBe('POOL_NOT_ALLOWED');
    expectStatus(await release(lead.owner, lead.id, 'no_time', { pool: allowed }), 200);
    expect(await company.lead(lead.id)).toMatchObject({ owner_id: null, pool_id: allowed });
  });

  test('before he gives it back he is told where it goes by rule and reason, and exactly the pools he may choose', async () => {
    const [allowed, cold, other] = [await on.pool(), await on.pool(), await on.pool()];
    const id = await on.pool({
      recycle: {
        choices: [await on.keyOf(allowed)],
        returns: [{ reasons: ['not_interested'], to: await on.keyOf(cold) }],
      },
    });
    const free = await on.pool();
    const lead = await held(id, '2026-05-20T10:00:00');
    const targets = async (ids: readonly number[], reason?: string) => {
      const { data } = expectStatus(
        await lead.owner.api.post<{ data: { byRule: { id: number; leads: number }[]; allowed: { id: number }[] } }>(
          '/api/console/leads/release-targets',
          { ids, reason },
        ),
        200,
      );
      return { byRule: data.byRule.map((one) => [one.id, one.leads]), allowed: data.allowed.map((one) => one.id) };
    };
    expect(await targets([lead.id])).toEqual({ byRule: [[id, 1]], allowed: [allowed, id] });
    expect(await targets([lead.id], 'not_interested')).toEqual({ byRule: [[cold, 1]], allowed: [allowed, id] });
    // Of a pool without choices he may name every pool he sees; of several leads together only what holds for all.
    const [more] = await company.stock(free, 1);
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: [more], owner: lead.owner.id }), 200);
    expect((await targets([more!])).allowed).toEqual(expect.arrayContaining([allowed, cold, other, id, free]));
    expect(await targets([lead.id, more!])).toEqual({
      byRule: expect.arrayContaining([
        [id, 1],
        [free, 1],
      ]) as unknown,
      allowed: [allowed, id],
    });
    for (const pool of (await targets([lead.id])).allowed) expect([allowed, id]).toContain(pool);
    expect(codeOf(await release(lead.owner, lead.id, 'no_time', { pool: other }))).toBe('POOL_NOT_ALLOWED');
  });

  test('pool → pool: what enters is sent on by condition, told in an event, and never round in a circle', async () => {
    const big = { combinator: 'and', rules: [{ field: 'lead.employees', operator: '>=', value: 500 }] };
    const entry = (to: string) => ({ entry: { rules: [{ key: 'big', label: { zh: '大客户', en: 'Large' }, when: big, to }] } });
    const first = await on.pool(entry('ring-b'), 'ring-a');
    const second = await on.pool(entry('ring-a'), 'ring-b');
    const [large, small] = await company.stock(first, 2, (index) => ({ employees: index === 0 ? 900 : 10 }));
    expect([(await company.lead(large!))['pool_id'], (await company.lead(small!))['pool_id']]).toEqual([second, first]);
    expect((await company.events('lead.forwarded')).filter((event) => event.subject_id === large)).toMatchObject([
      { before: { owner: null, pool: first }, after: { owner: null, pool: second }, data: { rule: 'big' } },
    ]);
  });
});

describe('tasks when a lead leaves its owner (complaint 2.1.5)', () => {
  const tasksOf = (id: number) =>
    company.db('crm_tasks').where({ lead_id: id, key: 'next-action' }).orderBy('id').select('state', 'owner_id');
  test.each([
    ['close', (_owner: number) => [{ state: 'cancelled', owner_id: _owner }]],
    ['keep', (owner: number) => [{ state: 'open', owner_id: owner }]],
    ['hand-over', () => [{ state: 'open', owner_id: null }]],
  ])('%s', async (fate, expected) => {
    const id = await on.pool({ recycle: { tasks: { onReturn: fate, onTransfer: fate } } });
    const lead = await held(id, '2026-05-21T10:00:00');
    expectStatus(await lead.owner.api.put(`/api/console/leads/${lead.id}`, { nextActionAt: at('2026-05-28T10:00:00') }), 200);
    expectStatus(await release(lead.owner, lead.id), 200);
    expect(await tasksOf(lead.id)).toEqual(expected(lead.owner.id));
    const next = await on.rep();
    expectStatus(await claim(next, lead.id), 200);
    if (fate === 'hand-over') expect((await tasksOf(lead.id)).at(-1)).toEqual({ state: 'open', owner_id: next.id });
  });
});

describe('effective follow-ups (A18, 3.7)', () => {
  const followUp = {
    kinds: [{ kind: 'call', outcomes: ['connected'], minSeconds: 30 }, { kind: 'meeting' }],
    minNote: 5,
    maxSimilarity: 0.8,
  };
  const log = (lead: { id: number; owner: Person }, body: Record<string, unknown>) => verb(lead.owner, lead.id, 'activities', body);
  const effective = async (id: number): Promise<unknown> => (await company.lead(id))['effective_follow_up_at'];

  test('a short or missed call, a bare note and a copied text do not count; a real call, a reply and a stage moved do', async () => {
    const id = await on.pool(recycling([rule()], {}, { followUp }));
    const lead = await held(id, '2026-06-22T10:00:00');
    const note = 'Talked about the budget for autumn';
    for (const body of [
      { kind: 'call', outcome: 'connected', durationSeconds: 5, note },
      { kind: 'call', outcome: 'no_answer', durationSeconds: 60, note: 'Nobody picked up the phone' },
      { kind: 'note', note: 'Just writing something down' },
      { kind: 'call', outcome: 'connected', durationSeconds: 60, note: 'ok' },
    ]) {
      expectStatus(await log(lead, body), 200);
      expect(await effective(lead.id)).toBeNull();
    }
    const due = await recycleAt(lead.id);
    await company.moveClock(at('2026-06-23T10:00:00'));
    expectStatus(await log(lead, { kind: 'call', outcome: 'connected', durationSeconds: 60, note: 'They want three offers by July' }), 200);
    expect(minute(await effective(lead.id))).toBe(minute(at('2026-06-23T10:00:00')));
    expect(await recycleAt(lead.id)).not.toBe(due);
    await company.moveClock(at('2026-06-23T11:00:00'));
    expectStatus(
      await log(lead, { kind: 'call', outcome: 'connected', durationSeconds: 60, note: 'They want three offers by July!' }),
      200,
    );
    expect(minute(await effective(lead.id))).toBe(minute(at('2026-06-23T10:00:00')));
    await company.moveClock(at('2026-06-23T12:00:00'));
    expectStatus(await log(lead, { kind: 'mail', direction: 'inbound', note: 'Thanks' }), 200);
    expect(minute(await effective(lead.id))).toBe(minute(at('2026-06-23T12:00:00')));
    await company.moveClock(at('2026-06-23T13:00:00'));
    expectStatus(await verb(lead.owner, lead.id, 'stage', { to: 'srl' }), 200);
    expect(minute(await effective(lead.id))).toBe(minute(at('2026-06-23T13:00:00')));
  });

  test('unless a pool says otherwise a connected call of 30 s, a meeting, a visit, a reply and a stage moved count, each kind by its outcomes', async () => {
    const usual = await on.pool(recycling([rule()], {}, { followUp: {} }));
    const own = await on.pool(
      recycling([rule()], {}, { followUp: { kinds: [{ kind: 'visit', outcomes: ['held'] }], reply: false, stageChange: false } }),
    );
    const counts = async (pool: number, body: Record<string, unknown>, name = 'activities'): Promise<boolean> => {
      const lead = await held(pool, '2026-06-23T15:00:00');
      expectStatus(await verb(lead.owner, lead.id, name, body), 200);
      return (await effective(lead.id)) !== null;
    };
    const call = { kind: 'call', outcome: 'connected' };
    const visit = { kind: 'visit', outcome: 'held', note: 'At their plant' };
    expect({
      short: await counts(usual, { ...call, durationSeconds: 29 }),
      call: await counts(usual, { ...call, durationSeconds: 30 }),
      meeting: await counts(usual, { kind: 'meeting', outcome: 'held' }),
      visit: await counts(usual, visit),
      mail: await counts(usual, { kind: 'mail' }),
      reply: await counts(usual, { kind: 'mail', direction: 'inbound' }),
      stage: await counts(usual, { to: 'srl' }, 'stage'),
    }).toEqual({ short: false, call: true, meeting: true, visit: true, mail: false, reply: true, stage: true });
    expect({
      call: await counts(own, { ...call, durationSeconds: 300 }),
      visit: await counts(own, visit),
      missed: await counts(own, { kind: 'visit', outcome: 'no_show' }),
      reply: await counts(own, { kind: 'mail', direction: 'inbound' }),
      stage: await counts(own, { to: 'srl' }, 'stage'),
    }).toEqual({ call: false, visit: true, missed: false, reply: false, stage: false });
  });

  test('what is done to many leads at once is work on none of them', async () => {
    const id = await on.pool(recycling([rule()], {}, { followUp: { kinds: [{ kind: 'call' }] } }));
    const [a, b] = [await held(id, '2026-06-24T10:00:00'), await held(id, '2026-06-24T10:01:00')];
    expectStatus(await verb({ api: company.admin }, a.id, 'transfer', { owner: b.owner.id }), 200);
    const bulk = { ids: [a.id, b.id] };
    expectStatus(await b.owner.api.post('/api/console/leads/activities', { ...bulk, kind: 'call', outcome: 'connected' }), 200);
    expectStatus(await b.owner.api.post('/api/console/leads/stage', { ...bulk, to: 'srl' }), 200);
    expect([await effective(a.id), await effective(b.id)]).toEqual([null, null]);
  });

  test('the limit of leads not followed up yet goes by the same definition', async () => {
    const id = await on.pool({ followUp: { kinds: [{ kind: 'call', minSeconds: 30 }] }, limits: [{ kind: 'untouched', max: 1 }] });
    const lead = await held(id, '2026-06-24T15:00:00');
    const [next] = await company.stock(id, 1);
    expectStatus(await log(lead, { kind: 'call', outcome: 'connected', durationSeconds: 3 }), 200);
    expect(codeOf(await claim(lead.owner, next!))).toBe('UNTOUCHED_LIMIT');
    await company.moveClock(at('2026-06-24T15:05:00'));
    expectStatus(await log(lead, { kind: 'call', outcome: 'connected', durationSeconds: 45 }), 200);
    expectStatus(await claim(lead.owner, next!), 200);
  });

  test('a definition that is published later judges what was done before', async () => {
    const id = await on.pool(recycling([rule()]));
    const body = { kind: 'claimable', members: [{ type: 'team', ref: 'east', rights: ['claim'] }] };
    const lead = await held(id, '2026-06-25T10:00:00');
    const [alone, one, other] = [
      await held(id, '2026-06-25T10:01:00'),
      await held(id, '2026-06-25T10:02:00'),
      await held(id, '2026-06-25T10:03:00'),
    ];
    await company.moveClock(at('2026-06-26T09:30:00'));
    expectStatus(await verb(alone.owner, alone.id, 'stage', { to: 'srl' }), 200);
    expectStatus(await company.admin.post('/api/console/leads/stage', { ids: [one.id, other.id], to: 'srl' }), 200);
    await company.moveClock(at('2026-06-26T10:00:00'));
    expectStatus(await log(lead, { kind: 'call', outcome: 'connected', durationSeconds: 90 }), 200);
    await company.moveClock(at('2026-06-26T15:00:00'));
    expectStatus(await log(lead, { kind: 'message', note: 'hello' }), 200);
    await on.change(id, { ...body, ...recycling([rule()], {}, { followUp: { kinds: [{ kind: 'call', minSeconds: 30 }] } }) });
    await until('the leads of the pool are judged anew', async () => (await effective(lead.id)) !== null, 20);
    expect(minute(await effective(lead.id))).toBe(minute(at('2026-06-26T10:00:00')));
    // Stages moved by hand count, those of many leads in one go do not.
    await until('the other leads are judged as well', async () => (await effective(alone.id)) !== null, 20);
    expect(minute(await effective(alone.id))).toBe(minute(at('2026-06-26T09:30:00')));
    expect([await effective(one.id), await effective(other.id)]).toEqual([null, null]);
  });
});

describe('open requests (§5.6)', () => {
  test('an open request keeps the lead until it is decided, but no longer than it asks for; refused or withdrawn the rule goes on', async () => {
    const id = await on.pool(
      recycling(
        [rule({ after: 'P2BD' })],
        {},
        { members: [{ type: 'team', ref: 'east', rights: ['claim'] }], protection: { requests: { most: 'P5D', perHolding: 3 } } },
      ),
    );
    const [refused, forgotten, fickle] = [
      await held(id, '2026-07-06T10:00:00'),
      await held(id, '2026-07-06T10:01:00'),
      await held(id, '2026-07-06T10:02:00'),
    ];
    await company.moveClock(at('2026-07-07T10:00:00'));
    const ask = async ({ owner, id: lead }: { owner: Person; id: number }): Promise<number> =>
      (expectStatus(await verb(owner, lead, 'protect', { reason: 'Tender', for: 'P5D' }), 200).results[0] as unknown as { request: number })
        .request;
    const requests = [await ask(refused), await ask(forgotten), await ask(fickle)];
    const withdraw = (request: number | undefined) => fickle.owner.api.post(`/api/console/pools/requests/${request}/withdraw`);
    // Due on the 8th; asked until the 12th, a Sunday.
    expect(await recycleAt(refused.id)).toBe(minute(at('2026-07-13T09:00:00')));
    expect(expectStatus(await explain(refused.owner, refused.id), 200)).toMatchObject({
      holds: [{ by: 'request' }, { by: 'closed-hours' }],
    });
    await company.moveClock(at('2026-07-09T10:00:00'));
    expect([await ownerOf(refused.id), await ownerOf(forgotten.id)]).toEqual([refused.owner.id, forgotten.owner.id]);
    expectStatus(await company.admin.post(`/api/console/pools/requests/${requests[0]}/decide`, { approve: false }), 200);
    // One request may be withdrawn for nothing, the others count: asking and withdrawing does not keep a lead for ever.
    expectStatus(await withdraw(requests[2]), 200);
    await company.moveClock(at('2026-07-09T10:00:30'));
    expect([await ownerOf(refused.id), await ownerOf(fickle.id)]).toEqual([null, null]);
    await company.moveClock(at('2026-07-13T09:01:00'));
    expect(await ownerOf(forgotten.id)).toBeNull();

    const other = await held(id, '2026-07-20T10:00:00');
    for (let round = 0; round < 4; round += 1)
      expectStatus(await other.owner.api.post(`/api/console/pools/requests/${await ask(other)}/withdraw`), 200);
    expect(codeOf(await verb(other.owner, other.id, 'protect', { reason: 'Again', for: 'P5D' }))).toBe('PROTECTION_REQUESTS_USED');
  });
});
