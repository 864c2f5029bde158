import { forbidden, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import { RELEASE_REASONS } from '../../../contracts';
import type { ClaimResult } from '../services/claim';
import { returnTargets } from '../services/homes';
import { giveClaimsBack } from '../services/limits';
import { tableMatcher } from '../services/matcher';
import type { LivePool } from '../services/pools';
import { answer, applyEach, poolById, refusal, type Move, type VerbDeps } from './answer';

interface Holder {
  readonly id: number;
  readonly owner_id: number | null;
  readonly pool_id: number | null;
  readonly home_pool_id: number | null;
  readonly held_since: Date | null;
}

const note = z.string().max(2000).nullish();
const NO_POOL = 'There is no live pool to give it back to. Ask an administrator to publish one.';
const NOT_HELD = 'Nobody holds this lead.';

export const holders = (db: Knex | Knex.Transaction, ids: readonly number[]): Promise<Holder[]> =>
  many(db, 'SELECT id, owner_id, pool_id, home_pool_id, held_since FROM crm_leads WHERE id = ANY(?::int[])', [[...ids]]);

/** Whoever keeps the pools may put leads anywhere; others only where they may move leads. */
export async function mayPutInto({ kit, pools }: Pick<VerbDeps, 'kit' | 'pools'>, actor: Actor, pool: LivePool): Promise<boolean> {
  return actor.kind !== 'member' || kit.access.can(actor, 'pools', 'create') || (await pools.rightsOf(pool, actor)).has('transfer');
}

/** The pools a person may choose when he gives a lead back: those its pool names, else those he sees. */
export async function mayChoose(deps: Pick<VerbDeps, 'kit' | 'pools'>, actor: Actor, home: LivePool, chosen: LivePool): Promise<boolean> {
  const { choices } = home.body.recycle;
  if (choices.includes(chosen.key) || chosen.policyId === home.policyId) return true;
  if (await mayPutInto(deps, actor, chosen)) return true;
  return choices.length === 0 && actor.poolIds.includes(chosen.policyId);
}

type ReleaseInput = { reason: string; note?: string | null; pool?: number | null };

/** `POST /leads/:id/release { reason, note?, pool? }`: to the pool chosen among those allowed, else by the return rules. */
export function releaseVerb(deps: VerbDeps): ResourceVerb<ReleaseInput> {
  const { kit, pools } = deps;
  const plan = async (
    context: VerbContext,
    ids: readonly number[],
    input: ReleaseInput,
    byId: ReadonlyMap<number, Holder>,
  ): Promise<{ changes: Move[]; refused: Map<number, ClaimResult> }> => {
    const chosen = input.pool ? await poolById(pools, input.pool) : null;
    const held = [...byId.values()].filter((row) => row.owner_id !== null);
    const way = { way: 'released' as const, reason: input.reason };
    const targets = await returnTargets(pools, held, way, tableMatcher(kit, kit.db, context.now));
    const changes: Move[] = [];
    const refused = new Map<number, ClaimResult>();
    for (const id of ids) {
      const row = byId.get(id);
      const target = targets.get(id) ?? null;
      if (!row?.owner_id) refused.set(id, refusal(id, 'NOT_HELD', NOT_HELD));
      else if (!target) refused.set(id, refusal(id, 'POOL_UNKNOWN', NO_POOL));
      else if (chosen && !(await mayChoose(deps, context.actor, target.home, chosen))) {
        const details = { field: 'pool', allowed: target.home.body.recycle.choices };
        refused.set(id, refusal(id, 'POOL_NOT_ALLOWED', 'Leads of this pool cannot be given back to the pool you chose.', details));
      } else {
        const to = chosen ?? target.to;
        changes.push({
          op: 'hold',
          id,
          to: { ownerId: null, poolId: to.policyId },
          event: 'lead.released',
          expect: { ownerId: row.owner_id },
          data: { reason: input.reason, note: input.note ?? null, pool: to.key },
        });
      }
    }
    return { changes, refused };
  };
  return {
    name: 'release',
    target: 'record',
    input: z.object({
      reason: z.enum(RELEASE_REASONS.map((reason) => reason.value) as [string, ...string[]]),
      note,
      pool: z.number().int().nullish(),
    }),
    summary: 'Give leads back to a pool, with a reason.',
    run: async (context, ids, input) => {
      const byId = new Map((await holders(kit.db, ids)).map((row) => [row.id, row]));
      const givesBack = RELEASE_REASONS.find((reason) => reason.value === input.reason)?.givesBack ?? false;
      const planned = await plan(context, ids, input, byId);
      const results = await inTransaction(kit.db, async (trx) => {
        const done = await applyEach(deps, context, ids, { ...planned, cause: 'release', trx });
        if (givesBack) {
          const back = done.flatMap(({ ok, id }) =>
            ok ? [{ lead: id, member: byId.get(id)?.owner_id ?? null, since: byId.get(id)?.held_since ?? null }] : [],
          );
          await giveClaimsBack(trx, back, context.now);
        }
        return done;
      });
      return answer(results);
    },
  };
}

/** `POST /leads/:id/recycle { pool?, note? }`: takes leads back now; a lead nobody holds may be put into a pool by name. */
export function recycleVerb(deps: VerbDeps): ResourceVerb<{ pool?: number | null; note?: string | null }> {
  const { kit, pools } = deps;
  return {
    name: 'recycle',
    target: 'record',
    input: z.object({ pool: z.number().int().nullish(), note }),
    summary: 'Take leads back into a pool now.',
    run: async (context, ids, input) => {
      const rows = await holders(kit.db, ids);
      const byId = new Map(rows.map((row) => [row.id, row]));
      const chosen = input.pool ? await poolById(pools, input.pool) : null;
      if (chosen && !(await mayPutInto(deps, context.actor, chosen)))
        throw forbidden('You may not move leads into this pool.', { field: 'pool' });
      const held = rows.filter((row) => row.owner_id !== null);
      const way = { way: 'recycled' as const, reason: null };
      const targets = chosen ? new Map() : await returnTargets(pools, held, way, tableMatcher(kit, kit.db, context.now));
      const changes: Move[] = [];
      const refused = new Map<number, ClaimResult>();
      for (const id of ids) {
        const { owner_id: owner = null, pool_id: pool = null } = byId.get(id) ?? {};
        const to = chosen ?? (targets.get(id) as { to: LivePool } | null | undefined)?.to ?? null;
        if (owner === null && (chosen === null || chosen.policyId === pool)) refused.set(id, refusal(id, 'NOT_HELD', NOT_HELD));
        else if (!to) refused.set(id, refusal(id, 'POOL_UNKNOWN', NO_POOL));
        else
          changes.push({
            op: 'hold',
            id,
            to: { ownerId: null, poolId: to.policyId },
            event: 'lead.recycled',
            expect: { ownerId: owner },
            data: { note: input.note ?? null, pool: to.key, manual: true },
          });
      }
      return answer(await applyEach(deps, context, ids, { changes, refused, cause: 'recycle' }));
    },
  };
}

/**
 * `POST /leads/move { ids, pool, note? }`: from the pool a lead lies in to another one. Needs the right `transfer` in both; what the other
 * pool sends on by its entry rules goes on.
 */
export function moveVerb(deps: VerbDeps): ResourceVerb<{ pool: number; note?: string | null }> {
  const { kit, pools } = deps;
  return {
    name: 'move',
    target: 'record',
    access: 'transfer',
    input: z.object({ pool: z.number().int(), note }),
    summary: 'Move leads from one pool to another.',
    run: async (context, ids, input) => {
      const chosen = await poolById(pools, input.pool);
      if (!(await mayPutInto(deps, context.actor, chosen))) throw forbidden('You may not move leads into this pool.', { field: 'pool' });
      const byId = new Map((await holders(kit.db, ids)).map((row) => [row.id, row]));
      const live = await pools.all();
      const changes: Move[] = [];
      const refused = new Map<number, ClaimResult>();
      for (const id of ids) {
        const row = byId.get(id);
        const from = live.find((pool) => pool.policyId === row?.pool_id);
        if (!row || row.owner_id !== null || row.pool_id === null)
          refused.set(id, refusal(id, 'NOT_IN_POOL', 'This lead does not lie in a pool.'));
        else if (row.pool_id === chosen.policyId) refused.set(id, refusal(id, 'SAME_POOL', 'This lead lies in that pool already.'));
        else
          changes.push({
            op: 'hold',
            id,
            to: { ownerId: null, poolId: chosen.policyId },
            event: 'lead.moved',
            expect: { ownerId: null, poolId: row.pool_id },
            data: { from: from?.key ?? null, pool: chosen.key, note: input.note ?? null },
          });
      }
      return answer(await applyEach(deps, context, ids, { changes, refused, cause: 'move' }));
    },
  };
}
