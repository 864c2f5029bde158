import type { LeaveWay, ReturnRule } from '../../../contracts';
import type { KeyedCondition, Matcher } from './matcher';
import type { LivePool, PoolDirectory } from './pools';

export interface Homed {
  readonly id: number;
  readonly home_pool_id: number | null;
  readonly owner_id: number | null;
}

/**
 * The pool each lead belongs to: its home; without a live one the first pool whose `entry.accepts` it meets; else a pool its owner claims
 * from, the default pool, the first. Conditions are asked only for leads without a home.
 */
export async function homesOf(
  pools: PoolDirectory,
  rows: readonly Homed[],
  matcher: Matcher,
): Promise<ReadonlyMap<number, LivePool | null>> {
  const live = await pools.all();
  const accepting = live.flatMap((pool): (KeyedCondition & { pool: LivePool })[] =>
    pool.body.entry.accepts ? [{ key: String(pool.policyId), condition: pool.body.entry.accepts, pool }] : [],
  );
  const homeless = rows.filter((row) => !live.some((pool) => pool.policyId === row.home_pool_id));
  const hits =
    accepting.length > 0 && homeless.length > 0
      ? await matcher(
          accepting,
          homeless.map(({ id }) => id),
        )
      : new Map<number, ReadonlySet<string>>();
  const homes = new Map<number, LivePool | null>();
  const usual = await pools.homesOf(rows.map((row) => ({ home: row.home_pool_id, owner: row.owner_id })));
  rows.forEach((row, index) => {
    const accepted = accepting.find(({ key }) => hits.get(row.id)?.has(key));
    homes.set(row.id, accepted?.pool ?? usual[index] ?? null);
  });
  return homes;
}

const fits = (rule: ReturnRule, way: LeaveWay, reason: string | null): boolean =>
  (rule.ways.length === 0 || rule.ways.includes(way)) && (rule.reasons.length === 0 || (reason !== null && rule.reasons.includes(reason)));

/** Where each lead goes back to: the first return rule of its home pool that fits way, reason and segment, else `returnTo`, else its home. */
export async function returnTargets(
  pools: PoolDirectory,
  rows: readonly Homed[],
  { way, reason }: { readonly way: LeaveWay; readonly reason: string | null },
  matcher: Matcher,
): Promise<ReadonlyMap<number, { readonly home: LivePool; readonly to: LivePool } | null>> {
  const homes = await homesOf(pools, rows, matcher);
  const live = await pools.all();
  const byKey = (key: string | null | undefined): LivePool | undefined => live.find((pool) => pool.key === key);
  const rulesOf = (pool: LivePool): { rule: ReturnRule; key: string; to: LivePool }[] =>
    pool.body.recycle.returns.flatMap((rule, index) => {
      const to = byKey(rule.to);
      return to && fits(rule, way, reason) ? [{ rule, key: `${pool.policyId}:${index}`, to }] : [];
    });
  const used = [...new Set([...homes.values()].filter((home) => home !== null))];
  const conditions = used.flatMap((pool) => rulesOf(pool).flatMap(({ rule, key }) => (rule.when ? [{ key, condition: rule.when }] : [])));
  const hits =
    conditions.length > 0
      ? await matcher(
          conditions,
          rows.map(({ id }) => id),
        )
      : new Map<number, ReadonlySet<string>>();
  return new Map(
    rows.map((row) => {
      const home = homes.get(row.id) ?? null;
      if (!home) return [row.id, null];
      const found = rulesOf(home).find(({ rule, key }) => !rule.when || hits.get(row.id)?.has(key));
      return [row.id, { home, to: found?.to ?? byKey(home.body.recycle.returnTo) ?? home }];
    }),
  );
}
