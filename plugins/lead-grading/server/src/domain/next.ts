import type { GradingModel, NextStep } from '../../../contracts';
import { shownEngagement } from './decay';
import { branchesOf, factPoints, factRules, fitScore, intentScore } from './fit';
import { decideGrade } from './grade';
import type { GradeResult } from './grade';
import type { ReasonFacts } from './reasons';
import { nextSentence } from './sentences';

const LIMIT = 5;

/** Fit and intent if rule `index` of both took its best branch; null when it has already. */
function factsWith(model: GradingModel, points: readonly number[], index: number): { fit: number; intent: number | null } | null {
  const rule = factRules(model)[index];
  if (!rule) return null;
  const best = Math.max(0, ...branchesOf(rule).map((branch) => branch.points));
  if (best <= (points[index] ?? 0)) return null;
  const then = points.map((value, position) => (position === index ? best : value));
  return { fit: fitScore(model, then), intent: intentScore(model, then) };
}

/** Room left for one more engagement of rule `index` under its rule and group caps, or null when its repeat policy lets no more count. */
function roomFor(model: GradingModel, facts: ReasonFacts, index: number): number | null {
  const rule = model.engagement.rules[index];
  if (!rule || rule.points <= 0) return null;
  const held = (position: number): number => facts.details.find((detail) => detail.rule === position)?.points ?? 0;
  const counted = facts.details.find((detail) => detail.rule === index)?.counted ?? 0;
  if (rule.repeat === 'once' && counted > 0) return null;
  const group = model.engagement.groups.find((each) => each.key === rule.group);
  const groupHeld = model.engagement.rules.reduce(
    (sum, each, position) => (group && each.group === group.key && each.points > 0 ? sum + held(position) : sum),
    0,
  );
  return Math.min(rule.points, (rule.cap ?? Infinity) - held(index), (group?.cap ?? Infinity) - groupHeld);
}

/**
 * What would raise the score, largest first: each fit rule that does not hold as if it did, each behaviour as if it happened once now,
 * through the same caps, weights and thresholds. Steps that change nothing are left out.
 */
export function nextSteps(model: GradingModel, facts: ReasonFacts, now: GradeResult): readonly NextStep[] {
  const points = factPoints(model, facts.taken);
  const candidates = [
    ...factRules(model).map((rule, index) => {
      const then = factsWith(model, points, index);
      return {
        rule,
        axis: index < model.fit.rules.length ? ('fit' as const) : ('intent' as const),
        fit: then?.fit ?? null,
        intent: then?.intent ?? null,
        engagement: facts.engagement,
      };
    }),
    ...model.engagement.rules.map((rule, index) => {
      const room = roomFor(model, facts, index);
      return {
        rule,
        axis: 'engagement' as const,
        fit: room === null || room <= 0 ? null : facts.fit,
        intent: facts.intent,
        engagement: shownEngagement(facts.value + (room ?? 0), model.engagement.cap),
      };
    }),
  ];
  const steps = candidates.flatMap(({ rule, axis, fit, intent, engagement }): NextStep[] => {
    if (fit === null) return [];
    const then = decideGrade(model, fit, engagement, { grade: now.grade, heat: now.heat }, { intent });
    const gain = then.score - now.score;
    if (gain <= 0 && then.grade === now.grade) return [];
    return [
      {
        key: rule.key,
        axis,
        label: rule.label,
        points: gain,
        grade: then.grade,
        heat: then.heat,
        text: nextSentence(rule.label, gain, now.grade, then.grade),
      },
    ];
  });
  return steps.sort((a, b) => b.points - a.points || a.key.localeCompare(b.key)).slice(0, LIMIT);
}
