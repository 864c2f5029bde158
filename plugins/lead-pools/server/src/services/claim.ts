import { AppError, forbidden, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { closedStages } from '@leadsea/leads';
import type { LeadChange, Leads } from '@leadsea/leads';
import { decideClaims, type ClaimedLead, type ClaimRefusalCode, type ClaimVerdict } from '../domain/claim';
import { claimGroup, limitUses } from './limits';
import type { LivePool, PoolDirectory } from './pools';

export interface ClaimResult {
  readonly id: number;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const CLAIM_MESSAGES: Readonly<Record<ClaimRefusalCode, string>> = {
  POOL_UNKNOWN: 'This pool does not exist or is not live.',
  NOT_A_MEMBER: 'You may not claim from this pool.',
  NOT_CLAIMABLE: 'Leads of this pool are given out by its administrators.',
  NOT_FOUND: 'Lead was not found.',
  ALREADY_CLAIMED: 'Somebody else already has this lead.',
  NOT_IN_POOL: 'This lead is not in that pool any more.',
  EMBARGO: 'This lead is new and rests before it may be claimed.',
  COOLING: 'You had this lead before and have to wait until you may take it again.',
  DO_NOT_CONTACT: 'This person asked not to be contacted for now.',
  CLAIM_LIMIT_HOUR: 'You have reached your claims for this hour.',
  CLAIM_LIMIT_DAY: 'You have reached your claims for today.',
  CLAIM_LIMIT_WEEK: 'You have reached your claims for this week.',
  CLAIM_LIMIT_MONTH: 'You have reached your claims for this month.',
  HOLD_LIMIT: 'You hold as many leads as you may. Close or release one first.',
  UNTOUCHED_LIMIT: 'Follow up the leads you have taken before you take more.',
  CLAIM_GAP: 'Wait a moment between two claims.',
};

interface Row {
  id: number;
  owner_id: number | null;
  pool_id: number | null;
  pool_entered_at: Date | null;
  do_not_contact_until: Date | null;
  allowed: boolean | null;
}

const CLAIM_LOCK = 7203100;

const daysOf = (duration: string | null | undefined): number => Number(/^P(\d+)D$/.exec(duration ?? '')?.[1] ?? 0);

export interface Claims {
  claim(actor: Actor, ids: readonly number[], pool: LivePool, now: Date): Promise<readonly ClaimResult[]>;
  /** The best leads of the pool that this person may take, `count` of them. */
  claimNext(actor: Actor, count: number, pool: LivePool, now: Date): Promise<readonly ClaimResult[]>;
  /** Claims in the caller's transaction from a pool of any kind, under the same locks, rules and limits. The caller has checked the right. */
  take(trx: Knex.Transaction, actor: Actor, ids: readonly number[], pool: LivePool, options: TakeOptions, now: Date): Promise<readonly ClaimVerdict[]>;
}

export interface TakeOptions {
  /** The leads need not be in sight of the person: a pull queue is blind. */
  readonly blind?: boolean;
  /** Only decide; nothing is written and nothing counts. */
  readonly dryRun?: boolean;
  /** More for the event. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export function createClaims(kit: Kit, leads: Leads, pools: PoolDirectory): Claims {
  const assertMember = async (actor: Actor, pool: LivePool): Promise<number> => {
    if (actor.memberId === null) throw forbidden();
    if (pool.body.kind !== 'claimable') throw new AppError('NOT_CLAIMABLE', 403, CLAIM_MESSAGES.NOT_CLAIMABLE);
    if (!(await pools.rights(pool, actor.memberId)).has('claim')) throw new AppError('NOT_A_MEMBER', 403, CLAIM_MESSAGES.NOT_A_MEMBER);
    kit.access.assert(actor, 'leads', 'claim');
    return actor.memberId;
  };

  /** When this person last lost each lead; read only where the pool has a cooling time. */
  const lastLeft = async (
    trx: Knex.Transaction,
    ids: readonly number[],
    memberId: number,
    since: Date,
  ): Promise<ReadonlyMap<number, Date>> => {
    const rows = await many<{ subject_id: number; at: Date }>(
      trx,
      `SELECT subject_id, max(at) AS at FROM crm_events
       WHERE subject = 'lead' AND subject_id = ANY(?::int[]) AND at >= ? AND type IN ('lead.released', 'lead.recycled', 'lead.rerouted', 'lead.transferred', 'lead.assigned')
         AND before->>'owner' = ? GROUP BY subject_id`,
      [[...ids], since, String(memberId)],
    );
    return new Map(rows.map((row) => [row.subject_id, row.at]));
  };

  /** Everything under the person's own lock and the leads' row locks: nothing can change between the check and the write. */
  const claimUnderLock = async (
    trx: Knex.Transaction,
    actor: Actor,
    ids: readonly number[],
    pool: LivePool,
    now: Date,
    options: TakeOptions = {},
  ): Promise<readonly ClaimVerdict[]> => {
    const memberId = actor.memberId!;
    await trx.raw('SELECT pg_advisory_xact_lock(?, ?)', [CLAIM_LOCK, memberId]);
    const scope = options.blind
      ? { sql: kit.access.can(actor, 'leads', 'claim') ? 'TRUE' : 'FALSE', bindings: [] }
      : kit.access.scope(actor, 'leads', 'claim', 'l');
    const rows = await many<Row>(
      trx,
      `SELECT l.id, l.owner_id, l.pool_id, l.pool_entered_at, l.do_not_contact_until, (${scope.sql}) AS allowed
       FROM crm_leads l WHERE l.id = ANY(?::int[]) AND l.merged_into IS NULL ORDER BY l.id FOR NO KEY UPDATE OF l`,
      [...scope.bindings, [...ids]],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const { uses, lastClaimAt } = await limitUses(trx, { pool, actor, closed: await closedStages(kit) }, now);
    const { embargoSeconds } = pool.body;
    const coolingDays = daysOf(pool.body.cooling.after);
    const left =
      coolingDays > 0 ? await lastLeft(trx, ids, memberId, new Date(now.getTime() - coolingDays * 86_400_000)) : new Map<number, Date>();
    const known = ids.flatMap((id): ClaimedLead[] => {
      const row = byId.get(id);
      return row
        ? [
            {
              id,
              ownerId: row.owner_id,
              poolId: row.pool_id,
              poolEnteredAt: row.pool_entered_at,
              doNotContactUntil: row.do_not_contact_until,
              leftAt: left.get(id) ?? null,
              allowed: row.allowed === true,
            },
          ]
        : [];
    });
    const verdicts = decideClaims(known, { poolId: pool.policyId, coolingDays, embargoSeconds, limits: uses, lastClaimAt }, now);
    const taken = verdicts.filter((verdict) => verdict.ok).map((verdict) => verdict.id);
    if (taken.length > 0 && !options.dryRun) {
      const changes = taken.map((id): LeadChange => ({
        op: 'hold',
        id,
        to: { ownerId: memberId, poolId: null },
        event: 'lead.claimed',
        expect: { ownerId: null, poolId: pool.policyId },
        data: { ...options.data, pool: pool.policyId, poolKey: pool.key },
      }));
      const { outcomes } = await leads.apply({ trx, changes, actor, cause: { type: 'claim', id: String(pool.policyId) }, now });
      const failed = outcomes.find((outcome) => !outcome.ok);
      if (failed) throw new AppError('ALREADY_CLAIMED', 409, CLAIM_MESSAGES.ALREADY_CLAIMED);
      await trx.raw(
        `INSERT INTO crm_ledger (group_key, member_id, lead_id, value, cause, at) SELECT ?, ?, unnest(?::int[]), 1, 'claim', ?`,
        [claimGroup(pool.policyId), memberId, taken, now],
      );
    }
    const answered = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    return ids.map((id) => answered.get(id) ?? { id, ok: false, code: 'NOT_FOUND', details: {} });
  };

  const toResult = (verdict: ClaimVerdict): ClaimResult =>
    verdict.ok
      ? { id: verdict.id, ok: true }
      : { id: verdict.id, ok: false, code: verdict.code, message: CLAIM_MESSAGES[verdict.code], details: verdict.details };

  return {
    take: (trx, actor, ids, pool, options, now) => claimUnderLock(trx, actor, [...new Set(ids)], pool, now, options),
    claim: async (actor, ids, pool, now) => {
      await assertMember(actor, pool);
      const verdicts = await inTransaction(kit.db, (trx) => claimUnderLock(trx, actor, [...new Set(ids)], pool, now));
      return verdicts.map(toResult);
    },
    claimNext: async (actor, count, pool, now) => {
      const memberId = await assertMember(actor, pool);
      const scope = kit.access.scope(actor, 'leads', 'claim', 'l');
      const closed = await closedStages(kit);
      return inTransaction(kit.db, async (trx) => {
        await trx.raw('SELECT pg_advisory_xact_lock(?, ?)', [CLAIM_LOCK, memberId]);
        const { embargoSeconds } = pool.body;
        const coolingDays = daysOf(pool.body.cooling.after);
        const rows = await many<{ id: number }>(
          trx,
          `SELECT l.id FROM crm_leads l WHERE l.pool_id = ? AND l.owner_id IS NULL AND l.merged_into IS NULL AND l.pool_entered_at <= ? AND (l.do_not_contact_until IS NULL OR l.do_not_contact_until <= ?)
             AND l.stage <> ALL(?::text[]) AND ${scope.sql}
             ${coolingDays > 0 ? `AND NOT EXISTS (SELECT 1 FROM crm_events e WHERE e.subject = 'lead' AND e.subject_id = l.id AND e.at >= ? AND e.before->>'owner' = ? AND e.type IN ('lead.released', 'lead.recycled', 'lead.rerouted', 'lead.transferred', 'lead.assigned'))` : ''}
           ORDER BY l.score DESC NULLS LAST, l.id LIMIT ? FOR NO KEY UPDATE SKIP LOCKED`,
          [
            pool.policyId,
            new Date(now.getTime() - embargoSeconds * 1000),
            now,
            closed,
            ...scope.bindings,
            ...(coolingDays > 0 ? [new Date(now.getTime() - coolingDays * 86_400_000), String(memberId)] : []),
            count,
          ],
        );
        if (rows.length === 0) return [];
        return (
          await claimUnderLock(
            trx,
            actor,
            rows.map((row) => row.id),
            pool,
            now,
          )
        ).map(toResult);
      });
    },
  };
}
