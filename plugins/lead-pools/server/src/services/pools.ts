import { many } from '@leadsea/crm-core';
import type { Kit, PolicyVersion } from '@leadsea/crm-core';
import { poolSchema, type Pool, type PoolRight } from '../../../contracts';
import { rightsIn, type PoolPerson } from '../domain/membership';

export type LivePool = PolicyVersion<Pool>;

/** Live pools and who may do what in them. */
export interface PoolDirectory {
  all(): Promise<readonly LivePool[]>;
  byId(id: number): Promise<LivePool | null>;
  byKey(key: string): Promise<LivePool | null>;
  /** Where a lead goes when nobody says: its home, else a pool its owner claims from, else the default pool, else the first. */
  homeOf(homePoolId: number | null, ownerId: number | null): Promise<LivePool | null>;
  rights(pool: LivePool, memberId: number): Promise<ReadonlySet<PoolRight>>;
  visibleTo(person: { id: number; teamIds: readonly number[]; roles: readonly string[] }): Promise<readonly number[]>;
}

export function createPoolDirectory(kit: Kit): PoolDirectory {
  /** Versions published before the policy learned something get its defaults; parsed once each. */
  const parsed = new Map<number, LivePool>();
  const complete = (version: PolicyVersion<unknown>): LivePool => {
    const known = parsed.get(version.versionId);
    if (known) return known;
    const pool = { ...version, body: poolSchema.parse(version.body) };
    parsed.set(version.versionId, pool);
    return pool;
  };
  const all = async (): Promise<readonly LivePool[]> => (await kit.policies.live('pool')).map(complete);

  /** Own team and the teams above it: a pool for a department is for all its teams. */
  const teamKeys = async (memberId: number): Promise<readonly string[]> => {
    const rows = await many<{ key: string }>(
      kit.db,
      `WITH RECURSIVE up AS (
         SELECT t.id, t.key, t.parent_id FROM crm_teams t JOIN crm_members m ON m.team_id = t.id WHERE m.id = ?
         UNION SELECT t.id, t.key, t.parent_id FROM crm_teams t JOIN up ON up.parent_id = t.id)
       SELECT key FROM up`,
      [memberId],
    );
    return rows.map((row) => row.key);
  };

  const person = async (id: number, roles: readonly string[]): Promise<PoolPerson> => ({ id, roles, teamKeys: await teamKeys(id) });

  return {
    all,
    byId: async (id) => (await all()).find((pool) => pool.policyId === id) ?? null,
    byKey: async (key) => (await all()).find((pool) => pool.key === key) ?? null,
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
    rights: async (pool, memberId) => {
      const actor = await kit.actors.member(memberId);
      return rightsIn(pool.body, await person(memberId, actor.roles));
    },
    visibleTo: async ({ id, roles }) => {
      const someone = await person(id, roles);
      return (await all()).filter((pool) => rightsIn(pool.body, someone).has('see')).map((pool) => pool.policyId);
    },
  };
}
