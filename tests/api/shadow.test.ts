import {
  addPerson,
  CALENDAR,
  expectStatus,
  poolBody,
  someone,
  startCompany,
  until,
  type Company,
  type ErrorBody,
  type Person,
} from '../support/fixtures';
import { at, ground, type Ground } from './pools-support';

/** Drafts that run silently: what is done must be what is done without them, and what they would have done must be told. */
let company: Company;
let on: Ground;
let rest: number;

interface Summary {
  readonly possible: boolean;
  readonly reason?: { readonly en: string };
  readonly instead?: string;
  readonly run: { readonly state: string; readonly stale: boolean; readonly failures: number } | null;
  readonly outcomes: readonly { readonly key: string; readonly count: number; readonly differs: boolean }[];
}
interface Cases {
  readonly cases: readonly {
    readonly subjectId: number;
    readonly outcome: string;
    readonly live: Record<string, unknown>;
    readonly silent: Record<string, unknown>;
  }[];
}

const path = (resource: string, id: number, verb: string): string => `/api/console/${resource}/${id}/${verb}`;
const summary = async (resource: string, id: number) => expectStatus(await company.admin.get<Summary>(path(resource, id, 'shadow')), 200);
const counts = async (resource: string, id: number): Promise<Record<string, number>> =>
  Object.fromEntries((await summary(resource, id)).outcomes.flatMap(({ key, count }) => (count > 0 ? [[key, count]] : [])));
const cases = async (resource: string, id: number, outcome?: string, by: Pick<Person, 'api'> = { api: company.admin }) =>
  expectStatus(await by.api.post<Cases>(path(resource, id, 'shadow-cases'), outcome ? { outcome } : {}), 200).cases;
const run = async (resource: string, id: number, draft: unknown, days = 14): Promise<void> => {
  expectStatus(await company.admin.put(`/api/console/${resource}/${id}`, { draft }), 200);
  expectStatus(await company.admin.post(path(resource, id, 'shadow-start'), { days }), 200);
};
const history = (id: number) =>
  company.db('crm_events').where({ subject: 'policy', subject_id: id }).whereLike('type', 'policy.shadow%').orderBy('id').pluck('type');

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock(at('2026-03-02T08:00:00'));
  await company.publish('calendars', 'office', CALENDAR);
  rest = await company.publish('pools', 'rest', poolBody('east'));
  on = ground(company);
}, 300_000);
afterAll(() => company?.server.close());

