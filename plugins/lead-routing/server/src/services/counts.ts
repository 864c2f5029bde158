import { many } from '@leadsea/crm-core';
import type { Condition, Kit, Sql } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { PAUSED_WEIGHT } from '../../../contracts';
import { OWN_LOAD, type CapUse, type Person, type PlannedCap, type PlannedRule } from '../domain/facts';
import { daysBeforeMonday } from '../domain/week';
import { groupsOf } from './groups';
import { zoneOf } from './ledger';

/** A load to be counted: which open leads, and as how much. */
export interface LoadQuery {
  readonly id: string;
  readonly leads?: Condition | null;
  readonly weights?: readonly { readonly when: Condition; readonly weight: number }[];
  /** What a lead counts for while its deadlines are paused (R-53); absent = like any other. */
  readonly paused?: number;
  /** Only leads this group gave. */
  readonly group?: string;
}

/** R-53: a lead nobody has to work on right now. The fact is there where deadlines are. */
export const PAUSED: Condition = { combinator: 'and', rules: [{ field: 'sla.paused', operator: '=', value: true }] };
const known = new WeakMap<Kit, boolean>();
/** Whether this installation keeps deadlines that can be paused. */
export function knowsPaused(kit: Kit): boolean {
  const answer = known.get(kit) ?? kit.conditions.check(PAUSED, 'lead').length === 0;
  known.set(kit, answer);
  return answer;
}

/** Hundredths of a lead. */
export const hundredths = (weight: number): number => Math.round(weight * 100);

interface LoadRow {
  owner_id: number;
  sums: number[];
}

const HELD = (alias: string): string =>
  `${alias}.merged_into IS NULL AND ${alias}.is_test IS NOT TRUE AND ${alias}.stage <> ALL(?::text[])`;

/** No lead counts for more than one, so a person with few is free whatever is paused: each lead is looked at only from `exactFrom` on. */
function plainLoad(
  kit: Kit,
  paused: number,
  { exactFrom, closed, now }: { exactFrom: ExactFrom; closed: readonly string[]; now: Date },
): Sql {
  const { sql, bindings } = kit.conditions.compile(PAUSED, 'lead', 'x', { now, actor: null });
  return {
    sql: `CASE WHEN count(*) * 100 < coalesce((SELECT f.load FROM unnest(?::int[], ?::float8[]) AS f(id, load) WHERE f.id = l.owner_id), 'infinity') THEN count(*) * 100
      ELSE (SELECT sum(CASE WHEN ${sql} THEN ${hundredths(paused)} ELSE 100 END) FROM crm_leads x WHERE x.owner_id = l.owner_id AND ${HELD('x')}) END`,
    bindings: [[...exactFrom.keys()], [...exactFrom.values()], ...bindings, [...closed]],
  };
}

/** Per person the plain load in hundredths below which it does not matter exactly; who is not named has no limit. */
export type ExactFrom = ReadonlyMap<number, number>;

/** Only leads that came before a moment, but these. */
export interface HeldBefore {
  readonly at: Date;
  readonly except: readonly number[];
}

/**
 * R-53: open leads each person holds, counted live, every load in one statement; in hundredths of a lead.
 * @param exactFrom null = every load is exact
 */
export async function loadCounts(
  kit: Kit,
  trx: Knex | Knex.Transaction,
  ids: readonly number[],
  closed: readonly string[],
  queries: readonly LoadQuery[],
  now: Date,
  exactFrom: ExactFrom | null = null,
  before: HeldBefore | null = null,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  if (ids.length === 0 || queries.length === 0) return new Map();
  const bindings: unknown[] = [];
  const sqlOf = (condition: Condition): string => {
    const compiled = kit.conditions.compile(condition, 'lead', 'l', { now, actor: null });
    bindings.push(...compiled.bindings);
    return compiled.sql;
  };
  const pauses = knowsPaused(kit);
  const sums = queries.map(({ leads, weights = [], group, paused = 1 }) => {
    const parts: string[] = [];
    if (exactFrom && pauses && paused < 1 && !leads && weights.length === 0 && group === undefined) {
      const plain = plainLoad(kit, paused, { exactFrom, closed, now });
      bindings.push(...plain.bindings);
      return plain.sql;
    }
    if (group !== undefined) {
      bindings.push(group, `${group}/%`);
      parts.push(
        'WHEN NOT EXISTS (SELECT 1 FROM crm_ledger e WHERE e.lead_id = l.id AND e.member_id = l.owner_id AND (e.group_key = ? OR e.group_key LIKE ?)) THEN 0',
      );
    }
    if (leads) parts.push(`WHEN NOT (${sqlOf(leads)}) THEN 0`);
    for (const { when, weight } of weights) parts.push(`WHEN ${sqlOf(when)} THEN ${hundredths(weight)}`);
    if (pauses && paused !== 1) parts.push(`WHEN ${sqlOf(PAUSED)} THEN ${hundredths(paused)}`);
    return parts.length === 0 ? 'count(*) * 100' : `sum(CASE ${parts.join(' ')} ELSE 100 END)`;
  });
  const rows = await many<LoadRow>(
    trx,
    `SELECT l.owner_id, ARRAY[${sums.map((sum) => `(${sum})::float8`).join(', ')}] AS sums FROM crm_leads l
     WHERE l.owner_id = ANY(?::int[]) AND ${HELD('l')} ${before ? 'AND l.captured_at < ? AND l.id <> ALL(?::int[])' : ''} GROUP BY l.owner_id`,
    [...bindings, [...ids], [...closed], ...(before ? [before.at, [...before.except]] : [])],
  );
  return new Map(queries.map(({ id }, index) => [id, new Map(rows.map((row) => [row.owner_id, row.sums[index] ?? 0]))]));
}

