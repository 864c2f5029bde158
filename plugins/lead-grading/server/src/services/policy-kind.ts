import type { Kit, LintFinding, PolicyKind } from '@leadsea/crm-core';
import { GRADING_KIND, GRADING_RESOURCE, gradingModelSchema } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import { conditionsOf } from '../domain/conditions';
import { lintModel } from '../domain/lint';
import { previewModel } from './preview';
import { REGRADE_JOB } from './regrade';

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
  onPublish: async (trx, version) => {
    await kit.jobs.enqueue(trx, [
      { kind: REGRADE_JOB, payload: { versionId: version.versionId }, key: `${REGRADE_JOB}:${version.versionId}` },
    ]);
  },
});
