import { badRequest, type Kit, type ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { lineageOf } from '../services/lineage';

/** `GET /opportunities/:id/promises`: what was promised on the lead of a deal, as it stood when the deal was made. Read only. */
export const lineageVerb = (kit: Kit): ResourceVerb<Record<string, never>> => ({
  name: 'promises',
  target: 'record',
  method: 'GET',
  input: z.object({}).transform(() => ({})),
  summary: 'The deadlines of the lead it came from, as they stood when it became a deal.',
  access: 'read',
  run: ({ actor }, ids) => {
    if (ids.length !== 1) throw badRequest('ONE_AT_A_TIME', 'One opportunity at a time.');
    kit.access.assert(actor, 'sla-clocks', 'read');
    return lineageOf(kit, ids[0]!);
  },
});
