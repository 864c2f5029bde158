import simpleRest from 'ra-data-simple-rest';
import type { DataProvider, Identifier } from 'ra-core';
import { getEarly } from './early';
import { API, getJson, httpClient, postJson } from './http-client';
import type { ActivityInput, BulkAnswer, Me, Meta, PoolCard, RecentChange, TimelineEntry, Work } from './types';

export type LeadVerb =
  | 'claim'
  | 'release'
  | 'assign'
  | 'transfer'
  | 'qualify'
  | 'disqualify'
  | 'recycle'
  | 'activities'
  | 'reveal'
  | 'stage'
  | 'merge'
  | 'edit'
  | 'convert'
  | 'move'
  | 'do-not-contact'
  | 'protect';

/** Resources in the simple-rest dialect, plus the domain verbs of the console API. */
export interface ConsoleProvider extends DataProvider {
  me(): Promise<Me>;
  meta(): Promise<Meta>;
  work(): Promise<Work>;
  poolsBoard(): Promise<PoolCard[]>;
  timeline(leadId: Identifier): Promise<TimelineEntry[]>;
  explain<T = Record<string, unknown>>(leadId: Identifier, what: 'score' | 'owner' | 'recycle'): Promise<T>;
  explainClock(clockId: Identifier): Promise<Record<string, unknown>>;
  leadVerb<T = unknown>(leadId: Identifier, verb: LeadVerb, body?: Record<string, unknown>): Promise<T>;
  leadsVerb(ids: Identifier[], verb: LeadVerb, body?: Record<string, unknown>): Promise<BulkAnswer>;
  /** Takes back what one request of the member did. */
  undo(request: string): Promise<BulkAnswer>;
  recentChanges(): Promise<RecentChange[]>;
  /** Takes the best `count` leads of a pool. */
  claimNext(poolId: Identifier, count: number): Promise<BulkAnswer>;
  readNotices(ids: Identifier[]): Promise<unknown>;
  closeTask(taskId: Identifier): Promise<unknown>;
  logActivity(leadId: Identifier, activity: ActivityInput): Promise<unknown>;
  getAll<T>(
    resource: string,
    filter: Record<string, unknown>,
    sort: [string, 'ASC' | 'DESC'],
    limit: number,
  ): Promise<{ data: T[]; total: number }>;
}

const totalOf = (headers: Headers, fallback: number): number => {
  const total = Number.parseInt(headers.get('content-range')?.split('/').pop() ?? '', 10);
  return Number.isNaN(total) ? fallback : total;
};

export const dataProvider: ConsoleProvider = {
  ...simpleRest(API, httpClient),
  supportAbortSignal: true,
  me: () => getEarly('/me'),
  meta: () => getEarly('/meta'),
  work: () => getJson('/work'),
  poolsBoard: () => getJson('/pools/board'),
  timeline: (leadId) => getJson(`/leads/${leadId}/timeline`),
  explain: (leadId, what) => getJson(`/leads/${leadId}/explain/${what}`),
  explainClock: (clockId) => getJson(`/sla-clocks/${clockId}/explain`),
  leadVerb: (leadId, verb, body = {}) => postJson(`/leads/${leadId}/${verb}`, body),
  leadsVerb: async (ids, verb, body = {}) => {
    const { json, headers } = await httpClient<BulkAnswer>(`${API}/leads/${verb}`, {
      method: 'POST',
      body: JSON.stringify({ ids, ...body }),
    });
    return { ...json, request: headers.get('x-request-id') };
  },
  undo: (request) => postJson('/leads/undo', { request }),
  recentChanges: () => getJson('/leads/recent-changes'),
  claimNext: (poolId, count) => postJson(`/pools/${poolId}/claim`, { count }),
  readNotices: (ids) => postJson('/notifications/read', { ids }),
  closeTask: (taskId) => postJson(`/tasks/${taskId}/done`, {}),
  logActivity: (leadId, activity) => postJson(`/leads/${leadId}/activities`, activity),
  getAll: async (resource, filter, sort, limit) => {
    const query = new URLSearchParams({
      filter: JSON.stringify(filter),
      sort: JSON.stringify(sort),
      range: JSON.stringify([0, limit - 1]),
    });
    const { json, headers } = await httpClient<never[]>(`${API}/${resource}?${query.toString()}`);
    return { data: json, total: totalOf(headers, json.length) };
  },
};
