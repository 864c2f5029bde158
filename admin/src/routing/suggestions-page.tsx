import type { MatchField } from '@leadsea/leads/contracts/account-matching';
import { Box, Button, Checkbox, Link, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
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
  const nameOf = (id: number): string => {
    const lead = leadOf.get(id);
    return [lead?.name, lead?.company].filter(Boolean).join(' · ') || `#${id}`;
  };
  const canAnswer = access.can('update', 'leads');
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.id));
  const pages = Math.max(1, Math.ceil((data?.total ?? 0) / PER_PAGE));
  const wide = { display: { xs: 'none', md: 'table-cell' } };
  const toggle = (id: number): void => setChosen(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
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
            {translate('routing.match.acceptSome', { smart_count: chosen.size })}
          </Button>
        </Box>
      )}
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={8} />}
      {data && rows.length === 0 && <EmptyState title={translate('routing.match.empty')} hint={translate('routing.match.emptyHint')} />}
      {rows.length > 0 && (
        <Box sx={{ overflowX: 'auto', bgcolor: 'background.paper', borderTop: 1, borderBottom: 1, borderColor: 'divider' }}>
          <Table size="small">
            <TableHead>
              <TableRow>
                {canAnswer && (
                  <TableCell padding="checkbox">
                    <Checkbox
                      size="small"
                      checked={all}
                      onChange={() => setChosen(new Set(all ? [] : rows.map((row) => row.id)))}
                      slotProps={{ input: { 'aria-label': translate('routing.monitor.selectAll') } }}
                    />
                  </TableCell>
                )}
                <TableCell>{translate('routing.monitor.lead')}</TableCell>
                <TableCell>{translate('routing.match.account')}</TableCell>
                <TableCell align="right">{translate('routing.match.score')}</TableCell>
                <TableCell sx={wide}>{translate('routing.match.grounds')}</TableCell>
                <TableCell sx={wide}>{translate('routing.monitor.when')}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {rows.map((row) => (
                <TableRow key={row.id} hover>
                  {canAnswer && (
                    <TableCell padding="checkbox">
                      <Checkbox
                        size="small"
                        checked={chosen.has(row.id)}
                        onChange={() => toggle(row.id)}
                        slotProps={{ input: { 'aria-label': translate('routing.monitor.select', { name: nameOf(row.lead) }) } }}
                      />
                    </TableCell>
                  )}
                  <TableCell sx={{ maxWidth: 260 }}>
                    <Link component={RouterLink} to={`/leads/${row.lead}`} sx={{ fontWeight: 600 }}>
                      {nameOf(row.lead)}
                    </Link>
                  </TableCell>
                  <TableCell sx={{ maxWidth: 260 }}>
                    <Link component={RouterLink} to={`/accounts/${row.account}`}>
                      {accountOf.get(row.account)?.name ?? `#${row.account}`}
                    </Link>
                    {row.others > 0 && (
                      <Box sx={{ fontSize: 12, color: 'text.secondary' }}>
                        {translate('routing.match.others', { smart_count: row.others })}
                      </Box>
                    )}
                  </TableCell>
                  <TableCell align="right">{row.points}</TableCell>
                  <TableCell sx={wide}>
                    <Grounds grounds={groundsOf(row.fields)} />
                  </TableCell>
                  <TableCell sx={{ ...wide, whiteSpace: 'nowrap' }}>
                    <When at={row.at} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
      {pages > 1 && (
        <Box sx={{ display: 'flex', justifyContent: 'flex-end', alignItems: 'center', gap: 1, px: 3, fontSize: 13 }}>
          <Button disabled={page <= 1} onClick={() => setPage(page - 1)}>
            {translate('ra.navigation.previous')}
          </Button>
          {`${page} / ${pages}`}
          <Button disabled={page >= pages} onClick={() => setPage(page + 1)}>
            {translate('ra.navigation.next')}
          </Button>
        </Box>
      )}
    </Box>
  );
};
