import { many, notFound, one } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { SplitRule } from '../../../contracts';
import type { ReturnMode } from '../domain/handover';
import { encodeMove } from '../domain/undo';
import type { HandoverPlan } from './handover-plan';
import type { PoolDirectory } from './pools';

export interface HandoverRow {
  id: number;
  member_id: number;
  kind: 'leave' | 'leaver';
  state: 'planned' | 'active' | 'returned' | 'done' | 'cancelled';
  split: SplitRule[];
  tasks: 'hand-over' | 'close';
  automatic: ReturnMode;
  starts_at: Date;
  returns_at: Date | null;
  result: Record<string, unknown>;
  by_id: number | null;
  created_at: Date;
}
export interface ItemRow {
  lead_id: number;
  to_member: number | null;
  to_pool: number | null;
  state: string;
  reason: string | null;
}

export async function getHandover(db: Knex | Knex.Transaction, id: number, lock = false): Promise<HandoverRow> {
  const row = await one<HandoverRow>(db, `SELECT * FROM crm_handovers WHERE id = ?${lock ? ' FOR UPDATE' : ''}`, [id]);
  if (!row) throw notFound('Hand-over');
  return row;
}

/** A hand-over as the console shows it. */
export async function renderHandover(kit: Kit, row: HandoverRow): Promise<Record<string, unknown>> {
  const numbers = await one<{ moved: number; kept: number; undecided: number; returned: number; conflicts: number; total: number }>(
    kit.db,
    `SELECT count(*) FILTER (WHERE state = 'moved')::int AS moved, count(*) FILTER (WHERE state = 'kept')::int AS kept, count(*) FILTER (WHERE state = 'kept' AND reason IN ('WORKED', 'BY_CHOICE'))::int AS undecided,
            count(*) FILTER (WHERE state = 'returned')::int AS returned,
            count(*) FILTER (WHERE state = 'conflict')::int AS conflicts, count(*)::int AS total FROM crm_handover_items WHERE handover_id = ?`,
    [row.id],
  );
  const targets = await many<{ type: string; id: number; name: string | null; leads: number }>(
    kit.db,
    `SELECT CASE WHEN i.to_member IS NULL THEN 'pool' ELSE 'member' END AS type, coalesce(i.to_member, i.to_pool) AS id, max(coalesce(m.name, p.name)) AS name, count(*)::int AS leads
     FROM crm_handover_items i LEFT JOIN crm_members m ON m.id = i.to_member LEFT JOIN crm_policies p ON p.id = i.to_pool WHERE i.handover_id = ? GROUP BY 1, 2 ORDER BY 4 DESC, 2`,
    [row.id],
  );
  const names = await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [
    [row.member_id, ...(row.by_id === null ? [] : [row.by_id])],
  ]);
  const nameOf = (id: number | null): string | null => names.find((one) => one.id === id)?.name ?? null;
  return {
    id: row.id,
    member: row.member_id,
    name: nameOf(row.member_id),
    kind: row.kind,
    state: row.state,
    startsAt: row.starts_at,
    returnsAt: row.returns_at,
    tasks: row.tasks,
    automatic: row.automatic,
    split: row.split,
    targets,
    leads: numbers?.total ?? 0,
    moved: numbers?.moved ?? 0,
    kept: numbers?.kept ?? 0,
    undecided: numbers?.undecided ?? 0,
    returned: numbers?.returned ?? 0,
    conflicts: numbers?.conflicts ?? 0,
    by: row.by_id,
    byName: nameOf(row.by_id),
    at: row.created_at,
    move: row.state === 'planned' || row.state === 'cancelled' ? null : encodeMove({ cause: 'handover', id: String(row.id), hour: null }),
    result: row.result,
  };
}

/** Who and which pools receive, how many each, and what they hold already. */
export async function targetsOf(kit: Kit, pools: PoolDirectory, plan: HandoverPlan, at: Date): Promise<Record<string, unknown>[]> {
  const members = [...new Set(plan.assignments.flatMap((one) => one.toMember ?? []))];
  const people = await many<{ id: number; name: string; holds: number; away: boolean }>(
    kit.db,
    `SELECT m.id, m.name, coalesce(m.leave_from <= ? AND m.leave_to > ?, false) AS away,
            (SELECT count(*)::int FROM crm_leads l WHERE l.owner_id = m.id AND l.merged_into IS NULL AND l.stage <> ALL(?::text[])) AS holds
     FROM crm_members m WHERE m.id = ANY(?::int[]) ORDER BY m.name, m.id`,
    [at, at, [...(await closedStages(kit))], members],
  );
  const live = await pools.all();
  const counts = (key: 'toMember' | 'toPool', id: number): number => plan.assignments.filter((one) => one[key] === id).length;
  return [
    ...people.map((row) => ({
      type: 'member',
      id: row.id,
      name: row.name,
      leads: counts('toMember', row.id),
      holdsNow: row.holds,
      onLeave: row.away,
    })),
    ...live
      .filter((pool) => plan.assignments.some((one) => one.toPool === pool.policyId))
      .map((pool) => ({
        type: 'pool',
        id: pool.policyId,
        name: pool.name,
        leads: counts('toPool', pool.policyId),
        holdsNow: null,
        onLeave: false,
      })),
  ];
}
