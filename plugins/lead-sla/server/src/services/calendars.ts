import { calendarTime, many, type Kit } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { Metric } from '../../../contracts';
import type { HolderCalendar } from '../domain/advance';

const ALWAYS = '24x7';
/** For a company that has published no calendar yet. */
const ALWAYS_OPEN = calendarTime.compileCalendar({ key: ALWAYS, tz: 'UTC', alwaysOpen: true, week: {} });

/** A calendar by the key a clock keeps; null when it is gone. */
export async function calendarByKey(kit: Kit, key: string | null): Promise<calendarTime.Calendar | null> {
  const calendar = await kit.calendar(key === ALWAYS ? null : key);
  if (key === ALWAYS) return ALWAYS_OPEN;
  return calendar ?? (key === null ? ALWAYS_OPEN : null);
}

export type CalendarLookup = (key: string | null) => calendarTime.Calendar | null;

/** Loads calendars once for a set of keys, so that the rest needs no waiting. */
export async function loadCalendars(kit: Kit, keys: Iterable<string | null>): Promise<CalendarLookup> {
  const distinct = [...new Set(keys)];
  const loaded = await Promise.all(distinct.map((key) => calendarByKey(kit, key)));
  const byKey = new Map(distinct.map((key, index) => [key, loaded[index] ?? null]));
  return (key) => byKey.get(key) ?? null;
}

export interface CalendarKeys {
  readonly ofMember: ReadonlyMap<number, string>;
  readonly ofTeam: ReadonlyMap<number, string>;
}

const NO_KEYS: CalendarKeys = { ofMember: new Map(), ofTeam: new Map() };

/** The calendars of the people and teams that hold these leads; one statement, none when every metric has a fixed one. */
export async function calendarKeys(
  trx: Knex | Knex.Transaction,
  metrics: readonly Metric[],
  rows: readonly Readonly<LeadRow>[],
): Promise<CalendarKeys> {
  if (metrics.every((metric) => metric.calendarSource === 'fixed')) return NO_KEYS;
  const found = await many<{ kind: string; id: number; key: string }>(
    trx,
    `SELECT 'member' AS kind, id, calendar_key AS key FROM crm_members WHERE id = ANY(?::int[]) AND calendar_key IS NOT NULL
     UNION ALL SELECT 'team', id, calendar_key FROM crm_teams WHERE id = ANY(?::int[]) AND calendar_key IS NOT NULL`,
    [[...new Set(rows.flatMap((row) => row.owner_id ?? []))], [...new Set(rows.flatMap((row) => row.team_id ?? []))]],
  );
  const of = (kind: string): Map<number, string> => new Map(found.filter((one) => one.kind === kind).map((one) => [one.id, one.key]));
  return { ofMember: of('member'), ofTeam: of('team') };
}

/** fixed, the team's, or the owner's calendar; where somebody has none of his own, the next wider one. */
export function holderKey(metric: Metric, contractKey: string | null, row: Readonly<LeadRow>, keys: CalendarKeys): string | null {
  const team = row.team_id === null ? undefined : keys.ofTeam.get(row.team_id);
  const member = row.owner_id === null ? undefined : keys.ofMember.get(row.owner_id);
  switch (metric.calendarSource) {
    case 'fixed':
      return contractKey;
    case 'team':
      return team ?? contractKey;
    case 'owner':
      return member ?? team ?? contractKey;
  }
}

/** With the key that the clock keeps: the first calendar has a name too. */
export const holderCalendar = (key: string | null, calendars: CalendarLookup): HolderCalendar => {
  const calendar = calendars(key);
  return { key: calendar?.key ?? key, calendar };
};
