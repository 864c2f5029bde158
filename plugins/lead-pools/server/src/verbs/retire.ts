import type { Kit, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';

/** `POST /pools/:id/retire { to? }`: takes the pool out of use and moves what lies in it to another one. */
export const retireVerb = (kit: Kit): ResourceVerb<{ to?: number | null }> => ({
  name: 'retire',
  target: 'record',
  access: 'publish',
  input: z.object({ to: z.number().int().nullish() }),
  summary: 'Take the pool out of use; its leads go to another pool.',
  run: async ({ actor, now }, ids, { to }) => {
    const pending = await kit.policies.retire(ids[0]!, actor, now, { to: to ?? null });
    if (pending) return { id: ids[0]!, ...pending };
    return { id: ids[0]!, state: 'retired', to: to ?? null };
  },
});
