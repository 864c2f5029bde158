import { TextField, type ButtonProps } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { FormDialog } from '../common/form-dialog';

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
export const WhyDialog = ({ why, maxLength, children, after, ...frame }: WhyDialogProps) => {
  const [reason, setReason] = useState('');
  return (
    <FormDialog {...frame} ready={reason.trim() !== '' && frame.ready !== false} run={() => frame.run(reason.trim())}>
      {children}
      <TextField
        autoFocus
        required
        multiline
        minRows={2}
        label={why}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        slotProps={{ htmlInput: { maxLength: maxLength ?? 500 } }}
      />
      {after}
    </FormDialog>
  );
};
