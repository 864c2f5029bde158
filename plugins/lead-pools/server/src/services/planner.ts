import type { Kit } from '@leadsea/crm-core';
import type { LeadRow } from '@leadsea/leads';
import type { Knex } from 'knex';
import { graceEnds, planRecycle, type RecycleFacts, type RecyclePlan } from '../domain/recycle';
import type { Calendar } from '../domain/time';
import { poolCalendar } from './calendar';
import { homesOf } from './homes';
import { factsFor, surroundingsOf } from './lead-facts';
import type { Matcher } from './matcher';
import type { LivePool, PoolDirectory } from './pools';

export interface Planned {
  readonly id: number;
  /** The pool whose rules the lead is under; null = there is no pool. */
  readonly pool: LivePool | null;
  readonly plan: RecyclePlan | null;
  readonly facts: RecycleFacts | null;
  readonly calendar: Calendar | null;
}

export interface HeldLead {
  readonly row: Readonly<LeadRow>;
  /** The date its present owner was told, if any. */
  readonly told: Date | null;
}

/** Plans held leads, set-based: homes, segments and surroundings are read once for all. Leads of pools without rules cost nothing. */
export async function planLeads(
  kit: Kit,
  pools: PoolDirectory,
  held: readonly HeldLead[],
  { db, matcher, now }: { readonly db: Knex | Knex.Transaction; readonly matcher: Matcher; readonly now: Date },
): Promise<readonly Planned[]> {
  const homes = await homesOf(
    pools,
    held.map(({ row }) => row),
    matcher,
  );
  const ruled = held.filter(({ row }) => {
    const body = homes.get(row.id)?.body;
    return body !== undefined && (body.recycle.rules.length > 0 || body.protection.onExpiry === 'recycle');
  });
  const around = await surroundingsOf(
    db,
    ruled.map(({ row }) => row),
    now,
  );
  const byPool = new Map<LivePool, HeldLead[]>();
  for (const lead of ruled) {
    const pool = homes.get(lead.row.id)!;
    byPool.set(pool, [...(byPool.get(pool) ?? []), lead]);
  }
  const planned = new Map<number, Planned>();
  for (const [pool, leads] of byPool) {
    const { rules, warns } = pool.body.recycle;
    const calendar = await poolCalendar(kit, pool);
    const segments = rules.flatMap((rule) => (rule.when ? [{ key: rule.key, condition: rule.when }] : []));
    const ids = leads.map(({ row }) => row.id);
    const hits = segments.length > 0 ? await matcher(segments, ids) : new Map<number, ReadonlySet<string>>();
    for (const { row, told } of leads) {
      const plain = factsFor(row, pool, around(row.id), now);
      const notBefore = graceEnds(calendar, pool.publishedAt, pool.body.graceAfterPublish, { since: plain.heldSince, told });
      const facts = { ...plain, notBefore };
      const applying = rules.filter((rule) => !rule.when || hits.get(row.id)?.has(rule.key));
      planned.set(row.id, { id: row.id, pool, facts, calendar, plan: planRecycle(facts, applying, warns, calendar) });
    }
  }
  return held.map(
    ({ row }) => planned.get(row.id) ?? { id: row.id, pool: homes.get(row.id) ?? null, plan: null, facts: null, calendar: null },
  );
}
