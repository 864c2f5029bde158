import { AppError, badRequest, forbidden, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, Kit, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import type { LeadChange, Leads, Outcome } from '@leadsea/leads';
import type { Knex } from 'knex';
import { z } from 'zod';
import { RELEASE_REASONS } from '../../contracts';
import type { Claims, ClaimResult } from './services/claim';
import { giveClaimsBack } from './services/limits';
import type { LivePool, PoolDirectory } from './services/pools';

type Results = { readonly results: readonly ClaimResult[] };

/** One id that is refused is an error of the request; of many, each has its own answer. */
function answer(results: readonly ClaimResult[]): Results {
  const [only] = results;
  if (results.length === 1 && only && !only.ok) {
    throw new AppError(only.code ?? 'REFUSED', only.code === 'NOT_FOUND' ? 404 : 409, only.message ?? 'Refused.', only.details);
  }
  return { results };
}

const toResults = (ids: readonly number[], outcomes: readonly Outcome[]): ClaimResult[] =>
  outcomes.map((outcome, index) =>
    outcome.ok
      ? { id: ids[index]!, ok: true }
      : { id: ids[index]!, ok: false, code: outcome.code, message: outcome.message, details: outcome.details },
  );

const note = z.string().max(2000).nullish();

export function leadVerbs(kit: Kit, leads: Leads, pools: PoolDirectory, claims: Claims): readonly ResourceVerb[] {
  const poolById = async (id: number): Promise<LivePool> => {
    const pool = await pools.byId(id);
    if (!pool) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.', { field: 'pool' });
    return pool;
  };
  const apply = async (
    context: VerbContext,
    changes: readonly LeadChange[],
    cause: string,
    trx?: Knex.Transaction,
  ): Promise<readonly Outcome[]> =>
    (
      await leads.apply({
        changes,
        actor: context.actor,
        cause: { type: cause, id: context.requestId },
        now: context.now,
        ...(trx ? { trx } : {}),
      })
    ).outcomes;

  const holders = (
    ids: readonly number[],
  ): Promise<{ id: number; owner_id: number | null; pool_id: number | null; home_pool_id: number | null; held_since: Date | null }[]> =>
    many(kit.db, 'SELECT id, owner_id, pool_id, home_pool_id, held_since FROM crm_leads WHERE id = ANY(?::int[])', [[...ids]]);

  const assertTarget = async (memberId: number): Promise<Actor> => {
    try {
      return await kit.actors.member(memberId);
    } catch {
      throw badRequest('OWNER_UNKNOWN', 'This person is not an active member.', { field: 'owner' });
    }
  };

  const claim: ResourceVerb<{ pool?: number | null }> = {
    name: 'claim',
    target: 'record',
    input: z.object({ pool: z.number().int().nullish() }),
    summary: 'Take leads out of a pool.',
    run: async ({ actor, now }, ids, input) => {
      let poolId = input.pool ?? null;
      if (poolId === null) {
        const found = await holders(ids);
        poolId = found.find((row) => row.pool_id !== null)?.pool_id ?? found[0]?.home_pool_id ?? null;
        if (poolId === null) throw new AppError('ALREADY_CLAIMED', 409, 'Somebody else already has this lead.');
      }
      return answer(await claims.claim(actor, ids, await poolById(poolId), now));
    },
  };

  const release: ResourceVerb<{ reason: string; note?: string | null; pool?: number | null }> = {
    name: 'release',
    target: 'record',
    input: z.object({
      reason: z.enum(RELEASE_REASONS.map((reason) => reason.value) as [string, ...string[]]),
      note,
      pool: z.number().int().nullish(),
    }),
    summary: 'Give leads back to a pool, with a reason.',
    run: async (context, ids, input) => {
      const byId = new Map((await holders(ids)).map((row) => [row.id, row]));
      const givesBack = RELEASE_REASONS.find((reason) => reason.value === input.reason)?.givesBack ?? false;
      const chosen = input.pool ? await poolById(input.pool) : null;
      const changes: LeadChange[] = [];
      const refused = new Map<number, ClaimResult>();
      for (const id of ids) {
        const row = byId.get(id);
        const target = chosen ?? (await pools.homeOf(row?.home_pool_id ?? null, row?.owner_id ?? null));
        if (!row?.owner_id) refused.set(id, { id, ok: false, code: 'NOT_HELD', message: 'Nobody holds this lead.' });
        else if (!target)
          refused.set(id, {
            id,
            ok: false,
            code: 'POOL_UNKNOWN',
            message: 'There is no live pool to give it back to. Ask an administrator to publish one.',
          });
        else
          changes.push({
            op: 'hold',
            id,
            to: { ownerId: null, poolId: target.policyId },
            event: 'lead.released',
            expect: { ownerId: row.owner_id },
            data: { reason: input.reason, note: input.note ?? null, pool: target.key },
          });
      }
      const done = await inTransaction(kit.db, async (trx) => {
        const results = toResults(
          changes.map((change) => (change.op === 'create' ? 0 : change.id)),
          await apply(context, changes, 'release', trx),
        );
        if (givesBack) {
          const back = results.flatMap(({ ok, id }) =>
            ok ? [{ lead: id, member: byId.get(id)?.owner_id ?? null, since: byId.get(id)?.held_since ?? null }] : [],
          );
          await giveClaimsBack(trx, back, context.now);
        }
        return results;
      });
      const byLead = new Map(done.map((result) => [result.id, result]));
      return answer(ids.map((id) => refused.get(id) ?? byLead.get(id)!));
    },
  };

  const give = (name: 'assign' | 'transfer', event: string): ResourceVerb<{ owner: number; note?: string | null }> => ({
    name,
    target: 'record',
    input: z.object({ owner: z.number().int(), note }),
    summary: name === 'assign' ? 'Give leads to a person.' : 'Hand leads that are held to a colleague; the recycle clock goes on.',
    run: async (context, ids, input) => {
      const target = await assertTarget(input.owner);
      if (
        context.actor.kind === 'member' &&
        name === 'transfer' &&
        target.teamId !== context.actor.teamId &&
        !kit.access.can(context.actor, 'leads', 'assign')
      ) {
        throw forbidden('You may hand leads to colleagues of your own team only.', { field: 'owner' });
      }
      const byId = new Map((await holders(ids)).map((row) => [row.id, row]));
      const changes = ids.map((id): LeadChange => {
        const row = byId.get(id);
        const expect = row ? { ownerId: row.owner_id, poolId: row.pool_id } : {};
        return {
          op: 'hold',
          id,
          to: { ownerId: input.owner, poolId: null },
          event,
          expect,
          data: { note: input.note ?? null, to: target.name },
        };
      });
      return answer(toResults(ids, await apply(context, changes, name)));
    },
  });

  const recycle: ResourceVerb<{ pool?: number | null; note?: string | null }> = {
    name: 'recycle',
    target: 'record',
    input: z.object({ pool: z.number().int().nullish(), note }),
    summary: 'Take leads back into a pool now.',
    run: async (context, ids, input) => {
      const byId = new Map((await holders(ids)).map((row) => [row.id, row]));
      const chosen = input.pool ? await poolById(input.pool) : null;
      const changes: (LeadChange & { op: 'hold' })[] = [];
      const refused = new Map<number, ClaimResult>();
      for (const id of ids) {
        const { owner_id: owner = null, pool_id: pool = null, home_pool_id: home = null } = byId.get(id) ?? {};
        // A lead nobody holds may be put into a pool by name; there is nothing to take back otherwise.
        if (owner === null && (chosen === null || chosen.policyId === pool)) {
          refused.set(id, { id, ok: false, code: 'NOT_HELD', message: 'Nobody holds this lead.' });
          continue;
        }
        const target = chosen ?? (await pools.homeOf(home, owner));
        if (!target) throw badRequest('POOL_UNKNOWN', 'There is no live pool.', { field: 'pool' });
        const data = { note: input.note ?? null, pool: target.key, manual: true };
        changes.push({
          op: 'hold',
          id,
          to: { ownerId: null, poolId: target.policyId },
          event: 'lead.recycled',
          expect: { ownerId: owner },
          data,
        });
      }
      const done = toResults(
        changes.map(({ id }) => id),
        changes.length > 0 ? await apply(context, changes, 'recycle') : [],
      );
      const byLead = new Map(done.map((result) => [result.id, result]));
      return answer(ids.map((id) => refused.get(id) ?? byLead.get(id)!));
    },
  };

  return [claim, release, give('assign', 'lead.assigned'), give('transfer', 'lead.transferred'), recycle];
}

export const poolVerbs = (claims: Claims, pools: PoolDirectory): readonly ResourceVerb[] => {
  const next: ResourceVerb<{ count: number }> = {
    name: 'claim',
    target: 'record',
    input: z.object({ count: z.number().int().min(1).max(100).default(1) }),
    summary: 'Take the best leads of the pool.',
    access: 'read',
    run: async ({ actor, now }, ids, input) => {
      const pool = await pools.byId(ids[0]!);
      if (!pool) throw badRequest('POOL_UNKNOWN', 'This pool does not exist or is not live.');
      return { results: await claims.claimNext(actor, input.count, pool, now) };
    },
  };
  return [next];
};
