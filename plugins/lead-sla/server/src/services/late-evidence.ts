import type { ActivityRow, Entry, WorkingSet } from '@leadsea/leads';
import type { EvidenceRule } from '../../../contracts';
import type { Clock, Step } from '../domain/clock';
import { isEvidence } from '../domain/evidence';
import { happen, recorded, type Happening } from '../domain/happening';
import { lockPassedOn } from './clock-store';
import { loadShelf } from './shelf';

/** A miss that was answered in time after all, by word that came when the lead had gone to somebody else: it stands and is disputed. */
export interface LateAnswer {
  readonly before: Clock;
  readonly step: Step;
  readonly activityId: number;
}

/** what counts as the owner's answer where the metric is stopped by a condition and names no activities. */
export const ANY_CONTACT: EvidenceRule = {
  kinds: ['call', 'mail', 'message', 'meeting', 'visit'],
  direction: 'outbound',
  authors: 'owner',
};

/** Logged now, by somebody who does not hold the lead any more, about what was before. */
const lateWords = (entry: Entry, now: Date): ActivityRow[] =>
  entry.activities.filter((one) => one.member_id !== null && one.member_id !== entry.row.owner_id && one.occurred_at < now);

const answers = (clock: Clock, activity: ActivityRow, rule: EvidenceRule): boolean =>
  clock.breachedAt !== null &&
  clock.breachOwnerId === activity.member_id &&
  activity.occurred_at >= clock.startedAt &&
  activity.occurred_at <= clock.breachedAt &&
  isEvidence(activity, { ...rule, authors: 'owner' }, { holders: [clock.breachOwnerId], leadTeamId: null, authorTeamId: null });

/** misses after which the lead was passed on, and that an activity of this change set answers. One statement, and none without late words. */
export async function lateAnswers(set: WorkingSet): Promise<LateAnswer[]> {
  const words = new Map(set.entries.map((entry) => [entry.id, lateWords(entry, set.now)] as const).filter(([, found]) => found.length > 0));
  if (words.size === 0) return [];
  const clocks = await lockPassedOn(set.trx, [...words.keys()]);
  const shelf = await loadShelf(set.kit, clocks);
  return clocks.flatMap((before) => {
    const rule = shelf.metric(before.versionId, before.metric).stop.activities ?? ANY_CONTACT;
    const activity = words.get(before.leadId)?.find((one) => answers(before, one, rule));
    if (!activity) return [];
    const happening: Happening = { kind: 'late-evidence', activityId: activity.id, at: activity.occurred_at };
    const step = happen(before, happening, [], shelf, set.now);
    return [{ before, step: { ...step, events: recorded(before, step, happening) }, activityId: activity.id }];
  });
}
