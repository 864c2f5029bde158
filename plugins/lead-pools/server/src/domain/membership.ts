import type { Pool, PoolRight } from '../../../contracts';

export interface PoolPerson {
  readonly id: number;
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
  if (rights.has('manage')) for (const right of ['see', 'claim', 'assign'] as const) rights.add(right);
  if (rights.has('claim') || rights.has('assign')) rights.add('see');
  return rights;
}

/** The pool as far as its leads are listed to people: a pull queue is blind, so the right to claim alone shows nobody what is in it. */
export const listed = (pool: Pick<Pool, 'members' | 'kind'>): Pick<Pool, 'members'> =>
  pool.kind === 'pull'
    ? {
        members: pool.members
          .map((row) => ({ ...row, rights: row.rights.filter((right) => right !== 'claim') }))
          .filter((row) => row.rights.length > 0),
      }
    : pool;
