import { many } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { WorkItem } from '@leadsea/leads';

const SOON_MS = 3 * 86_400_000;

/** Leads of mine that go back to a pool within three days. */
export async function recycleWork(kit: Kit, actor: Actor, now: Date): Promise<readonly WorkItem[]> {
  if (actor.memberId === null) return [];
  const rows = await many<{ id: number; recycle_at: Date }>(
    kit.db,
    'SELECT id, recycle_at FROM crm_leads WHERE owner_id = ? AND merged_into IS NULL AND recycle_at IS NOT NULL AND recycle_at < ? ORDER BY recycle_at LIMIT 200',
    [actor.memberId, new Date(now.getTime() + SOON_MS)],
  );
  return rows.map((row): WorkItem => {
    const hours = Math.max(0, Math.ceil((row.recycle_at.getTime() - now.getTime()) / 3_600_000));
    return {
      key: `recycle:${row.id}`,
      leadId: row.id,
      action: 'call',
      dueAt: row.recycle_at,
      urgency: hours <= 24 ? 600 : 400,
      reasons: [
        {
          code: 'RECYCLE_SOON',
          text: { zh: `${hours} 小时后回收到公海`, en: `Goes back to the pool in ${hours} h` },
          tone: hours <= 24 ? 'danger' : 'warning',
        },
      ],
    };
  });
}
