import type { Metric } from '../../../contracts';
import type { Clock } from './clock';

export const STAY_REASONS = [
  'NOT_ASKED',
  'ANSWERED',
  'PROVISIONAL',
  'NOT_BY_TIME',
  'MAX_HOPS',
  'OWNER_CHANGED',
  'NO_OWNER',
  'KEPT',
  'OUTAGE',
  'MEETING',
  'DISPUTED',
] as const;

/** What a breach does with the lead, or why it leaves it where it is. */
export type BreachMove =
  | { readonly kind: 'reroute' }
  | { readonly kind: 'pool'; readonly pool: string }
  | {
      readonly kind: 'stay';
      readonly reason: (typeof STAY_REASONS)[number];
    };

export interface MoveFacts {
  readonly ownerId: number | null;
  /** The owner has made qualifying contact since the clock began. */
  readonly answered: boolean;
  /** Somebody keeps the lead for its owner, who is away: it is not passed on until it is back. */
  readonly kept?: boolean;
  /** Part of the target during which the product was away. */
  readonly outageShare?: number;
  /** A meeting is agreed for later. */
  readonly meeting?: boolean;
  /** A miss of this lead is in dispute. */
  readonly disputed?: boolean;
}

/** an outage of more than this part of the target excuses the owner. */
const OUTAGE_SHARE = 0.2;

/** Guards of, in this order. */
export function decideMove(
  clock: Clock,
  metric: Metric,
  { ownerId, answered, kept = false, outageShare = 0, meeting = false, disputed = false }: MoveFacts,
): BreachMove {
  const action = metric.onBreach.find((one) => one.kind === 'reroute' || one.kind === 'pool');
  if (!action || (action.kind !== 'reroute' && action.kind !== 'pool')) return { kind: 'stay', reason: 'NOT_ASKED' };
  if ((clock.state !== 'breached_open' && clock.state !== 'running') || answered) return { kind: 'stay', reason: 'ANSWERED' };
  const byTime = clock.breachCause === null || clock.breachCause === 'time';
  if (!byTime && !(clock.breachCause === 'target_change' && metric.actOnTargetChange)) return { kind: 'stay', reason: 'NOT_BY_TIME' };
  if (clock.provisional) return { kind: 'stay', reason: 'PROVISIONAL' };
  if (ownerId === null) return { kind: 'stay', reason: 'NO_OWNER' };
  if (kept) return { kind: 'stay', reason: 'KEPT' };
  if ((clock.breachCause === null ? clock.ownerId : clock.breachOwnerId) !== ownerId) return { kind: 'stay', reason: 'OWNER_CHANGED' };
  if (outageShare > OUTAGE_SHARE) return { kind: 'stay', reason: 'OUTAGE' };
  if (meeting) return { kind: 'stay', reason: 'MEETING' };
  if (disputed) return { kind: 'stay', reason: 'DISPUTED' };
  if (clock.hops >= metric.maxHops) return { kind: 'stay', reason: 'MAX_HOPS' };
  return action.kind === 'pool' ? { kind: 'pool', pool: action.pool } : { kind: 'reroute' };
}
