import { z } from 'zod';

/** How a new version begins to take leads back that were held when it was published: this share of them a day, after the grace. */
export const stagedSchema = z.object({
  /** 100 = all at once. */
  percentPerDay: z.number().int().min(1).max(100).default(100),
});

export type Staged = z.infer<typeof stagedSchema>;
