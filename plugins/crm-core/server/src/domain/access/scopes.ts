import type { Actor, RoleSpec, RowScope, ScopeCondition, ScopeTest } from '../../../../contracts';

/** Prefix of condition paths that speak about the parent row. */
export const PARENT = 'parent';

/** Prefix of condition paths that speak about a field's value. */
export const HAS = 'has';

/** What a role asks of every row of a resource it gives anything on; `{}` where it asks nothing. */
export const limitOf = (role: RoleSpec, resource: string): ScopeCondition => {
  const fields = role.only && Object.hasOwn(role.only, resource) ? role.only[resource] : undefined;
  return Object.fromEntries(Object.entries(fields ?? {}).map(([field, values]) => [`${HAS}.${field}`, { $in: [...values] }]));
};

/** The name a scope is about: a resource that does not keep it has no such rows. */
export const SCOPE_SUBJECT = { own: 'owner', team: 'team', teamBelow: 'team', pool: 'pool' } as const;

/**
 * The condition a row scope puts on a row for this actor; `{}` is every row, null is no row. An actor without a member, team or pool
 * never matches rows that have none either. Pools may confine single verbs (`Actor.poolVerbs`).
 */
export function scopeCondition(scope: RowScope, actor: Actor, verb: string): ScopeCondition | null {
  switch (scope) {
    case 'none':
      return null;
    case 'own':
      return actor.memberId === null ? null : { owner: { $eq: actor.memberId } };
    case 'team':
      return actor.teamId === null ? null : { team: { $eq: actor.teamId } };
    case 'teamBelow':
      return actor.teamIds.length === 0 ? null : { team: { $in: [...actor.teamIds] } };
    case 'pool': {
      const pools = (actor.poolVerbs && Object.hasOwn(actor.poolVerbs, verb) ? actor.poolVerbs[verb] : undefined) ?? actor.poolIds;
      return pools.length === 0 ? null : { pool: { $in: [...pools] }, owner: { $eq: null } };
    }
    case 'all':
      return {};
    default:
      throw new Error(`Unknown row scope ${String(scope satisfies never)}`);
  }
}

/** The same condition asked of the parent row. */
export function onParent(condition: ScopeCondition): ScopeCondition {
  return Object.fromEntries(Object.entries(condition).map(([name, test]) => [`${PARENT}.${name}`, test]));
}

const meets = (value: number | null, list: readonly (number | string)[]): boolean => value !== null && list.includes(value);

function bothTests(a: ScopeTest, b: ScopeTest): ScopeTest | null {
  if (a.$eq !== undefined && b.$eq !== undefined) return a.$eq === b.$eq ? a : null;
  if (a.$eq !== undefined) return meets(a.$eq, b.$in ?? []) ? a : null;
  if (b.$eq !== undefined) return meets(b.$eq, a.$in ?? []) ? b : null;
  const shared = (a.$in ?? []).filter((value) => (b.$in ?? []).includes(value));
  return shared.length === 0 ? null : { $in: shared };
}

/** Both conditions at once, or null when no row can meet them. */
export function bothConditions(a: ScopeCondition, b: ScopeCondition): ScopeCondition | null {
  const merged: Record<string, ScopeTest> = { ...a };
  for (const [name, test] of Object.entries(b)) {
    const known = merged[name];
    const both = known === undefined ? test : bothTests(known, test);
    if (both === null) return null;
    merged[name] = both;
  }
  return merged;
}
