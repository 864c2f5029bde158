import type { Kit } from '@leadsea/crm-core';
import { closedStages } from '@leadsea/leads';
import type { Reactor } from '@leadsea/leads';
import { grantByRules } from '../domain/protection';
import { poolCalendar } from '../services/calendar';
import { homesOf } from '../services/homes';
import { setMatcher } from '../services/matcher';
import type { PoolDirectory } from '../services/pools';
import { isHeld } from '../services/recycle';

/** Protection by rule: granted when a lead gets its first owner, never by a transfer (§5.9: nobody starts it again by handing it on). */
export const protectionReactor = (kit: Kit, pools: PoolDirectory): Reactor => ({
  stage: 'hold',
  name: 'pool-protection',
  run: async (set) => {
    if ((await pools.all()).every((pool) => pool.body.protection.rules.length === 0)) return;
    const closed = await closedStages(kit);
    const taken = set.entries.filter(({ row, before }) => isHeld(row, closed) && (before?.owner_id ?? null) === null);
    if (taken.length === 0) return;
    const matcher = setMatcher(set);
    const homes = await homesOf(
      pools,
      taken.map(({ row }) => row),
      matcher,
    );
    for (const pool of new Set(homes.values())) {
      const rules = pool?.body.protection.rules ?? [];
      if (!pool || rules.length === 0) continue;
      const entries = taken.filter((entry) => homes.get(entry.id) === pool);
      const hits = await matcher(
        rules.flatMap((rule) => (rule.when ? [{ key: rule.key, condition: rule.when }] : [])),
        entries.map(({ id }) => id),
      );
      const calendar = await poolCalendar(kit, pool);
      for (const { id, row } of entries) {
        const applying = rules.filter((rule) => !rule.when || hits.get(id)?.has(rule.key));
        const grant = grantByRules(pool.body.protection, applying, row.held_since ?? set.now, calendar);
        if (!grant || (row.protected_until !== null && row.protected_until.getTime() >= grant.until.getTime())) continue;
        set.set(id, { protected_until: grant.until });
        const data = { by: 'rule', rule: grant.rule, until: grant.until };
        set.emit({ subject: 'lead', subjectId: id, type: 'lead.protected', policyVersionId: pool.versionId, data });
      }
    }
  },
});
