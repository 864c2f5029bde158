import EditIcon from '@mui/icons-material/EditOutlined';
import DealIcon from '@mui/icons-material/MonetizationOnOutlined';
import { Box, Button, IconButton, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useAccess, useMeta } from '../api/session-context';
import type { Option } from '../api/types';
import { ExportButton } from '../common/export-button';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useFilterValues } from '../common/use-filter-values';
import { ReasonDialog } from '../leads/verb-dialogs';
import type { Opportunity } from './types';
import { useLaidOutColumns } from '../layouts/list-columns';
import { FilterBar } from '../leads/list/filter-bar';
import { useCustomFilters } from '../leads/list/filter-definitions';
import { OpportunityDialog } from './opportunity-dialog';
import { useDealColumns } from './use-deal-columns';
import { useOpportunityVerb } from './use-opportunity-verbs';

const PER_PAGE = 50;
const STATES = ['open', 'won', 'lost'] as const;
/** Filters that have a control of their own. */
const KEPT = ['state'] as const;
const USUAL = ['name', 'state', 'amount', 'expectedAt', 'closedAt', 'owner'] as const;

/** The reasons the graph knows for losing a lead. */
const useLostReasons = (): Option[] => {
  const { stages, transitions } = useMeta();
  const lost = new Set(stages.filter(({ type }) => type === 'lost').map(({ key }) => key));
  const fromDeal = transitions.filter(
    (move) => lost.has(move.to) && stages.some(({ key, opportunity }) => key === move.from && opportunity),
  );
  return fromDeal.flatMap((move) => move.reasons ?? []);
};

const Close = ({ deal, edit }: { deal: Opportunity; edit: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const run = useOpportunityVerb();
  const reasons = useLostReasons();
  const [losing, setLosing] = useState(false);
  if (!access.can('update', 'opportunities', deal)) return null;
  const lose = async (body: Record<string, unknown>): Promise<void> => {
    if (await run(`/opportunities/${deal.id}/lost`, body, 'opp.lostDone')) setLosing(false);
  };
  return (
    <Box sx={{ display: 'flex', gap: 0.5, justifyContent: 'flex-end' }} onClick={(event) => event.stopPropagation()}>
      <IconButton size="small" onClick={edit} aria-label={`${translate('opp.edit')}: ${deal.name}`}>
        <EditIcon sx={{ fontSize: 16 }} />
      </IconButton>
      {deal.state === 'open' && (
        <>
          <Button size="small" onClick={() => void run(`/opportunities/${deal.id}/won`, {}, 'opp.wonDone')}>
            {translate('opp.won')}
          </Button>
          <Button size="small" color="inherit" onClick={() => (reasons.length > 0 ? setLosing(true) : void lose({}))}>
            {translate('opp.lost')}
          </Button>
        </>
      )}
      {losing && (
        <ReasonDialog
          count={1}
          title={translate('opp.lostTitle')}
          submit={translate('opp.lost')}
          reasons={reasons}
          onClose={() => setLosing(false)}
          onSubmit={lose}
        />
      )}
    </Box>
  );
};

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const list = useListContext<Opportunity>();
  const filter = useFilterValues();
  const { state: _state, ...withoutState } = filter;
  const filters = useCustomFilters('opportunities');
  const state = typeof filter.state === 'string' ? filter.state : 'all';
  const [editing, setEditing] = useState<Opportunity | null>(null);
  const laidOut = useLaidOutColumns('opportunities', useDealColumns(list.data ?? []), USUAL);
  const columns: PlainColumn<Opportunity>[] = [
    ...laidOut,
    { key: 'close', label: '', align: 'right', render: (deal) => <Close deal={deal} edit={() => setEditing(deal)} /> },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('opp.title')}
        actions={
          <>
            <ExportButton resource="opportunities" />
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
      {filters.length > 0 ? <FilterBar definitions={filters} keep={KEPT} /> : <Box sx={{ height: 8 }} />}
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && <EmptyState icon={<DealIcon />} title={translate('opp.empty')} hint={translate('opp.emptyHint')} />}
      {!isEmpty && !list.error && <PlainTable columns={columns} onOpen={(deal) => navigate(`/leads/${deal.lead ?? ''}`)} />}
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
