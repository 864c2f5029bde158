import type { Knex } from 'knex';
import { conflict } from '../../../contracts';
import { one } from '../services/rows';

/** @throws AppError MEMBER_LAST_ADMIN when no active member, `without` left out, may change roles */
export async function assertAdministered(db: Knex | Knex.Transaction, without: number | null = null): Promise<void> {
  const row = await one<{ some: boolean }>(
    db,
    `SELECT EXISTS (SELECT 1 FROM crm_members m, crm_roles r WHERE m.active AND m.id IS DISTINCT FROM ?::int
       AND jsonb_exists(coalesce(m.roles, '[]'), r.key) AND jsonb_exists(coalesce(r.resources -> 'roles' -> 'update', '[]'), 'all')) AS some`,
    [without],
  );
  if (row?.some !== true) throw conflict('MEMBER_LAST_ADMIN', 'Nobody else could change roles then. Give somebody that right first.');
}

/**
 * What every change of members and roles has to leave behind: somebody who may change roles. Asked after the change, under a lock:
 * two administrators who give up their right at the same moment would each see the other one still there.
 *
 * @throws AppError MEMBER_LAST_ADMIN
 */
export async function keepAdministered(trx: Knex.Transaction): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_administered'))`);
  await assertAdministered(trx);
}
