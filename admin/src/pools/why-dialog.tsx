import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography, type ButtonProps } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useRefusalText } from '../api/errors';

interface WhyDialogProps {
  readonly title: string;
  readonly hint?: string;
  /** The label of the field in which the reason is given. */
  readonly why: string;
  readonly submit: string;
  readonly cancel?: string;
  readonly color?: ButtonProps['color'];
  /** Whether what `children` ask for is answered. */
  readonly ready?: boolean;
  readonly maxLength?: number;
  /** Asked for before the reason, and after it. */
  readonly children?: ReactNode;
  readonly after?: ReactNode;
  readonly close: () => void;
  /** Does it; what it throws is shown, and the dialog stays. */
  readonly run: (reason: string) => Promise<void> | void;
}

/** A dialog that asks for a reason before it does something, and says why it was refused. */
export const WhyDialog = (props: WhyDialogProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ready = reason.trim() !== '' && !busy && props.ready !== false;
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await props.run(reason.trim());
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
          if (ready) void run();
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
          <TextField
            autoFocus
            required
            multiline
            minRows={2}
            label={props.why}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            slotProps={{ htmlInput: { maxLength: props.maxLength ?? 500 } }}
          />
          {props.after}
          {error && (
            <Typography role="alert" variant="body2" color="error">
              {error}
            </Typography>
          )}
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={props.close}>
            {props.cancel ?? translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" color={props.color ?? 'primary'} disabled={!ready}>
            {props.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
