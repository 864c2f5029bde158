import { expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

/** Shanghai time as an instant. */
const at = (local: string): string => new Date(`${local}+08:00`).toISOString();

interface Found {
  readonly people: readonly { readonly member: number; readonly score: number; readonly counts: Record<string, number> }[];
  readonly findings: readonly {
    readonly pattern: string;
    readonly member: number;
    readonly others: readonly { readonly id: number }[];
    readonly leads: readonly number[];
    readonly count: number;
    readonly counted: boolean;
    readonly evidence: readonly { readonly event: number; readonly lead: number; readonly text: unknown }[];
  }[];
}
interface Row {
  readonly key: string;
  readonly label: string;
  readonly entered: number;
  readonly claimed: number;
  readonly released: number;
  readonly recycled: number;
  readonly converted: number;
  readonly waitSeconds: number | null;
  readonly holdSeconds: number | null;
}
interface Report {
  readonly rows: readonly Row[];
  readonly total: Omit<Row, 'key'>;
  readonly now: readonly { readonly pool: number; readonly available: number }[];
  readonly own: boolean;
}

let company: Company;
let pool: number;
let boss: Person;
let made = 0;

/** As the fixtures name people. */
const nameOf = ({ email }: Person): string => email.split('@')[0]!;
const rep = (): Promise<Person> => {
  made += 1;
  return company.person(`rep-${made}`, { roles: ['sales'], team: company.teams.east });
};
const newPool = (more: Record<string, unknown> = {}): Promise<number> => {
  made += 1;
  return company.publish(
    'pools',
    `pool-${made}`,
    poolBody('east', {
      members: [
        { type: 'team', ref: 'east', rights: ['claim'] },
        { type: 'member', ref: boss.id, rights: ['manage'] },
      ],
      ...more,
    }),
  );
};
const claim = async (person: Person, ids: readonly number[], from = pool): Promise<void> =>
  void expectStatus(await person.api.post('/api/console/leads/claim', { ids, pool: from }), 200);
const release = async (person: Person, id: number, reason = 'no_time'): Promise<void> =>
  void expectStatus(await person.api.post(`/api/console/leads/${id}/release`, { reason }), 200);
const transfer = async (person: Person, id: number, to: Person): Promise<void> =>
  void expectStatus(await person.api.post(`/api/console/leads/${id}/transfer`, { owner: to.id }), 200);
const log = async (person: Person, id: number, body: Record<string, unknown>): Promise<void> =>
  void expectStatus(await person.api.post(`/api/console/leads/${id}/activities`, { kind: 'call', ...body }), 200);
const findings = async (pattern: string, member: Person, from = pool): Promise<Found['findings']> =>
  expectStatus(await boss.api.get<Found>(`/api/console/pools/fair-play?pattern=${pattern}&member=${member.id}&pool=${from}`), 200).findings;

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  boss = await company.person('boss', { roles: ['pool-admin'], team: company.teams.east });
  pool = await newPool({
    isDefault: true,
    recycle: { rules: [{ key: 'idle', label: { zh: '未跟进', en: 'Idle' }, since: 'follow-up', after: 'P14D' }] },
  });
}, 300_000);
afterAll(() => company?.server.close());

