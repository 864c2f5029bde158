import type { Kit } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { graceEnds, graceOf, planRecycle, type RecycleFacts, type RecyclePlan } from '../domain/recycle';
import { stageDay } from '../domain/staged';
import { after, type Calendar } from '../domain/time';
import { poolCalendar } from './calendar';
import { homesOf } from './homes';
import { factsFor, surroundingsOf, type PlannedLead } from './lead-facts';
import type { Matcher } from './matcher';
import type { LivePool, PoolDirectory } from './pools';
import type { Switch } from './switches';

export interface Planned {
  readonly id: number;
  /** The pool whose rules the lead is under; null = there is no pool. */
  readonly pool: LivePool | null;
  readonly plan: RecyclePlan | null;
  readonly facts: RecycleFacts | null;
  readonly calendar: Calendar | null;
}

export interface HeldLead {
  readonly row: Readonly<PlannedLead>;
  /** The date its present owner was told, if any. */
  readonly told: Date | null;
}

export interface PlanContext {
  readonly db: Knex | Knex.Transaction;
  readonly matcher: Matcher;
  readonly now: Date;
  /** Pools in which nothing is taken back at present, and those that went on again. */
  readonly switches?: ReadonlyMap<number, Switch>;
}

const latest = (...dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((last, date) => (date !== null && (last === null || date.getTime() > last.getTime()) ? date : last), null);

/** The working instant on which a grace that begins then ends; asked once for all leads of a pool. */
type GraceEnd = (from: Date) => Date | null;

function graceOfPool({ body }: LivePool, calendar: Calendar): GraceEnd {
  const known = new Map<number, Date | null>();
  return (from) => {
    const key = from.getTime();
    if (!known.has(key)) known.set(key, graceOf(calendar, from, body.graceAfterPublish));
    return known.get(key) ?? null;
  };
}

/**
 * Until when the rules leave a held lead alone: the grace of a version published while it was held, then the working days of a staged start;
 * and the same grace after the kill switch was released. A date its owner was told before stands.
 */
function floorOf(
  { body: { staged }, publishedAt, versionId }: LivePool,
  lead: { id: number; since: Date; told: Date | null },
  { calendar, graceEnd, resumedAt }: { readonly calendar: Calendar; readonly graceEnd: GraceEnd; readonly resumedAt: Date | null },
): Date | null {
  const grace = graceEnds(publishedAt, () => graceEnd(publishedAt), lead);
  const days = grace !== null && grace !== lead.told && staged ? stageDay(lead.id, versionId, staged.percentPerDay) : 0;
  const begun = grace !== null && days > 0 ? after(calendar, grace, `P${days}BD`) : grace;
  const resumed = resumedAt === null ? null : graceEnds(resumedAt, () => graceEnd(resumedAt), { since: lead.since, told: null });
  return latest(begun, resumed);
}

/** Plans held leads, set-based: homes, segments and surroundings are read once for all. Leads of pools without rules cost nothing. */
export async function planLeads(
  kit: Kit,
  pools: PoolDirectory,
  held: readonly HeldLead[],
  { db, matcher, now, switches }: PlanContext,
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
    const known = byPool.get(pool);
    if (known) known.push(lead);
    else byPool.set(pool, [lead]);
  }
  const planned = new Map<number, Planned>();
  for (const [pool, leads] of byPool) {
    const { rules, warns } = pool.body.recycle;
    const switched = switches?.get(pool.policyId);
    const calendar = await poolCalendar(kit, pool);
    const terms = { calendar, graceEnd: graceOfPool(pool, calendar), resumedAt: switched?.resumedAt ?? null };
    const segments = rules.flatMap((rule) => (rule.when ? [{ key: rule.key, condition: rule.when }] : []));
    const ids = leads.map(({ row }) => row.id);
    const hits = segments.length > 0 ? await matcher(segments, ids) : new Map<number, ReadonlySet<string>>();
    for (const { row, told } of leads) {
      const plain = factsFor(row, pool, around(row.id), now);
      const notBefore = floorOf(pool, { id: row.id, since: plain.heldSince, told }, terms);
      const facts = { ...plain, notBefore };
      const applying = rules.filter((rule) => !rule.when || hits.get(row.id)?.has(rule.key));
      const plan = switched?.paused ? null : planRecycle(facts, applying, warns, calendar, now);
      planned.set(row.id, { id: row.id, pool, facts, calendar, plan });
    }
  }
  return held.map(
    ({ row }) => planned.get(row.id) ?? { id: row.id, pool: homes.get(row.id) ?? null, plan: null, facts: null, calendar: null },
  );
}
