import type { CandidateRef, PlainTarget, PlannedRule, RoutedLead, ShareFacts, Target, World } from './facts';
import { WEIGHT_PARTS } from './weight';

/** Facts kept before weights were exact to six decimals count them in hundredths. */
export const OLD_PARTS = 100;

type Rule = Pick<PlannedRule, 'target' | 'onEmpty'>;
interface Kept {
  /** How many parts of a weight make 1 in these facts; absent in the oldest. */
  readonly weightParts?: number;
  readonly plans: readonly { readonly rules: readonly Rule[]; readonly otherwise: Rule }[];
  readonly leads: readonly RoutedLead[];
  readonly world: World;
}

type Weighing = <Weighed extends { readonly weight: number | null }>(items: readonly Weighed[]) => readonly Weighed[];

function plainTarget(target: PlainTarget, weigh: Weighing): PlainTarget {
  return target.kind === 'people' ? { kind: 'people', candidates: weigh<CandidateRef>(target.candidates) } : target;
}

function targetIn(target: Target, weigh: Weighing): Target {
  switch (target.kind) {
    case 'people':
    case 'pool':
      return plainTarget(target, weigh);
    case 'custom':
      return { ...target, candidates: weigh<CandidateRef>(target.candidates) };
    case 'webhook':
      return { ...target, fallback: plainTarget(target.fallback, weigh) };
    case 'table':
      return { ...target, rows: new Map([...target.rows].map(([row, to]) => [row, { ...to, target: plainTarget(to.target, weigh) }])) };
    case 'account-owner':
    case 'previous-owner':
    case 'hold':
      return target;
  }
}

/** Kept facts with all weights in the parts of today: what was decided from them is decided again. */
export function inPartsOfToday<Facts extends Kept>(kept: Facts): Facts {
  const by = WEIGHT_PARTS / (kept.weightParts ?? OLD_PARTS);
  if (by === 1) return kept;
  const weigh: Weighing = (items) => items.map((item) => (item.weight === null ? item : { ...item, weight: item.weight * by }));
  const ruleIn = <One extends Rule>(rule: One): One => ({
    ...rule,
    target: targetIn(rule.target, weigh),
    onEmpty: rule.onEmpty === null ? null : targetIn(rule.onEmpty, weigh),
  });
  const leadIn = (lead: RoutedLead): RoutedLead =>
    lead.named ? { ...lead, named: new Map([...lead.named].map(([rule, people]) => [rule, weigh<CandidateRef>(people)])) } : lead;
  return {
    ...kept,
    weightParts: WEIGHT_PARTS,
    plans: kept.plans.map((plan) => ({ ...plan, rules: plan.rules.map(ruleIn), otherwise: ruleIn(plan.otherwise) })),
    leads: kept.leads.map(leadIn),
    world: { ...kept.world, shares: new Map([...kept.world.shares].map(([group, facts]) => [group, weigh<ShareFacts>(facts)])) },
  };
}