describe('fair play: games are told with their evidence and do not count', () => {
  test('a lead passed to a friend and back is a swap, and its clock goes on (defect 6: A→B→A evasion)', async () => {
    const [a, b] = [await rep(), await rep()];
    const [id] = await company.stock(pool, 1);
    await claim(a, [id!]);
    const since = (await company.lead(id!))['held_since'];
    await company.moveClock(at('2026-03-10T09:00:00'));
    await transfer(a, id!, b);
    await transfer(b, id!, a);
    const [found] = await findings('swap', a);
    expect(found).toMatchObject({ pattern: 'swap', member: a.id, others: [{ id: b.id }], leads: [id], counted: false });
    expect(found!.evidence).toHaveLength(3);
    expect((await company.lead(id!))['held_since']).toEqual(since);
  });

  test('a colleague who reached the person in between has worked: handing it back is no swap', async () => {
    const [a, b] = [await rep(), await rep()];
    const [worked, idle] = await company.stock(pool, 2);
    await claim(a, [worked!, idle!]);
    for (const id of [worked!, idle!]) await transfer(a, id, b);
    await log(b, worked!, { outcome: 'connected', durationSeconds: 60, note: 'Spoke about the offer' });
    await log(b, idle!, { outcome: 'no_answer' });
    for (const id of [worked!, idle!]) await transfer(b, id, a);
    expect((await findings('swap', a)).flatMap(({ leads }) => leads)).toEqual([idle]);
  });

  test('released and claimed again by the same person: told, and the same holding goes on, so its recycle date does not move', async () => {
    const a = await rep();
    const [id] = await company.stock(pool, 1);
    await company.moveClock(at('2026-03-11T09:00:00'));
    await claim(a, [id!]);
    const first = await company.lead(id!);
    await company.moveClock(at('2026-03-14T09:00:00'));
    await release(a, id!);
    await claim(a, [id!]);
    const again = await company.lead(id!);
    expect(again['held_since']).toEqual(first['held_since']);
    expect(again['recycle_at']).toEqual(first['recycle_at']);
    expect(await findings('reclaim', a)).toMatchObject([
      { leads: [id], evidence: [{ text: { en: 'Released: No time to follow up' } }, { text: { en: 'Claimed' } }] },
    ]);
  });

  test('the same holding through a friend who claims in between: the first claim still counts', async () => {
    const [a, b] = [await rep(), await rep()];
    const [id] = await company.stock(pool, 1);
    await claim(a, [id!]);
    const first = (await company.lead(id!))['held_since'];
    await release(a, id!);
    await company.moveClock(at('2026-03-15T09:00:00'));
    await claim(b, [id!]);
    await release(b, id!);
    await claim(a, [id!]);
    expect((await company.lead(id!))['held_since']).toEqual(first);
    expect(await findings('swap', a)).toMatchObject([{ leads: [id], others: [{ id: b.id }] }]);
  });

  test('empty follow-ups are told, with their number', async () => {
    const a = await rep();
    const ids = await company.stock(pool, 2);
    await claim(a, ids);
    for (const id of ids) await log(a, id, { note: '.' });
    expect(await findings('empty-follow-up', a)).toMatchObject([{ count: 2, leads: ids }]);
    expect(await findings('copied-follow-up', a)).toEqual([]);
  });

  test('the same words on several leads are copied; calls of a few seconds are none', async () => {
    const a = await rep();
    const ids = await company.stock(pool, 3);
    await claim(a, ids);
    for (const id of ids) await log(a, id, { note: '客户说再考虑一下', outcome: 'connected', durationSeconds: 2 });
    expect(await findings('copied-follow-up', a)).toMatchObject([{ count: 3, evidence: [{ text: '客户说再考虑一下' }, {}, {}] }]);
    expect(await findings('short-call', a)).toMatchObject([{ count: 3 }]);
  });

  test('what is told as a game is left out of the effective follow-ups of a pool', async () => {
    const strict = await newPool({ followUp: { kinds: [{ kind: 'call', outcomes: ['connected'], minSeconds: 0 }], reply: true } });
    const a = await rep();
    const ids = await company.stock(strict, 3);
    await claim(a, ids, strict);
    await log(a, ids[0]!, { note: 'Spoke about the offer', outcome: 'connected', durationSeconds: 120 });
    await log(a, ids[1]!, { note: 'Spoke about the price', outcome: 'connected', durationSeconds: 3 });
    const effective = async (id: number) => (await company.lead(id))['effective_follow_up_at'];
    expect(await effective(ids[0]!)).not.toBeNull();
    expect(await effective(ids[1]!)).toBeNull();
  });

  test('a transfer in the last hours before the recycle date is told with that date', async () => {
    const [a, b] = [await rep(), await rep()];
    await company.moveClock(at('2026-03-16T09:00:00'));
    const [id] = await company.stock(pool, 1);
    await claim(a, [id!]);
    const due = (await company.lead(id!))['recycle_at'] as Date;
    await company.moveClock(new Date(due.getTime() - 5 * 3_600_000).toISOString());
    await transfer(a, id!, b);
    const [found] = await findings('transfer-before-recycle', a);
    expect(found).toMatchObject({ leads: [id], others: [{ id: b.id }] });
    expect(found!.evidence[0]).toMatchObject({ text: { en: expect.stringContaining(due.toISOString().slice(0, 8)) as string } });
    expect((await company.lead(id!))['recycle_at']).toEqual(due);
  });

  test("claims heaped up in the last half hour of a person's day are hoarding; the same number at noon is not", async () => {
    const [night, noon] = [await rep(), await rep()];
    const ids = await company.stock(pool, 10);
    await company.moveClock(at('2026-04-01T12:00:00'));
    await claim(noon, ids.slice(0, 5));
    await company.moveClock(at('2026-04-01T23:45:00'));
    await claim(night, ids.slice(5));
    expect(await findings('midnight-hoard', night)).toMatchObject([{ count: 5 }]);
    expect(await findings('midnight-hoard', noon)).toEqual([]);
  });

  test('claims hoarded before midnight count on the next day too, and whoever is refused is told; a few late ones do not', async () => {
    const limited = await newPool({ limits: [{ kind: 'claims', per: 'day', max: 6 }] });
    const [hoarder, late] = [await rep(), await rep()];
    const ids = await company.stock(limited, 16);
    await company.moveClock(at('2026-04-02T23:40:00'));
    await claim(hoarder, ids.slice(0, 5), limited);
    await claim(late, ids.slice(5, 9), limited);
    await company.moveClock(at('2026-04-03T00:05:00'));
    const board = async (who: Person) =>
      expectStatus(await who.api.get<{ id: number; limits: unknown[] }[]>('/api/console/pools/board'), 200).find(({ id }) => id === limited)
        ?.limits;
    expect(await board(hoarder)).toMatchObject([{ key: 'day', limit: 6, used: 5, carried: 5 }]);
    await claim(hoarder, ids.slice(9, 10), limited);
    const refused = await hoarder.api.post<ErrorBody>(`/api/console/leads/${ids[10]}/claim`, { pool: limited });
    expect(refused.body.error.details).toMatchObject({ code: 'CLAIM_LIMIT_DAY', limit: 6, used: 6, carried: 5 });
    expect(await board(late)).toMatchObject([{ key: 'day', limit: 6, used: 0 }]);
    await claim(late, ids.slice(10, 16), limited);
    await company.moveClock(at('2026-04-04T09:00:00'));
    expect(await board(hoarder)).toMatchObject([{ used: 0 }]);
  });

  test('leads kept for somebody on leave and given back are no swap', async () => {
    const [away, delegate] = [await rep(), await rep()];
    const [id] = await company.stock(pool, 1);
    await company.moveClock(at('2026-04-05T09:00:00'));
    await claim(away, [id!]);
    const split = [{ to: { type: 'member', id: delegate.id } }];
    const { id: handover } = expectStatus(
      await away.api.post<{ id: number }>('/api/console/handovers', {
        member: away.id,
        kind: 'leave',
        to: at('2026-04-08T09:00:00'),
        split,
      }),
      200,
    );
    expectStatus(await delegate.api.post(`/api/console/handovers/${handover}/return`), 200);
    expect((await company.lead(id!))['owner_id']).toBe(away.id);
    expect(await findings('swap', away)).toEqual([]);
    expect(await findings('transfer-before-recycle', away)).toEqual([]);
  });

  test('typing in a lead that lies in the pool, number and all, gives nobody a lead: it is the one in the pool, where it stays', async () => {
    const a = await rep();
    const [id] = await company.stock(pool, 1, () => ({ name: '赵敏', phone: '+86 137 2222 4444' }));
    const claims = async () => (await company.db('crm_ledger').where({ member_id: a.id, cause: 'claim' })).length;
    const typed = await a.api.post<{ id?: number }>('/api/console/leads', { name: '赵敏', phone: '13722224444' });
    expect(typed.status === 200 ? typed.body.id : id).toBe(id);
    expect(await company.lead(id!)).toMatchObject({ owner_id: null, pool_id: pool });
    expect(await claims()).toBe(0);
    expect(await company.db('crm_leads').where({ owner_id: a.id })).toEqual([]);
  });

  test('a lead typed in a second time while it lies in the pool is told, with both leads', async () => {
    const a = await rep();
    const [id] = await company.stock(pool, 1, () => ({
      name: '王小明',
      company: '东方机电有限公司',
      phone: '+86 135 2222 3333',
      email: 'wang@dongfang.example',
    }));
    const typed = expectStatus(
      await a.api.post<{ id: number }>('/api/console/leads', { name: '王小明', company: '东方机电', email: 'other@dongfang2.example' }),
      200,
    );
    expect(await findings('pool-duplicate', a)).toMatchObject([{ leads: [typed.id, id] }]);
  });

  test('people are ranked by the weight of what was found, and only those who manage the pool see any of it', async () => {
    const { people } = expectStatus(await boss.api.get<Found>('/api/console/pools/fair-play'), 200);
    expect(people.length).toBeGreaterThan(3);
    expect(people.map((one) => one.score)).toEqual([...people.map((one) => one.score)].sort((x, y) => y - x));
    const a = await rep();
    expect((await a.api.get<ErrorBody>('/api/console/pools/fair-play')).status).toBe(403);
  });
});

