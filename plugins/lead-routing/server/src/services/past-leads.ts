import { many, snake } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { stickyFor } from '../../../contracts';
import type { Decided, PastLead } from '../domain/back-test';
import type { RoutedLead } from '../domain/facts';
import { stickyOf } from '../domain/sticky';
import { freedAfter, isBefore, ownersBefore, valueAt, valuesThen, type Told, type Until } from '../domain/story';
import { policyFor, tableColumns, tableRows, tableValues, verdictsOf } from './conditions';
import { closedStages, fieldsOf, valueOf } from './lead-facts';
import { decidedAgain, loadRefusals, loadStories, type Again, type Refusals, type Stories } from './lead-stories';
import { valuesOfThen, type ThenRow } from './past-values';
import type { LivePolicy } from './plans';

const MOST_LEADS = 20_000;

/** A route decision about a lead, as far as a replay asks for it. */
interface PastDecision {
  readonly id: number;
  readonly at: string;
  readonly version: number | null;
  readonly facts: string | null;
  readonly reason: string;
  readonly owner: number | null;
  readonly pool: number | null;
  readonly rule: string | null;
  readonly waited: boolean;
}

interface Row {
  id: number;
  captured_at: Date;
  in_span: boolean;
  source: string | null;
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
  first_owner: number | null;
  decisions: PastDecision[] | null;
}

/** Arrivals of the span and leads that came again, with what was decided about them, in one statement. */
const rowsOf = (kit: Kit, since: Date, now: Date, again: readonly number[], most: number): Promise<Row[]> =>
  many<Row>(
    kit.db,
    `SELECT l.id, l.captured_at, l.captured_at >= ? AS in_span, l.source, l.stage, l.stage_entered_at,
       l.owner_id, l.pool_id, l.account_id, a.owner_id AS account_owner, c.id AS created_event, c.at AS created_at,
       p.id AS duplicate, p.owner_id AS duplicate_owner, p.stage AS duplicate_stage, d.decisions,
       coalesce((SELECT e.member_id FROM crm_ledger e WHERE e.lead_id = l.id AND e.group_key LIKE 'route:%' ORDER BY e.id LIMIT 1), l.owner_id) AS first_owner
     FROM crm_leads l LEFT JOIN crm_accounts a ON a.id = l.account_id
       LEFT JOIN LATERAL (SELECT e.id, e.at FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = 'lead.created'
         ORDER BY e.id LIMIT 1) c ON TRUE
       LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('id', x.id, 'at', x.at, 'version', x.policy_version_id, 'facts', x.inputs->>'facts',
           'reason', x.result->>'reason', 'owner', x.result->'owner', 'pool', x.result->'pool', 'rule', x.result->>'rule',
           'waited', EXISTS (SELECT 1 FROM jsonb_array_elements_text(coalesce(x.inputs->'asks', '[]')) k WHERE k LIKE 'waiting:%')) ORDER BY x.id) AS decisions
         FROM crm_decisions x WHERE x.subject = 'lead' AND x.subject_id = l.id AND x.kind = 'route') d ON TRUE
       LEFT JOIN crm_leads p ON p.id = coalesce((SELECT (e.data->>'lead')::int FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id
         AND e.type = 'lead.duplicate_found' AND e.data->>'lead' IS NOT NULL ORDER BY e.id LIMIT 1), l.duplicate_of)
     WHERE ((l.captured_at >= ? AND l.captured_at <= ?) OR l.id = ANY(?::int[]))
       AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND l.quarantine IS NULL
     ORDER BY l.captured_at DESC, l.id DESC LIMIT ?`,
    [since, since, now, [...again], most + 1],
  );

/** What a lead came with, and what was true of it then. */
interface Moment {
  /** Just before it came. */
  readonly until: Until;
  readonly at: Date;
  readonly again: boolean;
  /** Decisions about it then: the first at once, the others after it had waited. */
  readonly decisions: readonly PastDecision[];
  /** Who got it; absent = as the last of the decisions says. */
  readonly owner?: number | null;
}

