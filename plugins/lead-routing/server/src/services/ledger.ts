import { many, rowsAs, type Column } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Entitled } from '../domain/entitlement';
import type { Person, PlannedRule, ShareFacts } from '../domain/facts';
import type { SeatChange } from '../domain/seats';
import { UNITS } from '../domain/share';
import { groupsOf } from './groups';

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
  weight: string | null;
  counted: number;
  lines: number;
  last: string | null;
  last_at: Date | null;
}

/** Groups in which value is balanced count the value of their lines, the others the lines. */
const SHARES = `
  WITH asked AS (SELECT g, m FROM jsonb_to_recordset(?::jsonb) AS a(g text, m int)),
  seats AS (
    SELECT coalesce(a.g, s.group_key) AS group_key, coalesce(a.m, s.member_id) AS member_id, s.units, s.weight,
           coalesce(s.base_id, 0) AS base_id, coalesce(s.base_at, '-infinity') AS base_at
    FROM asked a FULL JOIN (SELECT * FROM crm_routing_shares WHERE group_key = ANY(?::text[])) s ON s.group_key = a.g AND s.member_id = a.m)
  SELECT p.group_key, p.member_id, p.units, p.weight, n.counted, n.lines, l.last, l.last_at
  FROM seats p
  CROSS JOIN LATERAL (SELECT count(*)::int AS lines, (CASE WHEN p.group_key LIKE '%#value' THEN coalesce(sum(e.value), 0) ELSE count(*) END)::float8 AS counted
    FROM crm_ledger e
    WHERE e.group_key = p.group_key AND e.member_id = p.member_id AND e.at >= p.base_at AND e.id > p.base_id AND e.given_back_at IS NULL) n
  LEFT JOIN LATERAL (SELECT e.id AS last, e.at AS last_at FROM crm_ledger e
    WHERE e.group_key = p.group_key AND e.member_id = p.member_id ORDER BY e.at DESC, e.id DESC LIMIT 1) l ON TRUE`;

export interface LoadedShares {
  readonly shares: ReadonlyMap<string, readonly ShareFacts[]>;
  /** Groups whose counts have grown long. */
  readonly long: readonly string[];
}

/** Who received what in the groups of these rules, counted from the ledger in one statement. */
export async function loadShares(trx: Knex.Transaction, rules: readonly PlannedRule[]): Promise<LoadedShares> {
  const asked = rules.flatMap((rule) =>
    groupsOf(rule).flatMap(({ group, candidates }) => candidates.map(({ id }) => ({ g: group, m: id }))),
  );
  const shares = new Map<string, ShareFacts[]>();
  if (asked.length === 0) return { shares, long: [] };
  const groups = [...new Set(asked.map(({ g }) => g))];
  const seen = new Set<string>();
  const once = asked.filter(({ g, m }) => !seen.has(`${g} ${m}`) && seen.add(`${g} ${m}`));
  const long = new Set<string>();
  for (const row of await many<ShareRow>(trx, SHARES, [JSON.stringify(once), groups])) {
    const facts: ShareFacts = {
      id: row.member_id,
      given: row.units === null ? null : Number(row.units) + row.counted * UNITS,
      counted: row.counted,
      last: Number(row.last ?? 0),
      lastAt: row.last_at,
      weight: row.weight === null ? null : Number(row.weight),
    };
    if (row.lines > FOLD_AFTER) long.add(row.group_key);
    const known = shares.get(row.group_key);
    if (known) known.push(facts);
    else shares.set(row.group_key, [facts]);
  }
  return { shares, long: [...long] };
}

/** Zones in which each person's caps run. */
export const zoneOf = (people: ReadonlyMap<number, Person>, id: number): string => people.get(id)?.timeZone ?? 'UTC';

export interface LedgerLine {
  readonly group: string;
  readonly member: number;
  readonly lead: number;
  readonly value: number;
}

const LINE_COLUMNS: readonly Column<LedgerLine>[] = [
  { name: 'group_key', type: 'text', of: ({ group }) => group },
  { name: 'member_id', type: 'int', of: ({ member }) => member },
  { name: 'lead_id', type: 'int', of: ({ lead }) => lead },
  { name: 'value', type: 'numeric', of: ({ value }) => value },
];

/** The facts of a change set, to be kept beside its ledger lines; packed when they are written. */
export interface PackedFacts {
  readonly id: string;
  packed(): Promise<Buffer>;
}

export interface LedgerEntry {
  readonly lines: readonly LedgerLine[];
  readonly changes?: readonly SeatChange[];
  readonly entitled?: readonly Entitled[];
  readonly facts?: PackedFacts | null;
}

