/**
 * What happened to the leads of pools, as rows of one shape read from events: `metric, lead, pool, rep, source, at, seconds`.
 * `seconds`: for a claim the time the lead had waited in the pool, for a release or recycling the time it had been held.
 */
export const REPORT_METRICS = ['entered', 'claimed', 'released', 'recycled', 'converted'] as const;
export type ReportMetric = (typeof REPORT_METRICS)[number];
export const REPORT_KEYS = ['pool', 'source', 'rep', 'day'] as const;
export type ReportKey = (typeof REPORT_KEYS)[number];

const seconds = (since: string): string => `extract(epoch FROM e.at - (e.before->>'${since}')::timestamptz)::float8`;
const id = (side: 'before' | 'after', key: 'owner' | 'pool'): string => `(e.${side}->>'${key}')::int`;
const EVENTS = (types: string, where = 'TRUE'): string =>
  `FROM crm_events e WHERE e.subject = 'lead' AND e.type IN (${types}) AND e.at >= :from AND e.at < :to AND ${where}`;
const HANDS = `'lead.claimed', 'lead.released', 'lead.recycled', 'lead.assigned', 'lead.transferred', 'lead.routed', 'lead.rerouted', 'lead.moved', 'lead.forwarded', 'lead.revived', 'lead.move_undone', 'lead.rejected'`;

/** Each movement counts once, in the pool where it happened: entering by any way, leaving by a claim, coming back by release or recycling. */
export const FACTS = `
  SELECT 'entered' AS metric, e.subject_id AS lead, ${id('after', 'pool')} AS pool, NULL::int AS rep, e.at, NULL::float8 AS seconds, e.id AS event
  ${EVENTS(HANDS, `e.after->>'pool' IS NOT NULL AND e.after->>'pool' IS DISTINCT FROM e.before->>'pool'`)}
  UNION ALL SELECT 'claimed', e.subject_id, ${id('before', 'pool')}, ${id('after', 'owner')}, e.at, ${seconds('poolEnteredAt')}, e.id
  ${EVENTS(`'lead.claimed'`, `e.before->>'pool' IS NOT NULL`)}
  UNION ALL SELECT 'released', e.subject_id, ${id('after', 'pool')}, ${id('before', 'owner')}, e.at, ${seconds('heldSince')}, e.id
  ${EVENTS(`'lead.released'`, `e.before->>'owner' IS NOT NULL`)}
  UNION ALL SELECT 'recycled', e.subject_id, ${id('after', 'pool')}, ${id('before', 'owner')}, e.at, ${seconds('heldSince')}, e.id
  ${EVENTS(`'lead.recycled'`, `e.before->>'owner' IS NOT NULL`)}
  UNION ALL SELECT 'converted', e.subject_id, l.home_pool_id, l.owner_id, e.at, NULL::float8, e.id
  FROM crm_events e JOIN crm_leads l ON l.id = e.subject_id
  WHERE e.subject = 'lead' AND e.type = 'lead.stage_changed' AND e.at >= :from AND e.at < :to AND e.after->>'stage' = ANY(:won::text[])
    AND NOT EXISTS (SELECT 1 FROM crm_events p WHERE p.subject = 'lead' AND p.subject_id = e.subject_id AND p.id < e.id AND p.type = e.type AND p.after->>'stage' = ANY(:won::text[]))`;

/** The value a row is grouped by. */
const KEY_SQL: Readonly<Record<ReportKey, string>> = {
  pool: 'f.pool::text',
  rep: 'f.rep::text',
  source: `coalesce(nullif(l.source, ''), '-')`,
  day: `to_char(f.at AT TIME ZONE :zone, 'YYYY-MM-DD')`,
};

/** Rows of the pools and people asked for with their `key`; each optional filter only when it is given. */
export const filteredFacts = (filter: { readonly by: ReportKey; readonly rep: boolean; readonly source: boolean }): string => `
  SELECT f.*, ${KEY_SQL[filter.by]} AS key FROM (${FACTS}) f LEFT JOIN crm_leads l ON l.id = f.lead
  WHERE f.pool = ANY(:pools::int[])${filter.rep ? ' AND f.rep = :rep' : ''}${filter.source ? ` AND coalesce(nullif(l.source, ''), '-') = :source` : ''}`;
