import TimerIcon from '@mui/icons-material/TimerOutlined';
import { Box, Button, MenuItem, Skeleton, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ListBase, useListContext, useTranslate, type RaRecord } from 'ra-core';
import { useMemo, useState } from 'react';
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
import { showTotal } from '../common/values';
import { useLocaleCode, useText } from '../common/text';
import { formatDuration, useTime } from '../common/time';
import { LeadCell, useLeadNames } from './lead-cell';
import { rowsOf } from './rows-of';

type Row = SlaClock &
  RaRecord & { readonly lead: number; readonly label: LocalisedText; readonly owner: number | null; readonly breachOwner: number | null };

const OPEN_STATES = ['running', 'paused', 'blocked', 'breached_open'];
const OPEN = new Set(OPEN_STATES);
const ROWS_OF: Readonly<Record<string, Record<string, unknown>>> = { open: { state_in: OPEN_STATES }, all: {} };
const CHOICES = ['open', 'breached_open', 'running', 'paused', 'blocked', 'met', 'breached_closed', 'waived', 'cancelled', 'all'] as const;
type Choice = (typeof CHOICES)[number];
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
  const nameOf = useLeadNames(list.data);
  const [choice, setChoice] = useState<Choice>('open');
  const choose = (next: Choice): void => {
    setChoice(next);
    list.setFilters(ROWS_OF[next] ?? { state: next }, undefined, false);
  };
  const columns: PlainColumn<Row>[] = [
    {
      key: 'lead',
      label: translate('sla.clocks.lead'),
      width: 110,
      render: (row) => (
        <LeadCell
          id={row.lead}
          name={nameOf(row.lead)}
          below={[text(row.label), lookups.member(row.breachOwner ?? row.owner)].filter(Boolean).join(' · ')}
        />
      ),
    },
    { key: 'label', label: translate('sla.clocks.promise'), wideOnly: true, render: (row) => text(row.label) },
    {
      key: 'state',
      label: translate('sla.clocks.state'),
      sort: 'state',
      render: (row) => <ToneChip text={translate(`sla.clocks.states.${row.state}`)} tone={TONE[row.state]} />,
    },
    {
      key: 'owner',
      label: translate('sla.clocks.owner'),
      sort: 'owner',
      wideOnly: true,
      render: (row) => lookups.member(row.breachOwner ?? row.owner),
    },
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
      <PageHeader
        title={translate('sla.clocks.title')}
        subtitle={list.total === undefined ? undefined : showTotal(list.total, locale)}
        actions={
          !filtered && (
            <TextField
              select
              label={translate('sla.clocks.state')}
              value={choice}
              onChange={(event) => choose(event.target.value as Choice)}
              sx={{ minWidth: 150 }}
            >
              {CHOICES.map((one) => (
                <MenuItem key={one} value={one}>
                  {translate(one in ROWS_OF ? `sla.clocks.choices.${one}` : `sla.clocks.states.${one}`)}
                </MenuItem>
              ))}
            </TextField>
          )
        }
      />
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
  filter: Record<string, unknown> | null;
  sort: { field: string; order: 'ASC' | 'DESC' };
  filtered: boolean;
  note?: string | undefined;
}) => (
  <ListBase<Row>
    resource="sla-clocks"
    perPage={50}
    sort={props.sort}
    {...(props.filter ? { filter: props.filter } : { filterDefaultValues: ROWS_OF['open'] })}
    disableSyncWithLocation
    storeKey={false}
  >
    <Body filtered={props.filtered} note={props.note} />
  </ListBase>
);

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
      filter={filter}
      sort={filter ? { field: 'outcomeAt', order: 'DESC' } : { field: 'dueAt', order: 'ASC' }}
      filtered={filter !== null}
    />
  );
};

export default ClocksPage;
