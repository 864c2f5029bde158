import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { LivePool } from './pools';

/** Active members who manage the pool by its member list, in id order. Team rows stand for the teams below too. */
export async function managersOf(db: Knex | Knex.Transaction, pool: LivePool): Promise<readonly number[]> {
  const rows = pool.body.members.filter((row) => row.rights.includes('manage'));
  if (rows.length === 0) return [];
  const refs = (type: string): string[] => rows.filter((row) => row.type === type).map((row) => String(row.ref));
  const found = await many<{ id: number }>(
    db,
    `WITH RECURSIVE below AS (SELECT id FROM crm_teams WHERE key = ANY(?::text[]) UNION SELECT t.id FROM crm_teams t JOIN below b ON t.parent_id = b.id)
     SELECT m.id FROM crm_members m WHERE m.active AND (?::boolean OR m.id = ANY(?::int[]) OR m.team_id IN (SELECT id FROM below) OR jsonb_exists_any(m.roles, ?::text[])) ORDER BY m.id`,
    [refs('team'), rows.some((row) => row.type === 'everyone'), refs('member').map(Number).filter(Number.isInteger), refs('role')],
  );
  return found.map((row) => row.id);
}
