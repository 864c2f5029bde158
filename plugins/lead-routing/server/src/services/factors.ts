import { many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { performanceFactor, SHRINKAGE } from '../domain/performance';

const WINDOW_DAYS = 90;

/**
 * Stage keys that count as a success: gates (confirmed, opportunity) and won, by the live graph. The cast makes it one array: `ANY` of a bare
 * sub-select would compare with its rows.
 */
export const WON_STAGES = `(SELECT coalesce(array_agg(s->>'key'), ARRAY['sql', 'opportunity', 'won'])
  FROM crm_policies p JOIN crm_policy_versions v ON v.id = p.published_version_id, jsonb_array_elements(v.body->'stages') s
  WHERE p.kind = 'lifecycle' AND s->>'type' IN ('gate', 'won'))::text[]`;

interface FactorRow {
  member_id: number;
  won: number;
  received: number;
  factor: string | null;
}

/**
 * R-57 `performance_weighted`: what each person's weight is multiplied by this month, from his last ninety days before it, frozen with the
 * first use of the month so that nobody's weight moves under him.
 */
export async function loadFactors(
  trx: Knex.Transaction,
  ids: readonly number[],
  now: Date,
  dryRun: boolean,
): Promise<ReadonlyMap<number, number>> {
  if (ids.length === 0) return new Map();
  const month = `${now.toISOString().slice(0, 7)}-01`;
  const rows = await many<FactorRow>(
    trx,
    `SELECT m.id AS member_id, coalesce(f.won, n.won, 0)::int AS won, coalesce(f.received, n.received, 0)::int AS received, f.factor
     FROM unnest(?::int[]) AS m(id) LEFT JOIN crm_routing_factors f ON f.member_id = m.id AND f.month = ?::date
     LEFT JOIN LATERAL (SELECT count(*) AS received, count(*) FILTER (WHERE l.stage = ANY(${WON_STAGES})) AS won
       FROM crm_ledger e JOIN crm_leads l ON l.id = e.lead_id
       WHERE f.member_id IS NULL AND e.member_id = m.id AND e.given_back_at IS NULL AND e.group_key LIKE 'route:%'
         AND e.at >= ?::date - make_interval(days => ?) AND e.at < ?::date) n ON TRUE`,
    [[...ids], month, month, WINDOW_DAYS, month],
  );
  const won = rows.reduce((sum, row) => sum + row.won, 0);
  const received = rows.reduce((sum, row) => sum + row.received, 0);
  const factors = rows.map((row) => ({
    member: row.member_id,
    won: row.won,
    received: row.received,
    known: row.factor !== null,
    factor: row.factor === null ? performanceFactor(row, received === 0 ? 0 : won / received, SHRINKAGE) : Number(row.factor),
  }));
  const fresh = factors.filter(({ known }) => !known);
  if (fresh.length > 0 && !dryRun) {
    await trx.raw(
      `INSERT INTO crm_routing_factors (month, member_id, won, received, factor)
       SELECT ?::date, f.member, f.won, f.received, f.factor FROM jsonb_to_recordset(?::jsonb) AS f(member int, won int, received int, factor numeric)
       ON CONFLICT (month, member_id) DO NOTHING`,
      [month, JSON.stringify(fresh)],
    );
  }
  return new Map(factors.map(({ member, factor }) => [member, factor]));
}
