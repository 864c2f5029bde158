import { badRequest } from '@leadsea/crm-core';
import type { Kit, ResourceVerb } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import { z } from 'zod';
import type { Claims } from './services/claim';
import type { HandoverDeps } from './services/handovers';
import type { LivePool, PoolDirectory } from './services/pools';
import type { Preflight } from './services/preflight';
import type { Switches } from './services/switches';

/** Of a path or a query: text that stands for a number, for an instant. */
export const id = z.coerce.number().int().positive();
export const instant = z.coerce.date();

export interface PartDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly pools: PoolDirectory;
  readonly claims: Claims;
  readonly switches: Switches;
  readonly preflight: Preflight;
  /** ISO-2 country of telephone numbers that carry none, by the leads plugin's settings. */
  readonly country: string | null;
  readonly countClocks: HandoverDeps['countClocks'];
}

/** The live pool a record verb names. */
export async function getPool(pools: PoolDirectory, id: number | undefined): Promise<LivePool> {
  const pool = id === undefined ? null : await pools.byId(id);
  if (!pool) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.', { field: 'pool' });
  return pool;
}

/** A verb on one pool or lead that whoever may read it may use; what else it needs it asks itself. */
export const verb = <Input>(definition: Omit<ResourceVerb<Input>, 'target' | 'access'>): ResourceVerb => ({
  ...definition,
  target: 'record',
  access: 'read',
});
