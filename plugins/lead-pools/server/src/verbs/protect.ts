import type { ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { duration } from '../../../contracts';
import type { ProtectionAsk, Requests } from '../services/requests';
import { answer } from './answer';

/**
 * `POST /leads/:id/protect { kind?, for, reason }`: keep the lead from being taken back for a time, or put off its recycle date (`extend`).
 * Whoever manages the pool grants by asking; others wait for a decision unless the pool grants the first ones by itself.
 */
export const protectVerb = (requests: Requests): ResourceVerb<ProtectionAsk> => ({
  name: 'protect',
  target: 'record',
  access: 'update',
  input: z.object({ kind: z.enum(['protect', 'extend']).default('protect'), for: duration, reason: z.string().trim().min(1).max(1000) }),
  summary: 'Ask to keep leads longer.',
  run: async ({ actor, now }, ids, input) => answer(await requests.ask(actor, ids, input, now)),
});
