import type { Knex } from 'knex';
import { machineMigrations } from '../../plugins/crm-core/server/src/migrations/machine';
import { routingRuleSchema, type RoutingRule } from '../../plugins/lead-routing/contracts';
import type { WeekStart } from '../../plugins/lead-routing/contracts';
import { WEIGHT_PARTS } from '../../plugins/lead-routing/server/src/domain/weight';
import { person } from '../../plugins/lead-routing/server/src/domain/__fixtures__/routing';
import type { CapUse, PlannedRule, ShareFacts } from '../../plugins/lead-routing/server/src/domain/facts';
import { UNITS } from '../../plugins/lead-routing/server/src/domain/share';
import { routingMigrations } from '../../plugins/lead-routing/server/src/migrations';
import { loadCaps } from '../../plugins/lead-routing/server/src/services/counts';
import { plannedCaps } from '../../plugins/lead-routing/server/src/services/plans';
import { foldShares, loadShares, lockGroups, writeLedger } from '../../plugins/lead-routing/server/src/services/ledger';
import { until } from '../support/fixtures';
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

type Cap = { per: 'day' | 'week' | 'month'; max: number };
const planned = (ids: readonly number[], periodCap?: Cap, more: Partial<RoutingRule> = {}): PlannedRule => {
  const rule = routingRuleSchema.parse({
    key: 'r',
    label: { zh: '', en: '' },
    destination: { kind: 'team', key: 't' },
    periodCap,
    ...more,
  });
  return {
    rule,
    group: GROUP,
    target: { kind: 'people', candidates: ids.map((id, place) => ({ id, weight: WEIGHT_PARTS, place })) },
    onEmpty: null,
    caps: plannedCaps(rule, GROUP),
  };
};
const load = (ids: readonly number[]): Promise<readonly ShareFacts[]> =>
  db.transaction(async (trx) => (await loadShares(trx, [planned(ids)])).shares.get(GROUP) ?? []);
const capsOf = (rule: PlannedRule, now = NOW): Promise<ReadonlyMap<string, ReadonlyMap<number, CapUse>>> =>
  db.transaction((trx) => loadCaps(trx, [rule], new Map(), now));
const give = (member: number, count: number, at = NOW, group = GROUP): Promise<void> =>
  db.transaction((trx) =>
    writeLedger(trx, { lines: Array.from({ length: count }, (_, index) => ({ group, member, lead: index + 1, value: 1 })) }, 'test', at),
  );
const settle = (member: number, offset: number): Promise<void> =>
  db.transaction((trx) => writeLedger(trx, { lines: [], changes: [{ group: GROUP, member, offset, weight: WEIGHT_PARTS }] }, 'test', NOW));
const byId = (facts: readonly ShareFacts[]): Map<number, ShareFacts> => new Map(facts.map((fact) => [fact.id, fact]));

