import type { Kit } from '@leadsea/crm-core';
import type { ForecastResult } from '../../../../contracts';

const WEEKS = 8;
const DAYS_PER_WEEK = 7;

/** The quota of the contract between marketing and sales, as far as a reader without its schema can find it: a count per week or month. */
function quotaIn(body: unknown): number | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const [key, value] of Object.entries(body)) {
    if (/^mqlPerWeek$|^mqlsPerWeek$/.test(key) && typeof value === 'number') return value;
    if (/^mqlPerMonth$|^mqlsPerMonth$/.test(key) && typeof value === 'number') return (value * 12 * DAYS_PER_WEEK) / 365;
    const inner = quotaIn(value);
    if (inner !== null) return inner;
  }
  return null;
}

/** Arrivals of the last full weeks times the share a model would qualify. */
export async function forecastOf(kit: Kit, share: number): Promise<ForecastResult> {
  const now = kit.clock.now();
  const { rows } = await kit.db.raw<{ rows: { week: Date; leads: number }[] }>(
    `SELECT w AS week, count(l.id)::int AS leads
     FROM generate_series(date_trunc('week', ?::timestamptz) - ? * interval '1 week', date_trunc('week', ?::timestamptz) - interval '1 week', interval '1 week') w
     LEFT JOIN crm_leads l ON l.captured_at >= w AND l.captured_at < w + interval '1 week' AND l.import_id IS NULL AND l.merged_into IS NULL
     GROUP BY w ORDER BY w`,
    [now, WEEKS, now],
  );
  const leadsPerWeek = rows.reduce((sum, row) => sum + row.leads, 0) / Math.max(1, rows.length);
  const contracts = await kit.policies.live('sla-contract');
  const quotas = contracts.flatMap(({ name, body }) => {
    const quota = quotaIn(body);
    return quota === null ? [] : [{ name, quota }];
  });
  return {
    weeks: rows.map((row) => ({ week: row.week.toISOString(), leads: row.leads })),
    leadsPerWeek,
    share,
    mqlPerWeek: leadsPerWeek * share,
    quotaPerWeek: quotas[0]?.quota ?? null,
    contract: quotas[0]?.name ?? null,
  };
}
