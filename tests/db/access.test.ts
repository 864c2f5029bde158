import fc from 'fast-check';
import type { Actor, ResourceDefinition, RoleSpec } from '@leadsea/crm-core/contracts';
import { ROW_SCOPES } from '@leadsea/crm-core/contracts';
import { createAccessService } from '../../plugins/crm-core/server/src/services/access';
import { createResourceGateway } from '../../plugins/crm-core/server/src/services/resources';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let database: TestDatabase;
let roles: readonly RoleSpec[] = [];
const access = createAccessService({ loadRoles: () => roles });

const LEADS: ResourceDefinition = {
  name: 'leads',
  table: 'demo_leads',
  fields: [
    { name: 'owner', type: 'reference', column: 'owner_id' },
    { name: 'team', type: 'reference', column: 'team_id' },
    { name: 'pool', type: 'reference', column: 'pool_id' },
  ],
};
const TASKS: ResourceDefinition = {
  name: 'tasks',
  table: 'demo_tasks',
  rows: { owner: 'owner_id', via: { column: 'lead_id', resource: 'leads' } },
  fields: [{ name: 'lead', type: 'reference', column: 'lead_id' }],
};

/** A member with one role and nothing else. */
const somebody: Actor = {
  kind: 'member',
  memberId: 1,
  name: 'x',
  teamId: null,
  teamIds: [],
  roles: ['a'],
  poolIds: [],
  timeZone: 'UTC',
  locale: 'en',
};

const noConditions = { describe: () => [], compile: () => ({ sql: 'FALSE', bindings: [] }) };

beforeAll(async () => {
  database = await openTestDatabase();
  await database.knex.raw(`
    CREATE TABLE demo_leads (id int PRIMARY KEY, owner_id int, team_id int, pool_id int);
    CREATE TABLE demo_tasks (id int PRIMARY KEY, lead_id int, owner_id int);
  `);
});
afterAll(() => database.close());

const few = fc.integer({ min: 1, max: 3 });
const fewOrNone = fc.option(few, { nil: null });
const scopes = fc.uniqueArray(fc.constantFrom(...ROW_SCOPES), { maxLength: 3 });
const role = (key: string) =>
  fc.record({ leads: scopes, tasks: scopes }).map(({ leads, tasks }): RoleSpec => ({
    key,
    label: { zh: key, en: key },
    resources: { leads: { read: leads }, tasks: { read: tasks } },
    fields: {},
  }));
const someActor = fc
  .record({
    memberId: fewOrNone,
    teamId: fewOrNone,
    teamIds: fc.uniqueArray(few),
    poolIds: fc.uniqueArray(few),
    roles: fc.subarray(['a', 'b', 'gone']),
  })
  .map((part): Actor => ({ kind: 'member', name: 'x', timeZone: 'UTC', locale: 'en', ...part }));
const leadRow = fc.record({ owner: fewOrNone, team: fewOrNone, pool: fewOrNone });
const taskRow = fc.record({ lead: fc.option(fc.nat(14), { nil: null }), owner: fewOrNone });

describe('the gate in SQL and the gate on objects', () => {
  const gatewayOf = () =>
    createResourceGateway({ db: database.knex, access, conditions: noConditions, clock: { now: () => new Date('2026-03-01T00:00:00Z') } });

  test('for any roles and rows a list holds exactly the rows for which the ability says yes', async () => {
    const gateway = gatewayOf();
    gateway.define(LEADS);
    gateway.define(TASKS);
    const seen = { some: 0, none: 0, all: 0 };
    const listed = async (actor: Actor, resource: string): Promise<number[]> => {
      if (!access.can(actor, resource, 'read')) {
        await expect(gateway.list({ actor }, resource, {})).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 });
        return [];
      }
      const result = await gateway.list({ actor }, resource, { range: '[0,99]' });
      expect(result.total).toBe(result.rows.length);
      return result.rows.map((row) => Number(row['id']));
    };
    await fc.assert(
      fc.asyncProperty(
        role('a'),
        role('b'),
        someActor,
        fc.array(leadRow, { minLength: 15, maxLength: 15 }),
        fc.array(taskRow, { maxLength: 15 }),
        async (a, b, actor, leads, tasks) => {
          roles = [a, b];
          await database.knex.raw('TRUNCATE demo_leads, demo_tasks');
          await database.knex.raw(
            'INSERT INTO demo_leads SELECT i, owner, team, pool FROM jsonb_to_recordset(?::jsonb) AS x(i int, owner int, team int, pool int)',
            [JSON.stringify(leads.map((row, i) => ({ i: i + 1, ...row })))],
          );
          await database.knex.raw(
            'INSERT INTO demo_tasks SELECT i, lead, owner FROM jsonb_to_recordset(?::jsonb) AS x(i int, lead int, owner int)',
            [JSON.stringify(tasks.map((row, i) => ({ i: i + 1, owner: row.owner, lead: row.lead === null ? null : row.lead + 1 })))],
          );
          const expectedLeads = leads.flatMap((row, i) => (access.canRow(actor, 'leads', 'read', { ...row }) ? [i + 1] : []));
          const expectedTasks = tasks.flatMap((row, i) => {
            const parent = row.lead === null ? null : leads[row.lead];
            return access.canRow(actor, 'tasks', 'read', { owner: row.owner, parent }) ? [i + 1] : [];
          });
          expect(await listed(actor, 'leads')).toEqual(expectedLeads);
          expect(await listed(actor, 'tasks')).toEqual(expectedTasks);
          seen[expectedLeads.length === 0 ? 'none' : expectedLeads.length === leads.length ? 'all' : 'some'] += 1;
        },
      ),
      { numRuns: 150 },
    );
    expect(seen.some).toBeGreaterThan(5);
    expect(seen.none).toBeGreaterThan(5);
    expect(seen.all).toBeGreaterThan(5);
  });

  test('without roles in memory the gate refuses instead of guessing', () => {
    const slow = createAccessService({ loadRoles: async () => [] });
    expect(() => slow.can(somebody, 'leads', 'read')).toThrow('Roles are still being loaded');
  });

  test('roles read again apply to an actor that was judged before', async () => {
    let current: RoleSpec[] = [];
    const gate = createAccessService({ loadRoles: async () => current });
    await gate.refresh();
    expect(gate.can(somebody, 'leads', 'read')).toBe(false);
    current = [{ key: 'a', label: { zh: '', en: '' }, resources: { leads: { read: ['all'] } }, fields: {} }];
    await gate.refresh();
    expect(gate.can(somebody, 'leads', 'read')).toBe(true);
  });
});
