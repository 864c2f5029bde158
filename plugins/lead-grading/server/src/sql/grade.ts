import type { Sql } from '@leadsea/crm-core';
import { GRADES } from '../../../contracts';
import type { GradingModel } from '../../../contracts';
import { ROUND_SLACK, isForward } from '../domain/decay';
import { engagementValuesSql, logSql } from './engagement';
import type { EngagementSource } from './engagement';
import { disqualifiedSql, axisScoreSql } from './fit';
import type { Compile } from './fit';
import { bind, int, join, raw, sql } from './fragments';
import { productPieces } from './products';

export interface GradeQuery {
  readonly model: GradingModel;
  /** The published version; null for a draft, which holds no grade yet. */
  readonly versionId: number | null;
  /** Over alias `l`. */
  readonly compile: Compile;
  /** Which leads, over alias `l`. */
  readonly where: Sql;
  readonly engagements: EngagementSource;
  readonly now: Date;
}

/** A source as it was at `moment`: what came later has not happened yet. */
export const sourceUntil = ({ query }: EngagementSource, moment: Date): EngagementSource => ({
  query: sql`SELECT * FROM (${query}) s WHERE s.at <= ${bind('timestamptz', moment)}`,
});

/** The earlier moment a dwell asks about; null when the model asks for none. */
export const settledAt = ({ thresholds }: GradingModel, now: Date): Date | null =>
  thresholds.dwellMinutes > 0 ? new Date(now.getTime() - thresholds.dwellMinutes * 60_000) : null;

const bandSql = (value: string, limits: readonly number[], plus: number): Sql => {
  const arms = limits.map((limit, index) => sql`WHEN ${raw(value)} + ${plus} >= ${limit} THEN ${index}`);
  return sql`CASE ${join(arms, ' ')} ELSE ${limits.length} END`;
};

/** The twin of `bandWithHysteresis`. */
const heldBandSql = (value: string, limits: readonly number[], current: string, margin: number): Sql =>
  margin === 0
    ? bandSql(value, limits, 0)
    : sql`CASE WHEN ${raw(current)} < (${bandSql(value, limits, 0)}) THEN greatest(${raw(current)}, ${bandSql(value, limits, margin)}) ELSE ${bandSql(value, limits, 0)} END`;

/** The twin of `bandWithDwell`. */
function dwellBandSql(band: Sql, settled: string | null, limits: readonly number[], current: string): Sql {
  if (settled === null) return band;
  const held = sql`coalesce(${raw(current)}, ${limits.length})`;
  return sql`CASE WHEN (${band}) < ${held} THEN least(${held}, greatest(${band}, ${bandSql(settled, limits, 0)})) ELSE ${band} END`;
}

function heatSql(model: GradingModel): Sql {
  const { labelling, thresholds } = model;
  if (labelling.by === 'score') {
    const limits = [labelling.hot, labelling.warm];
    const band = heldBandSql('score', limits, 'held_heat', thresholds.hysteresis);
    return sql`(ARRAY['hot', 'warm', 'cold'])[1 + ${dwellBandSql(band, thresholds.dwellMinutes > 0 ? 'settled_score' : null, limits, 'held_heat')}]`;
  }
  const arms = GRADES.map((grade) => sql`WHEN ${raw(`'${grade}'`)} THEN ${raw(`'${labelling.cells[grade] ?? 'cold'}'`)}`);
  return sql`CASE grade ${join(arms, ' ')} END`;
}

/** The twin of `requiredScore`: the heat of a recycled lead. */
function cooledSql({ recycle }: GradingModel): Sql {
  if (recycle.mode !== 'delta' && recycle.mode !== 'relative') return raw('warmth');
  const required =
    recycle.mode === 'delta' ? sql`base + ${recycle.points}` : sql`ceil(base * ${bind('numeric', 100 + recycle.percent)} / 100)`;
  return sql`CASE WHEN base IS NOT NULL AND score < ${required} THEN 'cold' ELSE warmth END`;
}

/** The twin of `totalScore` over an engagement. */
const totalSql = ({ weights, total }: GradingModel, engagement: string): Sql =>
  sql`greatest(${total.floor}, least(${total.cap}, floor((${weights.fit} * fit + ${weights.engagement} * ${raw(engagement)} + ${weights.intent} * coalesce(intent, 0))::float8 / 100 + 0.5)::int))`;

