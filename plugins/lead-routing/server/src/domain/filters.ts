import type { CandidateReason, RuleFilters } from '../../../contracts';
import type { Person, RoutedLead } from './facts';

export interface PersonUse {
  readonly load: number;
  readonly period: { readonly used: number; readonly max: number; readonly endsAt: Date | null } | null;
  readonly weight: number;
}

const isOnLeave = (person: Person, now: Date): boolean =>
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

/** What keeps a person from being asked at all right now, whichever lead it is (R-52, R-53 … R-56). Empty = he takes part. */
export function personReasons(person: Person, filters: RuleFilters, use: PersonUse, now: Date): readonly CandidateReason[] {
  const reasons: CandidateReason[] = [];
  if (!person.active) reasons.push({ code: 'DISABLED' });
  if (isOnLeave(person, now)) reasons.push({ code: 'ON_LEAVE', until: person.leaveTo?.toISOString() ?? null });
  if (!person.online) reasons.push({ code: 'OFFLINE_TOGGLE' });
  const shift = shiftReason(person, filters.workingHours, now);
  if (shift) reasons.push(shift);
  if (use.weight <= 0) reasons.push({ code: 'WEIGHT_ZERO' });
  if (filters.capacity && person.capacity !== null && use.load >= person.capacity) {
    reasons.push({ code: 'CAPACITY_FULL', n: use.load, m: person.capacity });
  }
  if (use.period && use.period.used >= use.period.max) {
    reasons.push({ code: 'PERIOD_CAP', n: use.period.used, m: use.period.max, until: use.period.endsAt?.toISOString() ?? null });
  }
  return reasons;
}

const plain = (word: string): string => word.trim().toLowerCase();

function speaks(person: Person, language: string): boolean {
  const code = plain(language).split(/[-_]/)[0] ?? '';
  return person.skills.has(code) || person.skills.has(`language:${code}`);
}

/** What keeps a person from this lead: skills, language, having had it before. */
export function leadReasons(
  person: Person,
  filters: RuleFilters,
  lead: RoutedLead,
  excluded: ReadonlySet<number>,
): readonly CandidateReason[] {
  const reasons: CandidateReason[] = [];
  for (const { skill, from } of filters.skills) {
    const value = from === undefined ? skill : lead.values[from];
    if (value === null || value === undefined || value.trim() === '') continue;
    const known = person.skills.has(plain(value)) || (from !== undefined && person.skills.has(`${plain(skill)}:${plain(value)}`));
    if (!known) reasons.push({ code: 'SKILL_MISSING', value });
  }
  if (filters.language && lead.language !== null && lead.language.trim() !== '' && !speaks(person, lead.language)) {
    reasons.push({ code: 'LANGUAGE', value: lead.language });
  }
  if (excluded.has(person.id)) reasons.push({ code: 'EXCLUDED_PREVIOUS_OWNER' });
  return reasons;
}

/** A sticky owner keeps the lead unless he is gone or away: limits of groups do not bind him. */
export const canKeep = (person: Person | undefined, now: Date): boolean => person !== undefined && person.active && !isOnLeave(person, now);
