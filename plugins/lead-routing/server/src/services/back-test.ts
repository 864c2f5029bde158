import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { jainIndex, type BackTest } from '../../../contracts';
import { backTest, ruleOf, type PastLead } from '../domain/back-test';
import type { RoutedLead } from '../domain/facts';
import { daysBeforeMonday } from '../domain/week';
import { allConditions, policyFor, tableColumns, tableRows, tableValues, verdictsOf, withStandards } from './conditions';
import { loadFactors } from './factors';
import { periodName } from './groups';
import { closedStages, fieldsOf, valueOf } from './lead-facts';
import { RESPONSE_MINUTES } from './member-facts';
import { loadNamed, namedMembers, withNamed, type Named } from './named';
import type { People } from './people';
import { allRules, livePools, membersOf, planOf, weekStartOf, type LivePolicy } from './plans';

const MOST_LEADS = 20_000;
const DAY_MS = 86_400_000;

interface Row {
  id: number;
  score: number | null;
  grade: string | null;
  captured_at: Date;
  language: string | null;
  annual_revenue: string | null;
  stage: string;
  stage_entered_at: Date;
  first_owner: number | null;
  account_owner: number | null;
  held: string[] | null;
  [column: string]: unknown;
}

/** Arrivals of the span with what every condition of the policy says about each, in one statement. */
async function arrivals(kit: Kit, policy: LivePolicy, since: Date, now: Date): Promise<readonly Row[]> {
  const bindings: unknown[] = [];
  const held = allConditions(policy).map(({ key, condition }) => {
    const sql = kit.conditions.compile(condition, 'lead', 'l', { now, actor: null });
    bindings.push(...sql.bindings, key);
    return `CASE WHEN ${sql.sql} THEN ?::text END`;
  });
  const columns = tableColumns(kit, [policy], now);
  const fields = fieldsOf(policy.body.rules).map((field, index) => {
    bindings.push(...(field.startsWith('custom.') ? [field.slice(7)] : []));
    return field.startsWith('custom.')
      ? `l.custom->>? AS f${index}`
      : `to_jsonb(l)->>'${field.replace(/[^A-Za-z]/g, '').replace(/[A-Z]/g, (big) => `_${big.toLowerCase()}`)}' AS f${index}`;
  });
  return many<Row>(
    kit.db,
    `SELECT l.id, l.score, l.grade, l.captured_at, l.language, l.annual_revenue, l.stage, l.stage_entered_at,
       coalesce((SELECT e.member_id FROM crm_ledger e WHERE e.lead_id = l.id AND e.group_key LIKE 'route:%' ORDER BY e.id LIMIT 1), l.owner_id) AS first_owner,
       (SELECT a.owner_id FROM crm_accounts a WHERE a.id = l.account_id) AS account_owner,
       array_remove(ARRAY[NULL${held.length > 0 ? `, ${held.join(', ')}` : ''}]::text[], NULL) AS held
       ${fields.length > 0 ? `, ${fields.join(', ')}` : ''} ${columns ? `, ${columns.sql}` : ''}
     FROM crm_leads l WHERE l.captured_at >= ? AND l.captured_at <= ? AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND l.quarantine IS NULL
     ORDER BY l.captured_at DESC, l.id DESC LIMIT ${MOST_LEADS + 1}`,
    [...bindings, ...(columns?.bindings ?? []), since, now],
  );
}

function leadOf(policy: LivePolicy, row: Row, columns: ReturnType<typeof tableColumns>): RoutedLead {
  const verdicts = verdictsOf(policy, new Set(row.held ?? []));
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const byRevenue = policy.body.rules.some((rule) => rule.ranking === 'quality-balanced' && rule.value === 'revenue');
  return {
    id: row.id,
    versionId: policy.versionId,
    score: row.score,
    grade: row.grade,
    capturedAt: row.captured_at,
    language: row.language,
    ownerId: null,
    accountOwner: row.account_owner,
    values: Object.fromEntries(fieldsOf(policy.body.rules).map((field, index) => [field, text(row[`f${index}`])])),
    ...verdicts,
    rows: columns ? tableRows(policy, verdicts.holds, tableValues(columns.names, row)) : new Map(),
    value: valueOf(row, byRevenue ? 'revenue' : 'score'),
    waiting: new Map(),
    sticky: policy.body.sticky.accountOwner && row.account_owner !== null ? [{ reason: 'STICKY_ACCOUNT', member: row.account_owner }] : [],
    previousOwners: [],
    reroute: false,
    guard: null,
    test: false,
  };
}

