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

/** Per won lead the share of lost ones below it, per lost lead the share of won ones above it; ties count half. */
function placements(
  scores: readonly number[],
  won: readonly boolean[],
): { readonly wins: readonly number[]; readonly losses: readonly number[] } {
  const of = (outcome: boolean): readonly number[] => scores.filter((_, index) => won[index] === outcome);
  const all = midranks(scores);
  const ranks = (outcome: boolean): readonly number[] => all.filter((_, index) => won[index] === outcome);
  const [own, other] = [midranks(of(true)), midranks(of(false))];
  return {
    wins: ranks(true).map((rank, index) => (rank - (own[index] ?? 0)) / Math.max(1, other.length)),
    losses: ranks(false).map((rank, index) => 1 - (rank - (other[index] ?? 0)) / Math.max(1, own.length)),
  };
}

/**
 * How much better one model ranks the same leads than another, with a 95 % interval (DeLong, paired): the two are better or worse on the
 * same leads, so the interval is narrower than those of the two would suggest. Null when one of the outcomes is missing.
 */
export function aucDifference(
  a: readonly number[],
  b: readonly number[],
  won: readonly boolean[],
): { value: number; low: number; high: number } | null {
  const [first, second] = [placements(a, won), placements(b, won)];
  if (first.wins.length === 0 || first.losses.length === 0) return null;
  const wins = first.wins.map((value, index) => value - (second.wins[index] ?? 0));
  const losses = first.losses.map((value, index) => value - (second.losses[index] ?? 0));
  const value = wins.reduce((sum, one) => sum + one, 0) / wins.length;
  const error = Math.sqrt(variance(wins) / wins.length + variance(losses) / losses.length);
  return { value, low: value - Z95 * error, high: value + Z95 * error };
}

/**
 * AUC by midranks and its interval by DeLong's variance. Null when one of the outcomes is missing.
 * @param scores one per lead
 * @param won the outcomes, in the same order
 */
export function aucOf(scores: readonly number[], won: readonly boolean[]): Auc | null {
  const { wins: placedWins, losses: placedLosses } = placements(scores, won);
  if (placedWins.length === 0 || placedLosses.length === 0) return null;
  const auc = placedWins.reduce((sum, value) => sum + value, 0) / placedWins.length;
  const error = Math.sqrt(variance(placedWins) / placedWins.length + variance(placedLosses) / placedLosses.length);
  return { auc, low: Math.max(0, auc - Z95 * error), high: Math.min(1, auc + Z95 * error) };
}
