import type { EngagementRow } from '@leadsea/leads';
import type { EngagementSource } from '../sql/engagement';
import { bind, sql } from '../sql/fragments';

/** Stored engagements of some leads. */
export const storedEngagements = (leadIds: readonly number[]): EngagementSource => ({
  query: sql`SELECT lead_id, id, kind, asset, product, occurred_at AS at, human FROM crm_engagements WHERE lead_id = ANY(${bind('int[]', [...leadIds])})`,
});

/** Stored engagements of leads in a range of ids, both ends included. */
export const engagementsBetween = (from: number, to: number): EngagementSource => ({
  query: sql`SELECT lead_id, id, kind, asset, product, occurred_at AS at, human FROM crm_engagements WHERE lead_id BETWEEN ${from} AND ${to}`,
});

/** Every stored engagement. */
export const allEngagements = (): EngagementSource => ({
  query: { sql: 'SELECT lead_id, id, kind, asset, product, occurred_at AS at, human FROM crm_engagements', bindings: [] },
});

/** Stored engagements and those of the running change set, each once whether or not the change set has written them yet. */
export function engagementsWith(leadIds: readonly number[], added: readonly EngagementRow[]): EngagementSource {
  const stored = storedEngagements(leadIds);
  if (added.length === 0) return stored;
  const rows = added.map(({ id, lead_id, kind, asset, product, occurred_at, human }) => ({
    id,
    lead_id,
    kind,
    asset,
    product,
    at: occurred_at,
    human,
  }));
  return {
    query: sql`${stored.query} AND NOT (id = ANY(${bind(
      'bigint[]',
      rows.map((row) => row.id),
    )}))
      UNION ALL SELECT lead_id, id, kind, asset, product, at, human
      FROM jsonb_to_recordset(${bind('jsonb', JSON.stringify(rows))}) n(lead_id int, id bigint, kind text, asset text, product text, at timestamptz, human boolean)
      WHERE lead_id = ANY(${bind('int[]', [...leadIds])})`,
  };
}
