import type { CandidateReason, RoutingRule } from '../../../contracts';
import { createCounters } from './counters';
import { createEntitlements, type Entitled } from './entitlement';
import { OWN_LOAD, type CandidateRef, type Person, type PlannedRule, type RoutedLead, type Target, type World } from './facts';
import { customRanking, isCustomRanking } from './extensions';
import { leadReasons, personReasons } from './filters';
import { rank, rankNumber, type Contender } from './ranking';
import { guestSeat, seatsOf, settleSeats, type Seat, type SeatChange, type Seats } from './seats';
import { UNITS, type Choice } from './share';

/** A row of the candidate table, before it is stored. */
export interface Candidate {
  readonly member: number;
  readonly reasons: readonly CandidateReason[];
  readonly rank: number | null;
  readonly standsFor?: number;
  readonly lastAt?: Date | null;
}

/** A person as a rule sees him whichever lead it is; it stands until he gets or loses a lead. */
interface Standing {
  readonly changes: number;
  readonly contender: Contender;
  readonly usual: readonly CandidateReason[];
  /** His row where nothing of the lead speaks against him; null = not asked yet, or it is another one for every lead. */
  row: Candidate | null;
}

interface Group {
  readonly planned: PlannedRule;
  readonly seats: Seats;
  /** Leads of this batch per grade and person. */
  readonly strata: Map<string, Map<number, number>>;
  lastTaken: number | null;
  /** Who took part when the last lead was decided. */
  peers: readonly Seat[];
}

export interface Found {
  readonly candidates: readonly Candidate[];
  readonly choice: Choice | null;
  /** When the first of those opens who are only off shift; null = something else is in the way. */
  readonly opensAt: Date | null;
  /** When the first cap of those who are only capped is free again. */
  readonly freeAt: Date | null;
  readonly standsFor: number | null;
}

/** The running state of a batch: who has what by now. Filled from facts once, moved on by every lead that is given. */
export interface Board {
  find(planned: PlannedRule, candidates: readonly CandidateRef[], lead: RoutedLead, excluded: ReadonlySet<number>): Found;
  take(group: string, member: number, lead: RoutedLead): void;
  /** A lead is taken from this person. */
  leave(member: number, lead: RoutedLead): void;
  /** Start levels to store when all leads are given. */
  changes(): readonly SeatChange[];
  entitled(): readonly Entitled[];
}

const NONE: readonly CandidateReason[] = [];

/** leads of one grade that came together. */
const stratumOf = ({ grade, together }: RoutedLead): string => (together === undefined ? (grade ?? '') : `${together} ${grade ?? ''}`);

/** Rankings by room or fit promise nobody a share; what is owed is told only where something is. */
const owes = (rule: RoutingRule): boolean =>
  isCustomRanking(rule) ? (customRanking(rule)?.owes ?? false) : rule.ranking !== 'most-free-capacity' && rule.ranking !== 'best-fit';
/** Waiting longest is the same turn for everybody, whatever the weights. */
const sharesOf = ({ ranking }: RoutingRule, peers: readonly Seat[]): readonly Seat[] =>
  ranking === 'least-recent' ? peers.map((seat) => ({ ...seat, weight: 1 })) : peers;

function sharersOf(target: Target): readonly CandidateRef[] | null {
  if (target.kind === 'custom') return target.candidates;
  return target.kind === 'webhook' && target.fallback.kind === 'people' ? target.fallback.candidates : null;
}

