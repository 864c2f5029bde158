import type { LocalisedText } from '@leadsea/crm-core';
import { z } from 'zod';
import type { GradingModel } from './model';

export const STUDIES_RESOURCE = 'grading-studies';

/** Questions asked of history; each is a job with a result that is kept. */
export const STUDY_KINDS = ['backtest', 'suggest', 'checkup', 'compare'] as const;
export type StudyKind = (typeof STUDY_KINDS)[number];
/** `refused` = the model uses fields that know the outcome, and nobody insisted. */
export const STUDY_STATUSES = ['queued', 'running', 'done', 'refused', 'failed'] as const;
export type StudyStatus = (typeof STUDY_STATUSES)[number];

/** What may be said when a study is asked for. */
export const studyOptions = z.object({
  /** Go on although fields of the model are written after contact. */
  insist: z.boolean().default(false),
});
export type StudyOptions = z.infer<typeof studyOptions>;

export interface AucResult {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
}

export interface DecidedCounts {
  readonly won: number;
  readonly lost: number;
  /** How many of them were read; the newest when there are too many. */
  readonly studied: number;
  readonly from: string | null;
  readonly to: string | null;
}

export interface LeakResult {
  readonly field: string;
  readonly label: LocalisedText;
  readonly reason: 'WRITTEN_AFTER_CONTACT' | 'NEAR_PERFECT' | 'FILLED_BY_OUTCOME' | 'FILLED_LATER';
  readonly a: number;
  readonly b: number | null;
  readonly text: LocalisedText;
  /** Keys of the rules of the studied model that read it. */
  readonly rules: readonly string[];
}

export interface DecileResult {
  readonly decile: number;
  readonly from: number;
  readonly to: number;
  readonly leads: number;
  readonly won: number;
  readonly rate: number;
}
export interface ThresholdResult {
  readonly score: number;
  readonly leads: number;
  readonly volume: number;
  readonly precision: number;
  readonly recall: number;
}
/** A threshold on the score that history speaks for. */
export interface ThresholdProposal {
  readonly score: number;
  /** `quota` = the highest that brings as many qualified leads as the contract asks for; `separation` = where won and lost part best. */
  readonly basis: 'quota' | 'separation';
  /** Studied leads at or above it; what part of them was won, with its 95 % interval, and what part of all won. */
  readonly leads: number;
  readonly precision: number;
  readonly low: number;
  readonly high: number;
  readonly recall: number;
  /** Leads it would let through each week, by the arrivals of the last weeks; null when none came. */
  readonly perWeek: number | null;
  /** It rests on too few leads to be relied on. */
  readonly few: boolean;
}
export interface BandResult {
  readonly band: string;
  readonly leads: number;
  readonly won: number;
  readonly rate: number;
}
export interface MoveResult {
  readonly before: string;
  readonly after: string;
  readonly leads: number;
  readonly won: number;
}

/** How many marketing-qualified leads (hot or warm) a week will bring. */
export interface ForecastResult {
  /** Leads captured per week over the last full weeks, oldest first. */
  readonly weeks: readonly { readonly week: string; readonly leads: number }[];
  readonly leadsPerWeek: number;
  readonly share: number;
  readonly mqlPerWeek: number;
  /** What the contract between marketing and sales asks for; null when there is none. */
  readonly quotaPerWeek: number | null;
  readonly contract: LocalisedText | null;
}

export interface BacktestResult {
  readonly decided: DecidedCounts;
  readonly leaks: readonly LeakResult[];
  readonly model: AucResult | null;
  readonly live: (AucResult & { readonly name: string; readonly version: number }) | null;
  readonly deciles: readonly DecileResult[];
  readonly thresholds: readonly ThresholdResult[];
  /** Absent in studies made before thresholds were proposed. */
  readonly proposal?: ThresholdProposal | null;
  readonly grades: readonly BandResult[];
  readonly labels: readonly BandResult[];
  readonly migration: readonly MoveResult[];
  readonly forecast: ForecastResult | null;
  /** The model applied to this many of the studied leads. */
  readonly graded: number;
}

export interface ReasonCode {
  readonly field: string;
  readonly label: LocalisedText;
  /** The value, band or count; null = filled at all. */
  readonly level: LocalisedText | null;
  readonly points: number;
  readonly weight: number;
  readonly leads: number;
  readonly rate: number;
}

export interface SuggestResult {
  readonly decided: DecidedCounts;
  readonly leaks: readonly LeakResult[];
  /** Null and a reason when there is not enough to learn from. */
  readonly body: GradingModel | null;
  readonly why: LocalisedText | null;
  readonly train: { readonly leads: number; readonly won: number } | null;
  readonly holdout: { readonly leads: number; readonly won: number; readonly baseRate: number } | null;
  /** All on the same leads, which nothing was learnt from. */
  readonly aucs: {
    readonly suggested: AucResult | null;
    readonly regression: AucResult | null;
    readonly draft: AucResult | null;
    readonly live: AucResult | null;
  } | null;
  readonly calibration: readonly { readonly leads: number; readonly predicted: number; readonly actual: number }[];
  readonly reasons: readonly ReasonCode[];
}

export interface RuleCheckResult {
  readonly key: string;
  readonly label: LocalisedText;
  readonly axis: 'fit' | 'intent' | 'engagement';
  /** Leads it held for, or engagements it matched, in the last ninety days. */
  readonly recent: number;
  readonly leads: number;
  readonly rate: number;
  readonly otherRate: number;
  readonly verdicts: readonly ('DEAD' | 'INVERTED' | 'LEAKING' | 'WEAK')[];
}

/** What one published version brought: leads captured while it was live. */
export interface VersionResult {
  readonly number: number;
  readonly from: string;
  readonly to: string | null;
  readonly leads: number;
  readonly decided: number;
  readonly won: number;
  readonly cycleDays: number | null;
}

/** What became of the leads that used an asset or page. */
export interface FeedbackResult {
  readonly kind: string;
  readonly asset: string;
  readonly leads: number;
  readonly opportunities: number;
  readonly won: number;
  readonly lost: number;
  readonly qualified: number;
  readonly notQualified: number;
}

export interface CheckupResult {
  readonly decided: DecidedCounts;
  readonly auc: AucResult | null;
  readonly rules: readonly RuleCheckResult[];
  readonly collinear: readonly { readonly a: string; readonly b: string; readonly phi: number }[];
  readonly leaks: readonly LeakResult[];
  /** Distribution of stored scores in tens of points: leads of the last thirty days, and of the ninety days before. */
  readonly drift: {
    readonly bins: readonly number[];
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly index: number | null;
  };
  readonly versions: readonly VersionResult[];
  readonly feedback: readonly FeedbackResult[];
}

export interface CompareResult {
  readonly since: string | null;
  readonly days: number;
  readonly champion: { readonly id: number; readonly name: string; readonly version: number } | null;
  /** Leads decided since, as each was when sales met it. */
  readonly decided: { readonly won: number; readonly lost: number };
  readonly aucs: { readonly champion: AucResult | null; readonly challenger: AucResult | null } | null;
  /** Challenger less champion, on the same leads. */
  readonly difference: AucDifference | null;
  /** Labels as they stand now: what the leads hold, and what the challenger would give. */
  readonly labels: readonly { readonly champion: string; readonly challenger: string; readonly leads: number }[];
  readonly advice: LocalisedText;
  readonly ready: boolean;
}
export interface AucDifference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
