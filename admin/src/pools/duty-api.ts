import type { Condition } from '@leadsea/crm-core/contracts/condition';
import { getJson, postJson } from '../api/http-client';
import type { LocalisedText } from '../api/types';
import { query } from './api';

/** The console API for those who keep pools: hand-over, preflight, the kill switch, undo, reports. */

export type SplitTarget =
  | { readonly type: 'member' | 'team' | 'pool'; readonly id: number }
  | { readonly type: 'shares'; readonly shares: readonly { readonly member: number; readonly weight: number }[] }
  | { readonly type: 'home' };
export interface SplitRule {
  readonly when?: Condition | null;
  readonly to: SplitTarget;
}
/** What comes back by itself on the first working day: what the delegate did not touch, all, or nothing. */
export const AUTOMATIC_RETURNS = ['untouched', 'all', 'none'] as const;
export type AutomaticReturn = (typeof AUTOMATIC_RETURNS)[number];
export interface HandOverPlan {
  readonly member: number;
  readonly kind: 'leave' | 'leaver';
  readonly from?: string;
  readonly to?: string;
  readonly split: readonly SplitRule[];
  readonly tasks: 'hand-over' | 'close';
}
export interface HandOverTarget {
  readonly type: 'member' | 'pool';
  readonly id: number;
  readonly name: string;
  readonly leads: number;
  /** Only of a preview. */
  readonly holdsNow?: number | null;
  readonly onLeave: boolean;
}
export interface HandOverPreview {
  readonly leads: number;
  readonly outOfReach: number;
  readonly tasks: number;
  readonly clocks: number;
  readonly protections: number;
  readonly meetings: number;
  readonly opportunities: number;
  readonly byStage: readonly { readonly stage: string; readonly leads: number }[];
  readonly targets: readonly HandOverTarget[];
  readonly returnsAt: string | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}
export interface HandOver {
  readonly id: number;
  readonly member: number;
  readonly name: string;
  readonly kind: 'leave' | 'leaver';
  readonly state: 'planned' | 'active' | 'returned' | 'cancelled' | 'done';
  readonly startsAt: string;
  readonly returnsAt: string | null;
  readonly leads: number;
  readonly moved: number;
  readonly kept: number;
  /** Kept ones about which somebody has to decide. */
  readonly undecided: number;
  readonly mayKeep?: boolean;
  readonly at: string;
  readonly targets: readonly HandOverTarget[];
  readonly move: string | null;
  readonly items?: readonly {
    readonly lead: number;
    readonly name: string | null;
    readonly to: number | null;
    readonly toPool: number | null;
    readonly state: 'moved' | 'returned' | 'kept' | 'conflict';
    readonly reason: string | null;
  }[];
}

export const handOvers = {
  preview: (plan: HandOverPlan) => postJson<HandOverPreview>('/handovers/preview', plan),
  start: (plan: HandOverPlan & { automatic: AutomaticReturn; partial?: boolean }) => postJson<HandOver>('/handovers', plan),
  list: async () => (await getJson<{ handovers: HandOver[] }>('/handovers')).handovers,
  one: (id: number) => getJson<HandOver>(`/handovers/${id}`),
  back: (id: number, leads?: readonly number[]) => postJson<HandOver>(`/handovers/${id}/return`, leads ? { leads } : {}),
  keep: (id: number, leads: readonly number[]) => postJson<HandOver>(`/handovers/${id}/keep`, { leads }),
  cancel: (id: number) => postJson<HandOver>(`/handovers/${id}/cancel`, {}),
};

export interface Moves {
  readonly tonight: number;
  readonly afterGrace: number;
  readonly week: number;
  readonly withOpportunity: number;
  readonly withMeeting: number;
  readonly protected: number;
}
export const MOVE_GROUPS = ['tonight', 'afterGrace', 'week', 'withOpportunity', 'withMeeting', 'protected'] as const;
export type MoveGroup = (typeof MOVE_GROUPS)[number];
export interface Preflight {
  readonly held: number;
  /** Only so many, drawn at random, were looked at, and how far each number may be off (95 %); null = all were, and the numbers are exact. */
  readonly sample?: { readonly looked: number; readonly margins: Moves } | null;
  readonly people: number;
  readonly moves: Moves;
  readonly byPerson: readonly ({ readonly member: number; readonly name: string } & Moves)[];
  readonly staged: readonly { readonly day: string; readonly leads: number }[];
  readonly graceEnds: string | null;
  readonly against: { readonly now: Moves };
}
export const preflightLeads = (pool: number, group: MoveGroup, member?: number) =>
  getJson<{ ids: number[]; total: number }>(`/pools/${pool}/preflight/leads${query({ group, member })}`);

export interface Paused {
  readonly paused: { readonly at: string; readonly by: number | null; readonly name: string | null; readonly reason: string | null } | null;
  readonly waiting: number;
}
export const recycling = {
  pause: (pool: number, reason: string) => postJson<Paused>(`/pools/${pool}/pause-recycling`, reason ? { reason } : {}),
  resume: (pool: number) => postJson<Paused>(`/pools/${pool}/resume-recycling`, {}),
};

export interface Move {
  readonly key: string;
  readonly kind: 'recycle-run' | 'assign' | 'transfer' | 'release' | 'recycle' | 'hand-over' | 'import';
  readonly at: string;
  readonly by: number | null;
  readonly name: string | null;
  readonly leads: number;
  readonly undoneAt: string | null;
  readonly undoableUntil: string;
  readonly href?: string;
}
export interface Conflict {
  readonly lead: number;
  readonly name: string | null;
  readonly code: string;
  readonly by: string | null;
  readonly at: string | null;
}
export const moves = {
  list: () => getJson<{ moves: Move[] }>('/pools/moves'),
  one: (key: string) =>
    getJson<{ move: Move; ready: number; conflicts: Conflict[]; conflictCount: number }>(`/pools/moves/${encodeURIComponent(key)}`),
  undo: (key: string, includeWorked: boolean) =>
    postJson<{ restored: number; conflicts: Conflict[]; conflictCount: number }>(
      `/pools/moves/${encodeURIComponent(key)}/undo`,
      includeWorked ? { includeWorked } : {},
    ),
};

export const METRICS = ['entered', 'claimed', 'released', 'recycled', 'converted'] as const;
export type Metric = (typeof METRICS)[number];
export type ReportBy = 'day' | 'rep' | 'source' | 'pool';
export type Counts = Readonly<Record<Metric, number>> & { readonly waitSeconds: number | null; readonly holdSeconds: number | null };
export interface Report {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly (Counts & { readonly key: string; readonly label: LocalisedText | string | null })[];
  readonly total: Counts;
  readonly now: readonly {
    readonly pool: number;
    readonly available: number;
    readonly oldestSeconds: number | null;
    readonly medianSeconds: number | null;
  }[];
}
export type ReportFilter = Readonly<Record<string, string | number | null | undefined>>;
export const reports = {
  by: (by: ReportBy, filter: ReportFilter) => getJson<Report>(`/pools/report${query({ ...filter, by })}`),
  leads: (by: ReportBy, metric: Metric, key: string, filter: ReportFilter) =>
    getJson<{ ids: number[]; total: number }>(`/pools/report/leads${query({ ...filter, by, metric, key })}`),
};
