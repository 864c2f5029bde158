import type { Condition } from '@leadsea/crm-core';
import { z } from 'zod';

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

/** the instant from which a clock counts; the moment of the change when absent. A custom date field is `custom.<key>`. */
export const START_FIELDS = ['captured', 'stage', 'held'] as const;

/** `delegate` is the owner or, in his place, his manager. */
export const AUTHORS = ['owner', 'delegate', 'team', 'any'] as const;

export const key = z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/, 'A key has lower-case letters, digits, hyphens and underscores.');
export const text = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
export const condition = z.custom<Condition>(
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
  /** calendar of the leads in this row (by the customer's region, say); it comes before the metric's own. */
  calendar: z.string().min(1).max(80).nullish(),
});
export type Target = z.infer<typeof targetSchema>;

/** `80%` of the target, `-10m`, `-2h` of business time before the deadline, `+1h` after it. */
export const WARN_PATTERN = /^(?:([1-9]\d?)%|([-+])(\d{1,4})([mh]))$/;
const warn = z.string().regex(WARN_PATTERN, 'Write e.g. 80%, -10m, -2h or +1h.');

/** why people may pause a clock by hand, and how much. */
export const pauseReasonSchema = z.object({
  key,
  label: text,
  /** The pause ends with the customer's next word. */
  untilInbound: z.boolean().default(false),
  /** Needs a mail or message to the customer that was logged before. */
  needsEvidence: z.boolean().default(false),
});
export const pauseRulesSchema = z.object({
  reasons: z.array(pauseReasonSchema).min(1).max(20),
  /** All pauses of one clock together, in seconds on the wall. */
  maxTotalSeconds: z.int().min(60).max(31_622_400).nullish(),
  maxCount: z.int().min(1).max(100).nullish(),
});
export type PauseReason = z.infer<typeof pauseReasonSchema>;
export type PauseRules = z.infer<typeof pauseRulesSchema>;

/** What a metric without rules of its own allows: two reasons, three pauses, ten days. */
export const STANDARD_PAUSES: PauseRules = {
  reasons: [
    { key: 'waiting-customer', label: { zh: '等待客户回复', en: 'Waiting for the customer' }, untilInbound: true, needsEvidence: true },
    { key: 'appointment', label: { zh: '已约定时间', en: 'Appointment agreed' }, untilInbound: false, needsEvidence: false },
  ],
  maxTotalSeconds: 864_000,
  maxCount: 3,
};

const notifyOwner = z.object({ kind: z.literal('notify-owner') });
const notifyManager = z.object({ kind: z.literal('notify-manager') });
/** Tells the owner's whole team that the lead waits for whoever is free. */
const notifyTeam = z.object({ kind: z.literal('notify-team') });
/** Posts the event to an address outside; internal addresses are refused. */
const webhook = z.object({ kind: z.literal('webhook'), url: z.url({ protocol: /^https?$/ }).max(500) });
export const actionSchema = z.discriminatedUnion('kind', [
  notifyOwner,
  notifyManager,
  /** Asks routing for another owner. */
  z.object({ kind: z.literal('reroute') }),
  /** Puts the lead into a pool. */
  z.object({ kind: z.literal('pool'), pool: z.string().min(1).max(80) }),
  notifyTeam,
  webhook,
]);
export type ClockAction = z.infer<typeof actionSchema>;

/** What a warning or a promise that was kept can set going: it tells, and moves nothing. */
const tellingSchema = z.discriminatedUnion('kind', [notifyOwner, notifyManager, notifyTeam, webhook]);

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
  /** Ends a pause although its condition still holds. */
  resume: condition.nullish(),
  cancel: condition.nullish(),
  /** R-20 ③: the clock ends and the next one begins with the full time, e.g. at every word of the customer. */
  reset: z.object({ activities: evidenceSchema.nullish(), when: condition.nullish() }).nullish(),
  /** Null: nobody may pause by hand; absent: the standard reasons and limits. */
  pauses: pauseRulesSchema.nullish(),
  /** default `continue`. Must be said when pause contradicts start. */
  whenStartNoLongerMet: z.enum(['continue', 'cancel']).optional(),
  cycleMode: z.enum(CYCLE_MODES).default('new_cycle'),
  clockOwner: z.enum(CLOCK_OWNERS).default('lead'),
  targets: z.array(targetSchema).min(1).max(50),
  targetChange: z.enum(TARGET_CHANGES).default('default'),
  calendarSource: z.enum(CALENDAR_SOURCES).default('fixed'),
  startAt: z.union([z.enum(START_FIELDS), z.string().regex(/^custom\.[a-z][a-zA-Z0-9_]*$/)]).nullish(),
  /** the part of a shorter target that is left at least. */
  graceShare: z.number().min(0).max(1).optional(),
  /** the actions of a breach also when a shorter target made it. */
  actOnTargetChange: z.boolean().optional(),
  /** days of leave of the owner do not count. */
  respectOwnerLeave: z.boolean().optional(),
  /** what should have been told longer ago is told in one digest. */
  maxActionDelaySeconds: z.int().min(0).max(864_000).optional(),
  warns: z.array(warn).max(10).default([]),
  onWarn: z.array(tellingSchema).max(10).default([]),
  onBreach: z.array(actionSchema).max(10).default([]),
  onMet: z.array(tellingSchema).max(10).optional(),
  /** how often one clock may pass a lead on before it is the manager's. */
  maxHops: z.int().min(0).max(20).default(3),
  /** an activity entered up to this much later counts from when it happened. */
  backdateSeconds: z.int().min(0).max(86_400).default(900),
});
export type Metric = z.infer<typeof metricSchema>;
