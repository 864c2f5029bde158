import type { CandidateReason, RoutingRule } from '../../../contracts';
import { leadReasons, personReasons } from './filters';
import type { CandidateRef, Person, PlannedRule, RoutedLead, World } from './facts';
import { seatsOf, settleSeats, type Seat, type SeatChange, type Seats } from './seats';
import { chooseWeighted, firstBy, levelOf, UNITS, type Choice } from './share';

/** A row of the candidate table, before it is stored. */
export interface Candidate {
  readonly member: number;
  readonly reasons: readonly CandidateReason[];
  readonly rank: number | null;
}

interface Group {
  readonly rule: RoutingRule;
  readonly seats: Seats;
  /** Leads of this batch per grade and person. */
  readonly strata: Map<string, Map<number, number>>;
  lastTaken: number | null;
}

export interface Found {
  readonly candidates: readonly Candidate[];
  readonly choice: Choice | null;
  /** When the first of those opens who are only off shift; null = something else is in the way. */
  readonly opensAt: Date | null;
}

/** The running state of a batch: who has what by now. Filled from facts once, moved on by every lead that is given. */
export interface Board {
  find(planned: PlannedRule, candidates: readonly CandidateRef[], lead: RoutedLead, excluded: ReadonlySet<number>): Found;
  take(group: string, member: number, lead: RoutedLead): void;
  /** A lead is taken from this person. */
  leave(member: number): void;
  /** Start levels to store when all leads are given. */
  changes(): readonly SeatChange[];
}

const freeShare = (capacity: number | null, load: number): number =>
  capacity === null ? 1 : capacity === 0 ? -1 : (capacity - load) / capacity;

const NONE: readonly CandidateReason[] = [];

interface Loaded {
  readonly capacity: number | null;
  readonly load: number;
}

/** R-57 `most_free_capacity`: largest (limit − load)/limit, exact between two limits; no limit counts as all free. */
function compareFree(a: Loaded, b: Loaded): number {
  if (!a.capacity || !b.capacity) return freeShare(b.capacity, b.load) - freeShare(a.capacity, a.load);
  return (b.capacity - b.load) * a.capacity - (a.capacity - a.load) * b.capacity;
}

