import { expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

interface Answer {
  readonly status: string;
  readonly answers: readonly {
    readonly by: string;
    readonly status: string;
    readonly lead: number | null;
    readonly pool: { readonly id: number; readonly canClaim: boolean } | null;
    readonly owner: { readonly id: number } | null;
    readonly protectedUntil: string | null;
  }[];
  readonly used: { readonly hour: number };
}
interface Listed {
  readonly moves: readonly {
    readonly key: string;
    readonly kind: string;
    readonly leads: number;
    readonly undoneAt: string | null;
    readonly by: number | null;
  }[];
}
interface Report {
  readonly restored: number;
  readonly ready: number;
  readonly conflicts: readonly { readonly lead: number; readonly code: string; readonly name: string | null }[];
}

let company: Company;
let pool: number;
let a: Person;
let b: Person;
let far: Person;
let made = 0;

const lookup = async (person: Person, input: Record<string, string>): Promise<Answer> =>
  expectStatus(await person.api.post<Answer>('/api/console/leads/lookup', input), 200);
const codeOf = async (answer: Promise<{ status: number; body: ErrorBody }>): Promise<string> => (await answer).body.error?.details.code;
const person = (team: number): Promise<Person> => {
  made += 1;
  return company.person(`someone-${made}`, { roles: ['sales'], team });
};
const moves = async (who: Pick<Person, 'api'> | { api: Company['admin'] }): Promise<Listed['moves']> =>
  expectStatus(await who.api.get<Listed>('/api/console/pools/moves'), 200).moves;
const undo = (key: string, body: Record<string, unknown> = {}) =>
  company.admin.post<Report & ErrorBody>(`/api/console/pools/moves/${key}/undo`, body);
const statesOf = (ids: readonly number[]) =>
  company
    .db<{ id: number; owner_id: number | null; pool_id: number | null; held_since: Date | null; pool_entered_at: Date | null }>('crm_leads')
    .whereIn('id', [...ids])
    .orderBy('id')
    .select('id', 'owner_id', 'pool_id', 'held_since', 'pool_entered_at');

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock('2026-03-02T01:00:00Z');
  pool = await company.publish(
    'pools',
    'open',
    poolBody('east', {
      isDefault: true,
      recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, since: 'follow-up', after: 'P10D' }] },
    }),
  );
  [a, b, far] = [await person(company.teams.east), await person(company.teams.east), await person(company.teams.south)];
}, 300_000);
afterAll(() => company?.server.close());

describe('the safe look-up', () => {
  test('somebody nobody knows is free', async () => {
    expect(await lookup(a, { email: 'nobody@nowhere.example', phone: '+86 138 0013 8000' })).toMatchObject({
      status: 'free',
      answers: [
        { by: 'phone', status: 'free', lead: null },
        { by: 'email', status: 'free' },
      ],
    });
  });

  test('a lead in a pool is told with the claim for a member of the pool, without the lead for others', async () => {
    await company.stock(pool, 1, () => ({ phone: '+86 139 1111 2222', email: 'li@huaxin.example', company: '华信科技有限公司' }));
    const [mine] = (await lookup(a, { phone: '+86 13911112222' })).answers;
    expect(mine).toMatchObject({ status: 'pool', pool: { id: pool, canClaim: true } });
    expect(mine!.lead).not.toBeNull();
    const [theirs] = (await lookup(far, { email: 'LI@huaxin.example' })).answers;
    expect(theirs).toMatchObject({ status: 'pool', lead: null, pool: null, owner: null });
    expect((await lookup(far, { company: '华信科技' })).status).toBe('pool');
  });

  test('an owned lead names its owner only to those who may see it, a protected one says until when, a won one is a customer', async () => {
    const [owned, guarded, won] = await company.stock(pool, 3, (index) => ({ phone: `+86 137 0000 000${index}` }));
    for (const id of [owned, guarded, won]) expectStatus(await a.api.post(`/api/console/leads/${id}/claim`, {}), 200);
    await company.db('crm_leads').where({ id: guarded }).update({ protected_until: '2026-04-01T00:00:00Z' });
    await company.db('crm_leads').where({ id: won }).update({ stage: 'won' });
    expect((await lookup(a, { phone: '+8613700000000' })).answers[0]).toMatchObject({ status: 'owned', owner: { id: a.id }, lead: owned });
    expect((await lookup(far, { phone: '+8613700000000' })).answers[0]).toMatchObject({ status: 'owned', owner: null, lead: null });
    expect((await lookup(far, { phone: '+8613700000001' })).answers[0]).toMatchObject({
      status: 'protected',
      protectedUntil: '2026-04-01T00:00:00.000Z',
      owner: null,
    });
    expect((await lookup(far, { phone: '+8613700000002' })).answers[0]).toMatchObject({ status: 'customer', lead: null });
  });

  test('nothing personal leaves the look-up: the answer holds neither name, phone nor mail', async () => {
    await company.stock(pool, 1, () => ({ name: 'Secret Person', phone: '+86 136 1234 5678', email: 'secret@hidden.example' }));
    const text = JSON.stringify(await lookup(far, { phone: '+86 136 1234 5678' }));
    for (const word of ['Secret', '12345678', 'hidden.example']) expect(text).not.toContain(word);
  });

  test('what is no number and no address is refused, so that a typing error is not taken for "free"', async () => {
    expect(await codeOf(a.api.post('/api/console/leads/lookup', { phone: 'abc' }))).toBe('PHONE_INVALID');
    expect(await codeOf(a.api.post('/api/console/leads/lookup', { email: 'no mail' }))).toBe('EMAIL_INVALID');
    expect(await codeOf(a.api.post('/api/console/leads/lookup', {}))).toBe('LOOKUP_EMPTY');
  });

  test('each look-up is an event of the person who asked, and the sixty-first in an hour is refused with its reset time', async () => {
    const curious = await person(company.teams.south);
    const answers = await Promise.all(
      Array.from({ length: 62 }, (_, index) => curious.api.post<ErrorBody>('/api/console/leads/lookup', { email: `x${index}@y.example` })),
    );
    expect(answers.filter((one) => one.status === 200)).toHaveLength(60);
    const over = answers.find((one) => one.status === 429);
    expect(over?.body.error.details).toMatchObject({ code: 'LOOKUP_LIMIT', per: 'hour', limit: 60 });
    expect(over?.body.error.details['resetsAt']).toBeTruthy();
    const events = await company
      .db<{ data: Record<string, unknown> }>('crm_events')
      .where({ type: 'lead.looked_up', actor_id: curious.id } as never);
    expect(events).toHaveLength(60);
    expect(JSON.stringify(events[0])).not.toContain('y.example');
  });
});

