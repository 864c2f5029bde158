import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { GRADING_KIND } from '../../../../contracts';
import type { GradingModel } from '../../../../contracts';
import { openStudy } from './store';

/** Fires each quarter for a live model: a check-up is made and its author told. */
export const CHECKUP_TIMER = 'grading.checkup';
const QUARTER_MS = 91 * 86_400_000;

export const checkupKey = (policyId: number): string => `grading:checkup:${policyId}`;

export const armCheckup = (kit: Kit, trx: Knex.Transaction, policyId: number, now: Date): Promise<void> =>
  kit.timers.arm(
    trx,
    [
      {
        kind: CHECKUP_TIMER,
        key: checkupKey(policyId),
        subject: 'policy',
        subjectId: policyId,
        dueAt: new Date(now.getTime() + QUARTER_MS),
      },
    ],
    now,
  );

/** The quarterly report: a check-up of each live model that is due, in the name of the product, and a notice to whoever published it. */
export function handleCheckups(kit: Kit): void {
  kit.timers.handle(CHECKUP_TIMER, async (trx, due, now) => {
    const live = await kit.policies.live<GradingModel>(GRADING_KIND);
    for (const { subjectId } of due) {
      const model = live.find(({ policyId }) => policyId === subjectId);
      if (!model) continue;
      await openStudy(kit, trx, { kind: 'checkup', policyId: subjectId, model: model.body, options: { scheduled: true } }, null, now);
      await armCheckup(kit, trx, subjectId, now);
      const author = await trx<{ id: number; published_by: number | null }>('crm_policy_versions')
        .where({ id: model.versionId })
        .first('published_by');
      if (!author?.published_by) continue;
      await kit.notify(
        trx,
        [
          {
            memberId: author.published_by,
            type: 'grading.checkup',
            subject: 'policy',
            subjectId,
            title: { zh: `请检查评级模型“${model.name}”`, en: `Check the grading model “${model.name}”` },
            body: {
              zh: '季度检查已完成：无效、反向、重复或泄漏的规则，以及分数漂移。',
              en: 'The quarterly check-up is ready: rules that are dead, inverted, doubled or leaking, and how scores have drifted.',
            },
            link: `/setup/grading/${subjectId}/lab?tab=checkup`,
          },
        ],
        now,
      );
    }
  });
}
