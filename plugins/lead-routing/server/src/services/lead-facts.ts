import { hash } from 'node:crypto';
import { many, snake } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE, type Entry, type LeadRow, type Lifecycle, type WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import { stickyFor, type RouteResult, type RoutingRule, type StickySteps } from '../../../contracts';
import type { PlannedStandard, RoutedLead, Sticky } from '../domain/facts';
import { customRanking } from '../domain/extensions';
import { guardOf, nextHop, type PastDecision } from '../domain/guards';
import { stickyOf } from '../domain/sticky';
import { LEFT } from '../domain/story';
import { answersOf, isReroute, waitingOf } from './asks';
import type { LivePolicy } from './plans';

/** Stages in which nobody works on a lead any more. */
export async function closedStages(kit: Kit): Promise<readonly string[]> {
  const [live] = await kit.policies.live<Lifecycle>('lifecycle');
  return (live?.body ?? STANDARD_LIFECYCLE).stages
    .filter((stage) => stage.type === 'won' || stage.type === 'lost')
    .map((stage) => stage.key);
}

/** Who had a lead, and what was decided about it, newest first. */
export interface LeadPast {
  readonly owners: readonly { readonly member: number; readonly at: Date; readonly left: string }[];
  readonly decisions: readonly PastDecision[];
  readonly refusals: readonly { readonly member: number; readonly reason: string | null }[];
  /** A meeting with it is planned. */
  readonly meeting: boolean;
  /** A dispute keeps it where it is until then. */
  readonly frozenUntil: Date | null;
  readonly ladder: { readonly step: number; readonly at: Date } | null;
}

const PAST = `
  SELECT l.id, o.owners, d.decisions, f.refusals,
    EXISTS (SELECT 1 FROM crm_tasks t WHERE t.lead_id = l.id AND t.state = 'open' AND t.kind = 'meeting' AND t.due_at > ?) AS meeting,
    (SELECT p.frozen_until FROM crm_routing_disputes p WHERE p.lead_id = l.id AND p.state = 'open') AS frozen_until, s.step, s.at AS step_at
  FROM unnest(?::int[]) AS l(id)
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('member', x.member, 'at', x.at, 'left', x.type) ORDER BY x.id DESC) AS owners FROM (
    SELECT e.id, (e.before->>'owner')::int AS member, e.at, e.type FROM crm_events e
    WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = ANY(?::text[]) AND e.before->>'owner' IS NOT NULL ORDER BY e.id DESC LIMIT 50) x) o ON TRUE
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('at', x.at, 'cause', x.cause, 'hash', x.inputs->>'hash', 'result', x.result) ORDER BY x.id DESC) AS decisions FROM (
    SELECT c.id, c.at, c.cause, c.inputs, c.result FROM crm_decisions c
    WHERE c.subject = 'lead' AND c.subject_id = l.id AND c.kind = 'route' ORDER BY c.id DESC LIMIT 20) x) d ON TRUE
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('member', r.member_id, 'reason', r.reason)) AS refusals
    FROM crm_routing_offers r WHERE r.lead_id = l.id AND r.state = 'rejected') f ON TRUE
  LEFT JOIN crm_routing_ladders s ON s.lead_id = l.id`;

interface PastRow {
  id: number;
  owners: { member: number; at: string; left: string }[] | null;
  decisions: { at: string; cause: string | null; hash: string | null; result: Partial<RouteResult> }[] | null;
  refusals: { member: number; reason: string | null }[] | null;
  meeting: boolean;
  frozen_until: Date | null;
  step: number | null;
  step_at: Date | null;
}

/** History of leads that were here before, in one statement. */
export async function loadPast(trx: Knex.Transaction, ids: readonly number[], now: Date): Promise<ReadonlyMap<number, LeadPast>> {
  if (ids.length === 0) return new Map();
  const rows = await many<PastRow>(trx, PAST, [now, [...ids], LEFT]);
  return new Map(
    rows.map(({ id, owners, decisions, refusals, meeting, frozen_until: frozenUntil, step, step_at: stepAt }): [number, LeadPast] => [
      id,
      {
        refusals: refusals ?? [],
        meeting,
        frozenUntil,
        ladder: step === null || stepAt === null ? null : { step, at: stepAt },
        owners: (owners ?? []).map(({ member, at, left }) => ({ member, at: new Date(at), left })),
        decisions: (decisions ?? []).map(({ at, cause, hash, result }) => ({
          at: new Date(at),
          cause,
          hash,
          rule: result.rule ?? null,
          owner: result.owner ?? null,
          hop: result.hop ?? 0,
        })),
      },
    ]),
  );
}

/** Owners a lead could stick to: of its account and of the lead it repeats. */
export interface Relations {
  readonly accounts: ReadonlyMap<number, number>;
  readonly duplicates: ReadonlyMap<number, number>;
}

export async function loadRelations(trx: Knex.Transaction, entries: readonly Entry[], closed: readonly string[]): Promise<Relations> {
  const accounts = [...new Set(entries.flatMap(({ row }) => row.account_id ?? []))];
  const duplicates = [...new Set(entries.flatMap(({ row }) => row.duplicate_of ?? []))];
  if (accounts.length + duplicates.length === 0) return { accounts: new Map(), duplicates: new Map() };
  const rows = await many<{ kind: string; id: number; owner_id: number }>(
    trx,
    `SELECT 'account' AS kind, id, owner_id FROM crm_accounts WHERE id = ANY(?::int[]) AND owner_id IS NOT NULL
     UNION ALL SELECT 'lead', id, owner_id FROM crm_leads WHERE id = ANY(?::int[]) AND owner_id IS NOT NULL AND merged_into IS NULL AND stage <> ALL(?::text[])`,
    [accounts, duplicates, [...closed]],
  );
  const of = (kind: string): ReadonlyMap<number, number> =>
    new Map(rows.filter((row) => row.kind === kind).map((row) => [row.id, row.owner_id]));
  return { accounts: of('account'), duplicates: of('lead') };
}

