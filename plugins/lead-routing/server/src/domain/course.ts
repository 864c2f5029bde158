import { OWN_LOAD, type CapUse, type Person, type Plan, type RoutedLead, type ShareFacts, type World } from './facts';
import type { BackTestInput, PastLead, PastSet } from './back-test';
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

interface Given {
  readonly lead: RoutedLead;
  /** Empty = not by a rule. */
  readonly group: string;
  /** Given by routing: counts in caps. */
  readonly routed: boolean;
  readonly member: number;
  readonly at: Date;
  readonly closedAt: Date | null;
  /** The rule's ledger, and the periods it came in: found once. */
  readonly base: string;
  readonly periods: Map<string, string>;
}

/** Somebody has a lead in the replay who had it not in truth (`by` 1), or had it in truth and has it not here (−1). */
interface Stray extends Given {
  readonly by: 1 | -1;
}

/**
 * Shares, caps and loads as a replay goes on. Where it is known what was really true, that is taken, with the difference of what the replay gave
 * otherwise: so a replay that gives nothing otherwise sees the very facts that were decided on. A group in which something went otherwise
 * is carried on by itself from there.
 */
export class Course {
  private readonly seats = new Map<string, Map<number, Seat>>();
  private readonly given: Given[] = [];
  private readonly strays: Stray[] = [];
  private readonly left = new Set<string>();
  private turn = 0;

  constructor(private readonly input: BackTestInput) {}

  /** Nothing has gone otherwise than in truth so far. */
  get isTrue(): boolean {
    return this.strays.length === 0 && this.left.size === 0;
  }

  world(at: Date, groups: ReadonlyMap<string, readonly number[]>, set: PastSet | null): World {
    if (set) this.learn(set);
    const known = set?.world.people ?? new Map<number, Person>();
    const people = new Map(
      [...this.input.people].map(([id, person]) => [id, known.get(id) ?? { ...person, opensAt: this.input.opensAt(id, at) }]),
    );
    for (const [id, person] of known) if (!people.has(id)) people.set(id, person);
    return { people, loads: this.loads(at, set), shares: this.shares(groups, at), caps: this.caps(at, set) };
  }

  /** Counts of a rule that counts in periods begin anew with each. */
  private named(group: string, at: Date): string {
    const { plan, periodOf } = this.input;
    const counting = [...plan.rules, plan.otherwise].find(
      ({ rule, group: own }) => rule.ranking === 'count-in-period' && baseOf(own) === baseOf(group),
    );
    return counting ? `${group.replace(/@.*$/, '')}@${periodOf(counting.rule.period, at, null)}` : group;
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

  private loads(at: Date, set: PastSet | null): World['loads'] {
    const { plan, loads } = this.input;
    const rules = [...plan.rules, plan.otherwise];
    const own = new Set([OWN_LOAD, ...rules.map(({ ownLoad = OWN_LOAD }) => ownLoad)]);
    const limits = rules.flatMap((rule) =>
      (rule.limits ?? []).map(({ id, scope }) => ({ id, group: scope === 'group' ? baseOf(rule.group) : null })),
    );
    const isOpen = ({ at: from, closedAt }: Given): boolean => from.getTime() <= at.getTime() && (closedAt === null || closedAt > at);
    // Where the facts of then are known, only what the replay gave otherwise is added to them.
    const open = set ? [] : this.given.filter(isOpen);
    const strays = set ? this.strays.filter(isOpen) : [];
    const sum = (id: string, of: (one: Given) => number): [string, ReadonlyMap<number, number>] => {
      const byMember = new Map(loads.get(id));
      for (const one of open) byMember.set(one.member, (byMember.get(one.member) ?? 0) + of(one));
      const truth = set?.world.loads.get(id);
      if (set && truth) for (const member of set.world.people.keys()) byMember.set(member, truth.get(member) ?? 0);
      for (const one of strays) byMember.set(one.member, Math.max(0, (byMember.get(one.member) ?? 0) + one.by * of(one)));
      return [id, byMember];
    };
    return new Map([
      ...[...own].map((id) => sum(id, ({ lead }) => lead.adds?.get(id) ?? WHOLE)),
      ...limits.map(({ id, group }) =>
        sum(id, ({ lead, base: by }) => (group === null ? (lead.adds?.get(id) ?? 0) : by === group ? WHOLE : 0)),
      ),
    ]);
  }

  private caps(at: Date, set: PastSet | null): ReadonlyMap<string, ReadonlyMap<number, CapUse>> {
    const { plan, periodOf } = this.input;
    const caps = new Map<string, Map<number, CapUse>>();
    const today = new Map<string, string>();
    const nameOf = (names: Map<string, string>, key: string, per: 'day' | 'week' | 'month', when: Date, member: number): string => {
      const name = names.get(key) ?? periodOf(per, when, member);
      names.set(key, name);
      return name;
    };
    for (const cap of [...plan.rules, plan.otherwise].flatMap((rule) => rule.caps ?? [])) {
      const { per } = cap;
      const counts = ({ base, routed, member, at: when, periods }: Given): boolean => {
        if (!routed || (cap.scope !== 'person' && !cap.id.startsWith(`rule:${base}:`))) return false;
        if (per === 'rolling') return at.getTime() - when.getTime() <= cap.seconds * 1000;
        return nameOf(periods, per, per, when, member) === nameOf(today, `${per} ${member}`, per, at, member);
      };
      const uses = new Map<number, CapUse>(set?.world.caps?.get(cap.id));
      caps.set(cap.id, uses);
      const add = (member: number, by: number): void => {
        const { used, endsAt } = uses.get(member) ?? { used: 0, endsAt: null };
        uses.set(member, { used: Math.max(0, used + by), endsAt });
      };
      if (set) for (const one of this.strays) if (counts(one)) add(one.member, one.by);
      if (!set) for (const one of this.given) if (counts(one)) add(one.member, 1);
    }
    return caps;
  }

  keep({ lead, at, closedAt, explicit }: PastLead): void {
    const member = explicit?.owner ?? null;
    if (member !== null) this.given.push({ lead, group: '', base: '', periods: new Map(), routed: false, member, at, closedAt });
  }

  /** Notes what was given; `batch` = those whose way is replayed, the others of the set only count in shares. */
  book(routed: Routed, leads: readonly RoutedLead[], batch: ReadonlyMap<number, PastLead>, at: Date, set: PastSet | null): void {
    for (const lead of leads) {
      const verdict = routed.verdicts.get(lead.id);
      const past = batch.get(lead.id);
      if (past) this.compare(past, lead, verdict, at, set);
      if (!verdict || verdict.owner === null || verdict.owner === lead.ownerId) continue;
      const group = verdict.group ?? '';
      if (past)
        this.given.push({
          lead,
          group,
          base: baseOf(group),
          periods: new Map(),
          routed: true,
          member: verdict.owner,
          at,
          closedAt: past.closedAt,
        });
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
    if (was.owner !== null)
      this.strays.push({
        ...during,
        periods: new Map(),
        group: truth,
        base: baseOf(truth),
        routed: was.rule !== null,
        member: was.owner,
        by: -1,
      });
    if (verdict && verdict.owner !== null)
      this.strays.push({ ...during, periods: new Map(), group, base: baseOf(group), routed: true, member: verdict.owner, by: 1 });
  }
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
