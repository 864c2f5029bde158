import type { LocalisedText } from '../api/types';

export type Side = 'sales' | 'marketing';
export type Obligor = Side | 'system';

export interface Tally {
  readonly total: number;
  readonly met: number;
  readonly breached: number;
  readonly waived: number;
  readonly p50Business: number | null;
  readonly p90Business: number | null;
  readonly p50Calendar: number | null;
  readonly p90Calendar: number | null;
}

export interface PeriodStanding {
  readonly contractId: number;
  readonly key: string;
  readonly label: LocalisedText;
  readonly obligor: Obligor;
  readonly kind: 'stage' | 'captured' | 'share';
  readonly start: string;
  readonly end: string;
  readonly atLeast: number;
  readonly measured: number;
  readonly share: number;
  readonly expected: number | null;
  readonly onTrack: boolean | null;
  readonly weeks: readonly { readonly week: string; readonly measured: number }[];
}

/** Whose promise a line is: two contracts may use the same key. */
export interface OfContract {
  readonly contract: number;
  readonly contractName: string | null;
}

export interface Scorecard {
  readonly total: Tally;
  readonly metrics: readonly (Tally & OfContract & { readonly metric: string; readonly label: LocalisedText; readonly obligor: Obligor })[];
  readonly series: readonly (Tally & { readonly start: string })[];
  readonly holders: readonly (Tally & { readonly owner: number | null; readonly name: string | null })[];
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly hours: readonly { readonly day: number; readonly hour: number; readonly total: number; readonly breached: number }[];
  readonly open: { readonly running: number; readonly late: number; readonly paused: number };
  readonly obligations: readonly (OfContract & {
    readonly key: string;
    readonly label: LocalisedText;
    readonly obligor: Obligor;
    readonly running: number;
    readonly met: number;
    readonly breached: number;
    readonly impossible: number;
  })[];
  readonly periods: readonly PeriodStanding[];
}

export interface Forecast {
  readonly label: LocalisedText;
  readonly tz: string;
  readonly expected: number;
  readonly hours: readonly {
    readonly hour: string;
    readonly arrivals: number;
    readonly staff: number;
    readonly waiting: number;
    readonly breaches: number;
  }[];
  readonly advice: { readonly from: string; readonly to: string; readonly saves: number } | null;
}

export type ContractStatus = 'unsigned' | 'scheduled' | 'running' | 'expired' | 'replaced';

export interface AgreementVersion {
  readonly versionId: number;
  readonly number: number;
  readonly publishedAt: string;
  readonly status: ContractStatus;
  readonly effectiveFrom: string | null;
  readonly effectiveTo: string | null;
  readonly signing: 'both' | 'none';
  readonly hash: string;
  readonly signatures: readonly {
    readonly side: Side;
    readonly name: string;
    readonly at: string;
    readonly note: string | null;
    readonly valid: boolean;
  }[];
  readonly mine: readonly Side[];
}

export interface ContractDocument {
  readonly zh: string;
  readonly en: string;
  readonly hash: string;
}

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

export interface Supply {
  readonly weeks: readonly { readonly week: string; readonly leads: number; readonly qualified: number }[];
  readonly perWeek: number;
  readonly promises: readonly {
    readonly key: string;
    readonly label: LocalisedText;
    readonly atLeast: number;
    readonly expected: number;
    readonly enough: boolean;
  }[];
}

export interface Dispute {
  readonly id: number;
  readonly lead: number;
  readonly clock: number;
  readonly label: LocalisedText;
  readonly owner: number | null;
  readonly state: 'open' | 'accepted' | 'rejected' | 'withdrawn';
  readonly reason: string;
  readonly note: string | null;
  readonly automatic: boolean;
  readonly openedBy: number | null;
  readonly openedAt: string;
  readonly decidedBy: number | null;
  readonly decisionNote: string | null;
}

export interface HandOff {
  readonly id: number;
  readonly lead: number;
  readonly state: 'offered' | 'accepted' | 'rejected' | 'expired' | 'confirmed' | 'withdrawn';
  readonly offeredAt: string;
  readonly offeredTo: number | null;
  readonly expiresAt: string | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly confirmBy: string | null;
  readonly repliedAt: string | null;
  readonly reply: string | null;
}

export interface HandOffRules {
  readonly reasons: readonly { readonly key: string; readonly label: LocalisedText }[];
  readonly bant: readonly ('budget' | 'authority' | 'need' | 'timing')[];
  readonly bantStaleDays: number;
}

export interface ObligationRow {
  readonly id: number;
  readonly label: LocalisedText;
  readonly state: 'running' | 'met' | 'breached' | 'cancelled' | 'waived';
  readonly windowEndsAt: string;
  readonly possibleUntil: string | null;
  readonly done: number;
  readonly needed: number;
  readonly progress: { readonly counts: Readonly<Record<string, number>> };
  readonly breachCause: string | null;
}
