/** Why a limit refuses, in the order in which limits are tried (§5.1, R-53). */
export const LIMIT_CODES = [
  'CLAIM_LIMIT_HOUR',
  'CLAIM_LIMIT_DAY',
  'CLAIM_LIMIT_WEEK',
  'CLAIM_LIMIT_MONTH',
  'HOLD_LIMIT',
  'UNTOUCHED_LIMIT',
  'CLAIM_GAP',
] as const;
export type LimitCode = (typeof LIMIT_CODES)[number];
