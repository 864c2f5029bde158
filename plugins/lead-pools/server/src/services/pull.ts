import { AppError, badRequest, conflict, inTransaction, many, notFound, one } from '@leadsea/crm-core';
import type { Actor, DueTimer, Kit, LocalisedText, TimerInput } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { Entry, LeadChange, Leads, Reactor } from '@leadsea/leads';
import type { Knex } from 'knex';
import { PULL_DEFAULTS, RELEASE_REASONS, type Pull } from '../../../contracts';
import { windowOf } from '../domain/windows';
import { lockPerson, MESSAGES, type Claims, type ClaimResult } from './claim';
import { giveClaimsBack } from './limits';
import type { LivePool, PoolDirectory } from './pools';
import { pullCandidates, waitingIn } from './pull-candidates';

export interface Offer {
  readonly id: number;
  readonly lead: number;
  readonly offeredAt: Date;
  readonly actBy: Date;
}
export interface Skips {
  readonly limit: number;
  readonly used: number;
  readonly resetsAt: Date;
}
interface OfferRow {
  id: number;
  pool_id: number;
  lead_id: number;
  member_id: number;
  offered_at: Date;
  act_by: Date;
}

/** Refusals that speak of the lead and not of the person: the next one may do. */
const OF_THE_LEAD: ReadonlySet<string> = new Set([
  'NOT_FOUND',
  'ALREADY_CLAIMED',
  'NOT_IN_POOL',
  'EMBARGO',
  'COOLING',
  'DO_NOT_CONTACT',
  'LEAD_CLOSED',
]);
/** One lead in the usual case; more when former owners wait for the best ones. */
const BATCHES = [1, 10, 100] as const;

export const pullKey = (leadId: number): string => `pull:${leadId}`;
const pullOf = (pool: LivePool): Pull => pool.body.pull ?? PULL_DEFAULTS;
const toOffer = (row: OfferRow): Offer => ({ id: row.id, lead: row.lead_id, offeredAt: row.offered_at, actBy: row.act_by });

export interface PullQueue {
  readonly reactor: Reactor;
  state(actor: Actor, pool: LivePool, now: Date): Promise<Record<string, unknown>>;
  next(actor: Actor, pool: LivePool, now: Date): Promise<{ offer: Offer; again: boolean; skips: Skips }>;
  skip(
    actor: Actor,
    pool: LivePool,
    input: { readonly reason: string; readonly note?: string | null },
    now: Date,
  ): Promise<{ skipped: number; skips: Skips }>;
  onExpire(trx: Knex.Transaction, due: readonly DueTimer[], now: Date): Promise<void>;
  /** A lead that is merged into another one is nobody's offer any more. */
  onMerge(trx: Knex.Transaction, loserIds: readonly number[], now: Date): Promise<void>;
}

interface PullDeps {
  readonly kit: Kit;
  readonly leads: Leads;
  readonly pools: PoolDirectory;
  readonly claims: Claims;
}

/** The queue is blind: for the claim itself, and only for it, the person is one who sees the pool. */
const inSight = (actor: Actor, pool: LivePool): Actor => ({ ...actor, poolIds: [...new Set([...actor.poolIds, pool.policyId])] });

const reasonsOf = (pool: LivePool): readonly { value: string; label: LocalisedText; givesBack: boolean }[] => [
  ...pullOf(pool).skipReasons.map((reason) => ({ ...reason, givesBack: false })),
  ...RELEASE_REASONS,
];

/** Logged by the owner to the lead itself, or a move of its stage: he has acted, the lead is his. */
function hasActed({ row, activities, changed }: Entry, actor: Actor): boolean {
  if (row.owner_id === null || actor.memberId !== row.owner_id) return false;
  return (
    changed.has('stage') ||
    activities.some(
      (one) => one.direction === 'outbound' && !one.automatic && !one.bulk && one.kind !== 'note' && one.member_id === row.owner_id,
    )
  );
}

