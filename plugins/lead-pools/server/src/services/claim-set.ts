import { AppError } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, Leads } from '@leadsea/leads';
import { decideTogether, type ClaimVerdict } from '../domain/claim';
import type { ClaimOptions } from './claim';
import { lockClaimed } from './claim-facts';
import { claimGroup, limitQuestion, limitUsesOfEach } from './limits';
import type { LivePool, PoolDirectory } from './pools';

/** What one person asks for. */
export interface ClaimRequest {
  readonly actor: Actor;
  readonly ids: readonly number[];
  readonly options: ClaimOptions;
}

interface Deps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly pools: PoolDirectory;
}

interface Taken {
  readonly actor: Actor;
  readonly options: ClaimOptions;
  readonly verdict: Extract<ClaimVerdict, { ok: true }>;
}

const CLAIM_LOCK = 7203100;

/**
 * The people's locks, in the order of their ids: nobody's limits can be passed by two requests at once. Taken before any lead's row. Sent at
 * the call and not when the answer is waited for (a query of knex is lazy), so that statements sent after it in the same transaction are
 * answered under the locks.
 */
export const lockPersons = (trx: Knex.Transaction, memberIds: readonly number[]): Promise<void> =>
  trx
    .raw('SELECT pg_advisory_xact_lock(?, member) FROM unnest(?::int[]) AS member', [CLAIM_LOCK, [...memberIds].sort((a, b) => a - b)])
    .then(() => undefined);

function changesOf(pool: LivePool, { actor, options, verdict: { id, passed } }: Taken): LeadChange[] {
  const { memberId } = actor;
  const claim: LeadChange = {
    op: 'hold',
    id,
    to: { ownerId: memberId, poolId: null },
    event: 'lead.claimed',
    expect: { ownerId: null, poolId: pool.policyId },
    data: { ...options.data, pool: pool.policyId, poolKey: pool.key },
  };
  if (!passed || !options.override) return [claim];
  const data = { code: passed.code, ...passed.details, member: memberId, reason: options.override.reason, pool: pool.key };
  return [claim, { op: 'patch', id, columns: {}, event: 'lead.limit_overridden', data }];
}

/** Hands the leads over and writes what counts: the events, the ledger lines, and what was passed with an override. */
async function handOver({ kit, leads }: Deps, trx: Knex.Transaction, pool: LivePool, taken: readonly Taken[], now: Date): Promise<void> {
  const actors = new Map(taken.map(({ actor, verdict }) => [verdict.id, actor]));
  const people = new Set(actors.values());
  const [only] = people;
  const who = people.size === 1 && only ? { actor: only } : { actor: kit.actors.system('Claims'), actors };
  const [{ outcomes }] = await Promise.all([
    leads.apply({
      trx,
      changes: taken.flatMap((one) => changesOf(pool, one)),
      ...who,
      cause: { type: 'claim', id: String(pool.policyId) },
      now,
    }),
    trx.raw(
      `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at) SELECT ?, member, lead, 1, 'claim', ? FROM unnest(?::int[], ?::int[]) AS t(member, lead)`,
      [claimGroup(pool.policyId), now, taken.map(({ actor }) => actor.memberId), taken.map(({ verdict }) => verdict.id)],
    ),
  ]);
  if (outcomes.some((outcome) => !outcome.ok)) throw new AppError('ALREADY_CLAIMED', 409, 'Somebody else already has this lead.');
}

/**
 * Claims of different people from one pool, decided in the order given and carried out in one change set with a constant number of
 * statements. Everything under the people's own locks and the leads' row locks: nothing can change between the check and the write.
 * @returns verdicts per request, in the order asked for
 */
export async function claimTogether(
  deps: Deps,
  trx: Knex.Transaction,
  pool: LivePool,
  requests: readonly ClaimRequest[],
  now: Date,
): Promise<readonly (readonly ClaimVerdict[])[]> {
  const { kit, pools } = deps;
  const closed = await closedStages(kit);
  const asked = await Promise.all(requests.map(async ({ actor }) => ({ actor, question: await limitQuestion(pools, pool, actor) })));
  // Sent together, answered in this order: the counts are those under the locks.
  const locked = lockPersons(
    trx,
    requests.map(({ actor }) => actor.memberId!),
  );
  const [, known, uses] = await Promise.all([
    locked,
    lockClaimed(kit, trx, { pool, requests, closed }, now),
    limitUsesOfEach(trx, asked, closed, now),
  ]);
  const { embargoSeconds } = pool.body;
  const decided = decideTogether(
    requests.map(({ actor, options }, index) => ({
      memberId: actor.memberId!,
      leads: known[index] ?? [],
      rules: { poolId: pool.policyId, embargoSeconds, limits: uses[index] ?? [], override: Boolean(options.override) },
      dryRun: options.dryRun === true,
      all: options.all ? { missing: (known[index] ?? []).length < options.all.asked } : null,
    })),
    now,
  );
  const taken = requests.flatMap(({ actor, options }, index) =>
    options.dryRun ? [] : decided[index]!.flatMap((verdict): Taken[] => (verdict.ok ? [{ actor, options, verdict }] : [])),
  );
  if (taken.length > 0) await handOver(deps, trx, pool, taken, now);
  return requests.map(({ ids }, index) => {
    const answered = new Map(decided[index]!.map((verdict) => [verdict.id, verdict]));
    return ids.map((id) => answered.get(id) ?? { id, ok: false, code: 'NOT_FOUND', details: {} });
  });
}
