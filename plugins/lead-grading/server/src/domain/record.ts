import type { LocalisedText } from '@leadsea/crm-core';
import type { GradingModel } from '../../../contracts';
import { factValue, fieldsOf } from './conditions';
import { branchesOf, factPoints, factRules } from './fit';
import type { ReasonFacts, ReasonOptions } from './reasons';
import { behaviourSentence, fitSentence, rounded } from './sentences';

/**
 * What a decision keeps of its reasons: keys, points and what was seen, no words. Together with the version, which never changes, it
 * explains the decision in full; sentences are written when somebody reads it. So a new lead costs some hundred bytes and no text.
 */
export interface GradeRecord {
  /** Rules of fit and intent that held: key, points. */
  readonly held: readonly (readonly [key: string, points: number])[];
  /** Behaviour rules that matched: key, points now, how many matched and counted, points lost to caps and to decay. */
  readonly did: readonly (readonly [key: string, points: number, matched: number, counted: number, toCaps: number, toDecay: number])[];
  /** Values of the facts the rules that held have read. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const known = new WeakMap<GradingModel, readonly (readonly string[])[]>();

/** Per rule of fit and intent the facts it reads; kept per model, as it is asked for once per lead. */
function factFields(model: GradingModel): readonly (readonly string[])[] {
  const fields =
    known.get(model) ?? factRules(model).map((rule) => [...new Set(branchesOf(rule).flatMap((branch) => fieldsOf(branch.when)))]);
  known.set(model, fields);
  return fields;
}

/** The reasons of a grading in their stored form. */
export function gradeRecord(model: GradingModel, facts: ReasonFacts): GradeRecord {
  const points = factPoints(model, facts.taken);
  const fields = factFields(model);
  const seen: Record<string, unknown> = {};
  const held = factRules(model).flatMap((rule, index): (readonly [string, number])[] => {
    if ((facts.taken[index] ?? 0) === 0) return [];
    for (const field of fields[index] ?? []) {
      const value = factValue(field, facts.row);
      if (value !== undefined) seen[field] = value;
    }
    return [[rule.key, points[index] ?? 0]];
  });
  const did = facts.details.flatMap((detail): GradeRecord['did'][number][] => {
    const rule = model.engagement.rules[detail.rule];
    if (!rule) return [];
    const toCaps = rule.points > 0 ? Math.max(0, detail.decayed - detail.points) : 0;
    const toDecay = Math.abs(detail.counted * rule.points) - Math.abs(detail.decayed);
    return [[rule.key, rounded(detail.points), detail.matched, detail.counted, rounded(toCaps), rounded(toDecay)]];
  });
  return { held, did, facts: seen };
}

/** One stored reason in words. */
export interface RecordedReason {
  readonly key: string;
  readonly label: LocalisedText;
  readonly axis: 'fit' | 'engagement' | 'intent';
  readonly points: number;
  readonly lostToCaps: number;
  readonly lostToDecay: number;
  readonly text: LocalisedText;
}

/** Writes the sentences of a stored record by the model of its version; values the reader may not see are left out. */
export function recordReasons(model: GradingModel, record: GradeRecord, { factLabel, isHidden }: ReasonOptions): readonly RecordedReason[] {
  const rules = new Map(factRules(model).map((rule, index) => [rule.key, { rule, index }]));
  const fields = factFields(model);
  const held = record.held.flatMap(([key, points]): RecordedReason[] => {
    const found = rules.get(key);
    if (!found) return [];
    const { rule, index } = found;
    const own = (fields[index] ?? []).filter((field) => field in record.facts && !isHidden(field));
    const evidence = Object.fromEntries(own.map((field) => [field, record.facts[field]]));
    const axis = index < model.fit.rules.length ? 'fit' : 'intent';
    return [
      {
        key,
        label: rule.label,
        axis,
        points,
        lostToCaps: 0,
        lostToDecay: 0,
        text: fitSentence(rule.label, true, points, evidence, factLabel),
      },
    ];
  });
  const behaviour = new Map(model.engagement.rules.map((rule) => [rule.key, rule]));
  const did = record.did.flatMap(([key, points, matched, counted, lostToCaps, lostToDecay]): RecordedReason[] => {
    const rule = behaviour.get(key);
    if (!rule) return [];
    const text = behaviourSentence(rule.label, { matched, counted, points, given: counted * rule.points, lostToCaps, latest: null });
    return [{ key, label: rule.label, axis: 'engagement', points, lostToCaps, lostToDecay, text }];
  });
  return [...held, ...did];
}
