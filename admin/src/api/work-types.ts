import type { LocalisedText } from '@leadsea/crm-core/contracts/condition';
import type { Lead } from './types';

export interface PoolLimit {
  key: string;
  scope?: string;
  label: LocalisedText;
  limit: number;
  used: number;
  /** Of `used`: claims heaped up late the evening before, which count today too. */
  carried?: number;
  resetsAt: string | null;
}
export interface PoolCard {
  id: number;
  key: string;
  name: string;
  kind: string;
  available: number;
  mine: number;
  limits: PoolLimit[];
  canClaim: boolean;
  oldest: string | null;
  hot: number;
  description?: string;
  /** What this person may do in the pool. */
  rights?: string[];
  group?: string | null;
  /** Why nothing can be claimed now, by the code a claim would answer. */
  stop?: ({ code: string } & Record<string, unknown>) | null;
  /** Taking back is switched off for the moment. */
  recyclingPaused?: { at: string; name?: string | null; reason?: string | null } | null;
}

export interface WorkItem {
  key: string;
  lead: Lead;
  reasons: { code: string; text: LocalisedText; tone?: 'danger' | 'warning' | 'info' | 'good' }[];
  dueAt: string | null;
  action: string;
  taskId?: number | null;
  clockId?: number | null;
}
export interface Work {
  items: WorkItem[];
  counts: Record<string, number>;
}

export interface ActivityInput {
  kind: string;
  direction: 'outbound' | 'inbound';
  outcome?: string;
  subject?: string;
  note?: string;
  durationSeconds?: number;
  occurredAt?: string;
  nextActionAt?: string | null;
  custom?: Record<string, unknown>;
}

export interface Task {
  id: number;
  kind: string;
  title: LocalisedText | string | null;
  dueAt: string | null;
  state: string;
  closedAt: string | null;
  lead: number | null;
  owner: number | null;
  /** Page the task is about, when it is about no lead. */
  link?: string | null;
}
