import { OTHERWISE, type MoveCause } from '../../../contracts';
import { alike } from './alike';
import { Course, groupsOfPlan } from './course';
import type { Person, Plan, RoutedLead, World } from './facts';
import { routeLeads, type Routed, type Verdict } from './route';

/** When a lead was really decided: the change set whose facts are kept. */
export interface Decided {
  readonly at: Date;
  readonly facts: string;
  /** Number of the decision: the order in which things happened. */
  readonly order: number;
}

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
  /** Who got it in truth, and by which rule; absent = nothing is known of that. */
  readonly was?: { readonly owner: number | null; readonly rule: string | null };
  /** When it moved on in truth, by whatever it was: from then on it is in the replay where it really was. Null = it has not. */
  readonly keptUntil?: Date | null;
  /** Decisions about it of which the facts are kept: the first at once, the others after it had waited. */
  readonly decided?: readonly Decided[];
}

/** One change set as it was really decided, made ready for the policy that is replayed. */
export interface PastSet {
  readonly world: World;
  /** The policy that is replayed, with the people its rules led to then, and those of the other leads. */
  readonly plans: ReadonlyMap<number, Plan>;
  /** Leads that were decided in it, with what was known of them then. */
  readonly leads: ReadonlyMap<number, RoutedLead>;
  /** Another policy decided about this lead then, or this one said something else. */
  changed(lead: number): boolean;
  /** A lead of the replay with what was known of it then. */
  known(lead: RoutedLead): RoutedLead;
  /** What was decided then, by lead. */
  truth(): ReadonlyMap<number, Verdict>;
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
  /** The facts of a change set that are kept; null = they are gone. */
  readonly setOf?: (facts: string) => PastSet | null;
}

