import { forbidden } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceDefinition, ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import type { GradingModel, ProductScore, ScoreMoment } from '../../../contracts';
import { recordReasons } from '../domain/record';
import { bind, sql } from '../sql/fragments';
import { rowsOf } from './evaluate';
import { explainScoreAt } from './explain';
import { productScores } from './products';
import { reasonOptions } from './reasons';

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;
const MOST = 200;

/** Who may not read the score may not read how it came about either. */
function assertScore(kit: Kit, actor: Actor): void {
  if (!['read', 'write'].includes(kit.access.field(actor, 'leads', 'score')))
    throw forbidden('Your role does not show the field "score".', { field: 'score' });
}

/** The past of a lead's score: the moments at which it changed, and the reasons at any moment. */
export const scoreVerbs = (kit: Kit): readonly ResourceVerb[] => [
  verb({
    name: 'score-history',
    target: 'record',
    method: 'GET',
    input: z.object({}),
    access: 'read',
    summary: 'The moments at which the score, grade or label of a lead changed, newest first.',
    run: async ({ actor }, ids): Promise<readonly ScoreMoment[]> => {
      assertScore(kit, actor);
      const rows = await rowsOf<{ at: Date; result: Partial<ScoreMoment>; cause: string | null }>(
        kit.db,
        sql`SELECT at, cause, jsonb_build_object('score', result->'score', 'grade', result->'grade', 'label', result->'label') AS result
          FROM crm_decisions WHERE subject = 'lead' AND subject_id = ${bind('int', ids[0])} AND kind = 'grade' ORDER BY id DESC LIMIT ${MOST}`,
      );
      return rows.map(({ at, result, cause }) => ({
        at: at.toISOString(),
        score: result.score ?? null,
        grade: result.grade ?? null,
        label: result.label ?? null,
        cause,
      }));
    },
  }),
  verb({
    name: 'product-scores',
    target: 'record',
    method: 'GET',
    input: z.object({}),
    access: 'read',
    summary: 'Engagement of a lead with each product it has touched.',
    run: async ({ actor, now }, ids): Promise<readonly ProductScore[]> => {
      assertScore(kit, actor);
      return productScores(kit, ids[0] ?? 0, now);
    },
  }),
  verb({
    name: 'score-at',
    target: 'record',
    input: z.object({ at: z.iso.datetime(), current: z.boolean().default(false) }),
    access: 'read',
    summary: 'Why a lead had its score at a moment that has passed, or what the models of today would have said.',
    run: async ({ actor, now }, ids, { at, current }) => {
      assertScore(kit, actor);
      const moment = new Date(at);
      return explainScoreAt(kit, ids[0] ?? 0, moment > now ? now : moment, current, actor);
    },
  }),
];

const stored = z.object({
  held: z.array(z.tuple([z.string(), z.number()])),
  did: z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number()])).default([]),
});
const seen = z.object({ facts: z.record(z.string(), z.unknown()).default({}) });

/** Adds `reasons` to grade decisions that are read: the words for what they keep, by the version that made each. */
export const decisionWords =
  (kit: Kit): NonNullable<ResourceDefinition['decorate']> =>
  async ({ actor }, rows) => {
    for (const row of rows) {
      if (row['kind'] !== 'grade') continue;
      const result = stored.safeParse(row['result']);
      const inputs = seen.safeParse(row['inputs'] ?? {});
      const versionId = Number(row['policyVersionId']);
      if (!result.success || !inputs.success || !Number.isInteger(versionId)) continue;
      const { body } = await kit.policies.version<GradingModel>(versionId);
      row['reasons'] = recordReasons(body, { ...result.data, facts: inputs.data.facts }, reasonOptions(kit, actor));
    }
  };
