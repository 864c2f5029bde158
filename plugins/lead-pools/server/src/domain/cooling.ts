import type { Cooling, LeaveWay } from '../../../contracts';
import { after, type Calendar } from './time';

/** One time a person lost a lead. */
export interface Departure {
  readonly memberId: number;
  readonly teamId: number | null;
  readonly at: Date;
  readonly way: LeaveWay;
  /** Release reason, where one was given. */
  readonly reason: string | null;
}

/** The closest wait that is said: for the reason, for the way of leaving, else the general one; null = none. */
function waitOf(cooling: Cooling, { way, reason }: Departure): string | null {
  if (way === 'released' && reason !== null && Object.hasOwn(cooling.reasons, reason)) return cooling.reasons[reason] ?? null;
  const byWay = cooling.ways[way];
  return byWay === undefined ? (cooling.after ?? null) : byWay;
}

export const hasCooling = (cooling: Cooling): boolean =>
  [cooling.after, ...Object.values(cooling.ways), ...Object.values(cooling.reasons)].some((wait) => typeof wait === 'string');

/**
 * Until when a person has to wait before he may take a lead again; null = he may now. The last `owners` different former owners wait, with
 * `team` their colleagues too; of several waits the longest counts.
 */
export function coolingUntil(
  cooling: Cooling,
  departures: readonly Departure[],
  person: { readonly id: number; readonly teamId: number | null },
  calendar: Calendar,
  now: Date,
): Date | null {
  const latest = [...departures].sort((a, b) => b.at.getTime() - a.at.getTime());
  const owners = new Map<number, Departure>();
  for (const departure of latest) if (!owners.has(departure.memberId)) owners.set(departure.memberId, departure);
  let until: Date | null = null;
  for (const departure of [...owners.values()].slice(0, cooling.owners ?? owners.size)) {
    const concerned = departure.memberId === person.id || (cooling.team && departure.teamId !== null && departure.teamId === person.teamId);
    const wait = concerned ? waitOf(cooling, departure) : null;
    const end = wait === null ? null : after(calendar, departure.at, wait, cooling.time);
    if (end !== null && (until === null || end.getTime() > until.getTime())) until = end;
  }
  return until !== null && until.getTime() > now.getTime() ? until : null;
}
