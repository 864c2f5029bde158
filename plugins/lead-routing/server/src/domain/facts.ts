import type { LocalisedText } from '@leadsea/crm-core';
import {
  PAUSED_WEIGHT,
  type LoadLimit,
  type PeriodCap,
  type RerouteGuard,
  type RoutingPolicy,
  type RoutingRule,
  type WeekStart,
} from '../../../contracts';

/** A member as routing sees him at one moment. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  readonly managerId: number | null;
  readonly teamId: number | null;
  readonly roles: readonly string[];
  /** Lower-case words: `crm`, `product:erp`, `zh`, `territory:浙江`. */
  readonly skills: ReadonlySet<string>;
  readonly capacity: number | null;
  readonly weight: number;
  readonly online: boolean;
  readonly leaveFrom: Date | null;
  readonly leaveTo: Date | null;
  /** `now` when on shift, else the next opening; null = never opens. */
  readonly opensAt: Date | null;
  readonly timeZone: string;
  readonly locale?: string | null;
  /** His role lets him see leads of his own. */
  readonly permitted?: boolean;
  /** Taken offline by the product, until then. */
  readonly offlineUntil?: Date | null;
  /** Keys of the standards his record meets; absent = none asked. */
  readonly meets?: ReadonlySet<string>;
  /** Who stands for him during leave. */
  readonly delegateId?: number | null;
}

export interface CandidateRef {
  readonly id: number;
  /** Whole parts (`WEIGHT_PARTS`). */
  readonly weight: number;
  readonly place: number;
  /** On leave; this candidate stands for him. */
  readonly standsFor?: number;
}

export type PlainTarget =
  { readonly kind: 'people'; readonly candidates: readonly CandidateRef[] } | { readonly kind: 'pool'; readonly poolId: number | null };

/** Where a rule points, with names resolved to what is there now. */
export type Target =
  | PlainTarget
  | { readonly kind: 'account-owner' }
  | { readonly kind: 'previous-owner'; readonly days: number }
  /** Destinations of the rows some lead of this set may hit, by row; group keys are those of the destination. */
  | { readonly kind: 'table'; readonly rows: ReadonlyMap<number, { readonly group: string; readonly target: PlainTarget }> }
  | { readonly kind: 'webhook'; readonly timeoutMs: number; readonly fallback: PlainTarget }
  /** Everybody some lead of this set may go to; `named` of the lead says who it is for that lead. */
  | { readonly kind: 'custom'; readonly candidates: readonly CandidateRef[] }
  | { readonly kind: 'hold'; readonly seconds: number };

/** a cap with the name under which its counts are kept. */
export interface PlannedCap extends PeriodCap {
  readonly id: string;
  /** Absent = Monday. */
  readonly weekStart?: WeekStart;
}
/** */
export interface PlannedLimit extends LoadLimit {
  readonly id: string;
}

export interface PlannedRule {
  readonly rule: RoutingRule;
  /** Name of the ledger: who received what by this rule. */
  readonly group: string;
  readonly target: Target;
  /** Destination of `onEmpty` when it names one; null when it does not exist (any more). */
  readonly onEmpty: Target | null;
  /** The load that counts against a person's own capacity here; `own` when absent. */
  readonly ownLoad?: string;
  readonly caps?: readonly PlannedCap[];
  readonly limits?: readonly PlannedLimit[];
}

export interface PlannedStandard {
  readonly key: string;
  readonly label: LocalisedText;
}

export interface Plan {
  readonly policyId: number;
  readonly versionId: number;
  readonly key: string;
  readonly name: string;
  readonly body: RoutingPolicy;
  readonly rules: readonly PlannedRule[];
  readonly otherwise: PlannedRule;
}

/** Of one person in one group: what the ledger and the stored start levels say. */
export interface ShareFacts {
  readonly id: number;
  /** In units, start level included; null = new in this group. */
  readonly given: number | null;
  /** Ledger lines inside `given` (their value, where value is balanced); the rest of it is start level. */
  readonly counted: number;
  readonly last: number;
  /** When he last got one. */
  readonly lastAt?: Date | null;
  /** The weight at the last decision, in whole parts (`WEIGHT_PARTS`). */
  readonly weight: number | null;
}

