/** The answers of a look-up, from the one that binds most to the one that binds least. */
export const LOOKUP_STATUSES = ['customer', 'protected', 'owned', 'pool', 'free'] as const;
export type LookupStatus = (typeof LOOKUP_STATUSES)[number];

export interface StandingFacts {
  readonly ownerId: number | null;
  readonly poolId: number | null;
  /** Null when it is over. */
  readonly protectedUntil: Date | null;
  readonly stage: string;
  /** An opportunity of it was won. */
  readonly won: boolean;
}

/** How a lead stands for a person who asks about it. A lost or unowned lead in no pool is free. */
export function standingOf(
  lead: StandingFacts,
  stages: { readonly won: readonly string[]; readonly lost: readonly string[] },
): LookupStatus {
  if (lead.won || stages.won.includes(lead.stage)) return 'customer';
  if (stages.lost.includes(lead.stage)) return 'free';
  if (lead.ownerId !== null) return lead.protectedUntil === null ? 'owned' : 'protected';
  return lead.poolId === null ? 'free' : 'pool';
}

/** Of several matches the one that binds most; the first among equals. */
export function strongest<Row>(
  rows: readonly { readonly row: Row; readonly status: LookupStatus }[],
): { readonly row: Row; readonly status: LookupStatus } | null {
  const rank = (status: LookupStatus): number => LOOKUP_STATUSES.indexOf(status);
  return rows.reduce<(typeof rows)[number] | null>(
    (best, one) => (best === null || rank(one.status) < rank(best.status) ? one : best),
    null,
  );
}
