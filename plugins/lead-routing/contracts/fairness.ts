import type { LocalisedText } from '@leadsea/crm-core';

/** What one person was owed and got from one group in a span of days. */
export interface FairnessRow {
  readonly member: number;
  readonly name: string;
  /** Sum of the shares he had in each lead that was given while he took part. */
  readonly entitled: number;
  readonly received: number;
  readonly entitledValue: number;
  readonly receivedValue: number;
  /** Given back within the time a cap allows (rejected, invalid, duplicate). */
  readonly givenBack: number;
  readonly you: boolean;
}

export interface FairnessGroup {
  readonly key: string;
  readonly policy: string;
  readonly rule: string;
  readonly label: LocalisedText;
  readonly rows: readonly FairnessRow[];
  /** Jain's index over received / entitled: 1 = everybody got his part. */
  readonly jain: number | null;
  readonly jainValue: number | null;
}

export interface FairnessAnswer {
  readonly from: string;
  readonly to: string;
  readonly groups: readonly FairnessGroup[];
  /** People who hold more than they can: no recycling, only no new leads. */
  readonly overCapacity: readonly { readonly member: number; readonly name: string; readonly load: number; readonly capacity: number }[];
  /** Factors of this month where a rule weights by performance. */
  readonly performance: readonly {
    readonly member: number;
    readonly name: string;
    readonly won: number;
    readonly received: number;
    readonly factor: number;
  }[];
}

/** Jain's fairness index of the ratios received / entitled, people without entitlement left out. Null when nobody is owed anything. */
export function jainIndex(pairs: readonly { readonly entitled: number; readonly received: number }[]): number | null {
  const ratios = pairs.filter(({ entitled }) => entitled > 0).map(({ entitled, received }) => received / entitled);
  const sum = ratios.reduce((total, ratio) => total + ratio, 0);
  const squares = ratios.reduce((total, ratio) => total + ratio * ratio, 0);
  return ratios.length === 0 || squares === 0 ? null : Math.round(((sum * sum) / (ratios.length * squares)) * 1e4) / 1e4;
}
