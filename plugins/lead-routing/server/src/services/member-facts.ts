import { facts } from '@leadsea/crm-core';
import type { FactDefinition, FactType, LocalisedText, Sql } from '@leadsea/crm-core';
import { WON_STAGES } from './factors';

const DAYS = 90;
const l = (zh: string, en: string): LocalisedText => ({ zh, en });

/** Facts without arguments about one member's own record (考核标准). */
const record = (
  key: string,
  type: FactType,
  label: LocalisedText,
  sql: (alias: string, since: Date, now: Date) => Sql,
): FactDefinition => ({
  subject: 'member',
  key: `member.${key}`,
  label,
  type,
  operators: facts.operatorsOf(type),
  sql: (alias, _args, { now }) => sql(alias, new Date(now.getTime() - DAYS * 86_400_000), now),
});

const received = (alias: string): string =>
  `crm_ledger e WHERE e.member_id = ${alias}.id AND e.at >= ? AND e.given_back_at IS NULL AND e.group_key LIKE 'route:%'`;

/** Minutes from each lead he got to his first contact with it; the median of the last 90 days. */
export const RESPONSE_MINUTES = (
  alias: string,
): string => `(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.first_at - x.at) / 60)
  FROM (SELECT e.lead_id, e.at FROM ${received(alias)}) x
  CROSS JOIN LATERAL (SELECT min(c.occurred_at) AS first_at FROM crm_activities c
    WHERE c.lead_id = x.lead_id AND c.member_id = ${alias}.id AND c.direction = 'outbound' AND c.occurred_at >= x.at AND NOT coalesce(c.automatic, false) AND c.kind <> 'note') a
  WHERE a.first_at IS NOT NULL)`;

export const MEMBER_FACTS: readonly FactDefinition[] = [
  record('conversionRate', 'number', l('转化率 %（90 天）', 'Conversion rate %, 90 days'), (alias, since) => ({
    sql: `(SELECT 100.0 * count(*) FILTER (WHERE x.stage = ANY(${WON_STAGES})) / nullif(count(*), 0)
      FROM (SELECT g.stage FROM crm_ledger e JOIN crm_leads g ON g.id = e.lead_id
        WHERE e.member_id = ${alias}.id AND e.at >= ? AND e.given_back_at IS NULL AND e.group_key LIKE 'route:%') x)`,
    bindings: [since],
  })),
  record('received', 'count', l('分到的线索数（90 天）', 'Leads received, 90 days'), (alias, since) => ({
    sql: `(SELECT count(*)::int FROM ${received(alias)})`,
    bindings: [since],
  })),
  record('responseMinutes', 'number', l('首次响应中位数（分钟，90 天）', 'Median minutes to first contact, 90 days'), (alias, since) => ({
    sql: RESPONSE_MINUTES(alias),
    bindings: [since],
  })),
  record('missedDeadlines', 'count', l('超时次数（90 天）', 'Missed deadlines, 90 days'), (alias, since) => ({
    sql: `(SELECT count(*)::int FROM crm_routing_breaches b WHERE b.member_id = ${alias}.id AND b.at >= ?)`,
    bindings: [since],
  })),
  record('slaCompliance', 'number', l('时限达成率 %（90 天）', 'Deadlines kept %, 90 days'), (alias, since) => ({
    sql: `(SELECT 100.0 - 100.0 * least((SELECT count(*) FROM crm_routing_breaches b WHERE b.member_id = ${alias}.id AND b.at >= ?), n.given) / nullif(n.given, 0)
      FROM (SELECT count(*) AS given FROM ${received(alias)}) n)`,
    bindings: [since, since],
  })),
  record('rejectRate', 'number', l('拒收率 %（90 天）', 'Refused %, 90 days'), (alias, since) => ({
    sql: `(SELECT 100.0 * count(*) FILTER (WHERE o.state = 'rejected') / nullif(count(*), 0) FROM crm_routing_offers o WHERE o.member_id = ${alias}.id AND o.at >= ?)`,
    bindings: [since],
  })),
  record('tenureDays', 'number', l('入职天数', 'Days with the company'), (alias, _since, now) => ({
    sql: `floor(extract(epoch FROM ?::timestamptz - ${alias}.created_at AT TIME ZONE 'UTC') / 86400)`,
    bindings: [now],
  })),
  record('openLeads', 'count', l('持有线索数', 'Open leads held'), (alias) => ({
    sql: `(SELECT count(*)::int FROM crm_leads g WHERE g.owner_id = ${alias}.id AND g.merged_into IS NULL AND g.is_test IS NOT TRUE)`,
    bindings: [],
  })),
];
