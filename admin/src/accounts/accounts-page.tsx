import AddIcon from '@mui/icons-material/Add';
import BusinessIcon from '@mui/icons-material/BusinessOutlined';
import { Box, Button } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { ExportButton } from '../common/export-button';
import { ListSearch } from '../common/list-search';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useLocaleCode } from '../common/text';
import { useFilterValues } from '../common/use-filter-values';
import { useCustomColumns, useLaidOutColumns } from '../layouts/list-columns';
import { showCode, showNumber } from '../common/values';
import { AccountDialog } from './account-dialog';
import { FilterBar } from '../leads/list/filter-bar';
import { NetworksDialog } from './networks-dialog';
import { useAccountFilters } from './use-account-filters';

const PER_PAGE = 50;
const USUAL = ['name', 'industry', 'leads', 'employees', 'city', 'country', 'owner'] as const;

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const lookups = useLookups();
  const locale = useLocaleCode();
  const access = useAccess();
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const list = useListContext<Account>();
  const isFiltered = Object.keys(useFilterValues()).length > 0;
  const filters = useAccountFilters();
  const all: PlainColumn<Account>[] = [
    {
      key: 'name',
      label: translate('fields.company'),
      sort: 'name',
      render: (account) => (
        <Box
          component={Link}
          to={`/accounts/${account.id}`}
          onClick={(event) => event.stopPropagation()}
          sx={{ color: 'inherit', fontWeight: 600, textDecoration: 'none' }}
        >
          {account.name}
        </Box>
      ),
    },
    { key: 'industry', label: translate('fields.industry'), sort: 'industry', wideOnly: true, render: (account) => account.industry },
    { key: 'leads', label: translate('menu.leads'), align: 'right', render: (account) => showNumber(account.leads, locale) },
    {
      key: 'employees',
      label: translate('fields.employees'),
      sort: 'employees',
      align: 'right',
      wideOnly: true,
      render: (account) => showNumber(account.employees, locale),
    },
    { key: 'city', label: translate('fields.city'), sort: 'city', wideOnly: true, render: (account) => account.city },
    {
      key: 'country',
      label: translate('fields.country'),
      sort: 'country',
      wideOnly: true,
      render: (account) => showCode(account.country, 'region', locale),
    },
    { key: 'owner', label: translate('fields.owner'), sort: 'owner', render: (account) => lookups.member(account.owner) },
    { key: 'website', label: translate('fields.website'), sort: 'website', wideOnly: true, render: (account) => account.website },
    { key: 'phone', label: translate('fields.phone'), wideOnly: true, render: (account) => account.phone },
    { key: 'province', label: translate('fields.province'), sort: 'province', wideOnly: true, render: (account) => account.province },
    { key: 'team', label: translate('fields.team'), sort: 'team', wideOnly: true, render: (account) => lookups.team(account.team) },
    ...useCustomColumns<Account>('accounts'),
  ];
  const columns = useLaidOutColumns('accounts', all, USUAL);
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('menu.accounts')}
        actions={
          <>
            <ExportButton resource="accounts" />
            {access.can('create', 'accounts', {}) && (
              <Button color="inherit" onClick={() => setImporting(true)} sx={{ display: { xs: 'none', sm: 'inline-flex' } }}>
                {translate('networks.importNetworks')}
              </Button>
            )}
            <ListSearch />
            {access.can('create', 'accounts') && (
              <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
                {translate('accounts.add')}
              </Button>
            )}
          </>
        }
      />
      {adding && <AccountDialog account={null} close={() => setAdding(false)} saved={(id) => navigate(`/accounts/${id}`)} />}
      {importing && <NetworksDialog onClose={() => setImporting(false)} />}
      <FilterBar definitions={filters} search={false} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState
          icon={<BusinessIcon />}
          title={translate(isFiltered ? 'accounts.noMatch' : 'accounts.empty')}
          hint={translate(isFiltered ? 'leads.noMatchHint' : 'accounts.emptyHint')}
          action={
            isFiltered && (
              <Button variant="outlined" onClick={() => list.setFilters({}, undefined, false)}>
                {translate('ra.navigation.clear_filters')}
              </Button>
            )
          }
        />
      )}
      {!isEmpty && !list.error && <PlainTable columns={columns} onOpen={(account) => navigate(`/accounts/${account.id}`)} />}
      {!isEmpty && <Pager />}
    </Box>
  );
};

const AccountsPage = () => (
  <ListBase resource="accounts" perPage={PER_PAGE} sort={{ field: 'name', order: 'ASC' }} storeKey="list-accounts">
    <Body />
  </ListBase>
);

export default AccountsPage;
