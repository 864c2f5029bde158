/** Words of policies, without anything a browser would have to load for them. */

export const RANKINGS = [
  'weighted',
  'least-recent',
  'count-in-period',
  'most-free-capacity',
  'quality-balanced',
  'performance-weighted',
  'best-fit',
] as const;
/** `custom:<key>` is a ranking an implementer has registered. */
export const CUSTOM_RANKING = /^custom:[a-z0-9][a-z0-9-]{0,59}$/;
export type Ranking = (typeof RANKINGS)[number] | `custom:${string}`;
export const CATCH_UPS = ['none', 'capped', 'full'] as const;
/** a lead whose deadlines are all paused counts as so much of one, unless a policy says otherwise. */
export const PAUSED_WEIGHT = 0.5;
/** Weights of people are exact to so many decimals, finer ones are refused; so are finer ones than these of what a lead counts as. */
export const WEIGHT_DECIMALS = 6;
export const CAPACITY_DECIMALS = 2;
export const MAX_WEIGHT = 10_000;
/** on which day a week begins; `locale` = as is usual where the person is. */
export const WEEK_STARTS = ['monday', 'sunday', 'saturday', 'locale'] as const;
export type WeekStart = (typeof WEEK_STARTS)[number];
/** `rolling`: the last so many seconds before now; the others are periods of the person's own zone. */
export const CAP_PERIODS = ['day', 'week', 'month', 'rolling'] as const;
export const PERIODS = ['day', 'week', 'month'] as const;
export const CAP_SCOPES = ['person', 'rule'] as const;
export const CAP_COUNTS = ['claims', 'manual', 'created'] as const;
/** in this order they are checked, and the first that is full is told. */
export const LOAD_SCOPES = ['global', 'group', 'segment'] as const;
export const CONSENT_CHANNELS = ['call', 'mail', 'message'] as const;
export const LADDER_ACTIONS = ['notify-owner', 'notify-manager', 'reassign', 'offer', 'manager', 'pool'] as const;
export const REJECT_REASONS = ['wrong_territory', 'duplicate', 'invalid', 'conflict', 'overloaded'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/**
 * what came back within so many minutes is given back, where nobody says otherwise. `test`: marked as a test lead; `duplicate` also
 * stands for a merge, `invalid` for quarantine; the others are reasons of a release or of the stage the lead was closed in.
 */
export const RETURNS = { minutes: 60, reasons: ['duplicate', 'invalid', 'wrong_contact', 'wrong_number', 'spam', 'test'] } as const;
