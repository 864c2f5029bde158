import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { useIsGuarded } from '../reviews/use-guarded';
import { Changes } from './changes';
import { Findings, PreviewBox } from './side-panel';
import type { PolicyUi } from './types';
import type { PolicyEditing } from './use-policy';

/** Shows who is affected and what changes, and asks why, before a draft goes live. */
export const PublishDialog = ({ ui, editing, close }: { ui: PolicyUi; editing: PolicyEditing; close: () => void }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [note, setNote] = useState('');
  const [options, setOptions] = useState<Readonly<Record<string, unknown>>>({});
  const errors = editing.findings.filter((finding) => finding.level === 'error');
  const guarded = useIsGuarded(ui.resource);
  const { record } = editing;
  const publish = async (): Promise<void> => {
    if (await editing.publish(note.trim(), ui.PublishOptions ? options : undefined)) close();
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm">
      <DialogTitle>{translate('setup.policy.publishTitle', { name: editing.name })}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {editing.findings.length > 0 && <Findings findings={editing.findings} />}
        {ui.Preview && (
          <Box>
            <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
              {translate('setup.policy.effect')}
            </Typography>
            <PreviewBox ui={ui} id={record.id} stamp={record.draftChangedAt} enabled />
          </Box>
        )}
        {record.version !== null && (
          <Box sx={{ maxHeight: 240, overflow: 'auto' }}>
            <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
              {translate('setup.policy.differences')}
            </Typography>
            <Changes before={record.published} after={record.draft} none={translate('setup.policy.noDifferences')} />
          </Box>
        )}
        {ui.PublishOptions && record.version !== null && <ui.PublishOptions value={options} onChange={setOptions} />}
        <TextField
          autoFocus
          fullWidth
          multiline
          minRows={2}
          label={translate('setup.policy.note')}
          helperText={translate('setup.policy.noteHelp')}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 1000 } }}
        />
        {guarded && (
          <Typography variant="body2" color="text.secondary">
            {translate('setup.review.needed')}
          </Typography>
        )}
        {Boolean(editing.error) && (
          <Typography variant="body2" color="error">
            {refusal(editing.error)}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {translate('ra.action.cancel')}
        </Button>
        <Button variant="contained" disabled={editing.busy || errors.length > 0 || note.trim() === ''} onClick={() => void publish()}>
          {translate(guarded ? 'setup.review.ask' : 'setup.policy.publish')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
