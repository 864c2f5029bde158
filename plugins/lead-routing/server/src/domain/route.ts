import { OTHERWISE, type RerouteGuard, type RouteReason, type RuleTrace, type TieBreak } from '../../../contracts';
import { createBoard, type Board, type Candidate } from './board';
import type { Entitled } from './entitlement';
import type { CandidateRef, Plan, PlannedRule, RoutedLead, Target, World } from './facts';
import { canKeep } from './filters';
import { inOrder } from './order';
import type { SeatChange } from './seats';
import { WEIGHT_PARTS } from './weight';

/** How long a lead waits between two tries. */
const RETRY_MS = 5 * 60_000;
/** An answer that is not here so long after its time-out will not come. */
const WEBHOOK_GRACE_MS = 30_000;

export interface Verdict {
  readonly lead: number;
  readonly reason: RouteReason;
  readonly owner: number | null;
  readonly pool: number | null;
  /** Key of the rule that decided, `otherwise` included. */
  readonly rule: string | null;
  readonly group: string | null;
  readonly destination: string | null;
  readonly tie?: TieBreak;
  readonly guard?: RerouteGuard;
  readonly retry?: { readonly at: Date; readonly since: Date };
  /** Another system is to be asked about this lead at this rule. */
  readonly asks?: boolean;
  /** The chosen one stands for this person, who is on leave. */
  readonly standsFor?: number;
  readonly trace: readonly RuleTrace[];
  readonly tables: readonly { readonly rule: string; readonly rows: readonly Candidate[] }[];
}

export interface Routed {
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly changes: readonly SeatChange[];
  readonly entitled: readonly Entitled[];
}

type Step = Omit<Verdict, 'lead' | 'trace' | 'tables'>;
type Attempt =
  | { readonly step: Step; readonly row?: number; readonly verdict?: 'fallback' }
  | {
      readonly empty: true;
      readonly opensAt: Date | null;
      readonly freeAt?: Date | null;
      readonly verdict?: 'no-row' | 'ambiguous' | 'no-answer';
      readonly row?: number;
    };

const EMPTY: Attempt = { empty: true, opensAt: null };
const DAY_MS = 86_400_000;

const toOwner = (planned: PlannedRule, owner: number, reason: RouteReason, tie?: TieBreak): Step => ({
  reason,
  owner,
  pool: null,
  rule: planned.rule.key,
  group: planned.group,
  destination: planned.rule.destination.kind,
  ...(tie ? { tie } : {}),
});

function excludedFor(lead: RoutedLead, planned: PlannedRule, plan: Plan): ReadonlySet<number> {
  const last = Math.max(planned.rule.filters.excludePrevious, lead.reroute ? plan.body.reroute.excludeLast : 0);
  return new Set([...(lead.reroute && lead.ownerId !== null ? [lead.ownerId] : []), ...lead.previousOwners.slice(0, last)]);
}

/** The rule a lead waits at, for how many seconds at most, when the first of its people opens, and when the first cap is free again. */
type Pause = readonly [planned: PlannedRule, seconds: number, opensAt: Date | null, freeAt: Date | null];

/** Decides one lead after the other on a shared board. */
class Router {
  private readonly trace: RuleTrace[] = [];
  private readonly tables: { rule: string; rows: readonly Candidate[] }[] = [];

  constructor(
    private readonly lead: RoutedLead,
    private readonly plan: Plan,
    private readonly world: World,
    private readonly board: Board,
    private readonly now: Date,
  ) {}

  /** What it waits for, once it does. */
  pause: Pause | null = null;

  /** It waits for the same as a lead before it; null = its time at that rule is over. */
  waitLike({ verdict, pause }: Held): Verdict | null {
    const step = this.wait(...pause);
    return step ? { ...verdict, ...step, lead: this.lead.id } : null;
  }

  decide(): Verdict {
    const step = this.forced() ?? this.sticky() ?? (this.lead.guard ? this.exhausted() : (this.byRules() ?? this.exhausted()));
    return { ...step, ...(this.lead.guard ? { guard: this.lead.guard } : {}), lead: this.lead.id, trace: this.trace, tables: this.tables };
  }

  /** A step of the ladder that names the place itself. */
  private forced(): Step | null {
    const { forced } = this.lead;
    if (!forced) return null;
    if (forced.kind === 'manager') return this.toManager() ?? this.exhausted();
    const reason = forced.offered ? 'OFFERED' : 'RULE';
    return { reason, owner: null, pool: forced.pool, rule: null, group: null, destination: 'pool' };
  }

  /** duplicate's owner, account owner, previous owner, in this order; not for a lead that was just taken from somebody. */
  private sticky(): Step | null {
    if (this.lead.reroute) return null;
    const { awayDays } = this.plan.body.sticky;
    const found = this.lead.sticky.find(
      ({ member }) => !this.lead.refusedBy?.has(member) && canKeep(this.world.people.get(member), this.now, awayDays),
    );
    return found ? { reason: found.reason, owner: found.member, pool: null, rule: null, group: null, destination: 'sticky' } : null;
  }

