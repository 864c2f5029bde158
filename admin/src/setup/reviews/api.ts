import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { LocalisedText } from '../../api/types';
import { API, getJson, httpClient, postJson } from '../../api/http-client';

export interface ReviewRow {
  readonly id: number;
  readonly area: string;
  readonly action: string;
  readonly subject: string;
  readonly subjectId: number;
  readonly title: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly before: unknown;
  readonly note: string | null;
  readonly state: 'open' | 'approved' | 'rejected' | 'withdrawn';
  readonly requestedAt: string;
  readonly requestedByName: string | null;
  readonly decidedAt: string | null;
  readonly decidedByName: string | null;
  readonly comment: string | null;
  readonly resource: string | null;
  readonly isMine: boolean;
  readonly mayDecide: boolean;
}
export interface AreaRow {
  readonly area: string;
  readonly label: LocalisedText;
  readonly resource: string;
  readonly isOn: boolean;
  readonly people: number;
}
export type Decision = 'approve' | 'reject' | 'withdraw';

export const useReviews = () => useQuery({ queryKey: ['reviews'], queryFn: ({ signal }) => getJson<ReviewRow[]>('/reviews', signal) });
export const useAreas = (enabled: boolean) =>
  useQuery({ queryKey: ['four-eyes'], queryFn: ({ signal }) => getJson<AreaRow[]>('/four-eyes', signal), enabled });

/** Decides a request, or sets the areas; what a decision changes is read again. */
export const useReviewActions = () => {
  const client = useQueryClient();
  const decide = useCallback(
    async (id: number, decision: Decision, comment: string): Promise<void> => {
      await postJson(`/reviews/${id}/${decision}`, { comment: comment || null });
      await client.invalidateQueries();
    },
    [client],
  );
  const setAreas = useCallback(
    async (areas: readonly string[]): Promise<{ pendingReview: number | null }> => {
      const { json } = await httpClient<{ pendingReview: number | null }>(`${API}/four-eyes`, {
        method: 'PUT',
        body: JSON.stringify({ areas }),
      });
      await Promise.all([['four-eyes'], ['reviews'], ['meta']].map((queryKey) => client.invalidateQueries({ queryKey })));
      return json;
    },
    [client],
  );
  return { decide, setAreas };
};
