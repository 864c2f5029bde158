import { z } from 'zod';

/** Which of the rows counted are shown as examples. */
export const MATCH_SIDES = ['matching', 'added', 'removed'] as const;
export type MatchSide = (typeof MATCH_SIDES)[number];

const tree = z.record(z.string(), z.unknown());

/** `POST /:resource/match`: a condition, and another version of it to compare with (for a policy: the live one). */
export const matchInput = z.object({
  where: tree,
  against: tree.nullish(),
  /** Also the newest rows of one side. */
  sample: z.enum(MATCH_SIDES).nullish(),
  /** Also what each rule of the outermost group finds by itself. */
  parts: z.boolean().default(false),
});
export type MatchInput = z.infer<typeof matchInput>;

/** How many rows; `estimated` = worked out from a part of the table, in two digits, because counting them all took too long. */
export interface MatchTotal {
  readonly total: number;
  readonly estimated: boolean;
}

export interface MatchAnswer<Row = Readonly<Record<string, unknown>>> {
  readonly matching: MatchTotal;
  /** Rows that match and did not match the other version; null when there is none to compare with. */
  readonly added: MatchTotal | null;
  /** Rows that matched the other version and do not match this one. */
  readonly removed: MatchTotal | null;
  /** Why the other version could not be counted, e.g. a field of it is gone or hidden from the reader. */
  readonly refused: { readonly code: string; readonly message: string } | null;
  /** The newest rows of the side asked for, ten at most, as a list would send them. */
  readonly sample: readonly Row[] | null;
  /** Per rule of the outermost group (the first twenty): how many rows it finds alone, and how many the others find without it. */
  readonly parts: readonly { readonly alone: MatchTotal; readonly without: MatchTotal }[] | null;
}
