import { z } from 'zod';

/**
 * When a lead has had enough: it leaves the pool as it enters it and comes back only when it shows itself again (a visit, a form, a reply, a
 * new capture). Both empty = never.
 */
export const exhaustedSchema = z.object({
  /** So many different owners since its last sign of life. */
  owners: z.number().int().min(1).max(50).nullish(),
  /** So many attempts (calls, messages, visits …) in a row without contact. */
  attempts: z.number().int().min(1).max(200).nullish(),
});

export type Exhausted = z.infer<typeof exhaustedSchema>;
