import { matchPattern, type Sql } from '@leadsea/crm-core';
import type { BehaviourRule, Decay, GradingModel } from '../../../contracts';
import { stepsOf } from '../domain/custom-decay';
import { FORGOTTEN_HALF_LIVES, NOTHING, exponentAt, isForward } from '../domain/decay';
import { durationMs } from '../domain/window';
import { bind, int, join, raw, sql } from './fragments';

/** Columns a source of engagements must have: lead_id, id, kind, asset, product, at, human. */
export interface EngagementSource {
  readonly query: Sql;
}

const orNull = (type: string, value: string | number | null | undefined): Sql =>
  value === null || value === undefined ? raw(`NULL::${type}`) : bind(type, value);

const limitOf = (rule: BehaviourRule): { max: number | null; perAsset: boolean; seconds: number | null } => {
  if (rule.repeat === 'each') return { max: null, perAsset: false, seconds: null };
  if (rule.repeat === 'once') return { max: 1, perAsset: false, seconds: null };
  if (rule.repeat === 'oncePerAsset') return { max: 1, perAsset: true, seconds: null };
  return { max: rule.repeat.max, perAsset: false, seconds: (durationMs(rule.repeat.within) ?? 1000) / 1000 };
};

/** The behaviour rules as rows: (rule, kind, match, product, sign, size, cap, grp, grp_cap, max, per_asset, seconds). */
function ruleRows(model: GradingModel): Sql {
  const caps = new Map(model.engagement.groups.map((group) => [group.key, group.cap]));
  const rows = model.engagement.rules.map((rule, index) => {
    const { max, perAsset, seconds } = limitOf(rule);
    const earnedIn = rule.points > 0 ? rule.group : undefined;
    return sql`(${index}, ${bind('text', rule.kind)}, ${orNull('text', rule.match === undefined ? null : matchPattern(rule.match))}, ${orNull('text', rule.product)}, ${Math.sign(rule.points)}, ${bind('float8', Math.abs(rule.points))}, ${orNull('float8', rule.cap)}, ${orNull('text', earnedIn)}, ${orNull('float8', earnedIn === undefined ? null : caps.get(earnedIn))}, ${orNull('int', max)}, ${raw(perAsset ? 'TRUE' : 'FALSE')}, ${orNull('float8', seconds)})`;
  });
  return sql`(VALUES ${join(rows, ', ')}) r(rule, kind, match, product, sign, size, cap, grp, grp_cap, max, per_asset, seconds)`;
}

/** Days since the latest engagement of the lead that matches a rule. */
const idleDaysSql = (now: Date): Sql =>
  sql`greatest(0, extract(epoch FROM ${bind('timestamptz', now)} - max(at) OVER (PARTITION BY lead_id))::float8 / 86400)`;

/** The twin of `idlePeriods`. */
const idlePeriodsSql = (decay: Extract<Decay, { type: 'inactivity' }>, idle: Sql): Sql =>
  sql`CASE WHEN ${idle} < ${bind('float8', decay.afterDays)} THEN 0 ELSE 1 + floor((${idle} - ${bind('float8', decay.afterDays)}) / ${bind('float8', decay.everyDays)}) END`;

/** The next instant at which an engagement, or the lead as a whole, loses points in a step; NULL for decays that fall smoothly. */
function nextStepSql(decay: Decay, now: Date): Sql {
  if (decay.type === 'custom') return nextStepSql(stepsOf(decay), now);
  if (decay.type === 'step') {
    if (decay.steps.length === 0) return raw('NULL::timestamptz');
    const steps = decay.steps.map((step) => {
      const at = sql`at + ${bind('float8', step.afterDays)} * interval '1 day'`;
      return sql`CASE WHEN ${at} > ${bind('timestamptz', now)} THEN ${at} END`;
    });
    return sql`CASE WHEN counts THEN least(${join(steps, ', ')}) END`;
  }
  if (decay.type !== 'inactivity') return raw('NULL::timestamptz');
  const { afterDays, everyDays } = decay;
  const periods = idlePeriodsSql(decay, idleDaysSql(now));
  return sql`CASE WHEN counts AND u > 0 THEN max(at) OVER (PARTITION BY lead_id) + (${bind('float8', afterDays)} + ${bind('float8', everyDays)} * (${periods})) * interval '1 day' END`;
}

/** `decayFactor` over column `at`; the age is never below zero. */
function factorSql(decay: Decay, now: Date): Sql {
  const days = sql`greatest(0, extract(epoch FROM ${bind('timestamptz', now)} - at)::float8 / 86400)`;
  switch (decay.type) {
    case 'none':
      return raw('1::float8');
    case 'half-life': {
      const halves = sql`${days} / ${bind('float8', decay.days)}`;
      return sql`CASE WHEN ${halves} > ${FORGOTTEN_HALF_LIVES} THEN 0::float8 ELSE power(2::float8, -(${halves})) END`;
    }
    case 'linear':
      return sql`greatest(0, 1 - ${bind('float8', decay.percent / 100)} * (${days} / ${bind('float8', decay.days)}))`;
    case 'step': {
      const arms = [...decay.steps]
        .sort((a, b) => b.afterDays - a.afterDays)
        .map((step) => sql`WHEN ${days} >= ${bind('float8', step.afterDays)} THEN ${bind('float8', step.percent / 100)}`);
      return arms.length === 0 ? raw('1::float8') : sql`CASE ${join(arms, ' ')} ELSE 1::float8 END`;
    }
    case 'custom':
      return factorSql(stepsOf(decay), now);
    case 'inactivity': {
      const idle = idleDaysSql(now);
      return sql`greatest(0, 1 - ${bind('float8', decay.percent / 100)} * ${idlePeriodsSql(decay, idle)})`;
    }
  }
}

