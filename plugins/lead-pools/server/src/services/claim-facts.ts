import { many } from '@leadsea/crm-core';
import type { Actor, Kit, Sql } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ClaimedLead } from '../domain/claim';
import { coolingUntil, hasCooling } from '../domain/cooling';
import { poolCalendar } from './calendar';
import { departuresOf } from './departures';
import type { LivePool } from './pools';

interface Row {
  id: number;
  owner_id: number | null;
  held_since: Date | null;
  pool_id: number | null;
  pool_entered_at: Date | null;
  do_not_contact_until: Date | null;
  stage: string;
  /** One per scope asked for. */
  allowed: (boolean | null)[];
}

type Person = Pick<Actor, 'memberId' | 'teamId'>;

/** Until when each of these people waits for each lead as a former owner; nothing is read for a pool without a cooling time. */
async function coolings(
  kit: Kit,
  db: Knex | Knex.Transaction,
  { pool, people, ids }: { readonly pool: LivePool; readonly people: readonly Person[]; readonly ids: readonly number[] },
  now: Date,
): Promise<readonly ReadonlyMap<number, Date>[]> {
  const { cooling } = pool.body;
  if (!hasCooling(cooling)) return people.map(() => new Map());
  const calendar = await poolCalendar(kit, pool);
  const departures = await departuresOf(db, ids);
  return people.map(({ memberId, teamId }) => {
    const until = new Map<number, Date>();
    if (memberId === null) return until;
    for (const [id, left] of departures) {
      const end = coolingUntil(cooling, left, { id: memberId, teamId }, calendar, now);
      if (end) until.set(id, end);
    }
    return until;
  });
}

/** Until when this person waits for each lead as a former owner. */
export async function coolingOf(
  kit: Kit,
  db: Knex | Knex.Transaction,
  { pool, actor, ids }: { readonly pool: LivePool; readonly actor: Person; readonly ids: readonly number[] },
  now: Date,
): Promise<ReadonlyMap<number, Date>> {
  const [until] = await coolings(kit, db, { pool, people: [actor], ids }, now);
  return until ?? new Map();
}

/** Which leads a person asks for. */
export interface Asked {
  readonly actor: Actor;
  readonly ids: readonly number[];
}

/**
 * The leads as the claims of these people have to see them, their rows locked in id order; unknown and merged ones are left out. Per request,
 * in the order asked for. One statement, one more for a pool with a cooling time.
 */
export async function lockClaimed(
  kit: Kit,
  trx: Knex.Transaction,
  question: { readonly pool: LivePool; readonly requests: readonly Asked[]; readonly closed: readonly string[] },
  now: Date,
): Promise<readonly (readonly ClaimedLead[])[]> {
  const { pool, requests, closed } = question;
  const scopes = requests.map(({ actor }): Sql => {
    const [claim, read] = [kit.access.scope(actor, 'leads', 'claim', 'l'), kit.access.scope(actor, 'leads', 'read', 'l')];
    return { sql: `(${claim.sql}) AND (${read.sql})`, bindings: [...claim.bindings, ...read.bindings] };
  });
  // Colleagues mostly have the same scope: it is asked once for them.
  const distinct = new Map(scopes.map((scope) => [JSON.stringify(scope), scope]));
  const place = [...distinct.keys()];
  const rows = await many<Row>(
    trx,
    `SELECT l.id, l.owner_id, l.held_since, l.pool_id, l.pool_entered_at, l.do_not_contact_until, l.stage, ARRAY[${[...distinct.values()].map(({ sql }) => `(${sql})`).join(', ')}]::boolean[] AS allowed
     FROM crm_leads l WHERE l.id = ANY(?::int[]) AND l.merged_into IS NULL ORDER BY l.id FOR NO KEY UPDATE OF l`,
    [...[...distinct.values()].flatMap(({ bindings }) => [...bindings]), [...new Set(requests.flatMap(({ ids }) => ids))]],
  );
  const people = requests.map(({ actor }) => actor);
  const waits = await coolings(kit, trx, { pool, people, ids: rows.map((row) => row.id) }, now);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return requests.map(({ ids }, index) => {
    const scope = place.indexOf(JSON.stringify(scopes[index]));
    return ids.flatMap((id): ClaimedLead[] => {
      const row = byId.get(id);
      if (!row) return [];
      return [
        {
          id,
          ownerId: row.owner_id,
          heldSince: row.held_since,
          poolId: row.pool_id,
          poolEnteredAt: row.pool_entered_at,
          doNotContactUntil: row.do_not_contact_until,
          closed: closed.includes(row.stage),
          coolingUntil: waits[index]?.get(id) ?? null,
          allowed: row.allowed[scope] === true,
        },
      ];
    });
  });
}
