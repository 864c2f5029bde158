import { calendarTime, many, one } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Destination, MemberRef } from '../../../contracts';
import { withDelegates } from '../domain/delegates';
import type { CandidateRef, Person } from '../domain/facts';
import { WEIGHT_PARTS, wholeWeight } from '../domain/weight';
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
  delegate_id: number | null;
  permitted: boolean;
  auto_offline: boolean;
  back_at: Date | null;
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
  /** Who is meant by an id or an address; undefined = nobody who was loaded. */
  idOf(ref: MemberRef): number | undefined;
  /** The next instant at which a person works; the instant itself where nobody asked for calendars. */
  opensAt(member: number, at: Date): Date | null;
}

const DEFAULT_ZONE = 'Asia/Shanghai';

/**
 * Teams with all the teams above each, so that a department counts as the team of everybody below it. Leave is what the member's own record
 * says or a leave entry that runs now, whichever ends later; whoever stands for somebody on leave is loaded too.
 */
const MEMBERS = `
  WITH RECURSIVE up AS (
    SELECT id AS team_id, id, key, parent_id FROM crm_teams
    UNION SELECT up.team_id, t.id, t.key, t.parent_id FROM up JOIN crm_teams t ON t.id = up.parent_id),
  keys AS (SELECT team_id, array_agg(key::text) AS team_keys FROM up GROUP BY team_id),
  away AS (SELECT DISTINCT ON (member_id) member_id, starts_at, ends_at, CASE WHEN mode = 'skip' THEN NULL ELSE delegate_id END AS delegate_id
    FROM crm_leaves WHERE starts_at <= ? AND ends_at > ? ORDER BY member_id, ends_at DESC),
  readers AS (SELECT key FROM crm_roles WHERE jsonb_array_length(CASE jsonb_typeof(resources->'leads'->'read') WHEN 'array' THEN (resources->'leads'->'read') - 'none' ELSE '[]' END) > 0)
  SELECT m.id, m.name, m.email, m.team_id, k.team_keys, t.calendar_key AS team_calendar, m.manager_id, m.roles, m.skills, m.capacity, m.weight,
         m.calendar_key, m.time_zone, m.locale, m.presence, m.active, coalesce(a.starts_at, m.leave_from) AS leave_from,
         coalesce(a.ends_at, m.leave_to) AS leave_to, a.delegate_id,
         EXISTS (SELECT 1 FROM readers r WHERE jsonb_exists(coalesce(m.roles, '[]'::jsonb), r.key)) AS permitted,
         p.member_id IS NOT NULL AS auto_offline, p.back_at
  FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id LEFT JOIN keys k ON k.team_id = m.team_id
       LEFT JOIN away a ON a.member_id = m.id LEFT JOIN crm_routing_presence p ON p.member_id = m.id
  WHERE m.id = ANY(?::int[]) OR lower(m.email) = ANY(?::text[]) OR k.team_keys && ?::text[]
     OR (jsonb_typeof(m.roles) = 'array' AND jsonb_exists_any(m.roles, ?::text[]))
     OR m.id IN (SELECT manager_id FROM crm_members WHERE id = ANY(?::int[])) OR m.id IN (SELECT delegate_id FROM away)
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
  /** The next instant at or after `at` at which this member works; `at` without a calendar, null when he never does. */
  nextShift(db: Knex | Knex.Transaction, memberId: number, at: Date): Promise<Date | null>;
}

export function createPeople(kit: Kit): People {
  const inZone = createZones();

  /** own calendar, else the team's, else the first one on the person's own clock; without any calendar always. */
  const calendarOf = async (row: Pick<MemberRow, 'calendar_key' | 'team_calendar' | 'time_zone'>): Promise<Calendar | null> => {
    const key = row.calendar_key ?? row.team_calendar;
    const own = key === null ? null : await kit.calendar(key);
    if (own) return own;
    const usual = await kit.calendar(null);
    return usual ? inZone(usual, row.time_zone ?? usual.tz) : null;
  };
  const opening = async (row: MemberRow, now: Date): Promise<Date | null> => {
    const calendar = await calendarOf(row);
    return calendar ? calendarTime.nextOpen(calendar, now) : now;
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
    delegateId: row.delegate_id,
    permitted: row.permitted,
    ...(row.auto_offline ? { offlineUntil: row.back_at } : {}),
    opensAt: calendars ? await opening(row, now) : now,
    timeZone: row.time_zone ?? DEFAULT_ZONE,
    locale: row.locale,
  });

  return {
    nextShift: async (db, memberId, at) => {
      const row = await one<Pick<MemberRow, 'calendar_key' | 'team_calendar' | 'time_zone'>>(
        db,
        'SELECT m.calendar_key, t.calendar_key AS team_calendar, m.time_zone FROM crm_members m LEFT JOIN crm_teams t ON t.id = m.team_id WHERE m.id = ?',
        [memberId],
      );
      const calendar = row ? await calendarOf(row) : null;
      return calendar ? calendarTime.nextOpen(calendar, at) : at;
    },
    load: async (db, query, { lock, calendars }, now) => {
      const bindings = [
        now,
        now,
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
      const refsOf = (destination: Destination): readonly CandidateRef[] => {
        switch (destination.kind) {
          case 'member': {
            const ref = destination.id ?? destination.email;
            const id = ref === undefined ? undefined : idOf(ref);
            return id === undefined ? [] : [{ id, weight: WEIGHT_PARTS, place: 0 }];
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
          case 'previous-owner':
          case 'table':
          case 'webhook':
          case 'custom':
          case 'hold':
            return [];
        }
      };
      const clocks = new Map(calendars ? await Promise.all(rows.map(async (row) => [row.id, await calendarOf(row)] as const)) : []);
      return {
        people,
        idOf,
        resolve: (destination) => withDelegates(refsOf(destination), people, now),
        opensAt: (member, at) => {
          const calendar = clocks.get(member);
          return calendar ? calendarTime.nextOpen(calendar, at) : at;
        },
      };
    },
  };
}
