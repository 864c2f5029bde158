import type { Kit } from '@leadsea/crm-core';
import type { PlainDestination, RoutingRule, WeekStart } from '../../../contracts';
import { destinationText } from '../../../contracts';
import type { CandidateRef, PlannedRule } from '../domain/facts';
import { daysBeforeMonday } from '../domain/week';

/** A draft that runs silently has a ledger of its own, which no report and no cap of the live policies counts. */
export const groupKey = (policy: string, rule: string): string => `${policy.startsWith('silent:') ? '' : 'route:'}${policy}:${rule}`;

const two = (value: number): string => String(value).padStart(2, '0');

const days = new Map<string, Intl.DateTimeFormat>();
/** Tells the local day; making one takes much longer than using it. */
function dayIn(zone: string): Intl.DateTimeFormat {
  const known = days.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  days.set(zone, known);
  return known;
}

/** The running period in a zone, as it ends the name of a group that counts per period; a week begins so many days `before` Monday. */
export function periodName(per: 'day' | 'week' | 'month', now: Date, zone: string, before: 0 | 1 | 2 = 0): string {
  const parts = dayIn(zone).format(now);
  if (per === 'month') return parts.slice(0, 7);
  if (per === 'day') return parts;
  const day = new Date(`${parts}T00:00:00Z`);
  const first = new Date(day.getTime() - ((day.getUTCDay() + 6 + before) % 7) * 86_400_000);
  return `${first.getUTCFullYear()}-${two(first.getUTCMonth() + 1)}-${two(first.getUTCDate())}w`;
}

/** What a ranking adds to the name of its group: a new count per period, or values instead of leads. */
export function rankingSuffix(rule: Pick<RoutingRule, 'ranking' | 'period'>, now: Date, zone: string, weekStart: WeekStart): string {
  if (rule.ranking === 'quality-balanced') return '#value';
  // A group has no locale of its own: there it is Monday.
  return rule.ranking === 'count-in-period' ? `@${periodName(rule.period, now, zone, daysBeforeMonday(weekStart, null))}` : '';
}

/** Rows of a table that point to the same people share one ledger. */
export const rowGroup = (base: string, to: PlainDestination, suffix: string): string => `${base}/${destinationText(to)}${suffix}`;

/** Every group a planned rule may give by, with the people in it. */
export function groupsOf({
  group,
  target,
}: PlannedRule): readonly { readonly group: string; readonly candidates: readonly CandidateRef[] }[] {
  switch (target.kind) {
    case 'people':
    case 'custom':
      return [{ group, candidates: target.candidates }];
    case 'table':
      return [...target.rows.values()].flatMap((row) =>
        row.target.kind === 'people' ? [{ group: row.group, candidates: row.target.candidates }] : [],
      );
    case 'webhook':
      return target.fallback.kind === 'people' ? [{ group, candidates: target.fallback.candidates }] : [];
    default:
      return [];
  }
}

/** The zone of counts of a whole group: that of the calendar of the company. */
export const usualZone = async (kit: Kit): Promise<string> => (await kit.calendar(null))?.tz ?? 'UTC';
