import type { BackTestRun } from '@leadsea/lead-routing/contracts/back-test';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, postJson } from '../../api/http-client';

const POLL_MS = 700;
const isOpen = (run: BackTestRun | null | undefined): boolean => run?.status === 'queued' || run?.status === 'running';

/** The latest back-test of a policy, asked again while it runs; it goes on when the page is left. */
export const useBackTest = (policy: number) => {
  const client = useQueryClient();
  const queryKey = ['routing-back-test', policy];
  const latest = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ filter: JSON.stringify({ policy }), range: '[0,0]', sort: '["id","DESC"]' });
      const [run] = await getJson<BackTestRun[]>(`/routing-back-tests?${query.toString()}`, signal);
      return run ?? null;
    },
    refetchInterval: ({ state }) => (isOpen(state.data) ? POLL_MS : false),
  });
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey });
  const start = useMutation({
    mutationFn: (days: number) => postJson<{ backTest: number }>(`/routing-policies/${policy}/backtest-run`, { days }),
    onSuccess: refresh,
  });
  const stop = useMutation({ mutationFn: (run: number) => postJson(`/routing-back-tests/${run}/stop`, {}), onSuccess: refresh });
  const run = latest.data ?? null;
  return { run, busy: start.isPending || isOpen(run), error: start.error ?? stop.error ?? latest.error, start, stop };
};
