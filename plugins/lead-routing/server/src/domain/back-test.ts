import { OTHERWISE } from '../../../contracts';
import { OWN_LOAD, type CapUse, type Person, type Plan, type RoutedLead, type ShareFacts, type World } from './facts';
import { routeLeads, type Verdict } from './route';
import { UNITS } from './share';

/** A lead as it arrived, with what happened to it in truth. */
export interface PastLead {
  readonly lead: RoutedLead;
  /** When it no longer counts against anybody's capacity; null = it still does. */
  readonly closedAt: Date | null;
}

export interface BackTestInput {
  readonly leads: readonly PastLead[];
  readonly plan: Plan;
  readonly people: ReadonlyMap<number, Person>;
  /** Open leads of each person from before the span, hundredths. */
  readonly loads: ReadonlyMap<number, number>;
  readonly opensAt: (member: number, at: Date) => Date | null;
  /** Name of the period a moment lies in, in the person's zone. */
  readonly periodOf: (per: 'day' | 'week' | 'month', at: Date, member: number) => string;
}

export interface BackTestResult {
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

interface Given {
  readonly group: string;
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

  private seat(group: string, member: number): Seat {
    const members = this.seats.get(group) ?? new Map<number, Seat>();
    this.seats.set(group, members);
    const seat = members.get(member) ?? { counted: 0, units: null, weight: null, last: 0 };
    members.set(member, seat);
    return seat;
  }

  shares(groups: ReadonlyMap<string, readonly number[]>): World['shares'] {
    for (const [group, members] of groups) for (const member of members) this.seat(group, member);
    return new Map(
      [...this.seats].map(([group, members]) => [
        group,
        [...members].map(([id, { counted, units, weight, last }]): ShareFacts => ({
          id,
          counted,
          last,
          weight,
          given: units === null ? null : units + counted * UNITS,
        })),
      ]),
    );
  }

  loads(at: Date): World['loads'] {
    const own = new Map(this.input.loads);
    for (const { member, closedAt } of this.given)
      if (closedAt === null || closedAt.getTime() > at.getTime()) own.set(member, (own.get(member) ?? 0) + 100);
    return new Map([...new Set([OWN_LOAD, this.input.plan.otherwise.ownLoad ?? OWN_LOAD])].map((id) => [id, own]));
  }

  caps(at: Date): NonNullable<World['caps']> {
    const caps = new Map<string, Map<number, CapUse>>();
    for (const cap of [...this.input.plan.rules, this.input.plan.otherwise].flatMap((rule) => rule.caps ?? [])) {
      const uses = new Map<number, CapUse>();
      caps.set(cap.id, uses);
      for (const { group, member, at: when } of this.given) {
        if (cap.scope === 'rule' && !cap.id.startsWith(`rule:${group.replace(/[@#/].*$/, '')}:`)) continue;
        const inside =
          cap.per === 'rolling'
            ? at.getTime() - when.getTime() <= cap.seconds * 1000
            : this.input.periodOf(cap.per, when, member) === this.input.periodOf(cap.per, at, member);
        if (inside) uses.set(member, { used: (uses.get(member)?.used ?? 0) + 1, endsAt: null });
      }
    }
    return caps;
  }

  book(routed: ReturnType<typeof routeLeads>, batch: readonly PastLead[], at: Date): void {
    for (const { lead, closedAt } of batch) {
      const verdict = routed.verdicts.get(lead.id);
      if (!verdict || verdict.owner === null) continue;
      const group = verdict.group ?? '';
      this.given.push({ group, member: verdict.owner, at, closedAt });
      if (group === '') continue;
      const seat = this.seat(group, verdict.owner);
      seat.counted += group.endsWith('#value') ? (lead.value ?? 1) : 1;
      seat.last = this.turn += 1;
    }
    for (const { group, member, offset, weight } of routed.changes) Object.assign(this.seat(group, member), { units: offset, weight });
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
const answered = (lead: RoutedLead, plan: Plan): RoutedLead => ({
  ...lead,
  answers: new Map(plan.rules.filter(({ target }) => target.kind === 'webhook').map(({ rule }) => [rule.key, { kind: 'failed' }])),
});

/**
 * Replays arrivals hour by hour through one policy: shares, caps, capacity and shifts as they would have been at that time, held leads tried
 * again in the hours after. Pure; the same input gives the same answer.
 */
export function backTest(input: BackTestInput): BackTestResult {
  const { plan } = input;
  const ledger = new Ledger(input);
  const groups = groupsOf(plan);
  const verdicts = new Map<number, Verdict>();
  const reasons = new Map<string, number>();
  const hourOf = (at: Date): number => Math.floor(at.getTime() / STEP_MS);
  const queue = new Map<number, PastLead[]>();
  const put = (hour: number, lead: PastLead): void => void queue.set(hour, [...(queue.get(hour) ?? []), lead]);
  for (const one of input.leads) {
    const lead = answered(one.lead, plan);
    put(hourOf(lead.capturedAt), { ...one, lead });
  }
  for (;;) {
    const hour = Math.min(...queue.keys());
    const batch = queue.get(hour);
    if (!batch) break;
    queue.delete(hour);
    const at = new Date(Math.max(...batch.map(({ lead }) => (lead.waiting.size > 0 ? hour * STEP_MS : lead.capturedAt.getTime()))));
    const people = new Map([...input.people].map(([id, person]) => [id, { ...person, opensAt: input.opensAt(id, at) }]));
    const world: World = { people, loads: ledger.loads(at), shares: ledger.shares(groups), caps: ledger.caps(at) };
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
      verdicts.set(one.lead.id, verdict);
      if (verdict.retry && verdict.rule !== null) {
        const waiting = new Map(one.lead.waiting).set(verdict.rule, verdict.retry.since);
        put(Math.max(hour + 1, Math.ceil(verdict.retry.at.getTime() / STEP_MS)), { ...one, lead: { ...one.lead, waiting } });
        continue;
      }
      for (const { rows } of verdict.tables)
        for (const row of rows) for (const { code } of row.reasons) reasons.set(code, (reasons.get(code) ?? 0) + 1);
    }
  }
  return { verdicts, reasons };
}

/** Which rule each verdict counts for. */
export const ruleOf = (verdict: Verdict): string => verdict.rule ?? (verdict.destination === 'sticky' ? 'sticky' : OTHERWISE);
