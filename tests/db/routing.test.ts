import type { Knex } from 'knex';
import { machineMigrations } from '../../plugins/crm-core/server/src/migrations/machine';
import { routingRuleSchema } from '../../plugins/lead-routing';
import type { PlannedRule, ShareFacts } from '../../plugins/lead-routing/server/src/domain/facts';
import { UNITS } from '../../plugins/lead-routing/server/src/domain/share';
import { routingMigrations } from '../../plugins/lead-routing/server/src/migrations';
import { foldShares, loadShares, lockGroups, longGroups, writeLedger } from '../../plugins/lead-routing/server/src/services/ledger';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const NOW = new Date('2026-03-02T02:00:00Z');
const GROUP = 'route:p:r';

let database: TestDatabase;
let db: Knex;
beforeAll(async () => {
  database = await openTestDatabase();
  db = database.knex;
  for (const migration of [...machineMigrations, ...routingMigrations]) await migration.up(db);
});
afterAll(() => database.close());
beforeEach(() => db.raw('TRUNCATE crm_ledger, crm_routing_shares RESTART IDENTITY'));

const planned = (ids: readonly number[], periodCap?: { per: 'day' | 'week' | 'month'; max: number }): PlannedRule => ({
  rule: routingRuleSchema.parse({ key: 'r', label: { zh: '', en: '' }, destination: { kind: 'team', key: 't' }, periodCap }),
  group: GROUP,
  target: { kind: 'people', candidates: ids.map((id, place) => ({ id, weight: 100, place })) },
  onEmpty: null,
});
const load = (ids: readonly number[], periodCap?: { per: 'day' | 'week' | 'month'; max: number }): Promise<readonly ShareFacts[]> =>
  db.transaction(async (trx) => (await loadShares(trx, [planned(ids, periodCap)], new Map(), NOW)).get(GROUP) ?? []);
const give = (member: number, count: number, at = NOW): Promise<void> =>
  db.transaction((trx) =>
    writeLedger(
      trx,
      Array.from({ length: count }, (_, index) => ({ group: GROUP, member, lead: index + 1, value: 1 })),
      [],
      'test',
      at,
    ),
  );
const settle = (member: number, offset: number): Promise<void> =>
  db.transaction((trx) => writeLedger(trx, [], [{ group: GROUP, member, offset, weight: 100 }], 'test', NOW));
const byId = (facts: readonly ShareFacts[]): Map<number, ShareFacts> => new Map(facts.map((fact) => [fact.id, fact]));

describe('the fairness ledger', () => {
  it('tells new people from those with a start level, and keeps those who left the rule', async () => {
    await give(1, 3);
    await settle(1, 2 * UNITS);
    await settle(9, 7 * UNITS);
    const facts = byId(await load([1, 2]));
    expect(facts.get(1)).toMatchObject({ given: 5 * UNITS, counted: 3, weight: 100, last: 3 });
    expect(facts.get(2)).toMatchObject({ given: null, counted: 0, weight: null, last: 0 });
    expect(facts.get(9)).toMatchObject({ given: 7 * UNITS, counted: 0 });
  });

  it('does not count what was given back', async () => {
    await give(1, 3);
    await db('crm_ledger').where({ id: 2 }).update({ given_back_at: NOW });
    await settle(1, 0);
    expect(byId(await load([1], { per: 'day', max: 5 })).get(1)).toMatchObject({ given: 2 * UNITS, inPeriod: 2 });
  });

  it('counts a day, a week from Monday and a month', async () => {
    await give(1, 1, new Date('2026-02-28T10:00:00Z'));
    await give(1, 1, new Date('2026-03-01T10:00:00Z'));
    await give(1, 1, new Date('2026-03-02T01:00:00Z'));
    const counts = await Promise.all((['day', 'week', 'month'] as const).map(async (per) => (await load([1], { per, max: 9 }))[0]));
    expect(counts.map((fact) => fact?.inPeriod)).toEqual([1, 1, 2]);
    expect(counts.map((fact) => fact?.periodEnds?.toISOString())).toEqual([
      '2026-03-03T00:00:00.000Z',
      '2026-03-09T00:00:00.000Z',
      '2026-04-01T00:00:00.000Z',
    ]);
  });

  it('folds a long history into the start level without changing any sum', async () => {
    await settle(1, 100);
    await settle(2, 200);
    await give(1, 1001);
    await give(2, 7);
    const before = byId(await load([1, 2]));
    const groups = longGroups(new Map([[GROUP, [...before.values()]]]));
    expect(groups).toEqual([GROUP]);
    await db.transaction((trx) => foldShares(trx, groups));
    const after = byId(await load([1, 2]));
    expect([...after].map(([id, fact]) => [id, fact.given, fact.counted])).toEqual([
      [1, before.get(1)?.given, 0],
      [2, before.get(2)?.given, 0],
    ]);
    await give(1, 2);
    expect(byId(await load([1, 2])).get(1)).toMatchObject({ given: (before.get(1)?.given ?? 0) + 2 * UNITS, counted: 2, last: 1010 });
  });

  it('lets one change set at a time into a group and different groups side by side (R-59)', async () => {
    const order: string[] = [];
    const hold = (name: string, groups: readonly string[], ms: number): Promise<void> =>
      db.transaction(async (trx) => {
        await lockGroups(trx, groups);
        order.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, ms));
        order.push(`${name} out`);
      });
    const first = hold('a', ['x', 'y'], 300);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([first, hold('b', ['y', 'x'], 0), hold('c', ['z'], 0)]);
    expect(order).toEqual(['a in', 'c in', 'c out', 'a out', 'b in', 'b out']);
  });
});
