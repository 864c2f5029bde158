import { z } from 'zod';
import { policyKey } from './parts';

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a wall time such as 10:00');

/**
 * A drop releases leads in rounds. `timed`: at the hour the best ones move to the pool `into`, open to all who may claim there.
 * `lottery`: people register interest while the round is open, then every lead is drawn by a seed whose hash was published at the opening.
 */
export const dropSchema = z.object({
  mode: z.enum(['timed', 'lottery']).default('lottery'),
  /** When rounds open, in the zone of the pool's calendar; no days = only by hand. */
  days: z.array(z.number().int().min(1).max(7)).max(7).default([]),
  at: wallTime.default('10:00'),
  /** Seconds people have for registering interest (lottery). */
  windowSeconds: z.number().int().min(30).max(86_400).default(600),
  /** Leads per round, the best first. */
  leads: z.number().int().min(1).max(500).default(50),
  /** Most leads one person may win in a round. */
  perPerson: z.number().int().min(1).max(500).default(5),
  /** `equal`: one chance each; `balance`: who received fewer leads of this pool lately has more. */
  weight: z.enum(['equal', 'balance']).default('balance'),
  /** Days that count for the balance. */
  balanceDays: z.number().int().min(1).max(365).default(30),
  /** Timed: the pool that receives; lottery: where leads nobody won go (empty = they stay for the next round). */
  into: policyKey.nullish(),
});

export type Drop = z.infer<typeof dropSchema>;
export const DROP_DEFAULTS: Drop = dropSchema.parse({});
