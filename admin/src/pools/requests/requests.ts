import { useQuery } from '@tanstack/react-query';
import { getJson, postJson } from '../../api/http-client';

/** A request to keep a lead: waiting, or decided. */
export interface ProtectionRequest {
  readonly id: number;
  readonly kind: 'protect' | 'extend';
  readonly state: 'pending' | 'approved' | 'refused' | 'withdrawn' | 'lapsed';
  readonly lead: number;
  readonly leadName: string | null;
  readonly leadCompany: string | null;
  readonly recycleAt: string | null;
  readonly member: number;
  readonly memberName: string | null;
  readonly pool: number;
  readonly until: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: number | null;
  readonly note: string | null;
  readonly canDecide: boolean;
}

/** The requests of this person, and those he decides. */
export const useRequests = () => useQuery({ queryKey: ['pool-requests'], queryFn: () => getJson<ProtectionRequest[]>('/pools/requests') });

export const decide = (id: number, approve: boolean, note: string) =>
  postJson<{ state: string }>(`/pools/requests/${id}/decide`, { approve, ...(note && { note }) });
export const withdraw = (id: number) => postJson<unknown>(`/pools/requests/${id}/withdraw`, {});
