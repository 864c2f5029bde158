import type { ReactNode } from 'react';
import { FormDialog } from '../common/form-dialog';

interface AskDialogProps {
  title: string;
  hint?: ReactNode;
  submit: string;
  ready: boolean;
  close: () => void;
  run: () => Promise<unknown>;
  children?: ReactNode;
}

/** Asks for what an action needs, carries it out, and closes when it went well. */
export const AskDialog = (props: AskDialogProps) => (
  <FormDialog
    {...props}
    run={async () => {
      await props.run();
      props.close();
    }}
  />
);
