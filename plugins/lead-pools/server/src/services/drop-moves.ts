import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { DROP_DEFAULTS, type Drop } from '../../../contracts';
import type { Sha256 } from '../domain/drop';
import type { LivePool, PoolDirectory } from './pools';

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');
export const dropOf = (pool: LivePool): Drop => pool.body.drop ?? DROP_DEFAULTS;

/** The best leads of a pool that may be released now. */
export async function bestLeads(kit: Kit, trx: Knex.Transaction, pool: LivePool, now: Date): Promise<number[]> {
  const rows = await many<{ id: number }>(
    trx,
    `SELECT l.id FROM crm_leads l WHERE l.pool_id = ? AND l.owner_id IS NULL AND l.merged_into IS NULL AND l.stage <> ALL(?::text[]) AND l.pool_entered_at <= ?
       AND (l.do_not_contact_until IS NULL OR l.do_not_contact_until <= ?) ORDER BY l.score DESC NULLS LAST, l.id LIMIT ?`,
    [pool.policyId, [...(await closedStages(kit))], new Date(now.getTime() - pool.body.embargoSeconds * 1000), now, dropOf(pool).leads],
  );
  return rows.map((row) => row.id);
}

/** Moves leads of a drop to the pool it names, through the door; answers with those that went. */
export async function moveOn(
  { leads, pools }: { readonly leads: Leads; readonly pools: PoolDirectory },
  trx: Knex.Transaction,
  { ids, from, dropId }: { readonly ids: readonly number[]; readonly from: LivePool; readonly dropId: number },
  actor: Actor,
  now: Date,
): Promise<number[]> {
  const { into } = dropOf(from);
  const to = into ? await pools.byKey(into) : null;
  if (!to || to.policyId === from.policyId || ids.length === 0) return [];
  const changes = ids.map((id): LeadChange => ({
    op: 'hold',
    id,
    to: { ownerId: null, poolId: to.policyId },
    event: 'lead.moved',
    expect: { ownerId: null, poolId: from.policyId },
    data: { pool: to.key, from: from.key, drop: dropId },
  }));
  const { outcomes } = await leads.apply({ trx, changes, actor, cause: { type: 'drop', id: String(dropId) }, now });
  return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.id] : []));
}
