/** How many leads of a segment have a value. */
export interface ValueCount {
  readonly value: number;
  readonly leads: number;
}

/** With fewer leads than this a place among them says nothing: stars and flames go by points. */
export const LEAST_PLACED = 30;

const STARS: readonly { readonly from: number; readonly share: number; readonly stars: number }[] = [
  { from: 80, share: 0.9, stars: 5 },
  { from: 60, share: 0.7, stars: 4 },
  { from: 40, share: 0.4, stars: 3 },
  { from: 20, share: 0.15, stars: 2 },
];
const FLAMES: readonly { readonly from: number; readonly share: number; readonly flames: number }[] = [
  { from: 20, share: 0.9, flames: 3 },
  { from: 10, share: 0.6, flames: 2 },
];

/** Per value the part of the leads below it, those with the same value counted half (mid-rank). */
export function places(counts: readonly ValueCount[]): ReadonlyMap<number, number> {
  const all = counts.reduce((sum, { leads }) => sum + leads, 0);
  let below = 0;
  return new Map(
    [...counts]
      .sort((a, b) => a.value - b.value)
      .map(({ value, leads }) => {
        const place = (below + leads / 2) / all;
        below += leads;
        return [value, place] as const;
      }),
  );
}

const total = (counts: readonly ValueCount[]): number => counts.reduce((sum, { leads }) => sum + leads, 0);

/** Stars per score: 5 for the best tenth down to 1. */
export function starsOf(counts: readonly ValueCount[]): ReadonlyMap<number, number> {
  const ranked = total(counts) >= LEAST_PLACED ? places(counts) : null;
  return new Map(
    counts.map(({ value }) => [
      value,
      STARS.find(({ from, share }) => (ranked ? (ranked.get(value) ?? 0) >= share : value >= from))?.stars ?? 1,
    ]),
  );
}

/** Flames per rise of the score over a week: 3 for the steepest tenth of those that rose, none for a lead that did not. */
export function flamesOf(counts: readonly ValueCount[]): ReadonlyMap<number, number> {
  const rising = counts.filter(({ value }) => value > 0);
  const ranked = total(rising) >= LEAST_PLACED ? places(rising) : null;
  const hot = (value: number): number =>
    FLAMES.find(({ from, share }) => (ranked ? (ranked.get(value) ?? 0) >= share : value >= from))?.flames ?? 1;
  return new Map(counts.map(({ value }) => [value, value > 0 ? hot(value) : 0]));
}
