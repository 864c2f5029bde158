import { CALENDAR, expectStatus, poolBody, startCompany, type Company } from '../support/fixtures';

/** An installation in which everything is wrong that the check-up is to name, and next to each fault a sound neighbour that must not be named. */
let company: Company;
let active: number;
let findings: readonly {
  readonly resource: string;
  readonly key: string;
  readonly code: string;
  readonly level: string;
  readonly path?: string;
}[];
const label = (en: string): { zh: string; en: string } => ({ zh: en, en });
const stage = (operator: string, value: unknown) => ({ combinator: 'and', rules: [{ field: 'lead.stage', operator, value }] });
const named = (resource: string, key: string): string[] =>
  findings.filter((one) => one.resource === resource && one.key === key).map(({ code, path }) => `${code} ${path ?? ''}`.trim());

const draft = async (resource: string, key: string, body: unknown): Promise<void> =>
  void expectStatus(await company.admin.post(`/api/console/${resource}`, { key, name: key, draft: body }), 200);
const rule = (key: string, more: Record<string, unknown>) => ({ key, label: label(key), ...more });
const routing = (rules: readonly unknown[], otherwise: unknown = { kind: 'pool', key: 'sound' }) => ({ rules, otherwise });
const metric = (more: Record<string, unknown>) => ({
  key: 'first',
  label: label('First'),
  obligor: 'sales',
  start: stage('=', 'mql'),
  stop: { when: stage('=', 'won') },
  targets: [{ duration: 'PT4H' }],
  ...more,
});
const contract = (more: Record<string, unknown>, calendar: string | null = null) => ({
  title: label('C'),
  calendar,
  metrics: [metric(more)],
});
const recyclesTo = (returnTo: string) => poolBody('east', { recycle: { returnTo } });

async function routingPolicies(gone: number): Promise<void> {
  const group = (id: number) => ({ kind: 'group', members: [{ member: id, weight: 1 }] });
  await draft(
    'routing-policies',
    'unreachable',
    routing([rule('all', { destination: { kind: 'pool', key: 'sound' } }), rule('never', { destination: group(active) })]),
  );
  await draft('routing-policies', 'disabled', routing([rule('gone', { destination: group(gone) })]));
  await draft('routing-policies', 'cap', routing([rule('none', { destination: group(active), caps: [{ max: 0, per: 'day' }] })]));
  const table = (hit: string, rows: readonly (readonly string[])[]) =>
    rule('table', {
      destination: {
        kind: 'table',
        hit,
        columns: ['lead.country', 'lead.city'],
        rows: rows.map((cells) => ({ cells, to: { kind: 'pool', key: 'sound' } })),
      },
    });
  await draft(
    'routing-policies',
    'rows',
    routing([
      table('first', [
        ['CN', '*'],
        ['CN', 'Beijing'],
      ]),
    ]),
  );
  await draft(
    'routing-policies',
    'overlap',
    routing([
      table('unique', [
        ['CN', '*'],
        ['CN', 'Beijing'],
      ]),
    ]),
  );
  await draft(
    'routing-policies',
    'contradiction',
    routing([
      rule('both', {
        when: { combinator: 'and', rules: [...stage('=', 'mql').rules, ...stage('=', 'won').rules] },
        destination: group(active),
      }),
    ]),
  );
  await draft('routing-policies', 'sound', routing([rule('some', { when: stage('=', 'mql'), destination: group(active) })]));
}

