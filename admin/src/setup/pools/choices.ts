import type { LeaveWay } from '@leadsea/lead-pools/contracts/cooling';
import type { Drop } from '@leadsea/lead-pools/contracts/drop';
import type { FairPlay, FairPlayPattern } from '@leadsea/lead-pools/contracts/fair-play';
import type { PoolKind } from '@leadsea/lead-pools/contracts/pool';
import type { Pull, PullOrder } from '@leadsea/lead-pools/contracts/pull';
import type { ClockName } from '@leadsea/lead-pools/contracts/recycle';

/**
 * What the form of a pool offers and begins with. The contracts' own values are not imported, they would bring the validation library into
 * the browser; their types keep both alike: a choice that is missing here does not compile.
 */
const inOrder = <Value extends string>(values: Readonly<Record<Value, true>>): readonly Value[] => Object.keys(values) as Value[];

export const POOL_KINDS = inOrder<PoolKind>({ claimable: true, assigned: true, pull: true, drop: true });
export const CLOCKS = inOrder<ClockName>({ 'follow-up': true, claim: true, stage: true, 'next-action': true, 'contract-end': true });
export const LEAVE_WAYS = inOrder<LeaveWay>({
  released: true,
  recycled: true,
  transferred: true,
  reassigned: true,
  rejected: true,
  rerouted: true,
});
export const PULL_ORDERS = inOrder<PullOrder>({ urgency: true, grade: true, score: true, age: true, fresh: true });
export const FAIR_PLAY_PATTERNS = inOrder<FairPlayPattern>({
  swap: true,
  reclaim: true,
  'empty-follow-up': true,
  'copied-follow-up': true,
  'short-call': true,
  'transfer-before-recycle': true,
  'midnight-hoard': true,
  'pool-duplicate': true,
});

export const PULL_DEFAULTS: Pull = {
  order: ['urgency', 'grade', 'age'],
  actWithinSeconds: 600,
  skipsPerDay: 3,
  restSeconds: 86_400,
  skipReasons: [],
};
export const DROP_DEFAULTS: Drop = {
  mode: 'lottery',
  days: [],
  at: '10:00',
  windowSeconds: 600,
  leads: 50,
  perPerson: 5,
  weight: 'balance',
  balanceDays: 30,
};
export const FAIR_PLAY_DEFAULTS: FairPlay = {
  sameHoldingDays: 7,
  minNote: 4,
  copies: 3,
  minCallSeconds: 5,
  beforeRecycleHours: 48,
  hoard: 5,
  likeness: 0.85,
};
/** From which likeness of the name on a lead typed in is looked at: the same name alone, the same or nearly so, or loosely alike. */
export const LIKENESSES = [1, 0.85, 0.7] as const;
