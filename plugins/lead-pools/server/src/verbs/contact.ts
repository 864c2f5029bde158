import { badRequest } from '@leadsea/crm-core';
import type { ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { answer, applyEach, type VerbDeps } from './answer';

/**
 * `POST /leads/:id/do-not-contact { until, reason }`: nobody takes, gets or is given the lead before that date, whatever any rule or
 * permission says; null lifts it.
 */
export const doNotContactVerb = (deps: VerbDeps): ResourceVerb<{ until: string | null; reason: string }> => ({
  name: 'do-not-contact',
  target: 'record',
  access: 'update',
  input: z.object({ until: z.iso.datetime({ offset: true }).nullable(), reason: z.string().trim().min(1).max(1000) }),
  summary: 'Leave this person alone until a date.',
  run: async (context, ids, { until, reason }) => {
    const date = until === null ? null : new Date(until);
    if (date !== null && date.getTime() <= context.now.getTime())
      throw badRequest('DATE_PAST', 'The date must lie ahead.', { field: 'until' });
    const changes = ids.map((id) => ({
      op: 'patch' as const,
      id,
      columns: { do_not_contact_until: date },
      event: 'lead.do_not_contact',
      data: { reason },
    }));
    return answer(await applyEach(deps, context, ids, { changes, refused: new Map(), cause: 'do-not-contact' }));
  },
});
