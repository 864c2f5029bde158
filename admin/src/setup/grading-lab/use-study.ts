import type { StudyKind, StudyStatus } from '@leadsea/lead-grading/contracts/study';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { getJson, postJson } from '../../api/http-client';

export interface Study<Result> {
  readonly id: number;
  readonly kind: StudyKind;
  readonly status: StudyStatus;
  readonly done: number | null;
  readonly total: number | null;
  readonly result: Result | null;
  readonly error: string | null;
  readonly createdAt: string;
}

const POLL_MS = 600;
const running = (study: Study<unknown> | null | undefined): boolean => study?.status === 'queued' || study?.status === 'running';

/** The latest study of one kind about a model, or the one the address names; asked again while it runs. `start` asks the question anew. */
export const useStudy = <Result>(policy: number, kind: StudyKind) => {
  const client = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const named = Number(search.get('study')) || null;
  const queryKey = ['grading-study', policy, kind, named];
  const latest = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({
        filter: JSON.stringify({ policy, kind, ...(named ? { id: named } : {}) }),
        range: '[0,0]',
        sort: '["id","DESC"]',
      });
      const [study] = await getJson<Study<Result>[]>(`/grading-studies?${query.toString()}`, signal);
      return study ?? null;
    },
    refetchInterval: (query) => (running(query.state.data) ? POLL_MS : false),
  });
  const start = useMutation({
    mutationFn: (options: Readonly<Record<string, unknown>>) => postJson<{ study: number }>(`/grading-models/${policy}/${kind}`, options),
    onSuccess: () => {
      setSearch({ tab: kind }, { replace: true });
      return client.invalidateQueries({ queryKey: ['grading-study', policy, kind] });
    },
  });
  return {
    study: latest.data ?? null,
    pending: latest.isPending,
    error: latest.error ?? start.error,
    busy: start.isPending || running(latest.data),
    start,
  };
};
