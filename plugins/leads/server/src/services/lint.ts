import type { Kit, LintItem } from '@leadsea/crm-core';
import { many } from '@leadsea/crm-core';

interface Left {
  readonly id: number;
  readonly name: string;
  readonly leads: number;
  readonly tasks: number;
}

/** People who are gone and still hold leads or open tasks: nobody works on those. */
async function leavers(kit: Kit): Promise<readonly LintItem[]> {
  const rows = await many<Left>(
    kit.db,
    `SELECT * FROM (
       SELECT m.id, m.name, (SELECT count(*)::int FROM crm_leads l WHERE l.owner_id = m.id AND l.merged_into IS NULL) AS leads,
         (SELECT count(*)::int FROM crm_tasks t WHERE t.owner_id = m.id AND t.state = 'open') AS tasks
       FROM crm_members m WHERE NOT m.active) AS left_people WHERE leads > 0 OR tasks > 0 ORDER BY name`,
  );
  return rows.map(({ id, name, leads, tasks }) => ({
    resource: 'members',
    id,
    key: String(id),
    name,
    level: 'error',
    code: 'MEMBER_LEFT_HOLDS',
    message: `No longer active, but still holds ${leads} leads and ${tasks} open tasks. Hand them over.`,
    values: { leads, tasks },
  }));
}

/** What this plugin adds to the linter over everything. */
export const registerLint = (kit: Kit): void => kit.linter.addSource({ resource: 'members', run: () => leavers(kit) });
