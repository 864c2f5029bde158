import TimerIcon from '@mui/icons-material/TimerOutlined';
import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ListBase, useListContext, useTranslate, type RaRecord } from 'ra-core';
import { useMemo } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { getJson } from '../api/http-client';
import type { LocalisedText, SlaClock } from '../api/types';
import { ToneChip } from '../common/badges';
import { Countdown } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useLocaleCode, useText } from '../common/text';
import { formatDuration, useTime } from '../common/time';
import { rowsOf } from './rows-of';

type Row = SlaClock &
  RaRecord & { readonly lead: number; readonly label: LocalisedText; readonly owner: number | null; readonly breachOwner: number | null };

const OPEN = new Set(['running', 'paused', 'blocked', 'breached_open']);
const TONE: Readonly<Record<string, string>> = {
  met: 'success',
  breached_open: 'danger',
  breached_closed: 'danger',
  waived: 'warning',
  running: 'info',
  blocked: 'warning',
};

const Body = ({ filtered, note }: { filtered: boolean; note?: string | undefined }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const locale = useLocaleCode();
  const lookups = useLookups();
  const navigate = useNavigate();
  const list = useListContext<Row>();
  const columns: PlainColumn<Row>[] = [
    {
      key: 'lead',
      label: translate('sla.clocks.lead'),
      render: (row) => (
        <Box
          component={Link}
          to={`/leads/${row.lead}`}
          onClick={(event) => event.stopPropagation()}
          sx={{ color: 'inherit', fontWeight: 600, textDecoration: 'none' }}
        >
          #{row.lead}
        </Box>
      ),
    },
    { key: 'label', label: translate('sla.clocks.promise'), render: (row) => text(row.label) },
    {
      key: 'state',
      label: translate('sla.clocks.state'),
      sort: 'state',
      render: (row) => <ToneChip text={translate(`sla.clocks.states.${row.state}`)} tone={TONE[row.state]} />,
    },
    { key: 'owner', label: translate('sla.clocks.owner'), sort: 'owner', render: (row) => lookups.member(row.breachOwner ?? row.owner) },
    {
      key: 'due',
      label: translate('sla.clocks.due'),
      sort: 'dueAt',
      render: (row) => (OPEN.has(row.state) ? <Countdown clock={row} /> : time.dateTime(row.breachedAt ?? row.dueAt)),
    },
    {
      key: 'ended',
      label: translate('sla.clocks.ended'),
      sort: 'stoppedAt',
      wideOnly: true,
      render: (row) => time.dateTime(row.stoppedAt),
    },
    {
      key: 'used',
      label: translate('sla.clocks.used'),
      align: 'right',
      wideOnly: true,
      render: (row) => (typeof row.elapsedSeconds === 'number' ? formatDuration(row.elapsedSeconds, locale) : ''),
    },
    {
      key: 'target',
      label: translate('sla.clocks.target'),
      align: 'right',
      wideOnly: true,
      sort: 'targetSeconds',
      render: (row) => (typeof row.targetSeconds === 'number' ? formatDuration(row.targetSeconds, locale) : ''),
    },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader title={translate('sla.clocks.title')} subtitle={list.total} />
      <Box sx={{ minHeight: 32, px: { xs: 2, md: 3 }, display: 'flex', alignItems: 'center', gap: 1 }}>
        {filtered && (
          <>
            <Typography variant="body2" color="text.secondary">
              {note ?? translate('sla.clocks.filtered')}
            </Typography>
            <Button component={Link} to="/sla/clocks" size="small">
              {translate('sla.clocks.clear')}
            </Button>
          </>
        )}
      </Box>
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && <EmptyState icon={<TimerIcon />} title={translate('sla.clocks.empty')} hint={translate('sla.clocks.emptyHint')} />}
      {!isEmpty && !list.error && <PlainTable columns={columns} onOpen={(row) => navigate(`/leads/${row.lead}`)} />}
      {!isEmpty && <Pager />}
    </Box>
  );
};

interface CellRows {
  readonly ids: readonly number[];
  readonly total: number;
}

/** The rows of one cell of the score card's hours: asked for by the question of the cell, so that they are as many as it says. */
const CellPage = ({ cell }: { cell: Record<string, unknown> }) => {
  const translate = useTranslate();
  const query = new URLSearchParams(Object.entries(cell).map(([name, value]): [string, string] => [name, String(value)])).toString();
  const { data, error, refetch } = useQuery({
    queryKey: ['sla-cell', query],
    queryFn: ({ signal }) => getJson<CellRows>(`/sla/scorecard/rows?${query}`, signal),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton variant="rounded" height={320} sx={{ m: 3 }} />;
  const note = data.total > data.ids.length ? translate('sla.clocks.newest', { shown: data.ids.length, total: data.total }) : undefined;
  return (
    <Rows
      key={query}
      filter={{ id: data.ids.length > 0 ? data.ids : [0] }}
      sort={{ field: 'outcomeAt', order: 'DESC' }}
      filtered
      note={note}
    />
  );
};

const Rows = (props: {
  filter: Record<string, unknown>;
  sort: { field: string; order: 'ASC' | 'DESC' };
  filtered: boolean;
  note?: string | undefined;
}) => (
  <ListBase<Row> resource="sla-clocks" perPage={50} sort={props.sort} filter={props.filter} disableSyncWithLocation storeKey={false}>
    <Body filtered={props.filtered} note={props.note} />
  </ListBase>
);

const OPEN_ROWS = { state_in: ['running', 'paused', 'blocked', 'breached_open'] };

/** All deadlines the member may see, or the rows behind a number of the score card. */
const ClocksPage = () => {
  const [search] = useSearchParams();
  const [rows, cell] = [search.get('rows'), search.get('cell')];
  const filter = useMemo(() => rowsOf(rows), [rows]);
  const chosen = useMemo(() => rowsOf(cell), [cell]);
  if (chosen) return <CellPage cell={chosen} />;
  return (
    <Rows
      key={rows ?? 'all'}
      filter={filter ?? OPEN_ROWS}
      sort={filter ? { field: 'outcomeAt', order: 'DESC' } : { field: 'dueAt', order: 'ASC' }}
      filtered={filter !== null}
    />
  );
};

export default ClocksPage;