/** The plain load: every open lead as one, paused ones as half. */
export const OWN_QUERY: LoadQuery = { id: OWN_LOAD, paused: PAUSED_WEIGHT };

interface CapRow {
  id: string;
  m: number;
  used: number;
  ends: Date | null;
}

/** Fixed periods are those of each person's own zone, weeks from so many days (`d`) before Monday; a rolling window is free again when its oldest lead leaves it (R-54). */
const CAPS = `
  WITH asked AS (
    SELECT a.id, a.g, a.m, a.kinds, a.p, a.s,
      CASE WHEN a.p = 'rolling' THEN ?::timestamptz - make_interval(secs => a.s) ELSE a.starts AT TIME ZONE a.z END AS since,
      CASE WHEN a.p = 'rolling' THEN NULL ELSE (a.starts + ('1 ' || a.p)::interval) AT TIME ZONE a.z END AS ends
    FROM (SELECT r.*, CASE WHEN r.p <> 'rolling' THEN date_trunc(r.p, (?::timestamptz AT TIME ZONE r.z) + make_interval(days => r.d)) - make_interval(days => r.d) END AS starts
      FROM jsonb_to_recordset(?::jsonb) AS r(id text, g text, m int, p text, s int, d int, z text, kinds text[])) a)
  SELECT a.id, a.m, n.used, CASE WHEN a.p = 'rolling' THEN n.oldest + make_interval(secs => a.s) ELSE a.ends END AS ends
  FROM asked a CROSS JOIN LATERAL (
    SELECT count(*)::int AS used, min(e.at) AS oldest FROM crm_ledger e
    WHERE e.member_id = a.m AND e.at >= a.since AND e.at <= ?::timestamptz AND e.given_back_at IS NULL
      AND (CASE WHEN a.g IS NOT NULL THEN e.group_key = a.g OR starts_with(e.group_key, a.g || '/') OR starts_with(e.group_key, a.g || '@') OR starts_with(e.group_key, a.g || '#')
                ELSE starts_with(e.group_key, 'route:') END
           OR ('claims' = ANY(a.kinds) AND starts_with(e.group_key, 'claim:')) OR ('manual' = ANY(a.kinds) AND e.group_key = 'manual')
           OR ('created' = ANY(a.kinds) AND e.group_key = 'created'))) n`;

/** How much of each cap each candidate has used; nothing is asked where no rule has a cap. */
export async function loadCaps(
  trx: Knex.Transaction,
  rules: readonly PlannedRule[],
  people: ReadonlyMap<number, Person>,
  now: Date,
): Promise<ReadonlyMap<string, ReadonlyMap<number, CapUse>>> {
  const asked = new Map<string, object>();
  for (const rule of rules) {
    const members = new Set(groupsOf(rule).flatMap(({ candidates }) => candidates.map(({ id }) => id)));
    for (const cap of rule.caps ?? [])
      for (const m of members.size > 0 ? members : people.keys())
        asked.set(`${cap.id} ${m}`, {
          id: cap.id,
          g: ledgerOf(cap, rule),
          m,
          p: cap.per,
          s: cap.seconds,
          d: cap.per === 'week' ? daysBeforeMonday(cap.weekStart ?? 'monday', people.get(m)?.locale) : 0,
          z: zoneOf(people, m),
          kinds: cap.counts,
        });
  }
  const caps = new Map<string, Map<number, CapUse>>();
  if (asked.size === 0) return caps;
  for (const row of await many<CapRow>(trx, CAPS, [now, now, JSON.stringify([...asked.values()]), now])) {
    const known = caps.get(row.id) ?? new Map<number, CapUse>();
    caps.set(row.id, known.set(row.m, { used: row.used, endsAt: row.ends }));
  }
  return caps;
}

/** The ledger a cap of a rule counts: all groups of that rule. */
const ledgerOf = (cap: PlannedCap, { group }: PlannedRule): string | null =>
  cap.scope === 'person' ? null : group.replace(/[@#/].*$/, '');
