import { expectStatus, startCompany, type Company, type Person, type VerbAnswer } from '../support/fixtures';
import { at, claim, codeOf, detailsOf, ground, minute, release, verb, type Answer, type Ground } from './pools-support';

let company: Company;
let on: Ground;

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T10:00:00'));
  on = ground(company);
}, 300_000);
afterAll(() => company?.server.close());

describe('limits by window, scope and person (§5.1, §5.2, R-53)', () => {
  test.each([
    ['hour', 'CLAIM_LIMIT_HOUR', at('2026-03-02T11:00:00')],
    ['day', 'CLAIM_LIMIT_DAY', at('2026-03-03T00:00:00')],
    ['week', 'CLAIM_LIMIT_WEEK', at('2026-03-09T00:00:00')],
    ['month', 'CLAIM_LIMIT_MONTH', at('2026-04-01T00:00:00')],
  ])('§5.1: claims per %s are limited, named %s and say when they begin anew', async (per, code, resetsAt) => {
    const id = await on.pool({ limits: [{ kind: 'claims', per, max: 1 }] });
    const person = await on.rep();
    const [a, b] = await company.stock(id, 2);
    expectStatus(await claim(person, a!), 200);
    expect(detailsOf(await claim(person, b!))).toMatchObject({ code, limit: 1, used: 1, resetsAt, scope: 'pool', level: 'default' });
  });

  test('§5.2: a limit for a group of pools counts claims from all of them, and from no other', async () => {
    const limits = [{ kind: 'claims', per: 'day', scope: 'group', max: 2 }];
    const [one, two] = [await on.pool({ group: 'north', limits }), await on.pool({ group: 'north', limits })];
    const other = await on.pool({ group: 'west', limits });
    const person = await on.rep();
    const [a, b] = await company.stock(one, 2);
    const [c] = await company.stock(two, 1);
    const [d] = await company.stock(other, 1);
    expectStatus(await claim(person, d!), 200);
    expectStatus(await claim(person, a!), 200);
    expectStatus(await claim(person, c!), 200);
    expect(detailsOf(await claim(person, b!))).toMatchObject({ code: 'CLAIM_LIMIT_DAY', used: 2, scope: 'group' });
  });

  test('§5.2: a limit everywhere counts claims from every pool', async () => {
    const plain = await on.pool();
    const strict = await on.pool({ limits: [{ kind: 'claims', per: 'day', scope: 'everywhere', max: 1 }] });
    const person = await on.rep();
    const [a] = await company.stock(plain, 1);
    const [b] = await company.stock(strict, 1);
    expectStatus(await claim(person, a!), 200);
    expect(detailsOf(await claim(person, b!))).toMatchObject({ code: 'CLAIM_LIMIT_DAY', scope: 'everywhere' });
  });

  test('held leads can be limited per pool: those of other pools do not count', async () => {
    const plain = await on.pool();
    const strict = await on.pool({ limits: [{ kind: 'held', scope: 'pool', max: 1 }] });
    const person = await on.rep();
    const others = await company.stock(plain, 2);
    const [a, b] = await company.stock(strict, 2);
    for (const id of others) expectStatus(await claim(person, id), 200);
    expectStatus(await claim(person, a!), 200);
    expect(detailsOf(await claim(person, b!))).toMatchObject({ code: 'HOLD_LIMIT', limit: 1, used: 1, scope: 'pool' });
  });

  test('R-53: the order is fixed: by window, then held, untouched and gap; of one kind the widest scope first', async () => {
    const limits = [
      { kind: 'gap', seconds: 60 },
      { kind: 'untouched', max: 0 },
      { kind: 'held', max: 0 },
      { kind: 'claims', per: 'month', max: 0 },
      { kind: 'claims', per: 'hour', max: 0 },
      { kind: 'claims', per: 'hour', scope: 'everywhere', max: 0 },
    ];
    const id = await on.pool({ limits });
    const person = await on.rep();
    const [lead] = await company.stock(id, 1);
    const order: string[] = [];
    for (let left = limits; left.length > 1;) {
      const refused = detailsOf(await claim(person, lead!));
      order.push(`${String(refused['code'])} ${String(refused['scope'])}`);
      left = left.filter(
        (limit) => !(`${limit.kind}:${'per' in limit ? limit.per : ''}:${'scope' in limit ? limit.scope : ''}` === ORDER[order.length - 1]),
      );
      await on.change(id, { kind: 'claimable', members: [{ type: 'team', ref: 'east', rights: ['claim'] }], limits: left });
    }
    expect(order).toEqual([
      'CLAIM_LIMIT_HOUR everywhere',
      'CLAIM_LIMIT_HOUR pool',
      'CLAIM_LIMIT_MONTH pool',
      'HOLD_LIMIT everywhere',
      'UNTOUCHED_LIMIT everywhere',
    ]);
  });

  test('defect 4: the closest row counts (person > role > team > default), by exact reference, and the answer names it', async () => {
    const [person, colleague] = [await on.rep(), await on.rep()];
    const boss = await on.rep({ roles: ['sales', 'sales-manager'] });
    const free = await on.rep();
    const limits = [
      { kind: 'claims', per: 'day', max: 9 },
      { kind: 'claims', per: 'day', max: 4, for: { type: 'team', ref: 'sales' } },
      { kind: 'claims', per: 'day', max: 3, for: { type: 'team', ref: 'east' } },
      { kind: 'claims', per: 'day', max: 2, for: { type: 'role', ref: 'sales-manager' } },
      { kind: 'claims', per: 'day', max: 1, for: { type: 'member', ref: person.id } },
      { kind: 'claims', per: 'day', max: null, for: { type: 'member', ref: free.id } },
      // A person whose id merely begins with the same digits is somebody else.
      { kind: 'claims', per: 'day', max: 0, for: { type: 'member', ref: Number(`${colleague.id}0`) } },
    ];
    const id = await company.publish('pools', 'precedence', {
      kind: 'claimable',
      members: [{ type: 'everyone', rights: ['claim'] }],
      limits,
    });
    const take = async (who: typeof person) =>
      expectStatus(
        await who.api.post<VerbAnswer>('/api/console/leads/claim', { ids: await company.stock(id, 5), pool: id }),
        200,
      ).results.find((result) => !result.ok);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await take(person)).toMatchObject({ code: 'CLAIM_LIMIT_DAY', details: { limit: 1, level: 'member', ref: person.id } });
    expect(await take(boss)).toMatchObject({ details: { limit: 2, level: 'role', ref: 'sales-manager' } });
    expect(await take(colleague)).toMatchObject({ details: { limit: 3, level: 'team', ref: 'east' } });
    expect(await take(free)).toBeUndefined();
  });
});

