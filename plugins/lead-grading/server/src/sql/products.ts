import { matchPattern, type Sql } from '@leadsea/crm-core';
import type { GradingModel, Products } from '../../../contracts';
import { ROUND_SLACK, isForward } from '../domain/decay';
import { branchesOf } from '../domain/fit';
import { engagementValuesSql } from './engagement';
import type { EngagementSource } from './engagement';
import type { Compile } from './fit';
import { firstOf } from './fit';
import { bind, int, join, raw, sql } from './fragments';

/** Bits of the key that hold the product; see `MOST_PRODUCTS`. */
const PRODUCT_BITS = 6;

/**
 * The engagements of a source once per product they belong to, the pair of lead and product in the place of the lead: what scores a lead
 * then scores each of its products by the same rules, caps and decay. A tag says which product; where there is none, the assets do.
 */
function keyedByProduct({ list }: Products, { query }: EngagementSource): EngagementSource {
  const rows = list.map(
    ({ key, assets }, index) =>
      sql`(${index}, ${bind('text', key)}, ${bind(
        'text[]',
        assets.map((asset) => matchPattern(asset)),
      )})`,
  );
  return {
    query: sql`SELECT (s.lead_id::bigint << ${PRODUCT_BITS}) | p.place AS lead_id, s.id, s.kind, s.asset, p.key AS product, s.at, s.human
      FROM (${query}) s JOIN (VALUES ${join(rows, ', ')}) p(place, key, assets) ON s.product = p.key OR (s.product IS NULL AND s.asset ILIKE ANY (p.assets))`,
  };
}

/** Per lead and product (its place in the model's list) the engagement with it at `now`: lead_id, product, value; alive and next_at where the decay has no forward form. */
export function productValuesSql(model: GradingModel, products: Products, source: EngagementSource, now: Date): Sql {
  const values = engagementValuesSql(model, keyedByProduct(products, source), now);
  const paced = isForward(model.engagement.decay) ? raw('') : raw(', k.alive, k.next_at');
  return sql`SELECT (k.lead_id >> ${PRODUCT_BITS})::int AS lead_id, (k.lead_id & ${2 ** PRODUCT_BITS - 1})::int AS product, k.value${paced} FROM (${values}) k`;
}

/** `int2[]`: per product rule the number of the branch that holds, 0 for none. */
export function productBranchesSql({ list }: Products, compile: Compile): Sql {
  const items = list.flatMap(({ rules }) => rules.map((rule) => firstOf(branchesOf(rule), compile, (_, index) => int(index + 1))));
  return sql`ARRAY[${join(items, ', ')}]::int2[]`;
}

/** The pieces `gradeSelectSql` needs to score products beside the rest. */
export interface ProductPieces {
  /** Columns v0 … vn and t0 … tn: engagement with each product, points of its rules; `product_value`, the largest of the former. */
  readonly values: Sql;
  readonly join: Sql;
  /** Columns alive and next_at of the engagement `e` and of its products, for decays without a forward form. */
  readonly pace: Sql;
  /** Columns s0 … sn. */
  readonly shown: Sql;
  /** Columns products, product_score, top_product. */
  readonly stored: Sql;
}

const NONE: ProductPieces = {
  values: raw('0::float8 AS product_value'),
  join: raw(''),
  pace: raw('e.alive, e.next_at'),
  shown: raw(''),
  stored: raw('NULL::jsonb AS products, NULL::int AS product_score, NULL::text AS top_product'),
};

const each = (count: number, part: (index: number) => Sql): Sql =>
  join(
    Array.from({ length: count }, (_, index) => part(index)),
    ', ',
  );

function overallSql({ list, overall, cap }: Products): Sql {
  const all = each(list.length, (index) => raw(`s${index}`));
  if (overall === 'max') return sql`greatest(0, ${all})`;
  if (overall === 'sum')
    return sql`least(${cap}, ${join(
      list.map((_, index) => raw(`s${index}`)),
      ' + ',
    )})`;
  const weights = list.reduce((sum, product) => sum + product.weight, 0);
  const sum = join(
    list.map(({ weight }, index) => sql`${int(weight)} * ${raw(`s${index}`)}`),
    ' + ',
  );
  return weights === 0 ? raw('0') : sql`floor((${sum})::float8 / ${int(weights)} + 0.5)::int`;
}

/** The twin of `gradeProducts`, for every lead of one SELECT. */
export function productPieces(model: GradingModel, engagements: EngagementSource, compile: Compile, now: Date): ProductPieces {
  const { products } = model;
  if (!products) return NONE;
  const { list, cap } = products;
  const count = list.length;
  const pointsOf = (index: number): Sql => {
    const rules = list[index]?.rules ?? [];
    const parts = rules.map((rule) => firstOf(branchesOf(rule), compile, (branch) => int(branch.points)));
    return sql`(${parts.length === 0 ? raw('0') : join(parts, ' + ')})`;
  };
  const paced = isForward(model.engagement.decay) ? raw('') : raw(', max(alive) AS alive, min(next_at) AS next_at');
  const columns = each(count, (index) => sql`max(value) FILTER (WHERE product = ${index}) AS ${raw(`v${index}`)}`);
  const places = each(count, (index) => raw(`s${index}`));
  const tops = list.map(({ key }, index) => sql`WHEN ${raw(`s${index}`)} THEN ${bind('text', key)}`);
  return {
    values: sql`${each(count, (index) => sql`coalesce(${raw(`pv.v${index}`)}, 0) + ${pointsOf(index)} AS ${raw(`v${index}`)}`)}, coalesce(pv.product_value, 0) AS product_value`,
    join: sql`LEFT JOIN (SELECT lead_id, max(value) AS product_value${paced}, ${columns} FROM (${productValuesSql(model, products, engagements, now)}) p GROUP BY lead_id) pv ON pv.lead_id = l.id`,
    pace: raw('greatest(e.alive, pv.alive) AS alive, least(e.next_at, pv.next_at) AS next_at'),
    shown: sql`, ${each(count, (index) => sql`least(${cap}, floor(greatest(0, ${raw(`v${index}`)}) + 0.5 + ${bind('float8', ROUND_SLACK)}))::int AS ${raw(`s${index}`)}`)}`,
    stored: sql`jsonb_strip_nulls(jsonb_build_object(${join(
      list.map(({ key }, index) => sql`${bind('text', key)}, ${raw(`nullif(s${index}, 0)`)}`),
      ', ',
    )})) AS products, ${overallSql(products)} AS product_score,
      CASE WHEN greatest(${places}) > 0 THEN CASE greatest(${places}) ${join(tops, ' ')} END END AS top_product`,
  };
}
