import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LeaveWay } from '../../../contracts';
import type { Departure } from '../domain/cooling';

const WAY_OF: Readonly<Record<string, LeaveWay>> = {
  'lead.released': 'released',
  'lead.recycled': 'recycled',
  'lead.transferred': 'transferred',
  'lead.assigned': 'reassigned',
  'lead.rejected': 'rejected',
  'lead.rerouted': 'rerouted',
  'lead.routed': 'rerouted',
};
const LEAVING = Object.keys(WAY_OF);

interface Row {
  subject_id: number;
  type: string;
  at: Date;
  owner: string;
  team: string | null;
  reason: string | null;
}

/** Every time somebody lost one of the leads, latest first, from the events (what is held now tells nothing of it). One statement. */
export async function departuresOf(
  db: Knex | Knex.Transaction,
  leadIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Departure[]>> {
  if (leadIds.length === 0) return new Map();
  const rows = await many<Row>(
    db,
    `SELECT subject_id, type, at, before->>'owner' AS owner, before->>'team' AS team, data->>'reason' AS reason FROM crm_events
     WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND type = ANY(?::text[]) AND before->>'owner' IS NOT NULL
       AND before->>'owner' IS DISTINCT FROM after->>'owner' ORDER BY subject_id, id DESC`,
    [[...leadIds], LEAVING],
  );
  const byLead = new Map<number, Departure[]>();
  for (const row of rows) {
    const departure = {
      memberId: Number(row.owner),
      teamId: row.team === null ? null : Number(row.team),
      at: row.at,
      way: WAY_OF[row.type] ?? 'released',
      reason: row.reason,
    };
    byLead.set(row.subject_id, [...(byLead.get(row.subject_id) ?? []), departure]);
  }
  return byLead;
}
