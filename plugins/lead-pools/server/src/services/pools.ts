import { many } from '@leadsea/crm-core';
import type { Actor, Kit, PolicyVersion, PoolAccess } from '@leadsea/crm-core';
import { poolSchema, type Pool, type PoolRight } from '../../../contracts';
import { poolsByVerb, rightsIn, type PoolPerson } from '../domain/membership';

export type LivePool = PolicyVersion<Pool>;

/** Live pools and who may do what in them. */
export interface PoolDirectory {
  /** In position order; bodies of earlier versions completed. */
  all(): Promise<readonly LivePool[]>;
  byId(id: number): Promise<LivePool | null>;
  byKey(key: string): Promise<LivePool | null>;
  /** Pools of the same group, itself included; a pool without a group is alone. */
  groupOf(pool: LivePool): Promise<readonly LivePool[]>;
  /** Where a lead goes when nobody says: its home, else a pool its owner claims from, else the default pool, else the first. */
  homeOf(homePoolId: number | null, ownerId: number | null): Promise<LivePool | null>;
  /** The actor with his teams and roles, as member lists and limits ask for him. Kept as long as the actor is. */
  personOf(actor: Actor): Promise<PoolPerson>;
  rights(pool: LivePool, memberId: number): Promise<ReadonlySet<PoolRight>>;
  rightsOf(pool: LivePool, actor: Actor): Promise<ReadonlySet<PoolRight>>;
  accessOf(person: { id: number; roles: readonly string[] }): Promise<PoolAccess>;
}

export function createPoolDirectory(kit: Kit): PoolDirectory {
  /** Versions published before the policy learned something get its defaults; parsed once each. */
  const parsed = new Map<number, { readonly from: PolicyVersion<unknown>; readonly pool: LivePool }>();
  const complete = (version: PolicyVersion<unknown>): LivePool => {
    const known = parsed.get(version.versionId);
    if (known?.from === version) return known.pool;
    const pool = { ...version, body: poolSchema.parse(version.body) };
    parsed.set(version.versionId, { from: version, pool });
    return pool;
  };
  const all = async (): Promise<readonly LivePool[]> => (await kit.policies.live('pool')).map(complete);

  /** Own team and the teams above it, the nearest first: a pool for a department is for all its teams. */
  const teamKeys = async (memberId: number): Promise<readonly string[]> => {
    const rows = await many<{ key: string }>(
      kit.db,
      `WITH RECURSIVE up AS (
         SELECT t.id, t.key, t.parent_id, 0 AS depth FROM crm_teams t JOIN crm_members m ON m.team_id = t.id WHERE m.id = ?
         UNION ALL SELECT t.id, t.key, t.parent_id, up.depth + 1 FROM crm_teams t JOIN up ON up.parent_id = t.id WHERE up.depth < 50)
       SELECT key FROM up GROUP BY key ORDER BY min(depth)`,
      [memberId],
    );
    return rows.map((row) => row.key);
  };

  const load = async (id: number, roles: readonly string[]): Promise<PoolPerson> => ({ id, roles, teamKeys: await teamKeys(id) });
  const persons = new WeakMap<Actor, Promise<PoolPerson>>();
  const personOf = (actor: Actor): Promise<PoolPerson> => {
    const known = persons.get(actor);
    if (known) return known;
    const person = actor.memberId === null ? Promise.resolve({ id: 0, roles: [], teamKeys: [] }) : load(actor.memberId, actor.roles);
    persons.set(actor, person);
    person.catch(() => persons.delete(actor));
    return person;
  };
  const rightsOf = async (pool: LivePool, actor: Actor): Promise<ReadonlySet<PoolRight>> =>
    actor.memberId === null ? new Set<PoolRight>() : rightsIn(pool.body, await personOf(actor));

  return {
    all,
    byId: async (id) => (await all()).find((pool) => pool.policyId === id) ?? null,
    byKey: async (key) => (await all()).find((pool) => pool.key === key) ?? null,
    groupOf: async (pool) => (pool.body.group ? (await all()).filter((other) => other.body.group === pool.body.group) : [pool]),
    homeOf: async (homePoolId, ownerId) => {
      const pools = await all();
      const home = pools.find((pool) => pool.policyId === homePoolId);
      if (home) return home;
      const own =
        ownerId === null
          ? []
          : await kit.actors.member(ownerId).then(
              (actor) => actor.poolIds,
              () => [],
            );
      const fallback = pools.find((pool) => pool.body.isDefault);
      return pools.find((pool) => own.includes(pool.policyId) && pool.body.kind === 'claimable') ?? fallback ?? pools[0] ?? null;
    },
    personOf,
    rights: async (pool, memberId) => rightsOf(pool, await kit.actors.member(memberId)),
    rightsOf,
    accessOf: async ({ id, roles }) => poolsByVerb(await all(), await load(id, roles)),
  };
}
