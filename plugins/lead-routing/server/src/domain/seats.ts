import type { CandidateRef, ShareFacts } from './facts';
import type { RoutingRule } from '../../../contracts';
import { commonDivisor, floorOver } from './exact';
import { commonLevel, raiseAbsent, UNITS, type Share } from './share';

/**
 * A person's place in a group while a batch is decided. `given` counts from the group's common level, and `weight` is what is left of the weight
 * when those of the group are divided by what they have in common: 1, 2 and 0.5 are 2, 4 and 1, so that numbers stay small.
 */
export interface Seat extends Share {
  /** The weight itself, in whole parts (`WEIGHT_PARTS`). */
  readonly parts: number;
  given: number;
  last: number;
  /** Leads received in this batch (their value, where value is balanced). */
  taken: number;
  readonly lastAt: Date | null;
  /** False for those who are in the ledger but not (any more) in the rule. */
  readonly listed: boolean;
  /** What was read; `given` null = new in the group. */
  readonly facts: Pick<ShareFacts, 'given' | 'counted' | 'weight'>;
}

export interface Seats {
  readonly byId: ReadonlyMap<number, Seat>;
  /** Common level that was taken off: `given + base × weight` is what a person has received in all. */
  readonly base: number;
}

export interface SeatChange {
  readonly group: string;
  readonly member: number;
  /** Start level in units: what he counts as having received beyond his ledger lines. */
  readonly offset: number;
  /** In whole parts. */
  readonly weight: number;
}

/** Keeps the level of a person whose weight was changed: only leads from now on follow the new weight. */
const rebased = (given: number, from: number | null, to: number): number =>
  from !== null && from > 0 && to > 0 && from !== to ? floorOver(given, to, from) : given;

/** Seats of everybody who is or was in the group; new people start level with the others unless the rule says otherwise. */
export function seatsOf(facts: readonly ShareFacts[], candidates: readonly CandidateRef[], rule: Pick<RoutingRule, 'catchUp'>): Seats {
  const refs = new Map(candidates.map((ref) => [ref.id, ref]));
  const partsOf = (fact: ShareFacts): number => refs.get(fact.id)?.weight ?? fact.weight ?? 0;
  const divisor = commonDivisor(facts.map(partsOf));
  const seats = facts.map((fact): Seat => {
    const ref = refs.get(fact.id);
    const parts = partsOf(fact);
    return {
      id: fact.id,
      weight: parts / divisor,
      parts,
      given: rebased(fact.given ?? fact.counted * UNITS, fact.weight, parts),
      last: fact.last,
      place: ref?.place ?? Number.MAX_SAFE_INTEGER,
      taken: 0,
      lastAt: fact.lastAt ?? null,
      listed: ref !== undefined,
      facts: fact,
    };
  });
  if (rule.catchUp === 'none') {
    const known = new Set(seats.filter((seat) => seat.listed && seat.facts.given !== null).map((seat) => seat.id));
    const raised = raiseAbsent(seats, (id) => known.has(id));
    for (const seat of seats) if (seat.facts.given === null) seat.given = raised.get(seat.id) ?? seat.given;
  }
  const base = commonLevel(seats.filter((seat) => seat.listed));
  for (const seat of seats) seat.given -= base * seat.weight;
  return { byId: new Map(seats.map((seat) => [seat.id, seat])), base };
}

/** A seat for somebody who is only asked for this lead (the owner of its account …) and has no part in the group's shares. */
export const guestSeat = ({ id, weight, place }: CandidateRef): Seat => ({
  id,
  weight,
  parts: weight,
  given: 0,
  last: 0,
  place,
  taken: 0,
  lastAt: null,
  listed: false,
  facts: { given: null, counted: 0, weight: null },
});

/** Start levels to store after a batch: new people, changed weights, and those who took no part (R-58 `none`). */
export function settleSeats(
  group: string,
  seats: Seats,
  rule: Pick<RoutingRule, 'catchUp'>,
  takesPart: (seat: Seat) => boolean,
): readonly SeatChange[] {
  const all = [...seats.byId.values()];
  const present = new Set(all.filter((seat) => seat.listed && takesPart(seat)).map((seat) => seat.id));
  const raised = rule.catchUp === 'none' ? raiseAbsent(all, (id) => present.has(id)) : new Map<number, number>();
  return all.flatMap((seat) => {
    const given = (raised.get(seat.id) ?? seat.given) + seats.base * seat.weight;
    const offset = given - (seat.facts.counted + seat.taken) * UNITS;
    const before = seat.facts.given === null ? null : seat.facts.given - seat.facts.counted * UNITS;
    return offset === before && seat.parts === seat.facts.weight ? [] : [{ group, member: seat.id, offset, weight: seat.parts }];
  });
}