/** Engagements that match a rule, with their place in the slot of its repeat policy. */
function matchedSql(model: GradingModel, source: EngagementSource): Sql {
  const limited = model.engagement.rules.some((rule) => rule.repeat !== 'each');
  const slot = raw(
    `CASE WHEN r.per_asset THEN coalesce(e.asset, '') WHEN r.seconds IS NOT NULL THEN floor(extract(epoch FROM e.at)::float8 / r.seconds)::text ELSE '' END`,
  );
  const counts = limited
    ? sql`r.max IS NULL OR row_number() OVER (PARTITION BY e.lead_id, r.rule, ${slot} ORDER BY e.at, e.id) <= r.max`
    : raw('TRUE');
  return sql`SELECT e.lead_id, e.id, e.at, e.asset, r.rule, r.sign, r.size, r.cap, r.grp, r.grp_cap, (${counts}) AS counts
    FROM (${source.query}) e JOIN ${ruleRows(model)} ON e.kind = r.kind
      AND (r.match IS NULL OR e.asset ILIKE r.match) AND (r.product IS NULL OR e.product = r.product)
    WHERE e.human IS NOT FALSE`;
}

/**
 * One cap at entry as window functions: `v` becomes what each row adds while the running sum may not pass `cap × u` of that row.
 * With P the running sum, the capped sum is P + min(0, min over the rows so far of (cap × u − P)).
 */
const capLayer = (inner: Sql, partition: string, cap: string): Sql =>
  sql`SELECT lead_id, id, at, asset, rule, sign, cap, grp, grp_cap, counts, u, raw, greatest(0, held - lag(held, 1, 0::float8) OVER w) AS v FROM (
    SELECT *, p + least(0, min(CASE WHEN ${raw(cap)} IS NULL THEN 0 ELSE ${raw(cap)} * u - p END) OVER w) AS held FROM (
      SELECT *, sum(v) OVER w AS p FROM (${inner}) c0 WINDOW w AS (PARTITION BY ${raw(partition)} ORDER BY at, id, rule ROWS UNBOUNDED PRECEDING)
    ) c1 WINDOW w AS (PARTITION BY ${raw(partition)} ORDER BY at, id, rule ROWS UNBOUNDED PRECEDING)
  ) c2 WINDOW w AS (PARTITION BY ${raw(partition)} ORDER BY at, id, rule)`;

/** The floor as window functions: the running sum of signed `v` never falls below 0; `v` becomes what each row really changes. */
const floorLayer = (inner: Sql): Sql =>
  sql`SELECT lead_id, id, at, asset, rule, counts, u, raw, sign, held - lag(held, 1, 0::float8) OVER w AS points FROM (
    SELECT *, p - least(0, min(p) OVER w) AS held FROM (
      SELECT *, sum(sign * v) OVER w AS p FROM (${inner}) f0 WINDOW w AS (PARTITION BY lead_id ORDER BY at, id, rule ROWS UNBOUNDED PRECEDING)
    ) f1 WINDOW w AS (PARTITION BY lead_id ORDER BY at, id, rule ROWS UNBOUNDED PRECEDING)
  ) f2 WINDOW w AS (PARTITION BY lead_id ORDER BY at, id, rule)`;

/** Rows (lead_id, id, at, asset, rule, counts, u, raw, sign, points): what each engagement still gives at `now`. */
function forwardRows(model: GradingModel, source: EngagementSource, now: Date): Sql {
  const { rules, groups, decay } = model.engagement;
  const base = sql`SELECT m.*, CASE WHEN counts THEN size * u ELSE 0 END AS raw, CASE WHEN counts THEN size * u ELSE 0 END AS v
    FROM (SELECT *, ${factorSql(decay, now)} AS u FROM (${matchedSql(model, source)}) k) m`;
  const ruleCaps = rules.some((rule) => rule.cap !== undefined);
  const groupCaps = groups.some((group) => group.cap !== undefined);
  const capped = ruleCaps ? capLayer(base, 'lead_id, rule', 'cap') : base;
  const grouped = groupCaps ? capLayer(capped, `lead_id, coalesce(grp, '#' || rule)`, 'grp_cap') : capped;
  if (rules.some((rule) => rule.points < 0)) return floorLayer(grouped);
  return sql`SELECT lead_id, id, at, asset, rule, counts, u, raw, sign, sign * v AS points FROM (${grouped}) g`;
}

