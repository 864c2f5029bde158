import type { Kit } from '@leadsea/crm-core';
import type { GradingModel, ProductScore } from '../../../contracts';
import { shownEngagement } from '../domain/decay';
import { evaluateEngagement, fitsAsset } from '../domain/engagement';
import type { EngagementEvent } from '../domain/engagement';
import { gradeProducts, productPoints } from '../domain/products';
import { bind, sql } from '../sql/fragments';
import { productBranchesSql } from '../sql/products';
import { rowsOf } from './evaluate';
import { compilerFor, gradedBySql, liveModels } from './models';

interface Touched {
  readonly product: string;
  readonly events: readonly EngagementEvent[];
}

/** What a lead did, by product: by its tag, else by the assets of the model's products. */
function byProduct({ products }: GradingModel, events: readonly EngagementEvent[]): readonly Touched[] {
  const listed = (products?.list ?? []).map(({ key, assets }): Touched => {
    const own = events.filter(
      ({ product, asset }) => product === key || (product === null && assets.some((match) => fitsAsset(match, asset))),
    );
    return { product: key, events: own.map((event) => ({ ...event, product: key })) };
  });
  const known = new Set(listed.map(({ product }) => product));
  const others = [...new Set(events.flatMap(({ product }) => (product !== null && !known.has(product) ? [product] : [])))];
  return [...listed, ...others.map((product) => ({ product, events: events.filter((event) => event.product === product) }))];
}

/**
 * What a lead and each product have to do with each other at `now`, best first: for products of the model as its stored scores are made, for
 * others that engagements name by the engagement rules alone. Products with nothing to tell are left out.
 */
export async function productScores(kit: Kit, leadId: number, now: Date): Promise<readonly ProductScore[]> {
  const models = await liveModels(kit);
  const compile = compilerFor(kit, 'l', now);
  for (const [index, { body: model }] of models.entries()) {
    const { products } = model;
    const [own] = await rowsOf<{ taken: readonly number[] | null }>(
      kit.db,
      sql`SELECT ${products ? productBranchesSql(products, compile) : sql`NULL::int2[]`} AS taken FROM crm_leads l
        WHERE l.id = ${bind('int', leadId)} AND ${gradedBySql(models, index, compile)}`,
    );
    if (!own) continue;
    const events = await rowsOf<EngagementEvent>(
      kit.db,
      sql`SELECT id::int AS id, kind, asset, product, occurred_at AS at, human FROM crm_engagements
        WHERE lead_id = ${bind('int', leadId)} AND occurred_at <= ${bind('timestamptz', now)}`,
    );
    const points = products ? productPoints(products, own.taken ?? []) : [];
    const touched = byProduct(model, events);
    const values = touched.map((one) => evaluateEngagement(model, one.events, now));
    const graded = products
      ? gradeProducts(
          products,
          values.map(({ value }) => value),
          own.taken ?? [],
        ).scores
      : null;
    return touched
      .map(({ product, events: did }, place): ProductScore => {
        const listed = products?.list[place];
        const latest = did.reduce<Date | null>((last, event) => (last === null || event.at > last ? event.at : last), null);
        const value = values[place];
        return {
          product,
          label: listed?.label ?? null,
          score: listed ? (graded?.[product] ?? 0) : shownEngagement(value?.value ?? 0, model.engagement.cap),
          fromRules: points[place] ?? 0,
          engagements: (value?.rules ?? []).reduce((sum, rule) => sum + rule.counted, 0),
          latest: latest?.toISOString() ?? null,
        };
      })
      .filter((one) => one.score > 0 || one.engagements > 0 || one.latest !== null)
      .sort((a, b) => b.score - a.score || a.product.localeCompare(b.product));
  }
  return [];
}
