import { aucOf } from './auc';
import { encode, featuresOf } from './features';
import type { FieldColumn } from './features';

export const LEAK_REASONS = ['WRITTEN_AFTER_CONTACT', 'NEAR_PERFECT', 'FILLED_BY_OUTCOME', 'FILLED_LATER'] as const;
export type LeakReason = (typeof LEAK_REASONS)[number];

/** A field that knows the outcome because somebody wrote it afterwards, with the numbers that say so. */
export interface Leak {
  readonly field: string;
  readonly reason: LeakReason;
  /** Shares of 1: `WRITTEN_AFTER_CONTACT` written afterwards of all written; `NEAR_PERFECT` its AUC alone; the others filled among `a` and `b`. */
  readonly a: number;
  readonly b: number | null;
}

/** When the values of a field were set, by the history of the leads. */
export interface WrittenWhen {
  readonly before: number;
  readonly after: number;
}

const NEAR_PERFECT = 0.9;
const LEAST_WRITTEN = 20;
const MOSTLY = 0.5;
const FILL_RATIO = 1.8;
const FILL_GAP = 0.15;
const LATER_RATIO = 3;
const LATER_GAP = 0.3;
const CERTAIN_Z = 4;
const LEAST_LEADS = 100;
const LEAST_OF_EACH = 20;

const share = (flags: readonly boolean[]): number => (flags.length === 0 ? 0 : flags.filter(Boolean).length / flags.length);

/** Whether two shares differ by more than chance, by the test of two proportions. */
function certain(a: number, countA: number, b: number, countB: number): boolean {
  const pooled = (a * countA + b * countB) / (countA + countB);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / countA + 1 / countB));
  return error > 0 && Math.abs(a - b) / error > CERTAIN_Z;
}

/** AUC of one field alone: each half of the leads is scored by the win rates of its values in the other half, so that it cannot flatter itself. */
export function aloneAuc(column: FieldColumn, won: readonly boolean[]): number | null {
  const features = featuresOf(column);
  if (features.length === 0) return null;
  const { rows } = encode([column], features);
  const base = share(won);
  const tallies = [new Map<number, [number, number]>(), new Map<number, [number, number]>()];
  rows.forEach((row, lead) => {
    const tally = tallies[lead % 2];
    const [leads, wins] = tally?.get(row[0] ?? -1) ?? [0, 0];
    tally?.set(row[0] ?? -1, [leads + 1, wins + (won[lead] ? 1 : 0)]);
  });
  const scores = rows.map((row, lead) => {
    const [leads, wins] = tallies[1 - (lead % 2)]?.get(row[0] ?? -1) ?? [0, 0];
    return (wins + base * 10) / (leads + 10);
  });
  return aucOf(scores, won)?.auc ?? null;
}

type Finding = Pick<Leak, 'reason' | 'a' | 'b'>;

/** What the values of one field say about leads that came the same way, oldest first; null = nothing. */
function findingOf(column: FieldColumn, won: readonly boolean[]): Finding | null {
  const wins = won.filter(Boolean).length;
  if (won.length < LEAST_LEADS || wins < LEAST_OF_EACH || won.length - wins < LEAST_OF_EACH) return null;
  const alone = aloneAuc(column, won);
  if (alone !== null && alone >= NEAR_PERFECT) return { reason: 'NEAR_PERFECT', a: alone, b: null };
  const filled = column.values.map((value) => value !== null);
  const ofWon = share(filled.filter((_, index) => won[index]));
  const ofLost = share(filled.filter((_, index) => !won[index]));
  const [more, less] = [Math.max(ofWon, ofLost), Math.min(ofWon, ofLost)];
  if (more - less >= FILL_GAP && more >= FILL_RATIO * less && certain(ofWon, wins, ofLost, won.length - wins))
    return { reason: 'FILLED_BY_OUTCOME', a: ofWon, b: ofLost };
  const third = Math.floor(won.length / 3);
  const oldest = share(filled.slice(0, third));
  const newest = share(filled.slice(-third));
  return oldest - newest >= LATER_GAP && oldest >= LATER_RATIO * newest && certain(oldest, third, newest, third)
    ? { reason: 'FILLED_LATER', a: oldest, b: newest }
    : null;
}

/**
 * Fields that should not be in a model, each with the first reason found: written mostly after the first contact; nearly perfect alone;
 * filled for won leads far more often than for lost ones (or the other way round); filled for the oldest leads and hardly for the newest,
 * so that it comes long after the capture. All but the first are asked of leads that came the same way: two files know different fields,
 * and that is no leak.
 * @param columns facts over leads in order of capture, oldest first
 * @param written per field when its values were set, where the history tells
 * @param origins per lead the way it came (its import); absent = all the same
 */
export function findLeaks(
  columns: readonly FieldColumn[],
  won: readonly boolean[],
  written: ReadonlyMap<string, WrittenWhen>,
  origins: readonly number[] = [],
): readonly Leak[] {
  const groups = [...new Set(won.map((_, index) => origins[index] ?? 0))].map((origin) =>
    won.flatMap((_, index) => ((origins[index] ?? 0) === origin ? [index] : [])),
  );
  return columns.flatMap((column): Leak[] => {
    const { field } = column;
    const when = written.get(field);
    const all = (when?.before ?? 0) + (when?.after ?? 0);
    if (when && when.after >= LEAST_WRITTEN && when.after / all >= MOSTLY)
      return [{ field, reason: 'WRITTEN_AFTER_CONTACT', a: when.after / all, b: null }];
    for (const group of groups) {
      const own = { ...column, values: group.map((index) => column.values[index] ?? null) };
      const finding = findingOf(
        own,
        group.map((index) => won[index] === true),
      );
      if (finding) return [{ field, ...finding }];
    }
    return [];
  });
}
