import type { Condition } from '@leadsea/crm-core';
import { z } from 'zod';

const text = z.object({ zh: z.string().max(100), en: z.string().max(100) });
const key = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');
const policyKey = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as { rules?: unknown }).rules),
  'must be a condition',
);

export const RANKINGS = ['weighted', 'least-recent', 'most-free-capacity'] as const;
export const CATCH_UPS = ['none', 'capped', 'full'] as const;
export const CAP_PERIODS = ['day', 'week', 'month'] as const;
export const DESTINATION_KINDS = ['member', 'team', 'group', 'role', 'pool', 'account-owner', 'hold'] as const;

/** A member by id, or by e-mail address so that a policy can be carried to another installation. */
export const memberRefSchema = z.union([z.int().min(1), z.string().min(3).max(320)]);
export type MemberRef = z.infer<typeof memberRefSchema>;

export const destinationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('member'), id: z.int().min(1).optional(), email: z.string().max(320).optional() }),
  /** The team and the teams below it. */
  z.object({ kind: z.literal('team'), key: z.string().min(1) }),
  z.object({
    kind: z.literal('group'),
    members: z.array(z.object({ member: memberRefSchema, weight: z.number().min(0).max(100).default(1) })).max(500),
  }),
  z.object({ kind: z.literal('role'), key: z.string().min(1), team: z.string().min(1).nullish() }),
  z.object({ kind: z.literal('pool'), key: policyKey }),
  z.object({ kind: z.literal('account-owner') }),
  /** Waits (for enrichment, for a shift), then goes on with the next rule. */
  z.object({
    kind: z.literal('hold'),
    seconds: z
      .int()
      .min(1)
      .max(30 * 86_400),
  }),
]);
export type Destination = z.infer<typeof destinationSchema>;

export const filtersSchema = z.object({
  capacity: z.boolean().default(true),
  /** `now`: on shift now; within: now, else whoever opens first inside that time. */
  workingHours: z
    .union([
      z.enum(['now', 'ignore']),
      z.object({
        withinSeconds: z
          .int()
          .min(1)
          .max(14 * 86_400),
      }),
    ])
    .default('ignore'),
  /** A fixed skill, or with `from` the value of that lead field (`product`, `custom.region`). */
  skills: z
    .array(z.object({ skill: z.string().min(1).max(60), from: z.string().max(60).optional() }))
    .max(10)
    .default([]),
  /** Speaks the lead's language, where the lead has one. */
  language: z.boolean().default(false),
  /** Leaves out the last so many owners of the lead. */
  excludePrevious: z.int().min(0).max(50).default(0),
});
export type RuleFilters = z.infer<typeof filtersSchema>;

export const onEmptySchema = z.union([z.enum(['next', 'hold']), z.object({ pool: policyKey }), z.object({ member: memberRefSchema })]);
export type OnEmpty = z.infer<typeof onEmptySchema>;

const choosing = {
  ranking: z.enum(RANKINGS).default('weighted'),
  /** What somebody who was away gets when he is back. */
  catchUp: z.enum(CATCH_UPS).default('none'),
  filters: filtersSchema.prefault({}),
  /** Leads of this rule that one person gets in the running day, week or month of his own zone. */
  periodCap: z.object({ per: z.enum(CAP_PERIODS), max: z.int().min(0) }).nullish(),
};

export const routingRuleSchema = z.object({
  key,
  label: text,
  /** Null = every lead. */
  when: condition.nullish(),
  destination: destinationSchema,
  ...choosing,
  onEmpty: onEmptySchema.default('next'),
  /** With `onEmpty: hold`: how long it waits at most before the next rule. */
  holdSeconds: z
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(14_400),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;

/** The body of a `routing-policy` policy (§4). */
export const routingPolicySchema = z.object({
  description: z.string().max(2000).default(''),
  /** Which leads this policy is for; the first live policy that fits decides. */
  when: condition.nullish(),
  /** Before the rules; each can be switched off. */
  sticky: z
    .object({
      duplicateOwner: z.boolean().default(true),
      accountOwner: z.boolean().default(false),
      previousOwnerDays: z.int().min(0).max(3650).default(0),
    })
    .prefault({}),
  rules: z.array(routingRuleSchema).max(200).default([]),
  /** For every lead no rule took. Mandatory: no lead is left lying. */
  otherwise: destinationSchema,
  /** Guards of a re-route. */
  reroute: z
    .object({
      maxHops: z.int().min(0).max(20).default(3),
      excludeLast: z.int().min(1).max(50).default(5),
      onExhausted: z.enum(['manager', 'otherwise']).default('manager'),
    })
    .prefault({}),
});
export type RoutingPolicy = z.infer<typeof routingPolicySchema>;
export type RoutingPolicyInput = z.input<typeof routingPolicySchema>;

/** The key under which the mandatory last rule appears in decisions and in the ledger. */
export const OTHERWISE = 'otherwise';
