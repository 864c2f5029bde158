import type { Metric } from '../../../contracts';
import type { Clock } from './clock';

/** What a breach does with the lead, or why it leaves it where it is. */
export type BreachMove =
  | { readonly kind: 'reroute' }
  | { readonly kind: 'pool'; readonly pool: string }
  | {
      readonly kind: 'stay';
      readonly reason: 'NOT_ASKED' | 'ANSWERED' | 'PROVISIONAL' | 'NOT_BY_TIME' | 'MAX_HOPS' | 'OWNER_CHANGED' | 'NO_OWNER';
    };

export interface MoveFacts {
  readonly ownerId: number | null;
  /** The owner has made qualifying contact since the clock began. */
  readonly answered: boolean;
}

/** Guards of, in this order. */
export function decideMove(clock: Clock, metric: Metric, { ownerId, answered }: MoveFacts): BreachMove {
  const action = metric.onBreach.find((one) => one.kind === 'reroute' || one.kind === 'pool');
  if (!action || (action.kind !== 'reroute' && action.kind !== 'pool')) return { kind: 'stay', reason: 'NOT_ASKED' };
  if (clock.state !== 'breached_open' || answered) return { kind: 'stay', reason: 'ANSWERED' };
  if (clock.breachCause !== 'time') return { kind: 'stay', reason: 'NOT_BY_TIME' };
  if (clock.provisional) return { kind: 'stay', reason: 'PROVISIONAL' };
  if (ownerId === null) return { kind: 'stay', reason: 'NO_OWNER' };
  if (clock.breachOwnerId !== ownerId) return { kind: 'stay', reason: 'OWNER_CHANGED' };
  if (clock.hops >= metric.maxHops) return { kind: 'stay', reason: 'MAX_HOPS' };
  return action.kind === 'pool' ? { kind: 'pool', pool: action.pool } : { kind: 'reroute' };
}
