import { Button, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { FormDialog } from '../../common/form-dialog';
import { Panel } from '../../common/panel';
import { useRefusalWords } from '../kit/refusal-words';
import type { PolicyUi } from './types';
import type { PolicyEditing } from './use-policy';

const RetireDialog = ({ ui, editing, close }: { ui: PolicyUi; editing: PolicyEditing; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalWords(ui.resource);
  const { record } = editing;
  const retire = async (): Promise<void> => {
    if (!(await editing.retire())) return;
    notify('setup.policy.retiredNow', { type: 'info' });
    close();
  };
  return (
    <FormDialog
      title={translate('setup.policy.retireTitle', { name: record.name })}
      careful
      refusal={refusal}
      error={editing.error}
      busy={editing.busy}
      submit={translate('setup.policy.retire')}
      color="error"
      close={close}
      run={retire}
    >
      <Typography variant="body2">
        {record.version === null ? translate('setup.policy.retireDraft') : translate(`setup.policy.retireEffect.${ui.words}`)}
      </Typography>
      {record.version !== null && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.policy.retireBack')}
        </Typography>
      )}
    </FormDialog>
  );
};

/** The way out of use, for those who may; of a retired policy, the way back. */
export const RetirePanel = ({ ui, editing }: { ui: PolicyUi; editing: PolicyEditing }) => {
  const translate = useTranslate();
  const access = useAccess();
  const [asking, setAsking] = useState(false);
  const retired = editing.record.state === 'retired';
  if (!retired && !access.can('delete', ui.resource) && !(ui.Retire && access.can('publish', ui.resource))) return null;
  const Dialogue = ui.Retire;
  return (
    <Panel title={translate(retired ? 'setup.policy.retired' : 'setup.policy.retire')}>
      <Typography variant="body2" color="text.secondary">
        {translate(retired ? 'setup.policy.retiredHint' : 'setup.policy.retireIntro')}
      </Typography>
      {!retired && (
        <Button variant="outlined" color="error" sx={{ mt: 1 }} disabled={editing.busy || editing.dirty} onClick={() => setAsking(true)}>
          {translate('setup.policy.retireDots')}
        </Button>
      )}
      {asking && Dialogue && editing.record.version !== null && <Dialogue editing={editing} close={() => setAsking(false)} />}
      {asking && (!Dialogue || editing.record.version === null) && (
        <RetireDialog ui={ui} editing={editing} close={() => setAsking(false)} />
      )}
    </Panel>
  );
};
