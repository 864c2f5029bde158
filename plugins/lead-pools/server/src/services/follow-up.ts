import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { FollowUp } from '../../../contracts';

interface Predicate {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

/** What counts, as a predicate over the activity `a`; `similarity` says whether pg_trgm is there to compare notes with. */
export function followUpPredicate(definition: FollowUp, similarity: boolean): Predicate {
  const parts: string[] = [];
  const bindings: unknown[] = [];
  for (const { kind, outcomes, minSeconds } of definition.kinds) {
    parts.push(
      `(a.direction = 'outbound' AND a.kind = ?${outcomes.length > 0 ? ' AND a.outcome = ANY(?::text[])' : ''}${minSeconds > 0 ? ' AND coalesce(a.duration_seconds, 0) >= ?' : ''})`,
    );
    bindings.push(kind, ...(outcomes.length > 0 ? [[...outcomes]] : []), ...(minSeconds > 0 ? [minSeconds] : []));
  }
  const ours = parts.length > 0 ? `(${parts.join(' OR ')})` : 'FALSE';
  const texts: string[] = [];
  if (definition.minNote > 0) {
    texts.push(`length(trim(coalesce(a.note, ''))) >= ?`);
    bindings.push(definition.minNote);
  }
  if (typeof definition.maxSimilarity === 'number' && similarity) {
    texts.push(
      `(coalesce(a.note, '') = '' OR NOT EXISTS (SELECT 1 FROM crm_activities e WHERE e.lead_id = a.lead_id AND e.id < a.id AND e.note IS NOT NULL AND similarity(e.note, a.note) >= ?))`,
    );
    bindings.push(definition.maxSimilarity);
  }
  const worked = [ours, ...texts].join(' AND ');
  const counted = definition.reply ? `((${worked}) OR a.direction = 'inbound')` : `(${worked})`;
  return { sql: `NOT coalesce(a.bulk, FALSE) AND NOT coalesce(a.automatic, FALSE) AND ${counted}`, bindings };
}

/** Without pg_trgm texts are not compared (the rest of the definition holds). */
const hasTrigrams = async (db: Knex | Knex.Transaction): Promise<boolean> =>
  (await many<{ there: boolean }>(db, `SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') AS there`))[0]?.there ?? false;

/** When each lead was last followed up effectively, by its activities; leads without one are left out. */
export async function effectiveActivities(
  db: Knex | Knex.Transaction,
  definition: FollowUp,
  leadIds: readonly number[],
  /** Work that is a game and none (fair play), over the alias `a`. */
  uncounted?: Predicate,
): Promise<ReadonlyMap<number, Date>> {
  if (leadIds.length === 0) return new Map();
  const compares = typeof definition.maxSimilarity === 'number' && (await hasTrigrams(db));
  const predicate = followUpPredicate(definition, compares);
  const rows = await many<{ lead_id: number; at: Date }>(
    db,
    `SELECT a.lead_id, max(a.occurred_at) AS at FROM crm_activities a WHERE a.lead_id = ANY(?::int[]) AND ${predicate.sql}${uncounted ? ` AND NOT ${uncounted.sql}` : ''} GROUP BY a.lead_id`,
    [[...leadIds], ...predicate.bindings, ...(uncounted?.bindings ?? [])],
  );
  return new Map(rows.map((row) => [row.lead_id, row.at]));
}

/** When a person last moved each lead's stage by hand, from the events; several moved in one request do not count. */
export async function stageMoves(db: Knex | Knex.Transaction, leadIds: readonly number[]): Promise<ReadonlyMap<number, Date>> {
  if (leadIds.length === 0) return new Map();
  const rows = await many<{ subject_id: number; at: Date }>(
    db,
    `SELECT e.subject_id, max(e.at) AS at FROM crm_events e
     WHERE e.subject = 'lead' AND e.subject_id = ANY(?::int[]) AND e.type = 'lead.stage_changed' AND e.actor_kind = 'member'
       AND e.data->>'automatic' IS DISTINCT FROM 'true'
       AND NOT EXISTS (SELECT 1 FROM crm_events o WHERE o.type = e.type AND o.at = e.at AND o.actor_id = e.actor_id AND o.subject_id <> e.subject_id)
     GROUP BY e.subject_id`,
    [[...leadIds]],
  );
  return new Map(rows.map((row) => [row.subject_id, row.at]));
}
