import type { Kit, RunningJob, Sql } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import type { Knex } from 'knex';
import { GRADING_KIND } from '../../../contracts';
import type { Grade, GradingModel, Heat } from '../../../contracts';
import { nextReview } from '../domain/grade';
import { windowExitSql } from '../sql/engagement';
import { changedSql, clearSql, gradeSelectSql, regradeSql } from '../sql/grade';
import type { GradeQuery, RegradeRow } from '../sql/grade';
import { join, sql } from '../sql/fragments';
import { engagementsBetween } from './engagement-source';
import { REGRADE_JOB } from './regrade-job';
import { planForBulk, rowsOf, watchedWindows } from './evaluate';
import { compilerFor, gradedBySql, liveModels } from './models';
import type { ModelVersion } from './models';
import { handleRanks, rankModel } from './ranks';
import { reviewTimer } from './review';

/** Ids per transaction: short enough not to hold rows against people at work, long enough that planning costs nothing. */
const RANGE = 20_000;
const ANNOUNCED = 500;

interface Run {
  readonly next_id: number;
  readonly last_id: number;
  readonly seen: number;
  readonly changed: number;
  readonly moves: Readonly<Record<string, number>>;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

export interface RangeResult {
  readonly changed: number;
  /** `B2>A2` → how many; `>A2` for leads that had no grade. */
  readonly moves: Readonly<Record<string, number>>;
}

const queryFor = (kit: Kit, models: readonly ModelVersion[], index: number, from: number, to: number, now: Date): GradeQuery => {
  const compile = compilerFor(kit, 'l', now);
  const version = models[index];
  if (!version) throw new RangeError(`No model ${index}`);
  return {
    model: version.body,
    versionId: version.versionId,
    compile,
    where: join([sql`l.id BETWEEN ${from} AND ${to} AND l.merged_into IS NULL`, gradedBySql(models, index, compile)], ' AND '),
    engagements: engagementsBetween(from, to, version.body),
    now,
  };
};

const reviewOf = (version: ModelVersion, row: RegradeRow, now: Date): Date | null =>
  nextReview(
    version.body,
    row.fit ?? 0,
    row.value ?? 0,
    row.engagement ?? 0,
    { score: row.score ?? 0, grade: (row.after ?? 'D4') as Grade, heat: (row.heat ?? 'cold') as Heat },
    now,
    { intent: row.intent, pace: { alive: row.alive ?? 0, nextAt: row.next_at, product: row.product_value ?? 0 } },
  );

/** The leads of a range for which an engagement leaves a window of the model, with the second after it does. */
async function exitsOf(
  trx: Knex.Transaction,
  version: ModelVersion,
  from: number,
  to: number,
  now: Date,
): Promise<ReadonlyMap<number, Date>> {
  const windows = watchedWindows(version.body);
  if (windows.length === 0) return new Map();
  const query = windowExitSql(windows, engagementsBetween(from, to, version.body), now);
  const rows = await rowsOf<{ lead_id: number; at: Date }>(trx, query);
  return new Map(rows.map((row) => [row.lead_id, new Date(row.at.getTime() + 1000)]));
}

/** Grades the leads of an id range with every live model and arms their review timers: one UPDATE per model, and one for leads no model grades. */
export async function regradeRange(
  kit: Kit,
  trx: Knex.Transaction,
  models: readonly ModelVersion[],
  from: number,
  to: number,
  now: Date,
): Promise<RangeResult> {
  await planForBulk(trx);
  const moves: Record<string, number> = {};
  let changed = 0;
  for (const [index, version] of models.entries()) {
    const rows = await rowsOf<RegradeRow>(trx, regradeSql(queryFor(kit, models, index, from, to, now), version.versionId, from, to));
    for (const row of rows) {
      if (row.part !== 'grades') continue;
      changed += row.count ?? 0;
      const move = `${row.before ?? ''}>${row.after ?? ''}`;
      if (row.before !== row.after) moves[move] = (moves[move] ?? 0) + (row.count ?? 0);
    }
    const exits = await exitsOf(trx, version, from, to, now);
    const reviews = new Map(exits);
    for (const row of rows) {
      const at = row.part === 'review' && row.id !== null ? reviewOf(version, row, now) : null;
      const exit = row.id === null ? undefined : exits.get(row.id);
      if (at && row.id !== null) reviews.set(row.id, exit && exit < at ? exit : at);
    }
    const timers = [...reviews].map(([id, at]) => reviewTimer(id, at));
    if (timers.length > 0) await kit.timers.arm(trx, timers, now);
  }
  if (!models.some(({ body }) => body.appliesTo === undefined)) {
    await rowsOf(
      trx,
      clearSql(join([sql`l.id BETWEEN ${from} AND ${to}`, gradedBySql(models, models.length, compilerFor(kit, 'l', now))], ' AND ')),
    );
  }
  return { changed, moves };
}

/** Leads of a range whose grade would change: for `announce`, where each goes through the door as if it had just changed. */
async function announceRange(
  kit: Kit,
  leads: Leads,
  trx: Knex.Transaction,
  models: readonly ModelVersion[],
  from: number,
  to: number,
  now: Date,
): Promise<RangeResult> {
  let changed = 0;
  for (const [index, version] of models.entries()) {
    await planForBulk(trx);
    const select: Sql = sql`SELECT g.id FROM (${gradeSelectSql(queryFor(kit, models, index, from, to, now))}) g WHERE ${changedSql('g')} ORDER BY g.id`;
    const ids = (await rowsOf<{ id: number }>(trx, select)).map((row) => row.id);
    await trx.raw('SET LOCAL jit = DEFAULT; SET LOCAL enable_nestloop = DEFAULT');
    changed += ids.length;
    for (let start = 0; start < ids.length; start += ANNOUNCED) {
      await leads.apply({
        changes: ids.slice(start, start + ANNOUNCED).map((id) => ({ op: 'touch', id, ask: ['regrade'] })),
        actor: kit.actors.system('grading'),
        cause: { type: 'model_change', id: String(version.versionId) },
        now,
        trx,
      });
    }
  }
  return { changed, moves: {} };
}

async function openRun(kit: Kit, job: RunningJob, versionId: number, models: readonly ModelVersion[]): Promise<void> {
  const ids = models.map((model) => model.versionId);
  await kit.db.raw(
    `INSERT INTO crm_grading_runs (job_id, version_id, version_ids, next_id, last_id, started_at)
     SELECT ?, ?, ?::int[], coalesce(min(id), 1), coalesce(max(id), 0), ? FROM crm_leads ON CONFLICT (job_id) DO NOTHING`,
    [job.id, versionId, ids, kit.clock.now()],
  );
}

async function lockRun(trx: Knex.Transaction, jobId: number): Promise<Run> {
  const { rows } = await trx.raw<{ rows: Run[] }>('SELECT * FROM crm_grading_runs WHERE job_id = ? FOR UPDATE', [jobId]);
  const run = rows[0];
  if (!run) throw new Error(`Re-grade ${jobId} has no run.`);
  return run;
}

const merged = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const sum: Record<string, number> = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
};

