import EraserIcon from '@mui/icons-material/PersonRemoveOutlined';
import { Box, Typography } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'ra-core';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { PageHeader } from '../../common/page';
import { Pager } from '../../common/pager';
import { PlainTable, type PlainColumn } from '../../common/plain-table';
import { LeadCell } from '../../sla/lead-cell';
import { showCount } from '../../i18n/counts';

interface Erasure {
  readonly id: number;
  readonly lead: number;
  readonly reason: string;
  readonly reference: string | null;
  readonly member: number | null;
  readonly suppressed: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly at: string;
}

const Body = () => {
  const translate = useTranslate();
  const lookups = useLookups();
  const list = useListContext<Erasure>();
  const columns: PlainColumn<Erasure>[] = [
    { key: 'at', label: translate('erasure.at'), sort: 'at', width: 72, render: (row) => <When at={row.at} /> },
    { key: 'lead', label: translate('erasure.lead'), render: (row) => <LeadCell id={row.lead} name={`#${row.lead}`} /> },
    { key: 'reason', label: translate('erasure.reason'), sort: 'reason', render: (row) => translate(`erasure.reasons.${row.reason}`) },
    { key: 'reference', label: translate('erasure.reference'), render: (row) => row.reference ?? '' },
    { key: 'member', label: translate('erasure.by'), render: (row) => lookups.member(row.member) },
    {
      key: 'counts',
      label: translate('erasure.records'),
      wideOnly: true,
      render: (row) => showCount(Object.values(row.counts).reduce((sum, count) => sum + count, 0)),
    },
    {
      key: 'suppressed',
      label: translate('erasure.suppressed'),
      wideOnly: true,
      render: (row) => (
        <ToneChip text={translate(row.suppressed ? 'erasure.blocked' : 'erasure.free')} tone={row.suppressed ? 'success' : 'neutral'} />
      ),
    },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader title={translate('erasure.register')} />
      <Typography variant="body2" color="text.secondary" sx={{ px: { xs: 2, md: 3 }, pb: 1 }}>
        {translate('erasure.registerIntro')}
      </Typography>
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && <EmptyState icon={<EraserIcon />} title={translate('erasure.registerEmpty')} hint={translate('erasure.registerHint')} />}
      {!isEmpty && !list.error && <PlainTable columns={columns} />}
      {!isEmpty && <Pager />}
    </Box>
  );
};

/** The register of erasures: who, when and why; nothing of the persons. */
const ErasuresPage = () => (
  <ListBase resource="erasures" perPage={50} sort={{ field: 'id', order: 'DESC' }} disableSyncWithLocation storeKey="list-erasures">
    <Body />
  </ListBase>
);

export default ErasuresPage;
