import { AppError, forbidden, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, Leads } from '@leadsea/leads';
import { decideClaims, type ClaimRefusalCode, type ClaimVerdict } from '../domain/claim';
import { lockClaimed } from './claim-facts';
import { claimGroup, limitQuestion, limitUses } from './limits';
import type { LivePool, PoolDirectory } from './pools';

export interface ClaimResult {
  readonly id: number;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const MESSAGES: Readonly<Record<ClaimRefusalCode, string>> = {
  POOL_UNKNOWN: 'This pool does not exist or is not live.',
  NOT_A_MEMBER: 'You may not claim from this pool.',
  NOT_CLAIMABLE: 'Leads of this pool are given out by its administrators.',
  NOT_FOUND: 'Lead was not found.',
  ALREADY_CLAIMED: 'Somebody else already has this lead.',
  NOT_IN_POOL: 'This lead is not in that pool any more.',
  LEAD_CLOSED: 'This lead is closed and is no longer worked.',
  EMBARGO: 'This lead is new and rests before it may be claimed.',
  COOLING: 'You or your team had this lead before and have to wait until you may take it again.',
  DO_NOT_CONTACT: 'This person asked not to be contacted for now.',
  CLAIM_LIMIT_HOUR: 'You have reached your claims for this hour.',
  CLAIM_LIMIT_DAY: 'You have reached your claims for today.',
  CLAIM_LIMIT_WEEK: 'You have reached your claims for this week.',
  CLAIM_LIMIT_MONTH: 'You have reached your claims for this month.',
  HOLD_LIMIT: 'You hold as many leads as you may. Close or release one first.',
  UNTOUCHED_LIMIT: 'Follow up the leads you have taken before you take more.',
  CLAIM_GAP: 'Wait a moment between two claims.',
};

const CLAIM_LOCK = 7203100;
/** Rounds of looking further when the best leads are cooling for this person. */
const ROUNDS = 10;

export interface ClaimOptions {
  /** Passes the limits: needs the verb `overrideLimit` on leads, and is told in an event. */
  readonly override?: { readonly reason: string } | null;
  /** Only decide; nothing is written and nothing counts. */
  readonly dryRun?: boolean;
  /** More for the event. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Claims {
  claim(actor: Actor, ids: readonly number[], pool: LivePool, now: Date, options?: ClaimOptions): Promise<readonly ClaimResult[]>;
  /** The best leads of the pool that this person may take, `count` of them. */
  claimNext(actor: Actor, count: number, pool: LivePool, now: Date): Promise<readonly ClaimResult[]>;
  /**
   * The claim itself inside the caller's transaction, for entrances with an order of their own (a queue, a lottery): every guard of §5.1
   * but the kind of the pool. Takes the person's lock, then the leads' rows.
   */
  claimIn(
    trx: Knex.Transaction,
    actor: Actor,
    ids: readonly number[],
    pool: LivePool,
    now: Date,
    options?: ClaimOptions,
  ): Promise<readonly ClaimResult[]>;
}

/**
 * The person's lock: his limits cannot be passed by two requests at once. Taken before any lead's row. Sent at the call and not when the
 * answer is waited for (a query of knex is lazy), so that statements sent after it in the same transaction are answered under the lock.
 */
export const lockPerson = (trx: Knex.Transaction, memberId: number): Promise<void> =>
  trx.raw('SELECT pg_advisory_xact_lock(?, ?)', [CLAIM_LOCK, memberId]).then(() => undefined);

const toResult = (verdict: ClaimVerdict): ClaimResult =>
  verdict.ok
    ? { id: verdict.id, ok: true }
    : { id: verdict.id, ok: false, code: verdict.code, message: MESSAGES[verdict.code], details: verdict.details };

export function createClaims(kit: Kit, leads: Leads, pools: PoolDirectory): Claims {
  const assertMember = async (actor: Actor, pool: LivePool): Promise<number> => {
    if (actor.memberId === null) throw forbidden();
    if (pool.body.kind !== 'claimable') throw new AppError('NOT_CLAIMABLE', 403, MESSAGES.NOT_CLAIMABLE);
    return assertRight(actor, pool);
  };
  const assertRight = async (actor: Actor, pool: LivePool): Promise<number> => {
    if (actor.memberId === null) throw forbidden();
    if (!(await pools.rightsOf(pool, actor)).has('claim')) throw new AppError('NOT_A_MEMBER', 403, MESSAGES.NOT_A_MEMBER);
    kit.access.assert(actor, 'leads', 'claim');
    return actor.memberId;
  };
  const assertOverride = (actor: Actor, options: ClaimOptions): void => {
    if (options.override) kit.access.assert(actor, 'leads', 'overrideLimit');
  };

  /** Hands the leads over and writes what counts: the event, the ledger line, and what was passed with an override. */
  const handOver = async (
    trx: Knex.Transaction,
    actor: Actor,
    pool: LivePool,
    taken: readonly Extract<ClaimVerdict, { ok: true }>[],
    now: Date,
    options: ClaimOptions,
  ): Promise<void> => {
    const memberId = actor.memberId!;
    const changes = taken.flatMap(({ id, passed }): LeadChange[] => [
      {
        op: 'hold',
        id,
        to: { ownerId: memberId, poolId: null },
        event: 'lead.claimed',
        expect: { ownerId: null, poolId: pool.policyId },
        data: { ...options.data, pool: pool.policyId, poolKey: pool.key },
      },
      ...(passed && options.override
        ? [
            {
              op: 'patch' as const,
              id,
              columns: {},
              event: 'lead.limit_overridden',
              data: { code: passed.code, ...passed.details, member: memberId, reason: options.override.reason, pool: pool.key },
            },
          ]
        : []),
    ]);
    const [{ outcomes }] = await Promise.all([
      leads.apply({ trx, changes, actor, cause: { type: 'claim', id: String(pool.policyId) }, now }),
      trx.raw(`INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at) SELECT ?, ?, unnest(?::int[]), 1, 'claim', ?`, [
        claimGroup(pool.policyId),
        memberId,
        taken.map(({ id }) => id),
        now,
      ]),
    ]);
    if (outcomes.some((outcome) => !outcome.ok)) throw new AppError('ALREADY_CLAIMED', 409, MESSAGES.ALREADY_CLAIMED);
  };

  /** Everything under the person's own lock and the leads' row locks: nothing can change between the check and the write. */
  const claimUnderLock = async (
    trx: Knex.Transaction,
    actor: Actor,
    ids: readonly number[],
    pool: LivePool,
    now: Date,
    options: ClaimOptions = {},
  ): Promise<readonly ClaimVerdict[]> => {
    const closed = await closedStages(kit);
    const question = await limitQuestion(pools, pool, actor);
    // Sent together, answered in this order: the counts are those under the lock.
    const locked = lockPerson(trx, actor.memberId!);
    const [, known, [limits = []]] = await Promise.all([
      locked,
      lockClaimed(kit, trx, { pool, actor, ids, closed }, now),
      limitUses(trx, actor, [question], closed, now),
    ]);
    const { embargoSeconds } = pool.body;
    const rules = { poolId: pool.policyId, embargoSeconds, limits, override: Boolean(options.override) };
    const verdicts = decideClaims(known, rules, now);
    const taken = verdicts.filter((verdict) => verdict.ok);
    if (taken.length > 0 && !options.dryRun) await handOver(trx, actor, pool, taken, now, options);
    const answered = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    return ids.map((id) => answered.get(id) ?? { id, ok: false, code: 'NOT_FOUND', details: {} });
  };

  /** The best claimable leads not looked at yet; those another person is just taking are skipped. */
  const bestOf = async (
    trx: Knex.Transaction,
    actor: Actor,
    pool: LivePool,
    now: Date,
    { count, except }: { readonly count: number; readonly except: readonly number[] },
  ): Promise<readonly number[]> => {
    const scope = kit.access.scope(actor, 'leads', 'claim', 'l');
    const rows = await many<{ id: number }>(
      trx,
      `SELECT l.id FROM crm_leads l WHERE l.pool_id = ? AND l.owner_id IS NULL AND l.merged_into IS NULL AND l.pool_entered_at <= ? AND (l.do_not_contact_until IS NULL OR l.do_not_contact_until <= ?)
         AND l.stage <> ALL(?::text[]) AND l.id <> ALL(?::int[]) AND ${scope.sql}
       ORDER BY l.score DESC NULLS LAST, l.id LIMIT ? FOR NO KEY UPDATE SKIP LOCKED`,
      [
        pool.policyId,
        new Date(now.getTime() - pool.body.embargoSeconds * 1000),
        now,
        await closedStages(kit),
        [...except],
        ...scope.bindings,
        count,
      ],
    );
    return rows.map((row) => row.id);
  };

  const claimBest = async (trx: Knex.Transaction, actor: Actor, count: number, pool: LivePool, now: Date): Promise<ClaimResult[]> => {
    const results: ClaimVerdict[] = [];
    const cooling: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const wanted = count - results.length;
      const except = [...results.map(({ id }) => id), ...cooling];
      const ids = await bestOf(trx, actor, pool, now, { count: wanted, except });
      if (ids.length === 0) break;
      for (const verdict of await claimUnderLock(trx, actor, ids, pool, now)) {
        if (!verdict.ok && verdict.code === 'COOLING') cooling.push(verdict.id);
        else results.push(verdict);
      }
      if (results.length >= count || results.some((verdict) => !verdict.ok)) break;
    }
    return results.map(toResult);
  };

  return {
    claim: async (actor, ids, pool, now, options = {}) => {
      await assertMember(actor, pool);
      assertOverride(actor, options);
      const verdicts = await inTransaction(kit.db, (trx) => claimUnderLock(trx, actor, [...new Set(ids)], pool, now, options));
      return verdicts.map(toResult);
    },
    claimNext: async (actor, count, pool, now) => {
      const memberId = await assertMember(actor, pool);
      return inTransaction(kit.db, async (trx) => {
        await lockPerson(trx, memberId);
        return claimBest(trx, actor, count, pool, now);
      });
    },
    claimIn: async (trx, actor, ids, pool, now, options = {}) => {
      await assertRight(actor, pool);
      assertOverride(actor, options);
      return (await claimUnderLock(trx, actor, [...new Set(ids)], pool, now, options)).map(toResult);
    },
  };
}
