import AddIcon from '@mui/icons-material/Add';
import SwapIcon from '@mui/icons-material/SwapHorizOutlined';
import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { ToneChip } from '../../common/badges';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { RowsSkeleton } from '../../common/page';
import { useTime } from '../../common/time';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { handOvers, type HandOver } from '../duty-api';
import { PageBody, Sheet } from '../parts';
import { PoolsHeader } from '../tabs';
import { HandOverItems } from './items';
import { Wizard } from './wizard';

const TONE = { planned: 'info', active: 'warning', returned: 'good', done: 'good', cancelled: 'neutral' } as const;

const Line = ({ handOver, onOpen }: { handOver: HandOver; onOpen: () => void }) => {
  const translate = useTranslate();
  const time = useTime();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      await work();
      changed();
    } catch (error) {
      notify(refusal(error), { type: 'error' });
    } finally {
      await client.invalidateQueries({ queryKey: ['handovers'] });
      setBusy(false);
    }
  };
  const { state, kind } = handOver;
  const when = [time.date(handOver.startsAt), handOver.returnsAt && time.date(handOver.returnsAt)].filter(Boolean).join(' – ');
  return (
    <Box
      role="listitem"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1.5,
        px: 2,
        py: 1.25,
        borderBottom: 1,
        borderColor: 'divider',
        '&:last-child': { borderBottom: 0 },
      }}
    >
      <Box sx={{ flex: 1, minWidth: 180 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
          <Typography fontWeight={600}>{handOver.name}</Typography>
          <ToneChip text={translate(`pools.handOver.state.${state}`)} tone={TONE[state]} />
        </Box>
        <Typography variant="body2" color="text.secondary">
          {translate(`pools.handOver.kind.${kind}`)} · {when} ·{' '}
          {translate('pools.handOver.moved', { moved: handOver.moved, leads: handOver.leads })}
          {handOver.undecided > 0 && ` · ${translate('pools.handOver.kept', { smart_count: handOver.undecided })}`}
        </Typography>
      </Box>
      <Button color="inherit" onClick={onOpen}>
        {translate('pools.handOver.details')}
      </Button>
      {state === 'planned' && (
        <Button variant="outlined" disabled={busy} onClick={() => void run(() => handOvers.cancel(handOver.id))}>
          {translate('pools.handOver.cancel')}
        </Button>
      )}
      {(state === 'active' || (state === 'returned' && handOver.undecided > 0)) && kind === 'leave' && (
        <Button variant="outlined" disabled={busy} onClick={() => void run(() => handOvers.back(handOver.id))}>
          {translate('pools.handOver.returnNow')}
        </Button>
      )}
    </Box>
  );
};

/** Hand-overs for leave and leavers: those that run, and the way to make one. */
const HandOverPage = () => {
  const translate = useTranslate();
  const [making, setMaking] = useState(false);
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['handovers', 'list'], queryFn: handOvers.list });
  const [params, setParams] = useSearchParams();
  const open = data?.find((one) => String(one.id) === params.get('open')) ?? null;
  const show = (one: HandOver | null): void => setParams(one ? { open: String(one.id) } : {}, { replace: one === null });
  const add = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setMaking(true)}>
      {translate('pools.handOver.new')}
    </Button>
  );
  return (
    <>
      <PoolsHeader actions={!making && add} />
      <PageBody>
        {making && <Wizard close={() => setMaking(false)} done={() => setMaking(false)} />}
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && (
          <Sheet>
            <RowsSkeleton rows={3} height={56} />
          </Sheet>
        )}
        {data?.length === 0 && !making && (
          <EmptyState
            icon={<SwapIcon />}
            title={translate('pools.handOver.empty')}
            hint={translate('pools.handOver.emptyHint')}
            action={add}
          />
        )}
        {data && data.length > 0 && (
          <Sheet>
            <Box role="list">
              {data.map((handOver) => (
                <Line key={handOver.id} handOver={handOver} onOpen={() => show(handOver)} />
              ))}
            </Box>
          </Sheet>
        )}
      </PageBody>
      <Dialog open={open !== null} onClose={() => show(null)} fullWidth maxWidth="sm">
        <DialogTitle>{open?.name}</DialogTitle>
        <DialogContent>{open && <HandOverItems handOver={open} />}</DialogContent>
        <DialogActions>
          <Button variant="contained" onClick={() => show(null)}>
            {translate('ra.action.close')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
};

export default HandOverPage;
