/** A row of crm_leads as the working set holds it: column names, Dates for instants, objects for jsonb. */
export interface LeadRow {
  id: number;
  name: string | null;
  title: string | null;
  email: string | null;
  phone: string | null;
  wechat: string | null;
  company: string | null;
  website: string | null;
  industry: string | null;
  employees: number | null;
  annual_revenue: string | null;
  currency: string | null;
  country: string | null;
  province: string | null;
  city: string | null;
  address: string | null;
  postcode: string | null;
  language: string | null;
  note: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  landing_page: string | null;
  referrer: string | null;
  utm: Record<string, unknown> | null;
  ip: string | null;
  product: string | null;
  captured_at: Date;
  external_id: string | null;
  email_key: string | null;
  phone_key: string | null;
  domain_key: string | null;
  company_key: string | null;
  stage: string;
  stage_entered_at: Date;
  status: string;
  disposition: string | null;
  bant: Record<string, unknown> | null;
  do_not_contact_until: Date | null;
  quarantine: string | null;
  is_test: boolean;
  merged_into: number | null;
  duplicate_of: number | null;
  /** How often it has begun: counted up when it is recycled (`isRecycling`). */
  cycle: number;
  owner_id: number | null;
  pool_id: number | null;
  /** The pool it came from or belongs back to. */
  home_pool_id: number | null;
  team_id: number | null;
  /** Whose lead it is while the owner only keeps it for a leave. */
  kept_for_id: number | null;
  held_since: Date | null;
  pool_entered_at: Date | null;
  last_follow_up_at: Date | null;
  /** Last follow-up that counts by the definition of its pool; kept by the pools. */
  effective_follow_up_at: Date | null;
  next_action_at: Date | null;
  recycle_at: Date | null;
  recycle_count: number;
  protected_until: Date | null;
  fit_score: number | null;
  /** Engagement in forward-decay form: log2 of the value at the grading epoch; null = none. Order by it needs no refresh. */
  engagement_log: number | null;
  engagement: number | null;
  intent_score: number | null;
  score: number | null;
  grade: string | null;
  label: string | null;
  grade_version_id: number | null;
  graded_at: Date | null;
  /** Place of the score, and of its change over a week, among the leads: 1 to 5, 0 to 3. */
  stars: number | null;
  flames: number | null;
  /** Product → score, those above zero; null when no model scores products. The overall as the model says, and the best of them. */
  product_scores: Record<string, number> | null;
  product_score: number | null;
  top_product: string | null;
  /** When the lead was last recycled, and its score at that moment. */
  score_epoch: Date | null;
  score_base: number | null;
  custom: Record<string, unknown>;
  account_id: number | null;
  version: number;
  import_id: number | null;
  [column: string]: unknown;
}

export interface ActivityInput {
  readonly kind: string;
  /** Whose work it was; the actor's when absent. */
  readonly memberId?: number | null;
  readonly direction?: 'outbound' | 'inbound';
  readonly outcome?: string | null;
  readonly subject?: string | null;
  readonly note?: string | null;
  readonly durationSeconds?: number | null;
  readonly occurredAt?: Date;
  readonly automatic?: boolean;
  /** Set by bulk edits: never evidence. */
  readonly bulk?: boolean;
  readonly nextActionAt?: Date | null;
  /** The company's own fields, already checked. */
  readonly custom?: Readonly<Record<string, unknown>>;
  readonly evidence?: Readonly<Record<string, unknown>> | null;
}

export interface ActivityRow {
  id: number;
  lead_id: number;
  member_id: number | null;
  kind: string;
  direction: string;
  outcome: string | null;
  subject: string | null;
  note: string | null;
  duration_seconds: number | null;
  occurred_at: Date;
  automatic: boolean;
  bulk: boolean;
  evidence: Record<string, unknown> | null;
  custom?: Record<string, unknown> | null;
}

export interface EngagementInput {
  /** `visit`, `download`, `form`, `webinar`, `mail-open`, `mail-click` … */
  readonly kind: string;
  readonly asset?: string | null;
  readonly product?: string | null;
  readonly occurredAt?: Date;
  readonly source?: string | null;
  /** (source, externalId) is stored once. */
  readonly externalId?: string | null;
  readonly human?: boolean;
  readonly data?: Readonly<Record<string, unknown>> | null;
}

export interface EngagementRow {
  id: number;
  lead_id: number;
  kind: string;
  asset: string | null;
  product: string | null;
  occurred_at: Date;
  source: string | null;
  external_id: string | null;
  human: boolean;
  data: Record<string, unknown> | null;
}

export interface TaskInput {
  readonly kind: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly ownerId: number | null;
  readonly dueAt: Date;
  /** One open task per lead and key. */
  readonly key: string;
}