/** Open leads from before the span, by owner, hundredths. */
async function loadsBefore(kit: Kit, since: Date, closed: readonly string[]): Promise<ReadonlyMap<number, number>> {
  const rows = await many<{ owner_id: number; n: number }>(
    kit.db,
    `SELECT owner_id, count(*)::int * 100 AS n FROM crm_leads WHERE owner_id IS NOT NULL AND captured_at < ? AND merged_into IS NULL
       AND is_test IS NOT TRUE AND stage <> ALL(?::text[]) GROUP BY 1`,
    [since, [...closed]],
  );
  return new Map(rows.map((row) => [row.owner_id, row.n]));
}

const mean = (pairs: readonly { readonly minutes: number | null; readonly leads: number }[]): number | null => {
  const known = pairs.filter((pair): pair is { minutes: number; leads: number } => pair.minutes !== null && pair.leads > 0);
  const leads = known.reduce((sum, pair) => sum + pair.leads, 0);
  return leads === 0 ? null : Math.round((known.reduce((sum, pair) => sum + pair.minutes * pair.leads, 0) / leads) * 10) / 10;
};

/**
 * 3.1: replays the arrivals of the last days through a policy. Names, weights, leave and skills are those of today; capacity, caps, shares and
 * shifts run with the time of each arrival. Nothing is written.
 */
export async function runBackTest(kit: Kit, people: People, policy: LivePolicy, days: number, now: Date): Promise<BackTest> {
  const since = new Date(now.getTime() - days * DAY_MS);
  const found = await arrivals(kit, policy, since, now);
  const rows = found.slice(0, MOST_LEADS).filter((row) => policyFor([policy], new Set(row.held ?? [])));
  const columns = tableColumns(kit, [policy], now);
  const closed = await closedStages(kit);
  const leads = rows.map((row): PastLead => ({
    lead: leadOf(policy, row, columns),
    closedAt: closed.includes(row.stage) ? row.stage_entered_at : null,
  }));
  const hits = new Map<string, Set<number>>();
  for (const { lead } of leads)
    for (const [rule, row] of lead.rows ?? []) if (typeof row === 'number') hits.set(rule, (hits.get(rule) ?? new Set()).add(row));
  const named = await backTestNamed(kit, policy, leads, now);
  const others = namedMembers(named);
  const firsts = [...new Set(rows.flatMap((row) => [row.first_owner, row.account_owner].filter((id) => id !== null)))];
  const directory = await people.load(
    kit.db,
    membersOf(allRules(policy.body), hits, { ids: [...firsts, ...others.ids], emails: others.emails }),
    { lock: false, calendars: true },
    now,
  );
  const factors = policy.body.rules.some((rule) => rule.ranking === 'performance-weighted')
    ? await kit.db.transaction((trx) => loadFactors(trx, [...directory.people.keys()], now, true))
    : new Map<number, number>();
  const plan = planOf(policy, { directory, pools: await livePools(kit), hits, factors, now, zone: 'UTC', named });
  const concerned = new Set(leads.flatMap(({ lead }) => lead.standards?.map(({ key }) => key) ?? []));
  const known = await withStandards(kit, kit.db, directory.people, [policy], concerned, now);
  const { verdicts, reasons } = backTest({
    leads: leads.map((one) => ({
      ...one,
      lead: withNamed([one.lead], new Map([[plan.versionId, plan]]), named, directory)[0] ?? one.lead,
    })),
    plan,
    people: known,
    loads: await loadsBefore(kit, since, closed),
    opensAt: (member, at) => directory.opensAt(member, at),
    periodOf: (per, at, member) => {
      const person = known.get(member);
      return periodName(per, at, person?.timeZone ?? 'UTC', daysBeforeMonday(weekStartOf(policy.body), person?.locale));
    },
  });
  return summary({
    policy,
    rows,
    verdicts,
    reasons,
    days,
    limited: found.length > MOST_LEADS,
    minutes: await responses(kit, firsts, verdicts, since),
    names: known,
  });
}