/** One range and the run's progress in one transaction. @returns the run after it, null when it was finished already */
async function step(kit: Kit, leads: Leads, jobId: number, models: readonly ModelVersion[], announce: boolean): Promise<Run | null> {
  return kit.db.transaction(async (trx) => {
    const run = await lockRun(trx, jobId);
    if (run.finished_at !== null || run.next_id > run.last_id) return null;
    const now = kit.clock.now();
    const to = Math.min(run.last_id, run.next_id + RANGE - 1);
    const result = announce
      ? await announceRange(kit, leads, trx, models, run.next_id, to, now)
      : await regradeRange(kit, trx, models, run.next_id, to, now);
    const next = {
      ...run,
      next_id: to + 1,
      seen: run.seen + (to - run.next_id + 1),
      changed: run.changed + result.changed,
      moves: merged(run.moves, result.moves),
    };
    await trx.raw('UPDATE crm_grading_runs SET next_id = ?, seen = ?, changed = ?, moves = ?::jsonb WHERE job_id = ?', [
      next.next_id,
      next.seen,
      next.changed,
      JSON.stringify(next.moves),
      jobId,
    ]);
    return next;
  });
}

/**
 * Once per run, when the end is reached: a node that had not yet heard of the publication may have graded leads by the version before
 * behind the back of the run. Sends the run over their range again. @returns whether there is anything to go over
 */
