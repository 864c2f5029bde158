import type { DecisionInput, WorkingSet } from '@leadsea/leads';
import type { RouteReason, RouteResult, StoredCandidate } from '../../../contracts';
import type { Candidate } from '../domain/board';
import type { Person } from '../domain/facts';
import type { Verdict } from '../domain/route';
import type { RoutedEntry } from './lead-facts';

/** Up to so many leads the table keeps names and ranks of everybody; larger batches keep what cannot be looked up later. */
const DETAILED = 50;

function storedRow(rule: string, row: Candidate, verdict: Verdict, people: ReadonlyMap<number, Person>, detailed: boolean): StoredCandidate {
  const eligible = row.reasons.length === 0;
  return {
    rule,
    member: row.member,
    eligible,
    ...(detailed ? { name: people.get(row.member)?.name ?? '' } : {}),
    ...(eligible ? {} : { codes: row.reasons }),
    ...(row.rank !== null && (detailed || eligible) ? { rank: row.rank } : {}),
    ...(row.member === verdict.owner && rule === verdict.rule ? { chosen: true } : {}),
  };
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
});

/** The decision with its rules and the candidate table. */
export function decisionOf(routed: RoutedEntry, verdict: Verdict, people: ReadonlyMap<number, Person>, batch: number): DecisionInput {
  const detailed = batch <= DETAILED;
  return {
    kind: 'route',
    leadId: routed.entry.id,
    policyVersionId: routed.policy.versionId,
    inputs: { rules: verdict.trace, hash: routed.hash, asks: [...routed.entry.asks] },
    candidates: verdict.tables.flatMap(({ rule, rows }) => rows.map((row) => storedRow(rule, row, verdict, people, detailed))),
    result: { ...resultOf(routed, verdict) },
  };
}

/** A lead that is not routed at all, with the reason. */
export function decideNone(set: WorkingSet, leadId: number, reason: RouteReason, holding: { readonly owner: number | null; readonly pool: number | null }): void {
  const result: RouteResult = { ...holding, reason, rule: null, policy: null, destination: null, hop: 0 };
  set.decide({ kind: 'route', leadId, policyVersionId: null, inputs: {}, result: { ...result } });
}
