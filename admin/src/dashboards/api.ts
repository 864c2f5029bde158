import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getJson } from '../api/http-client';

export type Who = 'me' | 'team' | 'all';
export interface Scope {
  who: Who;
  days: number;
}

export interface FunnelStage {
  key: string;
  now: number;
  entered: number;
  forward: number;
  back: number;
  lost: number;
  medianSeconds: number | null;
  rate: number | null;
  /** Longer in the stage than the lifecycle wants; absent without a limit. */
  late?: number;
  lateSince?: string;
}
export interface Span {
  from: string;
  to: string;
}
export interface Funnel extends Span {
  definition: number | null;
  stages: FunnelStage[];
}
export interface Sources extends Span {
  by: string;
  lines: { value: string | null; leads: number; stages: Record<string, number> }[];
}
export interface Trend extends Span {
  days: { day: string; created: number; entered: Record<string, number> }[];
}
export interface MyNumbers extends Span {
  held: number;
  hot: number;
  untouched: number;
  overdue: number;
  fresh: number;
  followUps: number;
  contacted: number;
  won: number;
}
export interface People extends Span {
  lines: { member: number; held: number; hot: number; untouched: number; overdue: number; followUps: number }[];
}
export interface ReportRows {
  ids: number[];
  /** There are more than these. */
  more: boolean;
}

export const queryOf = (scope: Scope, more: Record<string, string | number | undefined> = {}): string => {
  const query = new URLSearchParams({ who: scope.who, days: String(scope.days) });
  for (const [key, value] of Object.entries(more)) if (value !== undefined) query.set(key, String(value));
  return query.toString();
};

/** A report, asked again when leads change; while another period loads the old numbers stay. */
export const useReport = <T>(name: string, scope: Scope, more = '') =>
  useQuery({
    queryKey: ['reports', name, scope.who, scope.days, more],
    queryFn: () => getJson<T>(`/reports/${name}?${queryOf(scope)}${more}`),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
