import { many } from '@leadsea/crm-core';
import type { Kit, Sql } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { encodeMove, UNDO_DAYS, type MovedLead, type MoveKey } from '../domain/undo';

export const MOVE_KINDS = ['recycle-run', 'assign', 'transfer', 'release', 'recycle', 'move', 'hand-over', 'import'] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];

export interface Move {
  readonly key: string;
  readonly kind: MoveKind;
  readonly at: Date;
  readonly by: number | null;
  readonly name: string;
  readonly leads: number;
  readonly undoneAt: Date | null;
  readonly undoableUntil: Date;
  /** Where a move with an undo of its own is taken back (an import). */
  readonly href?: string;
}

/** Events by which a lead changes hands in bulk, and what the pool it entered did with it in the same breath. */
const MOVING = ['lead.assigned', 'lead.transferred', 'lead.released', 'lead.recycled', 'lead.moved', 'lead.forwarded', 'lead.exhausted'];
const KIND_OF: Readonly<Record<string, MoveKind>> = {
  timer: 'recycle-run',
  assign: 'assign',
  transfer: 'transfer',
  release: 'release',
  recycle: 'recycle',
  move: 'move',
  handover: 'hand-over',
};
/** Events of one move share their cause; runs of the recycle timer are one per hour. */
const HOUR = `CASE WHEN e.cause_type = 'timer' THEN date_trunc('hour', e.at) END`;
const OF_A_MOVE = `e.subject = 'lead' AND e.type = ANY(?::text[]) AND (e.cause_type = ANY(?::text[]) AND (e.cause_type <> 'timer' OR e.cause_id = 'recycle'))`;
const LIST = 200;

interface MoveRow {
  cause_type: string;
  cause_id: string | null;
  hour: Date | null;
  at: Date;
  actor_id: number | null;
  actor_name: string;
  leads: number;
}

const sinceOf = (now: Date, days = UNDO_DAYS): Date => new Date(now.getTime() - days * 86_400_000);
const keyOf = (row: Pick<MoveRow, 'cause_type' | 'cause_id' | 'hour'>): string =>
  encodeMove({ cause: row.cause_type, id: row.cause_id, hour: row.hour?.toISOString() ?? null });

export interface MoveFilter {
  readonly pool?: number | null;
  /** Only what this person did. */
  readonly by?: number | null;
  readonly key?: MoveKey;
  /** How far back; default: as long as a move can be undone. */
  readonly days?: number;
}

/** Bulk moves of the last seven days, newest first, read from the events; one statement by `(type, at)`. */
export async function findMoves(kit: Kit, filter: MoveFilter, now: Date): Promise<readonly Move[]> {
  const where = [OF_A_MOVE, 'e.at >= ?'];
  const bindings: unknown[] = [MOVING, Object.keys(KIND_OF), sinceOf(now, filter.days)];
  if (filter.by) {
    where.push('e.actor_id = ?');
    bindings.push(filter.by);
  }
  if (filter.pool) {
    where.push(
      `(e.before->>'pool' = ? OR e.after->>'pool' = ? OR EXISTS (SELECT 1 FROM crm_leads l WHERE l.id = e.subject_id AND l.home_pool_id = ?))`,
    );
    bindings.push(String(filter.pool), String(filter.pool), filter.pool);
  }
  if (filter.key) {
    where.push(`e.cause_type = ? AND e.cause_id IS NOT DISTINCT FROM ? AND ${HOUR} IS NOT DISTINCT FROM ?::timestamptz`);
    bindings.push(filter.key.cause, filter.key.id, filter.key.hour);
  }
  const rows = await many<MoveRow>(
    kit.db,
    `SELECT e.cause_type, e.cause_id, ${HOUR} AS hour, min(e.at) AS at, min(e.actor_id) AS actor_id, min(e.actor_name) AS actor_name, count(DISTINCT e.subject_id)::int AS leads
     FROM crm_events e WHERE ${where.join(' AND ')}
     GROUP BY 1, 2, 3 HAVING count(DISTINCT e.subject_id) > 1 OR e.cause_type IN ('timer', 'handover') ORDER BY min(e.at) DESC LIMIT ${LIST}`,
    bindings,
  );
  const keys = rows.map(keyOf);
  const undone = await many<{ key: string; at: Date }>(kit.db, 'SELECT key, at FROM crm_pool_undos WHERE key = ANY(?::text[])', [keys]);
  const undoneAt = new Map(undone.map((row) => [row.key, row.at]));
  return rows.map((row, index) => ({
    key: keys[index]!,
    kind: KIND_OF[row.cause_type] ?? 'recycle',
    at: row.at,
    by: row.actor_id,
    name: row.actor_name,
    leads: row.leads,
    undoneAt: undoneAt.get(keys[index]!) ?? null,
    undoableUntil: new Date(row.at.getTime() + UNDO_DAYS * 86_400_000),
  }));
}