export function createBoard(world: World, now: Date): Board {
  const counters = createCounters(world);
  const entitlements = createEntitlements();
  const groups = new Map<string, Group>();
  let turn = 1 + [...world.shares.values()].flat().reduce((latest, share) => Math.max(latest, share.last), 0);

  const opening = (person: Person): number => Math.max(now.getTime(), person.opensAt?.getTime() ?? Number.POSITIVE_INFINITY);

  const groupOf = (planned: PlannedRule, candidates: readonly CandidateRef[]): Group => {
    const known = groups.get(planned.group);
    if (known) return known;
    // Where each lead has people of its own, all of them share one ledger.
    // Whom a webhook names is one person; the ledger is that of the people of its fallback.
    const sharing = sharersOf(planned.target) ?? candidates;
    const seats = seatsOf(world.shares.get(planned.group) ?? [], sharing, planned.rule);
    const latest = [...seats.byId.values()].reduce<Seat | null>((last, seat) => (seat.last > (last?.last ?? 0) ? seat : last), null);
    const group: Group = { planned, seats, strata: new Map(), lastTaken: latest?.id ?? null, peers: [] };
    groups.set(planned.group, group);
    return group;
  };

  const usualReasons = (
    { rule, ownLoad, limits = [], caps = [] }: PlannedRule,
    person: Person,
    weight: number,
  ): readonly CandidateReason[] =>
    personReasons(
      person,
      rule.filters,
      {
        load: counters.load(ownLoad ?? OWN_LOAD, person.id),
        limits: limits.map((limit) => ({ limit, load: counters.load(limit.id, person.id) })),
        caps: caps.map((cap) => ({ cap, use: counters.cap(cap.id, person.id) })),
        weight,
      },
      now,
    );

  /** where a later opening counts, those on shift come first; when nobody is, whoever opens first. */
  const soonest = <One extends { readonly person: Person }>(people: readonly One[], rule: RoutingRule): readonly One[] => {
    if (typeof rule.filters.workingHours === 'string') return people;
    const first = people.reduce((least, { person }) => Math.min(least, opening(person)), Number.POSITIVE_INFINITY);
    return people.filter(({ person }) => opening(person) === first);
  };

  const standings = new WeakMap<PlannedRule, WeakMap<CandidateRef, Standing>>();
  /** How often a person has got or lost a lead in this batch. */
  const changed = new Map<number, number>();

  const standingOf = (planned: PlannedRule, { seats }: Group, ref: CandidateRef, person: Person): Standing => {
    const known = standings.get(planned) ?? new WeakMap<CandidateRef, Standing>();
    standings.set(planned, known);
    const changes = changed.get(ref.id) ?? 0;
    const last = known.get(ref);
    if (last?.changes === changes) return last;
    const standing: Standing = {
      changes,
      contender: {
        person,
        seat: seats.byId.get(ref.id) ?? guestSeat(ref),
        load: counters.load(planned.ownLoad ?? OWN_LOAD, ref.id),
      },
      usual: usualReasons(planned, person, ref.weight),
      row: null,
    };
    known.set(ref, standing);
    return standing;
  };

  const find: Board['find'] = (planned, candidates, lead, excluded) => {
    const group = groupOf(planned, candidates);
    const { rule } = planned;
    const rowOf = (standing: Standing, own: readonly CandidateReason[], ref: CandidateRef): Candidate => {
      const { contender, usual } = standing;
      if (own.length === 0 && standing.row) return standing.row;
      const seat = group.seats.byId.get(ref.id);
      const made: Candidate = {
        member: ref.id,
        reasons: usual.length + own.length === 0 ? NONE : [...usual, ...own],
        rank: seat ? rankNumber(rule, contender, lead, group.seats.base) : null,
        ...(ref.standsFor === undefined ? {} : { standsFor: ref.standsFor }),
        ...(seat?.lastAt ? { lastAt: seat.lastAt } : {}),
      };
      if (own.length === 0 && rule.ranking !== 'best-fit' && !isCustomRanking(rule)) standing.row = made;
      return made;
    };
    const context = { rule: rule.key, excluded, now };
    const rows: Candidate[] = [];
    const takingPart: Contender[] = [];
    const eligible: Contender[] = [];
    let opensAt: Date | null = null;
    let freeAt: Date | null = null;
    for (const ref of candidates) {
      const person = world.people.get(ref.id);
      if (!person) continue;
      const standing = standingOf(planned, group, ref, person);
      const { usual, contender } = standing;
      const own = leadReasons(person, rule.filters, lead, context);
      if (usual.length === 0) takingPart.push(contender);
      if (usual.length + own.length === 0) eligible.push(contender);
      const onlyShift = own.length === 0 && usual.length === 1 && usual[0]?.code === 'OFF_SHIFT';
      if (onlyShift && person.opensAt !== null && (opensAt === null || person.opensAt.getTime() < opensAt.getTime()))
        opensAt = person.opensAt;
      const resets = own.length === 0 && usual.length === 1 && usual[0]?.code === 'PERIOD_CAP' ? usual[0].until : null;
      if (resets && (freeAt === null || Date.parse(resets) < freeAt.getTime())) freeAt = new Date(resets);
      rows.push(rowOf(standing, own, ref));
    }
    const first = soonest(eligible, rule);
    const at = first[0] ? opening(first[0].person) : null;
    const peers = typeof rule.filters.workingHours === 'string' ? takingPart : takingPart.filter(({ person }) => opening(person) === at);
    group.peers = peers.map(({ seat }) => seat);
    const choice = rank(rule, first, lead, { peers, stratum: group.strata.get(stratumOf(lead)), lastTaken: group.lastTaken });
    return { candidates: rows, choice, opensAt, freeAt, standsFor: candidates.find(({ id }) => id === choice?.id)?.standsFor ?? null };
  };

  const settle = (name: string, { planned, seats }: Group): readonly SeatChange[] => {
    const free = [...seats.byId.values()].flatMap((seat) => {
      const person = world.people.get(seat.id);
      return person && seat.listed && usualReasons(planned, person, seat.weight).length === 0 ? [{ person }] : [];
    });
    const present = new Set(soonest(free, planned.rule).map(({ person }) => person.id));
    return settleSeats(name, seats, planned.rule, (seat) => present.has(seat.id));
  };

  return {
    find,
    take: (name, member, lead) => {
      counters.take(name, member, lead);
      changed.set(member, (changed.get(member) ?? 0) + 1);
      const group = groups.get(name);
      const seat = group?.seats.byId.get(member);
      if (!group || !seat) return;
      const worth = group.planned.rule.ranking === 'quality-balanced' ? (lead.value ?? 1) : 1;
      if (owes(group.planned.rule)) entitlements.add(name, sharesOf(group.planned.rule, group.peers), lead.value ?? 1);
      seat.given += worth * UNITS;
      seat.taken += worth;
      seat.last = turn;
      turn += 1;
      group.lastTaken = member;
      const stratum = group.strata.get(stratumOf(lead)) ?? new Map<number, number>();
      group.strata.set(stratumOf(lead), stratum.set(member, (stratum.get(member) ?? 0) + 1));
    },
    leave: (member, lead) => {
      counters.leave(member, lead);
      changed.set(member, (changed.get(member) ?? 0) + 1);
    },
    changes: () => [...groups].flatMap(([name, group]) => settle(name, group)),
    entitled: () => entitlements.list(),
  };
}
