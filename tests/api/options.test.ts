import { expectStatus, poolBody, startCompany, until, type Company } from '../support/fixtures';

/** What stands in configuration under the name of an option, when that option is merged into another one. */
let company: Company;
const label = (en: string): { zh: string; en: string } => ({ zh: `${en}（中）`, en });
const option = (value: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ value, label: label(value), ...more });
const asks = (field: string, operator: string, value: unknown) => ({ combinator: 'and', rules: [{ field, operator, value }] });
const field = async (key: string, more: Record<string, unknown>): Promise<number> =>
  expectStatus(
    await company.admin.post<{ id: number }>('/api/console/fields', { entity: 'lead', key, type: 'select', label: label(key), ...more }),
    200,
  ).id;
const merge = async (id: number, body: Record<string, unknown>): Promise<Record<string, unknown>> => {
  expectStatus(await company.admin.post(`/api/console/fields/${id}/merge-option`, body), 200);
  return until('the option is gone', async () => {
    const row = await company
      .db('crm_events')
      .where({ subject: 'field', subject_id: id, type: 'field.option_merged' })
      .orderBy('id', 'desc')
      .first<{
        data: Record<string, unknown>;
      }>();
    return row?.data['from'] === body['from'] ? row.data : null;
  });
};
interface Policy {
  readonly draft: Record<string, unknown>;
  readonly published: Record<string, unknown> | null;
  readonly version: number | null;
}
const policy = async (resource: string, id: number): Promise<Policy> =>
  expectStatus(await company.admin.get<Policy>(`/api/console/${resource}/${id}`), 200);
const poolThat = (value: unknown, operator = '=') =>
  poolBody('east', { entry: { accepts: asks('lead.custom.tier', operator, value), rules: [] } });

let tier: number;
beforeAll(async () => {
  company = await startCompany();
  tier = await field('tier', { options: [option('gold'), option('silver'), option('bronze'), option('tin'), option('lead')] });
}, 300_000);
afterAll(() => company?.server.close());

test('the use of an option counts its records and names the policies that name it', async () => {
  await company.publish('pools', 'silver-pool', poolThat('silver'));
  const usage = expectStatus(
    await company.admin.get<{ optionPolicies: Record<string, unknown> }>(`/api/console/fields/${tier}/usage`),
    200,
  );
  expect(usage.optionPolicies).toEqual({ silver: [{ kind: 'pool', key: 'silver-pool', name: 'silver-pool' }] });
});

test('conditions of fields, options that depend on it, saved views and drafts follow at once; what is live decides as before', async () => {
  const dependent = await field('perk', {
    parentField: 'tier',
    options: [option('lounge', { when: ['gold', 'silver'] }), option('none', { when: ['bronze'] })],
    visibleWhen: asks('lead.custom.tier', 'in', ['silver', 'gold']),
  });
  const view = expectStatus(
    await company.admin.post<{ id: number }>('/api/console/saved-views', {
      resource: 'leads',
      name: 'Silver',
      view: { filter: { 'custom.tier_in': ['silver'], grade_in: ['silver'] } },
    }),
    200,
  ).id;
  const pool = await company.publish('pools', 'silver-two', poolThat(['silver', 'bronze'], 'in'));

  const told = await merge(tier, { from: 'silver', to: 'gold' });

  const row = await company.db('crm_fields').where({ id: dependent }).first<Record<string, unknown>>();
  expect(row['visible_when']).toMatchObject(asks('lead.custom.tier', 'in', ['gold']));
  expect(row['options']).toMatchObject([
    { value: 'lounge', when: ['gold'] },
    { value: 'none', when: ['bronze'] },
  ]);
  const [saved] = await company.db('crm_saved_views').where({ id: view });
  expect((saved as { view: unknown }).view).toEqual({ filter: { 'custom.tier_in': ['gold'], grade_in: ['silver'] } });
  const after = await policy('pools', pool);
  expect(after.draft).toMatchObject({ entry: { accepts: asks('lead.custom.tier', 'in', ['gold', 'bronze']) } });
  expect([after.version, after.published]).toMatchObject([1, { entry: { accepts: asks('lead.custom.tier', 'in', ['silver', 'bronze']) } }]);
  expect(told).toMatchObject({ fields: 1, views: 1 });
  expect(told['policies']).toMatchObject([
    { key: 'silver-pool', state: 'drafted', live: true },
    { key: 'silver-two', state: 'drafted', live: true },
  ]);
  const { findings } = expectStatus(
    await company.admin.get<{ findings: { key: string; version: string; message: string }[] }>('/api/console/lint'),
    200,
  );
  expect(
    findings
      .filter(({ key, version }) => key === 'silver-two' && version === 'live')
      .map(({ message }) => message)
      .join(),
  ).toContain('silver');
});

test('where that is wanted the live version follows by the rights of who asks, and a draft beside it stays a draft', async () => {
  const pool = await company.publish('pools', 'tin-pool', poolThat('tin'));
  const draft = poolThat(['tin', 'gold'], 'in');
  expectStatus(await company.admin.put(`/api/console/pools/${pool}`, { draft }), 200);
  const model = await company.publish('routing-policies', 'by-tier', {
    rules: [
      {
        key: 'table',
        label: label('Table'),
        destination: {
          kind: 'table',
          columns: ['lead.custom.tier', 'lead.city'],
          rows: [{ cells: ['tin|gold', 'tin'], to: { kind: 'team', key: 'east' } }],
        },
      },
    ],
    otherwise: { kind: 'pool', key: 'tin-pool' },
  });

  const told = await merge(tier, { from: 'tin', to: 'bronze', publish: true });

  const after = await policy('pools', pool);
  expect(after.version).toBe(2);
  expect(after.published).toMatchObject({ entry: { accepts: asks('lead.custom.tier', '=', 'bronze') } });
  expect(after.draft).toMatchObject({ entry: { accepts: asks('lead.custom.tier', 'in', ['bronze', 'gold']) } });
  const routing = await policy('routing-policies', model);
  expect(routing.published).toMatchObject({ rules: [{ destination: { rows: [{ cells: ['bronze|gold', 'tin'] }] } }] });
  expect(told['policies']).toEqual([
    { kind: 'pool', key: 'tin-pool', name: 'tin-pool', state: 'published', live: true },
    { kind: 'routing-policy', key: 'by-tier', name: 'by-tier', state: 'published', live: true },
  ]);
  const [version] = await company.db('crm_policy_versions').where({ policy_id: pool, number: 2 });
  expect(version).toMatchObject({ note: 'tier: tin → bronze', published_by: expect.any(Number) as number });
});

test('who may change fields but not publish pools merges the option, and leaves drafts behind', async () => {
  const pool = await company.publish('pools', 'lead-pool', poolThat('lead'));
  expectStatus(
    await company.admin.post('/api/console/roles', {
      key: 'fielder',
      label: label('Fields'),
      resources: { fields: { read: ['all'], update: ['all'] }, leads: { read: ['all'] } },
      fields: { fields: { '*': 'write' }, leads: { '*': 'read' } },
    }),
    200,
  );
  const fielder = await company.person('fielder', { roles: ['fielder'] });
  expectStatus(await fielder.api.post(`/api/console/fields/${tier}/merge-option`, { from: 'lead', to: 'gold', publish: true }), 200);
  const after = await until('the draft followed', async () => {
    const now = await policy('pools', pool);
    return JSON.stringify(now.draft).includes('"gold"') ? now : null;
  });
  expect([after.version, after.published]).toMatchObject([1, { entry: { accepts: asks('lead.custom.tier', '=', 'lead') } }]);
});
