import type { Kit } from '@leadsea/crm-core';
import type { ProductScore } from '../../../contracts';
import { shownEngagement } from '../domain/decay';
import { evaluateEngagement } from '../domain/engagement';
import type { EngagementEvent } from '../domain/engagement';
import { bind, sql } from '../sql/fragments';
import { rowsOf } from './evaluate';
import { compilerFor, gradedBySql, liveModels } from './models';

/**
 * What a lead's engagement is for each product it has touched: the same rules, caps and decay over what was tagged with that product, best
 * first. What carries no product counts for none of them.
 */
export async function productScores(kit: Kit, leadId: number, now: Date): Promise<readonly ProductScore[]> {
  const models = await liveModels(kit);
  const compile = compilerFor(kit, 'l', now);
  for (const [index, { body: model }] of models.entries()) {
    const own = await rowsOf(
      kit.db,
      sql`SELECT 1 FROM crm_leads l WHERE l.id = ${bind('int', leadId)} AND ${gradedBySql(models, index, compile)}`,
    );
    if (own.length === 0) continue;
    const events = await rowsOf<EngagementEvent>(
      kit.db,
      sql`SELECT id::int AS id, kind, asset, product, occurred_at AS at, human FROM crm_engagements
        WHERE lead_id = ${bind('int', leadId)} AND product IS NOT NULL AND occurred_at <= ${bind('timestamptz', now)}`,
    );
    const products = [...new Set(events.flatMap((event) => event.product ?? []))];
    return products
      .map((product): ProductScore => {
        const mine = events.filter((event) => event.product === product);
        const { value, rules } = evaluateEngagement(model, mine, now);
        const latest = mine.reduce((last, event) => (event.at > last ? event.at : last), new Date(0));
        return {
          product,
          score: shownEngagement(value, model.engagement.cap),
          engagements: rules.reduce((sum, rule) => sum + rule.counted, 0),
          latest: latest.toISOString(),
        };
      })
      .sort((a, b) => b.score - a.score || a.product.localeCompare(b.product));
  }
  return [];
}
