import { createHash } from 'node:crypto';
import { many, snake } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE, type Entry, type LeadRow, type Lifecycle, type WorkingSet } from '@leadsea/leads';
import type { Knex } from 'knex';
import type { RouteResult, RoutingPolicy } from '../../../contracts';
import type { RoutedLead, Sticky } from '../domain/facts';
import { guardOf, nextHop, type PastDecision } from '../domain/guards';
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
}

const LEFT = ['lead.released', 'lead.recycled', 'lead.rerouted', 'lead.routed', 'lead.transferred', 'lead.assigned'];

const PAST = `
  SELECT l.id, o.owners, d.decisions FROM unnest(?::int[]) AS l(id)
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('member', x.member, 'at', x.at, 'left', x.type) ORDER BY x.id DESC) AS owners FROM (
    SELECT e.id, (e.before->>'owner')::int AS member, e.at, e.type FROM crm_events e
    WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.type = ANY(?::text[]) AND e.before->>'owner' IS NOT NULL ORDER BY e.id DESC LIMIT 50) x) o ON TRUE
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('at', x.at, 'cause', x.cause, 'hash', x.inputs->>'hash', 'result', x.result) ORDER BY x.id DESC) AS decisions FROM (
    SELECT c.id, c.at, c.cause, c.inputs, c.result FROM crm_decisions c
    WHERE c.subject = 'lead' AND c.subject_id = l.id AND c.kind = 'route' ORDER BY c.id DESC LIMIT 20) x) d ON TRUE`;

interface PastRow {
  id: number;
  owners: { member: number; at: string; left: string }[] | null;
  decisions: { at: string; cause: string | null; hash: string | null; result: Partial<RouteResult> }[] | null;
}

/** History of leads that were here before, in one statement. */
export async function loadPast(trx: Knex.Transaction, ids: readonly number[]): Promise<ReadonlyMap<number, LeadPast>> {
  if (ids.length === 0) return new Map();
  const rows = await many<PastRow>(trx, PAST, [[...ids], LEFT]);
  return new Map(
    rows.map(({ id, owners, decisions }): [number, LeadPast] => [
      id,
      {
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

function stickyOf(
  body: RoutingPolicy,
  row: Readonly<LeadRow>,
  relations: Relations,
  past: LeadPast | undefined,
  now: Date,
): readonly Sticky[] {
  const { duplicateOwner, accountOwner, previousOwnerDays } = body.sticky;
  const duplicate = duplicateOwner && row.duplicate_of !== null ? relations.duplicates.get(row.duplicate_of) : undefined;
  const account = accountOwner && row.account_id !== null ? relations.accounts.get(row.account_id) : undefined;
  const [last] = past?.owners ?? [];
  const since = now.getTime() - previousOwnerDays * 86_400_000;
  // Who gave it back himself, or lost it by a breach, is not asked again.
  const kept =
    last !== undefined &&
    previousOwnerDays > 0 &&
    last.at.getTime() >= since &&
    last.left !== 'lead.released' &&
    last.left !== 'lead.rerouted';
  return [
    ...(duplicate === undefined ? [] : [{ reason: 'STICKY_DUPLICATE' as const, member: duplicate }]),
    ...(account === undefined ? [] : [{ reason: 'STICKY_ACCOUNT' as const, member: account }]),
    ...(kept ? [{ reason: 'STICKY_PREVIOUS' as const, member: last.member }] : []),
  ];
}

const WAITING = /^waiting:([a-z0-9-]+):(\d+)$/;

/** What a timer said about how long a lead has been waiting at a rule. */
export function waitingOf(asks: ReadonlySet<string>): ReadonlyMap<string, Date> {
  const waiting = new Map<string, Date>();
  for (const ask of asks) {
    const found = WAITING.exec(ask);
    if (found?.[1] && found[2]) waiting.set(found[1], new Date(Number(found[2])));
  }
  return waiting;
}

const fieldValue = (row: Readonly<LeadRow>, field: string): string | null => {
  const value = field.startsWith('custom.') ? row.custom[field.slice(7)] : row[snake(field)];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
};

export const isReroute = (entry: Entry): boolean => [...entry.asks].some((ask) => ask === 'reroute' || ask.startsWith('reroute:'));

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
  readonly hash: string;
}

/** The facts of one lead, from its row as it is in this change set and from its history. */
export function routedEntry(
  entry: Entry,
  policy: LivePolicy,
  holds: ReadonlySet<string>,
  { set, relations, past }: LeadContext,
): RoutedEntry {
  const { row } = entry;
  const history = past.get(entry.id);
  const reroute = isReroute(entry);
  const hop = reroute ? nextHop(history?.decisions ?? [], row.last_follow_up_at) : 0;
  const fields = policy.body.rules.flatMap((rule) => rule.filters.skills.flatMap((skill) => skill.from ?? []));
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
    holds,
    waiting: waitingOf(entry.asks),
    sticky: stickyOf(policy.body, row, relations, history, set.now),
    previousOwners: [...new Set((history?.owners ?? []).map((owner) => owner.member))],
    reroute,
    guard: reroute ? guardOf(history?.decisions ?? [], hop, policy.body.reroute.maxHops, row.last_follow_up_at, set.now) : null,
    test: row.is_test,
  };
  const facts = { ...lead, id: undefined, holds: [...holds], waiting: [...lead.waiting.keys()] };
  return { entry, policy, lead, hop, hash: createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16) };
}
