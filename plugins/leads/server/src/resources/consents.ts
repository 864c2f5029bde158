import { many, type Kit, type ResourceVerb, type VerbContext } from '@leadsea/crm-core';
import { z } from 'zod';
import { CONSENT_BASES, CONSENT_CHANNELS, type ConsentInput, type Leads } from '../../../contracts';
import { answer } from './leads';

const input = z
  .object({
    channels: z.array(z.enum(CONSENT_CHANNELS)).min(1).max(CONSENT_CHANNELS.length),
    state: z.enum(['granted', 'withdrawn']),
    basis: z.enum(CONSENT_BASES).default('consent'),
    text: z.string().trim().max(5000).nullish(),
    note: z.string().trim().max(1000).nullish(),
    at: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ state, text, note }) => state === 'withdrawn' || Boolean(text) || Boolean(note), {
    error: 'Say what was agreed to, or how it was said.',
    path: ['text'],
  });

/** `POST /leads/:id/consent` records what a person said about channels; `GET /leads/:id/consents` tells it: now, and all of it. */
export function consentVerbs(kit: Kit, leads: Leads): readonly ResourceVerb[] {
  const record: ResourceVerb<z.infer<typeof input>> = {
    name: 'consent',
    target: 'record',
    input,
    summary: 'Record what the person allows or forbids, per channel.',
    access: 'update',
    run: async (context: VerbContext, ids, { channels, at, ...rest }) => {
      const when = at && Date.parse(at) < context.now.getTime() ? new Date(at) : context.now;
      const consents = channels.map((channel): ConsentInput => ({ ...rest, channel, source: 'console', at: when }));
      const changes = ids.map((id) => ({ op: 'consent' as const, id, consents }));
      const { actor, now, requestId } = context;
      return answer(ids, (await leads.apply({ changes, actor, cause: { type: 'consent', id: requestId }, now })).outcomes);
    },
  };
  const read: ResourceVerb<Record<string, never>> = {
    name: 'consents',
    target: 'record',
    method: 'GET',
    input: z.object({}),
    summary: 'What the person allows per channel, with the proof.',
    access: 'read',
    run: async (_context, ids) => {
      const history = await many<{ channel: string; state: string }>(
        kit.db,
        `SELECT c.id::int, c.channel, c.state, c.basis, c.text, c.text_hash AS "textHash", c.source, c.note, c.member_id AS member, c.at
         FROM crm_consents c WHERE c.lead_id = ? ORDER BY c.at DESC, c.id DESC LIMIT 500`,
        [ids[0]],
      );
      const now = Object.fromEntries(
        CONSENT_CHANNELS.map((channel) => [channel, history.find((one) => one.channel === channel)?.state ?? 'unknown']),
      );
      return { now, history };
    },
  };
  return [record, read];
}
