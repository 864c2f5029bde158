import { z } from 'zod';

/**
 * What may speak for an account: web domain, last eight digits of the telephone number, name, name without the place before it, sound of the
 * name in the other script (`华为`, `Huawei`), and the city, which only adds to something else.
 */
export const MATCH_FIELDS = ['domain', 'phone', 'company', 'place', 'sound', 'city'] as const;
export type MatchField = (typeof MATCH_FIELDS)[number];

const points = (usual: number) => z.int().min(0).max(100).default(usual);

/** The body of an `account-matching` policy: how much each field speaks for an account, and from how many points on something follows. */
export const accountMatchingSchema = z.object({
  description: z.string().max(2000).default(''),
  /** 0 = the field does not count. Free-mail domains never do. */
  points: z
    .object({ domain: points(60), phone: points(45), company: points(50), place: points(35), sound: points(35), city: points(10) })
    .prefault({}),
  /** From so many points on a lead is joined to the account by itself … */
  auto: z.int().min(1).max(300).default(50),
  /** … and from so many on a person is asked. */
  suggest: z.int().min(1).max(300).default(35),
});
export type AccountMatching = z.infer<typeof accountMatchingSchema>;
export type AccountMatchingInput = z.input<typeof accountMatchingSchema>;

/** Holds where no policy is live. */
export const DEFAULT_MATCHING: AccountMatching = accountMatchingSchema.parse({});

/** One field of a match and the points it gave. */
export interface MatchGround {
  readonly field: MatchField;
  readonly points: number;
}

/** An open question: does this lead belong to that account? `GET /account-suggestions`, `GET /leads/:id/explain/account`. */
export interface AccountSuggestion {
  readonly lead: Readonly<Record<string, unknown>> & { readonly id: number };
  readonly account: Readonly<Record<string, unknown>> & { readonly id: number };
  readonly score: number;
  readonly grounds: readonly MatchGround[];
  /** Other accounts with the same score. */
  readonly others: number;
  readonly at: string;
}
