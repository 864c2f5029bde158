import { spawnSync } from 'node:child_process';
import { CALENDAR, expectStatus, poolBody, startCompany, until, type Company, type Person } from '../support/fixtures';

let company: Company;
let asker: Person;
let second: Person;
let rep: Person;

interface Row {
  readonly id: number;
  readonly area: string;
  readonly action: string;
  readonly state: string;
  readonly mayDecide: boolean;
  readonly isMine: boolean;
  readonly before: unknown;
  readonly payload: Record<string, unknown>;
}
interface Policy {
  readonly id: number;
  readonly state: string;
  readonly version: number | null;
  readonly position: number;
  readonly draft: Record<string, unknown>;
  readonly published: Record<string, unknown> | null;
  readonly pendingReview: { id: number; by: number } | null;
}

const code = (answer: { body: unknown }): string => (answer.body as { error: { details: { code: string } } }).error.details.code;
const reviews = async (person: Person): Promise<Row[]> => expectStatus(await person.api.get<Row[]>('/api/console/reviews'), 200);
const openOf = async (person: Person): Promise<Row> => {
  const row = (await reviews(person)).find(({ state }) => state === 'open');
  if (!row) throw new Error('Nothing waits.');
  return row;
};
const policy = async (id: number): Promise<Policy> => expectStatus(await asker.api.get<Policy>(`/api/console/pools/${id}`), 200);
const decide = (person: Person, id: number, decision: string, comment?: string) =>
  person.api.post(`/api/console/reviews/${id}/${decision}`, comment ? { comment } : {});
const setAreas = (areas: readonly string[]) =>
  asker.api.put<{ areas: string[]; pendingReview: number | null }>('/api/console/four-eyes', { areas });

beforeAll(async () => {
  company = await startCompany();
  asker = await company.person('asker', { roles: ['crm-admin'] });
  second = await company.person('second', { roles: ['pool-admin'] });
  rep = await company.person('rep', { roles: ['sales'] });
}, 300_000);
afterAll(async () => company?.server.close());

const newPool = async (key: string): Promise<number> =>
  expectStatus(await asker.api.post<{ id: number }>('/api/console/pools', { key, name: key, draft: poolBody('east') }), 200).id;

test('without four eyes a draft goes live at once', async () => {
  const id = await newPool('at-once');
  const answer = expectStatus(await asker.api.post<Record<string, unknown>>(`/api/console/pools/${id}/publish`, { note: 'first' }), 200);
  expect(answer).toMatchObject({ id, version: 1 });
});

test('an area that only one person may agree to is not put under four eyes', async () => {
  await company.db('crm_members').whereNot({ id: asker.id }).andWhere('id', '<>', second.id).update({ active: false });
  const answer = await setAreas(['grading-model']);
  expect(answer.status).toBe(409);
  expect(code(answer)).toBe('REVIEW_ALONE');
  await company.db('crm_members').update({ active: true });
});

