import { z } from 'zod';

/** What counts as an effective follow-up in this pool. A bulk edit and what the product sends by itself never count. */
export const followUpSchema = z.object({
  kinds: z
    .array(
      z.object({
        /** Kind of activity: `call`, `mail`, `message`, `meeting`, `visit` … */
        kind: z.string().min(1),
        /** Outcomes that count; empty = all. */
        outcomes: z.array(z.string()).default([]),
        minSeconds: z.number().int().min(0).default(0),
      }),
    )
    .default([
      { kind: 'call', outcomes: ['connected'], minSeconds: 30 },
      { kind: 'meeting', outcomes: [], minSeconds: 0 },
      { kind: 'visit', outcomes: [], minSeconds: 0 },
    ]),
  /** A reply of the lead (any inbound activity). */
  reply: z.boolean().default(true),
  /** A move to another stage made by a person. */
  stageChange: z.boolean().default(true),
  /** Least length of the note; 0 = none is asked for. */
  minNote: z.number().int().min(0).max(500).default(0),
  /** A note as similar as this to an earlier one on the same lead does not count (trigram similarity, 0–1); empty = not compared. */
  maxSimilarity: z.number().min(0).max(1).nullish(),
});

export type FollowUp = z.infer<typeof followUpSchema>;
