import { Box, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { FormDialog } from '../../common/form-dialog';
import { useIsGuarded } from '../reviews/use-guarded';
import { Changes } from './changes';
import { Findings } from './findings';
import { PreviewBox } from './side-panel';
import type { PolicyUi, PreflightState } from './types';
import type { PolicyEditing } from './use-policy';

const UNSEEN: PreflightState = { ready: false, confirm: null };
const SEEN: PreflightState = { ready: true, confirm: null };

/** What publishing would do is read from the top, although the reason is where one writes first. */
const focusInPlace = (field: HTMLElement | null): void => field?.focus({ preventScroll: true });

/** The one way a draft goes live: who is affected, what changes, and why; a kind may bring a preflight of its own. */
export const PublishDialog = ({ ui, editing, close }: { ui: PolicyUi; editing: PolicyEditing; close: () => void }) => {
  const translate = useTranslate();
  const [note, setNote] = useState('');
  const [options, setOptions] = useState<Readonly<Record<string, unknown>>>({});
  const errors = editing.findings.filter((finding) => finding.level === 'error');
  const guarded = useIsGuarded(ui.resource);
  const [preflight, setPreflight] = useState(ui.Preflight ? UNSEEN : SEEN);
  const [seen, setSeen] = useState(false);
  const { record } = editing;
  const hurts = preflight.confirm !== null;
  const ready = preflight.ready && (!hurts || seen) && !editing.busy && errors.length === 0 && note.trim() !== '';
  const publish = async (): Promise<void> => {
    if (await editing.publish(note.trim(), ui.PublishOptions ? options : undefined)) close();
  };
  return (
    <FormDialog
      title={translate('setup.policy.publishTitle', { name: editing.name })}
      width={ui.Preflight ? 'md' : 'sm'}
      tall
      error={editing.error}
      submit={translate(guarded ? 'setup.review.ask' : 'setup.policy.publish')}
      color={hurts ? 'warning' : 'primary'}
      ready={ready}
      close={close}
      run={publish}
    >
      {editing.findings.length > 0 && <Findings findings={editing.findings} leave={close} />}
      {ui.Preflight && <ui.Preflight editing={editing} onState={setPreflight} />}
      {ui.Preview && !ui.Preflight && (
        <Box>
          <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
            {translate('setup.policy.effect')}
          </Typography>
          <PreviewBox ui={ui} id={record.id} stamp={record.draftChangedAt} enabled />
        </Box>
      )}
      {record.version !== null && (
        <Box component="section" aria-label={translate('setup.policy.differences')}>
          <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
            {translate('setup.policy.differences')}
          </Typography>
          {/* Inside a box of its own: a part that scrolls would be squeezed to nothing where the dialog is full. */}
          <Box sx={{ maxHeight: 220, overflow: 'auto' }}>
            <Changes before={record.published} after={editing.body} none={translate('setup.policy.noDifferences')} />
          </Box>
        </Box>
      )}
      {ui.PublishOptions && record.version !== null && <ui.PublishOptions value={options} onChange={setOptions} />}
      <TextField
        inputRef={focusInPlace}
        fullWidth
        multiline
        minRows={2}
        label={translate('setup.policy.note')}
        helperText={translate('setup.policy.noteHelp')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
      {hurts && (
        <FormControlLabel
          control={<Checkbox size="small" checked={seen} onChange={(_event, on) => setSeen(on)} />}
          label={<Typography variant="body2">{preflight.confirm}</Typography>}
        />
      )}
      {guarded && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.review.needed')}
        </Typography>
      )}
    </FormDialog>
  );
};
