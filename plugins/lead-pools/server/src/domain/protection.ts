import type { Protection } from '../../../contracts';
import { after, type Calendar } from './time';

type Rule = Protection['rules'][number];

/** The latest moment any protection by rule or request may reach for a lead held since then; null = no bound. */
export const protectionBound = (protection: Pick<Protection, 'max'>, heldSince: Date, calendar: Calendar): Date | null =>
  protection.max ? after(calendar, heldSince, protection.max) : null;

const earlier = (a: Date, b: Date | null): Date => (b !== null && b.getTime() < a.getTime() ? b : a);

/** The longest protection of the rules that apply to a lead taken at `heldSince`, within the bound; null = none. */
export function grantByRules(
  protection: Pick<Protection, 'max'>,
  rules: readonly Rule[],
  heldSince: Date,
  calendar: Calendar,
): { readonly rule: string; readonly until: Date } | null {
  const bound = protectionBound(protection, heldSince, calendar);
  let best: { rule: string; until: Date } | null = null;
  for (const rule of rules) {
    const end = after(calendar, heldSince, rule.for, rule.time);
    if (end === null) continue;
    const until = earlier(end, bound);
    if (best === null || until.getTime() > best.until.getTime()) best = { rule: rule.key, until };
  }
  return best;
}

export type RequestCheck =
  | { readonly ok: true; readonly until: Date; readonly automatic: boolean }
  | {
      readonly ok: false;
      readonly code: 'PROTECTION_NOT_OFFERED' | 'PROTECTION_REQUESTS_USED' | 'PROTECTION_TOO_LONG' | 'PROTECTION_MAX';
      readonly details: Readonly<Record<string, unknown>>;
    };

/**
 * Whether a request may be made, and until when it would protect: `from` (now, or the recycle date for an extension) + the time asked for,
 * within the longest time of one request and the bound of the holding. `made` = requests made for this holding already.
 */
export function checkRequest(
  protection: Protection,
  asked: { readonly from: Date; readonly for: string; readonly made: number },
  lead: { readonly heldSince: Date; readonly protectedUntil: Date | null },
  calendar: Calendar,
): RequestCheck {
  const { requests } = protection;
  if (!requests.enabled) return { ok: false, code: 'PROTECTION_NOT_OFFERED', details: {} };
  if (asked.made >= requests.perHolding)
    return { ok: false, code: 'PROTECTION_REQUESTS_USED', details: { limit: requests.perHolding, used: asked.made } };
  const end = after(calendar, asked.from, asked.for);
  const longest = after(calendar, asked.from, requests.most);
  if (end === null || (longest !== null && end.getTime() > longest.getTime()))
    return { ok: false, code: 'PROTECTION_TOO_LONG', details: { most: requests.most, field: 'for' } };
  const bound = protectionBound(protection, lead.heldSince, calendar);
  const until = earlier(end, bound);
  if (until.getTime() <= asked.from.getTime() || (lead.protectedUntil !== null && until.getTime() <= lead.protectedUntil.getTime()))
    return { ok: false, code: 'PROTECTION_MAX', details: { until: lead.protectedUntil ?? bound, max: protection.max ?? null } };
  return { ok: true, until, automatic: asked.made < requests.automatic };
}
