import { calendarTime } from '@leadsea/crm-core';
import { WARN_PATTERN, type Target, type TargetChange } from '../../../contracts';

/** A target in business seconds. `dueAt` is set where the deadline is a wall time and not a budget (R-6 a, b). */
export interface Budget {
  readonly seconds: number;
  readonly dueAt: Date | null;
}

/** What a target allows from an instant on; null when the calendar never opens. */
export function budgetOf(target: Target, calendar: calendarTime.Calendar, from: Date): Budget | null {
  const duration = calendarTime.parseDuration(target.duration);
  if (duration.kind === 'invalid') throw new Error(duration.reason);
  if (duration.kind === 'seconds') return { seconds: duration.seconds, dueAt: null };
  const due = calendarTime.addBusinessDays(calendar, from, duration.days, target.meaning);
  if (!due.ok) return null;
  if (target.meaning === 'budget') return { seconds: duration.days * calendar.standardDaySeconds, dueAt: null };
  return { seconds: calendarTime.elapsed(calendar, from, due.at), dueAt: due.at };
}

/** a shorter target leaves at least this part of itself. */
const GRACE = 0.25;

/**
 * the budget after the matching target has changed, in business seconds from the start; null keeps the old one.
 * `elapsed` is what has been used.
 */
export function retarget(policy: TargetChange, elapsed: number, old: number, wanted: number, grace = GRACE): number | null {
  switch (policy) {
    case 'keep':
      return null;
    case 'restart':
      return elapsed + wanted;
    case 'retroactive':
      return wanted;
    case 'proportional':
      return elapsed >= old ? null : elapsed + Math.round(wanted * (1 - elapsed / old));
    case 'default':
      return wanted < old ? Math.min(old, Math.max(wanted, elapsed + Math.ceil(wanted * grace))) : null;
  }
}

/** the business time from the start at which a warn is due; null for one that would be due before the start. */
export function warnSeconds(warn: string, target: number): number | null {
  const [, percent, sign, amount, unit] = WARN_PATTERN.exec(warn) ?? [];
  if (percent) return Math.ceil((target * Number(percent)) / 100);
  if (!amount) throw new Error(`"${warn}" is not a warn; write e.g. 80%, -10m, -2h or +1h.`);
  const seconds = target + (sign === '-' ? -1 : 1) * Number(amount) * (unit === 'h' ? 3600 : 60);
  return seconds > 0 ? seconds : null;
}
