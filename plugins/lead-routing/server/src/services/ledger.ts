import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Person, PlannedRule, ShareFacts } from '../domain/facts';
import type { SeatChange } from '../domain/seats';
import { UNITS } from '../domain/share';

const GROUP_LOCK = 7203101;
/** After so many ledger lines of one person they are folded into the start level, so that counting them stays quick. */
const FOLD_AFTER = 1000;

/** One writer per group at a time: taken in one order, so that two change sets never wait for each other in a circle. */
export async function lockGroups(trx: Knex.Transaction, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  await trx.raw(
    'SELECT pg_advisory_xact_lock(?, h) FROM (SELECT DISTINCT hashtext(g) AS h FROM unnest(?::text[]) AS g ORDER BY h) AS hashes',
    [GROUP_LOCK, [...groups]],
  );
}

interface ShareRow {
  group_key: string;
  member_id: number;
  units: string | null;
  weight: number | null;
  counted: number;
  last: string | null;
  in_period: number;
  period_ends: Date | null;
}

/** The running day, week (from Monday) or month is that of each person's own zone. */
const SHARES = `
  WITH asked AS (
    SELECT g, m, date_trunc(p, ?::timestamptz, z) AS since, (date_trunc(p, ?::timestamptz AT TIME ZONE z) + ('1 ' || p)::interval) AT TIME ZONE z AS period_ends
    FROM jsonb_to_recordset(?::jsonb) AS a(g text, m int, p text, z text)),
  seats AS (
    SELECT coalesce(a.g, s.group_key) AS group_key, coalesce(a.m, s.member_id) AS member_id, a.since, a.period_ends, s.units, s.weight,
           coalesce(s.base_id, 0) AS base_id, coalesce(s.base_at, '-infinity') AS base_at
    FROM asked a FULL JOIN (SELECT * FROM crm_routing_shares WHERE group_key = ANY(?::text[])) s ON s.group_key = a.g AND s.member_id = a.m)
  SELECT p.group_key, p.member_id, p.units, p.weight, n.counted, l.last, c.in_period, p.period_ends
  FROM seats p
  CROSS JOIN LATERAL (SELECT count(*)::int AS counted FROM crm_ledger e
    WHERE e.group_key = p.group_key AND e.member_id = p.member_id AND e.at >= p.base_at AND e.id > p.base_id AND e.given_back_at IS NULL) n
  CROSS JOIN LATERAL (SELECT count(*)::int AS in_period FROM crm_ledger e
    WHERE p.since IS NOT NULL AND e.group_key = p.group_key AND e.member_id = p.member_id AND e.at >= p.since AND e.given_back_at IS NULL) c
  LEFT JOIN LATERAL (SELECT e.id AS last FROM crm_ledger e
    WHERE e.group_key = p.group_key AND e.member_id = p.member_id ORDER BY e.at DESC, e.id DESC LIMIT 1) l ON TRUE`;

/** Who received what in the groups of these rules, counted from the ledger in one statement. */
export async function loadShares(
  trx: Knex.Transaction,
  rules: readonly PlannedRule[],
  people: ReadonlyMap<number, Person>,
  now: Date,
): Promise<ReadonlyMap<string, readonly ShareFacts[]>> {
  const asked = rules.flatMap(({ rule, group, target }) =>
    (target.kind === 'people' ? target.candidates : []).map(({ id }) => ({
      g: group,
      m: id,
      p: rule.periodCap?.per ?? null,
      z: people.get(id)?.timeZone ?? 'UTC',
    })),
  );
  const shares = new Map<string, ShareFacts[]>();
  if (asked.length === 0) return shares;
  const groups = [...new Set(asked.map(({ g }) => g))];
  for (const row of await many<ShareRow>(trx, SHARES, [now, now, JSON.stringify(asked), groups])) {
    const facts: ShareFacts = {
      id: row.member_id,
      given: row.units === null ? null : Number(row.units) + row.counted * UNITS,
      counted: row.counted,
      last: Number(row.last ?? 0),
      weight: row.weight,
      inPeriod: row.in_period,
      periodEnds: row.period_ends,
    };
    shares.set(row.group_key, [...(shares.get(row.group_key) ?? []), facts]);
  }
  return shares;
}

export interface LedgerLine {
  readonly group: string;
  readonly member: number;
  readonly lead: number;
  readonly value: number;
}

/** Writes who received what and the changed start levels, set-based; run inside the group locks. */
export async function writeLedger(
  trx: Knex.Transaction,
  lines: readonly LedgerLine[],
  changes: readonly SeatChange[],
  cause: string,
  now: Date,
): Promise<void> {
  if (lines.length > 0) {
    await trx.raw(
      `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at)
       SELECT l."group", l.member, l.lead, l.value, ?, ? FROM jsonb_to_recordset(?::jsonb) AS l("group" text, member int, lead int, value numeric)`,
      [cause, now, JSON.stringify(lines)],
    );
  }
  if (changes.length > 0) {
    await trx.raw(
      `INSERT INTO crm_routing_shares (group_key, member_id, units, weight)
       SELECT c."group", c.member, c."offset", c.weight FROM jsonb_to_recordset(?::jsonb) AS c("group" text, member int, "offset" bigint, weight int)
       ON CONFLICT (group_key, member_id) DO UPDATE SET units = excluded.units, weight = excluded.weight`,
      [JSON.stringify(changes)],
    );
  }
}

/** Groups whose counts have grown long. */
export const longGroups = (shares: ReadonlyMap<string, readonly ShareFacts[]>): readonly string[] =>
  [...shares].filter(([, facts]) => facts.some((fact) => fact.counted > FOLD_AFTER)).map(([group]) => group);

/** Puts the ledger lines up to now into the start levels; the sums stay the same. Run after `writeLedger`. */
export async function foldShares(trx: Knex.Transaction, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  await trx.raw(
    `UPDATE crm_routing_shares s SET units = s.units + ? * n.counted, base_id = greatest(s.base_id, n.last_id), base_at = greatest(s.base_at, n.last_at)
     FROM (SELECT p.group_key, p.member_id, count(e.id) FILTER (WHERE e.given_back_at IS NULL) AS counted, max(e.id) AS last_id, max(e.at) AS last_at
           FROM crm_routing_shares p JOIN crm_ledger e ON e.group_key = p.group_key AND e.member_id = p.member_id AND e.at >= p.base_at AND e.id > p.base_id
           WHERE p.group_key = ANY(?::text[]) GROUP BY p.group_key, p.member_id) n
     WHERE s.group_key = n.group_key AND s.member_id = n.member_id`,
    [UNITS, [...groups]],
  );
}

const LOADS = `SELECT owner_id, count(*)::int AS open FROM crm_leads
  WHERE owner_id = ANY(?::int[]) AND merged_into IS NULL AND is_test IS NOT TRUE AND stage <> ALL(?::text[]) GROUP BY owner_id`;

/** open leads each person holds, counted live. */
export async function loadCounts(trx: Knex.Transaction, ids: readonly number[], closed: readonly string[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map();
  const rows = await many<{ owner_id: number; open: number }>(trx, LOADS, [[...ids], [...closed]]);
  return new Map(rows.map((row) => [row.owner_id, row.open]));
}
