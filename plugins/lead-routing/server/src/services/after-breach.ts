import { many } from '@leadsea/crm-core';
import type { WorkingSet } from '@leadsea/leads';
import type { RoutedLead } from '../domain/facts';
import { isBreach } from './asks';
import type { Tabled } from './decide';
import { askAgain, climb } from './ladder';
import type { LeadPast } from './lead-facts';
import { decideNone } from './record';

/** what the ladder and the guards say before anything is routed; answers with those that go on and what is forced upon them. */
export async function afterBreach(
  set: WorkingSet,
  tabled: readonly Tabled[],
  past: ReadonlyMap<number, LeadPast>,
  pools: ReadonlyMap<string, number>,
): Promise<readonly (Tabled & Pick<RoutedLead, 'forced'>)[]> {
  const breached = tabled.filter(({ entry }) => isBreach(entry));
  if (breached.length === 0) return tabled;
  const managers = await many<{ id: number; manager_id: number }>(
    set.trx,
    'SELECT id, manager_id FROM crm_members WHERE id = ANY(?::int[]) AND manager_id IS NOT NULL',
    [breached.flatMap(({ entry }) => entry.row.owner_id ?? [])],
  );
  const managerOf = new Map(managers.map((row) => [row.id, row.manager_id]));
  return tabled.flatMap((one): (Tabled & Pick<RoutedLead, 'forced'>)[] => {
    const { entry, policy } = one;
    if (!isBreach(entry)) return [one];
    const history = past.get(entry.id);
    const holding = { owner: entry.row.owner_id, pool: entry.row.pool_id };
    if (history?.frozenUntil && history.frozenUntil.getTime() > set.now.getTime()) {
      decideNone(set, entry.id, 'FROZEN', holding, { heldUntil: history.frozenUntil.toISOString() });
      askAgain(set, entry, history.frozenUntil);
      return [];
    }
    if (policy.body.reroute.keepForMeeting && history?.meeting) {
      decideNone(set, entry.id, 'MEETING_PLANNED', holding);
      return [];
    }
    const outcome = climb(set, one, history, managerOf);
    if (outcome === 'done') return [];
    if (outcome === 'route') return [one];
    if (outcome.forced === 'manager') return [{ ...one, forced: { kind: 'manager' } }];
    const pool = pools.get(outcome.forced.pool);
    return pool === undefined ? [one] : [{ ...one, forced: { kind: 'pool', pool, offered: outcome.forced.offered } }];
  });
}
