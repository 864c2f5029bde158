import GroupsIcon from '@mui/icons-material/GroupsOutlined';
import { Box, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ListBase, useListContext, useTranslate, type RaRecord } from 'ra-core';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { getJson } from '../api/http-client';
import type { LocalisedText } from '../api/types';
import { EmptyState } from '../common/empty-state';
import { ErrorState } from '../common/error-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { Pager } from '../common/pager';
import { PlainTable, type PlainColumn } from '../common/plain-table';
import { useText } from '../common/text';
import { useTime } from '../common/time';
import { showCount } from '../i18n/counts';

interface Found {
  readonly label: LocalisedText;
  readonly ids: readonly number[];
  readonly total: number;
}

interface Row extends RaRecord {
  readonly name: string | null;
  readonly company: string | null;
  readonly stage: string;
  readonly owner: number | null;
  readonly capturedAt: string;
}

const Body = () => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const lookups = useLookups();
  const navigate = useNavigate();
  const list = useListContext<Row>();
  const columns: PlainColumn<Row>[] = [
    { key: 'name', label: translate('sla.clocks.lead'), render: (row) => <b>{row.name ?? row.company ?? `#${row.id}`}</b> },
    { key: 'company', label: translate('sla.periods.company'), render: (row) => row.company ?? '' },
    {
      key: 'stage',
      label: translate('sla.periods.stage'),
      sort: 'stage',
      render: (row) => text(lookups.stage(row.stage)?.label ?? null) || row.stage,
    },
    { key: 'owner', label: translate('sla.clocks.owner'), sort: 'owner', render: (row) => lookups.member(row.owner) },
    {
      key: 'captured',
      label: translate('sla.periods.captured'),
      sort: 'capturedAt',
      wideOnly: true,
      render: (row) => time.dateTime(row.capturedAt),
    },
  ];
  return (
    <>
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {!list.error && <PlainTable columns={columns} onOpen={(row) => navigate(`/leads/${row.id}`)} />}
      <Pager />
    </>
  );
};

/** The leads behind what one side has delivered in the present period, or those that count against it. */
const PeriodLeadsPage = () => {
  const translate = useTranslate();
  const text = useText();
  const { contract = '', key = '' } = useParams();
  const [search] = useSearchParams();
  const hit = search.get('hit') !== 'false';
  const query = new URLSearchParams({ contract, key, hit: String(hit) }).toString();
  const { data, error, refetch } = useQuery({
    queryKey: ['sla-period-leads', query],
    queryFn: ({ signal }) => getJson<Found>(`/sla/periods/leads?${query}`, signal),
  });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton variant="rounded" height={320} sx={{ m: 3 }} />;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader title={text(data.label)} subtitle={showCount(data.total)} />
      <Typography variant="body2" color="text.secondary" sx={{ minHeight: 32, px: { xs: 2, md: 3 } }}>
        {hit ? translate('sla.periods.counted') : translate('sla.scorecard.lacking')}
        {data.total > data.ids.length ? ` · ${translate('sla.clocks.newest', { shown: data.ids.length, total: data.total })}` : ''}
      </Typography>
      {data.ids.length === 0 ? (
        <EmptyState icon={<GroupsIcon />} title={translate('sla.periods.empty')} />
      ) : (
        <ListBase<Row>
          key={query}
          resource="leads"
          perPage={50}
          sort={{ field: 'capturedAt', order: 'DESC' }}
          filter={{ id: data.ids }}
          disableSyncWithLocation
          storeKey={false}
        >
          <Body />
        </ListBase>
      )}
    </Box>
  );
};

export default PeriodLeadsPage;