const shownSql = (model: GradingModel, value: string): Sql =>
  sql`least(${model.engagement.cap}, floor(${raw(value)} + 0.5 + ${bind('float8', ROUND_SLACK)}))::int`;

/**
 * Grades of many leads in one SELECT: the same compiled rules as the live reactor, the arithmetic of `fitScore`, `evaluateEngagement` and
 * `decideGrade` in SQL. `b_*` is what the lead holds now. `OFFSET 0` keeps each level from being folded into the next, which would
 * evaluate every rule several times.
 */
export function gradeSelectSql({ model, versionId, compile, where, engagements, now }: GradeQuery): Sql {
  const { letters, numbers, hysteresis, numberBy } = model.thresholds;
  const numberLimits = [numbers[1], numbers[2], numbers[3]];
  const past = settledAt(model, now);
  const settled = past && sql`LEFT JOIN (${engagementValuesSql(model, sourceUntil(engagements, past), past)}) d ON d.lead_id = l.id`;
  const paced = !isForward(model.engagement.decay);
  const products = productPieces(model, engagements, compile, now);
  const held = versionId === null ? raw('FALSE') : sql`l.grade_version_id = ${versionId}`;
  const values = sql`SELECT l.id, l.ctid AS tid, l.fit_score AS b_fit, l.engagement_log AS b_log, l.engagement AS b_engagement, l.intent_score AS b_intent, l.score AS b_score, l.score_base AS base,
      l.grade AS b_grade, l.label AS b_label, l.grade_version_id AS b_version, l.product_scores AS b_products, l.product_score AS b_product_score, l.top_product AS b_top_product,
      CASE WHEN ${held} THEN nullif(strpos('ABCD', left(l.grade, 1)), 0) - 1 END AS held_letter,
      CASE WHEN ${held} THEN nullif(strpos('1234', right(l.grade, 1)), 0) - 1 END AS held_number,
      CASE WHEN ${held} THEN array_position(ARRAY['hot', 'warm', 'cold'], l.label::text) - 1 END AS held_heat,
      ${axisScoreSql(model.fit, compile)} AS fit, ${model.intent ? axisScoreSql(model.intent, compile) : raw('NULL::int')} AS intent,
      coalesce(e.value, 0) AS value, ${raw(settled ? 'coalesce(d.value, 0)' : 'NULL::float8')} AS settled_value, ${paced ? products.pace : raw('NULL::float8 AS alive, NULL::timestamptz AS next_at')}, ${disqualifiedSql(model, compile)} AS disqualified, ${products.values}
    FROM crm_leads l LEFT JOIN (${engagementValuesSql(model, engagements, now)}) e ON e.lead_id = l.id ${settled ?? raw('')} ${products.join}
    WHERE ${where} OFFSET 0`;
  const shown = sql`SELECT *, ${logSql(model.engagement.decay, 'value', now)} AS log,
      ${shownSql(model, 'value')} AS engagement, ${shownSql(model, 'settled_value')} AS settled${products.shown} FROM (${values}) v OFFSET 0`;
  const number = heldBandSql(numberBy === 'intent' ? 'coalesce(intent, 0)' : 'engagement', numberLimits, 'held_number', hysteresis);
  const scored = sql`SELECT *, ${products.stored}, ${totalSql(model, 'engagement')} AS score, ${past ? totalSql(model, 'settled') : raw('NULL::int')} AS settled_score,
      substr('ABCD', 1 + ${heldBandSql('fit', [letters.A, letters.B, letters.C], 'held_letter', hysteresis)}, 1)
        || (1 + ${dwellBandSql(number, past && numberBy !== 'intent' ? 'settled' : null, numberLimits, 'held_number')})::text AS grade FROM (${shown}) s OFFSET 0`;
  const heated = sql`SELECT *, ${cooledSql(model)} AS heat FROM (SELECT *, ${heatSql(model)} AS warmth FROM (${scored}) g0 OFFSET 0) g OFFSET 0`;
  return sql`SELECT *, CASE WHEN disqualified THEN 'disqualified' ELSE heat END AS label FROM (${heated}) h`;
}

