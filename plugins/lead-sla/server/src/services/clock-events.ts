import type { EventInput } from '@leadsea/crm-core';
import type { Clock, ClockEvent } from '../domain/clock';

/** A clock's event on its lead's timeline. */
export const clockEvent = (clock: Clock, event: ClockEvent): EventInput => ({
  subject: 'lead',
  subjectId: clock.leadId,
  type: `clock.${event.type}`,
  policyVersionId: clock.versionId,
  data: {
    clock: clock.id,
    metric: clock.metric,
    label: clock.label,
    cycle: clock.cycle,
    state: clock.state,
    dueAt: clock.dueAt,
    targetSeconds: clock.targetSeconds,
    ...event.data,
  },
});
