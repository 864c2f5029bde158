import { Box, Button, Link, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { Link as RouterLink } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { getJson, postJson } from '../api/http-client';
import { Panel } from '../common/panel';
import { useTime } from '../common/time';

interface Dispute {
  readonly id: number;
  readonly lead: number;
  readonly leadName: string | null;
  readonly state: 'open' | 'returned' | 'kept';
  readonly occurredAt: string;
  readonly claimant: string;
  readonly holder: string | null;
  readonly canSettle: boolean;
}

/** Re-routes contested by the former owner, with the judgement of those who may give one. */
export const Disputes = () => {
  const translate = useTranslate();
  const time = useTime();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ['routing-disputes'], queryFn: () => getJson<{ items: readonly Dispute[] }>('/routing/disputes') });
  const settle = useMutation({
    mutationFn: ({ id, to }: { id: number; to: 'claimant' | 'holder' }) => postJson(`/routing/disputes/${id}/settle`, { to }),
    onSuccess: () => {
      notify(translate('routing.disputes.settled'), { type: 'success' });
      void client.invalidateQueries({ queryKey: ['routing-disputes'] });
    },
    onError: (problem) => notify(refusal(problem), { type: 'error' }),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Box sx={{ px: { xs: 2, md: 3 }, pt: 1 }}>
      <Panel title={translate('routing.disputes.title')}>
        {data.items.map((one) => (
          <Box
            key={one.id}
            sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', py: 1, borderTop: 1, borderColor: 'divider' }}
          >
            <Box sx={{ flex: 1, minWidth: 220 }}>
              <Link component={RouterLink} to={`/leads/${one.lead}`} sx={{ fontWeight: 600 }}>
                {one.leadName ?? `#${one.lead}`}
              </Link>
              <Typography variant="body2" color="text.secondary">
                {translate('routing.disputes.line', {
                  claimant: one.claimant,
                  at: time.dateTime(one.occurredAt),
                  holder: one.holder ?? translate('routing.disputes.nobody'),
                })}
              </Typography>
            </Box>
            {one.canSettle ? (
              <>
                <Button variant="outlined" onClick={() => settle.mutate({ id: one.id, to: 'claimant' })}>
                  {translate('routing.disputes.back')}
                </Button>
                <Button color="inherit" onClick={() => settle.mutate({ id: one.id, to: 'holder' })}>
                  {translate('routing.disputes.keep')}
                </Button>
              </>
            ) : (
              <Typography variant="caption">{translate(`routing.disputes.state.${one.state}`)}</Typography>
            )}
          </Box>
        ))}
      </Panel>
    </Box>
  );
};