/** The order in which the limits of the test above must be named. */
const ORDER = ['claims:hour:everywhere', 'claims:hour:', 'claims:month:', 'held::', 'untouched::'];

describe('an override is a permission and an event', () => {
  test('R-53: who may not override is refused; who may passes the limit, with an event that says which, and never another guard', async () => {
    const id = await company.publish('pools', 'override', {
      kind: 'claimable',
      members: [
        { type: 'team', ref: 'east', rights: ['claim'] },
        { type: 'role', ref: 'pool-admin', rights: ['manage'] },
      ],
      limits: [{ kind: 'claims', per: 'day', max: 0 }],
    });
    const [rep, boss] = [await on.rep(), await on.rep({ roles: ['pool-admin'] })];
    const [lead, quiet] = await company.stock(id, 2);
    const override = { reason: 'Fair tomorrow' };
    expect(codeOf(await claim(boss, lead!))).toBe('CLAIM_LIMIT_DAY');
    expect((await claim(rep, lead!, { override })).status).toBe(403);
    expect((await company.lead(lead!))['owner_id']).toBeNull();
    expectStatus(await claim(boss, lead!, { override }), 200);
    expect(await company.events('lead.limit_overridden')).toMatchObject([
      { subject_id: lead, actor_id: boss.id, data: { code: 'CLAIM_LIMIT_DAY', limit: 0, reason: 'Fair tomorrow' } },
    ]);
    expectStatus(await verb({ api: company.admin }, quiet!, 'do-not-contact', { until: at('2026-09-01T00:00:00'), reason: 'Asked' }), 200);
    expect(codeOf(await claim(boss, quiet!, { override }))).toBe('DO_NOT_CONTACT');
  });

  test('defect 7: giving leads to a person goes by his limits too; an override is told, cooling is a warning', async () => {
    const id = await on.pool({ cooling: { after: 'P3D' }, limits: [{ kind: 'held', max: 1 }] });
    const person = await on.rep();
    const [a, b, c] = await company.stock(id, 3);
    expectStatus(await claim(person, a!), 200);
    expectStatus(await release(person, a!), 200);
    const assign = (lead: number, more: Record<string, unknown> = {}) =>
      verb({ api: company.admin }, lead, 'assign', { owner: person.id, ...more });
    const given = expectStatus(await assign(a!), 200);
    expect(given.results[0]).toMatchObject({
      ok: true,
      warnings: [{ code: 'COOLING', until: expect.stringContaining('2026-03-05T02:00') }],
    });
    expect(detailsOf(await assign(b!))).toMatchObject({ code: 'HOLD_LIMIT', limit: 1, used: 1 });
    expectStatus(await assign(b!, { override: { reason: 'Urgent' } }), 200);
    expect((await company.events('lead.limit_overridden')).filter((event) => event.subject_id === b)).toMatchObject([
      { data: { code: 'HOLD_LIMIT', member: person.id, reason: 'Urgent' } },
    ]);
    expectStatus(await verb({ api: company.admin }, c!, 'do-not-contact', { until: at('2026-09-01T00:00:00'), reason: 'Asked' }), 200);
    expect(codeOf(await assign(c!, { override: { reason: 'Urgent' } }))).toBe('DO_NOT_CONTACT');
  });
});

