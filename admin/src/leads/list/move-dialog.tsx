import { MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useMeta } from '../../api/session-context';
import type { Lead, Transition } from '../../api/types';
import { FormDialog } from '../../common/form-dialog';
import { useLookups } from '../../common/lookups';

const ANY = '*';
const OTHER = 'other';

const leadsTo = (moves: readonly Transition[], lead: Lead, to: string): Transition | undefined =>
  moves.find((move) => move.manual !== false && move.to === to && lead.stage !== to && (move.from === lead.stage || move.from === ANY));

/** Moves several leads to one stage; says for how many the graph has such a move, and asks for the reason it wants. */
export const MoveDialog = (props: {
  leads: readonly Lead[];
  count: number;
  onClose: () => void;
  onSubmit: (body: Record<string, unknown>) => Promise<unknown>;
}) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { stages, transitions } = useMeta();
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const choices = stages.filter((stage) => props.leads.some((lead) => leadsTo(transitions, lead, stage.key)));
  const possible = props.leads.flatMap((lead) => leadsTo(transitions, lead, to) ?? []);
  const reasons = lookups.choices([
    ...new Map(possible.flatMap((move) => move.reasons ?? []).map((one) => [one.value, one] as const)).values(),
  ]);
  const ready = to !== '' && (reasons.length === 0 || reason !== '') && (reason !== OTHER || note.trim() !== '');
  const submit = async (): Promise<void> => {
    await props.onSubmit({ to, ...(reason && { reason }), ...(note.trim() && { note: note.trim() }) });
  };
  return (
    <FormDialog
      title={translate('leadTools.moveTitle', { smart_count: props.count })}
      submit={translate('leadTools.move')}
      ready={ready}
      close={props.onClose}
      run={submit}
    >
      <TextField
        select
        autoFocus
        required
        fullWidth
        label={translate('leadTools.moveTo')}
        value={to}
        onChange={(event) => {
          setTo(event.target.value);
          setReason('');
        }}
      >
        {choices.map((stage) => (
          <MenuItem key={stage.key} value={stage.key}>
            {lookups.stageLabel(stage.key)}
          </MenuItem>
        ))}
      </TextField>
      {to !== '' && possible.length < props.leads.length && (
        <Typography variant="body2" color="text.secondary">
          {translate('leadTools.moveSome', { done: possible.length, total: props.leads.length })}
        </Typography>
      )}
      {reasons.length > 0 && (
        <TextField
          select
          required
          fullWidth
          label={translate('verbs.reason')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        >
          {reasons.map((one) => (
            <MenuItem key={one.value} value={one.value}>
              {one.label}
            </MenuItem>
          ))}
        </TextField>
      )}
      <TextField
        fullWidth
        multiline
        minRows={2}
        label={translate('verbs.note')}
        value={note}
        required={reason === OTHER}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
};
