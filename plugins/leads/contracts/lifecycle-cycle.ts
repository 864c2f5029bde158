import type { Condition } from '@leadsea/crm-core';
import type { Lifecycle, Transition } from './lifecycle';

/** Facts that swing with time and behaviour: a move that asks for one of them is a crossing. */
const SWINGING =
  /^lead\.(score|fitScore|engagement|intent|productScore|topProduct|scoreGain|grade|label|stars|flames)$|^account\.(score|qualified|breadth)$|^product\./;

const asksGrade = (condition: Condition): boolean =>
  condition.rules.some((rule) => ('rules' in rule ? asksGrade(rule) : SWINGING.test(rule.field)));

/** Whether the product makes a move at most once in a cycle (§6: one MQL per cycle): as the move says, else when its condition asks for a grade. */
export const isOncePerCycle = (move: Pick<Transition, 'once' | 'auto'>): boolean => move.once ?? (move.auto ? asksGrade(move.auto) : false);

/**
 * Whether going from one stage to another gives a lead back to marketing, by the kinds of the stages: from work (or the end of it) to a stage of
 * inventory that is not the first one. Going back to the first stage is a step back or a restoration, in the same cycle.
 * @param from a stage or `*`, which is taken for one that is worked
 */
export function suggestsRecycling({ stages, initial }: Pick<Lifecycle, 'stages' | 'initial'>, from: string, to: string): boolean {
  const isInventory = (stage: string): boolean => stages.find(({ key }) => key === stage)?.type === 'inventory';
  return !isInventory(from) && isInventory(to) && to !== initial;
}
