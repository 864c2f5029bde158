import {
  Alert,
  Checkbox,
  FormControlLabel,
  FormGroup,
  FormLabel,
  MenuItem,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from '@mui/material';
import { CONSENT_BASES, CONSENT_CHANNELS, type ConsentBasis, type ConsentChannel } from '@leadsea/leads/contracts/consent';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../../api/http-client';
import { FormDialog } from '../../common/form-dialog';
import { useLeadsChanged } from '../use-lead-verbs';

/** Records what a person said: about which channels, allowed or forbidden, in which words. */
export const ConsentDialog = ({ lead, close }: { lead: number; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const changed = useLeadsChanged();
  const [channels, setChannels] = useState<readonly ConsentChannel[]>([]);
  const [state, setState] = useState<'granted' | 'withdrawn'>('granted');
  const [basis, setBasis] = useState<ConsentBasis>('consent');
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const ready = channels.length > 0 && (state === 'withdrawn' || text.trim() !== '' || note.trim() !== '');
  const save = async (): Promise<void> => {
    await postJson(`/leads/${lead}/consent`, { channels, state, basis, text: text.trim() || null, note: note.trim() || null });
    await client.invalidateQueries({ queryKey: ['consents', lead] });
    changed();
    notify('consent.saved', { type: 'info' });
    close();
  };
  return (
    <FormDialog title={translate('consent.recordTitle')} submit={translate('ra.action.save')} ready={ready} close={close} run={save}>
      <FormGroup row role="group" aria-label={translate('consent.channels')}>
        {CONSENT_CHANNELS.map((channel) => (
          <FormControlLabel
            key={channel}
            label={translate(`consent.channel.${channel}`)}
            control={
              <Checkbox
                size="small"
                checked={channels.includes(channel)}
                onChange={(_event, on) => setChannels(on ? [...channels, channel] : channels.filter((one) => one !== channel))}
              />
            }
          />
        ))}
      </FormGroup>
      <div>
        <FormLabel id="consent-says">{translate('consent.says')}</FormLabel>
        <ToggleButtonGroup
          exclusive
          size="small"
          fullWidth
          aria-labelledby="consent-says"
          value={state}
          onChange={(_event, value: 'granted' | 'withdrawn' | null) => value && setState(value)}
        >
          <ToggleButton value="granted">{translate('consent.grant')}</ToggleButton>
          <ToggleButton value="withdrawn">{translate('consent.withdraw')}</ToggleButton>
        </ToggleButtonGroup>
      </div>
      {state === 'granted' && (
        <>
          <TextField
            select
            size="small"
            label={translate('consent.basisLabel')}
            value={basis}
            onChange={(event) => setBasis(event.target.value as ConsentBasis)}
          >
            {CONSENT_BASES.map((one) => (
              <MenuItem key={one} value={one}>
                {translate(`consent.basis.${one}`)}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            multiline
            minRows={2}
            label={translate('consent.text')}
            helperText={translate('consent.textHelp')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 5000 } }}
          />
        </>
      )}
      <TextField
        label={translate('consent.note')}
        helperText={translate('consent.noteHelp')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
      {state === 'withdrawn' && channels.length > 0 && (
        <Alert severity="warning">{translate(channels.length === CONSENT_CHANNELS.length ? 'consent.never' : 'consent.ends')}</Alert>
      )}
    </FormDialog>
  );
};
