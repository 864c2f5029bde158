import { AppError, badRequest, forbidden, inTransaction, many } from '@leadsea/crm-core';
import type { Actor, ResourceVerb, VerbContext } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { Knex } from 'knex';
import { z } from 'zod';
import { failedLimit, type LimitRefusal, type LimitUse } from '../domain/limits';
import { lockPerson, MESSAGES, type ClaimResult } from '../services/claim';
import { coolingOf } from '../services/claim-facts';
import { limitQuestion, limitUses } from '../services/limits';
import type { LivePool } from '../services/pools';
import { answer, applyEach, refusal, type Move, type Result, type VerbDeps } from './answer';

interface Given {
  readonly id: number;
  readonly owner_id: number | null;
  readonly pool_id: number | null;
  readonly home_pool_id: number | null;
  readonly do_not_contact_until: Date | null;
}

type GiveInput = { owner: number; note?: string | null; override?: { reason: string } | null };
type Way = 'assign' | 'transfer';
const EVENT: Readonly<Record<Way, string>> = { assign: 'lead.assigned', transfer: 'lead.transferred' };

/** Rows in id order and locked, after the receiver's own lock: his holdings cannot grow between the check and the write. */
const lockGiven = (trx: Knex.Transaction, ids: readonly number[]): Promise<Given[]> =>
  many(
    trx,
    `SELECT id, owner_id, pool_id, home_pool_id, do_not_contact_until FROM crm_leads WHERE id = ANY(?::int[]) AND merged_into IS NULL
     ORDER BY id FOR NO KEY UPDATE`,
    [[...ids]],
  );

/** How many more the receiver may hold, by the pool each lead comes from; claims are no matter here. */
async function receiverLimits(
  { kit, pools }: VerbDeps,
  trx: Knex.Transaction,
  receiver: Actor,
  rows: readonly Given[],
  now: Date,
): Promise<{ poolOf: (row: Given) => LivePool | null; usesOf: (pool: LivePool) => readonly LimitUse[] }> {
  const live = await pools.all();
  const poolOf = (row: Given): LivePool | null => live.find((pool) => pool.policyId === (row.pool_id ?? row.home_pool_id)) ?? null;
  const used = [...new Set(rows.map(poolOf))].filter((pool) => pool !== null);
  const questions = await Promise.all(
    used.map(async (pool) => {
      const question = await limitQuestion(pools, pool, receiver);
      return { ...question, limits: question.limits.filter(({ kind }) => kind === 'held' || kind === 'untouched') };
    }),
  );
  const uses = await limitUses(trx, receiver, questions, await closedStages(kit), now);
  const byPool = new Map(used.map((pool, index) => [pool.policyId, uses[index] ?? []]));
  return { poolOf, usesOf: (pool) => byPool.get(pool.policyId) ?? [] };
}

/** Counted within its scope: a lead taken from another pool does not use up this one's limit. */
const takenFrom = (taken: readonly (LivePool | null)[], pool: LivePool, use: LimitUse): number =>
  taken.filter(
    (other) =>
      use.limit.scope === 'everywhere' ||
      other?.policyId === pool.policyId ||
      (use.limit.scope === 'group' && other !== null && other.body.group === pool.body.group && Boolean(pool.body.group)),
  ).length;

/** Coolings of the receiver: a warning for whoever gives, never a refusal (A4). */
async function coolings(
  { kit }: VerbDeps,
  trx: Knex.Transaction,
  receiver: Actor,
  rows: readonly Given[],
  poolOf: (row: Given) => LivePool | null,
  now: Date,
): Promise<ReadonlyMap<number, Date>> {
  const all = new Map<number, Date>();
  for (const pool of new Set(rows.map(poolOf))) {
    if (!pool) continue;
    const ids = rows.filter((row) => poolOf(row) === pool).map(({ id }) => id);
    for (const [id, until] of await coolingOf(kit, trx, { pool, actor: receiver, ids }, now)) all.set(id, until);
  }
  return all;
}

/** Whether the role reaches leads that are held, whichever they are: each lead is judged by itself afterwards. */
const givesHeld = (kit: VerbDeps['kit'], actor: Actor): boolean =>
  kit.access
    .rolesOf(actor)
    .flatMap((role) => role.resources['leads']?.['assign'] ?? [])
    .some((scope) => scope === 'all' || scope === 'own' || (scope !== 'pool' && scope !== 'none' && actor.teamId !== null));