/** Files that were brought in to a pool in these days: they are taken back by the import itself, which removes what it made. */
export async function findImports(kit: Kit, filter: MoveFilter, now: Date): Promise<readonly Move[]> {
  const rows = await many<{
    id: number;
    at: Date;
    owner_id: number | null;
    file_name: string;
    leads: number;
    status: string;
    finished_at: Date;
  }>(
    kit.db,
    `SELECT i.id, i.started_at AS at, i.owner_id, i.file_name, i.status, i.finished_at, (SELECT count(*)::int FROM crm_leads l WHERE l.import_id = i.id) AS leads FROM crm_imports i
     WHERE i.kind = 'leads' AND i.started_at >= ? AND i.status IN ('done', 'reverted') ${filter.by ? 'AND i.owner_id = ?' : ''}
       ${filter.pool ? 'AND EXISTS (SELECT 1 FROM crm_leads l WHERE l.import_id = i.id AND (l.pool_id = ? OR l.home_pool_id = ?))' : ''}
     ORDER BY i.started_at DESC LIMIT 50`,
    [sinceOf(now), ...(filter.by ? [filter.by] : []), ...(filter.pool ? [filter.pool, filter.pool] : [])],
  );
  return rows.map((row) => ({
    key: `import:${row.id}`,
    kind: 'import',
    at: row.at,
    by: row.owner_id,
    name: row.file_name,
    leads: row.leads,
    undoneAt: row.status === 'reverted' ? row.finished_at : null,
    undoableUntil: new Date(row.at.getTime() + UNDO_DAYS * 86_400_000),
    href: `/imports/${row.id}`,
  }));
}

/** A lead of a move with what is needed to put it back. */
export interface StoryRow {
  readonly id: number;
  readonly event: string;
  readonly at: Date;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly name: string | null;
  readonly owner_id: number | null;
  readonly pool_id: number | null;
  readonly merged_into: number | null;
  readonly stage: string | null;
  readonly exists: boolean;
  readonly moved_by: string | null;
  readonly moved_at: Date | null;
  readonly worked_by: string | null;
  readonly worked_at: Date | null;
  readonly owner_active: boolean;
  readonly in_reach: boolean;
}

/** The leads of a move in id order, their rows locked when `lock`; what happened to each since. Two statements for any number. */
export async function storiesOf(
  db: Knex | Knex.Transaction,
  key: MoveKey,
  scope: Sql,
  { now, lock }: { readonly now: Date; readonly lock: boolean },
): Promise<readonly StoryRow[]> {
  const own = `${OF_A_MOVE} AND e.at >= ? AND e.cause_type = ? AND e.cause_id IS NOT DISTINCT FROM ? AND ${HOUR} IS NOT DISTINCT FROM ?::timestamptz`;
  const bindings = [MOVING, Object.keys(KIND_OF), sinceOf(now), key.cause, key.id, key.hour];
  if (lock) {
    await many(
      db,
      `SELECT l.id FROM crm_leads l WHERE l.id IN (SELECT e.subject_id FROM crm_events e WHERE ${own}) ORDER BY l.id FOR NO KEY UPDATE OF l`,
      bindings,
    );
  }
  return many<StoryRow>(
    db,
    `WITH mine AS (
       SELECT e.subject_id AS id, (array_agg(e.before ORDER BY e.id))[1] AS before, (array_agg(e.after ORDER BY e.id DESC))[1] AS after,
              (array_agg(e.type ORDER BY e.id))[1] AS event, max(e.id) AS last, max(e.at) AS at
       FROM crm_events e WHERE ${own} GROUP BY e.subject_id)
     SELECT m.id, m.event, m.at, m.before, m.after, l.name, l.owner_id, l.pool_id, l.merged_into, l.stage, l.id IS NOT NULL AS "exists",
            later.actor_name AS moved_by, later.at AS moved_at, act.name AS worked_by, act.occurred_at AS worked_at,
            coalesce(p.active, false) AS owner_active, coalesce(${scope.sql}, false) AS in_reach
     FROM mine m LEFT JOIN crm_leads l ON l.id = m.id
       LEFT JOIN crm_members p ON p.id = (m.before->>'owner')::int
       LEFT JOIN LATERAL (SELECT e.actor_name, e.at FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = m.id AND e.id > m.last AND jsonb_exists(e.after, 'owner') ORDER BY e.id LIMIT 1) later ON true
       LEFT JOIN LATERAL (SELECT w.name, a.occurred_at FROM crm_activities a LEFT JOIN crm_members w ON w.id = a.member_id
                          WHERE a.lead_id = m.id AND a.occurred_at > m.at AND NOT coalesce(a.automatic, false) ORDER BY a.occurred_at LIMIT 1) act ON true
     ORDER BY m.id`,
    [...bindings, ...scope.bindings],
  );
}

const idOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export const toMoved = (row: StoryRow, closed: readonly string[], livePools: ReadonlySet<number>): MovedLead => ({
  id: row.id,
  before: { owner: idOf(row.before['owner']), pool: idOf(row.before['pool']) },
  after: { owner: idOf(row.after['owner']), pool: idOf(row.after['pool']) },
  now: row.exists
    ? { owner: row.owner_id, pool: row.pool_id, merged: row.merged_into !== null, closed: closed.includes(row.stage ?? '') }
    : null,
  movedSince: row.moved_at !== null,
  workedSince: row.worked_at !== null,
  ownerActive: row.owner_active,
  poolLive: livePools.has(idOf(row.before['pool']) ?? 0),
  inReach: row.in_reach,
});
