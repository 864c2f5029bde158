import type { Condition } from '@leadsea/crm-core';
import { z } from 'zod';

const text = z.object({ zh: z.string().max(100), en: z.string().max(100) });
const duration = z.string().regex(/^P(?=[\dT])(\d+(BD|D|W))?(T(\d+H)?(\d+M)?(\d+S)?)?$/, 'must be a duration such as PT4H, P3BD or P14D');
const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as { rules?: unknown }).rules),
  'must be a condition',
);

export const POOL_RIGHTS = ['see', 'claim', 'assign', 'manage'] as const;
export type PoolRight = (typeof POOL_RIGHTS)[number];
export const CLAIM_WINDOWS = ['hour', 'day', 'week', 'month'] as const;
export type ClaimWindow = (typeof CLAIM_WINDOWS)[number];

export const poolLimitSchema = z.discriminatedUnion('kind', [
  /** Claims from this pool in the running hour, day, week or month of the person's own zone. */
  z.object({ kind: z.literal('claims'), per: z.enum(CLAIM_WINDOWS), max: z.number().int().min(0) }),
  /** Open leads held at once, wherever they came from. */
  z.object({ kind: z.literal('held'), max: z.number().int().min(0) }),
  /** Leads held that nobody has followed up since they were taken. */
  z.object({ kind: z.literal('untouched'), max: z.number().int().min(0) }),
  /** Least time between two claims. */
  z.object({ kind: z.literal('gap'), seconds: z.number().int().min(1) }),
]);

export const recycleRuleSchema = z.object({
  key: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: text,
  when: condition.nullish(),
  /** A lead without a follow-up counts from the claim (§5.7); a next action in the future moves the start there. */
  since: z.enum(['follow-up', 'claim', 'stage']).default('follow-up'),
  after: duration,
});

/** The body of a `pool` policy. */
export const poolSchema = z.object({
  kind: z.enum(['claimable', 'assigned']).default('claimable'),
  description: z.string().max(2000).default(''),
  members: z
    .array(
      z.object({
        type: z.enum(['everyone', 'team', 'role', 'member']),
        /** Team key, role key or member id; empty for everyone. */
        ref: z.union([z.string(), z.number().int()]).optional(),
        rights: z.array(z.enum(POOL_RIGHTS)).min(1),
      }),
    )
    .default([]),
  limits: z.array(poolLimitSchema).default([]),
  /** Days a former owner has to wait before taking the lead again. */
  coolingDays: z.number().int().min(0).max(365).default(0),
  /** Seconds a lead rests after it entered the pool before anyone may claim it. */
  embargoSeconds: z.number().int().min(0).default(0),
  calendar: z.string().nullish(),
  recycle: z
    .object({
      rules: z.array(recycleRuleSchema).default([]),
      /** Warnings before the move, in business time. */
      warns: z.array(duration).default([]),
      /** Key of the pool that receives; empty = the lead's home pool, else this one. */
      returnTo: z.string().nullish(),
    })
    .default({ rules: [], warns: [] }),
  /** Leads held when a version is published go back by its rules no sooner than this (unless they were told an earlier date already). */
  graceAfterPublish: duration.default('P3BD'),
  /** Receives leads that were never in a pool when they are given back. */
  isDefault: z.boolean().default(false),
});

export type Pool = z.infer<typeof poolSchema>;
export type PoolLimit = z.infer<typeof poolLimitSchema>;
export type RecycleRule = z.infer<typeof recycleRuleSchema>;

const reason = (
  value: string,
  zh: string,
  en: string,
  givesBack = false,
): { value: string; label: { zh: string; en: string }; givesBack: boolean } => ({ value, label: { zh, en }, givesBack });

/** Why a lead goes back to a pool. Only these three give a claim back (§5.2). */
export const RELEASE_REASONS = [
  reason('no_answer', '联系不上', 'Cannot be reached'),
  reason('not_interested', '暂无意向', 'Not interested now'),
  reason('no_time', '没有精力跟进', 'No time to follow up'),
  reason('wrong_region', '区域不符', 'Wrong region'),
  reason('duplicate', '重复线索', 'Duplicate', true),
  reason('invalid', '信息无效', 'Invalid data', true),
  reason('wrong_pool', '公海错误', 'Wrong pool', true),
  reason('other', '其他', 'Other'),
];
