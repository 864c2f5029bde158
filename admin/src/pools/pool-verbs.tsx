import { Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import type { PoolCard } from '../api/types';
import { useAccess } from '../api/session-context';
import { AssignDialog } from '../leads/verb-dialogs';
import { useLeadVerbs, type VerbOutcome } from '../leads/use-lead-verbs';
import { useBoard } from './use-board';

const MoveDialog = (props: { pool: PoolCard; count: number; busy: boolean; onClose: () => void; onMove: (pool: number) => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const { data } = useBoard();
  const [to, setTo] = useState<number | ''>('');
  const all = access.can('update', 'pools');
  const targets = (data ?? []).filter(
    (pool) => pool.id !== props.pool.id && (all || pool.rights?.includes('transfer') || pool.rights?.includes('manage')),
  );
  return (
    <Dialog open onClose={props.onClose} maxWidth="xs" fullWidth>
      <DialogTitle>{translate('pools.moveTitle', { smart_count: props.count })}</DialogTitle>
      <DialogContent sx={{ pt: '8px !important' }}>
        <TextField
          select
          fullWidth
          autoFocus
          label={translate('fields.pool')}
          value={to}
          onChange={(event) => setTo(Number(event.target.value))}
          helperText={targets.length === 0 ? translate('pools.noTarget') : undefined}
        >
          {targets.map((pool) => (
            <MenuItem key={pool.id} value={pool.id}>
              {pool.name}
            </MenuItem>
          ))}
        </TextField>
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={props.onClose}>
          {translate('ra.action.cancel')}
        </Button>
        <Button variant="contained" disabled={to === '' || props.busy} onClick={() => to !== '' && props.onMove(to)}>
          {translate('pools.move')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

/** What those who keep the pool do with ticked leads: give them to a person, or move them to another pool. */
export const PoolVerbs = (props: {
  pool: PoolCard;
  ids: number[];
  canAssign: boolean;
  canMove: boolean;
  onDone: (outcome: VerbOutcome | null) => void;
}) => {
  const translate = useTranslate();
  const { many } = useLeadVerbs();
  const [open, setOpen] = useState<'assign' | 'move' | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (verb: 'assign' | 'move', body: Record<string, unknown>): Promise<void> => {
    setBusy(true);
    props.onDone(await many(props.ids, verb, body));
    setBusy(false);
    setOpen(null);
  };
  return (
    <>
      {props.canMove && (
        <Button variant="outlined" onClick={() => setOpen('move')}>
          {translate('pools.moveTo')}
        </Button>
      )}
      {props.canAssign && (
        <Button variant="outlined" onClick={() => setOpen('assign')}>
          {translate('verbs.assign.action')}
        </Button>
      )}
      {open === 'assign' && (
        <AssignDialog count={props.ids.length} onClose={() => setOpen(null)} onSubmit={(body) => run('assign', body)} />
      )}
      {open === 'move' && (
        <MoveDialog
          pool={props.pool}
          count={props.ids.length}
          busy={busy}
          onClose={() => setOpen(null)}
          onMove={(pool) => void run('move', { pool })}
        />
      )}
    </>
  );
};