  private byRules(): Step | null {
    for (const planned of this.plan.rules.map((one) => this.inHours(one))) {
      const { rule } = planned;
      if (!this.lead.holds.has(rule.key)) {
        this.trace.push({ rule: rule.key, verdict: 'no-match' });
        continue;
      }
      const attempt = this.attempt(planned, planned.target, 'RULE');
      const row = attempt.row === undefined ? {} : { row: attempt.row };
      if ('step' in attempt) {
        const verdict = attempt.step.asks ? 'asked' : attempt.step.reason === 'HELD' ? 'held' : (attempt.verdict ?? 'chosen');
        this.trace.push({ rule: rule.key, verdict, ...row });
        return attempt.step;
      }
      const step = this.outOfHours(planned, attempt.opensAt) ?? this.onEmpty(planned, attempt.opensAt, attempt.freeAt ?? null);
      const waited = planned.target.kind === 'hold' || rule.onEmpty === 'hold' ? 'waited' : 'empty';
      const verdict = step?.reason === 'HELD' ? 'held' : (attempt.verdict ?? (step ? 'empty' : waited));
      this.trace.push({ rule: rule.key, verdict, ...row });
      if (step) return step;
    }
    return null;
  }

  /** What is left when no rule took it: the manager of the one who lost it, else the mandatory last rule. */
  private exhausted(): Step {
    const manager = this.lead.reroute && this.plan.body.reroute.onExhausted === 'manager' ? this.toManager() : null;
    if (manager) return manager;
    const last = this.plan.otherwise;
    const attempt = this.attempt(last, last.target, 'OTHERWISE');
    this.trace.push({ rule: OTHERWISE, verdict: 'step' in attempt ? 'chosen' : 'empty' });
    return 'step' in attempt
      ? attempt.step
      : { reason: 'NO_CANDIDATE', owner: null, pool: null, rule: null, group: null, destination: null };
  }

  private toManager(): Step | null {
    const owner = this.lead.ownerId === null ? undefined : this.world.people.get(this.lead.ownerId);
    if (!owner?.managerId || owner.managerId === owner.id || !canKeep(this.world.people.get(owner.managerId), this.now)) return null;
    return { reason: 'MANAGER', owner: owner.managerId, pool: null, rule: null, group: null, destination: 'manager' };
  }

  /** with `onlyInHours` a lead is taken from somebody only for people who are at work. */
  private inHours(planned: PlannedRule): PlannedRule {
    const { filters } = planned.rule;
    if (!this.lead.reroute || !this.plan.body.reroute.onlyInHours || filters.workingHours !== 'ignore') return planned;
    return { ...planned, rule: { ...planned.rule, filters: { ...filters, workingHours: 'now' } } };
  }

  private attempt(planned: PlannedRule, target: Target, reason: RouteReason): Attempt {
    switch (target.kind) {
      case 'pool':
        if (target.poolId === null) return EMPTY;
        return { step: { reason, owner: null, pool: target.poolId, rule: planned.rule.key, group: null, destination: 'pool' } };
      case 'people':
        return this.choose(planned, target.candidates, reason);
      case 'account-owner':
        return this.one(planned, this.lead.accountOwner, reason);
      case 'previous-owner': {
        const [last] = this.lead.pastOwners ?? [];
        const recent = last !== undefined && this.now.getTime() - last.at.getTime() <= target.days * DAY_MS;
        return this.one(planned, recent ? last.member : null, reason);
      }
      case 'table': {
        const hit = this.lead.rows?.get(planned.rule.key) ?? 'none';
        if (typeof hit !== 'number') return { empty: true, opensAt: null, verdict: hit === 'none' ? 'no-row' : 'ambiguous' };
        const found = target.rows.get(hit);
        if (!found) return EMPTY;
        return { ...this.attempt({ ...planned, group: found.group }, found.target, reason), row: hit };
      }
      case 'webhook':
        return this.webhook(planned, target, reason);
      case 'custom':
        return this.choose(planned, this.lead.named?.get(planned.rule.key) ?? [], reason);
      case 'hold': {
        const step = this.wait(planned, target.seconds, null, null);
        return step ? { step } : EMPTY;
      }
    }
  }

  /** One named person; the filters of the rule hold for him as for everybody. */
  private one(planned: PlannedRule, id: number | null, reason: RouteReason): Attempt {
    return id === null ? EMPTY : this.choose(planned, [{ id, weight: WEIGHT_PARTS, place: 0 }], reason);
  }

  /** Asks once and waits; what it answered is checked like any candidate, and the fallback takes what it does not answer. */
  private webhook(planned: PlannedRule, target: Extract<Target, { kind: 'webhook' }>, reason: RouteReason): Attempt {
    const answer = this.lead.answers?.get(planned.rule.key);
    if (!answer) {
      const at = new Date(this.now.getTime() + target.timeoutMs + WEBHOOK_GRACE_MS);
      const wait = { reason: 'HELD' as const, owner: null, pool: null, rule: planned.rule.key, group: null, destination: 'webhook' };
      if (this.lead.reroute) return this.attempt(planned, target.fallback, reason);
      return { step: { ...wait, asks: true, retry: { at, since: this.now } } };
    }
    if (answer.kind === 'member') return this.one(planned, answer.member, reason);
    if (answer.kind === 'pool') return this.attempt(planned, { kind: 'pool', poolId: answer.pool }, reason);
    const fallback = this.attempt(planned, target.fallback, reason);
    return 'step' in fallback ? { ...fallback, verdict: 'fallback' } : { ...fallback, verdict: 'no-answer' };
  }

