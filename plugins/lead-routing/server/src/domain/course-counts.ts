import type { PlannedCap } from './facts';

export type PeriodOf = (per: 'day' | 'week' | 'month', at: Date, member: number | null) => string;

/** From a moment on somebody has more, or less, of each load. */
interface Change {
  readonly at: number;
  readonly member: number;
  readonly by: 1 | -1;
  readonly weights: ReadonlyMap<string, number>;
}

/** Changes that are still to come, the earliest first: a binary heap. */
class Coming {
  private readonly heap: Change[] = [];

  get first(): Change | undefined {
    return this.heap[0];
  }

  push(change: Change): void {
    const { heap } = this;
    let place = heap.length;
    for (let up = (place - 1) >> 1; place > 0; place = up, up = (place - 1) >> 1) {
      const above = heap[up];
      if (!above || above.at <= change.at) break;
      heap[place] = above;
    }
    heap[place] = change;
  }

  pop(): Change | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      if (!left) break;
      const isRight = right !== undefined && right.at < left.at;
      const least = isRight ? right : left;
      if (least.at >= last.at) break;
      heap[place] = least;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
    return first;
  }
}

/**
 * What everybody holds of each load at a moment, in hundredths: a sum that moves on with time, so that asking again costs only what began and ended in
 * between. It also goes back: the hour of leads of which nothing is kept is decided at its end, a change set within it after that.
 */
export class OpenLoads {
  private readonly sums = new Map<string, Map<number, number>>();
  private readonly past: Change[] = [];
  private readonly coming = new Coming();
  private now = Number.NEGATIVE_INFINITY;

  /** Holds it from an instant (ms), that included, to another, that excluded; null = for good. */
  add(member: number, from: number, to: number | null, weights: ReadonlyMap<string, number>): void {
    if (weights.size === 0 || (to !== null && to <= from)) return;
    this.put({ at: from, member, by: 1, weights });
    if (to !== null) this.put({ at: to, member, by: -1, weights });
  }

  /** By load and member. */
  at(instant: number): ReadonlyMap<string, ReadonlyMap<number, number>> {
    for (let next = this.coming.first; next && next.at <= instant; next = this.coming.first) {
      this.coming.pop();
      this.past.push(next);
      this.count(next, next.by);
    }
    for (let last = this.past.at(-1); last && last.at > instant; last = this.past.at(-1)) {
      this.past.pop();
      this.coming.push(last);
      this.count(last, -last.by);
    }
    this.now = instant;
    return this.sums;
  }

  private put(change: Change): void {
    if (change.at > this.now) return this.coming.push(change);
    // What is added has mostly just begun: its place is near the end.
    let place = this.past.length;
    while (place > 0 && (this.past[place - 1]?.at ?? 0) > change.at) place -= 1;
    this.past.splice(place, 0, change);
    this.count(change, change.by);
  }

  private count({ member, weights }: Change, by: number): void {
    for (const [load, weight] of weights) {
      const members = this.sums.get(load) ?? new Map<number, number>();
      this.sums.set(load, members);
      members.set(member, (members.get(member) ?? 0) + by * weight);
    }
  }
}

/** Where in an ascending list the first number that is not less stands. */
function placeIn(list: readonly number[], least: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of one moment: the name of each period is asked for once. */
export function onceEach(periodOf: PeriodOf): PeriodOf {
  const names = new Map<string, Map<number | null, string>>();
  return (per, at, member) => {
    const known = names.get(per) ?? new Map<number | null, string>();
    names.set(per, known);
    const name = known.get(member) ?? periodOf(per, at, member);
    known.set(member, name);
    return name;
  };
}

/** Of one cap: how many each member received by period, or when he received them where the window rolls. */
interface Tally {
  readonly cap: PlannedCap;
  readonly periods: Map<number, Map<string, number>>;
  readonly instants: Map<number, number[]>;
}

/** What counts in caps, counted when it is given: by period, or as instants in order where the window rolls. */
export class CapUses {
  private readonly tallies: readonly Tally[];
  /** Which caps a rule counts in. */
  private readonly byBase = new Map<string, readonly Tally[]>();

  constructor(
    caps: ReadonlyMap<string, PlannedCap>,
    private readonly periodOf: PeriodOf,
  ) {
    this.tallies = [...caps.values()].map((cap) => ({ cap, periods: new Map(), instants: new Map() }));
  }

  /** A rule (its ledger without period and destination) gave somebody a lead. */
  add(base: string, member: number, at: Date): void {
    const tallies = this.byBase.get(base) ?? this.tallies.filter(({ cap }) => cap.scope === 'person' || cap.id.startsWith(`rule:${base}:`));
    this.byBase.set(base, tallies);
    for (const { cap, periods, instants } of tallies) {
      if (cap.per === 'rolling') {
        const list = instants.get(member) ?? [];
        instants.set(member, list);
        const last = list.at(-1);
        if (last === undefined || last <= at.getTime()) list.push(at.getTime());
        else list.splice(placeIn(list, at.getTime()), 0, at.getTime());
        continue;
      }
      const counts = periods.get(member) ?? new Map<string, number>();
      periods.set(member, counts);
      const period = this.periodOf(cap.per, at, member);
      counts.set(period, (counts.get(period) ?? 0) + 1);
    }
  }

  /**
   * How many everybody has of each cap in the period, or the window, that a moment lies in.
   * @param periodOf the same as all the time; it may remember its answers for this moment
   */
  at(instant: Date, periodOf: PeriodOf = this.periodOf): ReadonlyMap<string, ReadonlyMap<number, number>> {
    return new Map(this.tallies.map((tally) => [tally.cap.id, this.usedOf(tally, instant, periodOf)]));
  }

  private usedOf({ cap, periods, instants }: Tally, instant: Date, periodOf: PeriodOf): ReadonlyMap<number, number> {
    const { per, seconds } = cap;
    if (per === 'rolling') {
      const since = instant.getTime() - seconds * 1000;
      return new Map([...instants].map(([member, list]) => [member, list.length - placeIn(list, since)]));
    }
    return new Map([...periods].map(([member, counts]) => [member, counts.get(periodOf(per, instant, member)) ?? 0]));
  }
}
