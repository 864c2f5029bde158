import { Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { FormDialog } from '../../common/form-dialog';
import { useIsGuarded } from '../reviews/use-guarded';
import { Changes } from './changes';
import type { HistoryEntry } from './types';
import type { PolicyEditing } from './use-policy';

/** Before an earlier version goes live again: what becomes different from what is live now. */
export const RevertDialog = (props: { resource: string; entry: HistoryEntry; editing: PolicyEditing; close: () => void }) => {
  const { entry, editing, close } = props;
  const translate = useTranslate();
  const guarded = useIsGuarded(props.resource);
  const run = async (): Promise<void> => {
    if (await editing.revert(entry.id)) close();
  };
  return (
    <FormDialog
      title={translate('setup.policy.revertTitle', { version: entry.number })}
      hint={translate('setup.policy.revertHint')}
      submit={translate(guarded ? 'setup.review.ask' : 'setup.policy.revert', { version: entry.number })}
      error={editing.error}
      ready={!editing.busy}
      close={close}
      run={run}
    >
      <Changes before={editing.record.published} after={entry.body} none={translate('setup.policy.noDifferences')} />
      {guarded && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.review.needed')}
        </Typography>
      )}
    </FormDialog>
  );
};
