import DealIcon from '@mui/icons-material/MonetizationOnOutlined';
import { Box, ToggleButton, ToggleButtonGroup, useMediaQuery, type Theme } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useMeta } from '../api/session-context';
import { ExportButton } from '../common/export-button';
import { ErrorState } from '../common/error-state';
import { ListEmpty } from '../common/list-empty';
import { ListSearch } from '../common/list-search';
import { PageHeader, RowsSkeleton } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useFilterValues } from '../common/use-filter-values';
import { useLaidOutColumns } from '../layouts/list-columns';
import type { Opportunity } from './types';
import { FilterBar } from '../leads/list/filter-bar';
import { CloseActions } from './close-actions';
import { DealLine } from './deals-panel';
import { DealSums } from './deal-sums';
import { OpportunityDialog } from './opportunity-dialog';
import { useDealColumns } from './use-deal-columns';
import { useOpportunityFilters } from './use-opportunity-filters';

const PER_PAGE = 50;
const STATES = ['open', 'won', 'lost'] as const;
/** Filters that have a control of their own. */
const KEPT = ['state'] as const;
const USUAL = ['name', 'state', 'amount', 'probability', 'expectedAt', 'closedAt', 'owner'] as const;

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const list = useListContext<Opportunity>();
  const filter = useFilterValues();
  const { state: _state, ...withoutState } = filter;
  const filters = useOpportunityFilters();
  const state = typeof filter.state === 'string' ? filter.state : 'all';
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const [editing, setEditing] = useState<Opportunity | null>(null);
  const laidOut = useLaidOutColumns('opportunities', useDealColumns(list.data ?? []), USUAL);
  const columns: PlainColumn<Opportunity>[] = [
    ...laidOut,
    { key: 'close', label: '', align: 'right', render: (deal) => <CloseActions deal={deal} edit={() => setEditing(deal)} /> },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('opp.title')}
        actions={
          <>
            <ExportButton resource="opportunities" />
            <ListSearch />
            <ToggleButtonGroup
              exclusive
              size="small"
              value={state}
              aria-label={translate('opp.state')}
              onChange={(_event, chosen: string | null) =>
                chosen && list.setFilters({ ...withoutState, ...(chosen === 'all' ? {} : { state: chosen }) }, undefined, false)
              }
            >
              {STATES.map((one) => (
                <ToggleButton key={one} value={one} sx={{ px: 1.5, height: 34, textTransform: 'none' }}>
                  {translate(`opp.states.${one}`)}
                </ToggleButton>
              ))}
              <ToggleButton value="all" sx={{ px: 1.5, height: 34, textTransform: 'none' }}>
                {translate('opp.all')}
              </ToggleButton>
            </ToggleButtonGroup>
          </>
        }
      />
      <FilterBar definitions={filters} keep={KEPT} search={false} />
      {!isEmpty && !list.error && <DealSums filter={filter} label={translate(state === 'all' ? 'opp.sum' : `opp.sumOf.${state}`)} />}
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <ListEmpty
          icon={<DealIcon />}
          title={translate(state === 'all' ? 'opp.empty' : `opp.emptyOf.${state}`)}
          hint={translate('opp.emptyHint')}
          noMatch={translate('opp.noMatch')}
          keep={KEPT}
        />
      )}
      {!isEmpty && !list.error && !isSmall && <PlainTable columns={columns} onOpen={(deal) => navigate(`/leads/${deal.lead ?? ''}`)} />}
      {!isEmpty && !list.error && isSmall && (
        <Box
          role="list"
          sx={{ flex: 1, minHeight: 0, overflow: 'auto', bgcolor: 'background.paper', borderTop: 1, borderColor: 'divider', px: 2, py: 1 }}
        >
          {list.isPending ? (
            <RowsSkeleton rows={8} height={64} />
          ) : (
            list.data?.map((deal) => <DealLine key={deal.id} linked deal={deal} edit={() => setEditing(deal)} />)
          )}
        </Box>
      )}
      {!isEmpty && <Pager />}
      {editing && <OpportunityDialog deal={editing} onClose={() => setEditing(null)} />}
    </Box>
  );
};

const OpportunitiesPage = () => {
  const [field, order] = useMeta().layouts?.opportunities?.list?.sort ?? ['id', 'DESC'];
  return (
    <ListBase
      resource="opportunities"
      perPage={PER_PAGE}
      sort={{ field, order }}
      filterDefaultValues={{ state: 'open' }}
      storeKey="list-opportunities"
    >
      <Body />
    </ListBase>
  );
};

export default OpportunitiesPage;
