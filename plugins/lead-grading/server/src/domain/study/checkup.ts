/** What one rule gave each decided lead, zero when it did not hold. */
export interface RuleColumn {
  readonly key: string;
  readonly axis: 'fit' | 'intent' | 'engagement';
  readonly points: readonly number[];
  /** How often it held, or was matched, in the last ninety days over all leads. */
  readonly recent: number;
}

export const VERDICTS = ['DEAD', 'INVERTED', 'LEAKING', 'WEAK'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface RuleCheck {
  readonly key: string;
  readonly axis: RuleColumn['axis'];
  readonly recent: number;
  /** Decided leads for which it held, and their win rate beside that of the others. */
  readonly leads: number;
  readonly rate: number;
  readonly otherRate: number;
  readonly verdicts: readonly Verdict[];
}

export interface Pair {
  readonly a: string;
  readonly b: string;
  /** Correlation of holding, -1 to 1. */
  readonly phi: number;
}

const CERTAIN_Z = 2.6;
const LEAST_LEADS = 30;
const COLLINEAR = 0.9;
const WEAK_GAP = 0.02;

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.length < 2 ? 0 : values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};

/** How many standard errors the won leads got more points than the lost ones (Welch); negative = the rule works the wrong way. */
export function directionOf(points: readonly number[], won: readonly boolean[]): number {
  const wins = points.filter((_, index) => won[index]);
  const losses = points.filter((_, index) => !won[index]);
  if (wins.length < 2 || losses.length < 2) return 0;
  const error = Math.sqrt(variance(wins) / wins.length + variance(losses) / losses.length);
  return error === 0 ? 0 : (mean(wins) - mean(losses)) / error;
}

/** One rule against outcomes: dead (held for nobody lately), inverted (gives more to leads that are lost), weak (makes no difference). */
export function checkRule(rule: RuleColumn, won: readonly boolean[], leaking: ReadonlySet<string>): RuleCheck {
  const held = rule.points.map((points) => points !== 0);
  const rateOf = (flag: boolean): number => mean(won.filter((_, index) => held[index] === flag).map(Number));
  const leads = held.filter(Boolean).length;
  const [rate, otherRate] = [rateOf(true), rateOf(false)];
  const enough = leads >= LEAST_LEADS && held.length - leads >= LEAST_LEADS;
  const inverted = enough && directionOf(rule.points, won) < -CERTAIN_Z;
  const weak = enough && !inverted && Math.abs(rate - otherRate) < WEAK_GAP && Math.abs(directionOf(rule.points, won)) < CERTAIN_Z;
  return {
    key: rule.key,
    axis: rule.axis,
    recent: rule.recent,
    leads,
    rate,
    otherRate,
    verdicts: [
      ...(rule.recent === 0 ? (['DEAD'] as const) : []),
      ...(inverted ? (['INVERTED'] as const) : []),
      ...(leaking.has(rule.key) ? (['LEAKING'] as const) : []),
      ...(weak ? (['WEAK'] as const) : []),
    ],
  };
}

/** Rules that hold for the same leads, or one exactly where the other does not: together they count one thing twice. */
export function collinearPairs(rules: readonly RuleColumn[]): readonly Pair[] {
  const held = rules.map((rule) => rule.points.map((points) => (points === 0 ? 0 : 1)));
  const spread = held.map((flags) => Math.sqrt(variance(flags)));
  const centres = held.map(mean);
  const pairs: Pair[] = [];
  for (let a = 0; a < rules.length; a += 1) {
    for (let b = a + 1; b < rules.length; b += 1) {
      const [first, second] = [held[a] ?? [], held[b] ?? []];
      const scale = (spread[a] ?? 0) * (spread[b] ?? 0) * (first.length - 1);
      if (scale <= 0) continue;
      const together = first.reduce(
        (sum: number, flag, index) => sum + (flag - (centres[a] ?? 0)) * ((second[index] ?? 0) - (centres[b] ?? 0)),
        0,
      );
      const phi = together / scale;
      if (Math.abs(phi) >= COLLINEAR) pairs.push({ a: rules[a]?.key ?? '', b: rules[b]?.key ?? '', phi });
    }
  }
  return pairs;
}

/** Population stability index of two distributions over the same bins: below 0.1 the same, above 0.25 another population. */
export function stability(before: readonly number[], after: readonly number[]): number | null {
  const [all, now] = [before.reduce((sum, count) => sum + count, 0), after.reduce((sum, count) => sum + count, 0)];
  if (all < LEAST_LEADS || now < LEAST_LEADS) return null;
  return before.reduce((sum, count, index) => {
    const expected = Math.max(count / all, 0.0005);
    const actual = Math.max((after[index] ?? 0) / now, 0.0005);
    return sum + (actual - expected) * Math.log(actual / expected);
  }, 0);
}
