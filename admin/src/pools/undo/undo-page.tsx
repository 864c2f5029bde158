import UndoIcon from '@mui/icons-material/Undo';
import {
  Box,
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  Skeleton,
  Typography,
} from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { ToneChip } from '../../common/badges';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { RowsSkeleton } from '../../common/page';
import { useTime } from '../../common/time';
import { RecordLink } from '../../common/record-link';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { moves, type Conflict, type Move } from '../duty-api';
import { PageBody, Sheet } from '../parts';
import { PoolsHeader } from '../tabs';

const Conflicts = ({ conflicts, count }: { conflicts: readonly Conflict[]; count: number }) => {
  const translate = useTranslate();
  if (count === 0) return null;
  return (
    <Box>
      <Typography variant="subtitle2">{translate('pools.undo.conflicts', { smart_count: count })}</Typography>
      <Box sx={{ maxHeight: 240, overflow: 'auto' }}>
        {conflicts.map((conflict) => (
          <Box key={conflict.lead} sx={{ display: 'flex', gap: 1, py: 0.5, borderBottom: 1, borderColor: 'divider', fontSize: 13 }}>
            <RecordLink to={`/leads/${conflict.lead}`} sx={{ flex: 1 }}>
              {conflict.name || `#${conflict.lead}`}
            </RecordLink>
            <Box sx={{ color: 'text.secondary', textAlign: 'right' }}>
              {translate(`pools.conflict.${conflict.code}`, { _: conflict.code })} {conflict.by} {conflict.at && <When at={conflict.at} />}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
};

/** Says what an undo would bring back and what it cannot, and does it. */
const UndoDialog = ({ move, close }: { move: Move; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const [worked, setWorked] = useState(false);
  const [busy, setBusy] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['pool-moves', move.key], queryFn: () => moves.one(move.key), staleTime: 0 });
  const hasWorked = data?.conflicts.some((conflict) => conflict.code === 'WORKED_SINCE') ?? false;
  const undo = async (): Promise<void> => {
    setBusy(true);
    try {
      const { restored, conflictCount } = await moves.undo(move.key, worked);
      notify(translate('pools.undo.done', { smart_count: restored, conflicts: conflictCount }), { type: 'success' });
      changed();
      close();
    } catch (cause) {
      notify(refusal(cause), { type: 'error' });
    } finally {
      await client.invalidateQueries({ queryKey: ['pool-moves'] });
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm">
      <DialogTitle>{translate('pools.undo.title', { what: translate(`pools.undo.kind.${move.kind}`) })}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {error && <ErrorState dense error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton variant="rounded" height={120} />}
        {data && (
          <>
            <Typography>{translate('pools.undo.ready', { smart_count: data.ready, leads: move.leads })}</Typography>
            <Conflicts conflicts={data.conflicts} count={data.conflictCount} />
            {hasWorked && (
              <FormControlLabel
                control={<Checkbox size="small" checked={worked} onChange={(_event, on) => setWorked(on)} />}
                label={<Typography variant="body2">{translate('pools.undo.includeWorked')}</Typography>}
              />
            )}
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {translate('ra.action.cancel')}
        </Button>
        <Button variant="contained" color="warning" disabled={busy || !data || (data.ready === 0 && !worked)} onClick={() => void undo()}>
          {translate('pools.undo.action')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

/** Bulk moves of the last seven days, each of which can be taken back. */
const UndoPage = () => {
  const translate = useTranslate();
  const time = useTime();
  const [open, setOpen] = useState<Move | null>(null);
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['pool-moves', 'list'], queryFn: moves.list, staleTime: 0 });
  return (
    <>
      <PoolsHeader />
      <PageBody>
        <Typography variant="body2" color="text.secondary">
          {translate('pools.undo.intro')}
        </Typography>
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && (
          <Sheet>
            <RowsSkeleton rows={5} height={52} />
          </Sheet>
        )}
        {data?.moves.length === 0 && (
          <EmptyState icon={<UndoIcon />} title={translate('pools.undo.empty')} hint={translate('pools.undo.emptyHint')} />
        )}
        {data && data.moves.length > 0 && (
          <Sheet>
            <Box role="list">
              {data.moves.map((move) => (
                <Box
                  key={move.key}
                  role="listitem"
                  sx={{
                    display: 'flex',
                    flexWrap: 'wrap',
                    alignItems: 'center',
                    gap: 1.5,
                    px: 2,
                    py: 1,
                    borderBottom: 1,
                    borderColor: 'divider',
                    '&:last-child': { borderBottom: 0 },
                  }}
                >
                  <Box sx={{ flex: 1, minWidth: 180 }}>
                    <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
                      <Typography fontWeight={600}>{translate(`pools.undo.kind.${move.kind}`)}</Typography>
                      <span>{translate('pools.undo.leads', { smart_count: move.leads })}</span>
                      {move.undoneAt && <ToneChip text={translate('pools.undo.undone')} tone="good" />}
                    </Box>
                    <Typography variant="body2" color="text.secondary" component="div">
                      <When at={move.at} /> · {move.name ?? translate('pools.undo.byProduct')}
                      {!move.undoneAt && ` · ${translate('pools.undo.until', { at: time.dateTime(move.undoableUntil) })}`}
                    </Typography>
                  </Box>
                  {!move.undoneAt && (
                    <Button variant="outlined" startIcon={<UndoIcon />} onClick={() => setOpen(move)}>
                      {translate('pools.undo.actionDots')}
                    </Button>
                  )}
                </Box>
              ))}
            </Box>
          </Sheet>
        )}
      </PageBody>
      {open && <UndoDialog move={open} close={() => setOpen(null)} />}
    </>
  );
};

export default UndoPage;
