import type { RerouteGuard, RoutingPolicy, RoutingRule } from '../../../contracts';

/** A member as routing sees him at one moment. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  readonly managerId: number | null;
  readonly teamId: number | null;
  readonly roles: readonly string[];
  /** Lower-case words: `crm`, `product:erp`, `zh`. */
  readonly skills: ReadonlySet<string>;
  readonly capacity: number | null;
  readonly weight: number;
  readonly online: boolean;
  readonly leaveFrom: Date | null;
  readonly leaveTo: Date | null;
  /** `now` when on shift, else the next opening; null = never opens. */
  readonly opensAt: Date | null;
  readonly timeZone: string;
}

export interface CandidateRef {
  readonly id: number;
  /** Whole hundredths. */
  readonly weight: number;
  readonly place: number;
}

/** Where a rule points, with names resolved to what is there now. */
export type Target =
  | { readonly kind: 'people'; readonly candidates: readonly CandidateRef[] }
  | { readonly kind: 'pool'; readonly poolId: number | null }
  | { readonly kind: 'account-owner' }
  | { readonly kind: 'hold'; readonly seconds: number };

export interface PlannedRule {
  readonly rule: RoutingRule;
  /** Name of the ledger: who received what by this rule. */
  readonly group: string;
  readonly target: Target;
  /** Destination of `onEmpty` when it names one; null when it does not exist (any more). */
  readonly onEmpty: Target | null;
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
  /** Ledger lines inside `given`; the rest of it is start level. */
  readonly counted: number;
  readonly last: number;
  /** The weight at the last decision. */
  readonly weight: number | null;
  readonly inPeriod: number;
  readonly periodEnds: Date | null;
}

export interface Sticky {
  readonly reason: 'STICKY_DUPLICATE' | 'STICKY_ACCOUNT' | 'STICKY_PREVIOUS';
  readonly member: number;
}

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
}

export interface World {
  readonly people: ReadonlyMap<number, Person>;
  /** Open leads each person holds now. */
  readonly loads: ReadonlyMap<number, number>;
  readonly shares: ReadonlyMap<string, readonly ShareFacts[]>;
}
