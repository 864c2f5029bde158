import type { FairnessGroup } from '@leadsea/lead-routing/contracts/fairness';
import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { postJson } from '../api/http-client';

/** A rep questions a line of his statement; his manager is told. */
export const QuestionDialog = ({ month, group, onClose }: { month: string; group: FairnessGroup; onClose: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const [note, setNote] = useState('');
  const send = useMutation({
    mutationFn: () => postJson('/routing/fairness/question', { month, group: group.key, note: note.trim() }),
    onSuccess: () => {
      notify(translate('routing.fairness.sent'), { type: 'success' });
      onClose();
    },
    onError: (problem) => notify(refusal(problem), { type: 'error' }),
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth>
      <DialogTitle>{translate('routing.fairness.question')}</DialogTitle>
      <DialogContent sx={{ pt: '8px !important' }}>
        <TextField
          autoFocus
          fullWidth
          multiline
          minRows={3}
          label={translate('routing.fairness.questionNote')}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={onClose}>
          {translate('ra.action.cancel')}
        </Button>
        <Button variant="contained" disabled={note.trim().length < 3 || send.isPending} onClick={() => send.mutate()}>
          {translate('routing.fairness.send')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
