import type { Actor, Kit } from '@leadsea/crm-core';
import type { Leads } from '@leadsea/leads';
import type { BacktestResult, DecidedCounts, ForecastResult, GradingModel, LeakResult } from '../../../../contracts';
import { aucOf } from '../../domain/study/auc';
import { bandRows, deciles, migration, thresholdRows } from '../../domain/study/report';
import type { Scored } from '../../domain/study/report';
import { proposeThreshold } from '../../domain/study/threshold';
import { liveModels } from '../models';
import type { ModelVersion } from '../models';
import { candidateFacts, factColumns } from './columns';
import { readHistory } from './decided';
import type { History } from './decided';
import { forecastOf } from './forecast';
import { leakReport } from './leak-report';
import { scoreHistory } from './score';
import type { AsOfScore } from './score';
import type { Progress } from './store';

export interface Asked {
  readonly leads: Pick<Leads, 'quotas'>;
  readonly policyId: number | null;
  readonly insist: boolean;
  readonly actor: Actor | null;
}

export const countsOf = ({ leads }: History): DecidedCounts => {
  const times = leads.map((lead) => lead.closedAt.getTime());
  const iso = (time: number | undefined): string | null =>
    time === undefined || !Number.isFinite(time) ? null : new Date(time).toISOString();
  const won = leads.filter((lead) => lead.won).length;
  return {
    won,
    lost: leads.length - won,
    studied: leads.length,
    from: iso(times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b))),
    to: iso(times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b))),
  };
};

/** The live version a draft is measured against: its own, else the first. */
export async function rivalOf(kit: Kit, policyId: number | null): Promise<ModelVersion | null> {
  const live = await liveModels(kit);
  return live.find((model) => model.policyId === policyId) ?? live[0] ?? null;
}

export const aucOfScores = (scores: readonly Scored[]): ReturnType<typeof aucOf> =>
  aucOf(
    scores.map((lead) => lead.score),
    scores.map((lead) => lead.won),
  );

/** Leads both models grade, and what each gives them. */
export function pairs(a: readonly AsOfScore[], b: readonly AsOfScore[]): readonly { readonly a: Scored; readonly b: Scored }[] {
  return a.flatMap((one, index) => {
    const other = b[index];
    return one && other ? [{ a: one, b: other }] : [];
  });
}

/** What a refused back-test leaves: the leaks, and nothing that could be mistaken for an answer. */
const refusedResult = (history: History, leaks: readonly LeakResult[]): BacktestResult => ({
  decided: countsOf(history),
  leaks,
  model: null,
  live: null,
  deciles: [],
  thresholds: [],
  grades: [],
  labels: [],
  migration: [],
  forecast: null,
  graded: 0,
});

/**
 * Runs a draft over the decided leads as each was when sales met it. When rules read facts that know the outcome the answer is refused
 * unless somebody insists: its numbers would be too good to be true.
 */
export async function backtest(
  kit: Kit,
  model: GradingModel,
  { policyId, insist, actor, leads }: Asked,
  progress: Progress,
): Promise<{ readonly status: 'done' | 'refused'; readonly result: BacktestResult }> {
  const history = await readHistory(kit, progress);
  const leaks = leakReport(kit, factColumns(candidateFacts(kit, actor), history), history, model);
  if (!insist && leaks.some((leak) => leak.rules.length > 0)) return { status: 'refused', result: refusedResult(history, leaks) };
  const scores = await scoreHistory(kit, model, history, progress);
  const graded = scores.filter((score) => score !== null);
  const rival = await rivalOf(kit, policyId);
  const rivals = rival ? await scoreHistory(kit, rival.body, history) : [];
  const both = pairs(rivals, scores);
  const liveAuc = aucOfScores(both.map(({ a }) => a));
  const mql = graded.filter((score) => score.label === 'hot' || score.label === 'warm').length;
  const forecast: ForecastResult | null = graded.length === 0 ? null : await forecastOf(kit, leads, mql / graded.length);
  return {
    status: 'done',
    result: {
      decided: countsOf(history),
      leaks,
      model: aucOfScores(graded),
      live: rival && liveAuc ? { ...liveAuc, name: rival.name, version: rival.number } : null,
      deciles: deciles(graded),
      thresholds: thresholdRows(graded),
      proposal: proposeThreshold(graded, forecast?.leadsPerWeek ?? 0, forecast?.quotaPerWeek ?? null),
      grades: bandRows(graded, (lead) => lead.grade),
      labels: bandRows(graded, (lead) => lead.label),
      migration: migration(
        both.map(({ a }) => a),
        both.map(({ b }) => b),
      ),
      forecast,
      graded: graded.length,
    },
  };
}
