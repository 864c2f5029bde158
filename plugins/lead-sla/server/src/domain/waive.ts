import type { calendarTime } from '@leadsea/crm-core';
import { begin, change, tell, type Clock, type Step } from './clock';
import { NOT_PAUSED } from './pause';
import { closeSegment } from './plan';
import { next } from './transitions';

/** Only what was missed can be waived, once. */
export const canWaive = (clock: Clock): boolean => clock.breachedAt !== null && clock.state !== 'waived';

/** the miss stays in history and in what was measured; after waivers it does not count. One that still runs ends here. */
export function waive(clock: Clock, by: number | null, reason: string, calendar: calendarTime.Calendar | null, now: Date): Step {
  const closed = clock.segmentSince === null ? begin(clock) : closeSegment(begin(clock), calendar, now, 'waived');
  const waived = change(closed, {
    state: next(clock.state, 'waive', true),
    waivedAt: now,
    waivedBy: by,
    waiveReason: reason,
    segmentSince: null,
    stoppedAt: clock.stoppedAt ?? now,
    endReason: clock.endReason ?? 'waived',
    warns: clock.warns.map((warn) => ({ ...warn, at: null })),
    ...NOT_PAUSED,
  });
  return tell(waived, 'waived', { reason, by, breachedAt: clock.breachedAt });
}

/** A waiver taken back: the miss counts again. */
export function unwaive(clock: Clock, by: number | null): Step {
  const back = change(begin(clock), { state: next(clock.state, 'unwaive', true), waivedAt: null, waivedBy: null, waiveReason: null });
  return tell(back, 'unwaived', { by });
}
