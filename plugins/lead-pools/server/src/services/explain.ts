import { calendarTime } from '@leadsea/crm-core';
import type { Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { LeadRow } from '@leadsea/leads';
import { tableMatcher } from './matcher';
import { planLeads } from './planner';
import type { PoolDirectory } from './pools';
import { isHeld } from './recycle';
import type { Switches } from './switches';

/**
 * Why a lead goes back when it does (§5.6): computed again from the facts, the live version and the calendar. `recycleAt` null comes with a
 * `reason`: `not-held`, `closed`, `no-rule`, `opportunity`, `paused`.
 */
export async function explainRecycle(
  kit: Kit,
  pools: PoolDirectory,
  leadId: number,
  now: Date,
  switches?: Pick<Switches, 'known'>,
): Promise<unknown> {
  const row = await kit.db<LeadRow>('crm_leads').where({ id: leadId }).first();
  if (!row || !isHeld(row, await closedStages(kit))) return { recycleAt: null, reason: row?.owner_id ? 'closed' : 'not-held' };
  const switched = await switches?.known();
  const context = { db: kit.db, matcher: tableMatcher(kit, kit.db, now), now, ...(switched ? { switches: switched } : {}) };
  const [planned] = await planLeads(kit, pools, [{ row: { ...row, custom: row.custom ?? {} }, told: row.recycle_at }], context);
  const { pool, plan, facts, calendar } = planned!;
  const shown = pool ? { id: pool.policyId, key: pool.key, name: pool.name, version: pool.number } : null;
  const protectedUntil = row.protected_until;
  const paused = pool ? switched?.get(pool.policyId)?.paused : null;
  if (paused) return { recycleAt: null, reason: 'paused', since: paused.at, note: paused.reason, pool: shown, protectedUntil };
  if (!pool || !calendar || !plan)
    return { recycleAt: null, reason: facts?.openOpportunity ? 'opportunity' : 'no-rule', pool: shown, protectedUntil };
  const rule = pool.body.recycle.rules.find(({ key }) => key === plan.rule);
  return {
    recycleAt: plan.at,
    pool: shown,
    rule: rule
      ? { key: rule.key, label: rule.label, after: rule.after, since: rule.since, time: rule.time, also: rule.also, leave: rule.leave }
      : { key: plan.rule, label: { zh: '保护到期', en: 'Protection ended' }, after: null, since: 'claim' },
    since: plan.since,
    /** When its clocks have run out; what keeps it longer follows. */
    due: plan.due,
    holds: plan.holds,
    warns: plan.warns,
    protectedUntil,
    days: calendarTime.explain(calendar, plan.since, plan.at),
  };
}
