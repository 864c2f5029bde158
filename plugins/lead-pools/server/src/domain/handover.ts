/** Where leads of one rule go, people resolved. */
export type Destination =
  | { readonly type: 'people'; readonly people: readonly { readonly id: number; readonly weight: number }[] }
  | { readonly type: 'pool'; readonly pool: number }
  | { readonly type: 'home' };

export interface HandedLead {
  readonly id: number;
  /** The pool it belongs back to, when there is a live one. */
  readonly homePool: number | null;
  /** Per rule whether its condition holds. */
  readonly fits: readonly boolean[];
}

export interface Assignment {
  readonly lead: number;
  readonly toMember: number | null;
  readonly toPool: number | null;
  /** Index of the rule; null = no rule took it and it stays. */
  readonly rule: number | null;
}

interface Share {
  readonly id: number;
  readonly weight: number;
  given: number;
  /** Number of the lead he got last; 0 = none yet. */
  last: number;
}

/** The one furthest behind his share: least (given + ½) / weight, by exact cross-multiplication; ties go to who waited longest, then by list. */
function nextOf(shares: readonly Share[]): Share | null {
  return shares.reduce<Share | null>((best, share) => {
    if (best === null) return share;
    const lead = (2 * share.given + 1) * best.weight - (2 * best.given + 1) * share.weight;
    return lead < 0 || (lead === 0 && share.last < best.last) ? share : best;
  }, null);
}

/**
 * Splits leads by the first rule that fits each, in the order given: best first, so that every person gets the same mix. A rule whose people
 * are all unfit takes nothing, the next one is asked. Nothing is lost: a lead without a rule stays with its owner.
 */
export function splitLeads(leads: readonly HandedLead[], destinations: readonly Destination[]): readonly Assignment[] {
  const shares = destinations.map((one): Share[] =>
    one.type === 'people' ? one.people.filter(({ weight }) => weight > 0).map((person) => ({ ...person, given: 0, last: 0 })) : [],
  );
  return leads.map((lead, place): Assignment => {
    for (const [rule, destination] of destinations.entries()) {
      if (!lead.fits[rule]) continue;
      if (destination.type === 'pool') return { lead: lead.id, toMember: null, toPool: destination.pool, rule };
      if (destination.type === 'home') {
        if (lead.homePool !== null) return { lead: lead.id, toMember: null, toPool: lead.homePool, rule };
        continue;
      }
      const share = nextOf(shares[rule]!);
      if (!share) continue;
      share.given += 1;
      share.last = place + 1;
      return { lead: lead.id, toMember: share.id, toPool: null, rule };
    }
    return { lead: lead.id, toMember: null, toPool: null, rule: null };
  });
}

export const RETURN_MODES = ['untouched', 'all', 'none'] as const;
export type ReturnMode = (typeof RETURN_MODES)[number];

/** A lead that was handed over, when its person is back. */
export interface LentLead {
  readonly id: number;
  readonly toMember: number | null;
  readonly ownerNow: number | null;
  readonly gone: boolean;
  readonly closed: boolean;
  /** The delegate has followed it up since. */
  readonly worked: boolean;
}

export type ReturnVerdict =
  | { readonly id: number; readonly state: 'returned' }
  | { readonly id: number; readonly state: 'kept'; readonly reason: 'WORKED' | 'POOL' | 'BY_CHOICE' }
  | { readonly id: number; readonly state: 'conflict'; readonly reason: 'GONE' | 'MOVED_SINCE' | 'CLOSED' };

/** What comes back to somebody who was away: untouched leads by themselves; what the delegate has begun is asked about. */
export function returnOf(lead: LentLead, mode: ReturnMode): ReturnVerdict {
  const { id } = lead;
  if (lead.toMember === null) return { id, state: 'kept', reason: 'POOL' };
  if (lead.gone) return { id, state: 'conflict', reason: 'GONE' };
  if (lead.ownerNow !== lead.toMember) return { id, state: 'conflict', reason: 'MOVED_SINCE' };
  if (lead.closed) return { id, state: 'conflict', reason: 'CLOSED' };
  if (mode === 'none') return { id, state: 'kept', reason: 'BY_CHOICE' };
  return lead.worked && mode === 'untouched' ? { id, state: 'kept', reason: 'WORKED' } : { id, state: 'returned' };
}
