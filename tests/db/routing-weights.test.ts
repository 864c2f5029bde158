import type { Knex } from 'knex';
import { machineMigrations } from '../../plugins/crm-core/server/src/migrations/machine';
import { many, owners, person, route, rule } from '../../plugins/lead-routing/server/src/domain/__fixtures__/routing';
import type { PlannedRule, ShareFacts } from '../../plugins/lead-routing/server/src/domain/facts';
import type { Routed } from '../../plugins/lead-routing/server/src/domain/route';
import { UNITS } from '../../plugins/lead-routing/server/src/domain/share';
import { wholeWeight } from '../../plugins/lead-routing/server/src/domain/weight';
import { routingRuleSchema } from '../../plugins/lead-routing/contracts';
import { routingMigrations } from '../../plugins/lead-routing/server/src/migrations';
import { loadShares, writeLedger } from '../../plugins/lead-routing/server/src/services/ledger';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const NOW = new Date('2026-03-02T02:00:00Z');
const GROUP = 'route:p:r';
const EXACT = routingMigrations.findIndex(({ name }) => name === 'lead-routing/0006-exact-weights');

let database: TestDatabase;
let db: Knex;
beforeEach(async () => {
  database = await openTestDatabase();
  db = database.knex;
  for (const migration of [...machineMigrations, ...routingMigrations.slice(0, EXACT)]) await migration.up(db);
});
afterEach(() => database.close());
const toToday = async (): Promise<void> => {
  for (const migration of routingMigrations.slice(EXACT)) await migration.up(db);
};

const planned = (list: readonly number[]): PlannedRule => ({
  rule: routingRuleSchema.parse({ key: 'r', label: { zh: '', en: '' }, destination: { kind: 'team', key: 't' } }),
  group: GROUP,
  target: { kind: 'people', candidates: list.map((weight, place) => ({ id: place + 1, weight: wholeWeight(weight), place })) },
  onEmpty: null,
});
const load = (list: readonly number[]): Promise<readonly ShareFacts[]> =>
  db.transaction(async (trx) => (await loadShares(trx, [planned(list)])).shares.get(GROUP) ?? []);
/** Decides so many leads from what is stored, and stores what came of it. */
async function give(list: readonly number[], count: number): Promise<{ routed: Routed; owners: readonly (number | null)[] }> {
  const seats = await load(list);
  const leads = many(count);
  const routed = route({ policy: { rules: [rule()] }, people: list.map((_, index) => person(index + 1)), weights: list, leads, seats });
  const given = owners(routed, leads);
  const lines = given.flatMap((member, lead) => (member === null ? [] : [{ group: GROUP, member, lead, value: 1 }]));
  await db.transaction((trx) => writeLedger(trx, { lines, changes: routed.changes }, 'test', NOW));
  return { routed, owners: given };
}
const stored = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await db<{ member_id: number; weight: string }>('crm_routing_shares').orderBy('member_id')).map(({ member_id: id, weight }) => [
      id,
      weight,
    ]),
  );

describe('R-57 weights in the database', () => {
  it('go over from hundredths, and nobody gains or loses a part of a lead by it', async () => {
    const weights = [1, 2.5, 33.33];
    for (const [index, weight] of weights.entries())
      await db.raw('INSERT INTO crm_routing_shares (group_key, member_id, units, weight) VALUES (?, ?, ?, ?)', [
        GROUP,
        index + 1,
        Math.round(weight * 7 * UNITS),
        Math.round(weight * 100),
      ]);
    await toToday();
    expect(await stored()).toEqual({ 1: '100000000', 2: '250000000', 3: '3333000000' });
    const seats = await load(weights);
    expect(seats.map(({ given, weight }) => [given, weight]).sort()).toEqual(
      weights.map((weight) => [Math.round(weight * 7 * UNITS), wholeWeight(weight)]).sort(),
    );
    // Everybody stands at the same level and with his own weight: no start level is written anew.
    const { routed } = await give(weights, 30);
    expect(routed.changes).toEqual([]);
  });

  it('stay what was entered to the sixth decimal, and change nothing when they are read again', async () => {
    await toToday();
    const weights = [0.000001, 33.333333, 66.666667, 9999.999999];
    const first = await give(weights, 40);
    expect(first.routed.changes).toHaveLength(4);
    expect(await stored()).toEqual({ 1: '100', 2: '3333333300', 3: '6666666700', 4: '999999999900' });
    for (let batch = 0; batch < 3; batch += 1) expect((await give(weights, 40)).routed.changes).toEqual([]);
  });

  it('share a long row of batches as entered, where hundredths would be three leads off', async () => {
    await toToday();
    // 1.004 of 4 is 0.251 of 3,000 leads: 753; 1.00 of 4 would be 750.
    const weights = [1.004, 2.996];
    const got = [0, 0];
    for (let batch = 0; batch < 6; batch += 1) for (const id of (await give(weights, 500)).owners) got[(id ?? 1) - 1]! += 1;
    expect(got).toEqual([753, 2247]);
  });
});