describe('pools under four eyes', () => {
  let id = 0;
  beforeAll(async () => {
    id = await newPool('guarded');
    expect(expectStatus(await setAreas(['pool']), 200).areas).toEqual(['pool']);
  });

  test('publishing asks instead: nothing is live, the second person is told, the one who asked cannot agree himself', async () => {
    const answer = expectStatus(await asker.api.post<Record<string, unknown>>(`/api/console/pools/${id}/publish`, { note: 'please' }), 200);
    expect(answer['pendingReview']).toEqual(expect.any(Number));
    expect(answer['version']).toBeUndefined();
    expect(await policy(id)).toMatchObject({ state: 'draft', version: null, pendingReview: { by: asker.id } });
    const asked = await openOf(second);
    expect(asked).toMatchObject({ area: 'pool', action: 'policy.publish', mayDecide: true, isMine: false, before: null });
    const told = await company.db('crm_notifications').where({ type: 'review.asked' });
    expect(told.map((row: { member_id: number }) => row.member_id)).toContain(second.id);
    expect(told.map((row: { member_id: number }) => row.member_id)).not.toContain(asker.id);
    const own = await decide(asker, asked.id, 'approve');
    expect([own.status, code(own)]).toEqual([403, 'REVIEW_OWN']);
    expect(await policy(id)).toMatchObject({ state: 'draft' });
  });

  test('who may not publish pools neither sees the request nor decides it', async () => {
    const asked = await openOf(second);
    expect(await reviews(rep)).toEqual([]);
    expect((await decide(rep, asked.id, 'approve')).status).toBe(403);
    expect((await decide(rep, asked.id, 'withdraw')).status).toBe(403);
  });

  test('what was asked for goes live, not what the draft has become since; both names stand in the history', async () => {
    const asked = await openOf(second);
    expectStatus(await asker.api.put(`/api/console/pools/${id}`, { draft: poolBody('south') }), 200);
    expectStatus(await decide(second, asked.id, 'approve', 'fine'), 200);
    const now = await policy(id);
    expect(now).toMatchObject({ state: 'live', version: 1, pendingReview: null });
    expect(now.published?.['members']).toEqual([expect.objectContaining({ ref: 'east' })]);
    expect(now.draft['members']).toEqual([expect.objectContaining({ ref: 'south' })]);
    const [version] = expectStatus(await asker.api.get<Record<string, unknown>[]>(`/api/console/pools/${id}/history`), 200);
    expect(version).toMatchObject({ requestedBy: 'asker', publishedBy: 'second', note: 'please' });
    const types = await company.db('crm_events').where({ subject: 'policy', subject_id: id }).orderBy('id').pluck('type');
    expect(types).toEqual(['policy.drafted', 'review.asked', 'policy.drafted', 'review.approved', 'policy.published']);
    const again = await decide(second, asked.id, 'approve');
    expect([again.status, code(again)]).toEqual([409, 'REVIEW_CLOSED']);
  });

  test('asked for anew, the request is another one: nobody agrees to what he has not seen', async () => {
    expectStatus(await asker.api.post(`/api/console/pools/${id}/publish`, { note: 'first' }), 200);
    const seen = await openOf(second);
    expectStatus(await asker.api.put(`/api/console/pools/${id}`, { draft: poolBody('west') }), 200);
    expectStatus(await asker.api.post(`/api/console/pools/${id}/publish`, { note: 'second' }), 200);
    const late = await decide(second, seen.id, 'approve');
    expect([late.status, code(late)]).toEqual([409, 'REVIEW_CLOSED']);
    const open = await openOf(second);
    expect(open.id).not.toBe(seen.id);
    expect((await reviews(second)).find((row) => row.id === seen.id)).toMatchObject({ state: 'withdrawn' });
    expect(await policy(id)).toMatchObject({ version: 1, pendingReview: { id: open.id } });
    expectStatus(await decide(asker, open.id, 'withdraw'), 200);
    expectStatus(await asker.api.put(`/api/console/pools/${id}`, { draft: poolBody('south') }), 200);
  });

  test('a request sent back changes nothing, and says why to who asked', async () => {
    expectStatus(await asker.api.post(`/api/console/pools/${id}/publish`, { note: 'south too' }), 200);
    expectStatus(await decide(second, (await openOf(second)).id, 'reject', 'not before Monday'), 200);
    expect(await policy(id)).toMatchObject({ version: 1, pendingReview: null });
    expect((await reviews(asker))[0]).toMatchObject({ state: 'rejected', comment: 'not before Monday', isMine: true });
  });

  test('revert, retirement and a new place in the order wait too, and can be taken back', async () => {
    const [version] = expectStatus(await asker.api.get<{ id: number }[]>(`/api/console/pools/${id}/history`), 200);
    const reverted = expectStatus(await asker.api.post(`/api/console/pools/${id}/revert`, { version: version?.id }), 200);
    expect(reverted).toHaveProperty('pendingReview');
    expectStatus(await decide(asker, (await openOf(asker)).id, 'withdraw'), 200);
    expectStatus(await asker.api.put(`/api/console/pools/${id}`, { position: 9 }), 200);
    expect(await policy(id)).toMatchObject({ position: 0, version: 1 });
    expectStatus(await decide(second, (await openOf(second)).id, 'approve'), 200);
    expect(await policy(id)).toMatchObject({ position: 9 });
    expectStatus(await asker.api.delete(`/api/console/pools/${id}`), 200);
    expect(await policy(id)).toMatchObject({ state: 'live' });
    expectStatus(await decide(second, (await openOf(second)).id, 'approve'), 200);
    expect(await policy(id)).toMatchObject({ state: 'retired' });
  });

  test('a request made before something else went live is stale', async () => {
    const other = await newPool('raced');
    expectStatus(await asker.api.post(`/api/console/pools/${other}/publish`, {}), 200);
    const first = await openOf(second);
    await company
      .db('crm_reviews')
      .where({ id: first.id })
      .update({ base: JSON.stringify({ version: 999_999 }) });
    const answer = await decide(second, first.id, 'approve');
    expect([answer.status, code(answer)]).toEqual([409, 'REVIEW_STALE']);
    expect(await policy(other)).toMatchObject({ state: 'draft' });
    expectStatus(await decide(second, first.id, 'reject'), 200);
  });

  test('a draft with an error is refused before anybody is asked', async () => {
    const broken = await newPool('broken');
    await company
      .db('crm_policies')
      .where({ id: broken })
      .update({ draft: JSON.stringify({ kind: 'no such kind' }) });
    expect((await asker.api.post(`/api/console/pools/${broken}/publish`, {})).status).toBe(400);
    expect((await reviews(second)).filter(({ state }) => state === 'open')).toEqual([]);
  });

  test('configuration text is no way around it', async () => {
    const bundle = expectStatus(
      await asker.api.get<{ pools: { key: string; body: Record<string, unknown> }[] }>('/api/console/config?format=json'),
      200,
    );
    const atOnce = bundle.pools.find(({ key }) => key === 'at-once')!;
    const changed = { leadsea: 1, pools: [{ ...atOnce, body: { ...atOnce.body, ...poolBody('south') } }] };
    const planned = expectStatus(await asker.api.post<{ changes: unknown[] }>('/api/console/config/plan', { bundle: changed }), 200);
    expect(planned.changes).toHaveLength(1);
    const team = { key: 'by-text', name: 'By text' };
    const answer = expectStatus(await asker.api.post('/api/console/config/apply', { bundle: { ...changed, teams: [team] } }), 200);
    // What is guarded is asked for, and told to be; what is not is done.
    expect(answer).toEqual({
      applied: [{ section: 'teams', key: 'by-text', action: 'create' }],
      asked: [{ section: 'pools', key: 'at-once', action: 'update' }],
      failed: null,
    });
    const [told] = await company.db('crm_events').where({ type: 'config.applied' }).orderBy('id', 'desc').limit(1).pluck('data');
    expect(told).toMatchObject({ asked: [{ key: 'at-once' }] });
    const row = await company.db('crm_policies').where({ kind: 'pool', key: 'at-once' }).first();
    expect(row).toMatchObject({ published_number: 1 });
    expectStatus(await decide(second, (await openOf(second)).id, 'reject'), 200);
  });

  test('what the same person asks for elsewhere at that moment is not taken for a part of the text', async () => {
    const guarded = await newPool('meanwhile');
    const teams = Array.from({ length: 40 }, (_, index) => ({ key: `meanwhile-${index}`, name: `Meanwhile ${index}` }));
    const applying = asker.api.post<{ applied: unknown[]; asked: unknown[] }>('/api/console/config/apply', {
      bundle: { leadsea: 1, teams },
    });
    let isOver = false;
    const watched = applying.finally(() => (isOver = true));
    let requests = 0;
    while (!isOver || requests === 0) {
      expectStatus(await asker.api.post(`/api/console/pools/${guarded}/publish`, {}), 200);
      requests += 1;
    }
    const answer = expectStatus(await watched, 200);
    expect(answer.asked).toEqual([]);
    expect(answer.applied).toHaveLength(teams.length);
    expectStatus(await decide(second, (await openOf(second)).id, 'reject'), 200);
  });

  test('a text that only moves a policy, and one that takes it out of use, are told as asked for', async () => {
    const change = async (bundle: Record<string, unknown>, prune = false) =>
      expectStatus(
        await asker.api.post<{ applied: unknown[]; asked: { key: string; action: string }[] }>('/api/console/config/apply', {
          bundle: { leadsea: 1, ...bundle },
          prune,
        }),
        200,
      );
    const { pools } = expectStatus(
      await asker.api.get<{ pools: { key: string; position: number }[] }>('/api/console/config?format=json'),
      200,
    );
    const atOnce = pools.find(({ key }) => key === 'at-once')!;
    const moved = await change({ pools: [{ ...atOnce, position: atOnce.position + 5 }] });
    expect(moved).toMatchObject({ applied: [], asked: [{ section: 'pools', key: 'at-once', action: 'update' }] });
    expectStatus(await decide(second, (await openOf(second)).id, 'reject'), 200);
    const rest = pools.filter(({ key }) => key !== 'at-once' && key !== 'broken');
    const removed = await change({ pools: rest }, true);
    expect(removed.asked).toContainEqual({ section: 'pools', key: 'at-once', action: 'remove' });
    expect(await company.db('crm_policies').where({ kind: 'pool', key: 'at-once' }).first()).toMatchObject({ state: 'live', position: 0 });
    expectStatus(await decide(second, (await openOf(second)).id, 'reject'), 200);
  });
});

