import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ClaimedLead } from '../domain/claim';
import { coolingUntil, hasCooling } from '../domain/cooling';
import { poolCalendar } from './calendar';
import { departuresOf } from './departures';
import type { LivePool } from './pools';

interface Row {
  id: number;
  owner_id: number | null;
  pool_id: number | null;
  pool_entered_at: Date | null;
  do_not_contact_until: Date | null;
  stage: string;
  allowed: boolean | null;
}

/** Until when this person waits for each lead as a former owner; nothing is read for a pool without a cooling time. */
export async function coolingOf(
  kit: Kit,
  db: Knex | Knex.Transaction,
  { pool, actor, ids }: { readonly pool: LivePool; readonly actor: Pick<Actor, 'memberId' | 'teamId'>; readonly ids: readonly number[] },
  now: Date,
): Promise<ReadonlyMap<number, Date>> {
  const { cooling } = pool.body;
  const until = new Map<number, Date>();
  if (!hasCooling(cooling) || actor.memberId === null) return until;
  const calendar = await poolCalendar(kit, pool);
  const person = { id: actor.memberId, teamId: actor.teamId };
  for (const [id, departures] of await departuresOf(db, ids)) {
    const end = coolingUntil(cooling, departures, person, calendar, now);
    if (end) until.set(id, end);
  }
  return until;
}

/** The leads as a claim has to see them, their rows locked in id order; unknown and merged ones are left out. */
export async function lockClaimed(
  kit: Kit,
  trx: Knex.Transaction,
  question: { readonly pool: LivePool; readonly actor: Actor; readonly ids: readonly number[]; readonly closed: readonly string[] },
  now: Date,
): Promise<readonly ClaimedLead[]> {
  const { actor, ids, closed } = question;
  const scope = kit.access.scope(actor, 'leads', 'claim', 'l');
  const rows = await many<Row>(
    trx,
    `SELECT l.id, l.owner_id, l.pool_id, l.pool_entered_at, l.do_not_contact_until, l.stage, (${scope.sql}) AS allowed
     FROM crm_leads l WHERE l.id = ANY(?::int[]) AND l.merged_into IS NULL ORDER BY l.id FOR NO KEY UPDATE OF l`,
    [...scope.bindings, [...ids]],
  );
  const cooling = await coolingOf(kit, trx, { ...question, ids: rows.map((row) => row.id) }, now);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id): ClaimedLead[] => {
    const row = byId.get(id);
    if (!row) return [];
    return [
      {
        id,
        ownerId: row.owner_id,
        poolId: row.pool_id,
        poolEnteredAt: row.pool_entered_at,
        doNotContactUntil: row.do_not_contact_until,
        closed: closed.includes(row.stage),
        coolingUntil: cooling.get(id) ?? null,
        allowed: row.allowed === true,
      },
    ];
  });
}
