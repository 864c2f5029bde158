/** Area under the ROC curve with a 95 % interval: the chance that a won lead stands above a lost one. */
export interface Auc {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959964;

/** Ranks from 1, ties sharing the middle of theirs. */
export function midranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let index = start; index < end; index += 1) ranks[order[index] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

const variance = (values: readonly number[]): number => {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
};

/**
 * AUC by midranks and its interval by DeLong's variance. Null when one of the outcomes is missing.
 * @param scores one per lead
 * @param won the outcomes, in the same order
 */
export function aucOf(scores: readonly number[], won: readonly boolean[]): Auc | null {
  const wins = scores.filter((_, index) => won[index]);
  const losses = scores.filter((_, index) => !won[index]);
  if (wins.length === 0 || losses.length === 0) return null;
  const all = midranks(scores);
  const ownWins = midranks(wins);
  const ownLosses = midranks(losses);
  const placedWins = scores
    .flatMap((_, index) => (won[index] ? [all[index] ?? 0] : []))
    .map((rank, index) => (rank - (ownWins[index] ?? 0)) / losses.length);
  const placedLosses = scores
    .flatMap((_, index) => (won[index] ? [] : [all[index] ?? 0]))
    .map((rank, index) => 1 - (rank - (ownLosses[index] ?? 0)) / wins.length);
  const auc = placedWins.reduce((sum, value) => sum + value, 0) / wins.length;
  const error = Math.sqrt(variance(placedWins) / wins.length + variance(placedLosses) / losses.length);
  return { auc, low: Math.max(0, auc - Z95 * error), high: Math.min(1, auc + Z95 * error) };
}
