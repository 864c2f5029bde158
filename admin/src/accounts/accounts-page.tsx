import AddIcon from '@mui/icons-material/Add';
import BusinessIcon from '@mui/icons-material/BusinessOutlined';
import { Box, Button } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useAccess } from '../api/session-context';
import type { Account } from '../api/types';
import { ErrorState } from '../common/error-state';
import { ExportButton } from '../common/export-button';
import { ListEmpty } from '../common/list-empty';
import { ListSearch } from '../common/list-search';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable } from '../common/plain-table';
import { useLaidOutColumns } from '../layouts/list-columns';
import { AccountDialog } from './account-dialog';
import { useAccountColumns } from './use-account-columns';
import { FilterBar } from '../leads/list/filter-bar';
import { NetworksDialog } from './networks-dialog';
import { useAccountFilters } from './use-account-filters';

const PER_PAGE = 50;
const USUAL = ['name', 'industry', 'leads', 'employees', 'city', 'country', 'owner'] as const;

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const access = useAccess();
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const list = useListContext<Account>();
  const filters = useAccountFilters();
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
        <ListEmpty
          icon={<BusinessIcon />}
          title={translate('accounts.empty')}
          hint={translate('accounts.emptyHint')}
          noMatch={translate('accounts.noMatch')}
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