async function sweep(kit: Kit, jobId: number, models: readonly ModelVersion[]): Promise<boolean> {
  const { rows } = await kit.db.raw<{ rows: { swept: boolean }[] }>(
    `UPDATE crm_grading_runs r SET swept = TRUE, next_id = coalesce(s.first, r.next_id), last_id = coalesce(s.last, r.last_id)
     FROM crm_grading_runs o, LATERAL (SELECT min(l.id) AS first, max(l.id) AS last FROM crm_leads l WHERE l.graded_at >= o.started_at AND NOT (l.grade_version_id = ANY(?::int[]))) s
     WHERE o.job_id = r.job_id AND r.job_id = ? AND NOT r.swept AND r.finished_at IS NULL RETURNING s.first IS NOT NULL AS swept`,
    [models.map((model) => model.versionId), jobId],
  );
  return rows[0]?.swept === true;
}

/** Closes the run once, with one event on the model: how many leads went from which grade to which. */
async function finish(kit: Kit, jobId: number, version: ModelVersion): Promise<void> {
  await kit.db.transaction(async (trx) => {
    const now = kit.clock.now();
    const { rows } = await trx.raw<{ rows: Run[] }>(
      'UPDATE crm_grading_runs SET finished_at = ? WHERE job_id = ? AND finished_at IS NULL RETURNING *',
      [now, jobId],
    );
    const run = rows[0];
    if (!run) return;
    await kit.events.append(
      trx,
      [
        {
          subject: 'policy',
          subjectId: version.policyId,
          type: 'grading.regraded',
          policyVersionId: version.versionId,
          data: { leads: run.seen, changed: run.changed, moves: run.moves },
        },
      ],
      kit.actors.system('grading'),
      { type: 'model_change', id: String(version.versionId) },
      now,
    );
  });
}

const RETRIED = new Set(['40P01', '40001']);

async function withRetry<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (attempt >= 5 || !RETRIED.has(code)) throw error;
    }
  }
}

/** What a re-grade is about: a version that was published, or whose policy was retired. */
interface Occasion {
  readonly version: ModelVersion;
  readonly retired: boolean;
}

/** Whether what the job was queued for is still the latest that happened to its policy. */
async function isCurrent(kit: Kit, { version, retired }: Occasion): Promise<boolean> {
  const live = await kit.policies.live<GradingModel>(GRADING_KIND);
  const own = live.find((model) => model.policyId === version.policyId);
  return retired ? own === undefined : own?.versionId === version.versionId;
}

/** Waits until this node has heard of it; false when something later has taken its place. */
async function hasArrived(kit: Kit, occasion: Occasion): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await isCurrent(kit, occasion)) return true;
    const live = await kit.policies.live<GradingModel>(GRADING_KIND);
    if (live.some((model) => model.policyId === occasion.version.policyId && model.number > occasion.version.number)) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The job `grading.regrade { versionId, retired? }`: the whole table in id ranges, resumable, given up when something later has its own job. */
export function handleRegrades(kit: Kit, leads: Leads): void {
  kit.jobs.handle(REGRADE_JOB, async (job) => {
    const version = await kit.policies.version<GradingModel>(Number(job.payload['versionId']));
    const occasion = { version, retired: job.payload['retired'] === true };
    if (!(await hasArrived(kit, occasion))) return;
    if (!occasion.retired) await rankModel(kit, job, version.versionId);
    const models = await liveModels(kit);
    const announce = !occasion.retired && version.body.mode === 'live' && version.body.regrade === 'announce';
    await openRun(kit, job, version.versionId, models);
    for (;;) {
      if (job.shouldStop() || !(await isCurrent(kit, occasion))) return;
      const run = await withRetry(() => step(kit, leads, job.id, models, announce));
      if (run) await job.progress(run.next_id - 1, run.last_id, `${run.changed} changed`);
      else if (!(await sweep(kit, job.id, models))) break;
    }
    await finish(kit, job.id, version);
  });
  handleRanks(kit);
}
