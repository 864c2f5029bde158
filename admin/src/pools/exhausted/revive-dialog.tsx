import { Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, TextField, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import { exhausted } from '../api';
import { useBoard } from '../use-board';

/** Brings exhausted leads back by hand: where to, and why it is worth another try. */
export const ReviveDialog = (props: { ids: readonly number[]; close: () => void; done: () => Promise<void> }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const access = useAccess();
  const { data } = useBoard();
  const [reason, setReason] = useState('');
  const [pool, setPool] = useState<number | ''>('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const targets = (data ?? []).filter(
    (one) => access.can('create', 'pools') || one.rights?.some((right) => ['transfer', 'manage'].includes(right)),
  );
  const bring = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { results } = await exhausted.revive({ ids: props.ids, reason: reason.trim(), ...(pool !== '' && { pool }) });
      const back = results.filter((result) => result.ok).length;
      const refused = results.find((result) => !result.ok);
      if (back > 0) notify(translate('pools.exhausted.done', { smart_count: back }), { type: 'success' });
      if (refused) notify(refusal(refused), { type: 'warning' });
      await props.done();
    } catch (cause) {
      setError(refusal(cause));
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={props.close} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() && !busy) void bring();
        }}
      >
        <DialogTitle>{translate('pools.exhausted.backTitle', { smart_count: props.ids.length })}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
          <Typography variant="body2" color="text.secondary">
            {translate('pools.exhausted.backHint')}
          </Typography>
          <TextField
            autoFocus
            required
            multiline
            minRows={2}
            label={translate('pools.exhausted.why')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 500 } }}
          />
          <TextField
            select
            label={translate('pools.exhausted.into')}
            value={pool}
            onChange={(event) => setPool(event.target.value === '' ? '' : Number(event.target.value))}
            slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          >
            <MenuItem value="">{translate('pools.exhausted.ownPool')}</MenuItem>
            {targets.map((one) => (
              <MenuItem key={one.id} value={one.id}>
                {one.name}
              </MenuItem>
            ))}
          </TextField>
          {error && (
            <Typography role="alert" variant="body2" color="error">
              {error}
            </Typography>
          )}
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={props.close}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={busy || !reason.trim()}>
            {translate('pools.exhausted.back')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
