import type { CandidateReason, RuleFilters } from '../../../contracts';
import type { CapUse, Person, PlannedCap, PlannedLimit, RoutedLead } from './facts';

export interface PersonUse {
  /** Open leads against his own capacity, hundredths. */
  readonly load: number;
  readonly limits: readonly { readonly limit: PlannedLimit; readonly load: number }[];
  readonly caps: readonly { readonly cap: Pick<PlannedCap, 'max'>; readonly use: CapUse }[];
  readonly weight: number;
}

const DAY_MS = 86_400_000;

export const isOnLeave = (person: Person, now: Date): boolean =>
  (person.leaveFrom !== null || person.leaveTo !== null) &&
  (person.leaveFrom === null || person.leaveFrom.getTime() <= now.getTime()) &&
  (person.leaveTo === null || person.leaveTo.getTime() > now.getTime());

function shiftReason(person: Person, hours: RuleFilters['workingHours'], now: Date): CandidateReason | null {
  if (hours === 'ignore') return null;
  const { opensAt } = person;
  const latest = now.getTime() + (hours === 'now' ? 0 : hours.withinSeconds * 1000);
  if (opensAt !== null && opensAt.getTime() <= latest) return null;
  return { code: 'OFF_SHIFT', until: opensAt?.toISOString() ?? null };
}

const shown = (hundredths: number): number => Math.round(hundredths) / 100;
const ORDER = { global: 0, group: 1, segment: 2 } as const;

/** his own capacity, then global, group and segment limits; only the first that is full is told. */
function capacityReason(person: Person, filters: RuleFilters, use: PersonUse): CandidateReason | null {
  if (filters.capacity && person.capacity !== null && use.load >= person.capacity * 100) {
    return { code: 'CAPACITY_FULL', n: shown(use.load), m: person.capacity };
  }
  const full = [...use.limits]
    .sort((a, b) => ORDER[a.limit.scope] - ORDER[b.limit.scope])
    .find(({ limit, load }) => load >= limit.max * 100);
  if (!full) return null;
  const { label } = full.limit;
  return { code: 'CAPACITY_FULL', n: shown(full.load), m: full.limit.max, value: full.limit.scope, ...(label ? { label } : {}) };
}

/** What keeps a person from being asked at all right now, whichever lead it is (R-52, R-53 … R-56). Empty = he takes part. */
export function personReasons(person: Person, filters: RuleFilters, use: PersonUse, now: Date): readonly CandidateReason[] {
  const reasons: CandidateReason[] = [];
  if (!person.active) reasons.push({ code: 'DISABLED' });
  if (person.permitted === false) reasons.push({ code: 'NO_PERMISSION' });
  if (isOnLeave(person, now)) reasons.push({ code: 'ON_LEAVE', until: person.leaveTo?.toISOString() ?? null });
  if (!person.online) {
    reasons.push(
      person.offlineUntil === undefined
        ? { code: 'OFFLINE_TOGGLE' }
        : { code: 'AUTO_OFFLINE_AFTER_BREACH', until: person.offlineUntil?.toISOString() ?? null },
    );
  }
  const shift = shiftReason(person, filters.workingHours, now);
  if (shift) reasons.push(shift);
  if (use.weight <= 0) reasons.push({ code: 'WEIGHT_ZERO' });
  const full = capacityReason(person, filters, use);
  if (full) reasons.push(full);
  const capped = use.caps.find(({ cap, use: { used } }) => used >= cap.max);
  if (capped) {
    reasons.push({ code: 'PERIOD_CAP', n: capped.use.used, m: capped.cap.max, until: capped.use.endsAt?.toISOString() ?? null });
  }
  return reasons;
}

const plain = (word: string): string => word.normalize('NFKC').trim().toLowerCase();

function speaks(person: Person, language: string): boolean {
  const code = plain(language).split(/[-_]/)[0] ?? '';
  return person.skills.has(code) || person.skills.has(`language:${code}`);
}

/** His skills hold the lead's value, bare or under the name of the skill. */
export const knows = (person: Person, skill: string, value: string): boolean =>
  person.skills.has(plain(value)) || person.skills.has(`${plain(skill)}:${plain(value)}`);

const filled = (value: string | null | undefined): value is string => value !== null && value !== undefined && value.trim() !== '';

function placeReason(person: Person, territory: RuleFilters['territory'], lead: RoutedLead): CandidateReason | null {
  if (!territory) return null;
  const value = lead.values[territory];
  if (!filled(value) || person.skills.has('territory:*') || person.skills.has(`territory:${plain(value)}`)) return null;
  return { code: 'TERRITORY', value };
}

function historyReason(
  person: Person,
  filters: RuleFilters,
  lead: RoutedLead,
  excluded: ReadonlySet<number>,
  now: Date,
): CandidateReason | null {
  const refused = lead.refusedBy?.get(person.id);
  if (refused === 'conflict') return { code: 'CONFLICT_OF_INTEREST' };
  if (refused !== undefined || excluded.has(person.id)) return { code: 'EXCLUDED_PREVIOUS_OWNER' };
  if (filters.coolingDays === 0) return null;
  const left = lead.pastOwners?.find(({ member }) => member === person.id);
  if (!left) return null;
  const until = new Date(left.at.getTime() + filters.coolingDays * DAY_MS);
  return until.getTime() > now.getTime() ? { code: 'COOLING_UNTIL', until: until.toISOString() } : null;
}

/** What keeps a person from this lead: skills, language, territory, consent, standards, having had it before. */
export function leadReasons(
  person: Person,
  filters: RuleFilters,
  lead: RoutedLead,
  context: { readonly rule: string; readonly excluded: ReadonlySet<number>; readonly now: Date },
): readonly CandidateReason[] {
  const reasons: CandidateReason[] = [];
  for (const { skill, from } of filters.skills) {
    const value = from === undefined ? skill : lead.values[from];
    if (!filled(value)) continue;
    const known = from === undefined ? person.skills.has(plain(value)) : knows(person, skill, value);
    if (!known) reasons.push({ code: 'SKILL_MISSING', value });
  }
  if (filters.language && filled(lead.language) && !speaks(person, lead.language)) {
    reasons.push({ code: 'LANGUAGE', value: lead.language });
  }
  const place = placeReason(person, filters.territory, lead);
  if (place) reasons.push(place);
  if (filters.consent && lead.unreachable?.has(context.rule)) reasons.push({ code: 'CONSENT_CHANNEL', value: filters.consent.channel });
  const missed = lead.standards?.find(({ key }) => !person.meets?.has(key));
  if (missed) reasons.push({ code: 'STANDARD_NOT_MET', value: missed.key, label: missed.label });
  const before = historyReason(person, filters, lead, context.excluded, context.now);
  if (before) reasons.push(before);
  return reasons;
}

/** A sticky owner keeps the lead unless he is gone or away longer than so many days: limits of groups do not bind him. */
export function canKeep(person: Person | undefined, now: Date, awayDays = 0): boolean {
  if (!person?.active || person.permitted === false) return false;
  if (!isOnLeave(person, now)) return true;
  return awayDays > 0 && person.leaveTo !== null && person.leaveTo.getTime() - now.getTime() <= awayDays * DAY_MS;
}