export function createBoard(world: World, now: Date): Board {
  const loads = new Map(world.loads);
  const groups = new Map<string, Group>();
  let turn = 1 + [...world.shares.values()].flat().reduce((latest, share) => Math.max(latest, share.last), 0);

  const loadOf = (id: number): number => loads.get(id) ?? 0;
  const opening = (person: Person): number => Math.max(now.getTime(), person.opensAt?.getTime() ?? Number.POSITIVE_INFINITY);

  const groupOf = (planned: PlannedRule, candidates: readonly CandidateRef[]): Group => {
    const known = groups.get(planned.group);
    if (known) return known;
    const seats = seatsOf(world.shares.get(planned.group) ?? [], candidates, planned.rule);
    const latest = [...seats.byId.values()].reduce<Seat | null>((last, seat) => (seat.last > (last?.last ?? 0) ? seat : last), null);
    const group: Group = { rule: planned.rule, seats, strata: new Map(), lastTaken: latest?.id ?? null };
    groups.set(planned.group, group);
    return group;
  };

  const usualReasons = ({ rule, seats }: Group, person: Person, weight: number): readonly CandidateReason[] => {
    const seat = seats.byId.get(person.id);
    const period = rule.periodCap ? { used: seat?.inPeriod ?? 0, max: rule.periodCap.max, endsAt: seat?.periodEnds ?? null } : null;
    return personReasons(person, rule.filters, { load: loadOf(person.id), period, weight }, now);
  };

  /** where a later opening counts, those on shift come first; when nobody is, whoever opens first. */
  const soonest = (people: readonly Person[], rule: RoutingRule): readonly Person[] => {
    if (typeof rule.filters.workingHours === 'string') return people;
    const first = people.reduce((least, person) => Math.min(least, opening(person)), Number.POSITIVE_INFINITY);
    return people.filter((person) => opening(person) === first);
  };

  const rankOf = ({ rule, seats }: Group, person: Person): number | null => {
    if (rule.ranking === 'most-free-capacity') return Math.round((1 - freeShare(person.capacity, loadOf(person.id))) * 1e4) / 1e4;
    const seat = seats.byId.get(person.id);
    if (!seat) return null;
    if (rule.ranking === 'least-recent') return seat.last;
    return seat.weight > 0 ? levelOf(seat.given + seats.base * seat.weight, seat.weight) : null;
  };

  const choose = (group: Group, takingPart: readonly Person[], eligible: readonly Person[], lead: RoutedLead): Choice | null => {
    const { rule, seats, strata, lastTaken } = group;
    const [only] = eligible;
    if (only && eligible.length === 1) return { id: only.id, tie: 'rank' };
    const seatOf = (person: Person): readonly Seat[] => {
      const seat = seats.byId.get(person.id);
      return seat ? [seat] : [];
    };
    switch (rule.ranking) {
      case 'least-recent':
        return firstBy(eligible.flatMap(seatOf), (a, b) => a.last - b.last);
      case 'most-free-capacity':
        return firstBy(
          eligible.flatMap((person) =>
            seatOf(person).map(({ id, last, place }) => ({ id, last, place, capacity: person.capacity, load: loadOf(id) })),
          ),
          compareFree,
        );
      case 'weighted': {
        const stratum = strata.get(lead.grade ?? '');
        return chooseWeighted(takingPart.flatMap(seatOf), eligible.flatMap(seatOf), {
          ...(stratum ? { stratum } : {}),
          ...(rule.catchUp === 'capped' ? { capped: { last: lastTaken } } : {}),
        });
      }
    }
  };

  const find: Board['find'] = (planned, candidates, lead, excluded) => {
    const group = groupOf(planned, candidates);
    const rows: Candidate[] = [];
    const takingPart: Person[] = [];
    const eligible: Person[] = [];
    let opensAt: Date | null = null;
    for (const { id, weight } of candidates) {
      const person = world.people.get(id);
      if (!person) continue;
      const usual = usualReasons(group, person, weight);
      const own = leadReasons(person, group.rule.filters, lead, excluded);
      if (usual.length === 0) takingPart.push(person);
      if (usual.length + own.length === 0) eligible.push(person);
      const onlyShift = own.length === 0 && usual.length === 1 && usual[0]?.code === 'OFF_SHIFT';
      if (onlyShift && person.opensAt !== null && (opensAt === null || person.opensAt.getTime() < opensAt.getTime()))
        opensAt = person.opensAt;
      rows.push({ member: id, reasons: usual.length + own.length === 0 ? NONE : [...usual, ...own], rank: rankOf(group, person) });
    }
    const first = soonest(eligible, group.rule);
    const at = first[0] ? opening(first[0]) : null;
    const peers = typeof group.rule.filters.workingHours === 'string' ? takingPart : takingPart.filter((person) => opening(person) === at);
    return { candidates: rows, choice: choose(group, peers, first, lead), opensAt };
  };

  const settle = (name: string, group: Group): readonly SeatChange[] => {
    const free = [...group.seats.byId.values()].flatMap((seat) => {
      const person = world.people.get(seat.id);
      return person && seat.listed && usualReasons(group, person, seat.weight).length === 0 ? [person] : [];
    });
    const present = new Set(soonest(free, group.rule).map((person) => person.id));
    return settleSeats(name, group.seats, group.rule, (seat) => present.has(seat.id));
  };

  return {
    find,
    take: (name, member, lead) => {
      loads.set(member, loadOf(member) + 1);
      const group = groups.get(name);
      const seat = group?.seats.byId.get(member);
      if (!group || !seat) return;
      seat.given += UNITS;
      seat.taken += 1;
      seat.inPeriod += 1;
      seat.last = turn;
      turn += 1;
      group.lastTaken = member;
      const stratum = group.strata.get(lead.grade ?? '') ?? new Map<number, number>();
      group.strata.set(lead.grade ?? '', stratum.set(member, (stratum.get(member) ?? 0) + 1));
    },
    leave: (member) => {
      loads.set(member, Math.max(0, loadOf(member) - 1));
    },
    changes: () => [...groups].flatMap(([name, group]) => settle(name, group)),
  };
}