export function giveVerb(deps: VerbDeps, way: Way): ResourceVerb<GiveInput> {
  const { kit } = deps;

  const assertAllowed = async (context: VerbContext, input: GiveInput): Promise<Actor> => {
    const receiver = await kit.actors.member(input.owner).catch(() => null);
    if (!receiver) throw badRequest('OWNER_UNKNOWN', 'This person is not an active member.', { field: 'owner' });
    const { actor } = context;
    if (input.override) kit.access.assert(actor, 'leads', 'overrideLimit');
    if (!kit.access.mayGiveTo(actor, receiver))
      throw new AppError('RECEIVER_NOT_ALLOWED', 403, 'Your role does not give leads to this person.', { field: 'owner' });
    const stranger = actor.kind === 'member' && way === 'transfer' && receiver.teamId !== actor.teamId;
    // Giving out the leads of a pool is not yet giving away one's own: the role must reach leads that are held.
    if (stranger && !givesHeld(kit, actor)) throw forbidden('You may hand leads to colleagues of your own team only.', { field: 'owner' });
    return receiver;
  };

  const change = (row: Given, receiver: Actor, input: GiveInput): Move => ({
    op: 'hold',
    id: row.id,
    to: { ownerId: input.owner, poolId: null },
    event: EVENT[way],
    expect: { ownerId: row.owner_id, poolId: row.pool_id },
    data: { note: input.note ?? null, to: receiver.name },
  });
  const overridden = (row: Given, limit: LimitRefusal, input: GiveInput): Move => ({
    op: 'patch',
    id: row.id,
    columns: {},
    event: 'lead.limit_overridden',
    data: { code: limit.code, ...limit.details, member: input.owner, reason: input.override?.reason ?? null },
  });

  const giveIn = async (trx: Knex.Transaction, context: VerbContext, ids: readonly number[], input: GiveInput): Promise<Result[]> => {
    const receiver = await assertAllowed(context, input);
    await lockPerson(trx, input.owner);
    const rows = await lockGiven(trx, ids);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const { poolOf, usesOf } = await receiverLimits(deps, trx, receiver, rows, context.now);
    const cooling = await coolings(deps, trx, receiver, rows, poolOf, context.now);
    const changes: Move[] = [];
    const refused = new Map<number, ClaimResult>();
    const taken: (LivePool | null)[] = [];
    for (const id of ids) {
      const row = byId.get(id);
      if (!row) continue;
      if (way === 'transfer' && row.owner_id === null) {
        refused.set(id, refusal(id, 'NOT_HELD', 'Nobody holds this lead; it can be assigned.'));
        continue;
      }
      const pool = poolOf(row);
      const quiet =
        row.owner_id === null && row.do_not_contact_until !== null && row.do_not_contact_until.getTime() > context.now.getTime();
      if (quiet) {
        refused.set(id, refusal(id, 'DO_NOT_CONTACT', MESSAGES.DO_NOT_CONTACT, { until: row.do_not_contact_until }));
        continue;
      }
      const uses = pool && row.owner_id !== input.owner ? usesOf(pool) : [];
      const counted = pool ? uses.map((use) => ({ ...use, used: use.used + takenFrom(taken, pool, use) })) : [];
      const limit = failedLimit(counted, 0, context.now);
      if (limit && !input.override) {
        refused.set(
          id,
          refusal(id, limit.code, 'This person holds as many leads as he may. Those who may can override it.', {
            ...limit.details,
            member: input.owner,
            name: receiver.name,
          }),
        );
        continue;
      }
      changes.push(change(row, receiver, input), ...(limit ? [overridden(row, limit, input)] : []));
      if (row.owner_id !== input.owner) taken.push(pool);
    }
    const done = await applyEach(deps, context, ids, { changes, refused, cause: way, trx });
    return done.map((result) => {
      const until = result.ok ? cooling.get(result.id) : undefined;
      return until ? { ...result, warnings: [{ code: 'COOLING', until }] } : result;
    });
  };

  return {
    name: way,
    target: 'record',
    input: z.object({
      owner: z.number().int(),
      note: z.string().max(2000).nullish(),
      override: z.object({ reason: z.string().trim().min(1).max(500) }).nullish(),
    }),
    summary: way === 'assign' ? 'Give leads to a person.' : 'Hand leads that are held to a colleague; the recycle clock goes on.',
    run: async (context, ids, input) => answer(await inTransaction(kit.db, (trx) => giveIn(trx, context, ids, input))),
  };
}
