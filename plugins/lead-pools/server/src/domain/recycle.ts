import { calendarTime } from '@leadsea/crm-core';
import type { RecycleRule } from '../../../contracts';

type Calendar = Parameters<typeof calendarTime.add>[0];

export interface RecycleFacts {
  readonly heldSince: Date;
  readonly lastFollowUpAt: Date | null;
  readonly stageEnteredAt: Date;
  readonly nextActionAt: Date | null;
  readonly protectedUntil: Date | null;
  /** Not before this: the grace of rules published while the lead was held. */
  readonly notBefore?: Date | null;
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
  const result =
    parsed.kind === 'seconds'
      ? calendarTime.subtract(calendar, at, parsed.seconds)
      : calendarTime.subtractBusinessDays(calendar, at, parsed.days, 'same-time');
  return result.ok ? result.at : null;
}

/**
 * Until when rules published while a lead was held leave it alone: the grace counts from the publication. A date its owner was told before
 * stands when it is earlier. Null = these rules were there when he took it.
 */
export function graceEnds(
  calendar: Calendar,
  publishedAt: Date,
  grace: string,
  held: { readonly since: Date; readonly told: Date | null },
): Date | null {
  if (held.since.getTime() >= publishedAt.getTime()) return null;
  const end = after(calendar, publishedAt, grace);
  return end !== null && held.told !== null && held.told.getTime() < end.getTime() ? held.told : end;
}

/**
 * When the lead goes back, by the earliest of the rules that apply: a pure function of facts, rules and calendar (§5.6), never outside
 * business hours, never before a protection or a grace ends. Null = no rule applies.
 */
export function planRecycle(
  facts: RecycleFacts,
  rules: readonly RecycleRule[],
  warns: readonly string[],
  calendar: Calendar,
): RecyclePlan | null {
  let best: { at: Date; rule: string; since: Date } | null = null;
  for (const rule of rules) {
    const since = anchorOf(rule, facts);
    const at = after(calendar, since, rule.after);
    if (at && (best === null || at.getTime() < best.at.getTime())) best = { at, rule: rule.key, since };
  }
  if (best === null) return null;
  const floor = Math.max(facts.protectedUntil?.getTime() ?? 0, facts.notBefore?.getTime() ?? 0);
  const guarded = floor > best.at.getTime() ? (calendarTime.nextOpen(calendar, new Date(floor)) ?? new Date(floor)) : best.at;
  const instants = warns.flatMap((warn) => before(calendar, guarded, warn) ?? []).sort((a, b) => a.getTime() - b.getTime());
  return { ...best, at: guarded, warns: instants };
}