/** Writes who received what, what people were owed, changed start levels and the facts, in two statements at most; run inside the group locks. */
export async function writeLedger(
  trx: Knex.Transaction,
  { lines, changes = [], entitled = [], facts = null }: LedgerEntry,
  cause: string,
  now: Date,
): Promise<void> {
  if (lines.length > 0 || facts) {
    const source = rowsAs('l', LINE_COLUMNS, lines);
    await many(
      trx,
      `WITH kept AS (INSERT INTO crm_routing_facts (id, packed, at) SELECT ?::uuid, ?::bytea, ?::timestamptz WHERE ?::uuid IS NOT NULL)
       INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at)
       SELECT l.group_key, l.member_id, l.lead_id, l.value, ?, ?::timestamptz FROM ${source.sql}`,
      [facts?.id ?? null, facts ? await facts.packed() : null, now, facts?.id ?? null, cause, now, ...source.bindings],
    );
  }
  if (changes.length + entitled.length === 0) return;
  await trx.raw(
    `WITH owed AS (INSERT INTO crm_routing_entitled AS t (group_key, member_id, day, leads, value)
       SELECT e."group", e.member, (?::timestamptz AT TIME ZONE 'UTC')::date, e.leads, e.value
       FROM jsonb_to_recordset(?::jsonb) AS e("group" text, member int, leads float8, value float8) ORDER BY 1, 2
       ON CONFLICT (group_key, member_id, day) DO UPDATE SET leads = t.leads + excluded.leads, value = t.value + excluded.value)
     INSERT INTO crm_routing_shares (group_key, member_id, units, weight)
     SELECT c."group", c.member, c."offset", c.weight FROM jsonb_to_recordset(?::jsonb) AS c("group" text, member int, "offset" bigint, weight bigint)
     ON CONFLICT (group_key, member_id) DO UPDATE SET units = excluded.units, weight = excluded.weight`,
    [now, JSON.stringify(entitled), JSON.stringify(changes)],
  );
}

/** Puts the ledger lines up to now into the start levels; the sums stay the same. Run after `writeLedger`. */
export async function foldShares(trx: Knex.Transaction, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  await trx.raw(
    `UPDATE crm_routing_shares s SET units = s.units + ? * n.counted, base_id = greatest(s.base_id, n.last_id), base_at = greatest(s.base_at, n.last_at)
     FROM (SELECT p.group_key, p.member_id,
             CASE WHEN p.group_key LIKE '%#value' THEN coalesce(sum(e.value) FILTER (WHERE e.given_back_at IS NULL), 0)
                  ELSE count(e.id) FILTER (WHERE e.given_back_at IS NULL) END AS counted, max(e.id) AS last_id, max(e.at) AS last_at
           FROM crm_routing_shares p JOIN crm_ledger e ON e.group_key = p.group_key AND e.member_id = p.member_id AND e.at >= p.base_at AND e.id > p.base_id
           WHERE p.group_key = ANY(?::text[]) GROUP BY p.group_key, p.member_id) n
     WHERE s.group_key = n.group_key AND s.member_id = n.member_id`,
    [UNITS, [...groups]],
  );
}

/** what came back within its time is not counted against him, in shares and in caps. */
export async function giveBack(
  trx: Knex.Transaction,
  leads: readonly { readonly lead: number; readonly member: number }[],
  since: Date,
  now: Date,
): Promise<void> {
  if (leads.length === 0) return;
  await trx.raw(
    `UPDATE crm_ledger c SET given_back_at = ? FROM jsonb_to_recordset(?::jsonb) AS g(lead int, member int)
     WHERE c.lead_id = g.lead AND c.member_id = g.member AND c.at >= ? AND c.group_key LIKE 'route:%' AND c.given_back_at IS NULL`,
    [now, JSON.stringify(leads), since],
  );
}

/** the same for what comes back by itself, as far as the policy that gave it names the reason and the time. */
export async function giveBackSoon(
  trx: Knex.Transaction,
  leads: readonly { readonly lead: number; readonly member: number; readonly reason: string }[],
  policies: readonly { readonly key: string; readonly since: Date; readonly reasons: readonly string[] }[],
  now: Date,
): Promise<void> {
  await trx.raw(
    `UPDATE crm_ledger c SET given_back_at = ? FROM jsonb_to_recordset(?::jsonb) AS g(lead int, member int, reason text),
       jsonb_to_recordset(?::jsonb) AS p(key text, since timestamptz, reasons text[])
     WHERE c.lead_id = g.lead AND c.member_id = g.member AND c.given_back_at IS NULL
       AND starts_with(c.group_key, 'route:' || p.key || ':') AND c.at >= p.since AND g.reason = ANY(p.reasons)`,
    [now, JSON.stringify(leads), JSON.stringify(policies)],
  );
}
