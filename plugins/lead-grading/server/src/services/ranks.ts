import type { Kit, RunningJob } from '@leadsea/crm-core';
import { GRADING_KIND } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import { measureCuts } from './cuts';
import { liveModels } from './models';
import { regradeJob } from './regrade-job';

/** Fires when bands by rank are due to be measured again. */
export const RANK_TIMER = 'grading.ranks';
const DAY_MS = 86_400_000;

/** Before a re-grade for a version: measures its bands if it goes by rank, once per job, and sets the date of the next time. */
export async function rankModel(kit: Kit, job: RunningJob, versionId: number): Promise<void> {
  const models = await liveModels(kit);
  const index = models.findIndex((model) => model.versionId === versionId);
  const model = models[index];
  const quantile = model?.body.thresholds.quantile;
  if (!model || !quantile) return;
  const begun = await kit.db<{ job_id: number }>('crm_grading_runs').where({ job_id: job.id }).first('job_id');
  if (begun) return;
  const now = kit.clock.now();
  await kit.db.transaction(async (trx) => {
    await measureCuts(kit, trx, models, index, now);
    const dueAt = new Date(now.getTime() + quantile.refreshDays * DAY_MS);
    const { policyId } = model;
    await kit.timers.arm(trx, [{ kind: RANK_TIMER, key: `grading:ranks:${policyId}`, subject: 'policy', subjectId: policyId, dueAt }], now);
  });
}

/** Ranks that are due are measured by a re-grade of their model, if it is live still and goes by rank. */
export function handleRanks(kit: Kit): void {
  kit.timers.handle(RANK_TIMER, async (trx, due) => {
    const live = await kit.policies.live<GradingModel>(GRADING_KIND);
    const policies = new Set(due.map((timer) => timer.subjectId));
    const models = live.filter(({ policyId, body }) => policies.has(policyId) && body.thresholds.quantile);
    await kit.jobs.enqueue(
      trx,
      models.map(({ versionId }) => regradeJob(versionId)),
    );
  });
}
