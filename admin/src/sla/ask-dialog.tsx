import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useRefusalText } from '../api/errors';

interface AskDialogProps {
  title: string;
  hint?: ReactNode;
  submit: string;
  ready: boolean;
  close: () => void;
  run: () => Promise<unknown>;
  children?: ReactNode;
}

/** Asks for what an action needs, carries it out, and says why it was refused. */
export const AskDialog = (props: AskDialogProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await props.run();
      props.close();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={props.close} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (props.ready && !busy) void submit();
        }}
      >
        <DialogTitle>{props.title}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
          {props.hint && (
            <Typography variant="body2" color="text.secondary">
              {props.hint}
            </Typography>
          )}
          {props.children}
          {error !== null && (
            <Typography variant="body2" color="error" role="alert">
              {refusal(error)}
            </Typography>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={props.close}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={!props.ready || busy}>
            {props.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
