import { useQuery } from '@tanstack/react-query';
import { getJson, postJson } from '../../api/http-client';
import { query } from '../api';

export type CopyState = 'suspected' | 'confirmed' | 'dismissed';
export type CopyGround = 'contact' | 'company' | 'domain' | 'name' | 'sound';
/** The copy becomes a part of the pool's lead, or a lead of its own in that pool. */
export const COPY_ENDS = ['merge', 'take-back'] as const;
export type CopyEnd = (typeof COPY_ENDS)[number];

export interface CopySide {
  readonly id: number;
  readonly name: string | null;
  readonly title: string | null;
  readonly company: string | null;
  readonly city: string | null;
  readonly ownerName: string | null;
  readonly poolName: string | null;
}
export interface Copy {
  readonly id: number;
  readonly state: CopyState;
  readonly poolName: string | null;
  readonly memberName: string | null;
  readonly likeness: number;
  readonly grounds: readonly CopyGround[];
  readonly at: string;
  readonly how: CopyEnd | null;
  readonly reason: string | null;
  readonly decidedAt: string | null;
  readonly decidedByName: string | null;
  readonly undoableUntil: string | null;
  /** Whether it counts as a claim of whoever typed it in. */
  readonly counted: boolean;
  readonly lead: CopySide;
  readonly original: CopySide;
  readonly followUps: number;
  readonly meetings: number;
  readonly opportunities: number;
}
export interface OwnCopy {
  readonly state: CopyState;
  readonly poolName: string | null;
  readonly grounds: readonly CopyGround[];
  readonly at: string;
  readonly reason: string | null;
}

export const copies = {
  list: (filter: { pool?: string | null; limit?: number }) => getJson<{ copies: Copy[]; total: number }>(`/pools/copies${query(filter)}`),
  confirm: (id: number, how: CopyEnd, reason: string) => postJson(`/pools/copies/${id}/confirm`, { how, reason }),
  dismiss: (id: number, reason: string) => postJson(`/pools/copies/${id}/dismiss`, { reason }),
  undo: (id: number) => postJson<{ conflicts: string[] }>(`/pools/copies/${id}/undo`, {}),
  ofLead: (lead: number) => getJson<OwnCopy[]>(`/leads/${lead}/copies`),
};

const KEY = 'pool-copies';
export const copyKeys = { all: [KEY] };
const PAGE = 100;

export const useCopies = (pool: string) =>
  useQuery({ queryKey: [KEY, 'list', pool], queryFn: () => copies.list({ pool: pool || null, limit: PAGE }) });
export const useCopyOfLead = (lead: number, enabled: boolean) =>
  useQuery({ queryKey: [KEY, 'lead', lead], queryFn: () => copies.ofLead(lead), enabled });
