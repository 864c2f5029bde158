import type { MatchField, MatchGround } from '@leadsea/leads/contracts/account-matching';
import { Alert, Box, Button, Chip } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { Link as RouterLink } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { getJson, postJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { Lead } from '../api/types';
import { useLeadsChanged } from '../leads/use-lead-verbs';

interface Match {
  readonly account: { readonly id: number; readonly name: string };
  readonly score: number | null;
  readonly grounds: readonly MatchGround[];
  readonly others?: number;
}
interface Explained {
  readonly suggested: Match | null;
  readonly matched: (Match & { readonly byHand: boolean }) | null;
}

/** What each field gave, as small chips. */
export const Grounds = ({ grounds }: { grounds: readonly { field: MatchField; points: number }[] }) => {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 0.5 }}>
      {grounds.map(({ field, points }) => (
        <Chip key={field} size="small" variant="outlined" label={`${translate(`routing.match.fields.${field}`)} ${points}`} />
      ))}
    </Box>
  );
};

interface VerbResults {
  readonly results: readonly { readonly id: number; readonly ok: boolean }[];
}

/** Accept or turn down what is suggested for some leads; tells what was refused. */
export const useMatchAnswer = (done: () => void) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  return useMutation({
    mutationFn: ({ ids, verb }: { ids: readonly number[]; verb: 'accept' | 'dismiss' }) =>
      ids.length === 1
        ? postJson<VerbResults>(`/leads/${ids[0]}/${verb}-account`, {})
        : postJson<VerbResults>(`/leads/${verb}-account`, { ids }),
    onSuccess: ({ results }, { verb }) => {
      const refused = results.filter(({ ok }) => !ok).length;
      const text = translate(`routing.match.${verb === 'accept' ? 'accepted' : 'dismissed'}`, { smart_count: results.length - refused });
      if (refused === 0) notify(text, { type: 'success' });
      else notify(`${text} ${translate('routing.match.refused', { smart_count: refused })}`, { type: 'warning' });
      done();
    },
    onError: (problem) => notify(refusal(problem), { type: 'error' }),
  });
};

/** On the page of a lead: the account it may belong to, with what speaks for it and the two answers. */
export const AccountSuggestionBar = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const changed = useLeadsChanged();
  const { data, refetch } = useQuery({
    queryKey: ['explain', 'account', lead.id, lead.version],
    queryFn: () => getJson<Explained>(`/leads/${lead.id}/explain/account`),
    enabled: !lead.account && access.can('read', 'accounts'),
  });
  const answer = useMatchAnswer(() => {
    changed();
    void refetch();
  });
  const suggested = data?.suggested;
  if (!suggested || lead.account) return null;
  return (
    <Alert severity="info" icon={false} sx={{ mb: 1 }} aria-label={translate('routing.match.ask')}>
      <Box sx={{ display: 'grid', gap: 0.75 }}>
        <Box>
          {translate('routing.match.ask')}{' '}
          <Box component={RouterLink} to={`/accounts/${suggested.account.id}`} sx={{ fontWeight: 650, color: 'inherit' }}>
            {suggested.account.name}
          </Box>{' '}
          {translate('routing.match.points', { smart_count: suggested.score ?? 0 })}
        </Box>
        <Grounds grounds={suggested.grounds} />
        {(suggested.others ?? 0) > 0 && (
          <Box sx={{ fontSize: 12 }}>{translate('routing.match.others', { smart_count: suggested.others ?? 0 })}</Box>
        )}
        {access.can('update', 'leads', lead) && (
          <Box sx={{ display: 'flex', gap: 1 }}>
            <Button
              variant="contained"
              disabled={answer.isPending}
              onClick={() => answer.mutate({ ids: [Number(lead.id)], verb: 'accept' })}
            >
              {translate('routing.match.accept')}
            </Button>
            <Button color="inherit" disabled={answer.isPending} onClick={() => answer.mutate({ ids: [Number(lead.id)], verb: 'dismiss' })}>
              {translate('routing.match.dismiss')}
            </Button>
          </Box>
        )}
      </Box>
    </Alert>
  );
};
