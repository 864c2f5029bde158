import type { Actor, Kit } from '@leadsea/crm-core';
import type { WorkItem } from '@leadsea/leads';
import { clockInWords, urgencyOf } from '../domain/words';
import { findClocks } from './clock-store';
import { remainingOf } from './clocks';

const LIMIT = 200;
const SOON = 0.8;

/** Running and missed clocks of the leads the member owns, or keeps for somebody away: what he has promised, most pressing first. */
export async function clockWork(kit: Kit, actor: Actor, now: Date): Promise<readonly WorkItem[]> {
  if (actor.memberId === null) return [];
  const clocks = await findClocks(
    kit.db,
    `JOIN crm_leads l ON l.id = c.lead_id AND coalesce(l.kept_for_id, l.owner_id) = c.owner_id AND l.merged_into IS NULL
     WHERE l.owner_id = ? AND c.state IN ('running', 'breached_open') AND c.latest AND c.obligor = 'sales' ORDER BY c.due_at, c.id LIMIT ${LIMIT}`,
    [actor.memberId],
  );
  const remaining = await remainingOf(kit, clocks, now);
  return clocks.map((clock): WorkItem => {
    const left = remaining.get(clock.id) ?? 0;
    const breached = clock.state === 'breached_open' || (clock.dueAt !== null && clock.dueAt.getTime() < now.getTime());
    const pressing = clock.targetSeconds > 0 && 1 - left / clock.targetSeconds >= SOON;
    return {
      key: `clock:${clock.id}`,
      leadId: clock.leadId,
      action: 'call',
      dueAt: clock.dueAt,
      urgency: urgencyOf(breached, left, clock.targetSeconds),
      reasons: [
        {
          code: breached ? 'CLOCK_BREACHED' : 'CLOCK_RUNNING',
          text: clockInWords(clock.label, breached ? Math.min(0, left) : left),
          tone: breached ? 'danger' : pressing ? 'warning' : 'info',
        },
      ],
      clockId: clock.id,
    };
  });
}
