import { LIMIT_CODES } from '../../../contracts';
import { failedLimit, type LimitRefusal, type LimitUse } from './limits';

export const CLAIM_REFUSALS = [
  'POOL_UNKNOWN',
  'NOT_A_MEMBER',
  'NOT_CLAIMABLE',
  'NOT_FOUND',
  'ALREADY_CLAIMED',
  'NOT_IN_POOL',
  'LEAD_CLOSED',
  'EMBARGO',
  'COOLING',
  'DO_NOT_CONTACT',
  ...LIMIT_CODES,
  'ALL_OR_NONE',
] as const;
export type ClaimRefusalCode = (typeof CLAIM_REFUSALS)[number];

/** A lead as the claim sees it, read under lock. */
export interface ClaimedLead {
  readonly id: number;
  readonly ownerId: number | null;
  /** Since when somebody holds it. */
  readonly heldSince: Date | null;
  readonly poolId: number | null;
  readonly poolEnteredAt: Date | null;
  readonly doNotContactUntil: Date | null;
  /** In a stage in which leads are no longer worked. */
  readonly closed: boolean;
  /** Until when this person has to wait for it as a former owner, or a colleague of one; null = he need not. */
  readonly coolingUntil: Date | null;
  /** Within the row scope of the person's rights to claim and to read. */
  readonly allowed: boolean;
}

export interface ClaimRules {
  readonly poolId: number;
  readonly embargoSeconds: number;
  /** In the order in which they are tried, see `limitsFor`. */
  readonly limits: readonly LimitUse[];
  /** Somebody who may: limits are passed, and the verdict says which. */
  readonly override: boolean;
}

export type ClaimVerdict =
  | { readonly id: number; readonly ok: true; readonly passed: LimitRefusal | null }
  | { readonly id: number; readonly ok: false; readonly code: ClaimRefusalCode; readonly details: Readonly<Record<string, unknown>> };

type Refusal = Extract<ClaimVerdict, { ok: false }>;

function stateRefusal(lead: ClaimedLead, rules: ClaimRules, now: Date): Refusal | null {
  const refuse = (code: ClaimRefusalCode, details: Record<string, unknown> = {}): Refusal => ({ id: lead.id, ok: false, code, details });
  // When, but not by whom: that is for those who may see the lead.
  if (lead.ownerId !== null) return refuse('ALREADY_CLAIMED', lead.heldSince === null ? {} : { at: lead.heldSince });
  if (lead.poolId !== rules.poolId) return refuse('NOT_IN_POOL');
  if (!lead.allowed) return refuse('NOT_A_MEMBER');
  if (lead.closed) return refuse('LEAD_CLOSED');
  const free = lead.poolEnteredAt === null ? 0 : lead.poolEnteredAt.getTime() + rules.embargoSeconds * 1000;
  if (rules.embargoSeconds > 0 && free > now.getTime()) return refuse('EMBARGO', { until: new Date(free) });
  if (lead.coolingUntil !== null) return refuse('COOLING', { until: lead.coolingUntil });
  if (lead.doNotContactUntil !== null && lead.doNotContactUntil.getTime() > now.getTime())
    return refuse('DO_NOT_CONTACT', { until: lead.doNotContactUntil });
  return null;
}

/** Claims in the order asked for; each accepted lead uses up the limits for the next (§5.1, §5.4). */
export function decideClaims(leads: readonly ClaimedLead[], rules: ClaimRules, now: Date): readonly ClaimVerdict[] {
  let taken = 0;
  return leads.map((lead): ClaimVerdict => {
    const refusal = stateRefusal(lead, rules, now);
    if (refusal) return refusal;
    const limit = failedLimit(rules.limits, taken, now);
    if (limit && !rules.override) return { id: lead.id, ok: false, ...limit };
    taken += 1;
    return { id: lead.id, ok: true, passed: limit };
  });
}

/** One of several that were to be taken together, when not all of them can be. */
const noneOf = (verdict: ClaimVerdict): ClaimVerdict =>
  verdict.ok ? { id: verdict.id, ok: false, code: 'ALL_OR_NONE', details: {} } : verdict;

/** One person's request among several that are decided together. */
export interface ClaimsOfOne {
  readonly memberId: number;
  readonly leads: readonly ClaimedLead[];
  readonly rules: ClaimRules;
  /** Only asks: takes nothing away from those who come after. */
  readonly dryRun: boolean;
  /** All of them or none (§5.4); else what fits. `missing` = some of those asked for are not there. */
  readonly all?: { readonly missing: boolean } | null;
}

/**
 * Requests of different people, decided in the order in which they came: what one takes is taken for those after him, as if each had been
 * alone and had waited for the one before. Verdicts per request. Limits are a person's own, so no person may stand in it twice.
 */
export function decideTogether(requests: readonly ClaimsOfOne[], now: Date): readonly (readonly ClaimVerdict[])[] {
  const owners = new Map<number, number>();
  return requests.map(({ memberId, leads, rules, dryRun, all }) => {
    const fitting = decideClaims(
      leads.map((lead) => (owners.has(lead.id) ? { ...lead, ownerId: owners.get(lead.id)!, heldSince: now } : lead)),
      rules,
      now,
    );
    const verdicts = all && (all.missing || fitting.some(({ ok }) => !ok)) ? fitting.map(noneOf) : fitting;
    if (!dryRun) for (const verdict of verdicts) if (verdict.ok) owners.set(verdict.id, memberId);
    return verdicts;
  });
}
