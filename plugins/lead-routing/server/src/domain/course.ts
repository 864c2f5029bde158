import type { BackTestInput, PastLead, PastSet } from './back-test';
import { CapUses, onceEach, OpenLoads } from './course-counts';
import {
  OWN_LOAD,
  type CapUse,
  type Person,
  type Plan,
  type PlannedCap,
  type PlannedRule,
  type RoutedLead,
  type ShareFacts,
  type World,
} from './facts';
import type { Routed, Verdict } from './route';
import { UNITS } from './share';

interface Seat {
  counted: number;
  units: number | null;
  weight: number | null;
  last: number;
}

/** One lead, in hundredths. */
const WHOLE = 100;
/** A group without its period, its destination and what it counts. */
const baseOf = (group: string): string => group.replace(/[@#/].*$/, '');

/** A lead that somebody has in the replay, or had in truth. */
interface Given {
  readonly lead: RoutedLead;
  /** Empty = not by a rule. */
  readonly group: string;
  readonly member: number;
  readonly at: Date;
  readonly closedAt: Date | null;
}

/** What was given, kept as counts. */
interface Counts {
  readonly loads: OpenLoads;
  readonly caps: CapUses;
}

/**
 * Shares, caps and loads as a replay goes on. Where it is known what was really true, that is taken, with the difference of what the replay gave
 * otherwise: so a replay that gives nothing otherwise sees the very facts that were decided on. A group in which something went otherwise
 * is carried on by itself from there.
 */
export class Course {
  private readonly seats = new Map<string, Map<number, Seat>>();
  private readonly left = new Set<string>();
  private turn = 0;
  private strays = 0;
  /** By load: what a lead given by a rule adds to it. */
  private readonly weighers: ReadonlyMap<string, (lead: RoutedLead, base: string) => number>;
  private readonly caps: ReadonlyMap<string, PlannedCap>;
  /** By rule that counts in periods: which. */
  private readonly counting: ReadonlyMap<string, 'day' | 'week' | 'month'>;
  private readonly given: Counts;
  /** What somebody has in the replay that he had not in truth, and the other way round. */
  private readonly more: Counts;
  private readonly less: Counts;

  constructor(private readonly input: BackTestInput) {
    const { plan, periodOf } = input;
    const rules = [...plan.rules, plan.otherwise];
    this.weighers = weighersOf(rules);
    this.caps = new Map(rules.flatMap(({ caps = [] }) => caps.map((cap) => [cap.id, cap])));
    this.counting = new Map(
      rules.flatMap(({ rule, group }) => (rule.ranking === 'count-in-period' ? [[baseOf(group), rule.period] as const] : [])).reverse(),
    );
    const counts = (): Counts => ({ loads: new OpenLoads(), caps: new CapUses(this.caps, periodOf) });
    [this.given, this.more, this.less] = [counts(), counts(), counts()];
  }

  /** Nothing has gone otherwise than in truth so far. */
  get isTrue(): boolean {
    return this.strays === 0 && this.left.size === 0;
  }

  world(at: Date, groups: ReadonlyMap<string, readonly number[]>, set: PastSet | null): World {
    if (set) this.learn(set);
    const known = set?.world.people ?? new Map<number, Person>();
    const people = new Map(
      [...this.input.people].map(([id, person]) => [id, known.get(id) ?? { ...person, opensAt: this.input.opensAt(id, at) }]),
    );
    for (const [id, person] of known) if (!people.has(id)) people.set(id, person);
    return { people, loads: this.loads(at, set), shares: this.shares(groups, at), caps: this.uses(at, set) };
  }

  /** Counts of a rule that counts in periods begin anew with each. */
  private named(group: string, at: Date): string {
    const period = this.counting.get(baseOf(group));
    return period ? `${group.replace(/@.*$/, '')}@${this.input.periodOf(period, at, null)}` : group;
  }

  private seat(name: string, member: number): Seat {
    const members = this.seats.get(name) ?? new Map<number, Seat>();
    this.seats.set(name, members);
    const seat = members.get(member) ?? { counted: 0, units: null, weight: null, last: 0 };
    members.set(member, seat);
    return seat;
  }

  private learn({ world }: PastSet): void {
    for (const [name, facts] of world.shares) {
      if (this.left.has(baseOf(name))) continue;
      for (const { id, given, counted, weight, last } of facts) {
        Object.assign(this.seat(name, id), { counted, units: given === null ? null : given - counted * UNITS, weight, last });
        this.turn = Math.max(this.turn, last);
      }
    }
  }

  private shares(groups: ReadonlyMap<string, readonly number[]>, at: Date): World['shares'] {
    return new Map(
      [...groups].map(([group, members]) => {
        const name = this.named(group, at);
        const ids = new Set([...members, ...(this.seats.get(name)?.keys() ?? [])]);
        return [
          group,
          [...ids].map((id): ShareFacts => {
            const { counted, units, weight, last } = this.seat(name, id);
            return { id, counted, last, weight, given: units === null ? null : units + counted * UNITS };
          }),
        ];
      }),
    );
  }

  /**
   * Of whom it is known what he held then, only what the replay gave otherwise is added to that: first what it did not give is taken off, which leaves
   * nobody less than nothing, then what it gave instead comes on. Of others it is what they held before the span and what the replay gave since.
   */
  private loads(at: Date, set: PastSet | null): World['loads'] {
    const [given, more, less] = [this.given, this.more, this.less].map(({ loads }) => loads.at(at.getTime()));
    const sum = (id: string): ReadonlyMap<number, number> => {
      const held = new Map(this.input.loads.get(id));
      const add = (member: number, by: number): void => void held.set(member, Math.max(0, (held.get(member) ?? 0) + by));
      for (const [member, count] of given?.get(id) ?? []) add(member, count);
      const truth = set?.world.loads.get(id);
      if (!set || !truth) return held;
      for (const member of set.world.people.keys()) {
        held.set(member, truth.get(member) ?? 0);
        add(member, -(less?.get(id)?.get(member) ?? 0));
        add(member, more?.get(id)?.get(member) ?? 0);
      }
      return held;
    };
    return new Map([...this.weighers.keys()].map((id) => [id, sum(id)]));
  }

  /** The same for caps: one that nobody asked for then is counted by what the replay gave. */
  private uses(at: Date, set: PastSet | null): ReadonlyMap<string, ReadonlyMap<number, CapUse>> {
    const periodOf = onceEach(this.input.periodOf);
    const [given, more, less] = [this.given, this.more, this.less].map(({ caps }) => caps.at(at, periodOf));
    const sum = (id: string): ReadonlyMap<number, CapUse> => {
      const uses = new Map<number, CapUse>();
      for (const [member, used] of given?.get(id) ?? []) uses.set(member, { used, endsAt: null });
      for (const [member, { used, endsAt }] of set?.world.caps?.get(id) ?? []) {
        const kept = Math.max(0, used - (less?.get(id)?.get(member) ?? 0));
        uses.set(member, { used: kept + (more?.get(id)?.get(member) ?? 0), endsAt });
      }
      return uses;
    };
    return new Map([...this.caps.keys()].map((id) => [id, sum(id)]));
  }

  /** Only what routing gave counts in caps. */
  private count({ loads, caps }: Counts, { lead, group, member, at, closedAt }: Given, isRouted: boolean): void {
    const base = baseOf(group);
    const weights = new Map<string, number>();
    for (const [id, weigh] of this.weighers) {
      const weight = weigh(lead, base);
      if (weight !== 0) weights.set(id, weight);
    }
    loads.add(member, at.getTime(), closedAt?.getTime() ?? null, weights);
    if (isRouted) caps.add(base, member, at);
  }

  keep({ lead, at, closedAt, explicit }: PastLead): void {
    const member = explicit?.owner ?? null;
    if (member !== null) this.count(this.given, { lead, group: '', member, at, closedAt }, false);
  }

  /** Notes what was given; `batch` = those whose way is replayed, the others of the set only count in shares. */
  book(routed: Routed, leads: readonly RoutedLead[], batch: ReadonlyMap<number, PastLead>, at: Date, set: PastSet | null): void {
    for (const lead of leads) {
      const verdict = routed.verdicts.get(lead.id);
      const past = batch.get(lead.id);
      if (past) this.compare(past, lead, verdict, at, set);
      if (!verdict || verdict.owner === null || verdict.owner === lead.ownerId) continue;
      const group = verdict.group ?? '';
      if (past) this.count(this.given, { lead, group, member: verdict.owner, at, closedAt: past.closedAt }, true);
      if (group === '') continue;
      const seat = this.seat(this.named(group, at), verdict.owner);
      seat.counted += group.endsWith('#value') ? (lead.value ?? 1) : 1;
      seat.last = this.turn += 1;
    }
    for (const { group, member, offset, weight } of routed.changes)
      Object.assign(this.seat(this.named(group, at), member), { units: offset, weight });
  }

  /** Notes where a lead went otherwise than in truth. */
  private compare(past: PastLead, lead: RoutedLead, verdict: Verdict | undefined, at: Date, set: PastSet | null): void {
    const { was } = past;
    if (!was || (was.owner === (verdict?.owner ?? null) && was.rule === (verdict?.rule ?? null))) return;
    const truth = set?.truth().get(lead.id)?.group ?? (was.rule === null ? '' : `route:${this.input.plan.key}:${was.rule}`);
    const group = verdict?.group ?? '';
    for (const one of [truth, group]) if (one !== '') this.left.add(baseOf(one));
    const during = { lead, at, closedAt: past.keptUntil ?? past.closedAt };
    if (was.owner !== null) {
      this.count(this.less, { ...during, group: truth, member: was.owner }, was.rule !== null);
      this.strays += 1;
    }
    if (verdict && verdict.owner !== null) {
      this.count(this.more, { ...during, group, member: verdict.owner }, true);
      this.strays += 1;
    }
  }
}

/** How many hundredths a lead adds to each load that a plan looks at. */
function weighersOf(rules: readonly PlannedRule[]): ReadonlyMap<string, (lead: RoutedLead, base: string) => number> {
  const own = [OWN_LOAD, ...rules.map(({ ownLoad = OWN_LOAD }) => ownLoad)];
  return new Map([
    ...own.map((id) => [id, (lead: RoutedLead) => lead.adds?.get(id) ?? WHOLE] as const),
    ...rules.flatMap(({ group, limits = [] }) =>
      limits.map(
        ({ id, scope }) =>
          [
            id,
            (lead: RoutedLead, base: string) => (scope !== 'group' ? (lead.adds?.get(id) ?? 0) : base === baseOf(group) ? WHOLE : 0),
          ] as const,
      ),
    ),
  ]);
}

/** Every group a plan may give by, with the people in it. */
export function groupsOfPlan(plan: Plan): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  const add = (group: string, ids: readonly { readonly id: number }[]): void =>
    void groups.set(group, [...new Set([...(groups.get(group) ?? []), ...ids.map(({ id }) => id)])]);
  for (const { group, target } of [...plan.rules, plan.otherwise]) {
    if (target.kind === 'people' || target.kind === 'custom') add(group, target.candidates);
    if (target.kind === 'webhook' && target.fallback.kind === 'people') add(group, target.fallback.candidates);
    if (target.kind === 'table')
      for (const row of target.rows.values()) if (row.target.kind === 'people') add(row.group, row.target.candidates);
  }
  return groups;
}
