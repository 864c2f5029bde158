import type { Actor, RoleSpec, RowScope } from '../../../../contracts';
import { abilityFor, abilityOf, allowsRow, fieldAccess, fieldMap, rowShape, scopeSql, usualShape } from '.';

const label = { zh: '', en: '' };
const role = (key: string, read: readonly RowScope[], fields: RoleSpec['fields'] = {}): RoleSpec => ({
  key,
  label,
  resources: { leads: { read } },
  fields,
});
const actor: Actor = {
  kind: 'member',
  memberId: 7,
  name: 'Li',
  teamId: 2,
  teamIds: [2, 3],
  roles: ['a'],
  poolIds: [10, 11],
  timeZone: 'UTC',
  locale: 'en',
};
const nobody: Actor = { ...actor, memberId: null, teamId: null, teamIds: [], poolIds: [] };

describe('row scopes as rules', () => {
  test.each<[RowScope, unknown]>([
    ['own', [{ action: 'read', subject: 'leads', conditions: { owner: { $eq: 7 } } }]],
    ['team', [{ action: 'read', subject: 'leads', conditions: { team: { $eq: 2 } } }]],
    ['teamBelow', [{ action: 'read', subject: 'leads', conditions: { team: { $in: [2, 3] } } }]],
    ['pool', [{ action: 'read', subject: 'leads', conditions: { pool: { $in: [10, 11] }, owner: { $eq: null } } }]],
    ['all', [{ action: 'read', subject: 'leads' }]],
    ['none', []],
  ])('%s', (scope, expected) => {
    expect(abilityFor(actor, [role('a', [scope])])).toEqual(expected);
  });

  test('an actor without member, team or pool matches nothing through them', () => {
    expect(abilityFor(nobody, [role('a', ['own', 'team', 'teamBelow', 'pool'])])).toEqual([]);
  });

  test('several roles add up, and roles that are not held count for nothing', () => {
    const roles = [role('a', ['own']), role('b', ['pool']), role('c', ['all'])];
    expect(abilityFor({ ...actor, roles: ['a', 'b'] }, roles).map((rule) => Object.keys(rule.conditions ?? {}))).toEqual([
      ['owner'],
      ['pool', 'owner'],
    ]);
  });

  test('scope all swallows the narrower ones', () => {
    expect(abilityFor({ ...actor, roles: ['a', 'c'] }, [role('a', ['own']), role('c', ['all'])])).toEqual([
      { action: 'read', subject: 'leads' },
    ]);
  });

  test("CASL's wildcard words give nothing when a role document uses them", () => {
    const sly: RoleSpec = { key: 'a', label, resources: { leads: { manage: ['all'] }, all: { read: ['all'] } }, fields: {} };
    const ability = abilityOf(abilityFor(actor, [sly]));
    expect([ability.can('read', 'leads'), ability.can('delete', 'leads')]).toEqual([false, false]);
  });

  test('the system may do all', () => {
    expect(abilityOf(abilityFor({ ...actor, kind: 'system' }, [])).can('delete', 'anything')).toBe(true);
  });

  test('a resource that shares the entry of another gets its verbs under its own name', () => {
    const shape = rowShape({ name: 'pool-members', access: 'leads', table: 'x', fields: [] });
    expect(abilityFor(actor, [role('a', ['own'])], new Map([['pool-members', shape]])).map((rule) => rule.subject)).toEqual([
      'leads',
      'pool-members',
    ]);
  });
});

