import AddIcon from '@mui/icons-material/Add';
import ChevronIcon from '@mui/icons-material/ChevronRight';
import { Box, Button, ButtonBase, FormControlLabel, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAccess } from '../../api/session-context';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { When } from '../../common/countdown';
import { NewPolicy } from './new-policy';
import { PolicyStatus } from './status';
import type { PolicyRecord, PolicyUi } from './types';
import { Toggle } from '../kit/toggle';

const Line = ({ record, ui, number }: { record: PolicyRecord; ui: PolicyUi; number?: number }) => {
  const translate = useTranslate();
  return (
    <ButtonBase
      component={Link}
      to={`/setup/${ui.slug}/${record.id}`}
      sx={{
        display: 'flex',
        alignItems: 'center',
        justifyContent: 'flex-start',
        gap: 2,
        px: 2,
        minHeight: 56,
        width: '100%',
        textAlign: 'left',
        borderBottom: 1,
        borderColor: 'divider',
        '&:last-child': { borderBottom: 0 },
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      {number !== undefined && <Typography color="text.secondary">{number}</Typography>}
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="subtitle1" noWrap>
          {record.name}
        </Typography>
        <Typography variant="caption" color="text.secondary" noWrap component="div">
          {record.key}
        </Typography>
      </Box>
      <PolicyStatus record={record} />
      <Box sx={{ width: 190, display: { xs: 'none', md: 'block' }, fontSize: 13, color: 'text.secondary' }}>
        {record.version !== null && (
          <>
            {translate('setup.policy.version', { version: record.version })} · <When at={record.publishedAt} />
          </>
        )}
      </Box>
      <ChevronIcon fontSize="small" sx={{ color: 'text.disabled' }} />
    </ButtonBase>
  );
};

/** All policies of a kind with their state, version and when they were published. */
export const PolicyList = ({ ui }: { ui: PolicyUi }) => {
  const translate = useTranslate();
  const access = useAccess();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [retired, setRetired] = useState(false);
  const { data, error, isPending, refetch } = useGetList<PolicyRecord & RaRecord>(ui.resource, {
    pagination: { page: 1, perPage: 200 },
    sort: { field: 'position', order: 'ASC' },
    filter: {},
  });
  const anyRetired = data?.some((record) => record.state === 'retired') ?? false;
  const shown = data?.filter((record) => retired || record.state !== 'retired') ?? [];
  const add = access.can('create', ui.resource) && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
      {translate(`setup.${ui.words}.add`)}
    </Button>
  );
  return (
    <>
      <PageHeader title={translate(`setup.${ui.words}.title`)} actions={add} />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1080 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate(`setup.${ui.words}.intro`)}
        </Typography>
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden' }}>
            {isPending ? (
              <RowsSkeleton rows={3} height={56} />
            ) : shown.length === 0 ? (
              <EmptyState
                icon={ui.icon}
                title={translate(`setup.${ui.words}.empty`)}
                hint={translate(`setup.${ui.words}.emptyHint`)}
                action={add || undefined}
              />
            ) : (
              shown.map((record, index) => <Line key={record.id} record={record} ui={ui} number={ui.ordered ? index + 1 : undefined} />)
            )}
          </Box>
        )}
        {anyRetired && (
          <FormControlLabel
            sx={{ mt: 1 }}
            control={<Toggle checked={retired} onChange={(_event, on) => setRetired(on)} />}
            label={<Typography variant="body2">{translate('setup.policy.showRetired')}</Typography>}
          />
        )}
      </Box>
      {adding && (
        <NewPolicy
          ui={ui}
          taken={data?.map((record) => record.key) ?? []}
          close={() => setAdding(false)}
          created={(id) => navigate(`/setup/${ui.slug}/${id}`)}
        />
      )}
    </>
  );
};