describe('a routing policy that runs silently', () => {
  const label = { zh: '规则', en: 'The rule' };
  const routing = (to: unknown) => ({
    when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: 'silent' }] },
    rules: [{ key: 'all', label, destination: to }],
    otherwise: { kind: 'pool', key: 'rest' },
  });
  const group = (people: readonly { email: string }[]) => ({
    kind: 'group',
    members: people.map(({ email }) => ({ member: email, weight: 1 })),
  });
  const person = (name: string) => addPerson(company.db, name, { roles: ['sales'], team_id: company.teams.east });
  const capture = (count: number) => company.capture(Array.from({ length: count }, () => someone({ campaign: 'silent' })));
  let policy: number;
  let people: Awaited<ReturnType<typeof person>>[];

  beforeAll(async () => {
    people = await Promise.all(['ann', 'ben', 'cai'].map(person));
    policy = await company.publish('routing-policies', 'silent', routing(group([people[0]!])));
  });

  test('leaves the leads where the live one puts them, and tells where it would have put them, with shares of its own', async () => {
    await run('routing-policies', policy, routing(group([people[1]!, people[2]!])));
    const ids = await capture(10);
    const owners = await company.db('crm_leads').whereIn('id', ids).distinct().pluck('owner_id');
    expect(owners).toEqual([people[0]!.id]);
    expect(await counts('routing-policies', policy)).toEqual({ 'other-person': 10 });
    const told = await cases('routing-policies', policy);
    const to = (member: number): number => told.filter(({ silent }) => silent['owner'] === member).length;
    expect([to(people[1]!.id), to(people[2]!.id)]).toEqual([5, 5]);
    expect(told.every(({ live }) => live['owner'] === people[0]!.id)).toBe(true);
    const received = await company.db('crm_ledger').whereIn('lead_id', ids).whereLike('group_key', 'route:%').distinct().pluck('member_id');
    expect(received).toEqual([people[0]!.id]);
    expect(await company.db('crm_decisions').whereIn('subject_id', ids).where({ kind: 'route' }).count()).toEqual([{ count: '10' }]);
    expect(await company.db('crm_notifications').whereIn('member_id', [people[1]!.id, people[2]!.id]).count()).toEqual([{ count: '0' }]);
  });

  test('is ended by publishing, and what it found stays', async () => {
    expectStatus(await company.admin.post(path('routing-policies', policy, 'publish'), {}), 200);
    expect((await summary('routing-policies', policy)).run).toMatchObject({ state: 'ended' });
    const [id] = await capture(1);
    expect([people[1]!.id, people[2]!.id]).toContain((await company.lead(id!))['owner_id']);
    expect(await counts('routing-policies', policy)).toEqual({ 'other-person': 10 });
  });

  test('says so when it agrees, and when it would have used a pool', async () => {
    await run('routing-policies', policy, routing({ kind: 'pool', key: 'rest' }));
    await capture(2);
    expect(await counts('routing-policies', policy)).toEqual({ pool: 2 });
    expect((await cases('routing-policies', policy, 'pool'))[0]?.silent).toMatchObject({ owner: null, pool: rest });
    expectStatus(await company.admin.post(path('routing-policies', policy, 'shadow-stop'), {}), 200);
    await run('routing-policies', policy, routing(group([people[1]!, people[2]!])));
    await company.db('crm_members').where({ id: people[2]!.id }).update({ active: false });
    const [id] = await capture(1);
    expect((await company.lead(id!))['owner_id']).toBe(people[1]!.id);
    expect(await counts('routing-policies', policy)).toEqual({ same: 1 });
    await company.db('crm_members').where({ id: people[2]!.id }).update({ active: true });
    expectStatus(await company.admin.post(path('routing-policies', policy, 'shadow-stop'), {}), 200);
  });

  test('a draft that changes nothing finds nothing different, however far the shares have come', async () => {
    const same = await Promise.all(['dan', 'eve', 'fay'].map(person));
    const body = {
      ...routing(group(same)),
      when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: 'same' }] },
    };
    const id = await company.publish('routing-policies', 'same', body);
    const come = (count: number) => company.capture(Array.from({ length: count }, () => someone({ campaign: 'same' })));
    await come(4);
    await run('routing-policies', id, body);
    for (let one = 0; one < 5; one += 1) await come(1);
    await come(6);
    expect(await counts('routing-policies', id)).toEqual({ same: 11 });
    expectStatus(await company.admin.post(path('routing-policies', id, 'shadow-stop'), {}), 200);
  });

  test('a draft that cannot decide does not keep a lead out', async () => {
    expectStatus(await company.admin.post(path('routing-policies', policy, 'shadow-start'), { days: 1 }), 200);
    await company.db.raw(`UPDATE crm_policy_shadows SET body = '{"rules": 5}' WHERE state = 'running'`);
    await company.db.raw(`SELECT pg_notify('crm_policies', 'routing-policy')`);
    await company.db('crm_members').where({ id: people[2]!.id }).update({ active: false });
    await until('the silent run has failed on a change', async () => {
      const [id] = await capture(1);
      expect((await company.lead(id!))['owner_id']).toBe(people[1]!.id);
      return ((await summary('routing-policies', policy)).run?.failures ?? 0) > 0;
    });
    expect(await counts('routing-policies', policy)).toEqual({});
    expectStatus(await company.admin.post(path('routing-policies', policy, 'shadow-stop'), {}), 200);
  });
});

