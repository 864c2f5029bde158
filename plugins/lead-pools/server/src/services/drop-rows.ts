import { many, notFound, one } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { Drop } from '../../../contracts';
import { balancedWeights, type DrawInputs, type Drawn } from '../domain/drop';
import type { Claims } from './claim';
import { lockPerson } from './claim';
import { claimGroup } from './limits';
import type { LivePool, PoolDirectory } from './pools';

export interface DropRow {
  id: number;
  pool_id: number;
  version_id: number;
  mode: 'timed' | 'lottery';
  state: 'open' | 'drawn' | 'released' | 'cancelled';
  opens_at: Date;
  closes_at: Date;
  lead_ids: number[];
  seed: string;
  seed_hash: string;
  inputs: DrawInputs | null;
  result: { drawn?: Drawn[]; given?: Drawn[]; moved?: number[] } | null;
  by_id: number | null;
}

export async function getDrop(db: Knex | Knex.Transaction, id: number, lock = false): Promise<DropRow> {
  const row = await one<DropRow>(db, `SELECT * FROM crm_pool_drops WHERE id = ?${lock ? ' FOR UPDATE' : ''}`, [id]);
  if (!row) throw notFound('Drop');
  return row;
}

/** A round as its people see it: the seed only when it is drawn, of the wishes only one's own. */
export async function renderDrop(kit: Kit, row: DropRow, actor: Actor): Promise<Record<string, unknown>> {
  const drawn = row.result?.given ?? [];
  const [entries, mine, names] = await Promise.all([
    one<{ n: number }>(kit.db, 'SELECT count(*)::int AS n FROM crm_pool_drop_entries WHERE drop_id = ?', [row.id]),
    one<{ leads: number[]; at: Date }>(kit.db, 'SELECT leads, at FROM crm_pool_drop_entries WHERE drop_id = ? AND member_id = ?', [
      row.id,
      actor.memberId,
    ]),
    many<{ id: number; name: string }>(kit.db, 'SELECT id, name FROM crm_members WHERE id = ANY(?::int[])', [
      [...new Set(drawn.map((one) => one.member))],
    ]),
  ]);
  const nameOf = new Map(names.map((member) => [member.id, member.name]));
  return {
    id: row.id,
    pool: row.pool_id,
    mode: row.mode,
    state: row.state,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    leads: row.lead_ids,
    leadCount: row.lead_ids.length,
    entrants: entries?.n ?? 0,
    mine,
    seedHash: row.seed_hash,
    seed: row.state === 'drawn' ? row.seed : null,
    result: row.state === 'drawn' ? drawn.map((one) => ({ ...one, memberName: nameOf.get(one.member) ?? null })) : null,
    moved: row.result?.moved ?? [],
  };
}

/** Active people who may claim from a drop, in id order. */
export async function peopleOfDrop(
  kit: Kit,
  db: Knex | Knex.Transaction,
  pools: PoolDirectory,
  pool: LivePool,
): Promise<readonly number[]> {
  const rows = await many<{ id: number }>(db, 'SELECT id FROM crm_members WHERE active ORDER BY id LIMIT 2000');
  const people: number[] = [];
  for (const { id } of rows) {
    const actor = await kit.actors.member(id).catch(() => null);
    if (actor && (await pools.rightsOf(pool, actor)).has('claim')) people.push(id);
  }
  return people;
}

const LIMITS = /^(CLAIM_LIMIT|HOLD_LIMIT|UNTOUCHED_LIMIT|CLAIM_GAP)/;

/**
 * What the draw is made from, at this moment and under the lock of each person in it: what his limits leave him, which leads are not for him,
 * how many he received lately. Whoever may not claim any more is left out.
 */
export async function drawInputs(
  { kit, claims, pools }: { readonly kit: Kit; readonly claims: Claims; readonly pools: PoolDirectory },
  trx: Knex.Transaction,
  row: DropRow,
  pool: LivePool,
  drop: Drop,
  now: Date,
): Promise<DrawInputs> {
  const wishes = await many<{ member_id: number; leads: number[] }>(
    trx,
    'SELECT member_id, leads FROM crm_pool_drop_entries WHERE drop_id = ? ORDER BY member_id',
    [row.id],
  );
  for (const { member_id: member } of wishes) await lockPerson(trx, member);
  const since = new Date(now.getTime() - drop.balanceDays * 86_400_000);
  const counts = await many<{ member_id: number; n: number }>(
    trx,
    `SELECT member_id, count(*)::int AS n FROM crm_ledger WHERE group_key = ? AND member_id = ANY(?::int[]) AND at >= ? AND given_back_at IS NULL GROUP BY member_id`,
    [claimGroup(pool.policyId), wishes.map((wish) => wish.member_id), since],
  );
  const received = new Map(wishes.map((wish) => [wish.member_id, counts.find((count) => count.member_id === wish.member_id)?.n ?? 0]));
  const weights = balancedWeights(received);
  const entries: DrawInputs['entries'][number][] = [];
  for (const wish of wishes) {
    const actor = await kit.actors.member(wish.member_id).catch(() => null);
    if (!actor || !(await pools.rightsOf(pool, actor)).has('claim')) continue;
    const verdicts = await claims.claimIn(trx, actor, row.lead_ids, pool, now, { dryRun: true });
    entries.push({
      member: wish.member_id,
      leads: wish.leads,
      weight: drop.weight === 'balance' ? (weights.get(wish.member_id) ?? 100) : 100,
      received: received.get(wish.member_id) ?? 0,
      max: verdicts.filter((verdict) => verdict.ok).length,
      excluded: verdicts.flatMap((verdict) => (verdict.ok || LIMITS.test(verdict.code ?? '') ? [] : [verdict.id])),
    });
  }
  return { leads: row.lead_ids, entries, perPerson: drop.perPerson };
}