export interface BackTestResult {
  /** By occasion; what somebody had already is not there. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** Why an occasion may have ended otherwise than in truth. */
  readonly causes: ReadonlyMap<number, MoveCause>;
  /** How often each reason kept somebody from a lead. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** Where a replay stands: the moment of the step it is about to do, in ms, and the facts it needs for that; `ahead` = for those that follow. */
export interface AtStep {
  readonly at: number;
  readonly facts: string | null;
  ahead(steps: number): readonly string[];
}

const STEP_MS = 3_600_000;

/** What a webhook would say is not known: its fallback is taken. */
const answered = (one: PastLead, plan: Plan): PastLead => ({
  ...one,
  lead: {
    ...one.lead,
    together: one.at.getTime(),
    answers: new Map(plan.rules.filter(({ target }) => target.kind === 'webhook').map(({ rule }) => [rule.key, { kind: 'failed' }])),
  },
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

interface Step {
  readonly key: string;
  /** Where in time the step lies, and which comes first of those at the same moment. */
  readonly at: number;
  readonly order: number;
  /** Facts of a change set that are kept; null = an hour of leads of which nothing is kept. */
  readonly facts: string | null;
  /** By lead. */
  readonly batch: Map<number, PastLead>;
}

/** What is left to decide, in the order of time: change sets of which the facts are kept, and the other leads by the hour. */
class Agenda {
  private readonly steps = new Map<string, Step>();
  private sorted: Step[] | null = null;

  put(one: PastLead, at: Date): void {
    const [decided] = one.decided ?? [];
    const hour = Math.floor(at.getTime() / STEP_MS);
    if (decided) this.add(decided.facts, decided.at.getTime(), decided.order, decided.facts, one);
    else this.add(`${hour}`, hour * STEP_MS, 0, null, one);
  }

  private add(key: string, at: number, order: number, facts: string | null, one: PastLead): void {
    const known = this.steps.get(key);
    // A lead that comes twice in one hour comes in two steps.
    if (known?.batch.has(one.lead.id)) return this.add(`${key}+`, at, order + 1, facts, one);
    if (known) known.batch.set(one.lead.id, one);
    else {
      const step = { key, at, order, facts, batch: new Map([[one.lead.id, one]]) };
      this.steps.set(key, step);
      if (this.sorted) this.sorted.splice(this.placeOf(step), 0, step);
    }
  }

  /** Later steps come first in the list, so that the next one is its last. */
  private placeOf(step: Step): number {
    const list = this.sorted ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = list[middle];
      if (other && (other.at - step.at || other.order - step.order) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private inOrder(): Step[] {
    this.sorted ??= [...this.steps.values()].sort((a, b) => b.at - a.at || b.order - a.order);
    return this.sorted;
  }

  /** The step that is next, without taking it. */
  get first(): Step | undefined {
    return this.inOrder().at(-1);
  }

  /** Facts of the steps that are next. */
  factsOf(steps: number): readonly string[] {
    return this.inOrder()
      .slice(-steps)
      .flatMap(({ facts }) => facts ?? []);
  }

  next(): Step | null {
    const step = this.inOrder().pop() ?? null;
    if (step) this.steps.delete(step.key);
    return step;
  }
}

class Replay {
  readonly verdicts = new Map<number, Verdict>();
  readonly causes = new Map<number, MoveCause>();
  readonly reasons = new Map<string, number>();
  private readonly owned = new Set<number>();
  private readonly agenda = new Agenda();
  private readonly course: Course;
  private readonly replayed: ReadonlySet<number>;

  constructor(private readonly input: BackTestInput) {
    this.course = new Course(input);
    this.replayed = new Set(input.leads.map(({ lead }) => lead.id));
    const inOrder = [...input.leads].sort((a, b) => a.at.getTime() - b.at.getTime() || a.occasion - b.occasion);
    for (const one of inOrder) this.agenda.put(answered(one, input.plan), one.at);
  }

  /** Null = all is done. */
  get stands(): AtStep | null {
    const { first } = this.agenda;
    return first ? { at: first.at, facts: first.facts, ahead: (steps) => this.agenda.factsOf(steps) } : null;
  }

  /** One change set, or one hour. */
  step(): void {
    const step = this.agenda.next();
    if (!step) return;
    for (const one of step.batch.values()) {
      if (!one.explicit) continue;
      this.course.keep(one);
      this.verdicts.set(one.occasion, explicitly(one.lead.id, one.explicit));
      if (one.explicit.owner !== null) this.owned.add(one.lead.id);
    }
    const batch = [...step.batch.values()].filter(({ explicit, fromPool, lead }) => !explicit && !(fromPool && this.owned.has(lead.id)));
    if (batch.length > 0) this.decide(step, batch);
  }

  private decide({ at: time, facts }: Step, batch: readonly PastLead[]): void {
    const { plan, setOf } = this.input;
    const set = facts === null || !setOf ? null : setOf(facts);
    const latest = Math.max(...batch.map(({ lead, at: came }) => (lead.waiting.size > 0 ? time : came.getTime())));
    const at = new Date(set ? time : latest);
    const world = this.course.world(at, groupsOfPlan(set?.plans.get(plan.versionId) ?? plan), set);
    const byLead = new Map(batch.map((one) => [one.lead.id, one]));
    const beside = [...(set?.leads.values() ?? [])].filter(({ id, reroute }) => !byLead.has(id) && (reroute || !this.replayed.has(id)));
    const leads = [...batch.map(({ lead }) => set?.known(lead) ?? lead), ...beside];
    const wasTrue = this.course.isTrue;
    const routed = routeLeads(leads, set?.plans ?? new Map([[plan.versionId, plan]]), world, at, alike);
    const ended = new Map(batch.flatMap((one) => (this.waits(one, routed, at) ? [] : [[one.lead.id, one] as const])));
    this.course.book(routed, leads, ended, at, set);
    for (const one of ended.values())
      this.note(one, routed, !set ? 'NO_FACTS' : set.changed(one.lead.id) ? 'POLICY' : wasTrue ? 'OTHER' : 'FOLLOWS');
  }

  /** A lead that waits comes again: when it was really tried again, or in the hour after its timer. */
  private waits(one: PastLead, { verdicts }: Routed, at: Date): boolean {
    const verdict = verdicts.get(one.lead.id);
    if (!verdict?.retry || verdict.rule === null) return false;
    const { rule, retry } = verdict;
    const isWaiting = one.lead.waiting.get(rule)?.getTime() === retry.since.getTime();
    const [, ...later] = one.decided ?? [];
    const again = isWaiting ? one : { ...one, lead: { ...one.lead, waiting: new Map(one.lead.waiting).set(rule, retry.since) } };
    const next = Math.max(Math.floor(at.getTime() / STEP_MS) + 1, Math.ceil(retry.at.getTime() / STEP_MS));
    const isTried = later.length > 0 && this.course.isTrue;
    this.verdicts.set(one.occasion, verdict);
    if (isTried || next * STEP_MS <= this.input.until.getTime())
      this.agenda.put(again.decided?.length ? { ...again, decided: isTried ? later : [] } : again, new Date(next * STEP_MS));
    return true;
  }

  private note({ occasion, lead }: PastLead, { verdicts }: Routed, cause: MoveCause): void {
    const verdict = verdicts.get(lead.id);
    if (!verdict) return;
    this.verdicts.set(occasion, verdict);
    this.causes.set(occasion, cause);
    if (verdict.owner !== null) this.owned.add(lead.id);
    for (const { rows } of verdict.tables)
      for (const row of rows) for (const { code } of row.reasons) this.reasons.set(code, (this.reasons.get(code) ?? 0) + 1);
  }
}

/**
 * Replays arrivals through one policy, each change set of which the facts are kept as it really was, the other leads by the hour: shares, caps,
 * capacity and shifts of that time, moved on by what the replay itself gives; leads that waited are tried again, leads that came to routing
 * again come again. Pure; the same input gives the same answer. It yields before every step, so that whoever drives it can let others work, fetch the
 * facts of that step, tell how far it is, or stop it.
 */
export function* backTestSteps(input: BackTestInput): Generator<AtStep, BackTestResult, void> {
  const replay = new Replay(input);
  for (let stands = replay.stands; stands; stands = replay.stands) {
    yield stands;
    replay.step();
  }
  const { verdicts, causes, reasons } = replay;
  return { verdicts, causes, reasons };
}

/** The same in one go. */
export function backTest(input: BackTestInput): BackTestResult {
  const steps = backTestSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** What comes before the rules, as lines of the report. */
export const BEFORE_RULES = ['EXPLICIT', 'STICKY_DUPLICATE', 'STICKY_ACCOUNT', 'STICKY_PREVIOUS'] as const;

/** Which line of the report each verdict counts for: its rule, or what came before the rules. */
export const ruleOf = ({ rule, reason }: Verdict): string => rule ?? BEFORE_RULES.find((step) => step === reason) ?? OTHERWISE;
