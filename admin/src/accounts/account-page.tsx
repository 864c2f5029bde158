import EditIcon from '@mui/icons-material/EditOutlined';
import MergeIcon from '@mui/icons-material/CallMerge';
import BackIcon from '@mui/icons-material/ArrowBack';
import { Box, Button, IconButton, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useGetOne, useTranslate } from 'ra-core';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useState } from 'react';
import { useAccess } from '../api/session-context';
import type { ConsoleProvider } from '../api/data-provider';
import type { Account, Lead } from '../api/types';
import { GradeBadge, StageChip } from '../common/badges';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { RowsSkeleton, useDocumentTitle } from '../common/page';
import { Panel } from '../common/panel';
import { AccountDeals } from '../opportunities/deals-panel';
import { AccountDetails } from './account-details';
import { AccountDialog } from './account-dialog';
import { AccountScore } from './account-score';
import { MergeDialog } from './merge-dialog';
import { MergedPanel } from './merged-panel';
import { NetworksPanel } from './networks-panel';

const MAX_LEADS = 100;

const Leads = ({ accountId }: { accountId: number }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const provider = useDataProvider<ConsoleProvider>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['leads', 'account', accountId],
    queryFn: () => provider.getAll<Lead>('leads', { account: accountId }, ['score', 'DESC'], MAX_LEADS),
  });
  if (isPending) return <RowsSkeleton rows={4} />;
  if (error && !data) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (data?.data.length === 0)
    return (
      <Typography variant="body2" color="text.secondary">
        {translate('accounts.noLeads')}
      </Typography>
    );
  return (
    <>
      {data?.data.map((lead) => (
        <Box
          key={lead.id}
          component={Link}
          to={`/leads/${lead.id}`}
          sx={{
            display: 'grid',
            gridTemplateColumns: { xs: '44px 1fr auto', md: '44px 1fr 1fr 140px 140px' },
            alignItems: 'center',
            gap: 1,
            minHeight: 40,
            fontSize: 13,
            color: 'inherit',
            textDecoration: 'none',
            borderBottom: 1,
            borderColor: 'divider',
            '&:last-child': { borderBottom: 0 },
            '&:hover': { bgcolor: 'action.hover' },
          }}
        >
          <GradeBadge grade={lead.grade} />
          <b>{lead.name || `#${lead.id}`}</b>
          <Box sx={{ display: { xs: 'none', md: 'block' }, color: 'text.secondary' }}>{lead.title}</Box>
          <StageChip stage={lead.stage} />
          <Box sx={{ display: { xs: 'none', md: 'block' } }}>{lookups.member(lead.owner) || lookups.pool(lead.pool)}</Box>
        </Box>
      ))}
    </>
  );
};

/** A company and the leads that belong to it. */
const AccountPage = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const access = useAccess();
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const { id } = useParams();
  const { data: account, error, refetch } = useGetOne<Account>('accounts', { id: Number(id) });
  useDocumentTitle(account?.name ?? '');
  if (error && !account) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <Box>
      <Box
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: 1.5,
          px: { xs: 2, md: 3 },
          minHeight: 64,
          bgcolor: 'background.paper',
          borderBottom: 1,
          borderColor: 'divider',
        }}
      >
        <IconButton onClick={() => navigate(-1)} aria-label={translate('ra.action.back')} sx={{ ml: -0.75 }}>
          <BackIcon fontSize="small" />
        </IconButton>
        <Typography variant="h5" component="h1" noWrap>
          {account ? account.name : <Skeleton width={200} />}
        </Typography>
        <Box sx={{ flex: 1, minWidth: 0 }} />
        {account && access.can('merge', 'accounts') && (
          <Button color="inherit" startIcon={<MergeIcon />} sx={{ whiteSpace: 'nowrap', flex: 'none' }} onClick={() => setMerging(true)}>
            {translate('accounts.merge.open')}
          </Button>
        )}
        {account && merging && <MergeDialog account={account} close={() => setMerging(false)} />}
        {account && access.can('update', 'accounts', account) && (
          <Button startIcon={<EditIcon />} sx={{ whiteSpace: 'nowrap', flex: 'none' }} onClick={() => setEditing(true)}>
            {translate('ra.action.edit')}
          </Button>
        )}
        {account && editing && <AccountDialog account={account} close={() => setEditing(false)} />}
      </Box>
      <Box sx={{ display: 'grid', gap: 2, p: { xs: 2, md: 3 }, gridTemplateColumns: { md: '320px minmax(0, 1fr)' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {account && <AccountScore account={account} />}
          <Panel title={translate('leadPage.details')} minHeight={160}>
            {account && <AccountDetails account={account} />}
          </Panel>
          {account && access.can('merge', 'accounts') && <MergedPanel account={account.id} />}
          {account && <NetworksPanel account={account.id} />}
        </Box>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          <Panel title={translate('menu.leads')} minHeight={160}>
            <Leads accountId={Number(id)} />
          </Panel>
          <AccountDeals account={Number(id)} />
        </Box>
      </Box>
    </Box>
  );
};

export default AccountPage;
