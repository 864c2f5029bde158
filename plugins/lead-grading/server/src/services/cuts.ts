import type { Kit, PolicyVersion } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { GradingModel } from '../../../contracts';
import { cutsOf, withLimits } from '../domain/quantile';
import type { Cuts } from '../domain/quantile';
import { gradeSelectSql } from '../sql/grade';
import { bind, join, raw, sql } from '../sql/fragments';
import { allEngagements } from './engagement-source';
import { planForBulk, rowsOf } from './evaluate';
import { compilerFor, gradedBySql } from './models';

type Version = PolicyVersion<GradingModel>;

/** Models whose bands go by rank, with the limits that were measured for them; without a measurement their own limits hold. */
export async function withCuts(kit: Kit, versions: readonly Version[]): Promise<readonly Version[]> {
  const ids = versions.flatMap(({ versionId, body }) => (body.thresholds.quantile ? [versionId] : []));
  const rows = await kit.db<{ version_id: number; cuts: Cuts }>('crm_grading_cuts').whereIn('version_id', ids);
  const known = new Map(rows.map((row) => [row.version_id, row.cuts]));
  return versions.map((version) => {
    const cuts = known.get(version.versionId);
    return cuts ? { ...version, body: withLimits(version.body, cuts) } : version;
  });
}

/** Measures the limits of a model over all leads it grades and keeps them, or forgets them when there are too few to be ranked. */
export async function measureCuts(kit: Kit, trx: Knex.Transaction, models: readonly Version[], index: number, now: Date): Promise<void> {
  const version = models[index];
  const quantile = version?.body.thresholds.quantile;
  if (!version || !quantile) return;
  const compile = compilerFor(kit, 'l', now);
  const where = join([raw('l.merged_into IS NULL'), gradedBySql(models, index, compile)], ' AND ');
  const select = gradeSelectSql({ model: version.body, versionId: null, compile, where, engagements: allEngagements(version.body), now });
  const at = (best: number) => sql`${bind('float8', 1 - best / 100)}`;
  const shares = (bands: readonly number[]) => sql`ARRAY[${join(bands.map(at), ', ')}]`;
  const numberOf = version.body.thresholds.numberBy === 'intent' ? raw('coalesce(intent, 0)') : raw('engagement');
  await planForBulk(trx);
  const [row] = await rowsOf<{ leads: number; letters: number[] | null; numbers: number[] | null }>(
    trx,
    sql`SELECT count(*)::int AS leads, percentile_disc(${shares(Object.values(quantile.letters))}) WITHIN GROUP (ORDER BY fit) AS letters,
      percentile_disc(${shares(Object.values(quantile.numbers))}) WITHIN GROUP (ORDER BY ${numberOf}) AS numbers FROM (${select}) g`,
  );
  const cuts = cutsOf(row?.leads ?? 0, row?.letters ?? [], row?.numbers ?? []);
  await trx('crm_grading_cuts').where({ version_id: version.versionId }).delete();
  if (cuts)
    await trx('crm_grading_cuts').insert({ version_id: version.versionId, cuts: JSON.stringify(cuts), leads: row?.leads ?? 0, at: now });
}
