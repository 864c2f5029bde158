import ArticleIcon from '@mui/icons-material/ArticleOutlined';
import { Box } from '@mui/material';
import { ListBase, useListContext, useTranslate, type RaRecord } from 'ra-core';
import { useNavigate } from 'react-router-dom';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader } from '../../common/page';
import { Pager } from '../../common/pager';
import { PlainTable, type PlainColumn } from '../../common/plain-table';
import { RecordLink } from '../../common/record-link';

interface ContractRow extends RaRecord {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly version: number | null;
  readonly publishedAt: string | null;
}

const Body = () => {
  const translate = useTranslate();
  const navigate = useNavigate();
  const list = useListContext<ContractRow>();
  const columns: PlainColumn<ContractRow>[] = [
    {
      key: 'name',
      label: translate('sla.contracts.title'),
      sort: 'name',
      render: (row) => <RecordLink to={`/sla/contracts/${row.id}`}>{row.name}</RecordLink>,
    },
    {
      key: 'version',
      label: translate('sla.contracts.versions'),
      render: (row) =>
        row.version === null ? translate('sla.contracts.draft') : translate('sla.contracts.version', { number: row.version }),
    },
    { key: 'publishedAt', label: '', wideOnly: true, render: (row) => <When at={row.publishedAt} /> },
  ];
  const isEmpty = !list.isPending && !list.error && list.data?.length === 0;
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageHeader title={translate('sla.contracts.title')} />
      <Box sx={{ height: 8 }} />
      {list.error && <ErrorState error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <EmptyState icon={<ArticleIcon />} title={translate('sla.contracts.empty')} hint={translate('sla.contracts.emptyHint')} />
      )}
      {!isEmpty && !list.error && <PlainTable columns={columns} onOpen={(row) => navigate(`/sla/contracts/${row.id}`)} />}
      {!isEmpty && <Pager />}
    </Box>
  );
};

/** The contracts everybody involved may read. */
const ContractsPage = () => (
  <ListBase
    resource="sla-contracts"
    perPage={50}
    sort={{ field: 'position', order: 'ASC' }}
    filter={{ state_in: ['draft', 'live'] }}
    disableSyncWithLocation
    storeKey={false}
  >
    <Body />
  </ListBase>
);

export default ContractsPage;
