import type { FairnessGroup } from '@leadsea/lead-routing/contracts/fairness';
import { TextField } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../api/http-client';
import { FormDialog } from '../common/form-dialog';

/** A rep questions a line of his statement; his manager is told. */
export const QuestionDialog = ({ month, group, onClose }: { month: string; group: FairnessGroup; onClose: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const [note, setNote] = useState('');
  const send = async (): Promise<void> => {
    await postJson('/routing/fairness/question', { month, group: group.key, note: note.trim() });
    notify(translate('routing.fairness.sent'), { type: 'success' });
    onClose();
  };
  return (
    <FormDialog
      title={translate('routing.fairness.question')}
      submit={translate('routing.fairness.send')}
      ready={note.trim().length >= 3}
      close={onClose}
      run={send}
    >
      <TextField
        autoFocus
        fullWidth
        multiline
        minRows={3}
        label={translate('routing.fairness.questionNote')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
};