describe('permissions under four eyes', () => {
  let admin: Person;
  beforeAll(async () => {
    admin = await company.person('admin-two', { roles: ['crm-admin'] });
    await until('both are known', async () => (await setAreas(['pool', 'roles'])).status === 200);
  });

  test('a role keeps what it says until a second person agrees; its label changes at once', async () => {
    const role = await company.db('crm_roles').where({ key: 'sales' }).first();
    const resources = { ...role.resources, leads: { ...role.resources.leads, export: ['all'] } };
    expectStatus(await asker.api.put(`/api/console/roles/${role.id}`, { label: { zh: '销售员', en: 'Rep' }, resources }), 200);
    const between = await company.db('crm_roles').where({ key: 'sales' }).first();
    expect(between.label).toEqual({ zh: '销售员', en: 'Rep' });
    expect(between.resources).toEqual(role.resources);
    const asked = await openOf(admin);
    expect(asked).toMatchObject({ area: 'roles', action: 'role.update', before: { resources: role.resources } });
    expectStatus(await decide(admin, asked.id, 'approve'), 200);
    expect((await company.db('crm_roles').where({ key: 'sales' }).first()).resources).toEqual(resources);
    const me = expectStatus(await rep.api.get<{ rules: { action: string; subject: string }[] }>('/api/console/me'), 200);
    expect(me.rules).toContainEqual({ action: 'export', subject: 'leads' });
  });

  test('a role in configuration text waits as well, and the text says so', async () => {
    const { roles } = expectStatus(
      await asker.api.get<{ roles: { key: string; resources: Record<string, unknown> }[] }>('/api/console/config?format=json'),
      200,
    );
    const sales = roles.find(({ key }) => key === 'sales')!;
    const bundle = { leadsea: 1, roles: [{ ...sales, resources: { ...sales.resources, campaigns: {} } }] };
    const answer = expectStatus(await asker.api.post('/api/console/config/apply', { bundle }), 200);
    expect(answer).toMatchObject({ applied: [], asked: [{ section: 'roles', key: 'sales', action: 'update' }], failed: null });
    expect((await company.db('crm_roles').where({ key: 'sales' }).first()).resources).toEqual(sales.resources);
    expectStatus(await decide(admin, (await openOf(admin)).id, 'reject'), 200);
  });

  test('nobody gives himself or others a role alone', async () => {
    expectStatus(await asker.api.put(`/api/console/members/${rep.id}`, { roles: ['sales', 'crm-admin'], capacity: 7 }), 200);
    const row = await company.db('crm_members').where({ id: rep.id }).first();
    expect([row.roles, row.capacity]).toEqual([['sales'], 7]);
    expectStatus(await decide(admin, (await openOf(admin)).id, 'reject'), 200);
    const made = expectStatus(
      await asker.api.post<{ id: number }>('/api/console/members', {
        name: 'New',
        email: 'new@firm.example',
        password: 'a long password',
        roles: ['crm-admin'],
      }),
      200,
    );
    expect((await company.db('crm_members').where({ id: made.id }).first()).roles).toEqual([]);
    expectStatus(await decide(admin, (await openOf(admin)).id, 'approve'), 200);
    expect((await company.db('crm_members').where({ id: made.id }).first()).roles).toEqual(['crm-admin']);
  });

  test('switching it off needs a second person as well', async () => {
    const answer = expectStatus(await setAreas(['roles']), 200);
    expect(answer).toEqual({ areas: ['pool', 'roles'], pendingReview: expect.any(Number) });
    expectStatus(await decide(admin, answer.pendingReview!, 'approve'), 200);
    const areas = expectStatus(await asker.api.get<{ area: string; isOn: boolean }[]>('/api/console/four-eyes'), 200);
    expect(areas.filter(({ isOn }) => isOn).map(({ area }) => area)).toEqual(['roles']);
  });
});

