import type { Kit } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE } from '@leadsea/leads';
import type { Lifecycle } from '@leadsea/leads';
import type { FeedbackResult } from '../../../../contracts';
import { bind, sql } from '../../sql/fragments';
import { rowsOf } from '../evaluate';

const MOST = 100;
const DAYS = 365;

/**
 * The feedback loop to marketing: for each asset or page of the last year, the distinct leads that used it and what became of them.
 * Qualified = beyond the inventory and not lost; the most used come first.
 */
export async function feedbackOf(kit: Kit): Promise<readonly FeedbackResult[]> {
  const [live] = await kit.policies.live<Lifecycle>('lifecycle');
  const { stages } = live?.body ?? STANDARD_LIFECYCLE;
  const of = (...types: readonly string[]) =>
    bind(
      'text[]',
      stages.flatMap((stage) => (types.includes(stage.type) ? [stage.key] : [])),
    );
  return rowsOf<FeedbackResult>(
    kit.db,
    sql`SELECT u.kind, u.asset, count(*)::int AS leads,
        count(*) FILTER (WHERE EXISTS (SELECT 1 FROM crm_opportunities o WHERE o.lead_id = l.id))::int AS opportunities,
        count(*) FILTER (WHERE l.stage = ANY(${of('won')}))::int AS won, count(*) FILTER (WHERE l.stage = ANY(${of('lost')}))::int AS lost,
        count(*) FILTER (WHERE l.stage = ANY(${of('sla', 'gate', 'won')}))::int AS qualified,
        count(*) FILTER (WHERE NOT l.stage = ANY(${of('sla', 'gate', 'won')}))::int AS "notQualified"
      FROM (SELECT DISTINCT lead_id, kind, asset FROM crm_engagements
        WHERE asset IS NOT NULL AND human AND occurred_at > ${bind('timestamptz', kit.clock.now())} - ${DAYS} * interval '1 day') u
      JOIN crm_leads l ON l.id = u.lead_id AND l.merged_into IS NULL
      GROUP BY u.kind, u.asset ORDER BY leads DESC, u.kind, u.asset LIMIT ${MOST}`,
  );
}
