import { api } from '../support/api';
import { CALENDAR, expectStatus, poolBody, someone, startCompany, type Company, type ErrorBody, type Person } from '../support/fixtures';

let company: Company;
let rep: Person;
let marketer: Person;

interface Consents {
  readonly now: Record<string, string>;
  readonly history: readonly {
    channel: string;
    state: string;
    basis: string;
    text: string | null;
    textHash: string | null;
    source: string | null;
  }[];
}
const consentsOf = async (id: number): Promise<Consents> =>
  expectStatus(await company.admin.get<Consents>(`/api/console/leads/${id}/consents`), 200);
const say = (id: number, body: Record<string, unknown>) => company.admin.post(`/api/console/leads/${id}/consent`, body);
const codeOf = (answer: { body: unknown }): string => (answer.body as ErrorBody).error?.details.code;
const captureOne = async (more: Record<string, unknown>): Promise<number> => (await company.capture([someone(more)]))[0]!;

beforeAll(async () => {
  company = await startCompany();
  await company.moveClock('2026-03-02T04:00:00Z');
  await company.publish('calendars', 'office', CALENDAR);
  await company.publish('pools', 'open', poolBody('east', { isDefault: true }));
  rep = await company.person('rep', { roles: ['sales'], team: company.teams.east });
  marketer = await company.person('marketer', { roles: ['marketing'] });
}, 300_000);
afterAll(() => company?.server.close());

