import type { FactDescription, Kit, LocalisedText } from '@leadsea/crm-core';
import type { GradingModel, ReasonCode, SuggestResult } from '../../../../contracts';
import { aucOf } from '../../domain/study/auc';
import { encode, featuresOf } from '../../domain/study/features';
import type { Feature, FieldColumn } from '../../domain/study/features';
import { chanceOf, fitLogistic } from '../../domain/study/logistic';
import { calibration } from '../../domain/study/report';
import { levelWords, nothingToLearn, notEnough } from '../../domain/study/sentences';
import { LEAST_OUTCOMES, suggestRules, withSuggestion } from '../../domain/study/suggest';
import { aucOfScores, countsOf, rivalOf } from './backtest';
import type { Asked } from './backtest';
import { behaviourColumns, candidateFacts, factColumns } from './columns';
import { countDecided, readHistory } from './decided';
import type { History } from './decided';
import { factNames, leakReport } from './leak-report';
import { scoreHistory } from './score';
import type { Progress } from './store';

/** Oldest part to learn from; the newest is held out, as the future will be. */
const TRAIN_SHARE = 0.7;
/** Strength of the penalty, in leads: a weight must be worth it. */
const LAMBDA = 1;
const OFTEN = [1, 3] as const;

const part = <Item>(items: readonly Item[], from: number, to?: number): readonly Item[] => items.slice(from, to);
const cut = (columns: readonly FieldColumn[], from: number, to?: number): FieldColumn[] =>
  columns.map((column) => ({ ...column, values: part(column.values, from, to) }));

const subset = (history: History, from: number, to?: number): History => ({
  ...history,
  leads: part(history.leads, from, to),
  rows: part(history.rows, from, to),
  engagements: part(history.engagements, from, to),
});

const nothing = (decided: SuggestResult['decided'], why: LocalisedText, leaks: SuggestResult['leaks'] = []): SuggestResult => ({
  decided,
  leaks,
  body: null,
  why,
  train: null,
  holdout: null,
  aucs: null,
  calibration: [],
  reasons: [],
});

function featuresFrom(facts: readonly FieldColumn[], behaviour: readonly FieldColumn[]): readonly Feature[] {
  const least = (column: FieldColumn, min: number): boolean =>
    column.values.filter((value) => typeof value === 'number' && value >= min).length >= Math.max(10, column.values.length * 0.01);
  return [
    ...facts.flatMap((column) => featuresOf(column)),
    ...behaviour.flatMap((column) =>
      OFTEN.filter((min) => least(column, min)).map((min): Feature => ({ field: column.field, type: 'often', min })),
    ),
  ];
}

const behaviourName = (kit: Kit, field: string): LocalisedText => {
  const kinds = kit.conditions
    .describe('lead')
    .find((fact) => fact.key === 'behaviour.count')
    ?.args?.find((arg) => arg.key === 'kind')?.options;
  const kind = field.replace('behaviour.', '');
  return kinds?.find((option) => option.value === kind)?.label ?? { zh: kind, en: kind };
};

/** Names of fields, options and kinds of behaviour. */
function wordsOf(
  kit: Kit,
  facts: readonly FactDescription[],
): {
  labelOf: (field: string) => LocalisedText;
  isList: (field: string) => boolean;
  optionOf: (field: string, value: string) => LocalisedText;
} {
  const byKey = new Map(facts.map((fact) => [fact.key, fact]));
  const nameOf = factNames(kit);
  return {
    labelOf: (field) => (field.startsWith('behaviour.') ? behaviourName(kit, field) : nameOf(field)),
    isList: (field) => byKey.get(field)?.type === 'multiselect',
    optionOf: (field, value) => {
      const fact = byKey.get(field);
      if (fact?.type === 'boolean') return value === 'true' ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' };
      return fact?.options?.find((option) => option.value === value)?.label ?? { zh: value, en: value };
    },
  };
}

