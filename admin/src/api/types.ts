import type { ExtensionDescription } from '@leadsea/lead-routing/contracts/extending';
import type { FactDescription, LocalisedText } from '@leadsea/crm-core/contracts/condition';
import type { CustomField } from '@leadsea/crm-core/contracts/custom-field';
import type { EffectiveLayouts } from '@leadsea/crm-core/contracts/layout';
import type { RuleReason, ScoreExplanation } from '@leadsea/lead-grading/contracts/explanation';

export type { CustomField, FactDescription, LocalisedText, RuleReason, ScoreExplanation };
export type * from './work-types';
export type Locale = 'zh' | 'en';
export type FieldAccess = 'hidden' | 'masked' | 'read' | 'write';

export interface Rule {
  action: string | string[];
  subject: string | string[];
  conditions?: Record<string, unknown>;
  inverted?: boolean;
  fields?: string[];
}

export interface Me {
  member: {
    id: number;
    name: string;
    email: string;
    teamId: number | null;
    teamName: string | null;
    roles: string[];
    roleLabels?: { key: string; label: LocalisedText }[];
    timeZone: string;
    presence: string;
    locale: Locale;
  };
  rules: Rule[];
  /** resource → field → access; `*` stands for the fields not named. */
  fields: Record<string, Record<string, FieldAccess>>;
}

export interface Option {
  value: string;
  label: LocalisedText;
}
export interface Stage {
  key: string;
  label: LocalisedText;
  type: string;
  order: number;
  color?: string | null;
  /** What the company means by it. */
  definition?: LocalisedText;
  /** A lead here has an opportunity. */
  opportunity?: boolean;
}
export interface Transition {
  from: string;
  to: string;
  label?: LocalisedText | null;
  requires?: string[];
  reasons?: Option[];
  /** False when only the product itself makes the move. */
  manual?: boolean;
  /** The product makes it by itself. */
  automatic?: boolean;
  /** Roles that may make it; absent or empty = everybody who may change the lead. */
  roles?: string[];
}
export interface Named {
  id: number;
  name: string;
}

export interface Meta {
  facts: Record<string, FactDescription[]>;
  customFields: CustomField[];
  stages: Stage[];
  transitions: Transition[];
  /** The version that says what the stages mean. */
  definitions?: { policyId: number; version: number; publishedAt: string } | null;
  sources: (Option | string | { key: string; label?: LocalisedText; name?: string })[];
  pools: { id: number; key: string; name: string }[];
  members: (Named & { teamId: number | null })[];
  teams: (Named & { key?: string; parent?: number | null })[];
  /** What roles are called, for whoever writes what is given to them. */
  roles?: { key: string; label: LocalisedText | null }[];
  activityKinds: { key: string; label: LocalisedText; outcomes: Option[] }[];
  /** Names of reasons, also of those that can no longer be given. */
  reasonLabels?: Record<string, LocalisedText>;
  releaseReasons: Option[];
  disqualifyReasons: Option[];
  /** Products of the live grading models. */
  products?: { key: string; label: LocalisedText }[];
  /** Ways for points to fade that implementers have added. */
  decays?: {
    kind: string;
    label: LocalisedText;
    help: LocalisedText | null;
    params: { key: string; label: LocalisedText; default: number; min: number; max: number }[];
  }[];
  /** What routing offers; for those who may read its policies. */
  routing?: { extensions?: { rankings: ExtensionDescription[]; destinations: ExtensionDescription[] } };
  /** Forms and lists as somebody laid them out for this member's roles. */
  layouts?: EffectiveLayouts;
  now: string;
  /** Resources whose changes a second person has to agree to. */
  fourEyes?: string[];
}

export type ClockState =
  'pending' | 'running' | 'paused' | 'met' | 'breached_open' | 'breached_closed' | 'cancelled' | 'waived' | 'blocked';

export interface ClockBrief {
  metric: string;
  metricLabel?: LocalisedText;
  state: ClockState;
  dueAt: string | null;
  /** Business seconds left when the server answered. */
  remainingSeconds: number | null;
}

export interface SlaClock extends ClockBrief {
  id: number;
  startedAt: string | null;
  warnAt?: string | string[] | null;
  breachedAt: string | null;
  stoppedAt: string | null;
  elapsedSeconds?: number | null;
  targetSeconds?: number | null;
  provisional?: boolean;
}

export interface Lead {
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
  annualRevenue: number | string | null;
  currency: string | null;
  country: string | null;
  province: string | null;
  city: string | null;
  address: string | null;
  postcode: string | null;
  language: string | null;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  landingPage: string | null;
  product: string | null;
  note: string | null;
  capturedAt: string | null;
  stage: string;
  stageEnteredAt: string | null;
  status: string | null;
  disposition: string | null;
  doNotContactUntil: string | null;
  quarantine: boolean | string | null;
  isTest: boolean | null;
  owner: number | null;
  pool: number | null;
  team: number | null;
  /** Whose lead it is while the owner only keeps it for a leave. */
  keptFor?: number | null;
  account: number | null;
  heldSince: string | null;
  poolEnteredAt: string | null;
  lastFollowUpAt: string | null;
  nextActionAt: string | null;
  recycleAt: string | null;
  /** Until then, when the server answered. */
  recycleIn?: { seconds: number; businessSeconds: number } | null;
  recycleCount: number | null;
  /** Which round it is in: counted up each time marketing has it back. */
  cycle?: number | null;
  protectedUntil: string | null;
  fitScore: number | null;
  engagement: number | null;
  productScore?: number | null;
  topProduct?: string | null;
  /** Product → score, those above zero. */
  productScores?: Record<string, number> | null;
  stars?: number | null;
  flames?: number | null;
  score: number | null;
  grade: string | null;
  label: 'hot' | 'warm' | 'cold' | null;
  custom: Record<string, unknown> | null;
  version: number;
  createdAt: string;
  _masked?: string[];
  clock?: ClockBrief | null;
}

export interface BulkResult {
  id: number;
  ok: boolean;
  code?: string;
  message?: string;
  details?: Record<string, unknown>;
}
export interface BulkAnswer {
  results: BulkResult[];
  /** By which it can be taken back. */
  request?: string | null;
}
/** A change of one's own that can be taken back. */
export interface RecentChange {
  request: string;
  kind: string;
  at: string;
  leads: number;
  undone: boolean;
}

export interface TimelineEntry {
  id: number | string;
  at: string;
  type: string;
  actor: string | { name?: string; kind?: string } | null;
  title: LocalisedText;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
  data?: Record<string, unknown> | null;
}

export interface Account {
  id: number;
  name: string;
  website: string | null;
  industry: string | null;
  employees: number | null;
  annualRevenue: number | string | null;
  country: string | null;
  province: string | null;
  city: string | null;
  phone: string | null;
  owner: number | null;
  team: number | null;
  /** How many leads belong to it. */
  leads: number;
  custom: Record<string, unknown> | null;
  _masked?: string[];
}

export interface SavedView {
  id: number;
  name: string;
  resource: string;
  owner: number | null;
  shared?: boolean;
  view: { filter?: Record<string, unknown>; sort?: [string, 'ASC' | 'DESC']; columns?: string[] } | null;
}

export interface Notice {
  id: number;
  type: string;
  subject: string | null;
  subjectId: number | null;
  title: LocalisedText;
  body: LocalisedText | null;
  link: string | null;
  readAt: string | null;
  at: string;
}