test('§5.2: a release that gives back gives back one claim, also when the lead was let go and taken again at once', async () => {
  const id = await on.pool({ limits: [{ kind: 'claims', per: 'day', max: 3 }] });
  const person = await on.rep();
  const [a, b, c] = await company.stock(id, 3);
  expectStatus(await claim(person, a!), 200);
  expectStatus(await release(person, a!, 'no_time'), 200);
  expectStatus(await claim(person, a!), 200);
  expectStatus(await release(person, a!, 'invalid'), 200);
  expectStatus(await claim(person, b!), 200);
  expectStatus(await claim(person, c!), 200);
  expect(detailsOf(await claim(person, a!))).toMatchObject({ code: 'CLAIM_LIMIT_DAY', used: 3 });
});

describe('cooling', () => {
  test('A4.4: different per way of leaving and per reason; the way that is set to none has none', async () => {
    const id = await on.pool({
      cooling: { after: 'P10D', ways: { recycled: 'P2D', transferred: null }, reasons: { wrong_region: 'P1D', invalid: null } },
    });
    const [person, other] = [await on.rep(), await on.rep()];
    const until = async (leave: (lead: number) => Promise<unknown>): Promise<unknown> => {
      const [lead] = await company.stock(id, 1);
      expectStatus(await claim(person, lead!), 200);
      await leave(lead!);
      const answer = await claim(person, lead!);
      return answer.status === 200 ? 'free' : minute(detailsOf(answer)['until']);
    };
    expect(await until((lead) => release(person, lead, 'no_time'))).toBe(minute(at('2026-03-12T10:00:00')));
    expect(await until((lead) => release(person, lead, 'wrong_region'))).toBe(minute(at('2026-03-03T10:00:00')));
    expect(await until((lead) => release(person, lead, 'invalid'))).toBe('free');
    expect(await until((lead) => verb({ api: company.admin }, lead, 'recycle'))).toBe(minute(at('2026-03-04T10:00:00')));
    expect(
      await until(async (lead) => {
        expectStatus(await verb(person, lead, 'transfer', { owner: other.id }), 200);
        expectStatus(await release(other, lead), 200);
      }),
    ).toBe('free');
  });

  test('A4.4: business time counts by the calendar of the pool, plain time by the clock', async () => {
    await company.publish('calendars', 'office', {
      key: 'office',
      tz: 'Asia/Shanghai',
      week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '18:00' }]])),
    });
    const [business, plain] = [
      await on.pool({ calendar: 'office', cooling: { after: 'PT9H' } }),
      await on.pool({ calendar: 'office', cooling: { after: 'PT9H', time: 'calendar' } }),
    ];
    const person = await on.rep();
    const untils: unknown[] = [];
    for (const id of [business, plain]) {
      const [lead] = await company.stock(id, 1);
      expectStatus(await claim(person, lead!), 200);
      expectStatus(await release(person, lead!), 200);
      untils.push(minute(detailsOf(await claim(person, lead!))['until']));
    }
    expect(untils).toEqual([at('2026-03-03T10:00:00'), at('2026-03-02T19:00:00')].map(minute));
  });

  test('defect 6: the last N owners wait, and their teams where the pool says so', async () => {
    const id = await company.publish('pools', 'team-cooling', {
      kind: 'claimable',
      members: [{ type: 'everyone', rights: ['claim'] }],
      cooling: { after: 'P5D', owners: 2, team: true },
    });
    const [south, east, eastToo] = [await on.rep({ team: company.teams.south }), await on.rep(), await on.rep()];
    const lone = await on.rep({ team: company.salesTeam });
    const [lead] = await company.stock(id, 1);
    for (const person of [south, east]) {
      expectStatus(await claim(person, lead!), 200);
      expectStatus(await release(person, lead!), 200);
    }
    for (const person of [south, east, eastToo]) expect(codeOf(await claim(person, lead!))).toBe('COOLING');
    expectStatus(await claim(lone, lead!), 200);
    expectStatus(await release(lone, lead!), 200);
    expectStatus(await claim(south, lead!), 200);
  });

  test('the best lead that is cooling for a person is passed over, not the end of the list', async () => {
    const id = await on.pool({ cooling: { after: 'P5D' } });
    const person = await on.rep();
    const [a, b] = await company.stock(id, 2);
    expectStatus(await claim(person, a!), 200);
    expectStatus(await release(person, a!), 200);
    const { results } = expectStatus(await person.api.post<VerbAnswer>(`/api/console/pools/${id}/claim`, { count: 2 }), 200);
    expect(results).toEqual([{ id: b, ok: true }]);
  });
});

