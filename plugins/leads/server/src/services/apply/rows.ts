import { databaseJson, documentId, many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ActivityInput, ActivityRow, ApplyInput, EngagementInput, EngagementRow, LeadRow } from '../../../../contracts';

/** Locks and reads the leads of a change set in id order, so that two change sets never wait for each other in a circle. */
export async function lockLeads(trx: Knex.Transaction, ids: readonly number[]): Promise<Map<number, LeadRow>> {
  if (ids.length === 0) return new Map();
  const rows = await many<LeadRow>(trx, 'SELECT * FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE', [
    [...new Set(ids)].sort((a, b) => a - b),
  ]);
  for (const row of rows) row.custom ??= {};
  return new Map(rows.map((row) => [row.id, row]));
}

/** Ids for rows to come. Asked for at the call: questions that need not wait for each other travel together. */
export async function nextIds(trx: Knex.Transaction, table: string, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await many<{ id: string | number }>(
    trx,
    `SELECT nextval(pg_get_serial_sequence(?, 'id')) AS id FROM generate_series(1, ?)`,
    [table, count],
  );
  return rows.map((row) => Number(row.id));
}

/**
 * A lead before anything is known of it: columns of a new row with the product's defaults. One literal with every column, so that all rows
 * have one shape in memory.
 */
export function blankLead(id: number, now: Date): LeadRow {
  return {
    id,
    document_id: documentId(),
    captured_at: now,
    stage: 'lead',
    stage_entered_at: now,
    status: 'open',
    is_test: false,
    cycle: 1,
    recycle_count: 0,
    custom: {},
    version: 1,
    name: null,
    title: null,
    email: null,
    phone: null,
    wechat: null,
    company: null,
    website: null,
    industry: null,
    employees: null,
    annual_revenue: null,
    currency: null,
    country: null,
    province: null,
    city: null,
    address: null,
    postcode: null,
    language: null,
    note: null,
    source: null,
    medium: null,
    campaign: null,
    landing_page: null,
    referrer: null,
    utm: null,
    ip: null,
    product: null,
    external_id: null,
    email_key: null,
    phone_key: null,
    domain_key: null,
    company_key: null,
    disposition: null,
    bant: null,
    do_not_contact_until: null,
    quarantine: null,
    merged_into: null,
    duplicate_of: null,
    owner_id: null,
    pool_id: null,
    home_pool_id: null,
    team_id: null,
    kept_for_id: null,
    held_since: null,
    pool_entered_at: null,
    last_follow_up_at: null,
    effective_follow_up_at: null,
    next_action_at: null,
    recycle_at: null,
    protected_until: null,
    fit_score: null,
    engagement_log: null,
    engagement: null,
    intent_score: null,
    score: null,
    grade: null,
    label: null,
    grade_version_id: null,
    graded_at: null,
    stars: null,
    flames: null,
    product_scores: null,
    product_score: null,
    top_product: null,
    score_epoch: null,
    score_base: null,
    account_id: null,
    import_id: null,
  };
}

export function toActivity(id: number, leadId: number, input: ActivityInput, set: Pick<ApplyInput, 'actor' | 'now'>): ActivityRow {
  return {
    id,
    lead_id: leadId,
    member_id: input.memberId === undefined ? set.actor.memberId : input.memberId,
    kind: input.kind,
    direction: input.direction ?? 'outbound',
    outcome: input.outcome ?? null,
    subject: input.subject ?? null,
    note: input.note ?? null,
    duration_seconds: input.durationSeconds ?? null,
    occurred_at: input.occurredAt ?? set.now,
    automatic: input.automatic ?? false,
    bulk: input.bulk ?? false,
    evidence: input.evidence ? { ...input.evidence } : null,
    custom: input.custom && Object.keys(input.custom).length > 0 ? { ...input.custom } : null,
  };
}

export function toEngagement(id: number, leadId: number, input: EngagementInput, now: Date): EngagementRow {
  return {
    id,
    lead_id: leadId,
    kind: input.kind,
    asset: input.asset ?? null,
    product: input.product ?? null,
    occurred_at: input.occurredAt ?? now,
    source: input.source ?? null,
    external_id: input.externalId ?? null,
    human: input.human ?? true,
    data: input.data ? { ...input.data } : null,
  };
}

/** Strapi's own columns of a row that is written without it. */
export const stamps = (now: Date): Record<string, string> => {
  const stamp = now.toISOString().replace('Z', '');
  return { created_at: stamp, updated_at: stamp, published_at: stamp };
};

export async function insertActivities(trx: Knex.Transaction, rows: readonly ActivityRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map((row) => ({ ...row, document_id: documentId(), ...stamps(now) }));
  await trx.raw('INSERT INTO crm_activities SELECT * FROM jsonb_populate_recordset(NULL::crm_activities, ?::jsonb)', [
    databaseJson(records),
  ]);
}

/** Returns the ids that were new: an event with a known (source, external id) is stored once. */
export async function insertEngagements(trx: Knex.Transaction, rows: readonly EngagementRow[]): Promise<Set<number>> {
  if (rows.length === 0) return new Set();
  const inserted = await many<{ id: string }>(
    trx,
    'INSERT INTO crm_engagements SELECT * FROM jsonb_populate_recordset(NULL::crm_engagements, ?::jsonb) ON CONFLICT DO NOTHING RETURNING id',
    [databaseJson(rows)],
  );
  return new Set(inserted.map((row) => Number(row.id)));
}
