import { z } from 'zod';

export const CLAIM_WINDOWS = ['hour', 'day', 'week', 'month'] as const;
export type ClaimWindow = (typeof CLAIM_WINDOWS)[number];
export const LIMIT_SCOPES = ['pool', 'group', 'everywhere'] as const;
export type LimitScope = (typeof LIMIT_SCOPES)[number];
/** The closest row wins: one for the person, else for a role of his, else for his team or the nearest above it, else the one for everybody. */
export const LIMIT_LEVELS = ['member', 'role', 'team', 'default'] as const;
export type LimitLevel = (typeof LIMIT_LEVELS)[number];

const holder = z.object({ type: z.enum(['member', 'role', 'team']), ref: z.union([z.string(), z.number().int()]) }).nullish();
/** Null = no limit of this kind for those it is for. */
const most = z.number().int().min(0).nullable();

export const poolLimitSchema = z.discriminatedUnion('kind', [
  /** Claims in the running hour, day, week or month of the person's own zone: from this pool, its group, or all pools. */
  z.object({
    kind: z.literal('claims'),
    per: z.enum(CLAIM_WINDOWS),
    scope: z.enum(LIMIT_SCOPES).default('pool'),
    max: most,
    for: holder,
  }),
  /** Open leads held at once: that came from this pool, from its group, or wherever they came from. */
  z.object({ kind: z.literal('held'), scope: z.enum(LIMIT_SCOPES).default('everywhere'), max: most, for: holder }),
  /** Leads held that have not been followed up since they were taken. */
  z.object({ kind: z.literal('untouched'), scope: z.enum(LIMIT_SCOPES).default('everywhere'), max: most, for: holder }),
  /** Least time between two claims; 0 = none. */
  z.object({ kind: z.literal('gap'), scope: z.enum(LIMIT_SCOPES).default('pool'), seconds: z.number().int().min(0), for: holder }),
]);

export type PoolLimit = z.infer<typeof poolLimitSchema>;
