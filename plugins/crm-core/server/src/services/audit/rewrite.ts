import type { Knex } from 'knex';
import { databaseJson } from '../../domain/machine/json';
import { many, one } from '../rows';
import { rowHash } from './row-hash';

/** What an event says after values were taken out of it. */
export interface RewrittenEvent {
  readonly id: number | string;
  readonly before: unknown;
  readonly after: unknown;
  readonly data: unknown;
  readonly causeNote: string | null;
}

/** Tells who wrote an erasure into history: event of subject `erasure`, sealed with the day like every other. */
export const ERASURE_SEALED = 'erasure.sealed';

const SEAL = `encode(sha256(convert_to(coalesce(string_agg(x.event_id || ':' || x.digest || ':' || x.remains, ',' ORDER BY x.event_id), ''), 'UTF8')), 'hex')`;

/**
 * Rewrites events in the caller's transaction: what is given replaces before, after, data and the note of the cause; the salt goes. The digest
 * of the event as it was first written stays, beside that of what remains. Needs `SET LOCAL leadsea.erasure = 'on'`.
 */
export async function rewriteEvents(trx: Knex.Transaction, erasureId: number, events: readonly RewrittenEvent[], now: Date): Promise<void> {
  if (events.length === 0) return;
  const ids = events.map(({ id }) => Number(id));
  const digests = await many<{ id: string; digest: string }>(
    trx,
    `SELECT e.id, coalesce((SELECT x.digest FROM crm_event_erasures x WHERE x.event_id = e.id ORDER BY x.erasure_id LIMIT 1), ${rowHash('e')}) AS digest
     FROM crm_events e WHERE e.id = ANY(?::bigint[])`,
    [ids],
  );
  await trx.raw(
    `UPDATE crm_events e SET before = w.before, after = w.after, data = w.data, cause_note = w."causeNote", salt = NULL
     FROM json_to_recordset(?::json) AS w(id bigint, before jsonb, after jsonb, data jsonb, "causeNote" text) WHERE e.id = w.id`,
    [databaseJson(events)],
  );
  await trx.raw(
    `INSERT INTO crm_event_erasures (event_id, erasure_id, digest, remains, at)
     SELECT e.id, ?, w.digest, ${rowHash('e')}, ? FROM crm_events e JOIN json_to_recordset(?::json) AS w(id bigint, digest text) ON w.id = e.id`,
    [erasureId, now, databaseJson(digests)],
  );
}

/** What an erasure did to history in one hash; written into history itself (`ERASURE_SEALED`), it cannot be added to afterwards. */
export async function sealOfErasure(trx: Knex.Transaction, erasureId: number): Promise<{ readonly events: number; readonly seal: string }> {
  const row = await one<{ events: number; seal: string }>(
    trx,
    `SELECT count(*)::int AS events, ${SEAL} AS seal FROM crm_event_erasures x WHERE x.erasure_id = ?`,
    [erasureId],
  );
  return row ?? { events: 0, seal: '' };
}

/** Erasures on record that history does not tell of, or not so. */
export async function forgedErasures(db: Knex | Knex.Transaction): Promise<readonly number[]> {
  const rows = await many<{ id: number }>(
    db,
    `SELECT f.id FROM (SELECT x.erasure_id AS id, ${SEAL} AS seal FROM crm_event_erasures x GROUP BY x.erasure_id) f
     WHERE NOT EXISTS (SELECT 1 FROM crm_events e WHERE e.subject = 'erasure' AND e.subject_id = f.id AND e.type = ? AND e.data->>'seal' = f.seal)`,
    [ERASURE_SEALED],
  );
  return rows.map(({ id }) => id);
}
