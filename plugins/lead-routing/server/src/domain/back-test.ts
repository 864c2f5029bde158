import { OTHERWISE } from '../../../contracts';
import { OWN_LOAD, type CapUse, type Person, type Plan, type RoutedLead, type ShareFacts, type World } from './facts';
import { routeLeads, type Verdict } from './route';
import { UNITS } from './share';

/** A lead as it arrived, or as it came to routing again, with what happened to it in truth. */
export interface PastLead {
  /** One lead may come several times. */
  readonly occasion: number;
  readonly lead: RoutedLead;
  /** When it came to routing. */
  readonly at: Date;
  /** When it no longer counts against anybody's capacity; null = it still does. */
  readonly closedAt: Date | null;
  /** it came with an owner, or into a pool, and stays there. */
  readonly explicit?: { readonly owner: number | null; readonly pool: number | null };
  /** It had come before. */
  readonly again?: boolean;
  /** It came again although nobody had lost it: out of a pool. Somebody it was given to in the replay keeps it. */
  readonly fromPool?: boolean;
}

export interface BackTestInput {
  readonly leads: readonly PastLead[];
  readonly plan: Plan;
  readonly people: ReadonlyMap<number, Person>;
  /** Open leads of each person from before the span, by load, hundredths. */
  readonly loads: World['loads'];
  /** Nothing is known of what comes later: what waits then still waits. */
  readonly until: Date;
  readonly opensAt: (member: number, at: Date) => Date | null;
  /** Name of the period a moment lies in, in the person's zone; null = in the zone of the company. */
  readonly periodOf: (per: 'day' | 'week' | 'month', at: Date, member: number | null) => string;
}

export interface BackTestResult {
  /** By occasion; what somebody had already is not there. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** How often each reason kept somebody from a lead. */
  readonly reasons: ReadonlyMap<string, number>;
}

const STEP_MS = 3_600_000;

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
}

/** Shares, caps and loads as they would have been, carried from hour to hour. */
class Ledger {
  private readonly seats = new Map<string, Map<number, Seat>>();
  private readonly given: Given[] = [];
  private turn = 0;

  constructor(private readonly input: BackTestInput) {}

  /** Counts of a rule that counts in periods begin anew with each. */
  private named(group: string, at: Date): string {
    const { plan, periodOf } = this.input;
    const counting = [...plan.rules, plan.otherwise].find(
      ({ rule, group: own }) => rule.ranking === 'count-in-period' && baseOf(own) === baseOf(group),
    );
    return counting ? `${group}|${periodOf(counting.rule.period, at, null)}` : group;
  }

  private seat(name: string, member: number): Seat {
    const members = this.seats.get(name) ?? new Map<number, Seat>();
    this.seats.set(name, members);
    const seat = members.get(member) ?? { counted: 0, units: null, weight: null, last: 0 };
    members.set(member, seat);
    return seat;
  }

  shares(groups: ReadonlyMap<string, readonly number[]>, at: Date): World['shares'] {
    return new Map(
      [...groups].map(([group, members]) => {
        const name = this.named(group, at);
        return [
          group,
          members.map((id): ShareFacts => {
            const { counted, units, weight, last } = this.seat(name, id);
            return { id, counted, last, weight, given: units === null ? null : units + counted * UNITS };
          }),
        ];
      }),
    );
  }

  loads(at: Date): World['loads'] {
    const { plan, loads } = this.input;
    const rules = [...plan.rules, plan.otherwise];
    const own = new Set([OWN_LOAD, ...rules.map(({ ownLoad = OWN_LOAD }) => ownLoad)]);
    const limits = rules.flatMap((rule) =>
      (rule.limits ?? []).map(({ id, scope }) => ({ id, group: scope === 'group' ? baseOf(rule.group) : null })),
    );
    const open = this.given.filter(({ closedAt }) => closedAt === null || closedAt.getTime() > at.getTime());
    const sum = (id: string, of: (one: Given) => number): [string, ReadonlyMap<number, number>] => {
      const byMember = new Map(loads.get(id));
      for (const one of open) byMember.set(one.member, (byMember.get(one.member) ?? 0) + of(one));
      return [id, byMember];
    };
    return new Map([
      ...[...own].map((id) => sum(id, ({ lead }) => lead.adds?.get(id) ?? WHOLE)),
      ...limits.map(({ id, group }) =>
        sum(id, (one) => (group === null ? (one.lead.adds?.get(id) ?? 0) : group === baseOf(one.group) ? WHOLE : 0)),
      ),
    ]);
  }

