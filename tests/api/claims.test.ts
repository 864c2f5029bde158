import {
  expectStatus,
  inLanes,
  poolBody,
  startCompany,
  someone,
  until,
  type Company,
  type ErrorBody,
  type Person,
  type VerbAnswer,
} from '../support/fixtures';

let company: Company;
let poolId: number;
let reps: Person[];

const claim = (person: Person, id: number, pool?: number) =>
  person.api.post<VerbAnswer & ErrorBody>(`/api/console/leads/${id}/claim`, pool === undefined ? {} : { pool });
const release = (person: Person, id: number, reason = 'no_time') =>
  person.api.post<VerbAnswer & ErrorBody>(`/api/console/leads/${id}/release`, { reason });
const codeOf = (answer: { body: ErrorBody }): string => answer.body.error?.details.code;

/** Fresh rep of the east team, so that limits of one test do not touch another. */
let made = 0;
const rep = (more: { team?: number; timeZone?: string } = {}): Promise<Person> => {
  made += 1;
  return company.person(`rep-${made}`, { roles: ['sales'], team: company.teams.east, ...more });
};
const pool = (more: Record<string, unknown>): Promise<number> => {
  made += 1;
  return company.publish('pools', `pool-${made}`, poolBody('east', more));
};
/** A pool becomes visible to a person when his profile is read again. */
const sees = (person: Person, pid: number) =>
  until(`pool ${pid} is seen`, async () =>
    ((await person.api.get<{ id: number }[]>('/api/console/pools/board')).body ?? []).some((card) => card.id === pid),
  );

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock('2026-03-02T01:00:00Z');
  poolId = await company.publish(
    'pools',
    'open',
    poolBody('east', {
      limits: [
        { kind: 'claims', per: 'day', max: 30 },
        { kind: 'held', max: 12 },
      ],
      isDefault: true,
    }),
  );
  reps = [];
  for (let index = 0; index < 8; index += 1)
    reps.push(await company.person(`racer-${index}`, { roles: ['sales'], team: company.teams.east }));
}, 300_000);
afterAll(() => company?.server.close());

/** Who holds each lead according to the events alone. */
async function holdersByEvents(ids: readonly number[]): Promise<Map<number, { owner: unknown; pool: unknown }>> {
  const holders = new Map<number, { owner: unknown; pool: unknown }>();
  for (const event of await company.events()) {
    if (!ids.includes(event.subject_id) || !event.after || !('owner' in event.after)) continue;
    const known = holders.get(event.subject_id);
    if (known)
      expect({ lead: event.subject_id, owner: event.before?.['owner'], pool: event.before?.['pool'] }).toEqual({
        lead: event.subject_id,
        ...known,
      });
    holders.set(event.subject_id, { owner: event.after['owner'], pool: event.after['pool'] });
  }
  return holders;
}