describe('the fairness ledger', () => {
  it('tells new people from those with a start level, and keeps those who left the rule', async () => {
    await give(1, 3);
    await settle(1, 2 * UNITS);
    await settle(9, 7 * UNITS);
    const facts = byId(await load([1, 2]));
    expect(facts.get(1)).toMatchObject({ given: 5 * UNITS, counted: 3, weight: WEIGHT_PARTS, last: 3 });
    expect(facts.get(2)).toMatchObject({ given: null, counted: 0, weight: null, last: 0 });
    expect(facts.get(9)).toMatchObject({ given: 7 * UNITS, counted: 0 });
  });

  it('does not count what was given back', async () => {
    await give(1, 3);
    await db('crm_ledger').where({ id: 2 }).update({ given_back_at: NOW });
    await settle(1, 0);
    expect(byId(await load([1])).get(1)).toMatchObject({ given: 2 * UNITS });
    expect((await capsOf(planned([1], { per: 'day', max: 5 }))).get(`rule:${GROUP}:0`)?.get(1)?.used).toBe(2);
  });

  it('counts a day, a week from Monday and a month', async () => {
    await give(1, 1, new Date('2026-02-28T10:00:00Z'));
    await give(1, 1, new Date('2026-03-01T10:00:00Z'));
    await give(1, 1, new Date('2026-03-02T01:00:00Z'));
    const counts = await Promise.all(
      (['day', 'week', 'month'] as const).map(async (per) => (await capsOf(planned([1], { per, max: 9 }))).get(`rule:${GROUP}:0`)?.get(1)),
    );
    expect(counts.map((use) => use?.used)).toEqual([1, 1, 2]);
    expect(counts.map((use) => use?.endsAt?.toISOString())).toEqual([
      '2026-03-03T00:00:00.000Z',
      '2026-03-09T00:00:00.000Z',
      '2026-04-01T00:00:00.000Z',
    ]);
  });

  it('R-54: begins a week on the day the policy names, or on that of the person', async () => {
    // 2 March 2026 is a Monday: the Sunday before it belongs to this week only where weeks begin on Sunday or Saturday.
    await give(1, 1, new Date('2026-02-28T10:00:00Z'));
    await give(1, 1, new Date('2026-03-01T10:00:00Z'));
    const week = async (weekStart: WeekStart, locale: string | null): Promise<[number | undefined, string | undefined]> => {
      const base = planned([1], { per: 'week', max: 9 });
      const rule = { ...base, caps: plannedCaps(base.rule, GROUP, weekStart) };
      const people = new Map([[1, person(1, { locale })]]);
      const use = (await db.transaction((trx) => loadCaps(trx, [rule], people, NOW))).get(`rule:${GROUP}:0`)?.get(1);
      return [use?.used, use?.endsAt?.toISOString().slice(0, 10)];
    };
    expect(await week('monday', 'en')).toEqual([0, '2026-03-09']);
    expect(await week('sunday', 'zh')).toEqual([1, '2026-03-08']);
    expect(await week('saturday', 'zh')).toEqual([2, '2026-03-07']);
    expect(await week('locale', 'en')).toEqual([1, '2026-03-08']);
    expect(await week('locale', 'zh')).toEqual([0, '2026-03-09']);
    expect(await week('locale', null)).toEqual([0, '2026-03-09']);
  });

  it('R-54: keeps the local midnight of a week across the change of the clocks', async () => {
    const base = planned([1], { per: 'week', max: 9 });
    const rule = { ...base, caps: plannedCaps(base.rule, GROUP, 'sunday') };
    const people = new Map([[1, person(1, { timeZone: 'America/New_York' })]]);
    const [use] = [...(await db.transaction((trx) => loadCaps(trx, [rule], people, new Date('2026-03-10T12:00:00Z')))).values()];
    // The week of 8 March has 167 hours in New York.
    expect(use?.get(1)?.endsAt?.toISOString()).toBe('2026-03-15T04:00:00.000Z');
  });

  it('R-54: counts a rolling window, which is free again when its oldest lead leaves it', async () => {
    await give(1, 1, new Date('2026-03-01T01:00:00Z'));
    await give(1, 2, new Date('2026-03-01T20:00:00Z'));
    const rule = planned([1], undefined, { caps: [{ scope: 'rule', per: 'rolling', seconds: 86_400, max: 2, counts: [] }] });
    expect((await capsOf(rule)).get(`rule:${GROUP}:0`)?.get(1)).toEqual({ used: 2, endsAt: new Date('2026-03-02T20:00:00Z') });
  });

  it('R-54: counts what all rules gave a person, and claims, manual and own leads only where the cap says so', async () => {
    await give(1, 2);
    await give(1, 3, NOW, 'route:other:x');
    await give(1, 4, NOW, 'claim:pool');
    await give(1, 5, NOW, 'manual');
    const used = async (counts: ('claims' | 'manual' | 'created')[]): Promise<(number | undefined)[]> => {
      const rule = planned([1], undefined, { caps: [{ scope: 'person', per: 'day', seconds: 86_400, max: 9, counts }] });
      return [...(await capsOf(rule)).values()].map((uses) => uses.get(1)?.used);
    };
    expect(await Promise.all([used([]), used(['claims']), used(['claims', 'manual'])])).toEqual([[5], [9], [14]]);
  });

  it('R-57: counts values where value is balanced', async () => {
    const group = `${GROUP}#value`;
    await db.transaction((trx) =>
      writeLedger(
        trx,
        {
          lines: [70, 25].map((value, index) => ({ group, member: 1, lead: index + 1, value })),
          changes: [{ group, member: 1, offset: 5 * UNITS, weight: WEIGHT_PARTS }],
        },
        'test',
        NOW,
      ),
    );
    const facts = await db.transaction(async (trx) => (await loadShares(trx, [{ ...planned([1]), group }])).shares.get(group));
    expect(facts).toMatchObject([{ given: 100 * UNITS, counted: 95 }]);
  });

  it('folds a long history into the start level without changing any sum', async () => {
    await settle(1, 100);
    await settle(2, 200);
    await give(1, 1001);
    await give(2, 7);
    const before = byId(await load([1, 2]));
    const { long } = await db.transaction((trx) => loadShares(trx, [planned([1, 2])]));
    expect(long).toEqual([GROUP]);
    await db.transaction((trx) => foldShares(trx, long));
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
    const hold = (name: string, groups: readonly string[], released?: Promise<void>): Promise<void> =>
      db.transaction(async (trx) => {
        await lockGroups(trx, groups);
        order.push(`${name} in`);
        await released;
        order.push(`${name} out`);
      });
    let letGo = (): void => undefined;
    const first = hold('a', ['x', 'y'], new Promise<void>((resolve) => (letGo = resolve)));
    await until('a is in', async () => Promise.resolve(order.length === 1));
    const second = hold('b', ['y', 'x']);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until('b waits', async () => (await db.raw<{ rows: unknown[] }>(waiting)).rows.length === 1);
    await hold('c', ['z']);
    letGo();
    await Promise.all([first, second]);
    expect(order).toEqual(['a in', 'c in', 'c out', 'a out', 'b in', 'b out']);
  });
});
