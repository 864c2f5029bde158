import { calendarTime, many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Destination, MemberRef } from '../../../contracts';
import type { CandidateRef, Person } from '../domain/facts';
import { wholeWeight } from '../domain/share';
import { skillWords } from '../domain/skills';

type Calendar = Parameters<typeof calendarTime.nextOpen>[0];

interface MemberRow {
  id: number;
  name: string;
  email: string;
  team_id: number | null;
  team_keys: string[] | null;
  team_calendar: string | null;
  manager_id: number | null;
  roles: string[] | null;
  skills: unknown;
  capacity: number | null;
  weight: number | null;
  calendar_key: string | null;
  time_zone: string | null;
  locale: string | null;
  presence: string | null;
  active: boolean | null;
  leave_from: Date | null;
  leave_to: Date | null;
}

/** What the destinations of the rules in question point to. */
export interface MemberQuery {
  readonly ids: readonly number[];
  readonly emails: readonly string[];
  readonly teams: readonly string[];
  readonly roles: readonly string[];
  /** Also the managers of these. */
  readonly managersOf: readonly number[];
}

/** People by id, by e-mail, by team (those above it included) and by role. */
export interface Directory {
  readonly people: ReadonlyMap<number, Person>;
  resolve(destination: Destination): readonly CandidateRef[];
}

const DEFAULT_ZONE = 'Asia/Shanghai';

/** Teams with all the teams above each, so that a department counts as the team of everybody below it. */
const MEMBERS = `
  WITH RECURSIVE up AS (
    SELECT id AS team_id, id, key, parent_id FROM crm_teams
    UNION SELECT up.team_id, t.id, t.key, t.parent_id FROM up JOIN crm_teams t ON t.id = up.parent_id),
  keys AS (SELECT team_id, array_agg(key::text) AS team_keys FROM up GROUP BY team_id)
  SELECT m.id, m.name, m.email, m.team_id, k.team_keys, t.calendar_key AS team_calendar, m.manager_id, m.roles, m.skills, m.capacity, m.weight,
         m.calendar_key, m.time_zone, m.locale, m.presence, m.active, m.leave_from, m.leave_to
  FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id LEFT JOIN keys k ON k.team_id = m.team_id
  WHERE m.id = ANY(?::int[]) OR lower(m.email) = ANY(?::text[]) OR k.team_keys && ?::text[]
     OR (jsonb_typeof(m.roles) = 'array' AND jsonb_exists_any(m.roles, ?::text[]))
     OR m.id IN (SELECT manager_id FROM crm_members WHERE id = ANY(?::int[]))
  ORDER BY m.id`;

/** A default calendar in another person's zone is the same week read on his clock. */
function createZones(): (calendar: Calendar, zone: string) => Calendar {
  const known = new WeakMap<Calendar, Map<string, Calendar>>();
  return (calendar, zone) => {
    if (calendar.tz === zone) return calendar;
    const zones = known.get(calendar) ?? new Map<string, Calendar>();
    known.set(calendar, zones);
    const made = zones.get(zone) ?? calendarTime.compileCalendar({ ...calendar.spec, tz: zone });
    zones.set(zone, made);
    return made;
  };
}

export interface People {
  /** Loads the members in question in one statement; `lock` keeps two groups from filling the same person at once. */
  load(
    db: Knex | Knex.Transaction,
    query: MemberQuery,
    options: { readonly lock: boolean; readonly calendars: boolean },
    now: Date,
  ): Promise<Directory>;
}

export function createPeople(kit: Kit): People {
  const inZone = createZones();

  /** own calendar, else the team's, else the first one on the person's own clock; without any calendar always. */
  const opening = async (row: MemberRow, now: Date): Promise<Date | null> => {
    const key = row.calendar_key ?? row.team_calendar;
    const own = key === null ? null : await kit.calendar(key);
    if (own) return calendarTime.nextOpen(own, now);
    const usual = await kit.calendar(null);
    return usual ? calendarTime.nextOpen(inZone(usual, row.time_zone ?? usual.tz), now) : now;
  };

  const person = async (row: MemberRow, calendars: boolean, now: Date): Promise<Person> => ({
    id: row.id,
    name: row.name,
    active: row.active ?? true,
    managerId: row.manager_id,
    teamId: row.team_id,
    roles: row.roles ?? [],
    skills: skillWords(row.skills, row.locale),
    capacity: row.capacity,
    weight: row.weight ?? 1,
    online: row.presence === null || row.presence === 'online',
    leaveFrom: row.leave_from,
    leaveTo: row.leave_to,
    opensAt: calendars ? await opening(row, now) : now,
    timeZone: row.time_zone ?? DEFAULT_ZONE,
  });

  return {
    load: async (db, query, { lock, calendars }, now) => {
      const bindings = [
        [...query.ids],
        query.emails.map((email) => email.toLowerCase()),
        [...query.teams],
        [...query.roles],
        [...query.managersOf],
      ];
      const rows = await many<MemberRow>(db, lock ? `${MEMBERS} FOR NO KEY UPDATE OF m` : MEMBERS, bindings);
      const people = new Map(await Promise.all(rows.map(async (row) => [row.id, await person(row, calendars, now)] as const)));
      const byEmail = new Map(rows.map((row) => [row.email.toLowerCase(), row.id]));
      const idOf = (ref: MemberRef): number | undefined =>
        typeof ref === 'number' ? (people.has(ref) ? ref : undefined) : byEmail.get(ref.toLowerCase());
      const listed = (chosen: readonly MemberRow[]): readonly CandidateRef[] =>
        chosen.map((row, place) => ({ id: row.id, weight: wholeWeight(row.weight ?? 1), place }));
      const resolve = (destination: Destination): readonly CandidateRef[] => {
        switch (destination.kind) {
          case 'member': {
            const ref = destination.id ?? destination.email;
            const id = ref === undefined ? undefined : idOf(ref);
            return id === undefined ? [] : [{ id, weight: 100, place: 0 }];
          }
          case 'team':
            return listed(rows.filter((row) => row.team_keys?.includes(destination.key)));
          case 'role':
            return listed(
              rows.filter(
                (row) => row.roles?.includes(destination.key) && (!destination.team || row.team_keys?.includes(destination.team)),
              ),
            );
          case 'group':
            return destination.members.flatMap(({ member, weight }, place) => {
              const id = idOf(member);
              return id === undefined ? [] : [{ id, weight: wholeWeight(weight), place }];
            });
          case 'pool':
          case 'account-owner':
          case 'hold':
            return [];
        }
      };
      return { people, resolve };
    },
  };
}
