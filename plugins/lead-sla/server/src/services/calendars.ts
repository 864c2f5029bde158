import { calendarTime, many, type Kit } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { Metric } from '../../../contracts';
import type { HolderCalendar } from '../domain/advance';
import type { Clock } from '../domain/clock';
import type { HolderRef } from '../domain/happening';

type Calendar = calendarTime.Calendar;

const ALWAYS = '24x7';
/** For a company that has published no calendar yet. */
const ALWAYS_OPEN = calendarTime.compileCalendar({ key: ALWAYS, tz: 'UTC', alwaysOpen: true, week: {} });

/** Days on which somebody is away (R-11). */
export interface Leave {
  readonly from: Date;
  readonly to: Date;
}

/** A calendar by the name a clock keeps: of a revision as it was, else the live one; null when it is gone. */
export async function calendarOf(kit: Kit, { key, revision }: HolderRef): Promise<Calendar | null> {
  if (key === ALWAYS) return ALWAYS_OPEN;
  if (revision !== null) return kit.calendarRevision(revision);
  return liveCalendar(kit, key, null);
}

async function liveCalendar(kit: Kit, key: string | null, leave: Leave | null): Promise<Calendar | null> {
  const calendar = await kit.calendar(key, leave);
  return calendar ?? (key === null ? ALWAYS_OPEN : null);
}

export type CalendarLookup = (ref: HolderRef) => Calendar | null;

const nameOf = ({ key, revision }: HolderRef): string => `${key ?? ''}#${revision ?? ''}`;
export const clockCalendar = (clock: Pick<Clock, 'calendarKey' | 'calendarRevision'>): HolderRef => ({
  key: clock.calendarKey,
  revision: clock.calendarRevision,
});

/** Loads calendars once for a set of names, so that the rest needs no waiting. */
export async function loadCalendars(kit: Kit, refs: Iterable<HolderRef>): Promise<CalendarLookup> {
  const distinct = new Map([...refs].map((ref) => [nameOf(ref), ref]));
  const loaded = await Promise.all([...distinct].map(async ([name, ref]) => [name, await calendarOf(kit, ref)] as const));
  const byName = new Map(loaded);
  return (ref) => byName.get(nameOf(ref)) ?? null;
}

interface Person {
  readonly key: string | null;
  readonly leave: Leave | null;
}

/** Who works by which calendar: of the people and teams that hold some leads. */
export interface CalendarKeys {
  readonly ofMember: ReadonlyMap<number, Person>;
  readonly ofTeam: ReadonlyMap<number, string>;
}

const NO_KEYS: CalendarKeys = { ofMember: new Map(), ofTeam: new Map() };

interface KeyRow {
  readonly kind: string;
  readonly id: number;
  readonly key: string | null;
  readonly leave_from: Date | null;
  readonly leave_to: Date | null;
}

/** The calendars of the people and teams that hold these leads; one statement, none when every metric has a fixed one. */
export async function calendarKeys(
  trx: Knex | Knex.Transaction,
  metrics: readonly Metric[],
  rows: readonly Readonly<LeadRow>[],
): Promise<CalendarKeys> {
  if (metrics.every((metric) => metric.calendarSource === 'fixed' && !metric.respectOwnerLeave)) return NO_KEYS;
  const found = await many<KeyRow>(
    trx,
    `SELECT 'member' AS kind, id, calendar_key AS key, leave_from, leave_to FROM crm_members
       WHERE id = ANY(?::int[]) AND (calendar_key IS NOT NULL OR leave_from IS NOT NULL)
     UNION ALL SELECT 'team', id, calendar_key, NULL, NULL FROM crm_teams WHERE id = ANY(?::int[]) AND calendar_key IS NOT NULL`,
    [[...new Set(rows.flatMap((row) => row.owner_id ?? []))], [...new Set(rows.flatMap((row) => row.team_id ?? []))]],
  );
  return {
    ofMember: new Map(
      found
        .filter((one) => one.kind === 'member')
        .map((one) => [
          one.id,
          { key: one.key, leave: one.leave_from && one.leave_to ? { from: one.leave_from, to: one.leave_to } : null },
        ]),
    ),
    ofTeam: new Map(found.flatMap((one) => (one.kind === 'team' && one.key !== null ? [[one.id, one.key] as const] : []))),
  };
}

/** R-8: the row's, the fixed one, the team's, or the owner's calendar; where somebody has none of his own, the next wider one. */
function holderKey(
  metric: Metric,
  contractKey: string | null,
  targetRow: number,
  row: Readonly<LeadRow>,
  keys: CalendarKeys,
): string | null {
  const fixed = metric.targets[targetRow]?.calendar ?? contractKey;
  const team = row.team_id === null ? undefined : keys.ofTeam.get(row.team_id);
  const member = row.owner_id === null ? undefined : keys.ofMember.get(row.owner_id)?.key;
  switch (metric.calendarSource) {
    case 'team':
      return team ?? fixed;
    case 'owner':
      return member ?? team ?? fixed;
    case 'fixed':
    default:
      return fixed;
  }
}

export type HolderLookup = (metric: Metric, contractKey: string | null, targetRow: number, row: Readonly<LeadRow>) => HolderCalendar;

/** By which live calendar a lead's present holder is measured, with his leave where the metric respects it (R-8, R-11). */
export async function loadHolders(
  kit: Kit,
  metrics: readonly { readonly metric: Metric; readonly calendar: string | null }[],
  rows: readonly Readonly<LeadRow>[],
  keys: CalendarKeys,
): Promise<HolderLookup> {
  const wanted = new Map<string, { readonly key: string | null; readonly leave: Leave | null }>();
  const want = (metric: Metric, contractKey: string | null, targetRow: number, row: Readonly<LeadRow>): string => {
    const key = holderKey(metric, contractKey, targetRow, row, keys);
    const leave = metric.respectOwnerLeave && row.owner_id !== null ? (keys.ofMember.get(row.owner_id)?.leave ?? null) : null;
    const name = `${key ?? ''}:${leave ? `${leave.from.getTime()}-${leave.to.getTime()}` : ''}`;
    if (!wanted.has(name)) wanted.set(name, { key, leave });
    return name;
  };
  for (const { metric, calendar } of metrics)
    for (const row of keys === NO_KEYS ? rows.slice(0, 1) : rows) metric.targets.forEach((_target, at) => want(metric, calendar, at, row));
  const loaded = new Map<string, HolderCalendar>();
  for (const [name, { key, leave }] of wanted) {
    const calendar = await liveCalendar(kit, key, leave);
    loaded.set(name, { key: calendar?.key ?? key, revision: calendar?.revision ?? null, calendar });
  }
  return (metric, contractKey, targetRow, row) =>
    loaded.get(want(metric, contractKey, targetRow, row)) ?? { key: contractKey, revision: null, calendar: null };
}
