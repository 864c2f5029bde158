import { z } from 'zod';
import { duration, timeKind } from './parts';

/** How a person may lose a lead. `reassigned` = an administrator gave it to somebody else, `rerouted` = the routing took it from him. */
export const LEAVE_WAYS = ['released', 'recycled', 'transferred', 'reassigned', 'rejected', 'rerouted'] as const;
export type LeaveWay = (typeof LEAVE_WAYS)[number];

/** How long former owners wait before they may take the lead again. */
export const coolingSchema = z.object({
  /** Wait where nothing closer is said; empty = none. */
  after: duration.nullish(),
  time: timeKind,
  /** Per way of leaving, and per release reason (the closest); `null` = none for that one. */
  ways: z.partialRecord(z.enum(LEAVE_WAYS), duration.nullable()).default({}),
  reasons: z.record(z.string(), duration.nullable()).default({}),
  /** How many former owners wait, the latest first; empty = every one. */
  owners: z.number().int().min(1).max(20).nullish(),
  /** Their colleagues of the same team wait too. */
  team: z.boolean().default(false),
});

export type Cooling = z.infer<typeof coolingSchema>;
