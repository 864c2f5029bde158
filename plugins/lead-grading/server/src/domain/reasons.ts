import type { FitRule, GradingModel, RuleReason } from '../../../contracts';
import { factValue, fieldsOf } from './conditions';
import { branchesOf, factPoints, factRules } from './fit';
import { behaviourSentence, fitSentence, frequencyWords, rounded } from './sentences';
import type { FactLabel } from './sentences';

/** What the detail of one behaviour rule tells; absent = the lead did nothing of the kind. */
export interface BehaviourDetail {
  readonly rule: number;
  readonly matched: number;
  readonly counted: number;
  readonly decayed: number;
  readonly points: number;
  readonly latest: readonly { readonly id: number; readonly at: Date; readonly asset: string | null }[];
}

export interface ReasonFacts {
  readonly row: Readonly<Record<string, unknown>>;
  readonly taken: readonly number[];
  readonly fit: number;
  readonly details: readonly BehaviourDetail[];
  readonly value: number;
  readonly engagement: number;
  readonly intent: number | null;
}

export interface ReasonOptions {
  readonly factLabel: FactLabel;
  /** Facts whose value may not be shown to the reader. */
  readonly isHidden: (field: string) => boolean;
}

export interface Reasons {
  readonly rules: readonly RuleReason[];
  /** Over both axes, group and axis caps included. */
  readonly lostToCaps: number;
  readonly lostToDecay: number;
}

const knownFields = new WeakMap<FitRule, readonly string[]>();

/** Facts a rule reads; kept per rule, as it is asked for once per lead. */
function fieldsOfRule(rule: FitRule): readonly string[] {
  const fields = knownFields.get(rule) ?? [...new Set(branchesOf(rule).flatMap((branch) => fieldsOf(branch.when)))];
  knownFields.set(rule, fields);
  return fields;
}

function fitReasons(model: GradingModel, facts: ReasonFacts, { factLabel, isHidden }: ReasonOptions): RuleReason[] {
  const points = factPoints(model, facts.taken);
  return factRules(model).map((rule, index) => {
    const fields = fieldsOfRule(rule);
    const hidden = fields.filter(isHidden);
    const visible = fields.filter((field) => !isHidden(field)).map((field) => [field, factValue(field, facts.row)] as const);
    const evidence = Object.fromEntries(visible.filter(([, value]) => value !== undefined));
    const taken = facts.taken[index] ?? 0;
    const matched = taken > 0;
    const row = rule.type === 'frequency' ? [...rule.rows].sort((a, b) => b.points - a.points)[taken - 1] : undefined;
    const note = row ? frequencyWords(row.min, row.within) : null;
    return {
      key: rule.key,
      label: rule.label,
      axis: index < model.fit.rules.length ? 'fit' : 'intent',
      group: rule.group ?? null,
      matched,
      points: points[index] ?? 0,
      evidence: { facts: evidence, ...(hidden.length > 0 ? { hidden } : {}) },
      lostToCaps: 0,
      lostToDecay: 0,
      text: fitSentence(rule.label, matched, points[index] ?? 0, evidence, factLabel, note),
    };
  });
}

function engagementReasons(model: GradingModel, facts: ReasonFacts): RuleReason[] {
  const details = new Map(facts.details.map((detail) => [detail.rule, detail]));
  return model.engagement.rules.map((rule, index) => {
    const detail = details.get(index) ?? { rule: index, matched: 0, counted: 0, decayed: 0, points: 0, latest: [] };
    const given = detail.counted * rule.points;
    const lostToCaps = rule.points > 0 ? Math.max(0, detail.decayed - detail.points) : 0;
    const seen = {
      matched: detail.matched,
      counted: detail.counted,
      points: detail.points,
      given,
      lostToCaps,
      latest: detail.latest[0]?.at ?? null,
    };
    return {
      key: rule.key,
      label: rule.label,
      axis: 'engagement',
      group: rule.group ?? null,
      matched: detail.matched > 0,
      points: rounded(detail.points),
      evidence: {
        matched: detail.matched,
        counted: detail.counted,
        given,
        latest: detail.latest.map(({ id, at, asset }) => ({ id, at: at.toISOString(), asset })),
      },
      lostToCaps: rounded(lostToCaps),
      lostToDecay: rounded(Math.abs(given) - Math.abs(detail.decayed)),
      text: behaviourSentence(rule.label, seen),
    };
  });
}

/**
 * What each rule gave and why, and what caps and decay took. The points of fit rules are before group and axis caps (a cap belongs to no
 * single rule); those of engagement rules are what is left of them now.
 */
export function reasonsOf(model: GradingModel, facts: ReasonFacts, options: ReasonOptions): Reasons {
  const facted = fitReasons(model, facts, options);
  const fit = facted.filter((rule) => rule.axis === 'fit');
  const intent = facted.filter((rule) => rule.axis === 'intent');
  const intentLoss = intent.reduce((sum, rule) => sum + rule.points, 0) - (facts.intent ?? 0);
  const engagement = engagementReasons(model, facts);
  const fitLoss = fit.reduce((sum, rule) => sum + rule.points, 0) - facts.fit;
  const entryLoss = engagement.reduce((sum, rule) => sum + rule.lostToCaps, 0);
  const axisLoss = Math.max(0, facts.value - model.engagement.cap);
  return {
    rules: [...facted, ...engagement],
    lostToCaps: rounded(Math.max(0, fitLoss) + Math.max(0, intentLoss) + entryLoss + axisLoss),
    lostToDecay: rounded(engagement.filter((rule) => rule.points > 0).reduce((sum, rule) => sum + rule.lostToDecay, 0)),
  };
}
