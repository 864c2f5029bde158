import { many, one, wallTime } from '@leadsea/crm-core';
import type { Actor, Kit, LocalisedText, PolicyVersion } from '@leadsea/crm-core';
import type { DecisionInput } from '@leadsea/leads';
import {
  candidateRows,
  OTHERWISE,
  reasonText,
  resultText,
  TIE_TEXT,
  type OwnerExplanation,
  type RouteResult,
  type RoutingPolicy,
  type RuleTrace,
  type StoredCandidate,
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

/** What the reader is told about himself: why he got it, what kept him out, or that he lost by rank or by the tie-break. */
function aboutYou(
  actor: Actor,
  stored: readonly StoredCandidate[],
  result: RouteResult,
  policy: PolicyVersion<RoutingPolicy> | null,
): OwnerExplanation['you'] {
  if (actor.kind !== 'member' || actor.memberId === null) return null;
  if (result.owner === actor.memberId) return { chosen: true, codes: [], text: { zh: '您得到了这条线索', en: 'You got this lead' } };
  const rows = stored.filter((row) => row.member === actor.memberId);
  const row = rows.find((one) => one.eligible) ?? rows.at(-1);
  if (!row) {
    const tried = [...new Set(stored.map(({ rule }) => rule))].map((key) => labelOf(policy, key));
    if (tried.length === 0) return { chosen: false, codes: [], text: { zh: '这次没有挑选人员', en: 'Nobody was chosen from this time' } };
    // whoever is no candidate has no row of the decision; the reason is known all the same.
    return {
      chosen: false,
      codes: ['NOT_IN_TARGET'],
      text: {
        zh: `您不在规则${tried.map(({ zh }) => `“${zh}”`).join('')}的人选之内`,
        en: `You are not among the people of ${tried.length === 1 ? 'the rule' : 'the rules'} ${tried.map(({ en }) => `“${en}”`).join(', ')}`,
      },
    };
  }
  const [reason] = row.codes ?? [];
  if (reason) {
    const texts = (row.codes ?? []).map((one) => reasonText(one, actor.timeZone));
    const told = { zh: texts.map(({ zh }) => zh).join('；'), en: texts.map(({ en }) => en).join('; ') };
    return { chosen: false, codes: (row.codes ?? []).map(({ code }) => code), text: told };
  }
  if (row.rule !== result.rule) return { chosen: false, codes: [], text: { zh: '另一条规则先生效', en: 'Another rule decided first' } };
  const tie = TIE_TEXT[result.tie ?? 'rank'];
  const winner = stored.find((one) => one.chosen && one.rule === row.rule);
  const clock = (at: string | undefined): string => (at ? wallTime(new Date(at), actor.timeZone).slice(5) : '');
  const times =
    result.tie === 'least-recent'
      ? {
          zh: `（上次分到：您 ${clock(row.lastAt) || '从未'}，对方 ${clock(winner?.lastAt) || '从未'}）`,
          en: ` (last given: you ${clock(row.lastAt) || 'never'}, the other ${clock(winner?.lastAt) || 'never'})`,
        }
      : { zh: '', en: '' };
  const ranks =
    result.tie === 'rank' && row.rank !== undefined && winner?.rank !== undefined
      ? { zh: `（您 ${row.rank}，对方 ${winner.rank}）`, en: ` (you ${row.rank}, the other ${winner.rank})` }
      : times;
  return { chosen: false, codes: [], text: { zh: `您符合条件；${tie.zh}${ranks.zh}`, en: `You could have had it. ${tie.en}${ranks.en}` } };
}

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
    text: resultText(
      {
        reason: result.reason,
        rule: rule?.label,
        owner: ownerName,
        pool: names.pool,
        heldUntil: result.heldUntil,
        test: result.test,
        fallback: trace.some(({ rule: key, verdict }) => key === result.rule && verdict === 'fallback'),
      },
      actor.timeZone,
    ),
    candidates: stored.map((row) => ({
      member: shown(row.member) || row.chosen ? row.member : null,
      name: shown(row.member) || row.chosen ? (names.members.get(row.member) ?? row.name ?? null) : null,
      rule: row.rule,
      eligible: row.eligible,
      codes: (row.codes ?? []).map((reason) => ({ code: reason.code, text: reasonText(reason, actor.timeZone) })),
      rank: row.rank ?? null,
      chosen: row.chosen ?? false,
      you: row.member === actor.memberId,
    })),
    you: aboutYou(actor, stored, result, policy),
    tie: result.tie ?? null,
    offer: null,
  };
}

/** `explain('owner')`: the newest route decision of a lead. */
export const explainOwner =
  (kit: Kit) =>
  async (leadId: number, { actor, now }: { actor: Actor; now: Date }): Promise<OwnerExplanation> => {
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
        you: null,
        tie: null,
        offer: null,
      };
    }
    const policy = decision.policyVersionId === null ? null : await kit.policies.version<RoutingPolicy>(decision.policyVersionId);
    const told = await describeDecision(kit, decision, policy, actor);
    return { ...told, offer: await offerOf(kit, leadId, actor, now) };
  };

/** What waits for the reader's own yes or no. */
async function offerOf(kit: Kit, leadId: number, actor: Actor, now: Date): Promise<OwnerExplanation['offer']> {
  if (actor.memberId === null) return null;
  const row = await one<{ at: Date; reject_until: Date; accept_until: Date | null }>(
    kit.db,
    `SELECT o.at, o.reject_until, o.accept_until FROM crm_routing_offers o JOIN crm_leads l ON l.id = o.lead_id AND l.owner_id = o.member_id
     WHERE o.lead_id = ? AND o.member_id = ? AND o.state = 'open'`,
    [leadId, actor.memberId],
  );
  if (!row || (row.accept_until === null && row.reject_until.getTime() < now.getTime())) return null;
  return { at: row.at.toISOString(), rejectUntil: row.reject_until.toISOString(), acceptUntil: row.accept_until?.toISOString() ?? null };
}
