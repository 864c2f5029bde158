import type { LocalisedText } from '@leadsea/crm-core';

/** Why a person could not have the lead. */
export const CANDIDATE_CODES = [
  'DISABLED',
  'ON_LEAVE',
  'OFFLINE_TOGGLE',
  'OFF_SHIFT',
  'CAPACITY_FULL',
  'PERIOD_CAP',
  'SKILL_MISSING',
  'LANGUAGE',
  'EXCLUDED_PREVIOUS_OWNER',
  'WEIGHT_ZERO',
] as const;
export type CandidateCode = (typeof CANDIDATE_CODES)[number];

export interface CandidateReason {
  readonly code: CandidateCode;
  /** Used and allowed, for limits. */
  readonly n?: number;
  readonly m?: number;
  /** ISO instant: end of leave, next opening, reset of a cap. */
  readonly until?: string | null;
  /** The skill or language that is missing. */
  readonly value?: string;
}

/** Why the lead went where it went, or nowhere. */
export const ROUTE_REASONS = [
  'RULE',
  'OTHERWISE',
  'ON_EMPTY',
  'STICKY_DUPLICATE',
  'STICKY_ACCOUNT',
  'STICKY_PREVIOUS',
  'MANAGER',
  'EXPLICIT',
  'HELD',
  'NO_CANDIDATE',
  'QUARANTINED',
  'STAGE_CLOSED',
  'DO_NOT_CONTACT',
  'TOUCHED',
  'ALREADY_DECIDED',
] as const;
export type RouteReason = (typeof ROUTE_REASONS)[number];

/** Why a re-route did not go through the rules as usual. */
export const REROUTE_GUARDS = ['MAX_HOPS', 'LOOP_GUARD'] as const;
export type RerouteGuard = (typeof REROUTE_GUARDS)[number];

/** what told two equal candidates apart. */
export const TIE_BREAKS = ['rank', 'least-recent', 'list', 'id'] as const;
export type TieBreak = (typeof TIE_BREAKS)[number];

export const RULE_VERDICTS = ['no-match', 'empty', 'held', 'waited', 'chosen'] as const;
export type RuleVerdict = (typeof RULE_VERDICTS)[number];

export interface RuleTrace {
  readonly rule: string;
  readonly verdict: RuleVerdict;
}

/** One row of the candidate table as the decision keeps it. */
export interface StoredCandidate {
  readonly rule: string;
  readonly member: number;
  readonly name?: string;
  readonly eligible: boolean;
  readonly codes?: readonly CandidateReason[];
  /** Smaller is better; its meaning depends on the ranking. */
  readonly rank?: number;
  readonly chosen?: boolean;
  readonly [more: string]: unknown;
}

/** The table of one rule in a large batch: everybody who could have it with his rank, and everybody who could not with the reasons. */
export interface CompactTable {
  readonly rule: string;
  readonly free: readonly (readonly [member: number, rank: number | null])[];
  readonly out: readonly { readonly member: number; readonly codes: readonly CandidateReason[] }[];
  readonly chosen: number | null;
  readonly [more: string]: unknown;
}

/** `candidates` of a stored decision as rows, whichever of the two forms it has. */
export function candidateRows(stored: unknown): readonly StoredCandidate[] {
  if (!Array.isArray(stored)) return [];
  return (stored as readonly (StoredCandidate | CompactTable)[]).flatMap((item): readonly StoredCandidate[] => {
    if (!('free' in item)) return [item];
    const { rule, free, out, chosen } = item as CompactTable;
    return [
      ...free.map(([member, rank]) => ({
        rule,
        member,
        eligible: true,
        ...(rank === null ? {} : { rank }),
        ...(member === chosen ? { chosen: true } : {}),
      })),
      ...out.map(({ member, codes }) => ({ rule, member, eligible: false, codes })),
    ];
  });
}

/** `result` of a stored route decision. */
export interface RouteResult {
  readonly owner: number | null;
  readonly pool: number | null;
  readonly reason: RouteReason;
  readonly rule: string | null;
  readonly policy: string | null;
  readonly destination: string | null;
  readonly guard?: RerouteGuard;
  readonly heldUntil?: string;
  readonly tie?: TieBreak;
  readonly previousOwner?: number | null;
  /** How often the lead was taken from somebody in a row. */
  readonly hop: number;
  /** A test lead: decided, not given. */
  readonly test?: boolean;
}

/** The answer of `GET /leads/:id/explain/owner`. */
export interface OwnerExplanation {
  readonly at: string | null;
  readonly cause: string | null;
  readonly policy: { readonly id: number; readonly key: string; readonly name: string; readonly version: number } | null;
  readonly rule: { readonly key: string; readonly label: LocalisedText } | null;
  readonly rules: readonly { readonly key: string; readonly label: LocalisedText; readonly verdict: RuleVerdict }[];
  readonly result: {
    readonly owner: { readonly id: number; readonly name: string | null } | null;
    readonly pool: { readonly id: number; readonly name: string } | null;
    readonly reason: RouteReason | null;
    readonly heldUntil: string | null;
  };
  readonly text: LocalisedText;
  readonly candidates: readonly {
    /** Null where the reader may not see other members. */
    readonly member: number | null;
    readonly name: string | null;
    readonly rule: string;
    readonly eligible: boolean;
    readonly codes: readonly { readonly code: CandidateCode; readonly text: LocalisedText }[];
    readonly rank: number | null;
    readonly chosen: boolean;
    readonly you: boolean;
  }[];
}
