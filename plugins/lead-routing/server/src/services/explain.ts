import { many } from '@leadsea/crm-core';
import type { Actor, Kit, LocalisedText, PolicyVersion } from '@leadsea/crm-core';
import type { DecisionInput } from '@leadsea/leads';
import {
  candidateRows,
  OTHERWISE,
  reasonText,
  resultText,
  type OwnerExplanation,
  type RouteResult,
  type RoutingPolicy,
  type RuleTrace,
} from '../../../contracts';

/** A decision as it is stored, or as a simulation made it. */
export interface RouteDecision {
  readonly at: Date | null;
  readonly cause: string | null;
  readonly policyVersionId: number | null;
  readonly inputs: unknown;
  readonly candidates: unknown;
  readonly result: unknown;
}

export const fromInput = (decision: DecisionInput, at: Date): RouteDecision => ({
  ...decision,
  at,
  cause: 'simulate',
  candidates: decision.candidates,
});

const UNDECIDED: LocalisedText = {
  zh: '尚未分配：没有生效的分配策略或尚未处理',
  en: 'Not routed yet: no routing policy is live, or it has not been its turn',
};
const OTHERWISE_LABEL: LocalisedText = { zh: '兜底', en: 'Otherwise' };

const labelOf = (policy: PolicyVersion<RoutingPolicy> | null, key: string): LocalisedText =>
  key === OTHERWISE ? OTHERWISE_LABEL : (policy?.body.rules.find((rule) => rule.key === key)?.label ?? { zh: key, en: key });

interface Names {
  readonly members: ReadonlyMap<number, string>;
  readonly pool: string | null;
}

async function namesOf(kit: Kit, ids: readonly number[], poolId: number | null): Promise<Names> {
  const rows =
    ids.length === 0
      ? []
      : await many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [[...new Set(ids)]]);
  const pool = poolId === null ? null : await kit.db<{ id: number; name: string }>('crm_policies').where({ id: poolId }).first('name');
  return { members: new Map(rows.map((row) => [row.id, row.name])), pool: pool?.name ?? null };
}

/** A route decision in words; other people are named only to those who may see members. */
export async function describeDecision(
  kit: Kit,
  decision: RouteDecision,
  policy: PolicyVersion<RoutingPolicy> | null,
  actor: Actor,
): Promise<OwnerExplanation> {
  const result = decision.result as RouteResult;
  const stored = candidateRows(decision.candidates);
  const trace = (decision.inputs as { rules?: readonly RuleTrace[] } | null)?.rules ?? [];
  const names = await namesOf(kit, [...stored.map((row) => row.member), ...(result.owner === null ? [] : [result.owner])], result.pool);
  const mayRead = actor.kind !== 'member' || kit.access.can(actor, 'members', 'read');
  const shown = (id: number): boolean => mayRead || id === actor.memberId;
  const ownerName = result.owner === null ? null : (names.members.get(result.owner) ?? `#${result.owner}`);
  const rule = result.rule === null ? null : { key: result.rule, label: labelOf(policy, result.rule) };
  return {
    at: decision.at?.toISOString() ?? null,
    cause: decision.cause,
    policy: policy ? { id: policy.policyId, key: policy.key, name: policy.name, version: policy.number } : null,
    rule,
    rules: trace.map(({ rule: key, verdict }) => ({ key, label: labelOf(policy, key), verdict })),
    result: {
      owner: result.owner === null ? null : { id: result.owner, name: ownerName },
      pool: result.pool === null ? null : { id: result.pool, name: names.pool ?? `#${result.pool}` },
      reason: result.reason,
      heldUntil: result.heldUntil ?? null,
    },
    text: resultText({
      reason: result.reason,
      rule: rule?.label,
      owner: ownerName,
      pool: names.pool,
      heldUntil: result.heldUntil,
      test: result.test,
    }),
    candidates: stored.map((row) => ({
      member: shown(row.member) || row.chosen ? row.member : null,
      name: shown(row.member) || row.chosen ? (names.members.get(row.member) ?? row.name ?? null) : null,
      rule: row.rule,
      eligible: row.eligible,
      codes: (row.codes ?? []).map((reason) => ({ code: reason.code, text: reasonText(reason) })),
      rank: row.rank ?? null,
      chosen: row.chosen ?? false,
      you: row.member === actor.memberId,
    })),
  };
}

/** `explain('owner')`: the newest route decision of a lead. */
export const explainOwner =
  (kit: Kit) =>
  async (leadId: number, { actor }: { actor: Actor }): Promise<OwnerExplanation> => {
    const decision = await kit.decisions.latest('route', 'lead', leadId);
    if (!decision) {
      return {
        at: null,
        cause: null,
        policy: null,
        rule: null,
        rules: [],
        result: { owner: null, pool: null, reason: null, heldUntil: null },
        text: UNDECIDED,
        candidates: [],
      };
    }
    const policy = decision.policyVersionId === null ? null : await kit.policies.version<RoutingPolicy>(decision.policyVersionId);
    return describeDecision(kit, decision, policy, actor);
  };
