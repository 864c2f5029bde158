import type { Kit, TimerInput } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';

/** Fires when time alone changes a grade, or makes the stored engagement too old. */
export const REVIEW_TIMER = 'grading.threshold';

export const reviewKey = (leadId: number): string => `grading:${leadId}`;

export const reviewTimer = (leadId: number, dueAt: Date): TimerInput => ({
  kind: REVIEW_TIMER,
  key: reviewKey(leadId),
  subject: 'lead',
  subjectId: leadId,
  dueAt,
});

/** All leads due at once are graded again in one change set, in the transaction that marks their timers fired. */
export function handleReviews(kit: Kit, leads: Leads): void {
  kit.timers.handle(REVIEW_TIMER, async (trx, due, now) => {
    await leads.apply({
      changes: due.map((timer) => ({ op: 'touch', id: timer.subjectId, ask: ['regrade'] })),
      actor: kit.actors.system('grading'),
      cause: { type: 'timer', id: REVIEW_TIMER },
      now,
      trx,
    });
  });
}
