import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useText } from '../../common/text';
import type { PullState } from '../api';

/** Asks why a lead is passed on; the number keys choose a reason. */
export const SkipDialog = (props: {
  state: PullState;
  busy: boolean;
  onClose: () => void;
  onSkip: (reason: string, note: string) => void;
}) => {
  const translate = useTranslate();
  const text = useText();
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const { skipReasons, skips } = props.state;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey) return;
      const chosen = skipReasons[Number(event.key) - 1];
      if (chosen) setReason(chosen.value);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [skipReasons]);
  const needsNote = reason === 'other';
  const ready = reason !== null && (!needsNote || note.trim() !== '');
  return (
    <Dialog open onClose={props.onClose} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason !== null && ready && !props.busy) props.onSkip(reason, note.trim());
        }}
      >
        <DialogTitle>{translate('pools.queue.skipTitle')}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 1 }}>
          <Typography variant="body2" color="text.secondary">
            {translate('pools.queue.skipsLeft', { smart_count: Math.max(0, skips.limit - skips.used) })}
          </Typography>
          {skipReasons.map((one, index) => (
            <Button
              key={one.value}
              variant={reason === one.value ? 'contained' : 'outlined'}
              color={reason === one.value ? 'primary' : 'inherit'}
              aria-pressed={reason === one.value}
              onClick={() => setReason(one.value)}
              sx={{ justifyContent: 'space-between', minHeight: 44, '& kbd': { display: { xs: 'none', sm: 'inline' } } }}
              endIcon={index < 9 ? <kbd>{index + 1}</kbd> : undefined}
            >
              {text(one.label)}
            </Button>
          ))}
          <TextField
            label={translate('verbs.note')}
            value={note}
            required={needsNote}
            onChange={(event) => setNote(event.target.value)}
            multiline
            fullWidth
            sx={{ mt: 1 }}
          />
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={props.onClose}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={!ready || props.busy}>
            {translate('pools.queue.skip')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