describe('what people allow', () => {
  test('a form that was ticked is kept per channel with its words, source and time; one that says nothing leaves nothing', async () => {
    const id = await captureOne({
      consent: {
        granted: true,
        text: 'You may contact me',
        channels: [
          { key: 'email', granted: true },
          { key: 'phone', granted: false, text: 'No calls' },
        ],
      },
    });
    const { now, history } = await consentsOf(id);
    expect(now).toEqual({ call: 'withdrawn', mail: 'granted', message: 'unknown' });
    expect(history).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          channel: 'mail',
          text: 'You may contact me',
          source: 'web',
          textHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        }),
        expect.objectContaining({ channel: 'call', text: 'No calls' }),
      ]),
    );
    expect((await consentsOf(await captureOne({}))).history).toEqual([]);
  });

  test('a person who comes again and changes his mind: the newest word counts, the older one stays as proof', async () => {
    const person = someone({ consent: true });
    const [id] = await company.capture([person]);
    expect((await consentsOf(id!)).now).toEqual({ call: 'granted', mail: 'granted', message: 'granted' });
    await company.moveClock('2026-03-02T05:00:00Z');
    expect(await company.capture([{ ...person, consent: false }])).toEqual([id]);
    const { now, history } = await consentsOf(id!);
    expect(now).toEqual({ call: 'withdrawn', mail: 'withdrawn', message: 'withdrawn' });
    expect(history).toHaveLength(6);
    expect((await company.lead(id!))['do_not_contact_until']).toEqual(new Date('9999-12-31T00:00:00Z'));
  });

  test('what was said cannot be rewritten, not even in the database', async () => {
    await expect(company.db('crm_consents').update({ state: 'granted' }).where({ state: 'withdrawn' })).rejects.toThrow(
      /cannot be changed/,
    );
  });

  test('a withdrawal ends the open calls of the lead and is an event; allowing again lifts the ban it set', async () => {
    const id = await captureOne({});
    expectStatus(await company.admin.post(`/api/console/leads/${id}/assign`, { to: rep.id, member: rep.id, owner: rep.id }), 200);
    const open = () => company.db('crm_tasks').where({ lead_id: id, state: 'open' }).pluck('kind');
    expect(await open()).toContain('call');
    const channels = ['call', 'mail', 'message'];
    expectStatus(await say(id, { channels, state: 'withdrawn', note: 'said so on the phone' }), 200);
    expect(await open()).not.toContain('call');
    expect((await company.events('lead.consent_withdrawn')).filter((event) => event.subject_id === id)).toHaveLength(3);
    expect((await company.lead(id))['do_not_contact_until']).not.toBeNull();
    const empty = await say(id, { channels: ['mail'], state: 'granted' });
    expect(empty.status).toBe(400);
    expectStatus(await say(id, { channels: ['mail'], state: 'granted', note: 'asked for the newsletter' }), 200);
    expect((await company.lead(id))['do_not_contact_until']).toBeNull();
    expect((await consentsOf(id)).now).toEqual({ call: 'withdrawn', mail: 'granted', message: 'withdrawn' });
  });

  test('many leads at once; who may not change a lead records nothing for it', async () => {
    const ids = [await captureOne({}), await captureOne({})];
    expectStatus(await company.admin.post('/api/console/leads/consent', { ids, channels: ['call'], state: 'withdrawn' }), 200);
    expect((await Promise.all(ids.map(consentsOf))).map(({ now }) => now['call'])).toEqual(['withdrawn', 'withdrawn']);
    const outsider = await company.person('outsider', { roles: ['sales'], team: company.teams.south });
    expect(
      (await outsider.api.post(`/api/console/leads/${ids[0]}/consent`, { channels: ['call'], state: 'withdrawn' })).status,
    ).toBeGreaterThanOrEqual(403);
    expect((await outsider.api.get(`/api/console/leads/${ids[0]}/consents`)).status).toBeGreaterThanOrEqual(403);
  });

  test('lists filter by it, and a merged lead brings its words along', async () => {
    const [a, b] = [await captureOne({ consent: { granted: false, channels: [{ key: 'sms', granted: false }] } }), await captureOne({})];
    const where = { combinator: 'and', rules: [{ field: 'consent.message', operator: '=', value: 'withdrawn' }] };
    const list = expectStatus(
      await company.admin.get<{ id: number }[]>(`/api/console/leads?filter=${encodeURIComponent(JSON.stringify({ where, id: [a, b] }))}`),
      200,
    );
    expect(list.map(({ id }) => id)).toEqual([a]);
    expectStatus(await company.admin.post(`/api/console/leads/${b}/merge`, { with: a, loser: a, ids: [a], other: a }), 200);
    expect((await consentsOf(b)).now['message']).toBe('withdrawn');
  });

  test('routing keeps a lead that forbade calls out of a queue of callers, with CONSENT_CHANNEL as the reason (R-52)', async () => {
    const when = { combinator: 'and', rules: [{ field: 'consent.call', operator: '!=', value: 'withdrawn' }] };
    await company.publish('routing-policies', 'callers', {
      rules: [
        {
          key: 'all',
          label: { zh: '全部', en: 'All' },
          when: null,
          destination: { kind: 'member', email: rep.email },
          filters: { consent: { channel: 'call', when } },
        },
      ],
      otherwise: { kind: 'pool', key: 'open' },
    });
    const [shut, free] = [
      await captureOne({ consent: { granted: true, text: 'mail only', channels: [{ key: 'phone', granted: false }] } }),
      await captureOne({}),
    ];
    expect((await company.lead(free))['owner_id']).toBe(rep.id);
    expect((await company.lead(shut))['owner_id']).toBeNull();
    const decision = await company.db('crm_decisions').where({ kind: 'route', subject_id: shut }).orderBy('id', 'desc').first();
    expect(JSON.stringify(decision.candidates)).toContain('CONSENT_CHANNEL');
  });
});

