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

interface Campaign {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly source: string | null;
  readonly over: boolean;
  readonly total: number;
  readonly silent: number;
}

/** Campaigns that cost more than planned, name a source that is gone, or bring people who never allowed to be contacted. */
async function campaigns(kit: Kit): Promise<readonly LintItem[]> {
  const rows = await many<Campaign>(
    kit.db,
    `SELECT c.id, c.key, c.name, c.cost > c.budget IS TRUE AS over,
       CASE WHEN c.source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM crm_sources s WHERE s.key = c.source OR s.name = c.source OR s.defaults ->> 'source' = c.source) THEN c.source END AS source,
       count(l.id)::int AS total,
       count(l.id) FILTER (WHERE NOT EXISTS (SELECT 1 FROM crm_consents k WHERE k.lead_id = l.id AND k.state = 'granted'))::int AS silent
     FROM crm_campaigns c LEFT JOIN crm_leads l ON lower(l.campaign) = lower(c.key) AND l.campaign IS NOT NULL AND l.merged_into IS NULL
     WHERE c.state <> 'ended' GROUP BY c.id ORDER BY c.name`,
  );
  return rows.flatMap(({ id, key, name, source, over, total, silent }) => {
    const about = { resource: 'campaigns', id, key, name, level: 'warning' } as const;
    const found: LintItem[] = [];
    if (over) found.push({ ...about, code: 'CAMPAIGN_OVER_BUDGET', message: 'Has cost more than planned.', path: 'cost' });
    if (source)
      found.push({
        ...about,
        code: 'CAMPAIGN_SOURCE_UNKNOWN',
        message: `The source "${source}" does not exist.`,
        path: 'source',
        values: { source },
      });
    if (silent > 0)
      found.push({
        ...about,
        code: 'CAMPAIGN_WITHOUT_CONSENT',
        message: `${silent} of the ${total} leads of this campaign have allowed no channel.`,
        values: { leads: silent, total },
      });
    return found;
  });
}

/** What this plugin adds to the linter over everything. */
export function registerLint(kit: Kit): void {
  kit.linter.addSource({ resource: 'members', run: () => leavers(kit) });
  kit.linter.addSource({ resource: 'campaigns', run: () => campaigns(kit) });
}