  caps(at: Date): NonNullable<World['caps']> {
    const caps = new Map<string, Map<number, CapUse>>();
    for (const cap of [...this.input.plan.rules, this.input.plan.otherwise].flatMap((rule) => rule.caps ?? [])) {
      const uses = new Map<number, CapUse>();
      caps.set(cap.id, uses);
      for (const { group, routed, member, at: when } of this.given) {
        if (!routed || (cap.scope === 'rule' && !cap.id.startsWith(`rule:${baseOf(group)}:`))) continue;
        const inside =
          cap.per === 'rolling'
            ? at.getTime() - when.getTime() <= cap.seconds * 1000
            : this.input.periodOf(cap.per, when, member) === this.input.periodOf(cap.per, at, member);
        if (inside) uses.set(member, { used: (uses.get(member)?.used ?? 0) + 1, endsAt: null });
      }
    }
    return caps;
  }

  keep({ lead, at, closedAt, explicit }: PastLead): void {
    const member = explicit?.owner ?? null;
    if (member !== null) this.given.push({ lead, group: '', routed: false, member, at, closedAt });
  }

  book(routed: ReturnType<typeof routeLeads>, batch: readonly PastLead[], at: Date): void {
    for (const { lead, closedAt } of batch) {
      const verdict = routed.verdicts.get(lead.id);
      if (!verdict || verdict.owner === null) continue;
      const group = verdict.group ?? '';
      this.given.push({ lead, group, routed: true, member: verdict.owner, at, closedAt });
      if (group === '') continue;
      const seat = this.seat(this.named(group, at), verdict.owner);
      seat.counted += group.endsWith('#value') ? (lead.value ?? 1) : 1;
      seat.last = this.turn += 1;
    }
    for (const { group, member, offset, weight } of routed.changes)
      Object.assign(this.seat(this.named(group, at), member), { units: offset, weight });
  }
}

function groupsOf(plan: Plan): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  const add = (group: string, ids: readonly number[]): void => void groups.set(group, [...new Set([...(groups.get(group) ?? []), ...ids])]);
  for (const { group, target } of [...plan.rules, plan.otherwise]) {
    if (target.kind === 'people' || target.kind === 'custom')
      add(
        group,
        target.candidates.map(({ id }) => id),
      );
    if (target.kind === 'webhook' && target.fallback.kind === 'people')
      add(
        group,
        target.fallback.candidates.map(({ id }) => id),
      );
    if (target.kind === 'table')
      for (const row of target.rows.values())
        if (row.target.kind === 'people')
          add(
            row.group,
            row.target.candidates.map(({ id }) => id),
          );
  }
  return groups;
}

/** What a webhook would say is not known: its fallback is taken. */
const answered = ({ lead, at }: PastLead, plan: Plan): RoutedLead => ({
  ...lead,
  together: at.getTime(),
  answers: new Map(plan.rules.filter(({ target }) => target.kind === 'webhook').map(({ rule }) => [rule.key, { kind: 'failed' }])),
});

const explicitly = (lead: number, { owner, pool }: NonNullable<PastLead['explicit']>): Verdict => ({
  lead,
  reason: 'EXPLICIT',
  owner,
  pool,
  rule: null,
  group: null,
  destination: null,
  trace: [],
  tables: [],
});

/** Occasions by the hour; a lead that comes twice in one hour comes in two sets. */
class Hours {
  private readonly queue = new Map<number, PastLead[]>();