describe('reports are computed from events and open onto their rows', () => {
  const report = async (person: Pick<Person, 'api'>, query: string): Promise<Report> =>
    expectStatus(await person.api.get<Report>(`/api/console/pools/report?${query}`), 200);
  let own: number;
  let a: Person;
  let b: Person;
  let ids: number[];

  beforeAll(async () => {
    own = await newPool();
    [a, b] = [await rep(), await rep()];
    await company.moveClock(at('2026-05-04T09:00:00'));
    ids = await company.stock(own, 6, (index) => ({ source: index < 4 ? 'Fair' : 'Web' }));
    await company.moveClock(at('2026-05-04T11:00:00'));
    await claim(a, ids.slice(0, 3), own);
    await company.moveClock(at('2026-05-05T10:00:00'));
    await claim(b, ids.slice(3, 4), own);
    await release(a, ids[0]!);
    expectStatus(await company.admin.post(`/api/console/leads/${ids[1]}/recycle`), 200);
    for (const to of ['srl', 'sql', 'opportunity']) expectStatus(await a.api.post(`/api/console/leads/${ids[2]}/stage`, { to }), 200);
  });

  test('by pool: entered, claimed, released, recycled, converted, and how long they waited and were held', async () => {
    const { total, rows, now } = await report(boss, `pool=${own}&from=${at('2026-05-04T00:00:00')}`);
    expect(rows).toHaveLength(1);
    expect(total).toMatchObject({ entered: 8, claimed: 4, released: 1, recycled: 1, converted: 1 });
    expect(Math.round(total.waitSeconds! / 3600)).toBe(2);
    expect(Math.round(total.holdSeconds! / 3600)).toBe(23);
    expect(now).toMatchObject([{ pool: own, available: 4 }]);
  });

  test('by rep, source and day the numbers add up to the whole', async () => {
    const from = at('2026-05-04T00:00:00');
    const reps = await report(boss, `pool=${own}&by=rep&from=${from}`);
    expect(reps.rows.map(({ key, claimed }) => [Number(key), claimed]).sort()).toEqual([
      [a.id, 3],
      [b.id, 1],
    ]);
    const sources = await report(boss, `pool=${own}&by=source&from=${from}`);
    expect(sources.rows.map(({ key, claimed }) => [key, claimed])).toEqual([
      ['Fair', 4],
      ['Web', 0],
    ]);
    const days = await report(boss, `pool=${own}&by=day&from=${from}`);
    expect(days.rows.map(({ key, claimed }) => [key, claimed])).toEqual([
      ['2026-05-04', 3],
      ['2026-05-05', 1],
    ]);
  });

  test('every number opens onto its leads', async () => {
    const from = at('2026-05-04T00:00:00');
    const rows = async (query: string) =>
      expectStatus(
        await boss.api.get<{ ids: number[]; total: number }>(`/api/console/pools/report/leads?pool=${own}&from=${from}&${query}`),
        200,
      );
    expect(await rows(`metric=claimed&by=rep&key=${b.id}`)).toEqual({ ids: [ids[3]], total: 1 });
    expect((await rows('metric=released')).ids).toEqual([ids[0]]);
    expect((await rows('metric=converted')).ids).toEqual([ids[2]]);
    expect(await rows('metric=entered&by=day&key=2026-05-05')).toMatchObject({ total: 2 });
  });

  test('a rep sees his own numbers, those of others only who manages or assigns', async () => {
    const from = at('2026-05-04T00:00:00');
    const mine = await report(a, `pool=${own}&from=${from}`);
    expect(mine).toMatchObject({ own: true, total: { claimed: 3 } });
    expect((await a.api.get(`/api/console/pools/report?pool=${own}&rep=${b.id}`)).status).toBe(403);
    const stranger = await company.person(`stranger-${made}`, { roles: ['sales'], team: company.teams.south });
    expect((await stranger.api.get(`/api/console/pools/report?pool=${own}`)).status).toBe(403);
    expect((await boss.api.get('/api/console/pools/report?from=2020-01-01&to=2026-01-01')).status).toBe(400);
  });
});

