import { z } from 'zod';

/**
 * What a person may do with the leads lying in a pool, each for itself: see them, take them, give them to somebody, move them to another
 * pool, change them, bring them in by file, take them out by file; `manage` is all of these, and deciding requests. The role says which of
 * these verbs a person has at all; the right says in which pools.
 */
export const POOL_RIGHTS = ['see', 'claim', 'assign', 'transfer', 'edit', 'import', 'export', 'manage'] as const;
export type PoolRight = (typeof POOL_RIGHTS)[number];

export const poolMemberSchema = z.object({
  type: z.enum(['everyone', 'team', 'role', 'member']),
  /** Team key, role key or member id; empty for everyone. A team stands for the teams below it too. */
  ref: z.union([z.string(), z.number().int()]).optional(),
  rights: z.array(z.enum(POOL_RIGHTS)).min(1),
});

/** A field of the leads lying in this pool that people may not see, or only in part: for one role, or for everybody but those who manage the pool. */
export const poolFieldSchema = z.object({
  field: z.string().regex(/^[A-Za-z][\w.]*$/),
  access: z.enum(['hidden', 'masked']),
  /** Role key; empty = every role. */
  role: z.string().nullish(),
});

export type PoolMember = z.infer<typeof poolMemberSchema>;
export type PoolField = z.infer<typeof poolFieldSchema>;
