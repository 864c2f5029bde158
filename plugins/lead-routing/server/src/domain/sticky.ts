import type { StickySteps } from '../../../contracts';
import type { Sticky } from './facts';

/** Ways of losing a lead after which it does not go back: he gave it back himself, or lost it by a breach. */
const NOT_AGAIN: ReadonlySet<string> = new Set(['lead.released', 'lead.rerouted']);

const DAY_MS = 86_400_000;

/** Who a lead could stick to. */
export interface Known {
  /** Owner of the open lead it repeats. */
  readonly duplicate: number | undefined;
  readonly account: number | undefined;
  /** Who lost it last, when, and by which event. */
  readonly last: { readonly member: number; readonly at: Date; readonly left: string } | undefined;
}

/** the steps that come before the rules, in their order, as far as they are switched on and somebody is known; live and in a back-test alike. */
export function stickyOf(steps: StickySteps, { duplicate, account, last }: Known, now: Date): readonly Sticky[] {
  const { duplicateOwner, accountOwner, previousOwnerDays } = steps;
  const kept =
    last !== undefined &&
    previousOwnerDays > 0 &&
    last.at.getTime() >= now.getTime() - previousOwnerDays * DAY_MS &&
    !NOT_AGAIN.has(last.left);
  return [
    ...(duplicateOwner && duplicate !== undefined ? [{ reason: 'STICKY_DUPLICATE' as const, member: duplicate }] : []),
    ...(accountOwner && account !== undefined ? [{ reason: 'STICKY_ACCOUNT' as const, member: account }] : []),
    ...(kept ? [{ reason: 'STICKY_PREVIOUS' as const, member: last.member }] : []),
  ];
}