describe('the undo of a bulk move', () => {
  const assigned = async (count: number, owner: Person): Promise<{ ids: number[]; key: string }> => {
    const ids = await company.stock(pool, count);
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids, owner: owner.id }), 200);
    const [move] = (await moves({ api: company.admin })).filter((one) => one.kind === 'assign' && one.undoneAt === null);
    return { ids, key: move!.key };
  };

  test('a bulk assignment is listed and taken back: the leads lie in their pool as before, with their time in it', async () => {
    const ids = await company.stock(pool, 3);
    const before = await statesOf(ids);
    await company.moveClock('2026-03-02T02:00:00Z');
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids, owner: b.id }), 200);
    const [move] = (await moves({ api: company.admin })).filter((one) => one.kind === 'assign');
    expect(move).toMatchObject({ leads: 3, undoneAt: null });
    expect(expectStatus(await company.admin.get<Report>(`/api/console/pools/moves/${move!.key}`), 200)).toMatchObject({
      ready: 3,
      conflicts: [],
    });
    expect(expectStatus(await undo(move!.key), 200)).toMatchObject({ restored: 3, conflicts: [] });
    expect(await statesOf(ids)).toEqual(before);
    expect((await company.events('lead.move_undone')).filter((event) => ids.includes(event.subject_id))).toHaveLength(3);
    expect(await codeOf(undo(move!.key))).toBe('ALREADY_UNDONE');
  });

  test('a bulk transfer taken back gives the holder his clock and his open tasks again', async () => {
    const ids = await company.stock(pool, 2);
    expectStatus(await a.api.post('/api/console/leads/claim', { ids, pool }), 200);
    const before = await statesOf(ids);
    const tasks = () =>
      company.db('crm_tasks').whereIn('lead_id', ids).andWhere({ owner_id: a.id, state: 'open' }).select('id').orderBy('id');
    const open = await tasks();
    expect(open.length).toBeGreaterThan(0);
    await company.moveClock('2026-03-02T05:00:00Z');
    expectStatus(await a.api.post('/api/console/leads/transfer', { ids, owner: b.id }), 200);
    expect(await tasks()).toEqual([]);
    const [move] = (await moves(a)).filter((one) => one.kind === 'transfer');
    expectStatus(await a.api.post(`/api/console/pools/moves/${move!.key}/undo`), 200);
    expect(await statesOf(ids)).toEqual(before);
    expect(await tasks()).toEqual(open);
  });

  test('leads moved to another pool together are listed and taken back, also those its entry rules sent on', async () => {
    const last = await company.publish('pools', 'end-of-the-way', poolBody('east'));
    const through = await company.publish(
      'pools',
      'way-through',
      poolBody('east', {
        entry: {
          rules: [
            {
              key: 'on',
              label: { zh: '转', en: 'On' },
              when: { combinator: 'and', rules: [{ field: 'lead.product', operator: '=', value: 'onward' }] },
              to: 'end-of-the-way',
            },
          ],
        },
      }),
    );
    const ids = await company.stock(pool, 3, (index) => (index === 0 ? { product: 'onward' } : {}));
    const before = await statesOf(ids);
    await company.moveClock('2026-03-02T06:00:00Z');
    expectStatus(await company.admin.post('/api/console/leads/move', { ids, pool: through }), 200);
    expect((await statesOf(ids)).map((row) => row.pool_id)).toEqual([last, through, through]);
    const [move] = (await moves({ api: company.admin })).filter((one) => one.kind === 'move');
    expect(move).toMatchObject({ leads: 3, undoneAt: null });
    expect(expectStatus(await undo(move!.key), 200)).toMatchObject({ restored: 3, conflicts: [] });
    expect(await statesOf(ids)).toEqual(before);
  });

  test('a release that exhausted its leads is taken back: the owner has them again and they are open', async () => {
    const tired = await company.publish('pools', 'tired', poolBody('east', { exhausted: { owners: 1 } }));
    const ids = await company.stock(tired, 2);
    expectStatus(await a.api.post('/api/console/leads/claim', { ids, pool: tired }), 200);
    expectStatus(await a.api.post('/api/console/leads/release', { ids, reason: 'no_time' }), 200);
    expect(await company.lead(ids[0]!)).toMatchObject({ status: 'exhausted', owner_id: null, pool_id: null });
    const [move] = (await moves(a)).filter((one) => one.kind === 'release' && one.undoneAt === null);
    expect(expectStatus(await a.api.post<Report>(`/api/console/pools/moves/${move!.key}/undo`), 200)).toMatchObject({
      restored: 2,
      conflicts: [],
    });
    for (const id of ids) expect(await company.lead(id)).toMatchObject({ status: 'open', owner_id: a.id });
  });

  test('leads that moved on, were worked or are closed since stay where they are and are reported', async () => {
    const { ids, key } = await assigned(4, b);
    expectStatus(await b.api.post(`/api/console/leads/${ids[0]}/release`, { reason: 'other' }), 200);
    expectStatus(
      await b.api.post(`/api/console/leads/${ids[1]}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 50 }),
      200,
    );
    expectStatus(await b.api.post(`/api/console/leads/${ids[2]}/disqualify`, { reason: 'spam' }), 200);
    const report = expectStatus(await undo(key), 200);
    expect(report.restored).toBe(1);
    expect(new Map(report.conflicts.map((one) => [one.lead, one.code]))).toEqual(
      new Map([
        [ids[0], 'MOVED_SINCE'],
        [ids[1], 'WORKED_SINCE'],
        [ids[2], 'CLOSED'],
      ]),
    );
    expect(await company.lead(ids[1]!)).toMatchObject({ owner_id: b.id });
  });

  test('a recycle run is taken back: the owner has the lead again, its clock goes on, and it is left alone for the grace', async () => {
    await company.moveClock('2026-03-03T01:00:00Z');
    const ids = await company.stock(pool, 2);
    expectStatus(await a.api.post('/api/console/leads/claim', { ids, pool }), 200);
    const before = await statesOf(ids);
    await company.moveClock('2026-03-16T01:00:00Z');
    expect(await statesOf(ids)).toMatchObject([{ owner_id: null }, { owner_id: null }]);
    const run = (await moves({ api: company.admin })).find((one) => one.kind === 'recycle-run')!;
    expectStatus(await undo(run.key), 200);
    expect(await statesOf(ids)).toEqual(before);
    const row = await company.lead(ids[0]!);
    expect((row['recycle_at'] as Date).getTime()).toBeGreaterThan(new Date('2026-03-17T00:00:00Z').getTime());
    expect(row['recycle_count']).toBe(0);
    await company.moveClock('2026-03-16T06:00:00Z');
    expect(await company.lead(ids[0]!)).toMatchObject({ owner_id: a.id });
  });

  test('a release in bulk is taken back by the one who made it, though the leads are out of his hands', async () => {
    const ids = await company.stock(pool, 2);
    expectStatus(await a.api.post('/api/console/leads/claim', { ids, pool }), 200);
    expectStatus(await a.api.post('/api/console/leads/release', { ids, reason: 'no_time' }), 200);
    const [move] = (await moves(a)).filter((one) => one.kind === 'release');
    expect(await codeOf(b.api.get(`/api/console/pools/moves/${move!.key}`))).toBe('NOT_FOUND');
    expect(expectStatus(await a.api.post<Report>(`/api/console/pools/moves/${move!.key}/undo`), 200).restored).toBe(2);
    expect(await statesOf(ids)).toMatchObject([{ owner_id: a.id }, { owner_id: a.id }]);
  });

  test('after seven days a move cannot be undone, and what is no move is told so', async () => {
    const { key } = await assigned(2, b);
    await company.moveClock('2026-03-24T01:00:00Z');
    expect(await codeOf(undo(key))).toBe('UNDO_EXPIRED');
    expect(await codeOf(undo('bm9uc2Vuc2U'))).toBe('MOVE_UNKNOWN');
    expect((await moves({ api: company.admin })).some((one) => one.key === key)).toBe(false);
  });

  test("a move an administrator made is nobody else's to take back", async () => {
    const { key } = await assigned(2, b);
    expect(await codeOf(a.api.post(`/api/console/pools/moves/${key}/undo`))).toBe('NOT_FOUND');
  });
});
