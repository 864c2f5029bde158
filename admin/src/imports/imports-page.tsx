import { Box, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { useAccess } from '../api/session-context';
import { ToneChip } from '../common/badges';
import { When } from '../common/countdown';
import { EmptyState } from '../common/empty-state';
import { useLookups } from '../common/lookups';
import { PageHeader } from '../common/page';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';
import { RecordTable } from '../setup/kit/record-table';
import { uploadFile } from './api';
import { DropZone } from './drop-zone';
import { KindChoice, useImportKinds } from './kind-choice';
import type { ImportKind, ImportRecord, ImportStatus } from './types';

const TONE: Record<ImportStatus, string> = {
  draft: 'neutral',
  checking: 'info',
  checked: 'info',
  running: 'info',
  done: 'success',
  failed: 'danger',
  cancelled: 'warning',
  reverting: 'info',
  reverted: 'neutral',
};

/** Past imports, and the place to drop the next file. */
export const ImportsPage = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const lookups = useLookups();
  const refusal = useRefusalText();
  const access = useAccess();
  const navigate = useNavigate();
  const kinds = useImportKinds();
  const [chosen, setChosen] = useState<ImportKind | null>(null);
  const kind = chosen ?? kinds[0] ?? 'leads';
  const upload = useMutation({ mutationFn: uploadFile, onSuccess: (record) => void navigate(`/imports/${record.id}`) });
  const { data, error, refetch } = useGetList<ImportRecord & RaRecord>(
    'imports',
    { pagination: { page: 1, perPage: 100 }, sort: { field: 'id', order: 'DESC' }, filter: {} },
    {
      refetchInterval: (query) =>
        query.state.data?.data.some((one) => ['running', 'checking', 'reverting'].includes(one.status)) ? 3000 : false,
    },
  );
  const number = (value: number | null | undefined): string => showNumber(value ?? 0, locale);
  return (
    <>
      <PageHeader title={translate('imports.title')} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1080, display: 'grid', gap: 2 }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720 }}>
          {translate('imports.intro')}
        </Typography>
        {access.can('create', 'imports') && kinds.length > 0 && (
          <>
            <KindChoice value={kind} busy={upload.isPending} change={setChosen} />
            <DropZone
              busy={upload.isPending}
              error={upload.error ? refusal(upload.error) : null}
              take={(file) => upload.mutate({ file, kind })}
            />
          </>
        )}
        <RecordTable
          rows={data}
          error={error}
          retry={() => void refetch()}
          open={(record) => navigate(`/imports/${record.id}`)}
          empty={<EmptyState title={translate('imports.empty')} hint={translate('imports.emptyHint')} />}
          columns={[
            {
              key: 'file',
              words: 'imports.file',
              render: (record) => (
                <Box sx={{ fontWeight: 600, maxWidth: 280, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                  {record.fileName}
                </Box>
              ),
            },
            {
              key: 'kind',
              words: 'imports.kind',
              wideOnly: true,
              render: (record) => (
                <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
                  {translate(`imports.kinds.${record.kind}`)}
                </Box>
              ),
            },
            {
              key: 'status',
              words: 'imports.status',
              render: (record) => <ToneChip tone={TONE[record.status]} text={translate(`imports.statuses.${record.status}`)} />,
            },
            { key: 'rows', words: 'imports.rows', render: (record) => (record.total === null ? '' : number(record.total)), wideOnly: true },
            { key: 'created', words: 'imports.counts.created', render: (record) => number(record.counts?.created), wideOnly: true },
            { key: 'failed', words: 'imports.counts.failed', render: (record) => number(record.counts?.failed), wideOnly: true },
            { key: 'by', words: 'imports.by', render: (record) => lookups.member(record.owner), wideOnly: true },
            { key: 'at', words: 'imports.at', render: (record) => <When at={record.createdAt} /> },
          ]}
        />
      </Box>
    </>
  );
};