describe('the linter over everything', () => {
  interface Found {
    readonly level: string;
    readonly code: string;
    readonly resource: string;
    readonly id: number | null;
    readonly version?: string;
  }
  const run = async (person: Person): Promise<Found[]> =>
    expectStatus(await person.api.get<{ findings: Found[] }>('/api/console/lint'), 200).findings;

  test('a live policy is checked as it stands: what it rests on went away after it was published', async () => {
    const pool = await company.db('crm_policies').where({ kind: 'pool', key: 'at-once' }).first();
    const calendar = expectStatus(
      await asker.api.post<{ id: number }>('/api/console/calendars', {
        key: 'gone-soon',
        name: 'Gone soon',
        draft: { ...CALENDAR, key: 'gone-soon' },
      }),
      200,
    );
    expectStatus(await asker.api.post(`/api/console/calendars/${calendar.id}/publish`, {}), 200);
    expectStatus(await asker.api.put(`/api/console/pools/${pool.id}`, { draft: poolBody('east', { calendar: 'gone-soon' }) }), 200);
    expectStatus(await asker.api.post(`/api/console/pools/${pool.id}/publish`, {}), 200);
    const about = async (): Promise<Found[]> => (await run(asker)).filter(({ resource, id }) => resource === 'pools' && id === pool.id);
    expect((await about()).filter(({ level }) => level === 'error')).toEqual([]);
    expectStatus(await asker.api.delete(`/api/console/calendars/${calendar.id}`), 200);
    expect(await about()).toContainEqual(expect.objectContaining({ level: 'error', version: 'live' }));
  });

  test('people without roles and roles that are gone are named; errors come first', async () => {
    await company.person('lost', { roles: ['no-such-role'] });
    const found = await run(asker);
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['MEMBER_ROLE_UNKNOWN', 'MEMBER_WITHOUT_ROLE']));
    const levels = found.map(({ level }) => level);
    expect(levels).toEqual([...levels].sort());
  });

  test('nobody is told of what he may not read', async () => {
    expect(
      [...new Set((await run(second)).map(({ resource }) => resource))].filter((name) =>
        ['roles', 'fields', 'sla-contracts'].includes(name),
      ),
    ).toEqual([]);
    expect((await run(rep)).filter(({ resource }) => resource === 'roles')).toEqual([]);
  });

  test('the command says the same, and with --check ends with 2 where there are errors', async () => {
    const ran = spawnSync(process.execPath, ['scripts/config.mjs', 'lint', '--url', company.server.url, '--json', '--check'], {
      encoding: 'utf8',
      env: { ...process.env, LEADSEA_TOKEN: asker.api.token ?? '' },
    });
    expect(ran.status).toBe(2);
    const answer = JSON.parse(ran.stdout) as { findings: Found[]; errors: number };
    expect(answer.findings).toEqual(await run(asker));
    expect(answer.errors).toBeGreaterThan(0);
  });
});
