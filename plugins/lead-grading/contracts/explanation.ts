import type { LocalisedText } from '@leadsea/crm-core';

export type Axis = 'fit' | 'engagement' | 'intent';

/** One engagement behind a behaviour rule. */
export interface EngagementEvidence {
  readonly id: number;
  readonly at: string;
  readonly asset: string | null;
}

/** What one rule gave, with what it saw. */
export interface RuleReason {
  readonly key: string;
  readonly label: LocalisedText;
  readonly axis: Axis;
  readonly group: string | null;
  readonly matched: boolean;
  /** What it adds to its axis at this moment, after decay and its caps. */
  readonly points: number;
  /** Fit: fact → value. Engagement: how many counted and the latest of them. */
  readonly evidence: {
    readonly facts?: Readonly<Record<string, unknown>>;
    /** Facts whose value the reader may not see. */
    readonly hidden?: readonly string[];
    readonly matched?: number;
    readonly counted?: number;
    readonly latest?: readonly EngagementEvidence[];
    /** Points as given, before decay. */
    readonly given?: number;
  };
  readonly lostToCaps: number;
  readonly lostToDecay: number;
  readonly text: LocalisedText;
}

/** One thing that would raise the score, best first. */
export interface NextStep {
  readonly key: string;
  readonly axis: Axis;
  readonly label: LocalisedText;
  /** Points on the total score. */
  readonly points: number;
  readonly grade: string;
  readonly heat: string;
  readonly text: LocalisedText;
}

/** `GET /api/console/leads/:id/explain/score`. */
export interface ScoreExplanation {
  readonly grade: string | null;
  readonly label: string | null;
  readonly labelText: LocalisedText | null;
  readonly score: number | null;
  readonly fit: number | null;
  readonly engagement: number | null;
  readonly intent: number | null;
  /** What the model calls this cell of its grid; null when it has no name. */
  readonly gradeText: LocalisedText | null;
  /** Number of the published version that was applied. */
  readonly version: number | null;
  readonly model: { readonly key: string; readonly name: string } | null;
  readonly disqualified: readonly { readonly key: string; readonly label: LocalisedText }[];
  readonly rules: readonly RuleReason[];
  readonly lostToCaps: number;
  readonly lostToDecay: number;
  readonly next: readonly NextStep[];
  readonly at: string;
}

/** One change of a lead's score, as `GET /api/console/leads/:id/score-history` tells it. */
export interface ScoreMoment {
  readonly at: string;
  readonly score: number | null;
  readonly grade: string | null;
  readonly label: string | null;
  /** What made it change: `capture`, `timer`, `edit` … */
  readonly cause: string | null;
}

/** What a lead and a product have to do with each other, as `GET /api/console/leads/:id/product-scores` tells it. */
export interface ProductScore {
  readonly product: string;
  /** Null for a product that engagements name and the model does not. */
  readonly label: LocalisedText | null;
  readonly score: number;
  /** Points of the product's own rules, part of the score. */
  readonly fromRules: number;
  /** Engagements that counted under some rule. */
  readonly engagements: number;
  readonly latest: string | null;
}
