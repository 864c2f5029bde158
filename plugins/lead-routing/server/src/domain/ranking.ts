import type { RoutingRule } from '../../../contracts';
import type { Person, RoutedLead } from './facts';
import { customRanking } from './extensions';
import { knows } from './filters';
import type { Seat } from './seats';
import { compareProducts } from './exact';
import { chooseWeighted, firstBy, levelOf, UNITS, type Choice } from './share';
import { WEIGHT_PARTS } from './weight';

/** A person who could have the lead, with what the rankings look at. */
export interface Contender {
  readonly person: Person;
  readonly seat: Seat;
  /** Open leads against his own capacity, hundredths. */
  readonly load: number;
}

export interface RankContext {
  /** Those who take part now; fairness is among them. */
  readonly peers: readonly Contender[];
  /** Leads of this grade given out in this batch, per person. */
  readonly stratum: ReadonlyMap<number, number> | undefined;
  readonly lastTaken: number | null;
}

const freeShare = (capacity: number | null, load: number): number =>
  capacity === null ? 1 : capacity === 0 ? -1 : (capacity * 100 - load) / (capacity * 100);

/** R-57 `most_free_capacity`: largest (limit − load)/limit, exact between two limits; no limit counts as all free. */
function compareFree(a: Contender, b: Contender): number {
  const [own, other] = [a.person.capacity, b.person.capacity];
  if (!own || !other) return freeShare(other, b.load) - freeShare(own, a.load);
  return compareProducts(other * 100 - b.load, own, own * 100 - a.load, other);
}

/** R-57 `quality_balanced`: smallest value received / weight, by cross-multiplication. */
const compareValue = (a: Seat, b: Seat): number => compareProducts(a.given, b.weight, b.given, a.weight);

/** R-57 `best_fit`: points for each field of the lead whose value is one of the person's skills. */
export const fitPoints = (rule: Pick<RoutingRule, 'fit'>, person: Person, lead: RoutedLead): number =>
  rule.fit.reduce((sum, { skill, from, points }) => {
    const value = lead.values[from];
    return value && value.trim() !== '' && knows(person, skill || from, value) ? sum + points : sum;
  }, 0);

/** The seat with who sits on it, as the tie-breaks of R-68 want it. */
const flat = (contender: Contender): Contender & Pick<Seat, 'id' | 'last' | 'place'> => ({
  ...contender,
  id: contender.seat.id,
  last: contender.seat.last,
  place: contender.seat.place,
});

/** The best of `eligible` by the ranking of the rule, with what decided between equals. */
export function rank(rule: RoutingRule, eligible: readonly Contender[], lead: RoutedLead, context: RankContext): Choice | null {
  const [only] = eligible;
  if (!only) return null;
  if (eligible.length === 1) return { id: only.seat.id, tie: 'rank' };
  const seats = eligible.map(({ seat }) => seat);
  switch (rule.ranking) {
    case 'least-recent':
      return firstBy(seats, (a, b) => a.last - b.last);
    case 'most-free-capacity':
      return firstBy(eligible.map(flat), compareFree);
    case 'quality-balanced':
      return firstBy(seats, compareValue);
    case 'best-fit': {
      const points = new Map(eligible.map(({ person }) => [person.id, fitPoints(rule, person, lead)]));
      const best = Math.max(...points.values());
      const top = seats.filter(({ id }) => (points.get(id) ?? 0) >= best - rule.fitTolerance);
      return firstBy(top, (a, b) => a.last - b.last);
    }
    case 'weighted':
    case 'count-in-period':
    case 'performance-weighted':
      return chooseWeighted(
        context.peers.map(({ seat }) => seat),
        seats,
        {
          ...(context.stratum ? { stratum: context.stratum } : {}),
          ...(rule.catchUp === 'capped' ? { capped: { last: context.lastTaken } } : {}),
        },
      );
    default: {
      // Of a ranking whose plugin is gone everybody is equal: whoever has waited longest gets it.
      const method = customRanking(rule);
      const values = new Map(eligible.map((one) => [one.person.id, method?.rank(one, lead, rule.rankingParams) ?? 0]));
      return firstBy(seats, (a, b) => compare(values.get(a.id) ?? 0, values.get(b.id) ?? 0));
    }
  }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** The number a candidate is shown with; smaller is better. */
export function rankNumber(rule: RoutingRule, contender: Contender, lead: RoutedLead, base: number): number | null {
  const { person, seat, load } = contender;
  switch (rule.ranking) {
    case 'most-free-capacity':
      return Math.round((1 - freeShare(person.capacity, load)) * 1e4) / 1e4;
    case 'least-recent':
      return seat.last;
    case 'best-fit':
      return -fitPoints(rule, person, lead);
    case 'quality-balanced':
      return seat.parts > 0 ? Math.round(((seat.given + base * seat.weight) / UNITS / (seat.parts / WEIGHT_PARTS)) * 1e4) / 1e4 : null;
    case 'weighted':
    case 'count-in-period':
    case 'performance-weighted':
      return seat.parts > 0 ? levelOf(seat.given + base * seat.weight, seat.parts, WEIGHT_PARTS) : null;
    default:
      return customRanking(rule)?.rank(contender, lead, rule.rankingParams) ?? null;
  }
}
