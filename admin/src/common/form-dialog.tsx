import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Typography,
  useMediaQuery,
  type ButtonProps,
  type DialogProps,
} from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useRefusalText } from '../api/errors';

interface FormDialogProps {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly children?: ReactNode;
  /** What the button that does it says. Absent = there is nothing to do here but look. */
  readonly submit?: string;
  readonly cancel?: string;
  readonly color?: ButtonProps['color'];
  /** Whether everything that is asked for is answered. */
  readonly ready?: boolean;
  /** Whether something else than `run` is under way. */
  readonly busy?: boolean;
  /** A refusal that came another way than by what `run` threw. */
  readonly error?: unknown;
  /** Refusals in words of the subject; by default the console's. */
  readonly refusal?: (error: unknown) => string;
  readonly width?: DialogProps['maxWidth'];
  /** Takes the whole screen of a phone: for what is longer than a question. */
  readonly tall?: boolean;
  /** Starts on "cancel": for what cannot be taken back. */
  readonly careful?: boolean;
  /** Neither a click outside nor Escape closes it: there is something to lose. */
  readonly sticky?: boolean;
  /** More buttons, at the left. */
  readonly actions?: ReactNode;
  readonly close: () => void;
  /** Does it, and closes; what it throws is shown, and the dialog stays. */
  readonly run: () => unknown;
}

const WRITABLE = 'input:not([type=checkbox]):not([type=radio]):not([type=file]):not([readonly]):not([disabled]), textarea:not([disabled])';

/** The first field, unless one asked for the focus itself; never one that opens a list at once. */
const focusFirst = (dialog: HTMLElement): void => {
  if (dialog.contains(document.activeElement)) return;
  const field = dialog.querySelector<HTMLElement>(WRITABLE);
  if (field?.getAttribute('role') !== 'combobox') field?.focus();
};

/** With Ctrl or Command, Enter submits from a field of several lines too. */
const submitByKey = (event: KeyboardEvent<HTMLFormElement>): void => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
};

/** The frame of every dialog that asks for something and does it: Enter submits, a refusal is read in it, and it is done once. */
export const FormDialog = (props: FormDialogProps) => {
  const { ready = true, width = 'xs' } = props;
  const translate = useTranslate();
  const words = useRefusalText();
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const [running, setRunning] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const busy = running || props.busy === true;
  const error = thrown ?? props.error ?? null;
  const run = async (): Promise<void> => {
    setRunning(true);
    setThrown(null);
    try {
      await props.run();
    } catch (cause) {
      setThrown(cause);
    } finally {
      setRunning(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    // A dialog opened from a form is inside that form for React.
    event.stopPropagation();
    if (props.submit !== undefined && ready && !busy) void run();
  };
  return (
    <Dialog
      open
      onClose={props.sticky ? undefined : props.close}
      fullWidth
      maxWidth={width}
      fullScreen={props.tall === true && isPhone}
      slotProps={{ transition: { onEnter: focusFirst } }}
    >
      <Box
        component="form"
        noValidate
        onSubmit={onSubmit}
        onKeyDown={submitByKey}
        sx={{ display: 'flex', flexDirection: 'column', flex: '1 1 auto', minHeight: 0 }}
      >
        <DialogTitle>{props.title}</DialogTitle>
        {/* What loads above the field in focus must not push its own beginning out of sight. */}
        <DialogContent
          sx={{ display: 'grid', gap: 2, alignContent: 'start', pt: '8px !important', overflowAnchor: 'none', '& > *': { minWidth: 0 } }}
        >
          {props.hint && (
            <Typography variant="body2" color="text.secondary">
              {props.hint}
            </Typography>
          )}
          {props.children}
          {error !== null && (
            <Typography role="alert" variant="body2" color="error">
              {(props.refusal ?? words)(error)}
            </Typography>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          {props.actions && <Box sx={{ flex: 1 }}>{props.actions}</Box>}
          <Button color="inherit" autoFocus={props.careful} onClick={props.close}>
            {props.cancel ?? translate('ra.action.cancel')}
          </Button>
          {props.submit !== undefined && (
            <Button type="submit" variant="contained" color={props.color ?? 'primary'} disabled={!ready || busy}>
              {props.submit}
            </Button>
          )}
        </DialogActions>
      </Box>
    </Dialog>
  );
};
