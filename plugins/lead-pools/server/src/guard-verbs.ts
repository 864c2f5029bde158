import type { ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { PREFLIGHT_GROUPS } from './domain/preflight';
import { getPool, id, verb, type PartDeps } from './part-deps';

/** Kill switch and the leads behind a preflight. */
export function guardVerbs({ pools, switches, preflight }: PartDeps): readonly ResourceVerb[] {
  const state = async (poolId: number | undefined): Promise<unknown> => switches.of(await getPool(pools, poolId));
  const guard = <Input>(definition: Omit<ResourceVerb<Input>, 'target' | 'access'>): ResourceVerb => ({
    ...definition,
    target: 'record',
    access: 'update',
  });
  return [
    guard({
      name: 'pause-recycling',
      input: z.object({ reason: z.string().max(500).nullish() }),
      summary: 'Stop everything that takes leads of this pool back by itself, at once.',
      run: async ({ actor, now }, ids, input) => {
        await switches.pause(actor, await getPool(pools, ids[0]), input.reason ?? null, now);
        return state(ids[0]);
      },
    }),
    guard({
      name: 'resume-recycling',
      input: z.object({}),
      summary: 'Let recycling go on; leads held meanwhile get the grace of the pool anew.',
      run: async ({ actor, now }, ids) => {
        await switches.resume(actor, await getPool(pools, ids[0]), now);
        return state(ids[0]);
      },
    }),
    verb({
      name: 'recycling',
      method: 'GET',
      input: z.object({}),
      summary: 'Whether recycling is paused, by whom, and how many held leads wait.',
      run: (_context, ids) => state(ids[0]),
    }),
    guard({
      name: 'preflight/leads',
      method: 'GET',
      input: z.object({ group: z.enum(PREFLIGHT_GROUPS), member: id.optional() }),
      summary: 'The leads behind a number of the preflight.',
      run: ({ actor, now }, ids, input) => preflight.leads(actor, ids[0]!, input, now),
    }),
  ];
}
