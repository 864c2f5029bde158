/** How a held lead would fare under a version that is not live yet. */
export interface Forecast {
  readonly id: number;
  readonly owner: number;
  /** When it would move if there were no grace; null = never. */
  readonly bare: Date | null;
  /** When it would move with grace and staged start; null = never. */
  readonly planned: Date | null;
  /** When it moves under the version that is live. */
  readonly now: Date | null;
  readonly opportunity: boolean;
  readonly meeting: boolean;
  /** An opportunity, a meeting or a protection keeps it though its clocks have run out. */
  readonly kept: boolean;
}

export interface Horizons {
  readonly tonight: Date;
  readonly graceEnds: Date;
  readonly afterGrace: Date;
  readonly week: Date;
}

export const PREFLIGHT_GROUPS = ['tonight', 'afterGrace', 'week', 'withOpportunity', 'withMeeting', 'protected'] as const;
export type PreflightGroup = (typeof PREFLIGHT_GROUPS)[number];
export type Moves = Readonly<Record<PreflightGroup, number>>;

const by = (date: Date | null, end: Date): boolean => date !== null && date.getTime() <= end.getTime();

/** `tonight`: without a grace; `afterGrace`: on the first day after it; the three last are among those of tonight, or kept from being so. */
export function isIn(group: PreflightGroup, lead: Forecast, ends: Horizons): boolean {
  switch (group) {
    case 'tonight':
      return by(lead.bare, ends.tonight);
    case 'afterGrace':
      return by(lead.planned, ends.afterGrace);
    case 'week':
      return by(lead.planned, ends.week);
    case 'withOpportunity':
      return lead.opportunity && by(lead.bare, ends.tonight);
    case 'withMeeting':
      return lead.meeting && by(lead.bare, ends.tonight);
    case 'protected':
      return lead.kept && !by(lead.bare, ends.tonight);
  }
}

/** A number for every group. */
export const eachGroup = (of: (group: PreflightGroup) => number): Moves => ({
  tonight: of('tonight'),
  afterGrace: of('afterGrace'),
  week: of('week'),
  withOpportunity: of('withOpportunity'),
  withMeeting: of('withMeeting'),
  protected: of('protected'),
});

export const movesOf = (leads: readonly Forecast[], ends: Horizons): Moves =>
  eachGroup((group) => leads.filter((lead) => isIn(group, lead, ends)).length);

/** Per person, those who lose most first. People of whom nothing moves are left out. */
export function byPerson(leads: readonly Forecast[], ends: Horizons): readonly { readonly member: number; readonly moves: Moves }[] {
  const owners = new Map<number, Forecast[]>();
  for (const lead of leads) owners.set(lead.owner, [...(owners.get(lead.owner) ?? []), lead]);
  return [...owners]
    .map(([member, own]) => ({ member, moves: movesOf(own, ends) }))
    .filter(({ moves }) => moves.tonight + moves.afterGrace + moves.week + moves.protected > 0)
    .sort((a, b) => b.moves.tonight - a.moves.tonight || b.moves.week - a.moves.week || a.member - b.member);
}

/** No zone changes its day within a quarter of an hour; asking for the day is dear. */
const QUARTER_MS = 900_000;

/** How many leads move on each day of the coming weeks, by the date in the pool's zone. */
export function byDay(
  leads: readonly Forecast[],
  dayOf: (at: Date) => string,
  until: Date,
): readonly { readonly day: string; readonly leads: number }[] {
  const days = new Map<string, number>();
  const known = new Map<number, string>();
  for (const lead of leads) {
    if (!by(lead.planned, until) || lead.planned === null) continue;
    const quarter = Math.floor(lead.planned.getTime() / QUARTER_MS);
    const day = known.get(quarter) ?? dayOf(lead.planned);
    known.set(quarter, day);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, leads: count }));
}
