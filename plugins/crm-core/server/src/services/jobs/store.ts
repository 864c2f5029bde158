import type { Knex } from 'knex';
import type { JobInput } from '../../../../contracts';
import { databaseJson } from '../../domain/machine/json';
import { many, one } from '../rows';

export interface Shipment {
  readonly id: number;
  /** Null: due now. */
  readonly runAt: Date | null;
}

export interface LeasedJob {
  readonly id: number;
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
  readonly maxAttempts: number;
}

/** One execution of one job: the row answers only to the token that holds its lease. */
export interface Lease {
  readonly id: number;
  readonly token: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly note: string | null;
}

const DEFAULT_MAX_ATTEMPTS = 5;

const INSERT = `
  INSERT INTO crm_jobs (kind, key, payload, run_at, max_attempts)
  SELECT j.kind, j.key, j.payload, coalesce(j.run_at, now()), j.max_attempts
  FROM ROWS FROM (json_to_recordset(?::json) AS (kind text, key text, payload jsonb, run_at timestamptz, max_attempts int))
       WITH ORDINALITY AS j(kind, key, payload, run_at, max_attempts, place)
  ORDER BY j.place
  ON CONFLICT (kind, key) WHERE state IN ('queued', 'running') DO UPDATE SET key = excluded.key
  RETURNING id, xmax = 0 AS inserted`;

const identity = (job: JobInput, index: number): string => (job.key === undefined ? `#${index}` : JSON.stringify([job.kind, job.key]));

/**
 * Writes job rows in one statement, in key order so that two callers cannot deadlock. A job whose kind and key are queued or running
 * already is that job. Returns the ids in the order given and what the engine must be told.
 */
export async function insertJobs(trx: Knex.Transaction, jobs: readonly JobInput[]): Promise<{ ids: number[]; fresh: Shipment[] }> {
  const keys = jobs.map(identity);
  const unique = [...new Map(jobs.map((job, index) => [identity(job, index), job])).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = unique.map(([, { kind, key, payload, runAt, maxAttempts }]) => ({
    kind,
    key,
    payload,
    run_at: runAt?.toISOString(),
    max_attempts: maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
  }));
  const inserted = await many<{ id: string | number; inserted: boolean }>(trx, INSERT, [databaseJson(rows)]);
  const byKey = new Map<string, number>();
  const fresh: Shipment[] = [];
  inserted.forEach((row, index) => {
    const [key, job] = unique[index] ?? [];
    if (key === undefined) return;
    byKey.set(key, Number(row.id));
    if (row.inserted) fresh.push({ id: Number(row.id), runAt: job?.runAt ?? null });
  });
  return { ids: keys.map((key) => byKey.get(key) ?? 0), fresh };
}

/** Takes the lease of a job that is due, or whose last process stopped renewing; null when there is nothing to take. */
export async function takeLease(db: Knex, lease: Lease, kinds: readonly string[], seconds: number): Promise<LeasedJob | null> {
  // Two seconds of tolerance: the engine's clock need not be the database's.
  const row = await one<{ id: string | number; kind: string; payload: Record<string, unknown>; attempts: number; max_attempts: number }>(
    db,
    `UPDATE crm_jobs SET state = 'running', attempts = attempts + 1, locked_by = ?, locked_until = now() + make_interval(secs => ?),
            started_at = coalesce(started_at, now())
     WHERE id = ? AND kind = ANY(?::text[])
       AND ((state = 'queued' AND run_at <= now() + interval '2 seconds') OR (state = 'running' AND locked_until < now() AND attempts < max_attempts))
     RETURNING id, kind, payload, attempts, max_attempts`,
    [lease.token, seconds, lease.id, [...kinds]],
  );
  return row && { id: Number(row.id), kind: row.kind, payload: row.payload, attempts: row.attempts, maxAttempts: row.max_attempts };
}

/** Whether the row can be seen at all: an id may arrive before its transaction has committed. */
export async function jobExists(db: Knex, id: number): Promise<boolean> {
  return (await one(db, 'SELECT 1 FROM crm_jobs WHERE id = ?', [id])) !== null;
}

/** Renews a lease and saves progress if given; false when the job is no longer ours (cancelled, or taken over). */
export async function renewLease(db: Knex, lease: Lease, seconds: number, progress: Progress | null): Promise<boolean> {
  const row = await one(
    db,
    `UPDATE crm_jobs SET locked_until = now() + make_interval(secs => ?)
       ${progress ? ', progress_done = ?, progress_total = ?, progress_note = coalesce(?, progress_note)' : ''}
     WHERE id = ? AND locked_by = ? AND state = 'running' RETURNING id`,
    [seconds, ...(progress ? [progress.done, progress.total, progress.note] : []), lease.id, lease.token],
  );
  return row !== null;
}

export type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'retry'; readonly error: string; readonly afterSeconds: number }
  /** Stopped before the end without fault: resumes, and the attempt does not count. */
  | { readonly state: 'released' };

