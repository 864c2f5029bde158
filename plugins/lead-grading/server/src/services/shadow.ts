import type { JobInput, Kit } from '@leadsea/crm-core';
import type { GradingModel } from '../../../contracts';
import { gradeSelectSql } from '../sql/grade';
import { bind, int, join, sql } from '../sql/fragments';
import { engagementsBetween } from './engagement-source';
import { planForBulk, rowsOf } from './evaluate';
import { compilerFor, gradedBySql, shadowModels } from './models';
import type { ModelVersion } from './models';

export const SHADOW_JOB = 'grading.shadow';
/** Fires once a day while a model scores silently. */
export const SHADOW_TIMER = 'grading.shadow';
const RANGE = 20_000;
const DAY_MS = 86_400_000;

export const shadowJob = (versionId: number): JobInput => ({ kind: SHADOW_JOB, payload: { versionId }, key: `${SHADOW_JOB}:${versionId}` });

/** Scores the leads of an id range with a silent model; nothing of the leads themselves changes. */
async function scoreRange(kit: Kit, version: ModelVersion, from: number, to: number): Promise<void> {
  const now = kit.clock.now();
  const compile = compilerFor(kit, 'l', now);
  const where = join([sql`l.id BETWEEN ${from} AND ${to} AND l.merged_into IS NULL`, gradedBySql([version], 0, compile)], ' AND ');
  const model: GradingModel = version.body;
  const select = gradeSelectSql({ model, versionId: null, compile, where, engagements: engagementsBetween(from, to, model), now });
  await kit.db.transaction(async (trx) => {
    await planForBulk(trx);
    await rowsOf(
      trx,
      sql`INSERT INTO crm_grading_shadow AS s (version_id, lead_id, score, grade, label, at)
        SELECT ${int(version.versionId)}, g.id, g.score, g.grade, g.label, ${bind('timestamptz', now)} FROM (${select}) g
        ON CONFLICT (version_id, lead_id) DO UPDATE SET score = excluded.score, grade = excluded.grade, label = excluded.label, at = excluded.at
        WHERE (s.score, s.grade, s.label) IS DISTINCT FROM (excluded.score, excluded.grade, excluded.label)`,
    );
  });
}

/** The job `grading.shadow { versionId }` scores all leads with a silent model, and every day again until it is promoted or retired. */
export function handleShadows(kit: Kit): void {
  kit.jobs.handle(SHADOW_JOB, async (job) => {
    const versionId = Number(job.payload['versionId']);
    const version = await kit.policies.version<GradingModel>(versionId);
    const { rows } = await kit.db.raw<{ rows: { first: number; last: number }[] }>(
      'SELECT coalesce(min(id), 1) AS first, coalesce(max(id), 0) AS last FROM crm_leads',
    );
    const { first, last } = rows[0] ?? { first: 1, last: 0 };
    for (let from = first; from <= last; from += RANGE) {
      if (job.shouldStop()) return;
      await scoreRange(kit, version, from, from + RANGE - 1);
      await job.progress(Math.min(last, from + RANGE - 1), last);
    }
    const now = kit.clock.now();
    const timer = { kind: SHADOW_TIMER, key: `grading:shadow:${version.policyId}`, subject: 'policy', subjectId: version.policyId };
    await kit.db.transaction((trx) => kit.timers.arm(trx, [{ ...timer, dueAt: new Date(now.getTime() + DAY_MS) }], now));
  });
  kit.timers.handle(SHADOW_TIMER, async (trx, due) => {
    const policies = new Set(due.map((timer) => timer.subjectId));
    const silent = (await shadowModels(kit)).filter(({ policyId }) => policies.has(policyId));
    await kit.jobs.enqueue(
      trx,
      silent.map(({ versionId }) => shadowJob(versionId)),
    );
  });
}
