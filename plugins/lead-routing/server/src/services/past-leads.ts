import { many } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { stickyFor } from '../../../contracts';
import type { PastLead } from '../domain/back-test';
import type { RoutedLead } from '../domain/facts';
import { stickyOf } from '../domain/sticky';
import { freedAfter, ownersBefore, valueAt, type Told, type Until } from '../domain/story';
import { allConditions, policyFor, tableColumns, tableRows, tableValues, verdictsOf } from './conditions';
import { closedStages, fieldsOf, valueOf } from './lead-facts';
import { decidedAgain, loadRefusals, loadStories, type Again, type Refusals, type Stories } from './lead-stories';
import type { LivePolicy } from './plans';

const MOST_LEADS = 20_000;

interface Row {
  id: number;
  score: number | null;
  grade: string | null;
  captured_at: Date;
  in_span: boolean;
  language: string | null;
  source: string | null;
  annual_revenue: string | null;
  stage: string;
  stage_entered_at: Date;
  owner_id: number | null;
  pool_id: number | null;
  account_id: number | null;
  account_owner: number | null;
  created_event: string | null;
  created_at: Date | null;
  duplicate: number | null;
  duplicate_owner: number | null;
  duplicate_stage: string | null;
  first: { owner: number | null; reason: string } | null;
  first_owner: number | null;
  held: string[] | null;
  [column: string]: unknown;
}

const FIRST_DECISION = `(SELECT d.result FROM crm_decisions d WHERE d.subject = 'lead' AND d.subject_id = l.id AND d.kind = 'route'
  AND d.result->>'reason' NOT IN ('HELD', 'QUARANTINED') ORDER BY d.id LIMIT 1)`;

