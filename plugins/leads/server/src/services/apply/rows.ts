import { databaseJson, documentId, many } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { ActivityInput, ActivityRow, ApplyInput, EngagementInput, EngagementRow, LeadRow } from '../../../../contracts';

/** Locks and reads the leads of a change set in id order, so that two change sets never wait for each other in a circle. */
export async function lockLeads(trx: Knex.Transaction, ids: readonly number[]): Promise<Map<number, LeadRow>> {
  if (ids.length === 0) return new Map();
  const rows = await many<LeadRow>(trx, 'SELECT * FROM crm_leads WHERE id = ANY(?::int[]) ORDER BY id FOR NO KEY UPDATE', [
    [...new Set(ids)].sort((a, b) => a - b),
  ]);
  return new Map(rows.map((row) => [row.id, { ...row, custom: row.custom ?? {} }]));
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

const BLANK_COLUMNS = [
  'name',
  'title',
  'email',
  'phone',
  'wechat',
  'company',
  'website',
  'industry',
  'employees',
  'annual_revenue',
  'currency',
  'country',
  'province',
  'city',
  'address',
  'postcode',
  'language',
  'note',
  'source',
  'medium',
  'campaign',
  'landing_page',
  'referrer',
  'utm',
  'ip',
  'product',
  'external_id',
  'email_key',
  'phone_key',
  'domain_key',
  'company_key',
  'disposition',
  'bant',
  'do_not_contact_until',
  'quarantine',
  'merged_into',
  'duplicate_of',
  'owner_id',
  'pool_id',
  'home_pool_id',
  'team_id',
  'held_since',
  'pool_entered_at',
  'last_follow_up_at',
  'effective_follow_up_at',
  'next_action_at',
  'recycle_at',
  'protected_until',
  'fit_score',
  'engagement_log',
  'engagement',
  'intent_score',
  'score',
  'grade',
  'label',
  'grade_version_id',
  'graded_at',
  'stars',
  'flames',
  'score_epoch',
  'score_base',
  'account_id',
  'import_id',
];
const BLANK: Readonly<Record<string, unknown>> = Object.fromEntries(BLANK_COLUMNS.map((column) => [column, null]));

/** A lead before anything is known of it: columns of a new row with the product's defaults. */
export function blankLead(id: number, now: Date): LeadRow {
  const row: Record<string, unknown> = {
    id,
    document_id: documentId(),
    ...BLANK,
    captured_at: now,
    stage: 'lead',
    stage_entered_at: now,
    status: 'open',
    is_test: false,
    cycle: 1,
    recycle_count: 0,
    custom: {},
    version: 1,
  };
  return row as LeadRow;
}

export function toActivity(id: number, leadId: number, input: ActivityInput, set: Pick<ApplyInput, 'actor' | 'now'>): ActivityRow {
  return {
    id,
    lead_id: leadId,
    member_id: set.actor.memberId,
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