/** Whom destinations of implementers name for these arrivals; nothing is read where the policy has none. */
async function backTestNamed(kit: Kit, policy: LivePolicy, leads: readonly PastLead[], now: Date): Promise<Named> {
  if (!policy.body.rules.some(({ destination }) => destination.kind === 'custom')) return new Map();
  const rows = await many<Record<string, unknown> & { id: number }>(kit.db, 'SELECT * FROM crm_leads WHERE id = ANY(?::int[])', [
    leads.map(({ lead }) => lead.id),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const asked = leads.map(({ lead: { id, holds } }) => ({ id, holds, row: byId.get(id) ?? {} }));
  return loadNamed(kit.db, [{ versionId: policy.versionId, rules: policy.body.rules, leads: asked }], now);
}

async function responses(
  kit: Kit,
  firsts: readonly number[],
  verdicts: ReadonlyMap<number, { readonly owner: number | null }>,
  since: Date,
): Promise<ReadonlyMap<number, number | null>> {
  const ids = [...new Set([...firsts, ...[...verdicts.values()].flatMap(({ owner }) => owner ?? [])])];
  const rows = await many<{ id: number; minutes: number | null }>(
    kit.db,
    `SELECT m.id, ${RESPONSE_MINUTES('m')}::float8 AS minutes FROM crm_members m WHERE m.id = ANY(?::int[])`,
    [since, ids],
  );
  return new Map(rows.map((row) => [row.id, row.minutes === null ? null : Math.round(row.minutes * 10) / 10]));
}

interface Parts {
  readonly policy: LivePolicy;
  readonly rows: readonly Row[];
  readonly verdicts: ReturnType<typeof backTest>['verdicts'];
  readonly reasons: ReadonlyMap<string, number>;
  readonly days: number;
  readonly limited: boolean;
  readonly minutes: ReadonlyMap<number, number | null>;
  readonly names: ReadonlyMap<number, { readonly name: string; readonly weight: number }>;
}

function summary({ policy, rows, verdicts, reasons, days, limited, minutes, names }: Parts): BackTest {
  const tally = new Map<number, { before: number; after: number; valueBefore: number; valueAfter: number }>();
  const of = (id: number): { before: number; after: number; valueBefore: number; valueAfter: number } => {
    const known = tally.get(id) ?? { before: 0, after: 0, valueBefore: 0, valueAfter: 0 };
    tally.set(id, known);
    return known;
  };
  const perRule = new Map<string, number>();
  const end = { pools: 0, held: 0, nobody: 0 };
  for (const row of rows) {
    const value = row.score ?? 0;
    if (row.first_owner !== null) {
      of(row.first_owner).before += 1;
      of(row.first_owner).valueBefore += value;
    }
    const verdict = verdicts.get(row.id);
    if (!verdict) continue;
    perRule.set(ruleOf(verdict), (perRule.get(ruleOf(verdict)) ?? 0) + 1);
    if (verdict.owner !== null) {
      of(verdict.owner).after += 1;
      of(verdict.owner).valueAfter += value;
    } else if (verdict.pool !== null) end.pools += 1;
    else if (verdict.retry) end.held += 1;
    else end.nobody += 1;
  }
  const people = [...tally].map(([member, counts]) => ({
    member,
    name: names.get(member)?.name ?? `#${member}`,
    ...counts,
    responseMinutes: minutes.get(member) ?? null,
  }));
  const jain = (side: 'before' | 'after'): number | null =>
    jainIndex(people.map((person) => ({ entitled: names.get(person.member)?.weight ?? 1, received: person[side] })));
  return {
    days,
    leads: rows.length,
    limited,
    rules: [...allRules(policy.body).map(({ key, label }) => ({ key, label, leads: perRule.get(key) ?? 0 })), ...stickyLine(perRule)],
    people: people.sort((a, b) => b.after - a.after || a.name.localeCompare(b.name)),
    ...end,
    reasons: [...reasons].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count),
    jainBefore: jain('before'),
    jainAfter: jain('after'),
    responseBefore: mean(people.map((person) => ({ minutes: person.responseMinutes, leads: person.before }))),
    responseAfter: mean(people.map((person) => ({ minutes: person.responseMinutes, leads: person.after }))),
  };
}

const stickyLine = (perRule: ReadonlyMap<string, number>): BackTest['rules'] => {
  const leads = perRule.get('sticky') ?? 0;
  return leads === 0 ? [] : [{ key: 'sticky', label: { zh: '规则之前（已有负责人）', en: 'Before the rules (known owner)' }, leads }];
};