describe('a resource that follows its parent', () => {
  const leads = usualShape('leads');
  const tasks = rowShape({
    name: 'tasks',
    table: 'crm_tasks',
    fields: [],
    rows: { owner: 'owner_id', via: { column: 'lead_id', resource: 'leads' } },
  });
  const shapes = new Map([
    ['leads', leads],
    ['tasks', tasks],
  ]);
  const rolesWith = (leadScopes: readonly RowScope[], taskScopes: readonly RowScope[]): RoleSpec[] => [
    { key: 'a', label, resources: { leads: { read: leadScopes }, tasks: { read: taskScopes } }, fields: {} },
  ];
  const sees = (roles: readonly RoleSpec[], row: Record<string, unknown>): boolean =>
    allowsRow(abilityOf(abilityFor(actor, roles, shapes)), 'tasks', 'read', row, tasks, leads);
  const mine = { owner: 7, team: 9, pool: null };
  const pooled = { owner: null, team: 9, pool: 10 };
  const others = { owner: 8, team: 9, pool: 10 };

  test.each<[string, readonly RowScope[], readonly RowScope[], Record<string, unknown>, boolean]>([
    ['own does not reach a task of which nothing is known', ['own'], ['own'], {}, false],
    ['teams do not reach a lead of which nothing is known', ['team', 'pool'], ['own', 'team', 'pool'], { owner: 8, parent: {} }, false],
    ['all reaches a task of which nothing is known but that it has no lead', ['own'], ['all'], { parent: null }, true],
    ['own reaches tasks of own leads', ['own'], ['own'], { owner: 1, parent: mine }, true],
    ['own reaches own tasks on leads of others', ['own'], ['own'], { owner: 7, parent: others }, true],
    ['own does not reach tasks of others on leads of others', ['all'], ['own'], { owner: 8, parent: others }, false],
    ['all is still held to the leads that can be read', ['own'], ['all'], { owner: 8, parent: others }, false],
    ['all with all leads reaches everything', ['all'], ['all'], { owner: 8, parent: others }, true],
    ['all reaches tasks without a lead', ['own'], ['all'], { owner: 8, parent: null }, true],
    ['own does not reach the lead-less tasks of others', ['all'], ['own'], { owner: 8, parent: null }, false],
    ['pool follows the pool of the lead', ['pool'], ['pool'], { owner: 8, parent: pooled }, true],
    ['pool stops when the lead has an owner', ['pool'], ['pool'], { owner: 8, parent: others }, false],
    ['a parent nobody looked up matches nothing', ['own'], ['all'], { owner: 8 }, false],
    ['a parent without its facts matches nothing', ['pool'], ['pool'], { owner: 8, parent: { pool: 10 } }, false],
  ])('%s', (_name, leadScopes, taskScopes, row, expected) => {
    expect(sees(rolesWith(leadScopes, taskScopes), row)).toBe(expected);
  });
});

describe('rules as SQL', () => {
  const shape = usualShape('leads');

  test('conditions are joined by OR, their parts by AND, values are bound', () => {
    expect(scopeSql([{ owner: { $eq: 7 } }, { pool: { $in: [1] }, owner: { $eq: null } }], 't', shape, null)).toEqual({
      sql: '(("t"."owner_id" = ?) OR ("t"."pool_id" = ANY(?) AND "t"."owner_id" IS NULL))',
      bindings: [7, [1]],
    });
  });

  test('no condition is FALSE, the empty condition is TRUE', () => {
    expect(scopeSql([], 't', shape, null).sql).toBe('FALSE');
    expect(scopeSql([{}], 't', shape, null).sql).toBe('TRUE');
  });

  test.each([
    ['an unknown operator', { owner: { $ne: 7 } }],
    ['two operators at once', { owner: { $eq: 7, $in: [7] } }],
    ['no operator', { owner: {} }],
    ['text where an id belongs', { owner: { $eq: '7 OR 1=1' } }],
    ['an unknown name', { salary: { $eq: 7 } }],
    ['a parent the resource does not have', { 'parent.owner': { $eq: 7 } }],
  ])('%s stops the query', (_name, condition) => {
    expect(() => scopeSql([JSON.parse(JSON.stringify(condition))], 't', shape, null)).toThrow(/Access condition/);
  });

  test('names that are no identifiers are refused', () => {
    expect(() => scopeSql([{ owner: { $eq: 7 } }], 't" OR TRUE --', shape, null)).toThrow(/identifier/);
    expect(() => rowShape({ name: 'x', table: 'x; drop table y', fields: [] })).toThrow(/identifier/);
  });
});

describe('field access', () => {
  const roles = [
    role('a', ['all'], { leads: { email: 'masked', name: 'write', '*': 'read' } }),
    role('b', ['all'], { leads: { email: 'read', '*': 'hidden' } }),
  ];
  test.each([
    ['a named field', ['a'], 'email', 'masked'],
    ['the default', ['a'], 'phone', 'read'],
    ['the strongest role wins', ['a', 'b'], 'email', 'read'],
    ['no role at all', [], 'name', 'hidden'],
    ['id without a role', [], 'id', 'read'],
    ['names that every object has', ['b'], 'constructor', 'hidden'],
  ])('%s', (_name, held, field, expected) => {
    expect(fieldAccess({ ...actor, roles: held }, roles, 'leads', field)).toBe(expected);
  });
  test('the map for the console says the same', () => {
    expect(fieldMap({ ...actor, roles: ['a', 'b'] }, roles)).toEqual({ leads: { '*': 'read', id: 'read', email: 'read', name: 'write' } });
  });
});