describe('exhausted leads and the memory of a lead', () => {
  test('after so many owners a lead leaves the pool, is listed for the administrator, and comes back on a new signal', async () => {
    const tired = await newPool({ exhausted: { owners: 2 }, cooling: { after: 'P1D' } });
    const [id] = await company.stock(tired, 1, () => ({ email: 'quiet@lead.example' }));
    const [a, b] = [await rep(), await rep()];
    await claim(a, [id!], tired);
    await release(a, id!, 'no_answer');
    expect(await company.lead(id!)).toMatchObject({ pool_id: tired, status: 'open' });
    await claim(b, [id!], tired);
    await release(b, id!, 'no_answer');
    expect(await company.lead(id!)).toMatchObject({ pool_id: null, owner_id: null, status: 'exhausted', home_pool_id: tired });
    const listed = expectStatus(
      await boss.api.get<{ leads: { id: number; owners: number }[]; total: number }>(`/api/console/pools/exhausted?pool=${tired}`),
      200,
    );
    expect(listed).toMatchObject({ total: 1, leads: [{ id, owners: 2 }] });
    const [same] = await company.capture([{ name: 'Quiet', email: 'quiet@lead.example', note: 'I am interested again' }]);
    expect(same).toBe(id);
    expect(await company.lead(id!)).toMatchObject({ status: 'open' });
    expect(await company.events('lead.revived')).toMatchObject([{ subject_id: id, data: { by: 'signal' } }]);
  });

  test('attempts in a row without contact exhaust a lead; a contact begins the count anew', async () => {
    const tired = await newPool({ exhausted: { attempts: 3 } });
    const [worn, reached] = await company.stock(tired, 2);
    const a = await rep();
    await claim(a, [worn!, reached!], tired);
    for (let n = 0; n < 3; n += 1) await log(a, worn!, { outcome: 'no_answer' });
    await log(a, reached!, { outcome: 'no_answer' });
    await log(a, reached!, { outcome: 'no_answer' });
    await log(a, reached!, { outcome: 'connected', durationSeconds: 60 });
    await company.moveClock(at('2026-05-20T09:00:00'));
    await log(a, reached!, { outcome: 'no_answer' });
    for (const id of [worn!, reached!]) await release(a, id, 'no_answer');
    expect(await company.lead(worn!)).toMatchObject({ status: 'exhausted', pool_id: null });
    expect(await company.lead(reached!)).toMatchObject({ status: 'open', pool_id: tired });
    // Back by hand only with a reason.
    expectStatus(await boss.api.post('/api/console/pools/exhausted/revive', { ids: [worn] }), 400);
    expectStatus(await boss.api.post('/api/console/pools/exhausted/revive', { ids: [worn], reason: 'Met at a fair' }), 200);
    expect(await company.lead(worn!)).toMatchObject({ status: 'open', pool_id: tired });
  });

  test('the list says why each lead is exhausted and what was tried; brought back with a reason, its next owner reads it all', async () => {
    const tired = await newPool({ exhausted: { owners: 5, attempts: 2 } });
    const other = await newPool();
    const [one, two] = await company.stock(tired, 2, (index) => ({ name: `Tired ${index} of ${tired}`, company: `Weary ${tired}` }));
    const [a, next, stranger] = [
      await rep(),
      await rep(),
      await company.person(`far-${tired}`, { roles: ['sales'], team: company.teams.south }),
    ];
    await claim(a, [one!, two!], tired);
    for (const id of [one!, two!]) {
      await log(a, id, { outcome: 'no_answer' });
      await log(a, id, { kind: 'message', outcome: 'sent' });
      await release(a, id, 'no_answer');
    }
    const listOf = async (query: string) =>
      expectStatus(
        await boss.api.get<{ leads: Record<string, unknown>[]; total: number }>(`/api/console/pools/exhausted?pool=${tired}${query}`),
        200,
      );
    const listed = await listOf('');
    expect(listed.total).toBe(2);
    expect(listed.leads[0]).toMatchObject({
      id: two,
      owners: 1,
      attempts: 2,
      rule: { owners: 5, attempts: 2 },
      why: ['attempts'],
      lastOwner: nameOf(a),
      tried: [
        { kind: 'message', outcome: 'sent', count: 1 },
        { kind: 'call', outcome: 'no_answer', count: 1 },
      ],
    });
    expect((await listOf('&limit=1&offset=1')).leads.map((lead) => lead['id'])).toEqual([one]);
    expect(await listOf(`&q=${encodeURIComponent(`tired 0 of ${tired}`)}`)).toMatchObject({ total: 1, leads: [{ id: one }] });
    expect((await listOf('&q=%25')).total).toBe(0);
    expect(expectStatus(await boss.api.get(`/api/console/pools/exhausted/${one}`), 200)).toMatchObject({
      attempts: 2,
      holdings: [{ member: a.id }],
    });
    expect((await stranger.api.get(`/api/console/pools/exhausted?pool=${tired}`)).status).toBe(403);
    expect((await stranger.api.get(`/api/console/pools/exhausted/${one}`)).status).toBe(403);

    const [free] = await company.stock(other, 1);
    const revive = { ids: [one, free], reason: 'Their buyer changed', pool: other };
    const answer = expectStatus(
      await boss.api.post<{ results: Record<string, unknown>[] }>('/api/console/pools/exhausted/revive', revive),
      200,
    );
    expect(answer.results).toMatchObject([
      { id: one, ok: true },
      { id: free, ok: false, code: 'NOT_EXHAUSTED' },
    ]);
    expect(await company.lead(one!)).toMatchObject({ status: 'open', pool_id: other });
    expect(await company.lead(two!)).toMatchObject({ status: 'exhausted', pool_id: null });
    expect((await company.events('lead.revived')).at(-1)).toMatchObject({
      subject_id: one,
      actor_id: boss.id,
      data: { by: 'hand', reason: 'Their buyer changed' },
    });
    await claim(next, [one!], other);
    expect(expectStatus(await next.api.get(`/api/console/leads/${one}/memory`), 200)).toMatchObject({
      attempts: 2,
      tried: [{ kind: 'message' }, { kind: 'call' }],
      revived: { by: 'hand', name: nameOf(boss), reason: 'Their buyer changed' },
    });
  });

  test('the next owner sees what was tried, by whom, and when to call (complaint 4: claimed without its history)', async () => {
    const [id] = await company.stock(pool, 1);
    const [a, b] = [await rep(), await rep()];
    await company.moveClock(at('2026-06-01T10:10:00'));
    await claim(a, [id!]);
    await log(a, id!, { outcome: 'no_answer' });
    await log(a, id!, { outcome: 'no_answer' });
    await company.moveClock(at('2026-06-02T15:10:00'));
    await log(a, id!, { outcome: 'connected', durationSeconds: 80, note: 'private words' });
    await release(a, id!, 'not_interested');
    await claim(b, [id!]);
    const memory = expectStatus(await b.api.get<Record<string, unknown>>(`/api/console/leads/${id}/memory`), 200);
    expect(memory).toMatchObject({
      owners: 2,
      attempts: 3,
      contacts: 1,
      holdings: [
        { member: a.id, ended: 'lead.released', reason: 'not_interested', attempts: 3, contacts: 1 },
        { member: b.id, to: null },
      ],
      call: {
        hours: [
          { from: 14, to: 16, why: 'contact' },
          { from: 8, why: 'engagement' },
        ],
        avoid: [10],
      },
    });
    expect(JSON.stringify(memory)).not.toContain('private words');
  });
});
