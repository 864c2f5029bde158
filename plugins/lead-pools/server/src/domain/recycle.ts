import { calendarTime } from '@leadsea/crm-core';
import type { ClockName, RecycleRule, TimeKind } from '../../../contracts';
import { after, before, type Calendar } from './time';

/** What the recycle date of a held lead is computed from, and nothing else. */
export interface RecycleFacts {
  /** A transfer between people does not change it (§5.9). */
  readonly heldSince: Date;
  /** The last follow-up that counts in the lead's pool. */
  readonly lastFollowUpAt: Date | null;
  readonly stageEnteredAt: Date;
  readonly nextActionAt: Date | null;
  /** Ends of contracts by the custom field that keeps them. */
  readonly dates: Readonly<Record<string, Date | null>>;
  readonly protectedUntil: Date | null;
  /** A request for more time waits to be decided (§5.6): until when it asks; null = none. */
  readonly askedUntil?: Date | null;
  /** When the protection ends the lead goes back at once, whatever the rules say. */
  readonly endsProtected: boolean;
  /** The next meeting agreed, and how many days before it the lead stays; null = none, or meetings do not count. */
  readonly meeting: { readonly at: Date; readonly withinDays: number } | null;
  readonly openOpportunity: boolean;
  /** The owner's approved leave, `[from, to)`. */
  readonly leave: { readonly from: Date; readonly to: Date } | null;
  /** Not before this: the grace of rules published while the lead was held. */
  readonly notBefore?: Date | null;
}

export const HOLDS = ['grace', 'protection', 'request', 'meeting', 'leave', 'closed-hours'] as const;
export type Hold = (typeof HOLDS)[number];

export interface RecyclePlan {
  readonly at: Date;
  /** Key of the rule; `protection` = the protection ended. */
  readonly rule: string;
  /** Where the rule starts to count. */
  readonly since: Date;
  /** When its clocks have run out, before anything kept the lead. */
  readonly due: Date;
  /** What kept the lead beyond `due`, in order, each until when. */
  readonly holds: readonly { readonly by: Hold; readonly until: Date }[];
  readonly warns: readonly Date[];
}

interface Clock {
  readonly since: ClockName;
  readonly field?: string | null | undefined;
  readonly after: string;
  readonly time: TimeKind;
}

type Terms = Pick<RecycleRule, 'waitForNextAction' | 'outsideHours' | 'leave'>;

/**
 * Where a clock starts; null = it does not run. Never followed up counts from the claim (§5.7); with `waitForNextAction` a promised next
 * action moves the start there.
 */
export function startOf(clock: Pick<Clock, 'since' | 'field'>, facts: RecycleFacts, waitForNextAction: boolean): Date | null {
  if (clock.since === 'next-action') return facts.nextActionAt;
  if (clock.since === 'contract-end') return (clock.field ? facts.dates[clock.field] : null) ?? null;
  const followUp = facts.lastFollowUpAt;
  const base =
    clock.since === 'stage'
      ? facts.stageEnteredAt
      : clock.since === 'follow-up' && followUp !== null && followUp.getTime() > facts.heldSince.getTime()
        ? followUp
        : facts.heldSince;
  const next = facts.nextActionAt;
  return waitForNextAction && next !== null && next.getTime() > base.getTime() ? next : base;
}

/** Leave inside a clock's run does not count: what was left when it began is added from its end. */
function shiftedByLeave(calendar: Calendar, start: Date, end: Date, time: TimeKind, leave: RecycleFacts['leave']): Date {
  if (!leave || leave.from.getTime() >= end.getTime() || leave.to.getTime() <= start.getTime()) return end;
  const from = leave.from.getTime() > start.getTime() ? leave.from : start;
  if (time === 'calendar') return new Date(leave.to.getTime() + end.getTime() - from.getTime());
  const left = calendarTime.add(calendar, leave.to, calendarTime.elapsed(calendar, from, end));
  return left.ok ? left.at : end;
}

/** When all clocks of a rule have run out; null = one of them does not run, or there is no working time. */
function dueOf(rule: RecycleRule, facts: RecycleFacts, calendar: Calendar): { readonly since: Date; readonly due: Date } | null {
  let latest: { since: Date; due: Date } | null = null;
  for (const clock of [rule, ...rule.also]) {
    const since = startOf(clock, facts, rule.waitForNextAction);
    const plain = since === null ? null : after(calendar, since, clock.after, clock.time);
    if (since === null || plain === null) return null;
    const counted: TimeKind = /^P\d+(D|W)$/.test(clock.after) ? 'calendar' : clock.time;
    const due = rule.leave === 'shift' ? shiftedByLeave(calendar, since, plain, counted, facts.leave) : plain;
    if (latest === null || due.getTime() > latest.due.getTime()) latest = { since, due };
  }
  return latest;
}

