import type { ActivityRow } from '@leadsea/leads';
import type { EvidenceRule } from '../../../contracts';

/** An activity that answers a clock, and the instant it counts from. */
export interface Evidence {
  readonly activityId: number;
  readonly at: Date;
  /** Entered after it happened: shown to the manager. */
  readonly backdated: boolean;
}

export interface Parties {
  /** Whose activity counts as the owner's. */
  readonly holders: readonly (number | null)[];
  /** Who may stand in for them (R-32 `delegate`): their managers. */
  readonly delegates?: readonly number[];
  readonly leadTeamId: number | null;
  /** Team of whoever entered the activities. */
  readonly authorTeamId: number | null;
}

/** Times are entered by the minute. */
const TOLERANCE_MS = 60_000;

function byRightPerson(activity: ActivityRow, rule: EvidenceRule, parties: Parties): boolean {
  switch (rule.authors) {
    case 'any':
      return activity.member_id !== null;
    case 'delegate':
      return (
        activity.member_id !== null &&
        (parties.holders.includes(activity.member_id) || (parties.delegates ?? []).includes(activity.member_id))
      );
    case 'team':
      return parties.holders.includes(activity.member_id) || (parties.leadTeamId !== null && parties.authorTeamId === parties.leadTeamId);
    case 'owner':
    default:
      return activity.member_id !== null && parties.holders.includes(activity.member_id);
  }
}

/** outbound contact of the right kind by the right person; never automatic, never a bulk edit. */
export function isEvidence(activity: ActivityRow, rule: EvidenceRule, parties: Parties): boolean {
  if (activity.automatic || activity.bulk) return false;
  if (!rule.kinds.includes(activity.kind)) return false;
  if (rule.direction !== 'any' && activity.direction !== rule.direction) return false;
  if (rule.outcomes && (activity.outcome === null ? activity.kind === 'call' : !rule.outcomes.includes(activity.outcome))) return false;
  if (rule.minSeconds !== undefined && activity.kind === 'call' && (activity.duration_seconds ?? 0) < rule.minSeconds) return false;
  // What the customer sends has no author among us.
  return activity.direction === 'inbound' || byRightPerson(activity, rule, parties);
}

/** The earliest evidence since a clock began. One entered too late counts from when it was entered. */
export function findEvidence(
  activities: readonly ActivityRow[],
  rule: EvidenceRule,
  parties: Parties,
  { since, backdateSeconds, now }: { readonly since: Date; readonly backdateSeconds: number; readonly now: Date },
): Evidence | null {
  const found = activities
    .filter((activity) => activity.occurred_at.getTime() >= since.getTime() - TOLERANCE_MS && isEvidence(activity, rule, parties))
    .map((activity): Evidence => {
      const ageMs = now.getTime() - activity.occurred_at.getTime();
      const at = ageMs > backdateSeconds * 1000 || ageMs < 0 ? now : activity.occurred_at;
      return { activityId: activity.id, at: at < since ? since : at, backdated: ageMs > TOLERANCE_MS };
    });
  return found.reduce<Evidence | null>((first, one) => (first === null || one.at < first.at ? one : first), null);
}