  put(hour: number, one: PastLead): void {
    const known = this.queue.get(hour);
    if (known) known.push(one);
    else this.queue.set(hour, [one]);
  }

  next(): { readonly hour: number; readonly batch: readonly PastLead[] } | null {
    const hour = Math.min(...this.queue.keys());
    const all = this.queue.get(hour);
    if (!all) return null;
    this.queue.delete(hour);
    const seen = new Set<number>();
    const batch = all.filter(({ lead }) => !seen.has(lead.id) && seen.add(lead.id));
    if (batch.length < all.length) {
      const now = new Set(batch);
      this.queue.set(
        hour,
        all.filter((one) => !now.has(one)),
      );
    }
    return { hour, batch };
  }
}

/**
 * Replays arrivals hour by hour through one policy: shares, caps, capacity and shifts as they would have been at that time, held leads tried
 * again in the hours after; within an hour one after the other as they came; leads that came to routing again come again. Pure; the same input gives the same answer.
 */
export function backTest(input: BackTestInput): BackTestResult {
  const { plan } = input;
  const ledger = new Ledger(input);
  const groups = groupsOf(plan);
  const verdicts = new Map<number, Verdict>();
  const owned = new Set<number>();
  const reasons = new Map<string, number>();
  const hours = new Hours();
  const inOrder = [...input.leads].sort((a, b) => a.at.getTime() - b.at.getTime() || a.occasion - b.occasion);
  for (const one of inOrder) hours.put(Math.floor(one.at.getTime() / STEP_MS), { ...one, lead: answered(one, plan) });
  for (let step = hours.next(); step !== null; step = hours.next()) {
    const { hour, batch: all } = step;
    for (const one of all) {
      if (!one.explicit) continue;
      ledger.keep(one);
      verdicts.set(one.occasion, explicitly(one.lead.id, one.explicit));
      if (one.explicit.owner !== null) owned.add(one.lead.id);
    }
    const batch = all.filter(({ explicit, fromPool, lead }) => !explicit && !(fromPool && owned.has(lead.id)));
    if (batch.length === 0) continue;
    const at = new Date(Math.max(...batch.map(({ lead, at: came }) => (lead.waiting.size > 0 ? hour * STEP_MS : came.getTime()))));
    const people = new Map([...input.people].map(([id, person]) => [id, { ...person, opensAt: input.opensAt(id, at) }]));
    const world: World = { people, loads: ledger.loads(at), shares: ledger.shares(groups, at), caps: ledger.caps(at) };
    const routed = routeLeads(
      batch.map(({ lead }) => lead),
      new Map([[plan.versionId, plan]]),
      world,
      at,
    );
    ledger.book(routed, batch, at);
    for (const one of batch) {
      const verdict = routed.verdicts.get(one.lead.id);
      if (!verdict) continue;
      verdicts.set(one.occasion, verdict);
      if (verdict.owner !== null) owned.add(one.lead.id);
      if (verdict.retry && verdict.rule !== null) {
        const waiting = new Map(one.lead.waiting).set(verdict.rule, verdict.retry.since);
        const next = Math.max(hour + 1, Math.ceil(verdict.retry.at.getTime() / STEP_MS));
        if (next * STEP_MS <= input.until.getTime()) hours.put(next, { ...one, lead: { ...one.lead, waiting } });
        continue;
      }
      for (const { rows } of verdict.tables)
        for (const row of rows) for (const { code } of row.reasons) reasons.set(code, (reasons.get(code) ?? 0) + 1);
    }
  }
  return { verdicts, reasons };
}

/** What comes before the rules, as lines of the report. */
export const BEFORE_RULES = ['EXPLICIT', 'STICKY_DUPLICATE', 'STICKY_ACCOUNT', 'STICKY_PREVIOUS'] as const;

/** Which line of the report each verdict counts for: its rule, or what came before the rules. */
export const ruleOf = ({ rule, reason }: Verdict): string => rule ?? BEFORE_RULES.find((step) => step === reason) ?? OTHERWISE;