interface Context {
  readonly policy: LivePolicy;
  readonly columns: ReturnType<typeof tableColumns>;
  readonly stories: Stories;
  readonly refusals: Refusals;
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

function leadOf(context: Context, row: Row, { until, at, again }: Moment, then: ThenRow): RoutedLead {
  const { policy, columns, stories, refusals } = context;
  const verdicts = verdictsOf(policy, new Set(then.held ?? []));
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const byRevenue = policy.body.rules.some((rule) => rule.ranking === 'quality-balanced' && rule.value === 'revenue');
  const story = stories.of('lead', row.id);
  const owners = ownersBefore(story, until);
  const { duplicate, account } = knownAt(row, story, context, until);
  const refused = again ? (refusals.get(row.id) ?? []).filter((one) => one.at.getTime() <= at.getTime()) : [];
  return {
    id: row.id,
    versionId: policy.versionId,
    score: then.score,
    grade: then.grade,
    capturedAt: row.captured_at,
    language: then.language,
    ownerId: null,
    accountOwner: account ?? null,
    values: Object.fromEntries(fieldsOf(policy.body.rules).map((field, index) => [field, text(then[`f${index}`])])),
    ...verdicts,
    rows: columns ? tableRows(policy, verdicts.holds, tableValues(columns.names, then)) : new Map(),
    value: valueOf(then, byRevenue ? 'revenue' : 'score'),
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
  /** The version that decided then; null = none. */
  readonly version: number | null;
}

const earliest = (...moments: readonly (Date | null)[]): Date | null => {
  const times = moments.flatMap((moment) => (moment === null ? [] : [moment.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
};

/** One coming of a lead to routing; null = it was not free then, or nobody works on it any more. */
function occasionOf(context: Context, row: Row, moment: Moment, then: ThenRow, occasion: number): Occasion | null {
  const { policy, stories, closed } = context;
  const story = stories.of('lead', row.id);
  const { until, at, again, decisions } = moment;
  const closedAt = closed.includes(row.stage) ? row.stage_entered_at : null;
  const holder = { owner: valueAt(story, 'owner', until, row.owner_id), pool: valueAt(story, 'pool', until, row.pool_id) };
  const lead = leadOf(context, row, moment, then);
  const isHeld = holder.owner !== null || holder.pool !== null;
  if (again && !isHeld && lead.previousOwners.length === 0) return null;
  const keeps = !again && isHeld && (holder.owner === null || stickyFor(policy.body, row.source).explicitOwner);
  const last = decisions.at(-1);
  const truth = keeps ? holder.owner : moment.owner !== undefined ? moment.owner : (last?.owner ?? null);
  const moved = story.find((told) => !isBefore(told, until) && 'owner' in told.after && told.after['owner'] !== truth);
  const decided = decisions.flatMap(({ facts, at: when, id }): Decided[] =>
    facts === null ? [] : [{ facts, at: new Date(when), order: id }],
  );
  const past: PastLead = {
    occasion,
    lead,
    at,
    closedAt: earliest(closedAt, freedAfter(story, until)),
    keptUntil: earliest(closedAt, moved?.at ?? null),
    was: { owner: truth, rule: last?.rule ?? null },
    decided: decided.length === decisions.length ? decided : [],
    ...(keeps ? { explicit: holder } : {}),
    again,
    ...(again && lead.previousOwners.length === 0 ? { fromPool: true } : {}),
  };
  return { past, score: then.score ?? 0, owner: truth, version: last?.version ?? null };
}

/** Nobody is looked for these on arrival. */
const NOT_ROUTED: ReadonlySet<string> = new Set(['STAGE_CLOSED', 'DO_NOT_CONTACT']);

/** A decision and those after it by which the lead came out of its waiting. */
function triesFrom(decisions: readonly PastDecision[], from: number): readonly PastDecision[] {
  const end = decisions.findIndex(({ reason }, index) => index >= from && reason !== 'HELD');
  return decisions.slice(from, end === -1 ? undefined : end + 1).filter(({ waited }, index) => index === 0 || waited);
}

/** Every coming of a lead to routing that a replay repeats. */
function momentsOf(row: Row, again: readonly Again[]): readonly Moment[] {
  const decisions = row.decisions ?? [];
  const start = decisions.findIndex(({ reason }) => reason !== 'QUARANTINED');
  const tries = start === -1 ? [] : triesFrom(decisions, start);
  const created = { event: row.created_event === null ? null : Number(row.created_event), at: row.created_at ?? row.captured_at };
  const arrives = row.in_span && !NOT_ROUTED.has(tries.at(-1)?.reason ?? '');
  return [
    ...(arrives
      ? [{ until: created, at: row.captured_at, again: false, decisions: tries, ...(tries.length === 0 ? { owner: row.first_owner } : {}) }]
      : []),
    ...again.map(({ decision, event, at }): Moment => {
      const from = decisions.findIndex(({ id }) => id === decision);
      return { until: { event, at }, at, again: true, decisions: from === -1 ? [] : triesFrom(decisions, from) };
    }),
  ];
}

/** What events told of a lead just before it was decided about, by column; who holds it changes by the decision itself. */
function patchOf(story: readonly Told[], { until, decisions, at, again }: Moment): Record<string, unknown> {
  const [decision] = decisions;
  const routed = story.find(
    (told) =>
      told.type === 'lead.routed' &&
      decision !== undefined &&
      told.at.getTime() === new Date(decision.at).getTime() &&
      told.after['owner'] === decision.owner &&
      told.after['pool'] === decision.pool,
  );
  const then = again || !routed ? (again ? until : { event: null, at: decision ? new Date(decision.at) : at }) : { event: routed.id, at };
  const named = (key: string): string => (['owner', 'pool', 'team', 'account'].includes(key) ? `${key}_id` : snake(key));
  return Object.fromEntries(Object.entries(valuesThen(story, then)).map(([key, value]) => [named(key), value]));
}

export interface PastLeads {
  readonly occasions: readonly Occasion[];
  /** Leads of the span that an earlier policy decides. */
  readonly elsewhere: number;
  readonly limited: boolean;
  /** When it was limited: from when on every lead is there. */
  readonly since: Date | null;
}

/**
 * Every time a lead came to routing in the span: when it arrived, and when it was routed once more after somebody had lost it or it had lain in
 * a pool. Its values, owners of duplicates and accounts and those before are as of that time, from the events.
 */
export async function pastLeads(
  kit: Kit,
  policy: LivePolicy,
  earlier: readonly LivePolicy[],
  since: Date,
  now: Date,
  most = MOST_LEADS,
): Promise<PastLeads> {
  const newest = await decidedAgain(kit, since, now, most + 1);
  const decided = newest.slice(-most);
  const byLead = new Map<number, Again[]>();
  for (const one of decided) byLead.set(one.lead, [...(byLead.get(one.lead) ?? []), one]);
  const found = await rowsOf(kit, since, now, [...byLead.keys()], most);
  const rows = found.slice(0, most);
  const stories = await loadStories(
    kit,
    rows.flatMap(({ id, duplicate }) => (duplicate === null ? [id] : [id, duplicate])),
    rows.flatMap((row) => row.account_id ?? []),
  );
  const moments = rows.flatMap((row) => momentsOf(row, byLead.get(row.id) ?? []).map((moment) => ({ row, moment })));
  const asked = moments.map(({ row, moment }, key) => {
    const decision = moment.decisions[0]?.id ?? null;
    return { key, id: row.id, decision, patch: patchOf(stories.of('lead', row.id), moment) };
  });
  const then = await valuesOfThen(kit, policy, earlier, asked, now);
  const context: Context = {
    policy,
    columns: tableColumns(kit, [policy], now),
    stories,
    refusals: await loadRefusals(kit, [...byLead.keys()]),
    closed: await closedStages(kit),
  };
  const elsewhere = new Set<number>();
  const occasions = moments.flatMap(({ row, moment }, key): Occasion[] => {
    const values = then.get(key);
    const held = new Set(values?.held ?? []);
    if (!values || !policyFor([policy], held)) return [];
    if (policyFor([...earlier, policy], held) !== policy) {
      if (row.in_span) elsewhere.add(row.id);
      return [];
    }
    return [occasionOf(context, row, moment, values, key + 1)].filter((one) => one !== null);
  });
  const from = [
    ...(found.length > most ? [rows.at(-1)?.captured_at ?? now] : []),
    ...(newest.length > most ? [decided[0]?.at ?? now] : []),
  ].map((at) => Math.max(since.getTime(), at.getTime()));
  return { occasions, elsewhere: elsewhere.size, limited: from.length > 0, since: from.length > 0 ? new Date(Math.max(...from)) : null };
}
