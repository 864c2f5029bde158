import type { Kit, LintFinding, PolicyKind } from '@leadsea/crm-core';
import { GRADING_KIND, GRADING_RESOURCE, gradingModelSchema } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import { conditionsOf } from '../domain/conditions';
import { lintModel } from '../domain/lint';
import { previewModel } from './preview';
import { ACCOUNTS_JOB } from './accounts';
import { PRODUCT_INDEX_JOB } from './product-facts';
import { regradeJob } from './regrade-job';
import { shadowJob } from './shadow';
import { armChallenge, armCheckup, challengeKey, checkupKey } from './study/schedule';

const conditionFindings = (kit: Kit, model: GradingModel): LintFinding[] =>
  conditionsOf(model).flatMap(({ path, condition }) =>
    kit.conditions.check(condition, 'lead').map((finding) => ({ ...finding, path: finding.path ? `${path}.${finding.path}` : path })),
  );

/** The policy kind `grading-model`: publishing queues one re-grade of all leads. */
export const gradingKind = (kit: Kit): PolicyKind<GradingModel> => ({
  kind: GRADING_KIND,
  resource: GRADING_RESOURCE,
  label: { zh: '评分模型', en: 'Grading model' },
  schema: gradingModelSchema,
  lint: (body) => [...lintModel(body), ...conditionFindings(kit, body)],
  preview: async (body, policy, actor) => ({ ...(await previewModel(kit, body, policy.id, actor)) }),
  shadow: {
    instead: 'mode',
    reason: {
      zh: '评分模型自带静默方式：把「方式」设为静默评分并发布，它就在现行模型旁边为所有线索评分，差异在评分实验室里比较。',
      en: 'A grading model has a silent mode of its own: published with the mode "scores silently" it scores all leads beside the live models, and the lab compares them.',
    },
  },
  onPublish: async (trx, version, _actor, now) => {
    await kit.jobs.enqueue(trx, [regradeJob(version.versionId)]);
    if (version.body.mode === 'shadow') await kit.jobs.enqueue(trx, [shadowJob(version.versionId)]);
    if (version.body.account)
      await kit.jobs.enqueue(trx, [{ kind: ACCOUNTS_JOB, payload: { all: true }, key: `${ACCOUNTS_JOB}:${version.versionId}` }]);
    if (version.body.products && version.body.mode === 'live')
      await kit.jobs.enqueue(trx, [{ kind: PRODUCT_INDEX_JOB, payload: {}, key: `${PRODUCT_INDEX_JOB}:${version.versionId}` }]);
    await armCheckup(kit, trx, version.policyId, now);
    await armChallenge(kit, trx, version, now);
  },
  onRetire: async (trx, { id }, _actor, now) => {
    const version = await kit.policies.liveById(id);
    if (version) await kit.jobs.enqueue(trx, [regradeJob(version.versionId, true)]);
    await kit.timers.cancel(trx, [checkupKey(id), challengeKey(id)], now);
  },
});