/** Arrivals of the span and leads that came again, with what every condition says about each, in one statement. */
async function rowsOf(
  kit: Kit,
  policy: LivePolicy,
  earlier: readonly LivePolicy[],
  { since, now, again }: { readonly since: Date; readonly now: Date; readonly again: readonly number[] },
): Promise<readonly Row[]> {
  const bindings: unknown[] = [since];
  const whens = earlier.flatMap(({ versionId, body }) => (body.when ? [{ key: `${versionId}`, condition: body.when }] : []));
  const held = [...allConditions(policy), ...whens].map(({ key, condition }) => {
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
    `SELECT l.id, l.score, l.grade, l.captured_at, l.captured_at >= ? AS in_span, l.language, l.source, l.annual_revenue, l.stage, l.stage_entered_at,
       l.owner_id, l.pool_id, l.account_id, a.owner_id AS account_owner,
       c.id AS created_event, c.at AS created_at,
       p.id AS duplicate, p.owner_id AS duplicate_owner, p.stage AS duplicate_stage, ${FIRST_DECISION} AS first,
       coalesce((SELECT e.member_id FROM crm_ledger e WHERE e.lead_id = l.id AND e.group_key LIKE 'route:%' ORDER BY e.id LIMIT 1), l.owner_id) AS first_owner,
       array_remove(ARRAY[NULL${held.length > 0 ? `, ${held.join(', ')}` : ''}]::text[], NULL) AS held
       ${fields.length > 0 ? `, ${fields.join(', ')}` : ''} ${columns ? `, ${columns.sql}` : ''}
     FROM crm_leads l LEFT JOIN crm_accounts a ON a.id = l.account_id
       LEFT JOIN LATERAL (SELECT e.id, e.at FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = 'lead.created'
         ORDER BY e.id LIMIT 1) c ON TRUE
       LEFT JOIN crm_leads p ON p.id = coalesce((SELECT (e.data->>'lead')::int FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id
         AND e.type = 'lead.duplicate_found' AND e.data->>'lead' IS NOT NULL ORDER BY e.id LIMIT 1), l.duplicate_of)
     WHERE ((l.captured_at >= ? AND l.captured_at <= ?) OR l.id = ANY(?::int[]))
       AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND l.quarantine IS NULL
     ORDER BY l.captured_at DESC, l.id DESC LIMIT ${MOST_LEADS + 1}`,
    [...bindings, ...(columns?.bindings ?? []), since, now, [...again]],
  );
}

/** What a lead came with, and what was true of it then. */
interface Moment {
  readonly until: Until;
  readonly at: Date;
  readonly refusals: Refusals;
  readonly again: boolean;
}

interface Context {
  readonly policy: LivePolicy;
  readonly columns: ReturnType<typeof tableColumns>;
  readonly stories: Stories;
  readonly closed: readonly string[];
}

/** R-61 as of the moment: the owner the repeated lead had then, if it was open; the account the lead was in then, and its owner then. */
function knownAt(row: Row, story: readonly Told[], { stories, closed }: Context, until: Until): { duplicate?: number; account?: number } {
  const first = story.find(({ after }) => 'account' in after);
  const account =
    first && first.at.getTime() > until.at.getTime() ? null : valueAt(story, 'account', { event: null, at: until.at }, row.account_id);
  const owner =
    account === null ? null : valueAt(stories.of('account', account), 'owner', { event: null, at: until.at }, row.account_owner);
  const other = row.duplicate === null ? [] : stories.of('lead', row.duplicate);
  const open = row.duplicate_stage !== null && !closed.includes(valueAt(other, 'stage', until, row.duplicate_stage));
  const holder = open ? valueAt(other, 'owner', until, row.duplicate_owner) : null;
  return { ...(holder === null ? {} : { duplicate: holder }), ...(owner === null ? {} : { account: owner }) };
}

function leadOf(context: Context, row: Row, { until, at, refusals }: Moment): RoutedLead {
  const { policy, columns, stories } = context;
  const verdicts = verdictsOf(policy, new Set(row.held ?? []));
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const byRevenue = policy.body.rules.some((rule) => rule.ranking === 'quality-balanced' && rule.value === 'revenue');
  const story = stories.of('lead', row.id);
  const owners = ownersBefore(story, until);
  const { duplicate, account } = knownAt(row, story, context, until);
  const refused = (refusals.get(row.id) ?? []).filter((one) => one.at.getTime() <= at.getTime());
  return {
    id: row.id,
    versionId: policy.versionId,
    score: row.score,
    grade: row.grade,
    capturedAt: row.captured_at,
    language: row.language,
    ownerId: null,
    accountOwner: account ?? null,
    values: Object.fromEntries(fieldsOf(policy.body.rules).map((field, index) => [field, text(row[`f${index}`])])),
    ...verdicts,
    rows: columns ? tableRows(policy, verdicts.holds, tableValues(columns.names, row)) : new Map(),
    value: valueOf(row, byRevenue ? 'revenue' : 'score'),
    waiting: new Map(),
    sticky: stickyOf(stickyFor(policy.body, row.source), { duplicate, account, last: owners[0] }, at),
    previousOwners: [...new Set(owners.map(({ member }) => member))],
    pastOwners: owners.map(({ member, at: lost }) => ({ member, at: lost })),
    refusedBy: new Map(refused.map(({ member, reason }) => [member, reason === 'conflict' ? ('conflict' as const) : ('other' as const)])),
    reroute: false,
    guard: null,
    test: false,
  };
}

/** An occasion with who got the lead in truth. */
export interface Occasion {
  readonly past: PastLead;
  readonly score: number;
  readonly owner: number | null;
}

const earliest = (...moments: readonly (Date | null)[]): Date | null => {
  const times = moments.flatMap((moment) => (moment === null ? [] : [moment.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
};

/** One coming of a lead to routing; null = it was not free then, or nobody works on it any more. */
function occasionOf(context: Context, row: Row, moment: Moment, truth: number | null, occasion: number): Occasion | null {
  const { policy, stories, closed } = context;
  const story = stories.of('lead', row.id);
  const { until, at, again } = moment;
  const closedAt = closed.includes(row.stage) ? row.stage_entered_at : null;
  const holder = { owner: valueAt(story, 'owner', until, row.owner_id), pool: valueAt(story, 'pool', until, row.pool_id) };
  const lead = leadOf(context, row, moment);
  const isHeld = holder.owner !== null || holder.pool !== null;
  if (again && !isHeld && lead.previousOwners.length === 0) return null;
  const keeps = !again && isHeld && (holder.owner === null || stickyFor(policy.body, row.source).explicitOwner);
  const past: PastLead = {
    occasion,
    lead,
    at,
    closedAt: earliest(closedAt, freedAfter(story, until)),
    ...(keeps ? { explicit: holder } : {}),
    again,
    ...(again && lead.previousOwners.length === 0 ? { fromPool: true } : {}),
  };
  return { past, score: row.score ?? 0, owner: keeps ? holder.owner : truth };
}

export interface PastLeads {
  readonly occasions: readonly Occasion[];
  /** Leads of the span that an earlier policy decides. */
  readonly elsewhere: number;
  readonly limited: boolean;
}

/** Nobody is looked for these on arrival. */
const NOT_ROUTED: ReadonlySet<string> = new Set(['STAGE_CLOSED', 'DO_NOT_CONTACT']);

/**
 * Every time a lead came to routing in the span: when it arrived, and when it was routed once more after somebody had lost it or it had lain in
 * a pool. Owners of duplicates and accounts and those before are as of that time, from the events; what conditions look at is as it is today.
 */
export async function pastLeads(kit: Kit, policy: LivePolicy, earlier: readonly LivePolicy[], since: Date, now: Date): Promise<PastLeads> {
  const decided = await decidedAgain(kit, since, now, MOST_LEADS);
  const byLead = new Map<number, Again[]>();
  for (const one of decided) byLead.set(one.lead, [...(byLead.get(one.lead) ?? []), one]);
  const found = await rowsOf(kit, policy, earlier, { since, now, again: [...byLead.keys()] });
  const kept = found.slice(0, MOST_LEADS);
  const ours = kept.filter((row) => policyFor([policy], new Set(row.held ?? [])));
  const rows = ours.filter((row) => policyFor([...earlier, policy], new Set(row.held ?? [])) === policy);
  const stories = await loadStories(
    kit,
    rows.flatMap(({ id, duplicate }) => (duplicate === null ? [id] : [id, duplicate])),
    rows.flatMap((row) => row.account_id ?? []),
  );
  const context: Context = { policy, columns: tableColumns(kit, [policy], now), stories, closed: await closedStages(kit) };
  const refusals = await loadRefusals(kit, [...byLead.keys()]);
  let occasion = 0;
  const occasions = rows.flatMap((row): Occasion[] => {
    const arrived: Until = { event: row.created_event === null ? null : Number(row.created_event), at: row.created_at ?? row.captured_at };
    const first = row.in_span && !NOT_ROUTED.has(row.first?.reason ?? '');
    const truth = row.first ? row.first.owner : row.first_owner;
    const moments: { moment: Moment; truth: number | null }[] = [
      ...(first ? [{ moment: { until: arrived, at: row.captured_at, refusals: new Map(), again: false }, truth }] : []),
      ...(byLead.get(row.id) ?? []).map(({ event, at, owner }) => ({
        moment: { until: { event, at }, at, refusals, again: true },
        truth: owner,
      })),
    ];
    return moments.flatMap((one) => occasionOf(context, row, one.moment, one.truth, (occasion += 1)) ?? []);
  });
  const reached = new Set(rows);
  const elsewhere = ours.filter((row) => row.in_span && !reached.has(row)).length;
  return { occasions, elsewhere, limited: found.length > MOST_LEADS };
}