/** Over the columns of `gradeSelectSql` under `alias`: whether anything stored would change. Logs that differ by rounding only are the same. */
export const changedSql = (alias: string): Sql => {
  const g = (name: string): string => `${alias}.${name}`;
  return raw(`(${g('b_fit')} IS DISTINCT FROM ${g('fit')} OR ${g('b_engagement')} IS DISTINCT FROM ${g('engagement')} OR ${g('b_intent')} IS DISTINCT FROM ${g('intent')} OR ${g('b_score')} IS DISTINCT FROM ${g('score')}
    OR ${g('b_grade')} IS DISTINCT FROM ${g('grade')} OR ${g('b_label')} IS DISTINCT FROM ${g('label')}
    OR ${g('b_products')} IS DISTINCT FROM ${g('products')} OR ${g('b_product_score')} IS DISTINCT FROM ${g('product_score')} OR ${g('b_top_product')} IS DISTINCT FROM ${g('top_product')}
    OR (${g('b_log')} IS NULL) <> (${g('log')} IS NULL) OR abs(${g('b_log')} - ${g('log')}) > 1e-9)`);
};

export interface RegradeRow {
  readonly part: 'grades' | 'review';
  /** `grades`: how many leads went from one grade to another. */
  readonly before: string | null;
  readonly after: string | null;
  readonly count: number | null;
  /** `review`: leads for which time alone may change something that matters. */
  readonly id: number | null;
  readonly fit: number | null;
  readonly value: number | null;
  readonly engagement: number | null;
  readonly score: number | null;
  readonly heat: string | null;
  readonly intent: number | null;
  readonly alive: number | null;
  readonly next_at: Date | null;
  /** Engagement with the product the lead did most with. */
  readonly product_value: number | null;
}

/**
 * One UPDATE … FROM over the leads with ids from `from` to `to` that change, and what the job needs to know of it: counts per change of grade (part `grades`) and
 * the leads that need a review timer (part `review`). A lead changed by someone else since the snapshot has another ctid and is left
 * alone: that change graded it itself.
 */
export function regradeSql(query: GradeQuery, versionId: number, from: number, to: number): Sql {
  return sql`WITH g AS MATERIALIZED (${gradeSelectSql(query)}),
    u AS (UPDATE crm_leads t SET fit_score = g.fit, engagement_log = g.log, engagement = g.engagement, intent_score = g.intent, score = g.score, grade = g.grade, label = g.label,
        product_scores = g.products, product_score = g.product_score, top_product = g.top_product, grade_version_id = ${int(versionId)}, graded_at = ${bind('timestamptz', query.now)}
      FROM g WHERE t.id BETWEEN ${from} AND ${to} AND t.id = g.id AND t.ctid = g.tid AND ${changedSql('g')}
      RETURNING g.b_grade, g.grade)
    SELECT 'grades' AS part, u.b_grade AS before, u.grade AS after, count(*)::int AS count, NULL::int AS id, NULL::int AS fit, NULL::float8 AS value, NULL::int AS engagement, NULL::int AS score, NULL::text AS heat, NULL::int AS intent, NULL::float8 AS alive, NULL::timestamptz AS next_at, NULL::float8 AS product_value
      FROM u GROUP BY u.b_grade, u.grade
    UNION ALL SELECT 'review', NULL, g.grade, NULL, g.id, g.fit::int, g.value, g.engagement, g.score::int, g.heat, g.intent::int, g.alive, g.next_at, g.product_value FROM g
      WHERE g.next_at IS NOT NULL OR g.product_value >= ${query.model.refreshPoints} OR g.engagement > 0 AND (g.engagement >= ${query.model.refreshPoints} OR g.heat <> 'cold' OR right(g.grade, 1) <> '4')`;
}

/** Takes the grade from leads to which no live model applies. */
export const clearSql = (where: Sql): Sql =>
  sql`UPDATE crm_leads l SET fit_score = NULL, engagement_log = NULL, engagement = NULL, intent_score = NULL, score = NULL, grade = NULL, label = NULL, product_scores = NULL, product_score = NULL, top_product = NULL, grade_version_id = NULL, graded_at = NULL
    WHERE ${where} AND l.grade_version_id IS NOT NULL`;
