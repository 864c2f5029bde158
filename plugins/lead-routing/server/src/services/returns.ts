import type { Kit } from '@leadsea/crm-core';
import type { Entry, Reactor } from '@leadsea/leads';
import { RETURNS, type RoutingPolicy } from '../../../contracts';
import { giveBackSoon } from './ledger';

const LEFT = new Set(['lead.released', 'lead.rejected']);

/** Why a lead came back or turned out to be none, in this change; null = it did not. */
export function returnReason({ before, row, changed, emitted }: Entry): string | null {
  if (before === null || before.owner_id === null) return null;
  if (row.is_test && !before.is_test) return 'test';
  if (row.merged_into !== null && before.merged_into === null) return 'duplicate';
  const left = emitted.findLast(({ type }) => LEFT.has(type))?.data?.['reason'];
  if (typeof left === 'string') return left;
  if (changed.has('stage') && row.disposition !== null) return row.disposition;
  return row.quarantine !== null && before.quarantine === null ? 'invalid' : null;
}

/** the caps and shares of who was given a lead that comes back soon for a reason its policy names; recycled later it counts. */
export const returnsReactor = (kit: Kit): Reactor => ({
  stage: 'tasks',
  name: 'routing-returns',
  run: async (set) => {
    const back = set.entries.flatMap((entry) => {
      const [reason, member] = [returnReason(entry), entry.before?.owner_id ?? null];
      return reason === null || member === null ? [] : [{ lead: entry.id, member, reason }];
    });
    if (back.length === 0) return;
    const policies = (await kit.policies.live<RoutingPolicy>('routing-policy')).map(
      // Versions published before this could be said have none.
      ({ key, body: { returns = RETURNS } }: { key: string; body: { returns?: { minutes: number; reasons: readonly string[] } } }) => ({
        key,
        since: new Date(set.now.getTime() - returns.minutes * 60_000),
        reasons: returns.reasons,
      }),
    );
    if (policies.length > 0) set.defer((trx) => giveBackSoon(trx, back, policies, set.now));
  },
});
