import type { Condition } from '@leadsea/crm-core';
import { z } from 'zod';
import {
  CAP_COUNTS,
  CAP_PERIODS,
  CAP_SCOPES,
  CATCH_UPS,
  CONSENT_CHANNELS,
  CUSTOM_RANKING,
  LOAD_SCOPES,
  PERIODS,
  RANKINGS,
} from './constants';
import { destinationSchema, memberRefSchema, policyKey } from './destination';

export const text = z.object({ zh: z.string().max(100), en: z.string().max(100) });
export const key = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');
export const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as { rules?: unknown }).rules),
  'must be a condition',
);

const SECONDS = 30 * 86_400;

/** so many leads of one person in a period; `person` counts what all rules gave him. */
export const capSchema = z.object({
  scope: z.enum(CAP_SCOPES).default('rule'),
  per: z.enum(CAP_PERIODS),
  /** Length of a rolling window. */
  seconds: z.int().min(60).max(SECONDS).default(86_400),
  max: z.int().min(0),
  /** What counts beside assignments by routing. */
  counts: z.array(z.enum(CAP_COUNTS)).default([]),
});
export type PeriodCap = z.infer<typeof capSchema>;

/** open leads one person holds, of all, of this rule, or of those a condition names. */
export const loadLimitSchema = z.object({
  scope: z.enum(LOAD_SCOPES),
  label: text.optional(),
  leads: condition.nullish(),
  max: z.int().min(0).max(100_000),
});
export type LoadLimit = z.infer<typeof loadLimitSchema>;

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
  /** The lead's value of this field is one of the person's territories (`territory:浙江`, `territory:*`). */
  territory: z.string().max(60).nullish(),
  /** Only leads that may be reached on this channel: those for which the condition holds. */
  consent: z.object({ channel: z.enum(CONSENT_CHANNELS), when: condition }).nullish(),
  /** Leaves out the last so many owners of the lead. */
  excludePrevious: z.int().min(0).max(50).default(0),
  /** Leaves out everybody who held it within so many days. */
  coolingDays: z.int().min(0).max(3650).default(0),
});
export type RuleFilters = z.infer<typeof filtersSchema>;

export const onEmptySchema = z.union([z.enum(['next', 'hold']), z.object({ pool: policyKey }), z.object({ member: memberRefSchema })]);
export type OnEmpty = z.infer<typeof onEmptySchema>;

const choosing = {
  ranking: z
    .union([
      z.enum(RANKINGS),
      z.custom<`custom:${string}`>((value) => typeof value === 'string' && CUSTOM_RANKING.test(value), 'must be a ranking'),
    ])
    .default('weighted'),
  /** With a ranking of an implementer: its parameters. */
  rankingParams: z.record(z.string().max(60), z.unknown()).default({}),
  /** With `count-in-period`: counts begin anew with each. */
  period: z.enum(PERIODS).default('month'),
  /** With `quality-balanced`: what a lead is worth. */
  value: z.enum(['score', 'revenue']).default('score'),
  /** With `best-fit`: points for a person whose skill is the value of that field. */
  fit: z
    .array(z.object({ skill: z.string().max(60).default(''), from: z.string().min(1).max(60), points: z.int().min(1).max(1000) }))
    .max(20)
    .default([]),
  /** With `best-fit`: how many points below the best still count as equal. */
  fitTolerance: z.int().min(0).max(1000).default(0),
  /** What somebody who was away gets when he is back. */
  catchUp: z.enum(CATCH_UPS).default('none'),
  filters: filtersSchema.prefault({}),
  /** One cap of this rule; more of them in `caps`. */
  periodCap: z.object({ per: z.enum(PERIODS), max: z.int().min(0) }).nullish(),
  caps: z.array(capSchema).max(6).default([]),
  loadLimits: z.array(loadLimitSchema).max(6).default([]),
};

export const routingRuleSchema = z.object({
  key,
  label: text,
  /** Null = every lead. */
  when: condition.nullish(),
  destination: destinationSchema,
  ...choosing,
  onEmpty: onEmptySchema.default('next'),
  /** R-51 `notify`: who keeps routing policies is told when it finds nobody, at most once an hour. */
  tellWhenEmpty: z.boolean().default(false),
  /** With `onEmpty: hold`: how long it waits at most before the next rule. */
  holdSeconds: z.int().min(60).max(SECONDS).default(14_400),
});
export type RoutingRule = z.infer<typeof routingRuleSchema>;
