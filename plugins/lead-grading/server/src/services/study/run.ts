import type { Kit, RunningJob } from '@leadsea/crm-core';
import { gradingModelSchema, studyOptions } from '../../../../contracts';
import type { Leads } from '@leadsea/leads';
import { backtest } from './backtest';
import type { Asked } from './backtest';
import { checkup } from './checkup';
import { compare } from './compare';
import { STUDY_JOB } from './kinds';
import { studyActor } from './leak-report';
import { getStudy, progressOf, updateStudy } from './store';
import type { StudyRow } from './store';
import { suggest } from './suggest';

type Answer = { readonly status: 'done' | 'refused'; readonly result: object };

async function answer(kit: Kit, leads: Leads, study: StudyRow, job: RunningJob): Promise<Answer> {
  const { insist } = studyOptions.parse(study.options);
  const actor = await studyActor(kit, study.created_by);
  const asked: Asked = { leads, policyId: study.policy_id, insist, actor };
  const progress = progressOf(kit, job, study.id);
  const model = gradingModelSchema.parse(study.model);
  switch (study.kind) {
    case 'backtest':
      return backtest(kit, model, asked, progress);
    case 'suggest':
      return { status: 'done', result: await suggest(kit, model, asked, progress) };
    case 'checkup':
      return { status: 'done', result: await checkup(kit, model, asked, progress) };
    case 'compare':
      return { status: 'done', result: await compare(kit, model, asked, progress) };
  }
}

const MAX_ATTEMPTS = 3;

/** The job behind every study: what was asked is in its row, and so is the answer. A failure is told in the row when no attempt is left. */
export function handleStudies(kit: Kit, leads: Leads): void {
  kit.jobs.handle(STUDY_JOB, async (job) => {
    const study = await getStudy(kit, Number(job.payload['study']));
    if (study.status !== 'queued' && study.status !== 'running') return;
    await updateStudy(kit.db, study.id, { status: 'running' });
    try {
      const { status, result } = await answer(kit, leads, study, job);
      await updateStudy(kit.db, study.id, { status, result: JSON.stringify(result), finished_at: kit.clock.now() });
    } catch (error) {
      const message = error instanceof Error ? error.message.slice(0, 500) : 'The study failed.';
      if (job.attempt < MAX_ATTEMPTS) throw error;
      await updateStudy(kit.db, study.id, { status: 'failed', error: message, finished_at: kit.clock.now() });
      kit.log.error(`Study ${study.id} failed.`, error);
    }
  });
}
