import type { Knex } from 'knex';
import type { DueTimer, TimerInput } from '../../../contracts';
import { rowsAs, type Column } from './columns';
import { many, one } from './rows';

/** Pollers listen here; the payload is the earliest due time armed, ISO. */
export const TIMER_CHANNEL = 'crm_timers';
/** A poller never sleeps longer, so only timers due sooner than this need to wake it. */
export const LONGEST_SLEEP_MS = 5000;

const COLUMNS: readonly Column<TimerInput>[] = [
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'key', type: 'text', of: ({ key }) => key },
  { name: 'subject', type: 'text', of: ({ subject }) => subject },
  { name: 'subject_id', type: 'int', of: ({ subjectId }) => subjectId },
  { name: 'due_at', type: 'timestamptz', of: ({ dueAt }) => dueAt },
  { name: 'payload', type: 'jsonb', of: ({ payload }) => payload ?? {} },
];

const upsert = (source: string): string => `
  INSERT INTO crm_timers (kind, key, subject, subject_id, due_at, planned_at, payload, armed_at)
  SELECT t.kind, t.key, t.subject, t.subject_id, t.due_at, t.due_at, t.payload, ?::timestamptz
  FROM ${source}
  ORDER BY t.key
  ON CONFLICT (key) WHERE state = 'armed' DO UPDATE SET
    kind = excluded.kind, subject = excluded.subject, subject_id = excluded.subject_id, due_at = excluded.due_at,
    planned_at = excluded.planned_at, payload = excluded.payload, armed_at = excluded.armed_at, attempts = 0, last_error = NULL`;

/** Arms or moves timers, in key order so that two callers cannot deadlock. One statement; the last of several with one key wins. */
export async function armTimers(trx: Knex.Transaction, timers: readonly TimerInput[], now: Date): Promise<void> {
  if (timers.length === 0) return;
  const byKey = new Map(timers.map((timer) => [timer.key, timer]));
  const rows = [...byKey.values()];
  const earliest = rows.reduce((first, { dueAt }) => Math.min(first, dueAt.getTime()), Infinity);
  const source = rowsAs('t', COLUMNS, rows);
  const sql = upsert(source.sql);
  const bindings = [now, ...source.bindings];
  if (earliest > now.getTime() + LONGEST_SLEEP_MS) await many(trx, sql, bindings);
  else await many(trx, `WITH armed AS (${sql}) SELECT pg_notify(?, ?)`, [...bindings, TIMER_CHANNEL, new Date(earliest).toISOString()]);
}

/** Tells every poller, when the transaction commits, that something is due at an instant. */
export async function wakePollers(trx: Knex.Transaction | Knex, dueAt: Date): Promise<void> {
  await trx.raw('SELECT pg_notify(?, ?)', [TIMER_CHANNEL, dueAt.toISOString()]);
}

/** Cancels armed timers by key, rows locked in key order. One statement; unknown and finished keys are ignored. */
export async function cancelTimers(trx: Knex.Transaction, keys: readonly string[], now: Date): Promise<void> {
  if (keys.length === 0) return;
  await trx.raw(
    `WITH armed AS (SELECT id FROM crm_timers WHERE key = ANY(?::text[]) AND state = 'armed' ORDER BY key FOR UPDATE)
     UPDATE crm_timers t SET state = 'cancelled', cancelled_at = ? FROM armed WHERE t.id = armed.id AND t.state = 'armed'`,
    [[...keys], now],
  );
}

export interface TakenTimer extends DueTimer {
  readonly attempts: number;
}

interface TimerRow {
  readonly id: string | number;
  readonly kind: string;
  readonly key: string;
  readonly subject: string;
  readonly subject_id: number;
  readonly due_at: Date;
  readonly planned_at: Date;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
}

/**
 * Marks due timers fired and returns them in due order. They stay fired only if the caller's transaction commits, and are marked
 * before their handlers run so that a handler may arm the same key again. Rows another process holds are skipped.
 */
export async function takeDue(
  trx: Knex.Transaction,
  scope: { readonly kinds: readonly string[]; readonly limit: number; readonly id?: number },
  now: Date,
): Promise<TakenTimer[]> {
  const rows = await many<TimerRow>(
    trx,
    `WITH due AS (
       SELECT id FROM crm_timers
       WHERE state = 'armed' AND due_at <= ? AND kind = ANY(?::text[]) ${scope.id === undefined ? '' : 'AND id = ?'}
       ORDER BY due_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
     UPDATE crm_timers t SET state = 'fired', fired_at = ? FROM due WHERE t.id = due.id
     RETURNING t.id, t.kind, t.key, t.subject, t.subject_id, t.due_at, t.planned_at, t.payload, t.attempts`,
    [now, [...scope.kinds], ...(scope.id === undefined ? [] : [scope.id]), scope.limit, now],
  );
  return rows
    .sort((a, b) => a.due_at.getTime() - b.due_at.getTime() || Number(a.id) - Number(b.id))
    .map((row) => ({
      id: Number(row.id),
      kind: row.kind,
      key: row.key,
      subject: row.subject,
      subjectId: row.subject_id,
      dueAt: row.planned_at,
      payload: row.payload,
      attempts: row.attempts,
    }));
}

/** Notes a failed firing: tried again at `retryAt`, or given up when that is null. A timer moved or cancelled meanwhile is left alone. */
export async function noteFailure(db: Knex, timer: TakenTimer, error: string, retryAt: Date | null): Promise<void> {
  await db.raw(
    `UPDATE crm_timers SET attempts = attempts + 1, last_error = ?, state = ?, due_at = coalesce(?::timestamptz, due_at)
     WHERE id = ? AND state = 'armed' AND attempts = ? AND planned_at = ?`,
    [error, retryAt ? 'armed' : 'failed', retryAt, timer.id, timer.attempts, timer.dueAt],
  );
}

/** When the next armed timer of these kinds is due, or null. */
export async function nextDue(db: Knex, kinds: readonly string[]): Promise<Date | null> {
  const row = await one<{ due_at: Date }>(
    db,
    `SELECT due_at FROM crm_timers WHERE state = 'armed' AND kind = ANY(?::text[]) ORDER BY due_at, id LIMIT 1`,
    [[...kinds]],
  );
  return row?.due_at ?? null;
}

/** Removes a small batch of timers finished before an instant; failed ones stay. Returns how many. */
export async function pruneFinished(db: Knex, before: Date, limit: number): Promise<number> {
  const removed = await many<{ id: string }>(
    db,
    `DELETE FROM crm_timers WHERE id IN (
       SELECT id FROM crm_timers WHERE state IN ('fired', 'cancelled') AND coalesce(fired_at, cancelled_at) < ?
       ORDER BY coalesce(fired_at, cancelled_at) LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [before, limit],
  );
  return removed.length;
}
