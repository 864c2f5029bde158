import { expectStatus, poolBody, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';
import { at, codeOf } from './pools-support';

interface Copy {
  readonly id: number;
  readonly state: string;
  readonly pool: number;
  readonly member: number;
  readonly likeness: number;
  readonly grounds: readonly string[];
  readonly counted: boolean;
  readonly reason: string | null;
  readonly undoableUntil: string | null;
  readonly followUps: number;
  readonly lead: { readonly id: number; readonly name: string | null; readonly company: string | null };
  readonly original: { readonly id: number; readonly name: string | null };
}
interface Decided {
  readonly id: number;
  readonly state: string;
  readonly conflicts?: readonly string[];
}

let company: Company;
let boss: Person;
let pool: number;
let made = 0;

const rep = (): Promise<Person> => company.person(`typist-${(made += 1)}`, { roles: ['sales'], team: company.teams.east });
const newPool = (more: Record<string, unknown> = {}): Promise<number> =>
  company.publish(
    'pools',
    `copies-${(made += 1)}`,
    poolBody('east', {
      members: [
        { type: 'team', ref: 'east', rights: ['claim'] },
        { type: 'member', ref: boss.id, rights: ['manage'] },
      ],
      limits: [{ kind: 'claims', per: 'month', max: 3 }],
      ...more,
    }),
  );

/** A lead of a firm of its own lying in the pool, and somebody who types it in again under other contact data; given to him as routing might. */
async function typed(
  values: Record<string, unknown> = {},
  { from = pool, given = true }: { from?: number; given?: boolean } = {},
): Promise<{ who: Person; original: number; copy: number }> {
  made += 1;
  const firm = `长风精密${'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥'[made % 22]}${made}有限公司`;
  const [original] = await company.stock(from, 1, () => ({ name: '赵敏芝', company: firm }));
  const who = await rep();
  const lead = expectStatus(
    await who.api.post<{ id: number }>('/api/console/leads', {
      name: '赵敏芝',
      company: firm,
      email: `other${made}@else.example`,
      ...values,
    }),
    200,
  );
  if (given) expectStatus(await company.admin.post(`/api/console/leads/${lead.id}/assign`, { owner: who.id }), 200);
  return { who, original: original!, copy: lead.id };
}
const copyOf = async (lead: number): Promise<Copy | undefined> =>
  expectStatus(await boss.api.get<{ copies: Copy[] }>('/api/console/pools/copies?limit=200'), 200).copies.find(
    (one) => one.lead.id === lead,
  );
const decide = (id: number, verdict: 'confirm' | 'dismiss' | 'undo', body: Record<string, unknown> = {}, who: Pick<Person, 'api'> = boss) =>
  who.api.post<Decided & ErrorBody>(`/api/console/pools/copies/${id}/${verdict}`, body);
const claimsOf = ({ id }: Person) => company.db('crm_ledger').where({ member_id: id, cause: 'claim' }).whereNull('given_back_at');
const events = async (lead: number, type: string) => (await company.events(type)).filter((event) => event.subject_id === lead);
const notices = async ({ id }: Pick<Person, 'id'>) =>
  (
    await company
      .db<{ title: { en: string } }>('crm_notifications')
      .where({ member_id: id, type: 'pool.copy' } as never)
      .orderBy('id')
  ).map(({ title }) => title.en);

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T09:00:00'));
  boss = await company.person('boss', { roles: ['pool-admin'], team: company.teams.east });
  pool = await newPool({ isDefault: true });
}, 300_000);
afterAll(() => company?.server.close());