  private choose(planned: PlannedRule, candidates: readonly CandidateRef[], reason: RouteReason): Attempt {
    const found = this.board.find(planned, candidates, this.lead, excludedFor(this.lead, planned, this.plan));
    this.tables.push({ rule: planned.rule.key, rows: found.candidates });
    if (!found.choice) return { empty: true, opensAt: found.opensAt, freeAt: found.freeAt };
    const step = toOwner(planned, found.choice.id, reason, found.choice.tie);
    return { step: found.standsFor === null ? step : { ...step, standsFor: found.standsFor } };
  }

  private outOfHours(planned: PlannedRule, opensAt: Date | null): Step | null {
    if (!this.lead.reroute || !this.plan.body.reroute.onlyInHours || opensAt === null) return null;
    const stay = { owner: null, pool: null, rule: planned.rule.key, group: null, destination: null };
    return { ...stay, reason: 'OUT_OF_HOURS', retry: { at: opensAt, since: this.now } };
  }

  private onEmpty(planned: PlannedRule, opensAt: Date | null, freeAt: Date | null): Step | null {
    const { onEmpty, holdSeconds } = planned.rule;
    if (planned.target.kind === 'hold' || onEmpty === 'next') return null;
    if (onEmpty === 'hold') return this.wait(planned, holdSeconds, opensAt, freeAt);
    if (planned.onEmpty === null) return null;
    if (planned.onEmpty.kind === 'people') {
      const member = planned.onEmpty.candidates[0]?.id;
      const free =
        member !== undefined && canKeep(this.world.people.get(member), this.now) && !excludedFor(this.lead, planned, this.plan).has(member);
      return free ? { ...toOwner(planned, member, 'ON_EMPTY'), destination: 'member' } : null;
    }
    const attempt = this.attempt(planned, planned.onEmpty, 'ON_EMPTY');
    return 'step' in attempt ? attempt.step : null;
  }

  /** waits at a rule until its time is over; a lead that somebody holds is never parked. */
  private wait(...[planned, seconds, opensAt, freeAt]: Pause): Step | null {
    const since = this.lead.waiting.get(planned.rule.key) ?? this.now;
    const until = since.getTime() + seconds * 1000;
    if (until <= this.now.getTime() || this.lead.reroute) return null;
    const next = Math.min(opensAt?.getTime() ?? this.now.getTime() + RETRY_MS, freeAt?.getTime() ?? Number.POSITIVE_INFINITY);
    const soon = planned.target.kind === 'hold' ? until : next;
    this.pause = [planned, seconds, opensAt, freeAt];
    const at = new Date(Math.min(until, Math.max(soon, this.now.getTime() + 1000)));
    return { reason: 'HELD', owner: null, pool: null, rule: planned.rule.key, group: null, destination: 'hold', retry: { at, since } };
  }
}

/** A lead that waits, and what for. */
type Held = { readonly verdict: Verdict; readonly pause: Pause };

/**
 * The whole decision, pure: the same facts give the same verdicts. Leads are decided best first on one board, on which caps and
 * capacity count down; test leads come last and take nothing.
 * @param alike a text that leads share of which one finds nobody when another found nobody before it: only the first of them is looked at, until
 *   somebody gets or loses a lead; null = it is like no other
 */
export function routeLeads(
  leads: readonly RoutedLead[],
  plans: ReadonlyMap<number, Plan>,
  world: World,
  now: Date,
  alike: (lead: RoutedLead, plan: Plan, now: Date) => string | null = () => null,
): Routed {
  const board = createBoard(world, now);
  const verdicts = new Map<number, Verdict>();
  const held = new Map<string, Held>();
  for (const lead of inOrder(leads)) {
    const plan = plans.get(lead.versionId);
    if (!plan) continue;
    const router = new Router(lead, plan, world, board, now);
    const kind = alike(lead, plan, now);
    const other = kind === null ? undefined : held.get(kind);
    const verdict = (other && router.waitLike(other)) ?? router.decide();
    verdicts.set(lead.id, verdict);
    if (kind !== null && router.pause) held.set(kind, { verdict, pause: router.pause });
    if (lead.test || verdict.reason === 'HELD' || verdict.reason === 'OUT_OF_HOURS') continue;
    held.clear();
    if (lead.ownerId !== null && (verdict.owner !== null || verdict.pool !== null)) board.leave(lead.ownerId, lead);
    if (verdict.owner !== null) board.take(verdict.group ?? '', verdict.owner, lead);
  }
  return { verdicts, changes: board.changes(), entitled: board.entitled() };
}