describe('who may', () => {
  test('a second run, a draft with errors, a stop without a run and a kind that cannot are refused with what to do', async () => {
    const id = await company.publish('routing-policies', 'refusals', {
      rules: [],
      otherwise: { kind: 'pool', key: 'rest' },
      when: { combinator: 'and', rules: [{ field: 'lead.campaign', operator: '=', value: 'nobody' }] },
    });
    const code = async (verb: string, body: unknown = {}, resource = 'routing-policies', of = id) =>
      (await company.admin.post<ErrorBody>(path(resource, of, verb), body)).body.error.details.code;
    expect(await code('shadow-stop')).toBe('SHADOW_NONE');
    expect(await code('shadow-start', { days: 0 })).toBe('VALIDATION');
    expectStatus(await company.admin.post(path('routing-policies', id, 'shadow-start'), {}), 200);
    expect(await code('shadow-start')).toBe('SHADOW_RUNNING');
    expectStatus(
      await company.admin.put(`/api/console/routing-policies/${id}`, { draft: { rules: [], otherwise: { kind: 'pool', key: 'gone' } } }),
      200,
    );
    expect((await summary('routing-policies', id)).run).toMatchObject({ state: 'running', stale: true });
    expectStatus(await company.admin.post(path('routing-policies', id, 'shadow-stop'), {}), 200);
    expect(await code('shadow-start')).toBe('POLICY_LINT');
    expect(await history(id)).toEqual(['policy.shadow_started', 'policy.shadow_ended']);
    const calendars = expectStatus(await company.admin.get<{ id: number }[]>('/api/console/calendars'), 200);
    expect(await code('shadow-start', {}, 'calendars', calendars[0]!.id)).toBe('SHADOW_UNFIT');
  });

  test('every kind either runs silently or says why not and what to use', async () => {
    for (const resource of [
      'pools',
      'routing-policies',
      'sla-contracts',
      'calendars',
      'lifecycles',
      'account-matching',
      'grading-models',
    ]) {
      const [first] = expectStatus(await company.admin.get<{ id: number }[]>(`/api/console/${resource}`), 200);
      if (!first) continue;
      const told = await summary(resource, first.id);
      expect([resource, told.possible || ((told.reason?.en.length ?? 0) > 40 && told.instead !== undefined)]).toEqual([resource, true]);
    }
  });

  test('who may not publish cannot run one, and who may not read a lead is not told of it', async () => {
    const seller = await company.person('silent-seller', { roles: ['sales'], team: company.teams.south });
    const [policy] = expectStatus(await company.admin.get<{ id: number }[]>('/api/console/routing-policies?filter={"key":"silent"}'), 200);
    expect((await seller.api.post(path('routing-policies', policy!.id, 'shadow-start'), {})).status).toBeGreaterThanOrEqual(403);
    await company
      .db('crm_roles')
      .where({ key: 'sales' })
      .update({ resources: company.db.raw(`jsonb_set(resources::jsonb, '{routing-policies}', '{"read": ["all"]}')`) });
    await company.db.raw(`SELECT pg_notify('crm_roles', '')`);
    await company.moveClock(at('2026-03-02T08:30:00'));
    const allowed = await seller.api.post<Cases>(path('routing-policies', policy!.id, 'shadow-cases'), {});
    if (allowed.status === 200) expect(allowed.body.cases).toEqual([]);
    else expect(allowed.status).toBeGreaterThanOrEqual(403);
  });
});

