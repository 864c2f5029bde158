import { badRequest, type CalendarSpec, type PolicyService, type PolicyVersion } from '../../../contracts';
import { compileCalendar, inherit, leaveSuffix, parseRevision, revisionOf, type Calendar } from '../domain/calendar';

type Version = PolicyVersion<CalendarSpec>;

export interface Leave {
  readonly from: Date;
  readonly to: Date;
}

export interface Calendars {
  /** The live calendar with this key (the first one when null) with those it stands under; null when there is none. */
  live(key: string | null, leave?: Leave | null): Promise<Calendar | null>;
  /** Any revision ever used: what a clock was booked by stays what it was. */
  revision(revision: string): Promise<Calendar>;
  /** A draft as it would be live, and the keys of the calendars that stand under it. */
  draft(
    key: string,
    spec: CalendarSpec,
  ): Promise<{ readonly calendar: Calendar; readonly dependants: readonly string[]; of(key: string): Promise<Calendar> }>;
}

const MOST_LEVELS = 3;

/**
 * The calendar and those it stands under, the nearest first. Of live calendars a parent that has been retired is left out: a lead that
 * comes in is not refused for it.
 * @throws AppError CALENDAR_PARENT for a missing or circular parent of a draft.
 */
function chainOf(own: CalendarSpec, parentOf: (key: string) => CalendarSpec | null, strict: boolean): CalendarSpec[] {
  const chain = [own];
  for (let next = own.parent; next !== undefined; next = chain[chain.length - 1]?.parent) {
    const parent = parentOf(next);
    if (!parent || chain.length >= MOST_LEVELS || chain.some((spec) => spec.key === parent.key)) {
      if (!strict) return chain;
      throw badRequest('CALENDAR_PARENT', `Calendar "${own.key}" cannot stand under "${next}".`, { field: 'parent', parent: next });
    }
    chain.push(parent);
  }
  return chain;
}

/** Compiled calendars, one per revision: compiling is dear, versions never change. */
export function createCalendars(policies: PolicyService): Calendars {
  const compiled = new Map<string, Calendar>();
  const compile = (revision: string, chain: readonly CalendarSpec[]): Calendar => {
    const known = compiled.get(revision);
    if (known) return known;
    const { leave } = parseRevision(revision);
    const { spec, overlays } = inherit(chain);
    const person = leave ? [leave, ...(overlays.person ?? [])] : overlays.person;
    const calendar = compileCalendar(spec, { overlays: { ...overlays, person }, revision });
    compiled.set(revision, calendar);
    return calendar;
  };
  const allLive = (): Promise<readonly Version[]> => policies.live<CalendarSpec>('calendar');

  return {
    live: async (key, leave = null) => {
      const live = await allLive();
      const version = key === null ? live[0] : live.find((candidate) => candidate.key === key);
      if (!version) return null;
      const byKey = new Map(live.map((one) => [one.key, one]));
      const chain = chainOf(
        { ...version.body, key: version.key },
        (parent) => {
          const found = byKey.get(parent);
          return found ? { ...found.body, key: found.key } : null;
        },
        false,
      );
      const ids = chain.flatMap((spec) => byKey.get(spec.key)?.versionId ?? []);
      return compile(revisionOf(ids, leave && leaveSuffix(version.body.tz, leave.from, leave.to)), chain);
    },
    revision: async (revision) => {
      const known = compiled.get(revision);
      if (known) return known;
      const versions = await Promise.all(parseRevision(revision).versionIds.map((id) => policies.version<CalendarSpec>(id)));
      return compile(
        revision,
        versions.map((version) => ({ ...version.body, key: version.key })),
      );
    },
    draft: async (key, spec) => {
      const live = await allLive();
      const own = { ...spec, key };
      const specs = new Map([...live.map((one): [string, CalendarSpec] => [one.key, { ...one.body, key: one.key }]), [key, own]]);
      const under = (one: CalendarSpec): boolean =>
        chainOf(one, (parent) => specs.get(parent) ?? null, false).some((wider) => wider.key === key);
      const compileOf = (one: CalendarSpec, strict: boolean): Calendar => {
        const { spec: merged, overlays } = inherit(chainOf(one, (parent) => specs.get(parent) ?? null, strict));
        return compileCalendar(merged, { overlays });
      };
      return {
        calendar: compileOf(own, true),
        of: async (wanted) => compileOf(specs.get(wanted) ?? own, false),
        dependants: [...specs.values()].filter((one) => one.key !== key && under(one)).map((one) => one.key),
      };
    },
  };
}
