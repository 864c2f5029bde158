import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';

/** Rows of a loser that go with its survivor, in one statement per table. */
const MOVING = ['crm_activities', 'crm_engagements', 'crm_opportunities', 'crm_captures', 'crm_consents'] as const;

type Moved = Record<string, number[]>;

/** What went from a loser to its survivor. */
export interface MovedRows {
  readonly moved: Moved;
  readonly keys: readonly { readonly kind: string; readonly value: string }[];
  readonly tombstones: readonly number[];
  readonly cancelledTasks: readonly number[];
}

/**
 * One thing the person did, told of both leads (§6: one source, one minute, not two ids of that source), stays with the loser: it would count
 * twice. Nothing is deleted, and un-merging finds it where it was.
 * One binding: the survivor.
 */
const TOLD_TWICE = `AND NOT EXISTS (SELECT 1 FROM crm_engagements s WHERE s.lead_id = ? AND s.kind = crm_engagements.kind
  AND s.asset IS NOT DISTINCT FROM crm_engagements.asset AND s.product IS NOT DISTINCT FROM crm_engagements.product
  AND s.source IS NOT DISTINCT FROM crm_engagements.source AND (s.external_id IS NULL OR crm_engagements.external_id IS NULL)
  AND date_trunc('minute', s.occurred_at) = date_trunc('minute', crm_engagements.occurred_at))`;

/** Gives the survivor what was the loser's. */
export async function moveRows(trx: Knex.Transaction, loser: number, survivor: number): Promise<MovedRows> {
  const moved: Moved = {};
  for (const table of MOVING) {
    const once = table === 'crm_engagements';
    const rows = await many<{ id: number | string }>(
      trx,
      `UPDATE ${table} SET lead_id = ? WHERE lead_id = ? ${once ? TOLD_TWICE : ''} RETURNING id`,
      once ? [survivor, loser, survivor] : [survivor, loser],
    );
    moved[table] = rows.map((row) => Number(row.id));
  }
  const closed = await many<{ id: number }>(
    trx,
    `UPDATE crm_tasks t SET state = 'cancelled', closed_at = now() WHERE t.lead_id = ? AND t.state = 'open'
       AND EXISTS (SELECT 1 FROM crm_tasks s WHERE s.lead_id = ? AND s.key = t.key AND s.state = 'open') RETURNING t.id`,
    [loser, survivor],
  );
  const tasks = await many<{ id: number }>(trx, 'UPDATE crm_tasks SET lead_id = ? WHERE lead_id = ? RETURNING id', [survivor, loser]);
  moved['crm_tasks'] = tasks.map((row) => row.id);
  const keys = await many<{ kind: string; value: string }>(
    trx,
    'UPDATE crm_lead_keys SET lead_id = ? WHERE lead_id = ? RETURNING kind, value',
    [survivor, loser],
  );
  const tombstones = await many<{ id: number }>(trx, 'UPDATE crm_leads SET merged_into = ? WHERE merged_into = ? RETURNING id', [
    survivor,
    loser,
  ]);
  await trx.raw('UPDATE crm_leads SET duplicate_of = ? WHERE duplicate_of = ? AND id <> ?', [survivor, loser, survivor]);
  return { moved, keys, tombstones: tombstones.map((row) => row.id), cancelledTasks: closed.map((row) => row.id) };
}

/** Gives the loser back what came from it and is still the survivor's. */
export async function moveBack(trx: Knex.Transaction, story: MovedRows, id: number, into: number): Promise<void> {
  for (const table of [...MOVING, 'crm_tasks']) {
    const ids = story.moved[table] ?? [];
    if (ids.length > 0) await trx.raw(`UPDATE ${table} SET lead_id = ? WHERE lead_id = ? AND id = ANY(?::bigint[])`, [id, into, ids]);
  }
  await trx.raw(
    `UPDATE crm_lead_keys k SET lead_id = ? FROM jsonb_to_recordset(?::jsonb) AS w(kind text, value text) WHERE k.kind = w.kind AND k.value = w.value AND k.lead_id = ?`,
    [id, JSON.stringify(story.keys), into],
  );
  if (story.tombstones.length > 0)
    await trx.raw('UPDATE crm_leads SET merged_into = ? WHERE merged_into = ? AND id = ANY(?::int[])', [id, into, [...story.tombstones]]);
}
