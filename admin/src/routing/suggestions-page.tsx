import type { MatchField } from '@leadsea/leads/contracts/account-matching';
import { Box, Button, Link } from '@mui/material';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useGetMany, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';
import type { Lead } from '../api/types';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader, RowsSkeleton } from '../common/page';
import { Grounds, useMatchAnswer } from './account-match';
import { LeadTable, leadName, PageTurner, type LeadColumn } from './lead-table';

const PER_PAGE = 25;

interface Suggestion extends RaRecord {
  readonly id: number;
  readonly lead: number;
  readonly account: number;
  readonly points: number;
  readonly fields: Readonly<Partial<Record<MatchField, number>>>;
  readonly others: number;
  readonly at: string;
}
type Named = RaRecord & { readonly name?: string };

const groundsOf = (fields: Suggestion['fields']) =>
  (Object.entries(fields) as [MatchField, number][]).map(([field, points]) => ({ field, points })).sort((a, b) => b.points - a.points);

/** Leads that may belong to an account, most points first: joined or turned down one by one or many at once. */
export const SuggestionsPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const client = useQueryClient();
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['account-suggestions', page],
    queryFn: () =>
      provider.getList<Suggestion>('account-suggestions', {
        pagination: { page, perPage: PER_PAGE },
        sort: { field: 'points', order: 'DESC' },
        filter: {},
      }),
    placeholderData: keepPreviousData,
  });
  const rows = data?.data ?? [];
  const leads = useGetMany<Lead>('leads', { ids: rows.map((row) => row.lead) }, { enabled: rows.length > 0 });
  const accounts = useGetMany<Named>('accounts', { ids: [...new Set(rows.map((row) => row.account))] }, { enabled: rows.length > 0 });
  const leadOf = new Map((leads.data ?? []).map((lead) => [Number(lead.id), lead]));
  const accountOf = new Map((accounts.data ?? []).map((account) => [Number(account.id), account]));
  const answer = useMatchAnswer(() => {
    setChosen(new Set());
    void client.invalidateQueries({ queryKey: ['account-suggestions'] });
  });
  const nameOf = (id: number): string => leadName(id, leadOf.get(id));
  const canAnswer = access.can('update', 'leads');
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / PER_PAGE));
  const columns: readonly LeadColumn<Suggestion>[] = [
    {
      key: 'account',
      label: translate('routing.match.account'),
      cell: (row) => (
        <Box sx={{ maxWidth: 320 }}>
          <Link component={RouterLink} to={`/accounts/${row.account}`}>
            {accountOf.get(row.account)?.name ?? `#${row.account}`}
          </Link>
          {row.others > 0 && (
            <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{translate('routing.match.others', { smart_count: row.others })}</Box>
          )}
          <Box sx={{ display: { md: 'none' }, mt: 0.5 }}>
            <Grounds grounds={groundsOf(row.fields)} />
          </Box>
        </Box>
      ),
    },
    { key: 'points', label: translate('routing.match.score'), cell: (row) => row.points, align: 'right', nowrap: true },
    {
      key: 'grounds',
      label: translate('routing.match.grounds'),
      cell: (row) => <Grounds grounds={groundsOf(row.fields)} />,
      wide: true,
    },
    { key: 'when', label: translate('routing.monitor.when'), cell: (row) => <When at={row.at} />, wide: true, nowrap: true },
  ];
  return (
    <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)', alignContent: 'start', pb: 4 }}>
      <PageHeader title={translate('routing.match.title')} subtitle={translate('routing.match.intro')} />
      {canAnswer && rows.length > 0 && (
        <Box sx={{ display: 'flex', gap: 1, px: { xs: 2, md: 3 }, justifyContent: 'flex-end', minHeight: 36 }}>
          <Button disabled={chosen.size === 0 || answer.isPending} onClick={() => answer.mutate({ ids: [...chosen], verb: 'dismiss' })}>
            {translate('routing.match.dismiss')}
          </Button>
          <Button
            variant="contained"
            disabled={chosen.size === 0 || answer.isPending}
            onClick={() => answer.mutate({ ids: [...chosen], verb: 'accept' })}
          >
            {chosen.size === 0 ? translate('routing.match.join') : translate('routing.match.acceptSome', { smart_count: chosen.size })}
          </Button>
        </Box>
      )}
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={8} />}
      {data && rows.length === 0 && <EmptyState title={translate('routing.match.empty')} hint={translate('routing.match.emptyHint')} />}
      {rows.length > 0 && (
        <LeadTable
          items={rows}
          leadOf={(row) => row.lead}
          nameOf={(row) => nameOf(row.lead)}
          columns={columns}
          chosen={chosen}
          choose={canAnswer ? setChosen : null}
        />
      )}
      <PageTurner page={page} pages={pages} turn={setPage} />
    </Box>
  );
};
