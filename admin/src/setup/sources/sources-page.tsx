import AddIcon from '@mui/icons-material/Add';
import InputIcon from '@mui/icons-material/MoveToInboxOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { ToneChip } from '../../common/badges';
import { EmptyState } from '../../common/empty-state';
import { PageHeader } from '../../common/page';
import { useLocaleCode } from '../../common/text';
import { showNumber } from '../../common/values';
import { RecordTable } from '../kit/record-table';
import type { Source } from './source';
import { SourceDialog } from './source-dialog';

/** Where leads come in from outside: each source has an address of its own. */
const SourcesPage = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const access = useAccess();
  const [editing, setEditing] = useState<Source | 'new' | null>(null);
  const { data, error, refetch } = useGetList<Source & RaRecord>('sources', {
    pagination: { page: 1, perPage: 500 },
    sort: { field: 'name', order: 'ASC' },
    filter: {},
  });
  const add = access.can('create', 'sources') && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
      {translate('setup.source.add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={translate('setup.source.title')} actions={add} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1080 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('setup.source.intro')}
        </Typography>
        <RecordTable
          rows={data}
          error={error}
          retry={() => void refetch()}
          open={setEditing}
          empty={
            <EmptyState
              icon={<InputIcon />}
              title={translate('setup.source.empty')}
              hint={translate('setup.source.emptyHint')}
              action={add || undefined}
            />
          }
          columns={[
            { key: 'name', words: 'setup.source.name', render: (source) => <b>{source.name}</b> },
            {
              key: 'adapter',
              words: 'setup.source.adapter',
              render: ({ adapter }) => translate(`setup.source.adapters.${adapter ?? 'auto'}`, { _: adapter ?? '' }),
              wideOnly: true,
            },
            {
              key: 'key',
              words: 'setup.source.key',
              render: (source) => (
                <Box component="code" sx={{ fontSize: 12, overflowWrap: 'anywhere' }}>
                  {source.key}
                </Box>
              ),
              wideOnly: true,
            },
            { key: 'taken', words: 'setup.source.taken', render: (source) => showNumber(source.taken, locale) },
            {
              key: 'active',
              words: 'setup.people.state',
              render: ({ active }) => (
                <ToneChip tone={active ? 'success' : 'neutral'} text={translate(active ? 'setup.source.on' : 'setup.source.off')} />
              ),
            },
          ]}
        />
      </Box>
      {editing !== null && (
        <SourceDialog
          source={editing === 'new' ? null : editing}
          taken={(data ?? []).filter((one) => editing === 'new' || one.id !== editing.id).flatMap((one) => one.key ?? [])}
          readOnly={editing !== 'new' && !access.can('update', 'sources')}
          close={() => setEditing(null)}
        />
      )}
    </>
  );
};

export default SourcesPage;
