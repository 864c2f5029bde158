import { isOncePerCycle, suggestsRecycling, type LeadRow, type Lifecycle } from '../../../../contracts';
import { findMove } from './transitions';

export { isOncePerCycle };

/** Whether a move gives a lead back to marketing, so that its next cycle begins: as the move says, else by the kinds of its stages. */
export const isRecycling = (graph: Lifecycle, from: string, to: string): boolean =>
  findMove(graph, from, to)?.recycles ?? suggestsRecycling(graph, from, to);

/** What entering a stage changes of a lead: a recycled one begins its next cycle and remembers its score; taken up again, that is forgotten. */
export type StageColumns = {
  readonly stage: string;
  readonly stage_entered_at: Date;
  readonly cycle?: number;
  readonly score_epoch?: Date;
  readonly score_base?: number | null;
};

/** @param row the lead as it is before the move; @param at when it enters the stage `to` */
export function stageColumns(
  graph: Lifecycle,
  row: Readonly<Pick<LeadRow, 'stage' | 'cycle' | 'score' | 'score_base'>>,
  to: string,
  at: Date,
): StageColumns {
  const entering = { stage: to, stage_entered_at: at };
  if (isRecycling(graph, row.stage, to)) return { ...entering, cycle: (row.cycle ?? 1) + 1, score_epoch: at, score_base: row.score ?? 0 };
  const isInventory = graph.stages.find(({ key }) => key === to)?.type === 'inventory';
  return (row.score_base ?? null) !== null && !isInventory ? { ...entering, score_base: null } : entering;
}