describe('a lead typed in that looks like one lying in a pool', () => {
  test('is suspected: told to the person and to the pool, with both leads side by side, and nothing is withheld', async () => {
    const { who, original, copy } = await typed();
    const found = await copyOf(copy);
    expect(found).toMatchObject({
      state: 'suspected',
      pool,
      member: who.id,
      likeness: 1,
      grounds: ['company', 'name'],
      lead: { id: copy, name: '赵敏芝' },
      original: { id: original },
    });
    expect(await company.lead(copy)).toMatchObject({ owner_id: who.id, merged_into: null });
    expect(await claimsOf(who)).toEqual([]);
    expect(await events(copy, 'lead.copy_suspected')).toMatchObject([
      { actor_id: who.id, data: { of: original, grounds: ['company', 'name'] } },
    ]);
    expect(await notices(who)).toEqual([expect.stringContaining('looks like a lead in a pool')]);
    expect(await notices(boss)).toContainEqual(expect.stringContaining('entered a lead that looks like one in the pool'));
    const mine = expectStatus(await who.api.get<Record<string, unknown>[]>(`/api/console/leads/${copy}/copies`), 200);
    expect(mine).toMatchObject([{ state: 'suspected' }]);
    // Which lead it is like is for whoever decides.
    expect(Object.keys(mine[0] ?? {}).sort()).toEqual(['at', 'decidedAt', 'grounds', 'poolName', 'reason', 'state']);
  });

  test.each<[string, Record<string, unknown>, string[] | null]>([
    ['the same name written with another character of the same sound', { name: '赵敏之' }, ['company', 'sound']],
    ['the same name in Latin letters', { name: 'Zhao Minzhi' }, ['company', 'sound']],
    ['a colleague at the same company', { name: '孙丽' }, null],
    ['the same name somewhere else', { company: '另一家无关的公司' }, null],
  ])('%s', async (_case, values, grounds) => {
    const { copy } = await typed(values);
    expect((await copyOf(copy))?.grounds ?? null).toEqual(grounds);
  });

  test('a name or company changed afterwards is looked at as well; a lead that came from a pool, and what a form brings, are not', async () => {
    const who = await rep();
    const firm = `转手改名${(made += 1)}有限公司`;
    const [original] = await company.stock(pool, 1, () => ({ name: '钱多多', company: firm }));
    const first = expectStatus(await who.api.post<{ id: number }>('/api/console/leads', { name: '某人', company: `空壳${made}` }), 200);
    expectStatus(await company.admin.post(`/api/console/leads/${first.id}/assign`, { owner: who.id }), 200);
    expect(await copyOf(first.id)).toBeUndefined();
    expectStatus(await who.api.put(`/api/console/leads/${first.id}`, { name: '钱多多', company: firm }), 200);
    expect(await copyOf(first.id)).toMatchObject({ state: 'suspected', original: { id: original } });

    const [claimed] = await company.stock(pool, 1, () => ({ name: '别人', company: firm }));
    expectStatus(await who.api.post(`/api/console/leads/${claimed}/claim`, { pool }), 200);
    expectStatus(await who.api.put(`/api/console/leads/${claimed}`, { name: '钱多多' }), 200);
    expect(await copyOf(claimed!)).toBeUndefined();
    const [byForm] = await company.capture([{ name: '钱多多', company: firm, email: `form${made}@else.example` }]);
    expect(await copyOf(byForm!)).toBeUndefined();
  });

  test('whoever may not claim from that pool gains nothing by it and is not suspected; a pool may switch it off', async () => {
    const marketer = await company.person('marketer', { roles: ['marketing'], team: company.teams.south });
    const firm = `南方市场${(made += 1)}有限公司`;
    await company.stock(pool, 1, () => ({ name: '周杰', company: firm }));
    const byMarketing = expectStatus(await marketer.api.post<{ id: number }>('/api/console/leads', { name: '周杰', company: firm }), 200);
    expect(await copyOf(byMarketing.id)).toBeUndefined();
    const off = await newPool({ fairPlay: { likeness: null } });
    const { copy } = await typed({}, { from: off });
    expect(await copyOf(copy)).toBeUndefined();
  });
});

