import { many, type Kit } from '@leadsea/crm-core';
import { SLA_KIND, type Contract } from '../../../contracts';
import { OPEN } from './clocks';

/**
 * Who is affected if this contract were published now: leads each metric would measure, which of them the live version does not measure and
 * which it does that fall out, the metrics that are gone, and clocks that are open (R-35: they keep).
 */
export async function previewContract(kit: Kit, contract: Contract, policyId: number, now: Date): Promise<Record<string, unknown>> {
  const open = await many<{ metric: string; count: number }>(
    kit.db,
    `SELECT metric, count(*)::int AS count FROM crm_sla_clocks c WHERE contract_id = ? AND ${OPEN} GROUP BY metric`,
    [policyId],
  );
  const openByMetric = new Map(open.map((row) => [row.metric, row.count]));
  const live = (await kit.policies.liveById<Contract>(policyId))?.body ?? null;
  const kept = new Set(contract.metrics.map(({ key }) => key));
  const gone = (live?.metrics ?? []).filter(({ key }) => !kept.has(key));
  const starts = [...contract.metrics, ...gone].map(({ key, start }, index) => {
    const is = kit.conditions.compile(start, 'lead', 'l', { now, actor: null });
    const before = live?.metrics.find((metric) => metric.key === key)?.start;
    const was = before ? kit.conditions.compile(before, 'lead', 'l', { now, actor: null }) : { sql: 'FALSE', bindings: [] };
    return {
      sql: `count(*) FILTER (WHERE ${is.sql})::int AS "n${index}",
        count(*) FILTER (WHERE (${is.sql}) AND (${was.sql}) IS NOT TRUE)::int AS "in${index}", count(*) FILTER (WHERE (${was.sql}) AND (${is.sql}) IS NOT TRUE)::int AS "out${index}"`,
      bindings: [...is.bindings, ...is.bindings, ...was.bindings, ...was.bindings, ...is.bindings],
    };
  });
  const [counts = {}] = await many<Record<string, number>>(
    kit.db,
    `SELECT ${starts.map((one) => one.sql).join(', ')} FROM crm_leads l WHERE l.merged_into IS NULL AND l.quarantine IS NULL AND NOT coalesce(l.is_test, false)`,
    starts.flatMap((one) => [...one.bindings]),
  );
  return {
    kind: SLA_KIND,
    metrics: contract.metrics.map(({ key, label }, index) => ({
      key,
      label,
      leads: counts[`n${index}`] ?? 0,
      ...(live ? { added: counts[`in${index}`] ?? 0, removed: counts[`out${index}`] ?? 0 } : {}),
      openClocks: openByMetric.get(key) ?? 0,
    })),
    gone: gone.map(({ key, label }, index) => ({
      key,
      label,
      removed: counts[`n${contract.metrics.length + index}`] ?? 0,
      openClocks: openByMetric.get(key) ?? 0,
    })),
  };
}
