import type { RerouteGuard } from '../../../contracts';

/** An earlier route decision about the lead, newest first. */
export interface PastDecision {
  readonly at: Date;
  readonly cause: string | null;
  readonly rule: string | null;
  readonly owner: number | null;
  readonly hop: number;
  readonly hash: string | null;
}

const DAY_MS = 86_400_000;
const SAME_FACTS_MS = 10 * 60_000;
const MAX_DECISIONS = 10;

/** How often in a row the lead has now been taken from somebody; a follow-up since the last time begins anew. */
export function nextHop(past: readonly PastDecision[], lastFollowUpAt: Date | null): number {
  const [latest] = past;
  if (!latest) return 1;
  const touched = lastFollowUpAt !== null && lastFollowUpAt.getTime() > latest.at.getTime();
  return touched ? 1 : latest.hop + 1;
}

/** R-63 `max_hops` and R-67: more than ten decisions in a day, or the same person by the same rule twice without a follow-up between. */
export function guardOf(
  past: readonly PastDecision[],
  hop: number,
  maxHops: number,
  lastFollowUpAt: Date | null,
  now: Date,
): RerouteGuard | null {
  if (hop > maxHops) return 'MAX_HOPS';
  const day = past.filter((decision) => now.getTime() - decision.at.getTime() < DAY_MS);
  if (day.length > MAX_DECISIONS) return 'LOOP_GUARD';
  const seen = new Set<string>();
  for (const { rule, owner, at } of day) {
    if (owner === null || (lastFollowUpAt !== null && lastFollowUpAt.getTime() > at.getTime())) continue;
    const visit = `${rule ?? ''} ${owner}`;
    if (seen.has(visit)) return 'LOOP_GUARD';
    seen.add(visit);
  }
  return null;
}

/** the same cause with the same facts within ten minutes is not decided again. */
export const isRepeated = (past: readonly PastDecision[], cause: string, hash: string, now: Date): boolean =>
  past.some((decision) => decision.cause === cause && decision.hash === hash && now.getTime() - decision.at.getTime() < SAME_FACTS_MS);
