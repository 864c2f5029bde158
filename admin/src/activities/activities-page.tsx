import EditIcon from '@mui/icons-material/EditOutlined';
import HistoryIcon from '@mui/icons-material/HistoryOutlined';
import { Box, IconButton, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useAccess, useMe, useMeta } from '../api/session-context';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { ExportButton } from '../common/export-button';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable } from '../common/plain-table';
import { useFilterValues } from '../common/use-filter-values';
import { FilterBar } from '../leads/list/filter-bar';
import { CorrectDialog } from './correct-dialog';
import type { Activity } from './types';
import { useActivityColumns } from './use-activity-columns';
import { useActivityFilters } from './use-activity-filters';

const PER_PAGE = 50;
/** "Mine" and "all" have a switch of their own. */
const KEPT = ['member'] as const;

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const access = useAccess();
  const lookups = useLookups();
  const me = useMe().member;
  const list = useListContext<Activity>();
  const filter = useFilterValues();
  const { member, ...others } = filter;
  const [correcting, setCorrecting] = useState<Activity | null>(null);
  const columns = useActivityColumns(list.data ?? []);
  const definitions = useActivityFilters();
  const show = (whose: 'mine' | 'all' | null): void => {
    if (whose) list.setFilters(whose === 'mine' ? { ...others, member: me.id } : others, undefined, false);
  };
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('activity.title')}
        actions={
          <>
            <ExportButton resource="activities" />
            <ToggleButtonGroup
              exclusive
              size="small"
              value={member === me.id ? 'mine' : 'all'}
              aria-label={translate('activity.by')}
              onChange={(_event, whose: 'mine' | 'all' | null) => show(whose)}
            >
              {(['mine', 'all'] as const).map((whose) => (
                <ToggleButton key={whose} value={whose} sx={{ px: 1.5, height: 34, textTransform: 'none' }}>
                  {translate(`activity.${whose}`)}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </>
        }
      />
      <FilterBar definitions={definitions} keep={KEPT} search={false} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState
          icon={<HistoryIcon />}
          title={translate(Object.keys(others).length > 0 ? 'activity.nothing' : 'activity.empty')}
          hint={Object.keys(others).length > 0 ? undefined : translate('activity.emptyHint')}
        />
      )}
      {!isEmpty && !list.error && (
        <PlainTable
          columns={[
            ...columns,
            {
              key: 'correct',
              label: '',
              align: 'right',
              render: (row) =>
                access.can('update', 'activities', row) && (
                  <IconButton
                    size="small"
                    aria-label={translate('activity.correct', { kind: lookups.activityKind(row.kind) })}
                    onClick={(event) => {
                      event.stopPropagation();
                      setCorrecting(row);
                    }}
                  >
                    <EditIcon sx={{ fontSize: 16 }} />
                  </IconButton>
                ),
            },
          ]}
          onOpen={(row) => navigate(`/leads/${row.lead ?? ''}`)}
        />
      )}
      {!isEmpty && <Pager />}
      {correcting && <CorrectDialog activity={correcting} close={() => setCorrecting(null)} />}
    </Box>
  );
};

const ActivitiesPage = () => {
  const [field, order] = useMeta().layouts?.activities?.list?.sort ?? ['occurredAt', 'DESC'];
  return (
    <ListBase resource="activities" perPage={PER_PAGE} sort={{ field, order }} storeKey="list-activities">
      <Body />
    </ListBase>
  );
};

export default ActivitiesPage;
