import { badRequest, notFound } from '@leadsea/crm-core';
import type { Kit, ResourceDefinition, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { decaySchema, GRADING_KIND, GRADING_RESOURCE, STUDIES_RESOURCE, studyOptions } from '../../../../contracts';
import type { GradingModel, StudyKind } from '../../../../contracts';
import { decayCurve } from '../../domain/decay-curve';
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

/** Makes a challenger's published body the next version of the champion, which keeps its name and place; the challenger can then be retired. */
const promoteVerb = (kit: Kit): ResourceVerb =>
  verb({
    name: 'promote',
    target: 'record',
    input: z.object({ champion: z.int().min(1) }),
    access: 'publish',
    summary: 'Publish a silent model as the next version of a live one.',
    run: async ({ actor, now }, ids, { champion: championId }) => {
      const challenger = await kit.policies.liveById<GradingModel>(ids[0] ?? 0);
      const champion = await kit.policies.liveById<GradingModel>(championId);
      if (!champion || champion.kind !== GRADING_KIND) throw notFound('Grading model');
      if (!challenger || challenger.body.mode !== 'shadow')
        throw badRequest('NOT_A_CHALLENGER', 'Only a published model that scores silently can be promoted.');
      const body: GradingModel = {
        ...challenger.body,
        mode: 'live',
        regrade: 'silent',
        ...(champion.body.appliesTo ? { appliesTo: champion.body.appliesTo } : {}),
      };
      const { versionId } = await kit.policies.upsert(
        { kind: GRADING_KIND, key: champion.key, name: champion.name, body, publish: true },
        actor,
        now,
      );
      return { id: champion.policyId, versionId };
    },
  });

/** What a decay would do, drawn while somebody sets its numbers. */
const decayVerb: ResourceVerb = verb({
  name: 'decay-curve',
  target: 'collection',
  input: z.object({ decay: decaySchema }),
  access: 'read',
  summary: 'What is left of 100 points as days pass, by a decay.',
  run: async (_context, _ids, { decay }) => Promise.resolve(decayCurve(decay)),
});

export const studyVerbs = (kit: Kit): readonly ResourceVerb[] => [
  studyVerb(kit, 'backtest', 'backtest', 'Run the draft over the leads whose outcome is known, as they were when sales met them.'),
  studyVerb(kit, 'suggest', 'suggest', 'Learn points from the leads whose outcome is known.'),
  studyVerb(
    kit,
    'checkup',
    'checkup',
    'Which rules are dead, inverted, doubled or leaking, how scores drift, what versions and assets brought.',
  ),
  studyVerb(kit, 'compare', 'compare', 'Measure a model that scores silently against the live one.'),
  promoteVerb(kit),
  decayVerb,
];