/** A pull queue: the product chooses, the person has a few minutes to act, passing on needs a reason and is limited (A4 4.15). */
export function createPullQueue({ kit, leads, pools, claims }: PullDeps): PullQueue {
  const assertPuller = async (actor: Actor, pool: LivePool): Promise<number> => {
    kit.access.assert(inSight(actor, pool), 'leads', 'claim');
    if (actor.memberId === null || !(await pools.rights(pool, actor.memberId)).has('claim'))
      throw new AppError('NOT_A_MEMBER', 403, MESSAGES.NOT_A_MEMBER);
    if (pool.body.kind !== 'pull') throw new AppError('NOT_CLAIMABLE', 403, 'This pool is no pull queue.', { kind: pool.body.kind });
    return actor.memberId;
  };

  const openOffer = (db: Knex | Knex.Transaction, poolId: number, memberId: number): Promise<OfferRow | null> =>
    one<OfferRow>(db, `SELECT * FROM crm_pool_offers WHERE pool_id = ? AND member_id = ? AND state = 'open'`, [poolId, memberId]);

  /** Locks are taken lead first, offer after, as in every change of a lead: the offer is read once its lead stands still. */
  const heldOffer = async (trx: Knex.Transaction, poolId: number, memberId: number): Promise<OfferRow | null> => {
    const seen = await openOffer(trx, poolId, memberId);
    if (!seen) return null;
    await trx.raw('SELECT 1 FROM crm_leads WHERE id = ? FOR NO KEY UPDATE', [seen.lead_id]);
    return openOffer(trx, poolId, memberId);
  };

  /** Counted from what was passed on, in the running day of the person's own zone. */
  const skipsOf = async (db: Knex | Knex.Transaction, actor: Actor, pool: LivePool, now: Date): Promise<Skips> => {
    const { start, end } = windowOf('day', actor.timeZone, now);
    const row = await one<{ n: number }>(
      db,
      `SELECT count(*)::int AS n FROM crm_pool_offers WHERE member_id = ? AND pool_id = ? AND state = 'skipped' AND ended_at >= ?`,
      [actor.memberId, pool.policyId, start],
    );
    return { limit: pullOf(pool).skipsPerDay, used: row?.n ?? 0, resetsAt: end };
  };

  const refuse = ({ code = 'REFUSED', message = 'Refused.', details = {} }: ClaimResult): AppError =>
    new AppError(code, 409, message, details);

  /** The first lead of the queue that this person may take, taken. A limit that stops him is an error; a lead that is not for him is passed. */
  const takeNext = async (trx: Knex.Transaction, actor: Actor, pool: LivePool, now: Date): Promise<number> => {
    const pull = pullOf(pool);
    const closed = await closedStages(kit);
    const without: number[] = [];
    const memberId = actor.memberId!;
    for (const count of BATCHES) {
      const ids = await pullCandidates(
        trx,
        { poolId: pool.policyId, memberId, pull, embargoSeconds: pool.body.embargoSeconds, closed, without, count },
        now,
      );
      if (ids.length === 0) break;
      const answers = await claims.claimIn(trx, inSight(actor, pool), ids, pool, now, { dryRun: true });
      const stopped = answers.find((verdict) => !verdict.ok && !OF_THE_LEAD.has(verdict.code ?? ''));
      const good = answers.find((verdict) => verdict.ok);
      if (good) {
        const data = { via: 'pull', actBy: new Date(now.getTime() + pull.actWithinSeconds * 1000) };
        const [taken] = await claims.claimIn(trx, inSight(actor, pool), [good.id], pool, now, { data });
        if (taken && !taken.ok) throw refuse(taken);
        return good.id;
      }
      if (stopped && !stopped.ok) throw refuse(stopped);
      without.push(...ids);
    }
    throw new AppError('QUEUE_EMPTY', 404, 'No lead is waiting for you in this queue.');
  };

  /** Puts leads back whose owner let the time run out or passed them on. */
  const giveBack = async (
    trx: Knex.Transaction,
    rows: readonly OfferRow[],
    how: { readonly state: 'skipped' | 'expired'; readonly reason: string; readonly note?: string | null },
    by: { readonly actor: Actor; readonly cause: string },
    now: Date,
  ): Promise<readonly number[]> => {
    const changes: LeadChange[] = [];
    for (const row of rows) {
      const pool = (await pools.byId(row.pool_id)) ?? (await pools.homeOf(row.pool_id, null));
      if (!pool) continue;
      changes.push({
        op: 'hold',
        id: row.lead_id,
        to: { ownerId: null, poolId: pool.policyId },
        event: 'lead.released',
        expect: { ownerId: row.member_id },
        data: { reason: how.reason, note: how.note ?? null, pool: pool.key, via: 'pull', [how.state]: true },
      });
    }
    await trx.raw(`UPDATE crm_pool_offers SET state = ?, reason = ?, note = ?, ended_at = ? WHERE id = ANY(?::int[])`, [
      how.state,
      how.reason,
      how.note ?? null,
      now,
      rows.map((row) => row.id),
    ]);
    if (changes.length === 0) return [];
    const { outcomes } = await leads.apply({ trx, changes, actor: by.actor, cause: { type: by.cause }, now });
    return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.id] : []));
  };

  const timerActor = (): Actor => ({ ...kit.actors.system('Pull queue'), kind: 'timer' });
  const expire = (trx: Knex.Transaction, rows: readonly OfferRow[], now: Date): Promise<readonly number[]> =>
    giveBack(trx, rows, { state: 'expired', reason: 'not_acted' }, { actor: timerActor(), cause: 'pull-expire' }, now);

  const reactor: Reactor = {
    stage: 'hold',
    name: 'pull-offers',
    run: async (set) => {
      const left = set.entries.filter(({ row, before }) => before !== null && before.owner_id !== null && before.owner_id !== row.owner_id);
      const acted = set.entries.filter((entry) => hasActed(entry, set.actorOf(entry.id)) && entry.before?.owner_id === entry.row.owner_id);
      if (left.length + acted.length === 0) return;
      if (!(await pools.all()).some((pool) => pool.body.kind === 'pull')) return;
      for (const { id } of [...left, ...acted]) set.disarm(pullKey(id));
      set.defer(async (trx) => {
        await trx.raw(
          `UPDATE crm_pool_offers SET state = CASE WHEN lead_id = ANY(?::int[]) THEN 'acted' ELSE 'left' END, ended_at = ?
           WHERE lead_id = ANY(?::int[]) AND state = 'open'`,
          [acted.map(({ id }) => id), set.now, [...left, ...acted].map(({ id }) => id)],
        );
      });
    },
  };

  return {
    reactor,
    state: async (actor, pool, now) => {
      const memberId = await assertPuller(actor, pool);
      const row = await openOffer(kit.db, pool.policyId, memberId);
      return {
        pool: pool.policyId,
        waiting: await waitingIn(kit.db, pool.policyId, await closedStages(kit), now),
        offer: row && row.act_by.getTime() > now.getTime() ? toOffer(row) : null,
        skips: await skipsOf(kit.db, actor, pool, now),
        skipReasons: reasonsOf(pool).map(({ value, label }) => ({ value, label })),
        order: pullOf(pool).order,
        actWithinSeconds: pullOf(pool).actWithinSeconds,
      };
    },
    next: async (actor, pool, now) => {
      const memberId = await assertPuller(actor, pool);
      return inTransaction(kit.db, async (trx) => {
        await lockPerson(trx, memberId);
        const known = await heldOffer(trx, pool.policyId, memberId);
        if (known && known.act_by.getTime() > now.getTime())
          return { offer: toOffer(known), again: true, skips: await skipsOf(trx, actor, pool, now) };
        if (known) await expire(trx, [known], now);
        const lead = await takeNext(trx, actor, pool, now);
        const actBy = new Date(now.getTime() + pullOf(pool).actWithinSeconds * 1000);
        const row = await one<OfferRow>(
          trx,
          'INSERT INTO crm_pool_offers (pool_id, lead_id, member_id, offered_at, act_by) VALUES (?, ?, ?, ?, ?) RETURNING *',
          [pool.policyId, lead, memberId, now, actBy],
        );
        if (!row) throw notFound('Offer');
        const timer: TimerInput = {
          kind: 'pools.pull-expire',
          key: pullKey(lead),
          subject: 'lead',
          subjectId: lead,
          dueAt: actBy,
          payload: { offer: row.id },
        };
        await kit.timers.arm(trx, [timer], now);
        return { offer: toOffer(row), again: false, skips: await skipsOf(trx, actor, pool, now) };
      });
    },
    skip: async (actor, pool, input, now) => {
      const memberId = await assertPuller(actor, pool);
      const reason = reasonsOf(pool).find((one) => one.value === input.reason);
      if (!reason)
        throw badRequest('REASON_UNKNOWN', 'Choose one of the reasons of this queue.', { field: 'reason', reasons: reasonsOf(pool) });
      return inTransaction(kit.db, async (trx) => {
        await lockPerson(trx, memberId);
        const offer = await heldOffer(trx, pool.policyId, memberId);
        if (!offer) throw conflict('NO_OFFER', 'You have no lead of this queue to pass on.');
        const skips = await skipsOf(trx, actor, pool, now);
        if (skips.used >= skips.limit)
          throw conflict('SKIP_LIMIT', 'You have passed on as many leads as you may today. Act on this one or let its time run out.', {
            ...skips,
          });
        const since = await one<{ held_since: Date | null }>(trx, 'SELECT held_since FROM crm_leads WHERE id = ?', [offer.lead_id]);
        const back = await giveBack(trx, [offer], { state: 'skipped', ...input }, { actor, cause: 'pull-skip' }, now);
        if (back.length === 0) throw conflict('STALE', 'Somebody else changed this lead meanwhile. Reload and try again.');
        await kit.timers.cancel(trx, [pullKey(offer.lead_id)], now);
        if (reason.givesBack) await giveClaimsBack(trx, [{ lead: offer.lead_id, member: memberId, since: since?.held_since ?? null }], now);
        return { skipped: offer.lead_id, skips: { ...skips, used: skips.used + 1 } };
      });
    },
    onExpire: async (trx, due, now) => {
      const ids = due.map((timer) => timer.subjectId);
      await trx.raw('SELECT 1 FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE', [ids]);
      const rows = await many<OfferRow>(
        trx,
        `SELECT * FROM crm_pool_offers WHERE lead_id = ANY(?::int[]) AND state = 'open' AND act_by <= ? ORDER BY lead_id`,
        [ids, now],
      );
      if (rows.length > 0) await expire(trx, rows, now);
    },
    onMerge: async (trx, loserIds, now) => {
      await trx.raw(`UPDATE crm_pool_offers SET state = 'left', ended_at = ? WHERE lead_id = ANY(?::int[]) AND state = 'open'`, [
        now,
        [...loserIds],
      ]);
    },
  };
}
