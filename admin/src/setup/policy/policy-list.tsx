import AddIcon from '@mui/icons-material/Add';
import DownIcon from '@mui/icons-material/ArrowDownward';
import UpIcon from '@mui/icons-material/ArrowUpward';
import ChevronIcon from '@mui/icons-material/ChevronRight';
import { Box, Button, ButtonBase, FormControlLabel, IconButton, Typography } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAccess } from '../../api/session-context';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { When } from '../../common/countdown';
import { NewPolicy } from './new-policy';
import { nextPosition } from './order';
import { PolicyStatus } from './status';
import type { PolicyRecord, PolicyUi } from './types';
import { Toggle } from '../kit/toggle';
import { useOrder } from './use-order';

interface Place {
  readonly index: number;
  readonly count: number;
  readonly busy: boolean;
  readonly move: (from: number, to: number) => Promise<void>;
}

const MoveButtons = ({ name, place: { index, count, busy, move } }: { name: string; place: Place }) => {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', pr: 1 }}>
      <IconButton
        size="small"
        aria-label={translate('setup.policy.up', { name })}
        disabled={busy || index === 0}
        onClick={() => void move(index, index - 1)}
      >
        <UpIcon fontSize="small" />
      </IconButton>
      <IconButton
        size="small"
        aria-label={translate('setup.policy.down', { name })}
        disabled={busy || index === count - 1}
        onClick={() => void move(index, index + 1)}
      >
        <DownIcon fontSize="small" />
      </IconButton>
    </Box>
  );
};

const Line = ({ record, ui, number, place }: { record: PolicyRecord; ui: PolicyUi; number?: number; place?: Place }) => {
  const translate = useTranslate();
  return (
    <Box
      role="listitem"
      sx={{ display: 'flex', alignItems: 'center', borderBottom: 1, borderColor: 'divider', '&:last-child': { borderBottom: 0 } }}
    >
      <ButtonBase
        component={Link}
        to={`/setup/${ui.slug}/${record.id}`}
        sx={{
          display: 'flex',
          alignItems: 'center',
          justifyContent: 'flex-start',
          gap: { xs: 1.25, sm: 2 },
          px: { xs: 1.5, sm: 2 },
          minHeight: 56,
          flex: 1,
          minWidth: 0,
          textAlign: 'left',
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
        <ChevronIcon fontSize="small" sx={{ color: 'text.disabled', display: place ? { xs: 'none', sm: 'block' } : undefined }} />
      </ButtonBase>
      {place && <MoveButtons name={record.name} place={place} />}
    </Box>
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
  const inUse = data?.filter((record) => record.state !== 'retired') ?? [];
  const shown = [...inUse, ...(retired ? (data?.filter((record) => record.state === 'retired') ?? []) : [])];
  const order = useOrder(ui.resource, inUse);
  const sortable = ui.ordered === true && inUse.length > 1 && access.can('update', ui.resource);
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
              <Box role="list">
                {shown.map((record, index) => {
                  const placed = index < inUse.length;
                  return (
                    <Line
                      key={record.id}
                      record={record}
                      ui={ui}
                      number={ui.ordered && placed ? index + 1 : undefined}
                      place={sortable && placed ? { index, count: inUse.length, ...order } : undefined}
                    />
                  );
                })}
              </Box>
            )}
          </Box>
        )}
        {sortable && (
          <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1 }}>
            {translate('setup.policy.orderHelp')}
          </Typography>
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
          position={nextPosition(data ?? [])}
          close={() => setAdding(false)}
          created={(id) => navigate(`/setup/${ui.slug}/${id}`)}
        />
      )}
    </>
  );
};
