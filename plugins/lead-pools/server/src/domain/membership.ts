import { POOL_RIGHTS, type Pool, type PoolField, type PoolRight } from '../../../contracts';

export interface PoolPerson {
  readonly id: number;
  /** The own team first, then the one above it, and so on. */
  readonly teamKeys: readonly string[];
  readonly roles: readonly string[];
}

/** Rights of a person in a pool: all rows of the member list that fit add up; managing includes everything. */
export function rightsIn(pool: Pick<Pool, 'members'>, person: PoolPerson): ReadonlySet<PoolRight> {
  const rights = new Set<PoolRight>();
  for (const row of pool.members) {
    const fits =
      row.type === 'everyone' ||
      (row.type === 'member' && Number(row.ref) === person.id) ||
      (row.type === 'team' && person.teamKeys.includes(String(row.ref))) ||
      (row.type === 'role' && person.roles.includes(String(row.ref)));
    if (fits) for (const right of row.rights) rights.add(right);
  }
  if (rights.has('manage')) for (const right of POOL_RIGHTS) rights.add(right);
  // Whoever may do something with the leads of a pool has to see them; bringing leads in needs no look at the others.
  if ([...rights].some((right) => right !== 'import')) rights.add('see');
  return rights;
}

/** The pool as far as its leads are listed to people: a pull queue is blind, so the right to claim alone shows nobody what is in it. */
const listed = (pool: Pick<Pool, 'members' | 'kind'>): Pick<Pool, 'members'> =>
  pool.kind === 'pull'
    ? {
        members: pool.members
          .map((row) => ({ ...row, rights: row.rights.filter((right) => right !== 'claim') }))
          .filter((row) => row.rights.length > 0),
      }
    : pool;

const COVER: readonly (PoolField['access'] | null)[] = [null, 'masked', 'hidden'];
const heaviness = (access: PoolField['access'] | null): number => COVER.indexOf(access);

/**
 * Fields a person may not see, or only masked, of the leads lying in a pool. Of the rows for one role the strictest counts; several roles
 * add up, so the role that shows most counts for the person. Whoever manages the pool sees them all.
 */
export function coveredFields(
  pool: Pick<Pool, 'members' | 'fields'>,
  person: PoolPerson,
): readonly { readonly field: string; readonly access: PoolField['access'] }[] {
  if (pool.fields.length === 0 || rightsIn(pool, person).has('manage')) return [];
  const strictest = (field: string, role: string | null): PoolField['access'] | null =>
    pool.fields
      .filter((row) => row.field === field && (!row.role || row.role === role))
      .reduce<PoolField['access'] | null>((most, { access }) => (heaviness(access) > heaviness(most) ? access : most), null);
  return [...new Set(pool.fields.map(({ field }) => field))].flatMap((field) => {
    const roles: readonly (string | null)[] = person.roles.length > 0 ? person.roles : [null];
    const least = Math.min(...roles.map((role) => heaviness(strictest(field, role))));
    const access = COVER[least];
    return access ? [{ field, access }] : [];
  });
}

/** Which right in a pool a verb on its leads needs. Verbs that are not named need to see them (a claim says itself who is no member). */
const RIGHT_OF_VERB: Readonly<Record<string, PoolRight>> = {
  assign: 'assign',
  transfer: 'transfer',
  recycle: 'transfer',
  update: 'edit',
  log: 'edit',
  import: 'import',
  export: 'export',
  delete: 'manage',
  merge: 'manage',
};

/** Pools per verb in which a person may use it, for the row scope `pool`. */
export function poolsByVerb(
  pools: readonly { readonly policyId: number; readonly body: Pick<Pool, 'members' | 'fields' | 'kind'> }[],
  person: PoolPerson,
): {
  readonly seen: readonly number[];
  readonly verbs: Readonly<Record<string, readonly number[]>>;
  readonly fields: readonly { readonly field: string; readonly access: PoolField['access']; readonly pools: readonly number[] }[];
} {
  const rights = pools.map((pool) => ({ id: pool.policyId, rights: rightsIn(listed(pool.body), person) }));
  const withRight = (right: PoolRight): readonly number[] => rights.filter((pool) => pool.rights.has(right)).map((pool) => pool.id);
  return {
    seen: withRight('see'),
    verbs: Object.fromEntries(Object.entries(RIGHT_OF_VERB).map(([verb, right]) => [verb, withRight(right)])),
    fields: pools.flatMap((pool) => coveredFields(pool.body, person).map((covered) => ({ ...covered, pools: [pool.policyId] }))),
  };
}
