import type { TieBreak } from '../../../contracts';
import { countDue, dueIn } from './deadlines';
import { compareProducts, floorOver } from './exact';
import { UNITS } from './units';

export { UNITS } from './units';
const HALF = UNITS / 2;
/** The look-ahead ends here; reached only with weights that differ more than a thousandfold. */
const MAX_HORIZON = 5000;

/** A person in a group: his weight and what he has received so far, start level included. */
export interface Share {
  readonly id: number;
  /** Whole number; only its ratio to the others' counts. */
  readonly weight: number;
  /** In `UNITS` of a lead. */
  readonly given: number;
  /** Rank of his last lead of this group among all; 0 = never. */
  readonly last: number;
  /** Position in the list of the rule. */
  readonly place: number;
}

export interface Choice {
  readonly id: number;
  readonly tie: TieBreak;
}

export interface WeightedOptions {
  /** R-58 `capped`: who is more than one lead behind gets at most every second one. */
  readonly capped?: { readonly last: number | null };
  /** Leads of the same grade given out in this batch, per person. */
  readonly stratum?: ReadonlyMap<number, number>;
}

interface Pool {
  readonly shares: readonly Share[];
  readonly weight: number;
  readonly given: number;
}

function poolOf(shares: readonly Share[]): Pool {
  let [weight, given] = [0, 0];
  for (const share of shares) {
    weight += share.weight;
    given += share.given;
  }
  return { shares, weight, given };
}

/** One more lead keeps him below his entitlement plus one. */
const mayHave = (share: Share, pool: Pool): boolean => compareProducts(share.given, pool.weight, share.weight, pool.given + UNITS) < 0;

/**
 * Those of whom one must be next, because leads they are owed fill all the places up to some lead from now; null = anybody.
 * (Unit jobs with deadlines: feasible as long as no prefix has more jobs than places.)
 */
function mustBeNext(pool: Pool): ((share: Share) => boolean) | null {
  const within =
    (places: number) =>
    (share: Share): boolean =>
      dueIn(share, pool, 1) <= places;
  const first: number[] = [];
  let horizon = 0;
  for (const share of pool.shares) {
    const due = dueIn(share, pool, 1);
    if (due <= 1) return within(1);
    first.push(due);
    if (share.weight > 0) horizon = Math.max(horizon, dueIn(share, pool, 0));
  }
  const due = new Int32Array(Math.min(MAX_HORIZON, horizon) + 1);
  pool.shares.forEach((share, index) => countDue(due, share, pool, first[index] ?? Number.POSITIVE_INFINITY));
  for (let place = 1, jobs = 0; place < due.length; place += 1) {
    jobs += due[place] ?? 0;
    if (jobs >= place) return within(place);
  }
  return null;
}

const orAll = <Item>(items: readonly Item[], keep: (item: Item) => boolean): readonly Item[] => {
  const kept = items.filter(keep);
  return kept.length > 0 ? kept : items;
};

/** rank value → least recent → list → id. `rank` compares two candidates by the ranking alone. */
export function firstBy<Item extends Pick<Share, 'id' | 'last' | 'place'>>(
  items: readonly Item[],
  rank: (a: Item, b: Item) => number,
): Choice | null {
  const steps: readonly [TieBreak, (a: Item, b: Item) => number][] = [
    ['rank', rank],
    ['least-recent', (a, b) => a.last - b.last],
    ['list', (a, b) => a.place - b.place],
    ['id', (a, b) => a.id - b.id],
  ];
  let left = items;
  for (const [tie, compare] of steps) {
    const best = left.reduce<Item | null>((found, item) => (found === null || compare(item, found) < 0 ? item : found), null);
    if (best === null) return null;
    left = left.filter((item) => compare(item, best) === 0);
    if (left.length === 1) return { id: best.id, tie };
  }
  const [only] = left;
  return only ? { id: only.id, tie: 'id' } : null;
}

/** smallest (n + off + ½)/w, compared as fractions by cross-multiplication. */
export const compareLevel = (a: Share, b: Share): number => compareProducts(a.given + HALF, b.weight, b.given + HALF, a.weight);

/** The number by which R-57 orders, for people to read: what was given in `UNITS`, per `whole` parts of a weight. */
export const levelOf = (given: number, weight: number, whole: number): number =>
  Math.round((((given + HALF) / UNITS) * whole * 1e4) / weight) / 1e4;

/** The same bound as for all leads, for those of one grade. */
function mayHaveGrade(pool: Pool, stratum: ReadonlyMap<number, number>): (share: Share) => boolean {
  let total = 0;
  for (const share of pool.shares) total += stratum.get(share.id) ?? 0;
  return (share) => compareProducts(stratum.get(share.id) ?? 0, pool.weight, share.weight, total + 1) < 0;
}

const isBehind = (share: Share, pool: Pool): boolean => compareProducts(share.weight, pool.given, share.given + UNITS, pool.weight) >= 0;

/**
 * The weighted fair choice among `eligible`, which are members of `available` (the same objects): those who take part now and
 * between whom it has to be fair. Smallest (n + off + ½)/w wins, but only among those whose entitlement allows or demands it, so that at every moment everybody is
 * within one lead of his entitlement, whatever the weights (the plain rule gives weights 100:1:1:… fifty in a row to the first).
 */
export function chooseWeighted(available: readonly Share[], eligible: readonly Share[], options: WeightedOptions = {}): Choice | null {
  if (eligible.length === 0) return null;
  const pool = poolOf(available);
  const must = mustBeNext(pool);
  let left = orAll(eligible, (share) => mayHave(share, pool));
  if (must) left = orAll(left, must);
  const { capped, stratum } = options;
  if (stratum && left.length > 1) left = orAll(left, mayHaveGrade(pool, stratum));
  if (capped) {
    const resting = eligible.find((share) => share.id === capped.last && isBehind(share, pool));
    if (resting) left = orAll(left.filter((share) => share !== resting).length > 0 ? left : eligible, (share) => share !== resting);
  }
  return firstBy(left, compareLevel);
}

/**
 * R-58 `none`: raises those who take no part to the common level of those who do (Σ given / Σ weight, times their own weight), so that time
 * away earns nothing and they come back exactly on their entitlement; the lowest level instead of the common one would hand a heavy
 * weight several leads whenever a light one has not had its first. Nobody is ever lowered, and the others stay where they are.
 * Returns the new `given` of those who change.
 */
export function raiseAbsent(shares: readonly Share[], takesPart: (id: number) => boolean): ReadonlyMap<number, number> {
  const present = poolOf(shares.filter((share) => takesPart(share.id)));
  const raised = new Map<number, number>();
  if (present.weight === 0) return raised;
  for (const share of shares) {
    if (takesPart(share.id)) continue;
    const level = floorOver(present.given, share.weight, present.weight);
    if (level > share.given) raised.set(share.id, level);
  }
  return raised;
}

/** The whole level everybody has reached: taken off before comparing, so that numbers stay small however long the group lives. */
export function commonLevel(shares: readonly Pick<Share, 'given' | 'weight'>[]): number {
  const levels = shares.filter((share) => share.weight > 0).map((share) => Math.floor(share.given / share.weight));
  return levels.length === 0 ? 0 : Math.min(...levels);
}