describe('eight people claim from one pool of 100 leads at once', () => {
  const ids: number[] = [];
  const won: { rep: number; id: number }[] = [];
  const gone: { rep: number; id: number }[] = [];
  const codes = new Map<string, number>();
  const note = (code: string): void => void codes.set(code, (codes.get(code) ?? 0) + 1);
  const statuses = new Set<number>();

  beforeAll(async () => {
    ids.push(...(await company.stock(poolId, 100)));
    const end = Date.now() + 60_000;
    await Promise.all(
      reps.map(async (person, index) => {
        const mine = new Set<number>();
        for (let turn = index; Date.now() < end; turn += 1) {
          const pick = ids[(turn * 37 + index * 11) % ids.length]!;
          const kind = turn % 5;
          if (kind === 3 && mine.size > 0) {
            const id = [...mine][turn % mine.size]!;
            const answer = await release(person, id, turn % 2 === 0 ? 'no_time' : 'invalid');
            statuses.add(answer.status);
            if (answer.status === 200) {
              mine.delete(id);
              gone.push({ rep: index, id });
            } else note(codeOf(answer));
            continue;
          }
          const answer =
            kind === 1
              ? await person.api.post<VerbAnswer & ErrorBody>('/api/console/leads/claim', {
                  ids: [pick, ids[(pick + 1) % 100]!, ids[(pick + 2) % 100]!],
                  pool: poolId,
                })
              : kind === 2
                ? await person.api.post<VerbAnswer & ErrorBody>(`/api/console/pools/${poolId}/claim`, { count: 2 })
                : await claim(person, pick);
          statuses.add(answer.status);
          if (answer.status !== 200) note(codeOf(answer));
          else
            for (const result of answer.body.results) {
              if (result.ok) {
                mine.add(result.id);
                won.push({ rep: index, id: result.id });
              } else note(result.code ?? 'none');
            }
        }
      }),
    );
  }, 150_000);

  test('every request is answered or refused with a code, never with a failure', () => {
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    expect(codes.has('undefined')).toBe(false);
    expect(won.length).toBeGreaterThan(100);
  });

  test('the loser of a race is told so', () => {
    expect(
      [...codes.keys()]
        .filter((code) =>
          ['ALREADY_CLAIMED', 'NOT_FOUND', 'HOLD_LIMIT', 'CLAIM_LIMIT_DAY', 'NOT_IN_POOL', 'FORBIDDEN', 'STALE'].includes(code),
        )
        .sort(),
    ).toEqual([...codes.keys()].sort());
  });

  test('each claim that was won has exactly one event, and no event is left over', async () => {
    const claimed = (await company.events('lead.claimed')).map((event) => `${event.actor_id}:${event.subject_id}`).sort();
    expect(claimed).toEqual(won.map(({ rep: index, id }) => `${reps[index]!.id}:${id}`).sort());
    const released = (await company.events('lead.released')).map((event) => `${event.actor_id}:${event.subject_id}`).sort();
    expect(released).toEqual(gone.map(({ rep: index, id }) => `${reps[index]!.id}:${id}`).sort());
  });

  test('no lead ever had two owners: each event begins where the one before ended, and the rows end where the events end', async () => {
    const holders = await holdersByEvents(ids);
    const rows = await company.db('crm_leads').whereIn('id', ids).select('id', 'owner_id', 'pool_id');
    expect(rows).toHaveLength(100);
    for (const row of rows) expect({ id: row.id, owner: row.owner_id, pool: row.pool_id }).toEqual({ id: row.id, ...holders.get(row.id) });
    for (const row of rows) expect([row.owner_id, row.pool_id].filter((value) => value === null)).toHaveLength(1);
  });

  test('nobody went beyond what he may hold or claim in a day, at any moment', async () => {
    const held = new Map<unknown, number>();
    const day = new Map<number, number>();
    const givesBack = (event: { type: string; data: Record<string, unknown> | null }): boolean =>
      event.type === 'lead.released' && event.data?.['reason'] === 'invalid';
    for (const event of await company.events()) {
      if (!['lead.claimed', 'lead.released'].includes(event.type)) continue;
      const who = event.actor_id ?? 0;
      held.set(who, (held.get(who) ?? 0) + (event.type === 'lead.claimed' ? 1 : -1));
      if (event.type === 'lead.claimed') day.set(who, (day.get(who) ?? 0) + 1);
      if (givesBack(event)) day.set(who, (day.get(who) ?? 0) - 1);
      expect(held.get(who)).toBeLessThanOrEqual(12);
      expect(day.get(who)).toBeLessThanOrEqual(30);
    }
  });

  test('the ledger agrees with the events', async () => {
    const [row] = (
      await company.db.raw<{ rows: { claims: number; back: number }[] }>(
        `SELECT count(*)::int AS claims, count(given_back_at)::int AS back FROM crm_ledger WHERE group_key = ?`,
        [`claim:${poolId}`],
      )
    ).rows;
    const back = (await company.events('lead.released')).filter((event) => event.data?.['reason'] === 'invalid');
    expect(row).toEqual({ claims: won.length, back: back.length });
  });

  test('every held lead has one armed first-contact task and no lead in the pool has an open one', async () => {
    const { rows } = await company.db.raw<{ rows: { bad: number }[] }>(
      `SELECT count(*)::int AS bad FROM crm_leads l WHERE l.id = ANY(?) AND (l.owner_id IS NOT NULL) <> EXISTS (SELECT 1 FROM crm_tasks t WHERE t.lead_id = l.id AND t.key = 'first-contact' AND t.state = 'open' AND t.owner_id = l.owner_id)`,
      [ids],
    );
    expect(rows[0]?.bad).toBe(0);
    const open = await company.db('crm_tasks').whereIn('lead_id', ids).where({ state: 'open' }).count<{ count: string }[]>('* as count');
    const held = await company.db('crm_leads').whereIn('id', ids).whereNotNull('owner_id').count<{ count: string }[]>('* as count');
    expect(open[0]?.count).toBe(held[0]?.count);
  });
});