/** Rows (lead_id, id, at, asset, rule, counts, u, raw, sign, points) for decays whose caps apply at evaluation: shares scale with what their rule and group keep. */
function evaluatedRows(model: GradingModel, source: EngagementSource, now: Date): Sql {
  return sql`SELECT lead_id, id, at, asset, rule, counts, u, raw, sign, CASE WHEN counts AND u > 0 THEN size ELSE 0 END AS alive,
      ${nextStepSql(model.engagement.decay, now)} AS next_at, sign * raw * rule_share * CASE WHEN grp_cap IS NOT NULL AND earned > grp_cap THEN grp_cap / earned ELSE 1 END AS points
    FROM (SELECT *, sum(CASE WHEN grp IS NULL THEN 0 ELSE raw * rule_share END) OVER (PARTITION BY lead_id, grp) AS earned
      FROM (SELECT *, CASE WHEN cap IS NOT NULL AND decayed > cap THEN cap / decayed ELSE 1 END AS rule_share
        FROM (SELECT *, sum(raw) OVER (PARTITION BY lead_id, rule) AS decayed
          FROM (SELECT k.*, CASE WHEN counts THEN size * u ELSE 0 END AS raw
            FROM (SELECT *, ${factorSql(model.engagement.decay, now)} AS u FROM (${matchedSql(model, source)}) q) k) k1) k2) k3) k4`;
}

const rowsOf = (model: GradingModel, source: EngagementSource, now: Date): Sql =>
  isForward(model.engagement.decay) ? forwardRows(model, source, now) : evaluatedRows(model, source, now);

/** What `nextReview` must know of decays without a forward form: columns alive, next_at. */
const paceColumns = (model: GradingModel): Sql =>
  isForward(model.engagement.decay) ? raw('') : raw(', sum(alive)::float8 AS alive, min(next_at) AS next_at');

/** Per lead its engagement at `now` before the axis cap: columns lead_id, value; alive and next_at where the decay has no forward form. */
export const engagementValuesSql = (model: GradingModel, source: EngagementSource, now: Date): Sql =>
  model.engagement.rules.length === 0
    ? raw('SELECT NULL::int AS lead_id, 0::float8 AS value, 0::float8 AS alive, NULL::timestamptz AS next_at WHERE FALSE')
    : sql`SELECT lead_id, greatest(0, sum(points)) AS value${paceColumns(model)} FROM (${rowsOf(model, source, now)}) v GROUP BY lead_id`;

/** Per lead and rule what `RuleTotals` holds, with the three latest engagements and the lead's value: one row each. */
export const engagementDetailSql = (model: GradingModel, source: EngagementSource, now: Date): Sql =>
  sql`SELECT lead_id, rule, count(*)::int AS matched, count(*) FILTER (WHERE counts)::int AS counted,
      sum(raw)::float8 * min(sign) AS decayed, sum(points)::float8 AS points,
      (array_agg(id::int ORDER BY at DESC, id DESC) FILTER (WHERE counts))[1:3] AS latest_ids,
      (array_agg(at ORDER BY at DESC, id DESC) FILTER (WHERE counts))[1:3] AS latest_at,
      (array_agg(asset ORDER BY at DESC, id DESC) FILTER (WHERE counts))[1:3] AS latest_assets,
      greatest(0, sum(sum(points)) OVER (PARTITION BY lead_id))::float8 AS value${paceColumns(model)}
    FROM (${rowsOf(model, source, now)}) v GROUP BY lead_id, rule ORDER BY lead_id, rule`;

/** Per behaviour rule how many engagements match it: rule, matched. */
export const matchedCountSql = (model: GradingModel, source: EngagementSource): Sql =>
  sql`SELECT rule, count(*)::int AS matched FROM (${matchedSql(model, source)}) m GROUP BY rule`;

/** Forward form of the value expression `value` at `now`; NULL when nothing is there or the decay has none. */
export const logSql = (decay: Decay, value: string, now: Date): Sql =>
  isForward(decay)
    ? sql`CASE WHEN ${raw(value)} > ${bind('float8', NOTHING)} THEN ln(${raw(value)}) / ln(2::float8) + ${bind('float8', exponentAt(decay, now))} END`
    : raw('NULL::float8');

/** Per lead the next instant at which an engagement leaves a window of the model's behaviour conditions: lead_id, at. */
export function windowExitSql(
  windows: readonly { readonly kind: string | null; readonly ms: number }[],
  source: EngagementSource,
  now: Date,
): Sql {
  const rows = windows.map((window) => sql`(${orNull('text', window.kind)}, ${int(Math.round(window.ms / 1000))} * interval '1 second')`);
  return sql`SELECT e.lead_id, min(e.at + w.within) AS at FROM (${source.query}) e
    JOIN (VALUES ${join(rows, ', ')}) w(kind, within) ON w.kind IS NULL OR w.kind = e.kind
    WHERE e.at + w.within > ${bind('timestamptz', now)} GROUP BY e.lead_id`;
}
