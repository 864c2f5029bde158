import { calendarTime } from '@leadsea/crm-core';
import type { RecycleRule } from '../../../contracts';

type Calendar = Parameters<typeof calendarTime.add>[0];

export interface RecycleFacts {
  readonly heldSince: Date;
  readonly lastFollowUpAt: Date | null;
  readonly stageEnteredAt: Date;
  readonly nextActionAt: Date | null;
  readonly protectedUntil: Date | null;
}

export interface RecyclePlan {
  readonly at: Date;
  readonly rule: string;
  readonly since: Date;
  readonly warns: readonly Date[];
}

/** Where a rule starts to count. Never followed up counts from the claim (§5.7); a promised next action moves the start there. */
export function anchorOf(rule: Pick<RecycleRule, 'since'>, facts: RecycleFacts): Date {
  const base =
    rule.since === 'claim'
      ? facts.heldSince
      : rule.since === 'stage'
        ? facts.stageEnteredAt
        : facts.lastFollowUpAt !== null && facts.lastFollowUpAt.getTime() > facts.heldSince.getTime()
          ? facts.lastFollowUpAt
          : facts.heldSince;
  return facts.nextActionAt !== null && facts.nextActionAt.getTime() > base.getTime() ? facts.nextActionAt : base;
}

/** `P14D` counts calendar days and ends in working time; hours and `BD` count business time. Null when there is no working time. */
export function after(calendar: Calendar, from: Date, duration: string): Date | null {
  const days = /^P(\d+)(D|W)$/.exec(duration);
  if (days) return calendarTime.nextOpen(calendar, new Date(from.getTime() + Number(days[1]) * (days[2] === 'W' ? 7 : 1) * 86_400_000));
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'invalid') return null;
  const result = calendarTime.addDuration(calendar, from, parsed, 'same-time');
  return result.ok ? calendarTime.nextOpen(calendar, result.at) : null;
}

function before(calendar: Calendar, at: Date, duration: string): Date | null {
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'invalid') return null;
  const result = parsed.kind === 'seconds' ? calendarTime.subtract(calendar, at, parsed.seconds) : calendarTime.subtractBusinessDays(calendar, at, parsed.days, 'same-time');
  return result.ok ? result.at : null;
}

/**
 * When the lead goes back, by the earliest of the rules that apply: a pure function of facts, rules and calendar (§5.6), never outside
 * business hours, never before a protection ends. Null = no rule applies.
 */
export function planRecycle(facts: RecycleFacts, rules: readonly RecycleRule[], warns: readonly string[], calendar: Calendar): RecyclePlan | null {
  let best: { at: Date; rule: string; since: Date } | null = null;
  for (const rule of rules) {
    const since = anchorOf(rule, facts);
    const at = after(calendar, since, rule.after);
    if (at && (best === null || at.getTime() < best.at.getTime())) best = { at, rule: rule.key, since };
  }
  if (best === null) return null;
  const guarded = facts.protectedUntil !== null && facts.protectedUntil.getTime() > best.at.getTime() ? (calendarTime.nextOpen(calendar, facts.protectedUntil) ?? facts.protectedUntil) : best.at;
  const instants = warns.flatMap((warn) => before(calendar, guarded, warn) ?? []).sort((a, b) => a.getTime() - b.getTime());
  return { ...best, at: guarded, warns: instants };
}
