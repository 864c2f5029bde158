import type { DecisionInput, WorkingSet } from '@leadsea/leads';
import { ranksText, type CompactTable, type RouteReason, type RouteResult, type StoredCandidate } from '../../../contracts';
import type { Candidate } from '../domain/board';
import type { Person } from '../domain/facts';
import type { Verdict } from '../domain/route';
import type { RoutedEntry } from './lead-facts';

/** Up to so many leads the table has a row for everybody with his name; larger batches keep it short, since most rows are alike. */
const DETAILED = 50;

function row(rule: string, candidate: Candidate, verdict: Verdict, people: ReadonlyMap<number, Person>): StoredCandidate {
  const eligible = candidate.reasons.length === 0;
  return {
    rule,
    member: candidate.member,
    name: people.get(candidate.member)?.name ?? '',
    eligible,
    ...(eligible ? {} : { codes: candidate.reasons }),
    ...(candidate.rank === null ? {} : { rank: candidate.rank }),
    ...(candidate.member === verdict.owner && rule === verdict.rule ? { chosen: true } : {}),
    ...(candidate.standsFor === undefined ? {} : { standsFor: candidate.standsFor }),
    ...(eligible && candidate.lastAt ? { lastAt: candidate.lastAt.toISOString() } : {}),
  };
}

function compact(rule: string, candidates: readonly Candidate[], verdict: Verdict): CompactTable {
  const free = candidates.filter(({ reasons }) => reasons.length === 0);
  const out = candidates.flatMap(({ member, reasons }) => (reasons.length === 0 ? [] : [{ member, codes: reasons }]));
  return { rule, free: ranksText(free), ...(out.length > 0 ? { out } : {}), chosen: rule === verdict.rule ? verdict.owner : null };
}

export const resultOf = ({ entry, policy, hop, lead }: RoutedEntry, verdict: Verdict): RouteResult => ({
  owner: verdict.owner,
  pool: verdict.pool,
  reason: verdict.reason,
  rule: verdict.rule,
  policy: policy.key,
  destination: verdict.destination,
  hop,
  ...(verdict.tie ? { tie: verdict.tie } : {}),
  ...(verdict.guard ? { guard: verdict.guard } : {}),
  ...(verdict.retry ? { heldUntil: verdict.retry.at.toISOString() } : {}),
  ...(lead.reroute ? { previousOwner: entry.before?.owner_id ?? null } : {}),
  ...(lead.test ? { test: true } : {}),
  ...(verdict.standsFor === undefined ? {} : { standsFor: verdict.standsFor }),
});

/** The decision with its rules and the candidate table; both are written out when they are asked for. */
export function decisionOf(
  routed: RoutedEntry,
  verdict: Verdict,
  people: ReadonlyMap<number, Person>,
  { batch, facts }: { readonly batch: number; readonly facts: string | null },
): DecisionInput {
  const asks = [...routed.entry.asks];
  return {
    kind: 'route',
    leadId: routed.entry.id,
    policyVersionId: routed.policy.versionId,
    get inputs() {
      return { rules: verdict.trace, hash: routed.hash(), asks, ...(facts ? { facts } : {}) };
    },
    get candidates() {
      return verdict.tables.flatMap(({ rule, rows }): Record<string, unknown>[] =>
        batch <= DETAILED ? rows.map((candidate) => row(rule, candidate, verdict, people)) : [compact(rule, rows, verdict)],
      );
    },
    result: { ...resultOf(routed, verdict) },
  };
}

/** A lead that is not routed at all, with the reason. */
export function decideNone(
  set: WorkingSet,
  leadId: number,
  reason: RouteReason,
  holding: { readonly owner: number | null; readonly pool: number | null },
  more: Pick<RouteResult, 'heldUntil'> = {},
): void {
  const result: RouteResult = { ...holding, ...more, reason, rule: null, policy: null, destination: null, hop: 0 };
  set.decide({ kind: 'route', leadId, policyVersionId: null, inputs: {}, result: { ...result } });
}