const DAY_MS = 86_400_000;
/** Leave may begin where the office opens and the other way round; more turns than this never help. */
const TURNS = 6;

/**
 * What keeps a lead that is due, one after the other: grace, protection, an open request, a meeting, the owner's leave, closed hours (§5.6). A lead that is
 * overdue (a timer that fires late, a calendar that has changed) is looked at as of `now`: leave and closed hours keep it all the same.
 */
function heldBack(due: Date, facts: RecycleFacts, terms: Terms, calendar: Calendar, now: Date): Pick<RecyclePlan, 'at' | 'holds'> {
  const holds: { by: Hold; until: Date }[] = [];
  let at = due;
  const until = (by: Hold, end: Date | null | undefined): void => {
    if (!end || end.getTime() <= at.getTime()) return;
    at = end;
    holds.push({ by, until: end });
  };
  until('grace', facts.notBefore);
  until('protection', facts.protectedUntil);
  until('request', facts.askedUntil);
  const { meeting, leave } = facts;
  if (meeting && meeting.at.getTime() <= at.getTime() + meeting.withinDays * DAY_MS) until('meeting', meeting.at);
  const moment = (): Date => (at.getTime() < now.getTime() ? now : at);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const looked = moment().getTime();
    if (terms.leave !== 'ignore' && leave && leave.from.getTime() <= looked && leave.to.getTime() > looked) until('leave', leave.to);
    if (!terms.outsideHours && !calendarTime.isOpen(calendar, moment())) until('closed-hours', calendarTime.nextOpen(calendar, moment()));
    if (moment().getTime() === looked) break;
  }
  return { at, holds };
}

/** The end of a grace that begins with a publication: a working instant. */
export function graceOf(calendar: Calendar, publishedAt: Date, grace: string): Date | null {
  const plain = after(calendar, publishedAt, grace);
  return plain === null ? null : (calendarTime.nextOpen(calendar, plain) ?? plain);
}

/**
 * Until when rules published while a lead was held leave it alone: the grace counts from the publication. A date its owner was told before
 * stands when it is earlier. Null = these rules were there when he took it.
 * @param graceEnd `graceOf` the publication; one answer for all leads of a pool.
 */
export function graceEnds(
  publishedAt: Date,
  graceEnd: () => Date | null,
  held: { readonly since: Date; readonly told: Date | null },
): Date | null {
  if (held.since.getTime() >= publishedAt.getTime()) return null;
  const end = graceEnd();
  return end !== null && held.told !== null && held.told.getTime() < end.getTime() ? held.told : end;
}

const PROTECTION_TERMS: Terms = { waitForNextAction: false, outsideHours: false, leave: 'wait' };

/**
 * When the lead goes back: a pure function of facts, rules and calendar (§5.6); `now` matters only to what is overdue. Of the rules that
 * apply the earliest wins. Null = no rule applies, or an open opportunity keeps the lead.
 */
export function planRecycle(
  facts: RecycleFacts,
  rules: readonly RecycleRule[],
  warns: readonly string[],
  calendar: Calendar,
  now: Date,
): RecyclePlan | null {
  if (facts.openOpportunity) return null;
  const plans = rules.flatMap((rule) => {
    const run = dueOf(rule, facts, calendar);
    return run ? [{ rule: rule.key, ...run, ...heldBack(run.due, facts, rule, calendar, now) }] : [];
  });
  if (facts.endsProtected && facts.protectedUntil !== null) {
    const due = facts.protectedUntil;
    plans.push({ rule: 'protection', since: facts.heldSince, due, ...heldBack(due, facts, PROTECTION_TERMS, calendar, now) });
  }
  const [first, ...others] = plans;
  if (!first) return null;
  const best = others.reduce((earliest, plan) => (plan.at.getTime() < earliest.at.getTime() ? plan : earliest), first);
  const instants = warns.flatMap((warn) => before(calendar, best.at, warn) ?? []).sort((a, b) => a.getTime() - b.getTime());
  return { ...best, warns: instants };
}
