import type { LadderStep } from '../../../contracts';

/** How far a lead is: the last step that was carried out, and when. */
export interface LadderState {
  readonly step: number;
  readonly at: Date;
}

export type LadderMove =
  /** No ladder, or it is at its end: the lead is re-routed as usual. */
  | { readonly kind: 'route' }
  | { readonly kind: 'wait'; readonly step: number; readonly seconds: number }
  | { readonly kind: 'step'; readonly step: number; readonly action: LadderStep['action']; readonly pool: string | null };

const carriedOut = (steps: readonly LadderStep[], step: number): LadderMove => {
  const found = steps[step];
  return found ? { kind: 'step', step, action: found.action, pool: found.pool ?? null } : { kind: 'route' };
};

/**
 * the next step after a missed deadline. A follow-up since the last step begins the ladder anew; a step with a wait is carried out
 * when its timer asks for it by number.
 */
export function nextMove(
  steps: readonly LadderStep[],
  state: LadderState | null,
  lastFollowUpAt: Date | null,
  asked: number | null,
): LadderMove {
  if (steps.length === 0) return { kind: 'route' };
  if (asked !== null) return carriedOut(steps, asked);
  const touched = state !== null && lastFollowUpAt !== null && lastFollowUpAt.getTime() > state.at.getTime();
  const step = state === null || touched ? 0 : state.step + 1;
  const wait = steps[step]?.wait ?? 0;
  return wait > 0 ? { kind: 'wait', step, seconds: wait } : carriedOut(steps, step);
}
