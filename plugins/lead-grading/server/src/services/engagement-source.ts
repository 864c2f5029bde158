import type { Sql } from '@leadsea/crm-core';
import type { EngagementRow } from '@leadsea/leads';
import type { GradingModel } from '../../../contracts';
import type { EngagementSource } from '../sql/engagement';
import { bind, raw, sql } from '../sql/fragments';

type Recycle = Pick<GradingModel, 'recycle'>;

const COLUMNS = 'lead_id, id, kind, asset, product, occurred_at AS at, human';

/** For models that begin again when a lead is recycled: what it did before is history and counts no more. */
const sinceEpoch = (model: Recycle): Sql =>
  raw(
    model.recycle.mode === 'reset'
      ? ' AND NOT EXISTS (SELECT 1 FROM crm_leads x WHERE x.id = crm_engagements.lead_id AND x.score_epoch >= crm_engagements.occurred_at)'
      : '',
  );

/** Stored engagements of some leads. */
export const storedEngagements = (leadIds: readonly number[], model: Recycle): EngagementSource => ({
  query: sql`SELECT ${raw(COLUMNS)} FROM crm_engagements WHERE lead_id = ANY(${bind('int[]', [...leadIds])})${sinceEpoch(model)}`,
});

/** Stored engagements of leads in a range of ids, both ends included. */
export const engagementsBetween = (from: number, to: number, model: Recycle): EngagementSource => ({
  query: sql`SELECT ${raw(COLUMNS)} FROM crm_engagements WHERE lead_id BETWEEN ${from} AND ${to}${sinceEpoch(model)}`,
});

/** Every stored engagement. */
export const allEngagements = (model: Recycle): EngagementSource => ({
  query: sql`SELECT ${raw(COLUMNS)} FROM crm_engagements WHERE TRUE${sinceEpoch(model)}`,
});

/**
 * Stored engagements and those of the running change set, each once whether or not the change set has written them yet. `epochs` is when
 * leads of the set were last recycled, which the table may not know yet.
 */
export function engagementsWith(
  leadIds: readonly number[],
  added: readonly EngagementRow[],
  model: Recycle,
  epochs: ReadonlyMap<number, Date>,
): EngagementSource {
  const stored = storedEngagements(leadIds, { recycle: { mode: 'keep' } });
  const query = added.length === 0 ? stored.query : withAdded(stored.query, leadIds, added);
  if (model.recycle.mode !== 'reset' || epochs.size === 0) return { query };
  const rows = [...epochs].map(([lead, at]) => ({ lead, at }));
  return {
    query: sql`SELECT * FROM (${query}) s WHERE NOT EXISTS
      (SELECT 1 FROM jsonb_to_recordset(${bind('jsonb', JSON.stringify(rows))}) x(lead int, at timestamptz) WHERE x.lead = s.lead_id AND x.at >= s.at)`,
  };
}

function withAdded(stored: Sql, leadIds: readonly number[], added: readonly EngagementRow[]): Sql {
  const rows = added.map(({ id, lead_id, kind, asset, product, occurred_at, human }) => ({
    id,
    lead_id,
    kind,
    asset,
    product,
    at: occurred_at,
    human,
  }));
  return sql`${stored} AND NOT (id = ANY(${bind(
    'bigint[]',
    rows.map((row) => row.id),
  )}))
    UNION ALL SELECT lead_id, id, kind, asset, product, at, human
    FROM jsonb_to_recordset(${bind('jsonb', JSON.stringify(rows))}) n(lead_id int, id bigint, kind text, asset text, product text, at timestamptz, human boolean)
    WHERE lead_id = ANY(${bind('int[]', [...leadIds])})`;
}
