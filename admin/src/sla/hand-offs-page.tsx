import SwapIcon from '@mui/icons-material/SwapHorizOutlined';
import { Box, MenuItem, TextField } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { ToneChip } from '../common/badges';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useText } from '../common/text';
import { useFilterValues } from '../common/use-filter-values';
import { LeadCell, useLeadNames } from './lead-cell';
import { HandOffActions } from './hand-off-actions';
import { useHandOffRules } from './hand-off-dialogs';
import type { HandOff } from './types';

export const HAND_OFF_TONE = {
  offered: 'info',
  accepted: 'success',
  rejected: 'danger',
  expired: 'warning',
  confirmed: 'success',
  withdrawn: 'neutral',
} as const;
const STATES = ['offered', 'accepted', 'rejected', 'expired', 'confirmed', 'withdrawn'] as const;

const Body = () => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  const list = useListContext<HandOff>();
  const nameOf = useLeadNames(list.data);
  const filters = useFilterValues();
  const { data: rules } = useHandOffRules();
  const reasonOf = (key: string | null): string => (key ? text(rules?.reasons.find((one) => one.key === key)?.label) || key : '');
  const columns: PlainColumn<HandOff>[] = [
    {
      key: 'lead',
      label: translate('sla.handOffs.lead'),
      width: 110,
      render: (row) => <LeadCell id={row.lead} name={nameOf(row.lead)} below={lookups.member(row.offeredTo)} />,
    },
    {
      key: 'state',
      label: translate('sla.handOffs.state'),
      sort: 'state',
      render: (row) => <ToneChip text={translate(`sla.handOffs.states.${row.state}`)} tone={HAND_OFF_TONE[row.state]} />,
    },
    {
      key: 'offeredAt',
      label: translate('sla.handOffs.offered'),
      sort: 'offeredAt',
      wideOnly: true,
      render: (row) => <When at={row.offeredAt} />,
    },
    { key: 'to', label: translate('sla.handOffs.to'), wideOnly: true, render: (row) => lookups.member(row.offeredTo) },
    {
      key: 'expiresAt',
      label: translate('sla.handOffs.answerBy'),
      sort: 'expiresAt',
      wideOnly: true,
      render: (row) => <When at={row.expiresAt} late={row.state === 'offered'} />,
    },
    {
      key: 'reason',
      label: translate('sla.handOffs.reason'),
      wideOnly: true,
      render: (row) => [reasonOf(row.reason), row.reply].filter(Boolean).join(' → '),
    },
    { key: 'act', label: '', render: (row) => <HandOffActions handOff={row} /> },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  const state = Array.isArray(filters['state_in']) && filters['state_in'].length === 1 ? String(filters['state_in'][0]) : 'all';
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('sla.handOffs.title')}
        actions={
          <TextField
            select
            label={translate('sla.handOffs.state')}
            value={state}
            onChange={(event) =>
              list.setFilters(
                { latest: true, ...(event.target.value === 'all' ? {} : { state_in: [event.target.value] }) },
                undefined,
                false,
              )
            }
            sx={{ minWidth: 150 }}
          >
            <MenuItem value="all">{translate('sla.clocks.clear')}</MenuItem>
            {STATES.map((one) => (
              <MenuItem key={one} value={one}>
                {translate(`sla.handOffs.states.${one}`)}
              </MenuItem>
            ))}
          </TextField>
        }
      />
      <Box sx={{ height: 8 }} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && <EmptyState icon={<SwapIcon />} title={translate('sla.handOffs.empty')} hint={translate('sla.handOffs.emptyHint')} />}
      {!isEmpty && !list.error && <PlainTable columns={columns} />}
      {!isEmpty && <Pager />}
    </Box>
  );
};

/** Leads between marketing and sales: offered, accepted, sent back, answered. */
const HandOffsPage = () => (
  <ListBase
    resource="sla-hand-offs"
    perPage={50}
    sort={{ field: 'offeredAt', order: 'DESC' }}
    filterDefaultValues={{ latest: true }}
    disableSyncWithLocation
    storeKey="list-sla-hand-offs"
  >
    <Body />
  </ListBase>
);

export default HandOffsPage;
