import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';

export interface ReopenedWork {
  readonly lead: number;
  /** Whose work was closed by the move. */
  readonly owner: number;
  /** When the move closed it. */
  readonly at: Date;
  /** Whose work it is from now on. */
  readonly to: number;
}

/** Work that a move had cancelled is open again, unless it has been done; what was opened anew for the same purpose gives way. Three statements. */
export async function reopenTasks(trx: Knex.Transaction, moved: readonly ReopenedWork[]): Promise<number> {
  if (moved.length === 0) return 0;
  const closed = await many<{ id: number; to: number }>(
    trx,
    `SELECT DISTINCT ON (t.lead_id, t.key) t.id, m."to" FROM crm_tasks t
     JOIN jsonb_to_recordset(?::jsonb) AS m(lead int, owner int, at timestamptz, "to" int) ON m.lead = t.lead_id AND m.owner = t.owner_id
     WHERE t.state = 'cancelled' AND t.closed_at = m.at ORDER BY t.lead_id, t.key, t.id DESC`,
    [JSON.stringify(moved)],
  );
  if (closed.length === 0) return 0;
  await trx.raw(
    `UPDATE crm_tasks t SET state = 'cancelled' FROM crm_tasks c WHERE c.id = ANY(?::int[]) AND t.lead_id = c.lead_id AND t.key = c.key AND t.state = 'open' AND t.id <> c.id`,
    [closed.map((row) => row.id)],
  );
  await trx.raw(
    `UPDATE crm_tasks t SET state = 'open', closed_at = NULL, owner_id = r."to" FROM jsonb_to_recordset(?::jsonb) AS r(id int, "to" int) WHERE t.id = r.id`,
    [JSON.stringify(closed)],
  );
  return closed.length;
}