describe('campaigns', () => {
  interface Campaign {
    readonly id: number;
    readonly results: {
      leads: number;
      qualified: number;
      won: number;
      revenue: number;
      perLead: number | null;
      perQualified: number | null;
      spellings: readonly string[];
    };
  }
  const create = (body: Record<string, unknown>) => marketer.api.post<Campaign & ErrorBody>('/api/console/campaigns', body);
  const read = async (who: Person, id: number): Promise<Campaign> =>
    expectStatus(await who.api.get<Campaign>(`/api/console/campaigns/${id}`), 200);
  let id = 0;

  test('cost and results stand side by side: leads by the key they carry, whatever its case', async () => {
    id = expectStatus(
      await create({
        key: 'Spring-2026',
        name: 'Spring',
        channel: 'fair',
        budget: 5000,
        cost: 900,
        currency: 'CNY',
        startsOn: '2026-03-01',
        endsOn: '2026-03-31',
      }),
      200,
    ).id;
    const ids = await company.capture([1, 2, 3].map(() => someone({ campaign: 'spring-2026' })));
    await company.db('crm_leads').where({ id: ids[0] }).update({ stage: 'won' });
    expect((await read(marketer, id)).results).toMatchObject({ leads: 3, qualified: 1, won: 1, perLead: 300, perQualified: 900 });
    await company.db('crm_leads').where({ id: ids[1] }).update({ is_test: true });
    const { leads, spellings } = (await read(marketer, id)).results;
    expect([leads, spellings]).toEqual([2, ['spring-2026']]);
    const filter = encodeURIComponent(JSON.stringify({ campaign_in: spellings, isTest: false }));
    expect(expectStatus(await marketer.api.get<unknown[]>(`/api/console/leads?filter=${filter}`), 200)).toHaveLength(leads);
  });

  test('numbers cover only leads the reader may see, and no campaign is seen without the right', async () => {
    const manager = await company.person('manager', { roles: ['sales-manager'], team: company.teams.south });
    const owned = await company.db('crm_leads').whereRaw("lower(campaign) = 'spring-2026'").pluck('id');
    await company.db('crm_leads').whereIn('id', owned).update({ owner_id: rep.id, pool_id: null, team_id: company.teams.east });
    expect((await read(manager, id)).results.leads).toBe(0);
    expect((await rep.api.get('/api/console/campaigns')).status).toBe(403);
    expect((await manager.api.put(`/api/console/campaigns/${id}`, { cost: 1 })).status).toBe(403);
  });

  test('two campaigns cannot claim the same leads; dates must make sense; changes are in the history', async () => {
    const twice = await create({ key: 'SPRING-2026', name: 'Again' });
    expect([twice.status, codeOf(twice)]).toEqual([400, 'CAMPAIGN_TWICE']);
    const dates = await create({ key: 'odd', name: 'Odd', startsOn: '2026-05-01', endsOn: '2026-04-01' });
    expect([dates.status, codeOf(dates)]).toEqual([400, 'CAMPAIGN_DATES']);
    const half = await marketer.api.put(`/api/console/campaigns/${id}`, { endsOn: '2001-01-01' });
    expect([half.status, codeOf(half)]).toEqual([400, 'CAMPAIGN_DATES']);
    expectStatus(await marketer.api.put(`/api/console/campaigns/${id}`, { cost: 6000 }), 200);
    const [event] = await company.db('crm_events').where({ subject: 'campaign', type: 'campaign.updated' });
    expect([Number(event.before.cost), Number(event.after.cost)]).toEqual([900, 6000]);
  });

  test('leads of names nobody planned are shown, not forgotten; the linter names what is over budget and without consent', async () => {
    await company.capture([someone({ campaign: 'mystery' })]);
    const open = expectStatus(
      await marketer.api.get<{ none: number; unknown: { key: string; leads: number }[] }>('/api/console/campaigns/unassigned'),
      200,
    );
    expect(open.unknown).toEqual([{ key: 'mystery', leads: 1 }]);
    expect(open.none).toBeGreaterThan(0);
    const { findings } = expectStatus(await marketer.api.get<{ findings: { code: string; id: number }[] }>('/api/console/lint'), 200);
    const codes = findings.filter((finding) => finding.id === id).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['CAMPAIGN_OVER_BUDGET', 'CAMPAIGN_WITHOUT_CONSENT']));
  });

  test('a list of campaigns asks once for all numbers, by the index over the key', async () => {
    await company.db.raw('SET enable_seqscan = off');
    const { rows } = await company.db.raw(
      `EXPLAIN SELECT c.id, count(l.id) FROM crm_campaigns c LEFT JOIN crm_leads l ON lower(l.campaign) = lower(c.key) AND l.campaign IS NOT NULL AND l.merged_into IS NULL WHERE c.id = ANY('{1}') GROUP BY c.id`,
    );
    expect(JSON.stringify(rows)).toContain('crm_leads_campaign');
  });
});

test('the public capture still answers when a form sends nonsense as consent', async () => {
  const answer = await api(company.server.url).post('/api/capture/web', someone({ consent: { granted: 'perhaps', channels: 'all' } }));
  expect(answer.status).toBe(202);
});
