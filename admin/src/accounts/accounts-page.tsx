import AddIcon from '@mui/icons-material/Add';
import BusinessIcon from '@mui/icons-material/BusinessOutlined';
import { Box, Button, InputAdornment, TextField } from '@mui/material';
import SearchIcon from '@mui/icons-material/Search';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { ExportButton } from '../common/export-button';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable } from '../common/plain-table';
import { useFilterValues } from '../common/use-filter-values';
import { useLaidOutColumns } from '../layouts/list-columns';
import { AccountDialog } from './account-dialog';
import { useAccountColumns } from './use-account-columns';
import { NetworksDialog } from './networks-dialog';

const PER_PAGE = 50;
const USUAL = ['name', 'industry', 'leads', 'employees', 'city', 'country', 'owner'] as const;
const SEARCH_DELAY_MS = 300;

const Search = () => {
  const translate = useTranslate();
  const { setFilters } = useListContext();
  const filterValues = useFilterValues();
  const stored = typeof filterValues.q === 'string' ? filterValues.q : '';
  const [text, setText] = useState(stored);
  useEffect(() => {
    if (text.trim() === stored) return undefined;
    const timer = setTimeout(() => setFilters(text.trim() ? { q: text.trim() } : {}, undefined, false), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text, stored, setFilters]);
  return (
    <TextField
      type="search"
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder={translate('ra.action.search')}
      slotProps={{
        htmlInput: { 'aria-label': translate('ra.action.search') },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
      sx={{ width: { xs: 130, sm: 220 } }}
    />
  );
};

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const access = useAccess();
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const list = useListContext<Account>();
  const filterValues = useFilterValues();
  const columns = useLaidOutColumns('accounts', useAccountColumns(), USUAL);
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
            <Search />
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
      <Box sx={{ height: 8 }} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState
          icon={<BusinessIcon />}
          title={translate(filterValues.q ? 'leads.noMatch' : 'accounts.empty')}
          hint={translate('accounts.emptyHint')}
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
