import type { PoolLimit } from '../../../contracts';

export const CLAIM_REFUSALS = [
  'POOL_UNKNOWN',
  'NOT_A_MEMBER',
  'NOT_CLAIMABLE',
  'NOT_FOUND',
  'ALREADY_CLAIMED',
  'NOT_IN_POOL',
  'EMBARGO',
  'COOLING',
  'DO_NOT_CONTACT',
  'CLAIM_LIMIT_HOUR',
  'CLAIM_LIMIT_DAY',
  'CLAIM_LIMIT_WEEK',
  'CLAIM_LIMIT_MONTH',
  'HOLD_LIMIT',
  'UNTOUCHED_LIMIT',
  'CLAIM_GAP',
] as const;
export type ClaimRefusalCode = (typeof CLAIM_REFUSALS)[number];

/** A lead as the claim sees it, read under lock. */
export interface ClaimedLead {
  readonly id: number;
  readonly ownerId: number | null;
  readonly poolId: number | null;
  readonly poolEnteredAt: Date | null;
  readonly doNotContactUntil: Date | null;
  /** When this person last lost the lead, if ever. */
  readonly leftAt: Date | null;
  /** Within the row scope of the person's right to claim. */
  readonly allowed: boolean;
}

/** How far a person has used one limit at the start of the request. */
export interface LimitUse {
  readonly limit: PoolLimit;
  readonly used: number;
  readonly resetsAt: Date | null;
}

export interface ClaimRules {
  readonly poolId: number;
  readonly coolingDays: number;
  readonly embargoSeconds: number;
  /** Order of §5.1: claims per hour, day, week, month, then held, untouched, gap. */
  readonly limits: readonly LimitUse[];
  readonly lastClaimAt: Date | null;
}

export type ClaimVerdict =
  | { readonly id: number; readonly ok: true }
  | { readonly id: number; readonly ok: false; readonly code: ClaimRefusalCode; readonly details: Readonly<Record<string, unknown>> };

const CODES = { hour: 'CLAIM_LIMIT_HOUR', day: 'CLAIM_LIMIT_DAY', week: 'CLAIM_LIMIT_WEEK', month: 'CLAIM_LIMIT_MONTH' } as const;
const RANK = { hour: 0, day: 1, week: 2, month: 3 } as const;

/** The fixed order in which limits are tried: the first that fails is the one that is named. */
export const limitRank = (limit: PoolLimit): number =>
  limit.kind === 'claims' ? RANK[limit.per] : { held: 4, untouched: 5, gap: 6 }[limit.kind];

function failedLimit(rules: ClaimRules, taken: number, now: Date): ClaimVerdict | null {
  for (const { limit, used, resetsAt } of rules.limits) {
    if (limit.kind === 'gap') {
      const last = taken > 0 ? now : rules.lastClaimAt;
      const free = last === null ? null : new Date(last.getTime() + limit.seconds * 1000);
      if (free !== null && free.getTime() > now.getTime())
        return { id: 0, ok: false, code: 'CLAIM_GAP', details: { seconds: limit.seconds, resetsAt: free } };
      continue;
    }
    if (limit.max === null || used + taken < limit.max) continue;
    const code = limit.kind === 'claims' ? CODES[limit.per] : limit.kind === 'held' ? 'HOLD_LIMIT' : 'UNTOUCHED_LIMIT';
    return { id: 0, ok: false, code, details: { limit: limit.max, used: used + taken, ...(resetsAt ? { resetsAt } : {}) } };
  }
  return null;
}

function stateRefusal(lead: ClaimedLead, rules: ClaimRules, now: Date): ClaimVerdict | null {
  const refuse = (code: ClaimRefusalCode, details: Record<string, unknown> = {}): ClaimVerdict => ({
    id: lead.id,
    ok: false,
    code,
    details,
  });
  if (lead.ownerId !== null) return refuse('ALREADY_CLAIMED');
  if (lead.poolId !== rules.poolId) return refuse('NOT_IN_POOL');
  if (!lead.allowed) return refuse('NOT_A_MEMBER');
  const free = lead.poolEnteredAt === null ? 0 : lead.poolEnteredAt.getTime() + rules.embargoSeconds * 1000;
  if (rules.embargoSeconds > 0 && free > now.getTime()) return refuse('EMBARGO', { until: new Date(free) });
  const cool = lead.leftAt === null ? 0 : lead.leftAt.getTime() + rules.coolingDays * 86_400_000;
  if (rules.coolingDays > 0 && cool > now.getTime()) return refuse('COOLING', { until: new Date(cool) });
  if (lead.doNotContactUntil !== null && lead.doNotContactUntil.getTime() > now.getTime())
    return refuse('DO_NOT_CONTACT', { until: lead.doNotContactUntil });
  return null;
}

/** Claims in the order asked for; each accepted lead uses up the limits for the next (§5.1, §5.4). */
export function decideClaims(leads: readonly ClaimedLead[], rules: ClaimRules, now: Date): readonly ClaimVerdict[] {
  let taken = 0;
  return leads.map((lead) => {
    const refusal = stateRefusal(lead, rules, now) ?? failedLimit(rules, taken, now);
    if (refusal) return { ...refusal, id: lead.id };
    taken += 1;
    return { id: lead.id, ok: true };
  });
}
