import { ceilOver, isExact } from './exact';
import { UNITS } from './units';

/** What somebody, or everybody together, has received (in `UNITS` of a lead) and his weight: whole numbers. */
export interface Part {
  readonly given: number;
  readonly weight: number;
}

/**
 * In how many leads from now he must have received his next `count` ones, so as not to be a whole lead short. Without a weight nothing is ever
 * due. The weights may be of any size.
 */
export function dueIn(own: Part, all: Part, count: number): number {
  if (own.weight <= 0) return Number.POSITIVE_INFINITY;
  const over = own.weight * UNITS;
  return isExact(over) ? ceilOver(own.given + count * UNITS, all.weight, all.given, own.weight, over) : exactlyDueIn(own, all, count);
}

/** The same by big integers alone: what the quick ways are measured against. */
export function exactlyDueIn(own: Part, all: Part, count: number): number {
  const owed = BigInt(own.given + count * UNITS) * BigInt(all.weight) - BigInt(all.given) * BigInt(own.weight);
  const over = BigInt(own.weight) * BigInt(UNITS);
  return Number(owed / over + (owed % over > 0n ? 1n : 0n));
}

/** ⌈owed/over⌉ · over − owed, where that quotient is `first`: how far the next deadline is rounded up. */
function roundedUp(own: Part, all: Part, first: number, over: number): number {
  const one = (own.given + UNITS) * all.weight;
  const other = all.given * own.weight;
  if (isExact(one) && isExact(other) && isExact(first * over)) return first * over - (one - other);
  const owed = BigInt(own.given + UNITS) * BigInt(all.weight) - BigInt(all.given) * BigInt(own.weight);
  return Number(BigInt(first) * BigInt(over) - owed);
}

/** Counts in `due` by when each of his next leads is due, as far as the list goes; `first` is when the next one is. */
export function countDue(due: Int32Array, own: Part, all: Part, first: number): void {
  const places = due.length - 1;
  if (first > places) return;
  const over = own.weight * UNITS;
  if (!isExact(over)) {
    for (let count = 1, at = first; at <= places; count += 1, at = exactlyDueIn(own, all, count)) due[at] = (due[at] ?? 0) + 1;
    return;
  }
  // From one deadline to the next it is so many whole leads and a part, which adds up until it makes one more.
  const whole = Math.floor(all.weight / own.weight);
  const part = (all.weight % own.weight) * UNITS;
  for (let at = first, rest = roundedUp(own, all, first, over); at <= places;) {
    due[at] = (due[at] ?? 0) + 1;
    at += part > rest ? whole + 1 : whole;
    rest += part > rest ? over - part : -part;
  }
}