describe('limits', () => {
  test('the day limit names limit, use and when it begins anew in the person’s own zone; nothing is written', async () => {
    const person = await rep({ timeZone: 'Europe/Berlin' });
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 2 }] });
    const [a, b, c] = await company.stock(id, 3);
    await sees(person, id);
    expectStatus(await claim(person, a!), 200);
    expectStatus(await claim(person, b!), 200);
    const before = (await company.events()).length;
    const refused = await claim(person, c!);
    expect(refused.status).toBe(409);
    expect(refused.body.error.details).toMatchObject({ code: 'CLAIM_LIMIT_DAY', limit: 2, used: 2, resetsAt: '2026-03-02T23:00:00.000Z' });
    expect((await company.lead(c!))['owner_id']).toBeNull();
    expect((await company.events()).length).toBe(before);
  });

  test('a bulk claim takes what fits, in the order asked for, and answers for each', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 2 }] });
    const ids = await company.stock(id, 4);
    await sees(person, id);
    const order = [ids[2]!, ids[0]!, ids[3]!, ids[1]!];
    const { results } = expectStatus(await person.api.post<VerbAnswer>('/api/console/leads/claim', { ids: order, pool: id }), 200);
    expect(results.map(({ id: lead, ok, code }) => [lead, ok, code])).toEqual([
      [order[0], true, undefined],
      [order[1], true, undefined],
      [order[2], false, 'CLAIM_LIMIT_DAY'],
      [order[3], false, 'CLAIM_LIMIT_DAY'],
    ]);
  });

  test('defect 2b: claim, release, claim does not win the day’s quota back', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 2 }] });
    const [a, b, c] = await company.stock(id, 3);
    await sees(person, id);
    for (const lead of [a!, b!]) {
      expectStatus(await claim(person, lead), 200);
      expectStatus(await release(person, lead, 'no_time'), 200);
    }
    expect(codeOf(await claim(person, c!))).toBe('CLAIM_LIMIT_DAY');
  });

  test('a claim is given back for a duplicate, invalid data or the wrong pool, and for nothing else', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 1 }] });
    const leads = await company.stock(id, 4);
    await sees(person, id);
    for (const [index, reason] of (['duplicate', 'invalid', 'wrong_pool'] as const).entries()) {
      expectStatus(await claim(person, leads[index]!), 200);
      expectStatus(await release(person, leads[index]!, reason), 200);
    }
    expectStatus(await claim(person, leads[3]!), 200);
    expectStatus(await release(person, leads[3]!, 'other'), 200);
    expect(codeOf(await claim(person, leads[0]!))).toBe('CLAIM_LIMIT_DAY');
  });

  test('giving back an assigned lead does not give back the claim of the one who had it before', async () => {
    const [first, second] = [await rep(), await rep()];
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 1 }] });
    const [lead, other] = await company.stock(id, 2);
    await sees(first, id);
    expectStatus(await claim(first, lead!), 200);
    expectStatus(await release(first, lead!, 'no_time'), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${lead}/assign`, { owner: second.id }), 200);
    expectStatus(await release(second, lead!, 'invalid'), 200);
    expect(codeOf(await claim(first, other!))).toBe('CLAIM_LIMIT_DAY');
  });

  test('defect 2a: leads an administrator assigned do not eat the quota of claims', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 1 }] });
    const ids = await company.stock(id, 4);
    await sees(person, id);
    expectStatus(await company.admin.post('/api/console/leads/assign', { ids: ids.slice(0, 3), owner: person.id }), 200);
    expectStatus(await claim(person, ids[3]!), 200);
  });

  test('defect 2c: the limit of one pool is not used up in another', async () => {
    const person = await rep();
    const [one, two] = [
      await pool({ limits: [{ kind: 'claims', per: 'day', max: 1 }] }),
      await pool({ limits: [{ kind: 'claims', per: 'day', max: 1 }] }),
    ];
    const [a] = await company.stock(one, 1);
    const [b] = await company.stock(two, 1);
    await sees(person, two);
    expectStatus(await claim(person, a!), 200);
    expectStatus(await claim(person, b!), 200);
  });

  test('defect 2d: whoever manages a pool claims under its limits too', async () => {
    const boss = await company.person('pool-boss', { roles: ['pool-admin'], team: company.teams.east });
    const id = await company.publish('pools', 'managed', {
      kind: 'claimable',
      members: [{ type: 'role', ref: 'pool-admin', rights: ['manage'] }],
      limits: [{ kind: 'claims', per: 'day', max: 1 }],
    });
    const [a, b] = await company.stock(id, 2);
    await sees(boss, id);
    expectStatus(await claim(boss, a!), 200);
    expect(codeOf(await claim(boss, b!))).toBe('CLAIM_LIMIT_DAY');
  });

  test('defect 8: a claim that is refused costs no quota', async () => {
    const person = await rep();
    const id = await pool({ coolingDays: 5, limits: [{ kind: 'claims', per: 'day', max: 2 }] });
    const [a, b] = await company.stock(id, 2);
    await sees(person, id);
    expectStatus(await claim(person, a!), 200);
    expectStatus(await release(person, a!), 200);
    for (let i = 0; i < 3; i += 1) expect(codeOf(await claim(person, a!))).toBe('COOLING');
    expectStatus(await claim(person, b!), 200);
  });

  test('what is held counts wherever it came from; closed leads make room', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'held', max: 2 }] });
    const [a, b, c] = await company.stock(id, 3);
    await sees(person, id);
    expectStatus(await company.admin.post(`/api/console/leads/${a}/assign`, { owner: person.id }), 200);
    expectStatus(await claim(person, b!), 200);
    const refused = await claim(person, c!);
    expect(refused.body.error.details).toMatchObject({ code: 'HOLD_LIMIT', limit: 2, used: 2 });
    expectStatus(await person.api.post(`/api/console/leads/${b}/disqualify`, { reason: 'no_need' }), 200);
    expectStatus(await claim(person, c!), 200);
  });

  test('leads that nobody has followed up since they were taken stop further claims until they are', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'untouched', max: 1 }] });
    const [a, b] = await company.stock(id, 2);
    await sees(person, id);
    expectStatus(await claim(person, a!), 200);
    expect((await claim(person, b!)).body.error.details).toMatchObject({ code: 'UNTOUCHED_LIMIT', limit: 1, used: 1 });
    expectStatus(await person.api.post(`/api/console/leads/${a}/activities`, { kind: 'note', note: 'only a note' }), 200);
    expect(codeOf(await claim(person, b!))).toBe('UNTOUCHED_LIMIT');
    expectStatus(await person.api.post(`/api/console/leads/${a}/activities`, { kind: 'call', outcome: 'connected' }), 200);
    expectStatus(await claim(person, b!), 200);
  });

  test('the least time between two claims holds for one after the other and within one request', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'gap', seconds: 600 }] });
    const ids = await company.stock(id, 3);
    await sees(person, id);
    const { results } = expectStatus(
      await person.api.post<VerbAnswer>('/api/console/leads/claim', { ids: ids.slice(0, 2), pool: id }),
      200,
    );
    expect(results.map((result) => result.code ?? 'ok')).toEqual(['ok', 'CLAIM_GAP']);
    expect(codeOf(await claim(person, ids[2]!))).toBe('CLAIM_GAP');
  });

  test('forty requests at once of one person do not get past his limit', async () => {
    const person = await rep();
    const id = await pool({ limits: [{ kind: 'claims', per: 'day', max: 5 }] });
    const ids = await company.stock(id, 40);
    await sees(person, id);
    const codes: string[] = [];
    await inLanes(ids, 40, async (lead) => {
      const answer = await claim(person, lead);
      codes.push(answer.status === 200 ? 'ok' : codeOf(answer));
    });
    expect(codes.filter((code) => code === 'ok')).toHaveLength(5);
    expect(codes.filter((code) => code === 'CLAIM_LIMIT_DAY')).toHaveLength(35);
    expect(await company.db('crm_leads').where({ owner_id: person.id }).count<{ count: string }[]>('* as count')).toEqual([{ count: '5' }]);
  });
});

describe('who and what may be claimed', () => {
  test('defect 1: of many who claim one lead at the same moment exactly one gets it', async () => {
    const id = await pool({});
    const [lead] = await company.stock(id, 1);
    for (const person of reps) await sees(person, id);
    const answers = await Promise.all(reps.map((person) => claim(person, lead!, id)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(
      answers
        .filter((answer) => answer.status !== 200)
        .every((answer) => ['ALREADY_CLAIMED', 'NOT_FOUND', 'FORBIDDEN'].includes(codeOf(answer))),
    ).toBe(true);
    const winner = reps[answers.findIndex((answer) => answer.status === 200)];
    expect((await company.lead(lead!))['owner_id']).toBe(winner?.id);
    expect((await company.events('lead.claimed')).filter((event) => event.subject_id === lead)).toHaveLength(1);
  });

  test('somebody who is no member of the pool neither sees nor claims its leads', async () => {
    const id = await pool({});
    const [lead] = await company.stock(id, 1);
    const stranger = await rep({ team: company.teams.south });
    expect([403, 404]).toContain((await claim(stranger, lead!, id)).status);
    expect((await stranger.api.get(`/api/console/leads/${lead}`)).status).toBe(404);
    const next = await stranger.api.post<ErrorBody>(`/api/console/pools/${id}/claim`, { count: 1 });
    expect(next.status).toBe(403);
    expect(['NOT_A_MEMBER', 'FORBIDDEN']).toContain(next.body.error.details.code);
    expect((await company.lead(lead!))['owner_id']).toBeNull();
  });

  test('who may see a pool but not claim from it is told he is no member; leads of an assigned pool are given out by others', async () => {
    const person = await rep();
    const seen = await company.publish('pools', 'look-only', {
      kind: 'claimable',
      members: [{ type: 'team', ref: 'east', rights: ['see'] }],
    });
    const assigned = await company.publish('pools', 'given-out', {
      kind: 'assigned',
      members: [{ type: 'team', ref: 'east', rights: ['claim'] }],
    });
    const [a] = await company.stock(seen, 1);
    const [b] = await company.stock(assigned, 1);
    await sees(person, assigned);
    expect(codeOf(await claim(person, a!))).toBe('NOT_A_MEMBER');
    expect(codeOf(await claim(person, b!))).toBe('NOT_CLAIMABLE');
  });

  test('a lead cannot be claimed through a pool it does not lie in', async () => {
    const person = await rep();
    const [strict, loose] = [await pool({ limits: [{ kind: 'claims', per: 'day', max: 0 }] }), await pool({})];
    const [lead] = await company.stock(strict, 1);
    await sees(person, loose);
    expect(codeOf(await claim(person, lead!, loose))).toBe('NOT_IN_POOL');
    expect(codeOf(await claim(person, lead!, strict))).toBe('CLAIM_LIMIT_DAY');
  });

  test('defect 3: the embargo counts from the entry into the pool, and an edit does not start it again', async () => {
    const person = await rep();
    const id = await pool({ embargoSeconds: 3600 });
    const [lead] = await company.stock(id, 1);
    await sees(person, id);
    const entered = (await company.lead(lead!))['pool_entered_at'] as Date;
    const refused = await claim(person, lead!);
    expect(refused.body.error.details).toMatchObject({ code: 'EMBARGO', until: new Date(entered.getTime() + 3_600_000).toISOString() });
    await company.moveClock(new Date(entered.getTime() + 1800_000).toISOString());
    expectStatus(await company.admin.put(`/api/console/leads/${lead}`, { industry: 'Software' }), 200);
    expect(codeOf(await claim(person, lead!))).toBe('EMBARGO');
    await company.moveClock(new Date(entered.getTime() + 3_601_000).toISOString());
    expectStatus(await claim(person, lead!), 200);
  });

  test('defect 6: cooling holds for every former owner, also after A → B → A', async () => {
    const [a, b, c] = [await rep(), await rep(), await rep()];
    const id = await pool({ coolingDays: 3 });
    const [lead] = await company.stock(id, 1);
    await sees(c, id);
    for (const person of [a, b]) {
      expectStatus(await claim(person, lead!), 200);
      expectStatus(await release(person, lead!), 200);
    }
    const refusals = [await claim(a, lead!), await claim(b, lead!)];
    expect(refusals.map(codeOf)).toEqual(['COOLING', 'COOLING']);
    expect(refusals[0]!.body.error.details).toHaveProperty('until');
    expect((await a.api.post<VerbAnswer>(`/api/console/pools/${id}/claim`, { count: 1 })).body.results).toEqual([]);
    expectStatus(await claim(c, lead!), 200);
  });

  test('cooling ends when its days are over', async () => {
    const person = await rep();
    const id = await pool({ coolingDays: 2 });
    const [lead] = await company.stock(id, 1);
    await sees(person, id);
    expectStatus(await claim(person, lead!), 200);
    expectStatus(await release(person, lead!), 200);
    const refused = await claim(person, lead!);
    const until = new Date(String(refused.body.error.details['until']));
    await company.moveClock(new Date(until.getTime() - 60_000).toISOString());
    expect(codeOf(await claim(person, lead!))).toBe('COOLING');
    await company.moveClock(new Date(until.getTime() + 1000).toISOString());
    expectStatus(await claim(person, lead!), 200);
  });

  test('a person who asked not to be contacted is not claimed before that time', async () => {
    const person = await rep();
    const id = await pool({});
    const [lead] = await company.stock(id, 1);
    await sees(person, id);
    expectStatus(await company.admin.put(`/api/console/leads/${lead}`, { doNotContactUntil: '2027-01-01T00:00:00Z' }), 200);
    expect(codeOf(await claim(person, lead!))).toBe('DO_NOT_CONTACT');
    expect((await person.api.post<VerbAnswer>(`/api/console/pools/${id}/claim`, { count: 1 })).body.results).toEqual([]);
  });
});

describe('moves between people', () => {
  test('defect 6: a transfer keeps the holding clock; a claim after a release starts it anew', async () => {
    const [a, b] = [await rep(), await rep()];
    const id = await pool({});
    const [lead] = await company.stock(id, 1);
    await sees(a, id);
    await sees(b, id);
    expectStatus(await claim(a, lead!), 200);
    const since = (await company.lead(lead!))['held_since'];
    expectStatus(await a.api.post(`/api/console/leads/${lead}/transfer`, { owner: b.id }), 200);
    const after = await company.lead(lead!);
    expect([after['owner_id'], after['held_since'], after['home_pool_id']]).toEqual([b.id, since, id]);
    expectStatus(await release(b, lead!), 200);
    expect((await company.lead(lead!))['held_since']).toBeNull();
    expectStatus(await claim(a, lead!), 200);
    expect((await company.lead(lead!))['held_since']).not.toEqual(since);
  });

  test('nobody passes on or gives back what is not his, nor to a stranger of another team', async () => {
    const [a, b, south] = [await rep(), await rep(), await rep({ team: company.teams.south })];
    const id = await pool({});
    const [lead] = await company.stock(id, 1);
    await sees(a, id);
    expectStatus(await claim(a, lead!), 200);
    for (const verb of ['release', 'transfer'])
      expect((await b.api.post(`/api/console/leads/${lead}/${verb}`, { reason: 'other', owner: b.id })).status).toBe(404);
    expect((await a.api.post(`/api/console/leads/${lead}/transfer`, { owner: south.id })).status).toBe(403);
    expect((await a.api.post(`/api/console/leads/${lead}/assign`, { owner: a.id })).status).toBe(403);
    expect((await company.lead(lead!))['owner_id']).toBe(a.id);
  });

  test('of a release and a transfer at the same moment one wins and the other is told', async () => {
    const [a, b] = [await rep(), await rep()];
    const id = await pool({});
    const leads = await company.stock(id, 10);
    await sees(a, id);
    expectStatus(await a.api.post('/api/console/leads/claim', { ids: leads, pool: id }), 200);
    await inLanes(leads, 10, async (lead) => {
      const answers = await Promise.all([release(a, lead), a.api.post<ErrorBody>(`/api/console/leads/${lead}/transfer`, { owner: b.id })]);
      expect(answers.map((answer) => answer.status).sort()[0]).toBe(200);
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    });
    await holdersByEvents(leads);
  });

  test('defect 7: a lead cannot be deleted, so its history stays', async () => {
    const [lead] = await company.capture([someone()]);
    const answer = await company.admin.delete<ErrorBody>(`/api/console/leads/${lead}`);
    expect([answer.status, answer.body.error.details.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    await company.lead(lead!);
  });

  test('a reason is needed to give a lead back, and it must be one of the list', async () => {
    const person = await rep();
    const id = await pool({});
    const [lead] = await company.stock(id, 1);
    await sees(person, id);
    expectStatus(await claim(person, lead!), 200);
    expect((await person.api.post(`/api/console/leads/${lead}/release`, {})).status).toBe(400);
    expect((await release(person, lead!, 'whatever')).status).toBe(400);
    expect((await company.lead(lead!))['owner_id']).toBe(person.id);
  });

  test('defect 4: only the very team, role or person named in the member list has rights, never a look-alike', async () => {
    const person = await rep();
    const id = await company.publish('pools', 'look-alikes', {
      kind: 'claimable',
      members: [
        { type: 'team', ref: 'eas', rights: ['claim'] },
        { type: 'role', ref: 'sale', rights: ['claim'] },
        { type: 'member', ref: Number(`${person.id}0`), rights: ['claim'] },
      ],
    });
    const [lead] = await company.stock(id, 1);
    expect((await claim(person, lead!, id)).status).toBe(404);
  });

  test('defect 8: a lead lies in one pool at most, and moving it leaves the pool it came from', async () => {
    const [one, two] = [await pool({}), await pool({})];
    const [lead] = await company.stock(one, 1);
    expectStatus(await company.admin.post(`/api/console/leads/${lead}/recycle`, { pool: two }), 200);
    const row = await company.lead(lead!);
    expect([row['pool_id'], row['home_pool_id'], row['owner_id']]).toEqual([two, two, null]);
    const listed = await company.admin.get<{ id: number }[]>(
      `/api/console/leads?filter=${encodeURIComponent(JSON.stringify({ pool: one }))}`,
    );
    expect(listed.body).toEqual([]);
  });
});
