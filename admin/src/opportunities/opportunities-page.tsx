import EditIcon from '@mui/icons-material/EditOutlined';
import DealIcon from '@mui/icons-material/MonetizationOnOutlined';
import { Box, Button, IconButton, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAccess, useMeta } from '../api/session-context';
import type { Option } from '../api/types';
import { ExportButton } from '../common/export-button';
import { ToneChip } from '../common/badges';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useLocaleCode } from '../common/text';
import { useTime } from '../common/time';
import { useFilterValues } from '../common/use-filter-values';
import { showMoney } from '../common/values';
import { ReasonDialog } from '../leads/verb-dialogs';
import { STATE_TONE, type Opportunity } from './types';
import { useCustomColumns, useLaidOutColumns } from '../layouts/list-columns';
import { FilterBar } from '../leads/list/filter-bar';
import { useCustomFilters } from '../leads/list/filter-definitions';
import { OpportunityDialog } from './opportunity-dialog';
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

const AccountLink = ({ id }: { id: number }) => (
  <Link to={`/accounts/${id}`} onClick={(event) => event.stopPropagation()}>
    #{id}
  </Link>
);

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
  const lookups = useLookups();
  const locale = useLocaleCode();
  const time = useTime();
  const list = useListContext<Opportunity>();
  const filter = useFilterValues();
  const { state: _state, ...withoutState } = filter;
  const filters = useCustomFilters('opportunities');
  const state = typeof filter.state === 'string' ? filter.state : 'all';
  const [editing, setEditing] = useState<Opportunity | null>(null);
  const all: PlainColumn<Opportunity>[] = [
    {
      key: 'name',
      label: translate('opp.name'),
      sort: 'name',
      render: (deal) => (
        <Box
          component={Link}
          to={`/leads/${deal.lead ?? ''}`}
          onClick={(event) => event.stopPropagation()}
          sx={{ color: 'inherit', fontWeight: 600, textDecoration: 'none' }}
        >
          {deal.name}
        </Box>
      ),
    },
    {
      key: 'state',
      label: translate('opp.state'),
      sort: 'state',
      render: (deal) => <ToneChip text={translate(`opp.states.${deal.state}`)} tone={STATE_TONE[deal.state]} />,
    },
    {
      key: 'amount',
      label: translate('opp.amount'),
      sort: 'amount',
      align: 'right',
      render: (deal) => showMoney(deal.amount, deal.currency, locale),
    },
    {
      key: 'expectedAt',
      label: translate('opp.expected'),
      sort: 'expectedAt',
      wideOnly: true,
      render: (deal) => time.date(deal.expectedAt),
    },
    { key: 'closedAt', label: translate('opp.closed'), sort: 'closedAt', wideOnly: true, render: (deal) => time.date(deal.closedAt) },
    { key: 'owner', label: translate('fields.owner'), sort: 'owner', wideOnly: true, render: (deal) => lookups.member(deal.owner) },
    {
      key: 'promises',
      label: translate('sla.lineage.title'),
      wideOnly: true,
      render: (deal) => (deal.promises ? translate('sla.lineage.line', { ...deal.promises }) : ''),
    },
    { key: 'reason', label: translate('opp.reason'), wideOnly: true, render: (deal) => deal.reason },
    {
      key: 'account',
      label: translate('opp.account'),
      wideOnly: true,
      render: (deal) => deal.account && <AccountLink id={deal.account} />,
    },
    { key: 'createdAt', label: translate('opp.made'), sort: 'createdAt', wideOnly: true, render: (deal) => time.date(deal.createdAt) },
    ...useCustomColumns<Opportunity>('opportunities'),
  ];
  const laidOut = useLaidOutColumns('opportunities', all, USUAL);
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