describe('claims of several leads, and of one that is gone (§5.3, §5.4)', () => {
  test('what fits, or with `all` all of them or none: then nothing is taken, nothing counts, and each says why', async () => {
    const id = await on.pool({ limits: [{ kind: 'claims', per: 'day', max: 2 }] });
    const person = await on.rep();
    const ids = await company.stock(id, 3);
    const ask = async (wanted: readonly number[], all?: boolean) =>
      expectStatus(await person.api.post<VerbAnswer>('/api/console/leads/claim', { ids: wanted, pool: id, ...(all && { all }) }), 200)
        .results;
    expect((await ask(ids, true)).map(({ code }) => code)).toEqual(['ALL_OR_NONE', 'ALL_OR_NONE', 'CLAIM_LIMIT_DAY']);
    expect((await ask([ids[0]!, 999_999_999], true)).map(({ code }) => code)).toEqual(['ALL_OR_NONE', 'NOT_FOUND']);
    expect(await company.db('crm_ledger').where({ member_id: person.id })).toEqual([]);
    expect((await company.lead(ids[0]!))['owner_id']).toBeNull();
    expect((await ask(ids.slice(0, 2), true)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(codeOf(await claim(person, ids[2]!, { pool: id }))).toBe('CLAIM_LIMIT_DAY');
  });

  test('who comes too late and may see the lead is told since when and by whom it is taken', async () => {
    const id = await on.pool({ members: [{ type: 'team', ref: 'sales', rights: ['claim'] }] });
    const [first, boss] = [await on.rep(), await on.rep({ roles: ['crm-admin'], team: company.salesTeam })];
    const [lead] = await company.stock(id, 1);
    expectStatus(await claim(first, lead!), 200);
    const since = (await company.lead(lead!))['held_since'] as Date;
    const late = await boss.api.post<Answer>('/api/console/leads/claim', { ids: [lead], pool: id });
    const [result] = late.body.results ?? [];
    const refusal = result ?? { code: codeOf(late), details: detailsOf(late) };
    expect(refusal).toMatchObject({ code: 'ALREADY_CLAIMED', details: { at: since.toISOString(), by: first.email.split('@')[0] } });
    // Who may not see what others hold is not even told that it is there.
    const stranger = await on.rep();
    expect(codeOf(await claim(stranger, lead!))).toBe('NOT_FOUND');
  });
});

describe('embargo for new leads', () => {
  test('defect 3: the best of the pool, and the next of a queue, pass over leads that have just entered', async () => {
    const id = await on.pool({ embargoSeconds: 3600 });
    const queue = await on.pool({ kind: 'pull', embargoSeconds: 3600 });
    const person = await on.rep();
    const [old] = await company.stock(id, 1);
    const [first] = await company.stock(queue, 1);
    const entered = (await company.lead(first!))['pool_entered_at'] as Date;
    await company.moveClock(new Date(entered.getTime() + 3_700_000).toISOString());
    await company.stock(id, 2, () => ({ title: 'CEO', employees: 5000 }));
    await company.stock(queue, 2, () => ({ title: 'CEO', employees: 5000 }));
    const best = expectStatus(await person.api.post<Answer>(`/api/console/pools/${id}/claim`, { count: 3 }), 200);
    expect(best.results).toEqual([{ id: old, ok: true }]);
    const next = expectStatus(await person.api.post<{ offer: { lead: number } }>(`/api/console/pools/${queue}/next`, {}), 200);
    expect(next.offer.lead).toBe(first);
  });
});

describe('do not contact until a date (complaint 2.1.3)', () => {
  const quiet = (person: Pick<Person, 'api'>, ids: readonly number[], until: string | null, reason = 'They asked us not to call') =>
    person.api.post<Answer>('/api/console/leads/do-not-contact', { ids, until, reason });

  test('it beats a claim, the best of the pool and an assignment (an override above), and ends on its date', async () => {
    const pool = await on.pool();
    const rep = await on.rep();
    const [lead, other] = await company.stock(pool, 2);
    await company.db('crm_leads').where({ id: lead }).update({ score: 99 });
    await company.moveClock(at('2026-09-01T10:00:00'));
    expectStatus(await quiet({ api: company.admin }, [lead!], at('2026-09-03T10:00:00')), 200);
    expect((await company.events('lead.do_not_contact')).at(-1)).toMatchObject({
      subject_id: lead,
      data: { reason: 'They asked us not to call' },
      before: { doNotContactUntil: null },
      after: { doNotContactUntil: at('2026-09-03T10:00:00') },
    });
    expect(codeOf(await claim(rep, lead!))).toBe('DO_NOT_CONTACT');
    expect(minute(detailsOf(await claim(rep, lead!))['until'])).toBe(minute(at('2026-09-03T10:00:00')));
    expect(codeOf(await company.admin.post<Answer>(`/api/console/leads/${lead}/assign`, { owner: rep.id }))).toBe('DO_NOT_CONTACT');
    const best = expectStatus(await rep.api.post<Answer>(`/api/console/pools/${pool}/claim`, { count: 2 }), 200);
    expect(best.results.map(({ id }) => id)).toEqual([other]);
    expect(await company.lead(lead!)).toMatchObject({ owner_id: null, pool_id: pool });
    await company.moveClock(at('2026-09-03T10:01:00'));
    expectStatus(await claim(rep, lead!), 200);
  });

  test('it beats routing, asked for by hand or not', async () => {
    const pool = await on.pool();
    const [target, boss] = [await on.rep(), await on.rep({ roles: ['crm-admin'] })];
    const [lead, other] = await company.stock(pool, 2, () => ({ campaign: 'quiet-time' }));
    await company.publish('routing-policies', 'quiet-time', {
      when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: 'quiet-time' }] },
      rules: [],
      otherwise: { kind: 'member', email: target.email },
    });
    expectStatus(await quiet({ api: company.admin }, [lead!], at('2026-12-01T00:00:00')), 200);
    expectStatus(await boss.api.post('/api/console/leads/route', { ids: [lead, other] }), 200);
    expect(await company.lead(other!)).toMatchObject({ owner_id: target.id });
    expect(await company.lead(lead!)).toMatchObject({ owner_id: null, pool_id: pool });
  });

  test('in bulk, with a reason, only ahead; whoever may change the leads lifts it again', async () => {
    const pool = await on.pool();
    const rep = await on.rep();
    const ids = await company.stock(pool, 3);
    expectStatus(await rep.api.post('/api/console/leads/claim', { ids, pool }), 200);
    const until = at('2026-12-01T00:00:00');
    expect(codeOf(await quiet(rep, ids, at('2026-01-05T10:00:00')))).toBe('DATE_PAST');
    expect((await quiet(rep, ids, until, ' ')).status).toBe(400);
    const stranger = await on.rep({ team: company.teams.south });
    expect((await quiet(stranger, ids, until)).body.results.every((result) => !result.ok)).toBe(true);
    expectStatus(await quiet(rep, ids, until), 200);
    for (const id of ids) expect((await company.lead(id))['do_not_contact_until']).toEqual(new Date(until));
    // What is held goes on being worked by its owner; what he gives back is left alone.
    expectStatus(await release(rep, ids[0]!), 200);
    const next = await on.rep();
    expect(codeOf(await claim(next, ids[0]!))).toBe('DO_NOT_CONTACT');
    expectStatus(await quiet({ api: company.admin }, ids, null, 'They called us'), 200);
    expectStatus(await claim(next, ids[0]!), 200);
  });
});

test('a lead that is closed cannot be claimed though it lies in a pool', async () => {
  const id = await on.pool();
  const person = await on.rep();
  const [lead] = await company.stock(id, 1);
  expectStatus(await verb({ api: company.admin }, lead!, 'disqualify', { reason: 'no_need' }), 200);
  expect(codeOf(await claim(person, lead!))).toBe('LEAD_CLOSED');
  expect((await company.lead(lead!))['owner_id']).toBeNull();
});

test('the board says what stops a claim, and by which limit', async () => {
  const strict = await on.pool({ group: 'board', limits: [{ kind: 'claims', per: 'day', max: 0 }] });
  const person = await on.rep();
  const cards = expectStatus(await person.api.get<{ id: number }[]>('/api/console/pools/board'), 200);
  expect(cards.find((card) => card.id === strict)).toMatchObject({
    group: 'board',
    canClaim: false,
    stop: { code: 'CLAIM_LIMIT_DAY' },
    limits: [{ key: 'day', limit: 0, used: 0, level: 'default' }],
  });
});
