import { notFound } from '@leadsea/crm-core';
import type { Kit, ResourceDefinition, ResourceVerb } from '@leadsea/crm-core';
import { GRADING_RESOURCE, STUDIES_RESOURCE, studyOptions } from '../../../../contracts';
import type { StudyKind } from '../../../../contracts';
import { openStudy } from './store';

/** Studies are read like the models they are about. */
export const studiesResource: ResourceDefinition = {
  name: STUDIES_RESOURCE,
  access: GRADING_RESOURCE,
  table: 'crm_grading_studies',
  rows: { owner: null, team: null, pool: null },
  fields: [
    { name: 'id', type: 'id' },
    { name: 'kind', type: 'select' },
    { name: 'policy', type: 'number', column: 'policy_id' },
    { name: 'status', type: 'select' },
    { name: 'done', type: 'number' },
    { name: 'total', type: 'number' },
    { name: 'options', type: 'json' },
    { name: 'result', type: 'json' },
    { name: 'error', type: 'text' },
    { name: 'createdBy', type: 'number', column: 'created_by' },
    { name: 'createdAt', type: 'datetime' },
    { name: 'finishedAt', type: 'datetime' },
  ],
  defaultSort: ['id', 'DESC'],
};

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

/** Asks a question about the draft of a model; the answer is read at `grading-studies/:id`. */
const studyVerb = (kit: Kit, name: string, kind: StudyKind, summary: string): ResourceVerb =>
  verb({
    name,
    target: 'record',
    input: studyOptions,
    access: 'update',
    summary,
    run: async ({ actor, now }, ids, options) => {
      const policyId = ids[0] ?? 0;
      const policy = await kit.db<{ id: number; draft: unknown }>('crm_policies').where({ id: policyId }).first('draft');
      if (!policy) throw notFound('Grading model');
      const study = await kit.db.transaction((trx) => openStudy(kit, trx, { kind, policyId, model: policy.draft, options }, actor, now));
      return { study };
    },
  });

export const studyVerbs = (kit: Kit): readonly ResourceVerb[] => [
  studyVerb(kit, 'backtest', 'backtest', 'Run the draft over the leads whose outcome is known, as they were when sales met them.'),
  studyVerb(kit, 'suggest', 'suggest', 'Learn points from the leads whose outcome is known.'),
];