/** How much of a cap is used, and when it is free again. */
export interface CapUse {
  readonly used: number;
  readonly endsAt: Date | null;
}

export interface Sticky {
  readonly reason: 'STICKY_DUPLICATE' | 'STICKY_ACCOUNT' | 'STICKY_PREVIOUS';
  readonly member: number;
}

export interface PastOwner {
  readonly member: number;
  /** When he lost it. */
  readonly at: Date;
}

/** What a webhook said about a lead at a rule. */
export type WebhookAnswer =
  { readonly kind: 'failed' } | { readonly kind: 'member'; readonly member: number } | { readonly kind: 'pool'; readonly pool: number };

/** A lead as routing sees it. */
export interface RoutedLead {
  readonly id: number;
  readonly versionId: number;
  readonly score: number | null;
  readonly grade: string | null;
  readonly capturedAt: Date;
  readonly language: string | null;
  readonly ownerId: number | null;
  readonly accountOwner: number | null;
  /** Values of the fields that rules take skills from. */
  readonly values: Readonly<Record<string, string | null>>;
  /** Keys of the rules whose condition holds. */
  readonly holds: ReadonlySet<string>;
  /** When it began to wait at a rule. */
  readonly waiting: ReadonlyMap<string, Date>;
  readonly sticky: readonly Sticky[];
  /** Newest first, without doubles. */
  readonly previousOwners: readonly number[];
  readonly reroute: boolean;
  readonly guard: RerouteGuard | null;
  readonly test: boolean;
  /** In a replay of several hours at once: leads of the same number came together, those of a smaller one before. */
  readonly together?: number;
  /** What it is worth where value is balanced; whole, at least 1. */
  readonly value?: number;
  /** With the moments they lost it. */
  readonly pastOwners?: readonly PastOwner[];
  /** Who refused it, and whether for a conflict of interest. */
  readonly refusedBy?: ReadonlyMap<number, 'conflict' | 'other'>;
  /** By rule with a table: the row that fits, or why none. */
  readonly rows?: ReadonlyMap<string, number | 'none' | 'ambiguous'>;
  /** By rule with a destination of an implementer: whom it names for this lead. */
  readonly named?: ReadonlyMap<string, readonly CandidateRef[]>;
  /** By rule with a webhook. */
  readonly answers?: ReadonlyMap<string, WebhookAnswer>;
  /** Rules whose consent condition does not hold for it. */
  readonly unreachable?: ReadonlySet<string>;
  /** Standards that concern it. */
  readonly standards?: readonly PlannedStandard[];
  /** A step of the ladder decides instead of the rules. */
  readonly forced?: { readonly kind: 'manager' } | { readonly kind: 'pool'; readonly pool: number; readonly offered: boolean };
  /** What it adds to a load in hundredths; absent = 100 where it counts at all. */
  readonly adds?: ReadonlyMap<string, number>;
}

/** The load that counts against a person's own capacity; policies that count otherwise have their own. */
export const OWN_LOAD = 'own';
/** Versions published before paused leads had a weight have none. */
export const pausedWeightOf = ({ capacity }: { readonly capacity: { readonly pausedWeight?: number } }): number =>
  capacity.pausedWeight ?? PAUSED_WEIGHT;
export const ownLoadId = ({ body, versionId }: Pick<Plan, 'body' | 'versionId'>): string =>
  body.capacity.leads || body.capacity.weights.length > 0 || pausedWeightOf(body) !== PAUSED_WEIGHT ? `${OWN_LOAD}:${versionId}` : OWN_LOAD;

export interface World {
  readonly people: ReadonlyMap<number, Person>;
  /** By load (`own`, or that of a limit) and person: open leads held now, in hundredths. */
  readonly loads: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly shares: ReadonlyMap<string, readonly ShareFacts[]>;
  /** By cap and person. */
  readonly caps?: ReadonlyMap<string, ReadonlyMap<number, CapUse>>;
}
