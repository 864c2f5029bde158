import ChecklistIcon from '@mui/icons-material/ChecklistOutlined';
import { Box, Button, Typography } from '@mui/material';
import { ListBase, useListContext, useTranslate, type RaRecord } from 'ra-core';
import { useMemo } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import type { LocalisedText } from '../api/types';
import { ToneChip } from '../common/badges';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useLocaleCode, useText } from '../common/text';
import { useTime } from '../common/time';
import { showTotal } from '../common/values';
import { LeadCell, useLeadNames } from './lead-cell';
import { rowsOf } from './rows-of';
import { showCount } from '../i18n/counts';

interface Row extends RaRecord {
  readonly lead: number;
  readonly label: LocalisedText;
  readonly state: string;
  readonly owner: number | null;
  readonly done: number;
  readonly needed: number;
  readonly possibleUntil: string | null;
  readonly windowEndsAt: string;
  readonly endedAt: string | null;
}

const TONE: Readonly<Record<string, string>> = { running: 'info', met: 'success', breached: 'danger', waived: 'warning' };

const Body = ({ filtered }: { filtered: boolean }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const text = useText();
  const time = useTime();
  const lookups = useLookups();
  const navigate = useNavigate();
  const list = useListContext<Row>();
  const nameOf = useLeadNames(list.data);
  const columns: PlainColumn<Row>[] = [
    {
      key: 'lead',
      label: translate('sla.clocks.lead'),
      width: 110,
      render: (row) => (
        <LeadCell id={row.lead} name={nameOf(row.lead)} below={[text(row.label), lookups.member(row.owner)].filter(Boolean).join(' · ')} />
      ),
    },
    { key: 'label', label: translate('sla.clocks.promise'), wideOnly: true, render: (row) => text(row.label) },
    {
      key: 'state',
      label: translate('sla.clocks.state'),
      sort: 'state',
      render: (row) => <ToneChip text={translate(`sla.obligation.states.${row.state}`)} tone={TONE[row.state]} />,
    },
    {
      key: 'done',
      label: translate('sla.obligations.done'),
      align: 'right',
      width: 64,
      sort: 'done',
      render: (row) => `${showCount(row.done)} / ${showCount(row.needed)}`,
    },
    { key: 'owner', label: translate('sla.clocks.owner'), sort: 'owner', wideOnly: true, render: (row) => lookups.member(row.owner) },
    {
      key: 'until',
      label: translate('sla.obligations.until'),
      // What runs is pressing by the moment from which it cannot be kept any more, and that stands in the column.
      sort: filtered ? 'windowEndsAt' : 'possibleUntil',
      render: (row) => time.dateTime(row.state === 'running' ? (row.possibleUntil ?? row.windowEndsAt) : row.windowEndsAt),
    },
    { key: 'ended', label: translate('sla.clocks.ended'), sort: 'endedAt', wideOnly: true, render: (row) => time.dateTime(row.endedAt) },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader
        title={translate('sla.obligations.title')}
        subtitle={list.total === undefined ? undefined : showTotal(list.total, locale)}
      />
      <Box sx={{ minHeight: 32, px: { xs: 2, md: 3 }, display: 'flex', alignItems: 'center', gap: 1 }}>
        {filtered && (
          <>
            <Typography variant="body2" color="text.secondary">
              {translate('sla.clocks.filtered')}
            </Typography>
            <Button component={Link} to="/sla/obligations" size="small">
              {translate('sla.clocks.clear')}
            </Button>
          </>
        )}
      </Box>
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState icon={<ChecklistIcon />} title={translate('sla.obligations.empty')} hint={translate('sla.obligations.emptyHint')} />
      )}
      {!isEmpty && !list.error && <PlainTable columns={columns} onOpen={(row) => navigate(`/leads/${row.lead}`)} />}
      {!isEmpty && <Pager />}
    </Box>
  );
};

const RUNNING = { state: 'running' };

/** Touches that are owed on leads, the most pressing first, or the rows behind a number of the score card. */
const ObligationsPage = () => {
  const [search] = useSearchParams();
  const rows = search.get('rows');
  const filter = useMemo(() => rowsOf(rows), [rows]);
  return (
    <ListBase<Row>
      key={rows ?? 'all'}
      resource="sla-obligations"
      perPage={50}
      sort={filter ? { field: 'windowEndsAt', order: 'DESC' } : { field: 'possibleUntil', order: 'ASC' }}
      filter={filter ?? RUNNING}
      disableSyncWithLocation
      storeKey={false}
    >
      <Body filtered={filter !== null} />
    </ListBase>
  );
};

export default ObligationsPage;
