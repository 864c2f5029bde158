import { z } from 'zod';
import { condition, duration, localised, ruleKey, timeKind } from './parts';

/** While a lead is protected it is not taken back (§5.6). */
export const protectionSchema = z.object({
  /** Granted when somebody takes the lead and the condition holds; the longest that applies counts. */
  rules: z.array(z.object({ key: ruleKey, label: localised, when: condition.nullish(), for: duration, time: timeKind })).default([]),
  events: z
    .object({
      /** An open opportunity keeps the lead as long as it is open. */
      opportunity: z.boolean().default(true),
      /** A meeting agreed for within so many days keeps the lead until it has been held; 0 = no. */
      meetingDays: z.number().int().min(0).max(90).default(14),
    })
    .default({ opportunity: true, meetingDays: 14 }),
  requests: z
    .object({
      enabled: z.boolean().default(true),
      /** Longest time one request may ask for. */
      most: duration.default('P14D'),
      /** Requests a person may make for one lead while he holds it. */
      perHolding: z.number().int().min(0).max(20).default(2),
      /** So many of them are granted at once, without anybody's approval. */
      automatic: z.number().int().min(0).max(20).default(0),
    })
    .default({ enabled: true, most: 'P14D', perHolding: 2, automatic: 0 }),
  /** No protection by rule or request reaches further than this after the lead was taken; empty = no bound. */
  max: duration.nullish(),
  /** When the protection ends: the rules go on (`rules`), or the lead goes back at once (`recycle`). */
  onExpiry: z.enum(['rules', 'recycle']).default('rules'),
});

export type Protection = z.infer<typeof protectionSchema>;
