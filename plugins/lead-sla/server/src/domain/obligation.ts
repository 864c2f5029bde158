import type { TouchObligation } from '../../../contracts';

/** A touch that is evidence: when, and by which channel. */
export interface Touch {
  readonly id: number;
  readonly kind: string;
  readonly at: Date;
}

export interface Progress {
  /** Touches that count, in time order. */
  readonly counted: readonly Touch[];
  readonly counts: Readonly<Record<string, number>>;
  readonly channels: number;
  /** Touches still needed at least, channels that are missing included. */
  readonly missing: number;
  /** From this instant on it cannot be met any more; null once it is met. */
  readonly possibleUntil: Date | null;
}

const needed = (rule: TouchObligation, counts: Readonly<Record<string, number>>): number =>
  Object.entries(rule.minCounts).reduce((sum, [kind, least]) => sum + Math.max(0, least - (counts[kind] ?? 0)), 0);

/** A channel that must be used more often, before one that is only useful as another channel. */
function isUseful(rule: TouchObligation, counts: Readonly<Record<string, number>>, kind: string): boolean {
  const least = rule.minCounts[kind] ?? 0;
  if ((counts[kind] ?? 0) < least) return true;
  const used = Object.keys(counts).length;
  return used < rule.minChannels && counts[kind] === undefined;
}

/**
 * which touches count, how many are still needed, and until when that is possible. Of touches that are too close together the
 * first useful one counts. Computed from the whole set, so the order in which touches are delivered makes no difference.
 * @param end the end of the window; touches from then on do not count.
 */
export function progressOf(rule: TouchObligation, touches: readonly Touch[], start: Date, end: Date): Progress {
  const counted: Touch[] = [];
  const counts: Record<string, number> = {};
  const spacing = rule.minSpacingSeconds * 1000;
  const ordered = [...touches].filter(({ at }) => at >= start && at < end).sort((a, b) => a.at.getTime() - b.at.getTime() || a.id - b.id);
  for (const touch of ordered) {
    const last = counted[counted.length - 1];
    if (last && touch.at.getTime() - last.at.getTime() < spacing) continue;
    if (!isUseful(rule, counts, touch.kind)) continue;
    counted.push(touch);
    counts[touch.kind] = (counts[touch.kind] ?? 0) + 1;
  }
  const open = needed(rule, counts);
  const kindsToCome = Object.entries(rule.minCounts).filter(([kind, least]) => counts[kind] === undefined && least > 0).length;
  const channels = Object.keys(counts).length;
  const missing = open + Math.max(0, rule.minChannels - channels - kindsToCome);
  // The last of the touches that are missing must come before the end, each `spacing` after the one before.
  const possibleUntil = missing === 0 ? null : new Date(end.getTime() - (missing - 1) * spacing);
  return { counted, counts, channels, missing, possibleUntil };
}

/** Whether what is missing can still be done from `now` on: the next touch may have to wait for the last one. */
export function isPossible({ counted, missing }: Progress, rule: TouchObligation, end: Date, now: Date): boolean {
  if (missing === 0) return true;
  const spacing = rule.minSpacingSeconds * 1000;
  const last = counted[counted.length - 1];
  const next = Math.max(now.getTime(), last ? last.at.getTime() + spacing : now.getTime());
  return next + (missing - 1) * spacing < end.getTime();
}

export type ObligationState = 'running' | 'met' | 'breached' | 'cancelled' | 'waived';

export interface ObligationFacts {
  readonly start: boolean;
  readonly closed: boolean;
  /** Reason for which the lead was closed. */
  readonly reason: string | null;
  readonly touches: readonly Touch[];
  /** It was taken back from its owner in this change; absent = it was not. */
  readonly takenBack?: TakenBack;
}

/** Why a lead was taken back: for want of follow-ups, or for another reason (held too long, a stage, by hand). */
export type TakenBack = 'neglected' | 'other';

/** Ends of an obligation after which whoever has the lead next owes a new one. */
export const ENDED_WITH_HOLDING: ReadonlySet<string> = new Set(['taken-back', 'neglected']);

export interface Verdict {
  readonly state: ObligationState;
  /** When it was decided; null while it runs. */
  readonly at: Date | null;
  readonly reason: 'done' | 'closed' | 'window' | 'impossible' | 'taken-back' | 'neglected' | null;
  readonly progress: Progress;
}

/**
 * met as soon as everything is there; missed at the end of the window, or early, when it cannot be met any more. Closed before the
 * end: met when the reason is allowed, else missed. Taken back before the end: nobody is there any more to keep it, so it is void – unless the
 * lead was taken back because the follow-ups were missing, which is the miss itself.
 */
export function judgeObligation(rule: TouchObligation, facts: ObligationFacts, start: Date, end: Date, now: Date): Verdict {
  const progress = progressOf(rule, facts.touches, start, end);
  const last = progress.counted[progress.counted.length - 1];
  if (progress.missing === 0) return { state: 'met', at: last?.at ?? start, reason: 'done', progress };
  if (now >= end) return { state: 'breached', at: end, reason: 'window', progress };
  if (facts.takenBack === 'other') return { state: 'cancelled', at: now, reason: 'taken-back', progress };
  if (facts.takenBack === 'neglected') return { state: 'breached', at: now, reason: 'neglected', progress };
  if (facts.closed) {
    const allowed = facts.reason !== null && rule.allowedReasons.includes(facts.reason);
    return { state: allowed ? 'met' : 'breached', at: now, reason: 'closed', progress };
  }
  if (!isPossible(progress, rule, end, now)) {
    const since = progress.possibleUntil ?? now;
    return { state: 'breached', at: since < now ? since : now, reason: 'impossible', progress };
  }
  return { state: 'running', at: null, reason: null, progress };
}
