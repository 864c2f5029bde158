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
  /** The same for many leads, in one statement at most: none where every home is live. */
  homesOf(leads: readonly { readonly home: number | null; readonly owner: number | null }[]): Promise<readonly (LivePool | null)[]>;
  /** The actor with his teams and roles, as member lists and limits ask for him. Kept as long as the actor is. */
  personOf(actor: Actor): Promise<PoolPerson>;
  rights(pool: LivePool, memberId: number): Promise<ReadonlySet<PoolRight>>;
  rightsOf(pool: LivePool, actor: Actor): Promise<ReadonlySet<PoolRight>>;
  /** Everybody who is active. */
  people(): Promise<readonly PoolPerson[]>;
  accessOf(person: { id: number; roles: readonly string[] }): Promise<PoolAccess>;
}

/** Active members with their roles and teams, the own team first and the ones above it after it; one statement. */
async function personsOf(db: Kit['db'], memberIds: readonly number[]): Promise<readonly PoolPerson[]> {
  if (memberIds.length === 0) return [];
  const ids = [...new Set(memberIds)];
  const rows = await many<{ id: number; roles: string[] | null; teams: string[] | null }>(
    db,
    `WITH RECURSIVE up AS (
       SELECT m.id AS member, t.key, t.parent_id, 0 AS depth FROM crm_teams t JOIN crm_members m ON m.team_id = t.id WHERE m.id = ANY(?::int[])
       UNION ALL SELECT up.member, t.key, t.parent_id, up.depth + 1 FROM crm_teams t JOIN up ON up.parent_id = t.id WHERE up.depth < 50)
     SELECT m.id, m.roles, (SELECT array_agg(u.key ORDER BY u.depth) FROM up u WHERE u.member = m.id) AS teams
     FROM crm_members m WHERE m.id = ANY(?::int[]) AND m.active`,
    [ids, ids],
  );
  return rows.map(({ id, roles, teams }) => ({ id, roles: roles ?? [], teamKeys: teams ?? [] }));
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

  const load = async (id: number, roles: readonly string[]): Promise<PoolPerson> => {
    const [person] = await personsOf(kit.db, [id]);
    return { id, roles, teamKeys: person?.teamKeys ?? [] };
  };
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

  const homesOf: PoolDirectory['homesOf'] = async (leads) => {
    const pools = await all();
    const byId = new Map(pools.map((pool) => [pool.policyId, pool]));
    const homeless = leads.flatMap(({ home, owner }) => (owner === null || byId.has(home ?? 0) ? [] : [owner]));
    const owners = new Map((await personsOf(kit.db, homeless)).map((person) => [person.id, person]));
    const fallback = pools.find((pool) => pool.body.isDefault) ?? pools[0] ?? null;
    return leads.map(({ home, owner }) => {
      const person = owners.get(owner ?? 0);
      const own = person && pools.find((pool) => pool.body.kind === 'claimable' && rightsIn(pool.body, person).has('see'));
      return byId.get(home ?? 0) ?? own ?? fallback;
    });
  };

  return {
    all,
    byId: async (id) => (await all()).find((pool) => pool.policyId === id) ?? null,
    byKey: async (key) => (await all()).find((pool) => pool.key === key) ?? null,
    groupOf: async (pool) => (pool.body.group ? (await all()).filter((other) => other.body.group === pool.body.group) : [pool]),
    homeOf: async (home, owner) => (await homesOf([{ home, owner }]))[0] ?? null,
    homesOf,
    personOf,
    rights: async (pool, memberId) => rightsOf(pool, await kit.actors.member(memberId)),
    rightsOf,
    people: async () =>
      personsOf(
        kit.db,
        (await many<{ id: number }>(kit.db, 'SELECT id FROM crm_members WHERE active')).map(({ id }) => id),
      ),
    accessOf: async ({ id, roles }) => poolsByVerb(await all(), await load(id, roles)),
  };
}
