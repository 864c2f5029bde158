import { AppError, createBatcher, forbidden, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { closedStages } from '@leadsea/leads';
import type { Leads } from '@leadsea/leads';
import type { ClaimRefusalCode, ClaimVerdict } from '../domain/claim';
import { claimTogether, lockPersons, type ClaimRequest } from './claim-set';
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
  ALL_OR_NONE: 'You asked for all of these leads or none, and not all of them can be claimed.',
};

/** Requests for so many leads at most wait for each other and commit together; larger ones are a change set of their own. */
const GATHERED = 5;
const AT_ONCE = { max: 32, lanes: 4, openAfterMs: 150, gatherMs: 6 };
/** Rounds of looking further when the best leads are cooling for this person. */
const ROUNDS = 10;

export interface ClaimOptions {
  /** Passes the limits: needs the verb `overrideLimit` on leads, and is told in an event. */
  readonly override?: { readonly reason: string } | null;
  /** Only decide; nothing is written and nothing counts. */
  readonly dryRun?: boolean;
  /** All of so many or none (§5.4), those the person may not see included; default what fits. */
  readonly all?: { readonly asked: number } | null;
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

/** The lock of one person, see `lockPersons`. */
export const lockPerson = (trx: Knex.Transaction, memberId: number): Promise<void> => lockPersons(trx, [memberId]);

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

  const deps = { kit, leads, pools };
  const claimUnderLock = async (
    trx: Knex.Transaction,
    actor: Actor,
    ids: readonly number[],
    pool: LivePool,
    now: Date,
    options: ClaimOptions = {},
  ): Promise<readonly ClaimVerdict[]> => {
    const [verdicts] = await claimTogether(deps, trx, pool, [{ actor, ids, options }], now);
    return verdicts ?? [];
  };

  interface Waiting extends ClaimRequest {
    readonly pool: LivePool;
    readonly now: Date;
  }
  /**
   * Claims that arrive at the same moment commit together, one person's once: each is decided as if it had been alone and had come when it
   * did, and each has its own answer. When the set fails as a whole, each is tried alone.
   */
  const submit = createBatcher<Waiting, readonly ClaimVerdict[]>(
    (requests) => {
      const { pool } = requests[0]!;
      const now = new Date(Math.max(...requests.map((request) => request.now.getTime())));
      return inTransaction(kit.db, (trx) => claimTogether(deps, trx, pool, requests, now));
    },
    {
      ...AT_ONCE,
      joins: (together, { actor, pool }) =>
        together[0]!.pool.versionId === pool.versionId && together.every((other) => other.actor.memberId !== actor.memberId),
    },
  );

  /** Who was faster is told to those who may see the lead now (§5.3); one statement, only when somebody was. */
  const toldBy = async (actor: Actor, results: readonly ClaimResult[]): Promise<readonly ClaimResult[]> => {
    const taken = results.filter(({ code }) => code === 'ALREADY_CLAIMED').map(({ id }) => id);
    if (taken.length === 0 || !['read', 'write'].includes(kit.access.field(actor, 'leads', 'owner'))) return results;
    const scope = kit.access.scope(actor, 'leads', 'read', 'l');
    const rows = await many<{ id: number; name: string }>(
      kit.db,
      `SELECT l.id, m.name FROM crm_leads l JOIN crm_members m ON m.id = l.owner_id WHERE l.id = ANY(?::int[]) AND (${scope.sql})`,
      [taken, ...scope.bindings],
    );
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return results.map((result) =>
      names.has(result.id) ? { ...result, details: { ...result.details, by: names.get(result.id) } } : result,
    );
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
      const wanted = [...new Set(ids)];
      const verdicts =
        wanted.length <= GATHERED
          ? await submit({ actor, ids: wanted, options, pool, now })
          : await inTransaction(kit.db, (trx) => claimUnderLock(trx, actor, wanted, pool, now, options));
      return toldBy(actor, verdicts.map(toResult));
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