/** R-61 for a lead as it is in this change set. */
function stickyNow(
  steps: StickySteps,
  row: Readonly<LeadRow>,
  relations: Relations,
  past: LeadPast | undefined,
  now: Date,
): readonly Sticky[] {
  const duplicate = row.duplicate_of === null ? undefined : relations.duplicates.get(row.duplicate_of);
  const account = row.account_id === null ? undefined : relations.accounts.get(row.account_id);
  return stickyOf(steps, { duplicate, account, last: past?.owners[0] }, now);
}

const fieldValue = (row: Readonly<LeadRow>, field: string): string | null => {
  const value = field.startsWith('custom.') ? row.custom[field.slice(7)] : row[snake(field)];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
};

/** What conditions, tables and limits said about a lead. */
export interface Verdicts {
  readonly holds: ReadonlySet<string>;
  readonly unreachable: ReadonlySet<string>;
  readonly standards: readonly PlannedStandard[];
  readonly adds: ReadonlyMap<string, number>;
  readonly rows: ReadonlyMap<string, number | 'none' | 'ambiguous'>;
}

export interface LeadContext {
  readonly set: WorkingSet;
  readonly relations: Relations;
  readonly past: ReadonlyMap<number, LeadPast>;
}

export interface RoutedEntry {
  readonly entry: Entry;
  readonly policy: LivePolicy;
  readonly lead: RoutedLead;
  readonly hop: number;
  /** What the decision looks at in the lead; made when it is asked for, mostly while the database is already writing. */
  readonly hash: () => string;
}

/** Lead fields whose values the rules compare with skills and territories. */
export const fieldsOf = (rules: readonly RoutingRule[]): readonly string[] => [
  ...new Set(
    rules.flatMap(({ filters, fit, ...rule }) => [
      ...(customRanking(rule)?.fields(rule.rankingParams) ?? []),
      ...filters.skills.flatMap((skill) => skill.from ?? []),
      ...(filters.territory ? [filters.territory] : []),
      ...fit.map(({ from }) => from),
    ]),
  ),
];

const THOUSAND = 1000;
/** What a lead counts for where value is balanced: its score, or its company's revenue in thousands; whole and at least 1. */
export const valueOf = (row: Pick<LeadRow, 'score' | 'annual_revenue'>, by: 'score' | 'revenue'): number =>
  Math.max(1, Math.round(by === 'score' ? (row.score ?? 1) : Number(row.annual_revenue ?? 0) / THOUSAND));

const NO_CODES: ReadonlyMap<number, 'conflict' | 'other'> = new Map();

interface Compared {
  readonly fields: readonly string[];
  readonly byRevenue: boolean;
}
const compared = new WeakMap<LivePolicy, Compared>();

/** What the rules of a policy look at in a lead, found once for all leads. */
function comparedBy(policy: LivePolicy): Compared {
  const known = compared.get(policy);
  if (known) return known;
  const { rules } = policy.body;
  const found = {
    fields: fieldsOf(rules),
    byRevenue: rules.some((rule) => rule.ranking === 'quality-balanced' && rule.value === 'revenue'),
  };
  compared.set(policy, found);
  return found;
}

function hashOf(lead: RoutedLead): string {
  const facts = {
    ...lead,
    id: undefined,
    adds: undefined,
    holds: [...lead.holds],
    waiting: [...lead.waiting.keys()],
    rows: [...(lead.rows ?? [])],
  };
  return hash('sha256', JSON.stringify(facts)).slice(0, 16);
}

/** The facts of one lead, from its row as it is in this change set and from its history. */
export function routedEntry(entry: Entry, policy: LivePolicy, verdicts: Verdicts, { set, relations, past }: LeadContext): RoutedEntry {
  const { row } = entry;
  const history = past.get(entry.id);
  const reroute = isReroute(entry);
  const hop = reroute ? nextHop(history?.decisions ?? [], row.last_follow_up_at) : 0;
  const { fields, byRevenue } = comparedBy(policy);
  const lead: RoutedLead = {
    id: entry.id,
    versionId: policy.versionId,
    score: row.score,
    grade: row.grade,
    capturedAt: row.captured_at,
    language: row.language,
    ownerId: row.owner_id,
    accountOwner: row.account_id === null ? null : (relations.accounts.get(row.account_id) ?? null),
    values: Object.fromEntries(fields.map((field) => [field, fieldValue(row, field)])),
    ...verdicts,
    value: valueOf(row, byRevenue ? 'revenue' : 'score'),
    waiting: waitingOf(entry.asks),
    answers: answersOf(entry.asks),
    sticky: stickyNow(stickyFor(policy.body, row.source), row, relations, history, set.now),
    previousOwners: [...new Set((history?.owners ?? []).map((owner) => owner.member))],
    pastOwners: (history?.owners ?? []).map(({ member, at }) => ({ member, at })),
    refusedBy: history
      ? new Map(history.refusals.map(({ member, reason }) => [member, reason === 'conflict' ? 'conflict' : 'other']))
      : NO_CODES,
    reroute,
    guard: reroute ? guardOf(history?.decisions ?? [], hop, policy.body.reroute.maxHops, row.last_follow_up_at, set.now) : null,
    test: row.is_test,
  };
  return { entry, policy, lead, hop, hash: () => hashOf(lead) };
}
