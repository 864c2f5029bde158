import { Box, Button, MenuItem, Skeleton, TextField } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { getJson } from '../../api/http-client';
import { useAccess } from '../../api/session-context';
import { ErrorState } from '../../common/error-state';
import { PageHeader } from '../../common/page';
import { useLocaleCode } from '../../common/text';
import type { PolicyRecord } from '../../setup/policy/types';
import { Markdown } from '../markdown';
import type { AgreementVersion, ContractDocument } from '../types';
import { Compare } from './compare';
import { DownloadMenu } from './download-menu';
import { Duties } from './duties';
import { SignPanel } from './sign-panel';
import { SupplyPanel } from './supply-panel';
import { VersionsPanel } from './versions-panel';

const NO_PRINT = { '@media print': { display: 'none !important' } };

/** Only the text and its signatures are printed. */
const PRINT = {
  '@media print': {
    'header, nav, aside': { display: 'none !important' },
    'body, #root, main': { overflow: 'visible !important', height: 'auto !important', background: '#fff', color: '#000' },
  },
};

const useDocument = (id: number, version: number | null) =>
  useQuery({
    queryKey: ['sla-document', id, version],
    queryFn: ({ signal }) =>
      getJson<ContractDocument>(`/sla-contracts/${id}/document${version === null ? '' : `?version=${version}`}`, signal),
  });

const Sheet = ({ children }: { children: React.ReactNode }) => (
  <Box
    component="article"
    sx={{
      bgcolor: 'background.paper',
      border: 1,
      borderColor: 'divider',
      borderRadius: 1,
      px: { xs: 2, md: 5 },
      py: { xs: 2, md: 4 },
      minHeight: 400,
      '@media print': { border: 0, p: 0 },
    }}
  >
    {children}
  </Box>
);

const Actions = (props: { name: string; markdown: string | null; canEdit: boolean; id: number; version: AgreementVersion | null }) => {
  const { canEdit, ...files } = props;
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', ...NO_PRINT }}>
      {canEdit && (
        <Button component={Link} to={`/setup/sla/${props.id}`} color="inherit">
          {translate('sla.contracts.edit')}
        </Button>
      )}
      <DownloadMenu {...files} />
    </Box>
  );
};

const Content = ({ record, versions }: { record: PolicyRecord; versions: readonly AgreementVersion[] }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const access = useAccess();
  const [chosen, setChosen] = useState<number | null>(null);
  const [against, setAgainst] = useState<number | null>(null);
  const version = versions.find((one) => one.versionId === chosen) ?? versions[0] ?? null;
  const { data, error, refetch } = useDocument(record.id, version?.versionId ?? null);
  const others = versions.filter((one) => one !== version);
  return (
    <Box sx={{ height: '100%', overflow: 'auto', ...PRINT }}>
      <Box sx={NO_PRINT}>
        <PageHeader
          title={record.name}
          actions={
            <Actions
              name={record.key}
              markdown={data?.[locale] ?? null}
              canEdit={access.can('update', 'sla-contracts')}
              id={record.id}
              version={version}
            />
          }
        />
      </Box>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          px: { xs: 2, md: 3 },
          py: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 340px' },
          alignItems: 'start',
          '@media print': { display: 'block' },
        }}
      >
        <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          {others.length > 0 && (
            <Box sx={NO_PRINT}>
              <TextField
                select
                label={translate('sla.contracts.compare')}
                value={against ?? ''}
                onChange={(event) => setAgainst(event.target.value === '' ? null : Number(event.target.value))}
                sx={{ minWidth: 180 }}
              >
                <MenuItem value="">–</MenuItem>
                {others.map((one) => (
                  <MenuItem key={one.versionId} value={one.versionId}>
                    {translate('sla.contracts.version', { number: one.number })}
                  </MenuItem>
                ))}
              </TextField>
            </Box>
          )}
          <Sheet>
            {error && <ErrorState error={error} retry={() => void refetch()} />}
            {!data && !error && <Skeleton variant="rounded" height={360} />}
            {data &&
              (against !== null && version ? (
                <Compare id={record.id} from={against} to={version.versionId} />
              ) : (
                <Markdown text={data[locale]} />
              ))}
          </Sheet>
        </Box>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          {version && <SignPanel id={record.id} version={version} />}
          <Box sx={{ display: 'grid', gap: 2, ...NO_PRINT }}>
            {versions.length > 0 && <VersionsPanel versions={versions} shown={version} show={setChosen} />}
            <SupplyPanel id={record.id} version={version?.versionId ?? null} />
            {access.can('publish', 'sla-contracts') && version?.status === 'running' && <Duties id={record.id} />}
          </Box>
        </Box>
      </Box>
    </Box>
  );
};

/** A contract as a document: read, compared, signed, printed. */
const ContractPage = () => {
  const id = Number(useParams()['id']);
  const record = useQuery({
    queryKey: ['policy', 'sla-contracts', id, 'record'],
    queryFn: ({ signal }) => getJson<PolicyRecord>(`/sla-contracts/${id}`, signal),
  });
  const versions = useQuery({
    queryKey: ['sla-agreement', id],
    queryFn: ({ signal }) => getJson<AgreementVersion[]>(`/sla-contracts/${id}/agreement`, signal),
  });
  const error = record.error ?? versions.error;
  if (error) return <ErrorState error={error} retry={() => void Promise.all([record.refetch(), versions.refetch()])} />;
  if (!record.data || !versions.data) return <Skeleton variant="rounded" height={420} sx={{ m: 3 }} />;
  return <Content key={id} record={record.data} versions={versions.data} />;
};

export default ContractPage;
