/**
 * One thing the person did, told of both leads (§6: one source, one minute, not two ids of that source), stays with the loser: it would count
 * twice. Nothing is deleted, and un-merging finds it where it was.
 * One binding: the survivor.
 */
export const TOLD_TWICE = `AND NOT EXISTS (SELECT 1 FROM crm_engagements s WHERE s.lead_id = ? AND s.kind = crm_engagements.kind
  AND s.asset IS NOT DISTINCT FROM crm_engagements.asset AND s.product IS NOT DISTINCT FROM crm_engagements.product
  AND s.source IS NOT DISTINCT FROM crm_engagements.source AND (s.external_id IS NULL OR crm_engagements.external_id IS NULL)
  AND date_trunc('minute', s.occurred_at) = date_trunc('minute', crm_engagements.occurred_at))`;