describe('recycle rules that run silently', () => {
  const rule = (after: string) => ({ key: 'idle', label: { zh: '闲置', en: 'Idle' }, since: 'follow-up', after });
  const body = (after: string | null) => ({
    calendar: 'office',
    graceAfterPublish: 'P0BD',
    recycle: { rules: after === null ? [] : [rule(after)] },
  });

  test('tell which leads they would have taken back, and none of them moves', async () => {
    await company.moveClock(at('2026-03-03T10:00:00'));
    const id = await on.pool(body('P10BD'));
    const owner = await on.rep();
    const [lead] = await company.stock(id, 1);
    expectStatus(await owner.api.post(`/api/console/leads/${lead}/claim`, {}), 200);
    const { draft } = expectStatus(await company.admin.get<{ draft: Record<string, unknown> }>(`/api/console/pools/${id}`), 200);
    await run('pools', id, { ...draft, ...body('P2BD') }, 30);
    await company.moveClock(at('2026-03-05T09:30:00'));
    expect(await counts('pools', id)).toEqual({ pending: 1 });
    await company.moveClock(at('2026-03-05T12:00:00'));
    expect(await counts('pools', id)).toEqual({ 'only-draft': 1 });
    expect((await company.lead(lead!))['owner_id']).toBe(owner.id);
    const [found] = await cases('pools', id, 'only-draft');
    expect(found).toMatchObject({ subjectId: lead, silent: { owner: owner.id } });
    // The live rule takes it back a week later; the silent one is told to have been earlier.
    await company.moveClock(at('2026-03-17T11:00:00'));
    expect((await company.lead(lead!))['owner_id']).toBeNull();
    await company.moveClock(at('2026-03-17T13:00:00'));
    expect(await counts('pools', id)).toEqual({ earlier: 1 });
    await company.moveClock(at('2026-04-03T11:00:00'));
    expect((await summary('pools', id)).run).toMatchObject({ state: 'ended' });
    expect(await history(id)).toEqual(['policy.shadow_started', 'policy.shadow_ended']);
    const told = await company.db('crm_notifications').where({ type: 'policy.shadow-ended', subject_id: id }).pluck('link');
    expect(told).toEqual([`/setup/open/pools/${id}`]);
  });
});

describe('a contract that runs silently', () => {
  const contract = (duration: string) => ({
    title: { zh: '静默', en: 'Silent' },
    text: null,
    calendar: 'office',
    signing: 'none',
    metrics: [
      {
        key: 'first',
        label: { zh: '首次响应', en: 'First response' },
        obligor: 'sales',
        start: {
          combinator: 'and',
          rules: [
            { field: 'lead.owner', operator: 'notNull' },
            { field: 'lead.campaign', operator: '=', value: 'sla' },
          ],
        },
        stop: { activities: { kinds: ['call'], outcomes: ['connected'], direction: 'outbound', authors: 'owner' } },
        cycleMode: 'first_only',
        clockOwner: 'owner',
        targets: [{ duration }],
      },
    ],
  });

  test('keeps clocks of its own that ring for nobody, and tells which promises would have been missed', async () => {
    await company.moveClock(at('2026-04-08T10:00:00'));
    const id = await company.publish('sla-contracts', 'silent', contract('PT4H'));
    await run('sla-contracts', id, contract('PT30M'));
    const owner = await on.rep();
    const pool = await on.pool({ calendar: 'office' });
    const leads = await company.stock(pool, 2, () => ({ campaign: 'sla' }));
    for (const lead of leads) expectStatus(await owner.api.post(`/api/console/leads/${lead}/claim`, {}), 200);
    expectStatus(
      await owner.api.post(`/api/console/leads/${leads[0]}/activities`, { kind: 'call', outcome: 'connected', direction: 'outbound' }),
      200,
    );
    await company.moveClock(at('2026-04-08T11:00:00'));
    const clocks = await company
      .db('crm_sla_clocks')
      .whereIn('lead_id', leads)
      .where({ metric: 'first' })
      .orderBy('lead_id')
      .pluck('state');
    expect(clocks).toEqual(['met', 'running']);
    // Each promise of an owner has the clock of the lead beside it.
    expect(await counts('sla-contracts', id)).toEqual({ same: 2, 'missed-draft': 2 });
    expect((await cases('sla-contracts', id, 'missed-draft')).map(({ subjectId }) => subjectId)).toEqual([leads[1], leads[1]]);
    expect(await company.db('crm_notifications').where({ member_id: owner.id }).whereLike('type', 'sla.%').count()).toEqual([
      { count: '0' },
    ]);
  });
});
