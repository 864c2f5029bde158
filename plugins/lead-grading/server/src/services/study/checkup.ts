import type { Kit } from '@leadsea/crm-core';
import type { CheckupResult, GradingModel, VersionResult } from '../../../../contracts';
import { factPoints, factRules } from '../../domain/fit';
import { checkRule, collinearPairs, stability } from '../../domain/study/checkup';
import type { RuleColumn } from '../../domain/study/checkup';
import { matchedCountSql } from '../../sql/engagement';
import { branchArraySql } from '../../sql/fit';
import { bind, sql } from '../../sql/fragments';
import { rowsOf } from '../evaluate';
import { compilerFor } from '../models';
import { aucOfScores, countsOf } from './backtest';
import type { Asked } from './backtest';
import { candidateFacts, factColumns } from './columns';
import { readHistory } from './decided';
import { feedbackOf } from './feedback';
import { leakReport } from './leak-report';
import { scoreHistory } from './score';
import type { AsOfScore } from './score';
import type { Progress } from './store';

const RECENT_DAYS = 90;
const DAY_MS = 86_400_000;
const BINS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90];

/** Per rule (fit, intent, then behaviour) how often it held lately: over leads captured, and over things done. */
async function recentHits(kit: Kit, model: GradingModel): Promise<{ facts: readonly number[]; behaviour: readonly number[] }> {
  const now = kit.clock.now();
  const since = new Date(now.getTime() - RECENT_DAYS * DAY_MS);
  const facts = factRules(model);
  const held =
    facts.length === 0
      ? []
      : await rowsOf<{ rule: number; hits: number }>(
          kit.db,
          sql`SELECT (a.rule - 1)::int AS rule, count(*) FILTER (WHERE a.branch > 0)::int AS hits
            FROM (SELECT ${branchArraySql(model, compilerFor(kit, 'l', now))} AS taken FROM crm_leads l WHERE l.captured_at > ${bind('timestamptz', since)} AND l.merged_into IS NULL) t,
              LATERAL unnest(t.taken) WITH ORDINALITY a(branch, rule) GROUP BY a.rule`,
        );
  const source = {
    query: sql`SELECT lead_id, id, kind, asset, product, occurred_at AS at, human FROM crm_engagements WHERE occurred_at > ${bind('timestamptz', since)}`,
  };
  const matched =
    model.engagement.rules.length === 0 ? [] : await rowsOf<{ rule: number; matched: number }>(kit.db, matchedCountSql(model, source));
  return {
    facts: facts.map((_, index) => held.find((row) => row.rule === index)?.hits ?? 0),
    behaviour: model.engagement.rules.map((_, index) => matched.find((row) => row.rule === index)?.matched ?? 0),
  };
}

async function ruleColumns(kit: Kit, model: GradingModel, scores: readonly NonNullable<AsOfScore>[]): Promise<readonly RuleColumn[]> {
  const recent = await recentHits(kit, model);
  const given = scores.map((score) => factPoints(model, score.taken));
  return [
    ...factRules(model).map((rule, index): RuleColumn => ({
      key: rule.key,
      axis: index < model.fit.rules.length ? 'fit' : 'intent',
      points: given.map((points) => points[index] ?? 0),
      recent: recent.facts[index] ?? 0,
    })),
    ...model.engagement.rules.map((rule, index): RuleColumn => ({
      key: rule.key,
      axis: 'engagement',
      points: scores.map((score) => score.did[index] ?? 0),
      recent: recent.behaviour[index] ?? 0,
    })),
  ];
}

async function driftOf(kit: Kit): Promise<CheckupResult['drift']> {
  const now = kit.clock.now();
  const rows = await rowsOf<{ bin: number; fresh: boolean; leads: number }>(
    kit.db,
    sql`SELECT least(9, greatest(0, score / 10))::int AS bin, captured_at > ${bind('timestamptz', now)} - interval '30 days' AS fresh, count(*)::int AS leads
      FROM crm_leads WHERE score IS NOT NULL AND merged_into IS NULL AND import_id IS NULL AND captured_at > ${bind('timestamptz', now)} - interval '120 days' GROUP BY 1, 2`,
  );
  const of = (fresh: boolean): readonly number[] =>
    BINS.map((_, bin) => rows.find((row) => row.bin === bin && row.fresh === fresh)?.leads ?? 0);
  const [before, after] = [of(false), of(true)];
  return { bins: BINS, before, after, index: stability(before, after) };
}

/** What became of the leads that were captured while each version was live. History that was imported with its outcome was not: no model met it. */
async function versionsOf(
  kit: Kit,
  policyId: number,
  closed: { readonly won: readonly string[]; readonly all: readonly string[] },
): Promise<readonly VersionResult[]> {
  const rows = await rowsOf<Omit<VersionResult, 'from' | 'to'> & { from: Date; to: Date | null }>(
    kit.db,
    sql`SELECT v.number, v.published_at AS "from", v.until AS "to", count(l.id)::int AS leads,
        count(l.id) FILTER (WHERE l.stage = ANY(${bind('text[]', [...closed.all])}))::int AS decided,
        count(l.id) FILTER (WHERE l.stage = ANY(${bind('text[]', [...closed.won])}))::int AS won,
        (avg(extract(epoch FROM l.stage_entered_at - l.captured_at) / 86400) FILTER (WHERE l.stage = ANY(${bind('text[]', [...closed.won])})))::float8 AS "cycleDays"
      FROM (SELECT number, published_at, lead(published_at) OVER (ORDER BY number) AS until FROM crm_policy_versions WHERE policy_id = ${policyId}) v
      LEFT JOIN crm_leads l ON l.captured_at >= v.published_at AND (v.until IS NULL OR l.captured_at < v.until) AND l.merged_into IS NULL
        AND NOT (l.import_id IS NOT NULL AND l.stage = ANY(${bind('text[]', [...closed.all])}) AND NOT EXISTS (
          SELECT 1 FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = 'lead.stage_changed' AND e.cause_type <> 'import'))
      GROUP BY v.number, v.published_at, v.until ORDER BY v.number DESC LIMIT 20`,
  );
  return rows.map((row) => ({ ...row, from: row.from.toISOString(), to: row.to?.toISOString() ?? null }));
}

/** What is wrong with a model's rules by what became of the leads, how scores drift, and what earlier versions and assets brought. */
export async function checkup(kit: Kit, model: GradingModel, { policyId, actor }: Asked, progress: Progress): Promise<CheckupResult> {
  const history = await readHistory(kit, progress);
  const leaks = leakReport(kit, factColumns(candidateFacts(kit, actor), history), history, model);
  const scores = (await scoreHistory(kit, model, history, progress)).filter((score) => score !== null);
  const columns = await ruleColumns(kit, model, scores);
  const won = scores.map((score) => score.won);
  const leaking = new Set(leaks.flatMap((leak) => leak.rules));
  const labels = new Map([...factRules(model), ...model.engagement.rules].map((rule) => [rule.key, rule.label]));
  const { stages } = history;
  return {
    decided: countsOf(history),
    auc: aucOfScores(scores),
    rules: columns.map((column) => ({
      ...checkRule(column, won, leaking),
      label: labels.get(column.key) ?? { zh: column.key, en: column.key },
    })),
    collinear: won.length === 0 ? [] : collinearPairs(columns),
    leaks,
    drift: await driftOf(kit),
    versions: policyId === null ? [] : await versionsOf(kit, policyId, { won: stages.won, all: stages.closed }),
    feedback: await feedbackOf(kit),
  };
}