/**
 * Learns points from the older leads and measures them on the newer ones, beside the draft and the live model on the same leads. Facts
 * that know the outcome are left out and named. What is proposed is an ordinary points model for a person to edit and publish.
 */
export async function suggest(kit: Kit, draft: GradingModel, { policyId, actor }: Asked, progress: Progress): Promise<SuggestResult> {
  const { won, lost } = await countDecided(kit);
  if (won < LEAST_OUTCOMES || lost < LEAST_OUTCOMES)
    return nothing({ won, lost, studied: won + lost, from: null, to: null }, notEnough(won, lost, LEAST_OUTCOMES));
  const history = await readHistory(kit, progress);
  const candidates = candidateFacts(kit, actor);
  const columns = factColumns(candidates, history);
  const leaks = leakReport(kit, columns, history, draft);
  const leaking = new Set(leaks.map((leak) => leak.field));
  const sound = columns.filter((column) => !leaking.has(column.field));
  const behaviour = behaviourColumns(history);
  const border = Math.round(history.leads.length * TRAIN_SHARE);
  const features = featuresFrom(cut(sound, 0, border), cut(behaviour, 0, border));
  if (features.length === 0) return nothing(countsOf(history), nothingToLearn(), leaks);
  const all = encode([...sound, ...behaviour], features);
  const outcomes = history.leads.map((lead) => lead.won);
  const [trainRows, testRows] = [part(all.rows, 0, border), part(all.rows, border)];
  const [trainWon, testWon] = [part(outcomes, 0, border), part(outcomes, border)];
  if ([trainWon, testWon].some((set) => !set.includes(true) || !set.includes(false)))
    return nothing(countsOf(history), notEnough(won, lost, LEAST_OUTCOMES), leaks);
  const logistic = fitLogistic(trainRows, trainWon, features.length, LAMBDA);
  const words = wordsOf(kit, candidates);
  const suggestion = suggestRules(logistic, features, trainRows, words);
  const body = withSuggestion(draft, suggestion);
  const chances = testRows.map((row) => chanceOf(logistic, row));
  const future = subset(history, border);
  const rival = await rivalOf(kit, policyId);
  const measure = async (model: GradingModel) => aucOfScores((await scoreHistory(kit, model, future)).filter((score) => score !== null));
  const wins = testWon.filter(Boolean).length;
  return {
    decided: countsOf(history),
    leaks,
    body,
    why: null,
    train: { leads: trainWon.length, won: trainWon.filter(Boolean).length },
    holdout: { leads: testWon.length, won: wins, baseRate: wins / testWon.length },
    aucs: {
      suggested: await measure(body),
      regression: aucOf(chances, testWon),
      draft: await measure(draft),
      live: rival ? await measure(rival.body) : null,
    },
    calibration: calibration(chances, testWon),
    reasons: reasonCodes(features, suggestion.points, logistic.weights, trainRows, trainWon, words),
  };
}

/** What the points rest on, largest first. */
function reasonCodes(
  features: readonly Feature[],
  points: readonly number[],
  weights: readonly number[],
  rows: readonly (readonly number[])[],
  won: readonly boolean[],
  { labelOf, optionOf }: ReturnType<typeof wordsOf>,
): readonly ReasonCode[] {
  const leads = features.map(() => 0);
  const wins = features.map(() => 0);
  rows.forEach((row, lead) => {
    for (const index of row) {
      leads[index] = (leads[index] ?? 0) + 1;
      if (won[lead]) wins[index] = (wins[index] ?? 0) + 1;
    }
  });
  return features
    .map((feature, index): ReasonCode => ({
      field: feature.field,
      label: labelOf(feature.field),
      level: levelWords(feature, optionOf),
      points: points[index] ?? 0,
      weight: weights[index] ?? 0,
      leads: leads[index] ?? 0,
      rate: (wins[index] ?? 0) / Math.max(1, leads[index] ?? 0),
    }))
    .filter((reason) => reason.points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || a.field.localeCompare(b.field));
}