const SETTLE: Readonly<Record<Outcome['state'], string>> = {
  done: `state = 'done', finished_at = now(), error = NULL`,
  failed: `state = 'failed', finished_at = now(), error = ?`,
  retry: `state = 'queued', sent_at = NULL, error = ?, run_at = now() + make_interval(secs => ?)`,
  released: `state = 'queued', sent_at = NULL, run_at = now(), attempts = attempts - 1`,
};

function settleBindings(outcome: Outcome): readonly (string | number)[] {
  switch (outcome.state) {
    case 'failed':
      return [outcome.error];
    case 'retry':
      return [outcome.error, outcome.afterSeconds];
    case 'done':
    case 'released':
      return [];
  }
}

/** Ends an execution; returns when the job runs next, or null when the lease was no longer ours. */
export async function settle(db: Knex, lease: Lease, outcome: Outcome): Promise<Date | null> {
  const row = await one<{ run_at: Date }>(
    db,
    `UPDATE crm_jobs SET ${SETTLE[outcome.state]}, locked_by = NULL, locked_until = NULL
     WHERE id = ? AND locked_by = ? AND state = 'running' RETURNING run_at`,
    [...settleBindings(outcome), lease.id, lease.token],
  );
  return row?.run_at ?? null;
}

/** Cancels a queued or running job; finished ones are left as they are. */
export async function cancelJob(db: Knex, id: number): Promise<void> {
  await db.raw(
    `UPDATE crm_jobs SET state = 'cancelled', finished_at = now(), locked_by = NULL, locked_until = NULL
     WHERE id = ? AND state IN ('queued', 'running')`,
    [id],
  );
}

/** Notes that the engine has these ids. */
export async function markSent(db: Knex, ids: readonly number[]): Promise<void> {
  await db.raw('UPDATE crm_jobs SET sent_at = now() WHERE id = ANY(?::bigint[])', [[...ids]]);
}

/** Ends jobs whose every attempt took its process down with it; nobody is left to say so. Returns how many. */
export async function failExhausted(db: Knex): Promise<number> {
  const rows = await many(
    db,
    `UPDATE crm_jobs SET state = 'failed', finished_at = now(), locked_by = NULL, locked_until = NULL,
            error = 'The process running this job stopped before it ended, ' || attempts || ' times in all.'
     WHERE state = 'running' AND locked_until < now() AND attempts >= max_attempts RETURNING id`,
  );
  return rows.length;
}

/**
 * Jobs the engine may have lost: due and never sent, or sent long ago, or running under a lease that ended. Marks them sent, so that
 * of several nodes one sends each. An abandoned job goes out under the end of its lease, so that an engine which still believes in the dead
 * process does not take it for the same delivery.
 */
export async function takeLost(db: Knex, resendSeconds: number, limit: number): Promise<Shipment[]> {
  const rows = await many<{ id: string | number; abandoned_at: Date | null }>(
    db,
    `WITH unsent AS (
       SELECT id FROM crm_jobs WHERE state = 'queued' AND run_at <= now()
         AND (CASE WHEN sent_at IS NULL THEN created_at < now() - interval '5 seconds' OR started_at IS NOT NULL
                   ELSE greatest(sent_at, run_at) < now() - make_interval(secs => ?) END)
       ORDER BY run_at LIMIT ? FOR UPDATE SKIP LOCKED),
     abandoned AS (
       SELECT id FROM crm_jobs WHERE state = 'running' AND locked_until < now() AND attempts < max_attempts
       ORDER BY locked_until LIMIT ? FOR UPDATE SKIP LOCKED)
     UPDATE crm_jobs SET sent_at = now() WHERE id IN (SELECT id FROM unsent UNION ALL SELECT id FROM abandoned)
     RETURNING id, CASE WHEN state = 'running' THEN locked_until END AS abandoned_at`,
    [resendSeconds, limit, limit],
  );
  return rows.map((row) => ({ id: Number(row.id), runAt: row.abandoned_at })).sort((a, b) => a.id - b.id);
}

/** Removes a small batch of jobs done or cancelled before some days ago; failed ones stay. Returns how many. */
export async function pruneJobs(db: Knex, days: number, limit: number): Promise<number> {
  const rows = await many(
    db,
    `DELETE FROM crm_jobs WHERE id IN (
       SELECT id FROM crm_jobs WHERE state IN ('done', 'cancelled') AND finished_at < now() - make_interval(days => ?)
       ORDER BY finished_at LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING id`,
    [days, limit],
  );
  return rows.length;
}
