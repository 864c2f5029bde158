import { z } from 'zod';
import { actionSchema, condition, evidenceSchema, key, OBLIGORS, text } from './metric';

/** so many touches by so many channels in a window, far enough apart. */
export const touchObligationSchema = z.object({
  key,
  label: text,
  kind: z.literal('touch'),
  obligor: z.enum(OBLIGORS).default('sales'),
  start: condition,
  /** Closed as lost before the window ends: met when the reason is one of these. */
  closed: condition.nullish(),
  allowedReasons: z.array(z.string().min(1).max(60)).max(40).default([]),
  /** Calendar days from the start; the window ends at that instant. */
  windowDays: z.int().min(1).max(366),
  /** Activity kind → how many at least. */
  minCounts: z.record(z.string().min(1).max(40), z.int().min(0).max(100)),
  /** Seconds on the wall between two touches that count. */
  minSpacingSeconds: z.int().min(0).max(2_678_400).default(0),
  minChannels: z.int().min(1).max(20).default(1),
  evidence: evidenceSchema.omit({ kinds: true }).prefault({}),
  /** Beside telling those who promised and their managers, which is always done. */
  onBreach: z.array(actionSchema).max(10).default([]),
});
export type TouchObligation = z.infer<typeof touchObligationSchema>;

export const PERIODS = ['week', 'month', 'quarter'] as const;
export type Period = (typeof PERIODS)[number];

/** what one side delivers in a period: a number of leads, or a share of them. */
export const periodObligationSchema = z.object({
  key,
  label: text,
  kind: z.literal('period'),
  obligor: z.enum(OBLIGORS).default('marketing'),
  period: z.enum(PERIODS).default('quarter'),
  measure: z.discriminatedUnion('kind', [
    /** Leads that reached a stage in the period; with `when`, only those. */
    z.object({ kind: z.literal('stage'), stage: z.string().min(1).max(60), when: condition.nullish() }),
    /** Leads captured in the period for which the condition holds. */
    z.object({ kind: z.literal('captured'), when: condition }),
    /** Part of the leads that reached the stage in the period for which the condition holds, in per cent. */
    z.object({ kind: z.literal('share'), stage: z.string().min(1).max(60), when: condition }),
  ]),
  atLeast: z.number().min(0).max(10_000_000),
});
export type PeriodObligation = z.infer<typeof periodObligationSchema>;

export const obligationSchema = z.discriminatedUnion('kind', [touchObligationSchema, periodObligationSchema]);
export type Obligation = z.infer<typeof obligationSchema>;
