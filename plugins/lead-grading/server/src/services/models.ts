import type { Kit, PolicyVersion, Sql } from '@leadsea/crm-core';
import { GRADING_KIND } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import type { Compile } from '../sql/fit';
import { withCuts } from './cuts';
import { join, raw, sql } from '../sql/fragments';

export type ModelVersion = PolicyVersion<GradingModel>;

/** Published models that grade, in position order; bands by rank carry the limits measured last. */
export async function liveModels(kit: Kit): Promise<readonly ModelVersion[]> {
  const live = (await kit.policies.live<GradingModel>(GRADING_KIND)).filter(({ body }) => body.mode !== 'shadow');
  return live.some(({ body }) => body.thresholds.quantile) ? withCuts(kit, live) : live;
}

/** Published models that only score beside the others. */
export const shadowModels = async (kit: Kit): Promise<readonly ModelVersion[]> =>
  (await kit.policies.live<GradingModel>(GRADING_KIND)).filter(({ body }) => body.mode === 'shadow');

/** Compiles conditions over leads under `alias`, as the product itself (no actor). */
export const compilerFor =
  (kit: Kit, alias: string, now: Date): Compile =>
  (when) =>
    kit.conditions.compile(when, 'lead', alias, { now, actor: null });

const applies = (model: GradingModel, compile: Compile): Sql =>
  model.appliesTo ? sql`coalesce((${compile(model.appliesTo)}), FALSE)` : raw('TRUE');

/** Leads that model `index` grades: it applies and none before it does. `index` = number of models: leads no model grades. */
export function gradedBySql(models: readonly Pick<ModelVersion, 'body'>[], index: number, compile: Compile): Sql {
  const earlier = models.slice(0, index).map(({ body }) => sql`NOT ${applies(body, compile)}`);
  const own = models[index];
  return join([...earlier, own ? applies(own.body, compile) : raw('TRUE')], ' AND ');
}

/** `int`: index of the model that grades the lead, NULL when none does. */
export function modelIndexSql(models: readonly Pick<ModelVersion, 'body'>[], compile: Compile): Sql {
  if (models.length === 0) return raw('NULL::int');
  const arms = models.map(({ body }, index) => sql`WHEN ${applies(body, compile)} THEN ${index}`);
  return sql`CASE ${join(arms, ' ')} END`;
}
