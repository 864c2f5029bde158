import type { Kit } from '@leadsea/crm-core';
import type { LeadQuota, Leads } from '@leadsea/leads';
import type { ForecastResult } from '../../../../contracts';

const WEEKS = 8;
/** The stage the product's own lifecycle calls a marketing-qualified lead. */
const QUALIFIED = 'mql';

/** What marketing owes by the contracts in force: the quota of qualified leads, else the first that counts leads in any stage. */
async function quotaOf(leads: Pick<Leads, 'quotas'>, now: Date): Promise<LeadQuota | null> {
  const owed = (await leads.quotas(now)).filter(({ obligor }) => obligor === 'marketing');
  return owed.find(({ stage }) => stage === QUALIFIED) ?? owed[0] ?? null;
}

/** Arrivals of the last full weeks times the share a model would qualify. */
export async function forecastOf(kit: Kit, leads: Pick<Leads, 'quotas'>, share: number): Promise<ForecastResult> {
  const now = kit.clock.now();
  const { rows } = await kit.db.raw<{ rows: { week: Date; leads: number }[] }>(
    `SELECT w AS week, count(l.id)::int AS leads
     FROM generate_series(date_trunc('week', ?::timestamptz) - ? * interval '1 week', date_trunc('week', ?::timestamptz) - interval '1 week', interval '1 week') w
     LEFT JOIN crm_leads l ON l.captured_at >= w AND l.captured_at < w + interval '1 week' AND l.import_id IS NULL AND l.merged_into IS NULL
     GROUP BY w ORDER BY w`,
    [now, WEEKS, now],
  );
  const leadsPerWeek = rows.reduce((sum, row) => sum + row.leads, 0) / Math.max(1, rows.length);
  const quota = await quotaOf(leads, now);
  return {
    weeks: rows.map((row) => ({ week: row.week.toISOString(), leads: row.leads })),
    leadsPerWeek,
    share,
    mqlPerWeek: leadsPerWeek * share,
    quotaPerWeek: quota?.perWeek ?? null,
    contract: quota?.contract ?? null,
  };
}