describe('what the administrator of the pool decides', () => {
  test('confirmed: it is merged into the lead of the pool, which stays there, and counts as a claim of that day', async () => {
    const { who, original, copy } = await typed();
    expectStatus(
      await who.api.post(`/api/console/leads/${copy}/activities`, { kind: 'call', outcome: 'connected', durationSeconds: 60 }),
      200,
    );
    const found = await copyOf(copy);
    expect(found).toMatchObject({ followUps: 1 });
    await company.moveClock(at('2026-03-03T10:00:00'));
    expect(codeOf(await decide(found!.id, 'confirm'))).toBeDefined();
    expectStatus(await decide(found!.id, 'confirm', { reason: 'The same person, by another mail address' }), 200);
    expect(await company.lead(copy)).toMatchObject({ merged_into: original, owner_id: null });
    expect(await company.lead(original)).toMatchObject({ owner_id: null, pool_id: pool, merged_into: null });
    const [claim] = await claimsOf(who);
    expect(claim).toMatchObject({ group_key: `claim:${pool}`, lead_id: copy });
    expect(new Date((claim as { at: Date }).at).toISOString().slice(0, 10)).toBe('2026-03-02');
    const board = expectStatus(await who.api.get<{ id: number; limits: unknown[] }[]>('/api/console/pools/board'), 200);
    expect(board.find(({ id }) => id === pool)?.limits).toMatchObject([{ key: 'month', used: 1, limit: 3 }]);
    expect(await events(copy, 'lead.copy_confirmed')).toMatchObject([
      { actor_id: boss.id, data: { how: 'merge', counted: true, reason: 'The same person, by another mail address', of: original } },
    ]);
    expect((await notices(who)).at(-1)).toContain('merged into it, and counts as a claim');
    const calls = await company.db('crm_activities').where({ lead_id: original, kind: 'call' });
    expect(calls).toHaveLength(1);
    expect(await copyOf(copy)).toMatchObject({ state: 'confirmed', counted: true, undoableUntil: expect.any(String) as string });
    expect(codeOf(await decide(found!.id, 'dismiss', { reason: 'again' }))).toBe('COPY_DECIDED');
  });

  test('taken back instead of merged: it lies in the pool, its former owner waits as after any loss, and undo gives it back as it was held', async () => {
    const own = await newPool({ cooling: { after: 'P30D' } });
    const { who, original, copy } = await typed({}, { from: own });
    const before = await company.lead(copy);
    const { id } = (await copyOf(copy))!;
    await company.moveClock(at('2026-03-04T10:00:00'));
    expectStatus(await decide(id, 'confirm', { how: 'take-back', reason: 'Two contacts of one buyer' }), 200);
    expect(await company.lead(copy)).toMatchObject({ owner_id: null, pool_id: own, merged_into: null });
    expect(await company.lead(original)).toMatchObject({ pool_id: own });
    expect(await claimsOf(who)).toHaveLength(1);
    expect(codeOf(await who.api.post<ErrorBody>(`/api/console/leads/${copy}/claim`, { pool: own }))).toBe('COOLING');

    await company.moveClock(at('2026-03-05T10:00:00'));
    expectStatus(await decide(id, 'undo'), 200);
    expect(await company.lead(copy)).toMatchObject({ owner_id: who.id, pool_id: null, held_since: before['held_since'] });
    expect(await claimsOf(who)).toEqual([]);
    expect(await copyOf(copy)).toMatchObject({ state: 'suspected', counted: false, reason: null });
  });

  test('a merge is undone for seven days: both leads are as before, the claim is given back', async () => {
    const { who, original, copy } = await typed();
    const held = (await company.lead(copy))['held_since'];
    const { id } = (await copyOf(copy))!;
    expectStatus(await decide(id, 'confirm', { reason: 'Same' }), 200);
    await company.moveClock(at('2026-03-08T10:00:00'));
    expectStatus(await decide(id, 'undo'), 200);
    expect(await company.lead(copy)).toMatchObject({ merged_into: null, owner_id: who.id, held_since: held });
    expect(await company.lead(original)).toMatchObject({ owner_id: null, pool_id: pool });
    expect(await claimsOf(who)).toEqual([]);
    expect(await events(copy, 'lead.copy_undone')).toMatchObject([{ data: { was: 'confirmed' } }]);

    expectStatus(await decide(id, 'confirm', { reason: 'Same after all' }), 200);
    await company.moveClock(at('2026-03-16T10:00:00'));
    expect(codeOf(await decide(id, 'undo'))).toBe('COPY_UNDO_EXPIRED');
    expect(await company.lead(copy)).toMatchObject({ merged_into: original });
  });

  test('somebody else: nothing changes, it is not held against the person, not raised again, and can be reopened', async () => {
    const { who, copy } = await typed();
    const { id } = (await copyOf(copy))!;
    const findings = async () =>
      expectStatus(
        await boss.api.get<{ findings: { leads: number[]; counted: boolean }[] }>(
          `/api/console/pools/fair-play?pattern=pool-duplicate&member=${who.id}`,
        ),
        200,
      ).findings;
    expect(await findings()).toMatchObject([{ counted: true }]);
    expectStatus(await decide(id, 'dismiss', { reason: 'Father and son' }), 200);
    expect(await company.lead(copy)).toMatchObject({ owner_id: who.id, merged_into: null });
    expect(await findings()).toEqual([]);
    expect((await notices(who)).at(-1)).toContain('nothing changes');
    expectStatus(await who.api.put(`/api/console/leads/${copy}`, { title: 'Buyer', name: '赵敏芝 ' }), 200);
    expect(await copyOf(copy)).toMatchObject({ state: 'dismissed', reason: 'Father and son' });
    expectStatus(await decide(id, 'undo'), 200);
    expect(await copyOf(copy)).toMatchObject({ state: 'suspected' });
    expect(await findings()).toHaveLength(1);
  });

  test('a claim that was made is not counted twice, nor one for somebody who never had the lead', async () => {
    const taker = await typed();
    expectStatus(await taker.who.api.post(`/api/console/leads/${taker.original}/claim`, { pool }), 200);
    expectStatus(await decide((await copyOf(taker.copy))!.id, 'confirm', { reason: 'Same' }), 200);
    expect(await claimsOf(taker.who)).toMatchObject([{ lead_id: taker.original }]);
    expect(await company.lead(taker.original)).toMatchObject({ owner_id: taker.who.id });

    const innocent = await typed({}, { given: false });
    const other = await rep();
    expectStatus(await company.admin.post(`/api/console/leads/${innocent.copy}/assign`, { owner: other.id }), 200);
    expectStatus(await decide((await copyOf(innocent.copy))!.id, 'confirm', { reason: 'Same' }), 200);
    expect(await claimsOf(innocent.who)).toEqual([]);
    expect(await claimsOf(other)).toEqual([]);
    expect((await notices(other)).at(-1)).toContain('merged into it');
  });

  test('only who manages the pool sees and decides; a pair merged by somebody else has nothing left to decide', async () => {
    const { who, original, copy } = await typed();
    const { id } = (await copyOf(copy))!;
    const far = await newPool();
    const stranger = await company.person(`keeper-${made}`, { roles: ['sales'], team: company.teams.south });
    for (const person of [who, stranger]) {
      expect((await person.api.get('/api/console/pools/copies')).status).toBe(403);
      expect((await decide(id, 'confirm', { reason: 'Mine' }, person)).status).toBe(404);
    }
    expect(expectStatus(await boss.api.get<{ copies: Copy[] }>(`/api/console/pools/copies?pool=${far}`), 200).copies).toEqual([]);
    expectStatus(await company.admin.post('/api/console/leads/merge', { ids: [copy], into: original }), 200);
    expect(codeOf(await decide(id, 'confirm', { reason: 'Late' }))).toBe('COPY_DECIDED');
    expect(await claimsOf(who)).toEqual([]);
  });
});
