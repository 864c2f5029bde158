import { z } from 'zod';
import { localised, ruleKey } from './parts';

/**
 * What comes first in a pull queue. `urgency`: a promised next action that is due, the oldest first; `grade`: the best letter; `score`: the
 * highest; `age`: the longest in the pool; `fresh`: the newest arrival.
 */
export const PULL_ORDERS = ['urgency', 'grade', 'score', 'age', 'fresh'] as const;
export type PullOrder = (typeof PULL_ORDERS)[number];

/** A pull queue: nobody chooses; the product hands out the next best lead, one at a time. */
export const pullSchema = z.object({
  /** Applied one after the other; what is still equal goes by id. */
  order: z.array(z.enum(PULL_ORDERS)).min(1).max(5).default(['urgency', 'grade', 'age']),
  /** Seconds the person has to act on a lead before it goes back by itself. */
  actWithinSeconds: z.number().int().min(60).max(86_400).default(600),
  /** Leads a person may pass on per day of his own zone; 0 = none. */
  skipsPerDay: z.number().int().min(0).max(100).default(3),
  /** So long a lead that he skipped or let run out is not handed to the same person again. */
  restSeconds: z.number().int().min(0).max(2_592_000).default(86_400),
  /** Reasons for skipping beside those of a release; empty = only those. */
  skipReasons: z
    .array(z.object({ value: ruleKey, label: localised }))
    .max(20)
    .default([]),
});

export type Pull = z.infer<typeof pullSchema>;
export const PULL_DEFAULTS: Pull = pullSchema.parse({});
