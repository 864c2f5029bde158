import { many } from '@leadsea/crm-core';
import type { WorkingSet } from '../../../../contracts';

/** What reactors ask of the owners a change set names. */
export interface Owner {
  readonly teamId: number | null;
  /** His calendar, else his team's; null = the company's. */
  readonly calendarKey: string | null;
}

const known = new WeakMap<WorkingSet, Map<number, Owner>>();

/** Owners by id, each read once per change set; one statement for those not read yet, none for nobody. */
export async function ownersOf(set: WorkingSet, memberIds: readonly number[]): Promise<ReadonlyMap<number, Owner>> {
  const owners = known.get(set) ?? new Map<number, Owner>();
  known.set(set, owners);
  const missing = [...new Set(memberIds)].filter((id) => !owners.has(id));
  if (missing.length === 0) return owners;
  const rows = await many<{ id: number; team_id: number | null; key: string | null }>(
    set.trx,
    'SELECT m.id, m.team_id, coalesce(m.calendar_key, t.calendar_key) AS key FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id WHERE m.id = ANY(?::int[])',
    [missing],
  );
  for (const row of rows) owners.set(row.id, { teamId: row.team_id, calendarKey: row.key });
  return owners;
}
