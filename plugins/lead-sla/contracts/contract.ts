import type { Condition } from '@leadsea/crm-core';
import { z } from 'zod';

/** Policy kind and console resource of a contract. */
export const SLA_KIND = 'sla-contract';
export const SLA_RESOURCE = 'sla-contracts';

/** Who promises: sales answers marketing's leads, marketing answers sales' rejections, the product assigns in time. */
export const OBLIGORS = ['sales', 'marketing', 'system'] as const;
export type Obligor = (typeof OBLIGORS)[number];

/** what happens when the start is true again after a clock has ended. */
export const CYCLE_MODES = ['first_only', 'new_cycle', 'resume', 'continue'] as const;
export type CycleMode = (typeof CYCLE_MODES)[number];

/** what a new owner means for a running clock. */
export const CLOCK_OWNERS = ['lead', 'owner', 'owner_remaining', 'stint'] as const;
export type ClockOwner = (typeof CLOCK_OWNERS)[number];

/** what a new target means for a running clock. `default`: shorter with grace, longer not at all. */
export const TARGET_CHANGES = ['default', 'keep', 'restart', 'retroactive', 'proportional'] as const;
export type TargetChange = (typeof TARGET_CHANGES)[number];

/** */
export const CALENDAR_SOURCES = ['fixed', 'team', 'owner'] as const;

/** the instant from which a clock counts; the moment of the change when absent. */
export const START_FIELDS = ['captured', 'stage', 'held'] as const;

export const AUTHORS = ['owner', 'team', 'any'] as const;

const key = z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/, 'A key has lower-case letters, digits, hyphens and underscores.');
const text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as { rules?: unknown }).rules),
  'must be a condition',
);

/** which activities are evidence. Automatic and bulk activities never are. */
export const evidenceSchema = z.object({
  kinds: z.array(z.string().min(1).max(40)).min(1).max(20),
  /** When given, an activity with another outcome does not count, and neither does a call without one. */
  outcomes: z.array(z.string().min(1).max(60)).min(1).max(40).optional(),
  direction: z.enum(['outbound', 'inbound', 'any']).default('outbound'),
  authors: z.enum(AUTHORS).default('owner'),
  /** Shorter calls do not count. */
  minSeconds: z.int().min(0).max(86_400).optional(),
});
export type EvidenceRule = z.infer<typeof evidenceSchema>;

/** business time (`PT30M`, `PT4H`), or business days (`P1BD`) in the meaning chosen beside it. */
const duration = z.string().regex(/^(P\d{1,4}BD|PT(?=\d)(\d{1,5}H)?(\d{1,6}M)?(\d{1,8}S)?)$/, 'Write e.g. PT30M, PT4H or P1BD.');

export const targetSchema = z.object({
  /** First target whose condition holds; the last one has none. */
  when: condition.nullish(),
  duration,
  meaning: z.enum(['same-time', 'end-of-day', 'budget']).default('budget'),
});
export type Target = z.infer<typeof targetSchema>;

/** `80%` of the target, or `-10m`, `-2h` of business time before the deadline. */
export const WARN_PATTERN = /^(?:([1-9]\d?)%|-(\d{1,4})([mh]))$/;
const warn = z.string().regex(WARN_PATTERN, 'Write e.g. 80%, -10m or -2h.');

const notifyOwner = z.object({ kind: z.literal('notify-owner') });
const notifyManager = z.object({ kind: z.literal('notify-manager') });
export const actionSchema = z.discriminatedUnion('kind', [
  notifyOwner,
  notifyManager,
  /** Asks routing for another owner. */
  z.object({ kind: z.literal('reroute') }),
  /** Puts the lead into a pool. */
  z.object({ kind: z.literal('pool'), pool: z.string().min(1).max(80) }),
]);
export type ClockAction = z.infer<typeof actionSchema>;

export const metricSchema = z.object({
  key,
  label: text,
  obligor: z.enum(OBLIGORS).default('sales'),
  start: condition,
  stop: z
    .object({ activities: evidenceSchema.nullish(), when: condition.nullish() })
    .refine(
      (stop) => Boolean(stop.activities) || Boolean(stop.when),
      'A clock needs something that stops it: activities, a condition or both.',
    ),
  pause: condition.nullish(),
  cancel: condition.nullish(),
  /** default `continue`. Must be said when pause contradicts start. */
  whenStartNoLongerMet: z.enum(['continue', 'cancel']).optional(),
  cycleMode: z.enum(CYCLE_MODES).default('new_cycle'),
  clockOwner: z.enum(CLOCK_OWNERS).default('lead'),
  targets: z.array(targetSchema).min(1).max(50),
  targetChange: z.enum(TARGET_CHANGES).default('default'),
  calendarSource: z.enum(CALENDAR_SOURCES).default('fixed'),
  startAt: z.enum(START_FIELDS).nullish(),
  warns: z.array(warn).max(10).default([]),
  onWarn: z
    .array(z.discriminatedUnion('kind', [notifyOwner, notifyManager]))
    .max(10)
    .default([]),
  onBreach: z.array(actionSchema).max(10).default([]),
  /** how often one clock may pass a lead on before it is the manager's. */
  maxHops: z.int().min(0).max(20).default(3),
  /** an activity entered up to this much later counts from when it happened. */
  backdateSeconds: z.int().min(0).max(86_400).default(900),
});
export type Metric = z.infer<typeof metricSchema>;

const haveOwnKeys = (metrics: readonly { readonly key: string }[]): boolean =>
  new Set(metrics.map((metric) => metric.key)).size === metrics.length;

/** The body of a contract: what both sides read, and what the engine measures. */
export const contractSchema = z.object({
  title: text,
  /** The agreement in words, Markdown. */
  text: z.object({ zh: z.string().max(20_000), en: z.string().max(20_000) }).nullish(),
  /** Key of a calendar policy; the company's first one when null. */
  calendar: z.string().max(80).nullable().default(null),
  metrics: z.array(metricSchema).min(1).max(20).refine(haveOwnKeys, 'Two metrics have the same key.'),
});
export type Contract = z.infer<typeof contractSchema>;
/** What may be left out when a contract is written. */
export type ContractInput = z.input<typeof contractSchema>;