beforeAll(async () => {
  company = await startCompany();
  await company.publish('pools', 'sound', poolBody('east'));
  await company.publish('calendars', 'office', CALENDAR);
  await company.publish('calendars', 'shut', { ...CALENDAR, key: 'shut', week: {}, holidays: undefined });
  active = (await company.person('active', { roles: ['sales'], team: company.teams.east })).id;
  const gone = await company.person('gone', { roles: ['sales'], team: company.teams.east });
  expectStatus(await company.admin.put(`/api/console/members/${gone.id}`, { active: false }), 200);

  await draft('pools', 'nobody', poolBody('east', { members: [] }));
  await draft('pools', 'left', poolBody('east', { members: [{ type: 'member', ref: gone.id, rights: ['claim'] }] }));
  await draft('pools', 'zero', poolBody('east', { limits: [{ kind: 'claims', per: 'day', max: 0 }] }));
  await company.publish('pools', 'ping', recyclesTo('ping'));
  await company.publish('pools', 'pong', recyclesTo('ping'));
  await draft('pools', 'to-self', recyclesTo('to-self'));
  const ping = expectStatus(await company.admin.get<{ id: number; key: string }[]>('/api/console/pools?range=[0,99]'), 200).find(
    ({ key }) => key === 'ping',
  );
  expectStatus(await company.admin.put(`/api/console/pools/${ping!.id}`, { draft: recyclesTo('pong') }), 200);

  await routingPolicies(gone.id);

  await draft('sla-contracts', 'paused', contract({ pause: stage('=', 'mql') }));
  await draft('sla-contracts', 'no-hours', contract({}, 'shut'));
  await draft('sla-contracts', 'sound', contract({ pause: stage('=', 'sql'), whenStartNoLongerMet: 'continue' }, 'office'));

  await draft('grading-models', 'gaps', {
    fit: { rules: [] },
    engagement: { rules: [] },
    thresholds: { letters: { A: 60, B: 40, C: 20 }, numbers: { 1: 60, 2: 40, 3: 20 } },
    labelling: { by: 'grid', cells: { A1: 'hot' } },
  });
  const auto = (from: string, to: string) => ({ from, to, label: label(to), auto: stage('!=', 'won') });
  await draft('lifecycles', 'round', {
    initial: 'one',
    stages: [
      { key: 'one', label: label('One'), type: 'inventory' },
      { key: 'two', label: label('Two'), type: 'inventory' },
      { key: 'won', label: label('Won'), type: 'won' },
    ],
    transitions: [auto('one', 'two'), auto('two', 'one'), { from: 'two', to: 'won', label: label('Win') }],
  });

  for (const key of ['silent', 'asked'])
    expectStatus(await company.admin.post('/api/console/campaigns', { key, name: key, state: 'running' }), 200);
  await company.capture([
    { name: 'Silent', email: 'silent@firm.example', campaign: 'silent' },
    { name: 'Asked', email: 'asked@firm.example', campaign: 'asked', consent: true },
  ]);

  findings = expectStatus(await company.admin.get<{ findings: typeof findings }>('/api/console/lint'), 200).findings;
}, 300_000);
afterAll(() => company?.server.close());

test.each<[string, string, string, string]>([
  ['a rule nothing reaches', 'routing-policies', 'unreachable', 'RULE_UNREACHABLE rules[1]'],
  ['a row of a table nothing reaches', 'routing-policies', 'rows', 'ROW_UNREACHABLE rules[0].destination.rows[1]'],
  ['rows that overlap', 'routing-policies', 'overlap', 'ROWS_OVERLAP rules[0].destination.rows[1]'],
  ['conditions that contradict each other', 'routing-policies', 'contradiction', 'CONDITION_NEVER rules[0].when.rules[1]'],
  ['a pause that the start implies', 'sla-contracts', 'paused', 'PAUSED_FOREVER metrics.0.pause'],
  ['a deadline on a calendar without hours', 'sla-contracts', 'no-hours', 'CALENDAR_WITHOUT_HOURS calendar'],
  ['that calendar itself', 'calendars', 'shut', 'NO_WEEKLY_HOURS week'],
  ['a pool without members', 'pools', 'nobody', 'POOL_WITHOUT_MEMBERS members'],
  ['a pool whose members are gone', 'pools', 'left', 'POOL_WITHOUT_PEOPLE members'],
  ['a target that is disabled', 'routing-policies', 'disabled', 'TARGET_DISABLED rules[0].destination.members[0]'],
  ['a cap of nothing in routing', 'routing-policies', 'cap', 'CAP_ZERO rules[0].caps[0]'],
  ['a limit of nothing in a pool', 'pools', 'zero', 'LIMIT_ZERO limits[0]'],
  ['gaps in the grid of grades', 'grading-models', 'gaps', 'CELLS_MISSING labelling.cells'],
  ['a circle of stages', 'lifecycles', 'round', 'AUTO_CIRCLE transitions[0]'],
  ['recycling into a pool that recycles back', 'pools', 'ping', 'RECYCLE_CIRCLE recycle'],
  ['a campaign without consent', 'campaigns', 'silent', 'CAMPAIGN_WITHOUT_CONSENT'],
])('%s is named', (_name, resource, key, finding) => expect(named(resource, key)).toContain(finding));

test.each([
  ['routing-policies', 'sound'],
  ['sla-contracts', 'sound'],
  ['pools', 'sound'],
  ['pools', 'to-self'],
  ['calendars', 'office'],
  ['campaigns', 'asked'],
])('a sound one of %s is not (%s)', (resource, key) =>
  expect(named(resource, key).filter((finding) => !finding.startsWith('RULE_WITHOUT_LEADS'))).toEqual([]),
);
