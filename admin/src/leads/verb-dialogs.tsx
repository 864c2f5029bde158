import { Autocomplete, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useMeta } from '../api/session-context';
import type { Meta, Option } from '../api/types';
import { FormDialog } from '../common/form-dialog';
import { useLookups } from '../common/lookups';

export const OTHER = 'other';

export interface DialogProps {
  count: number;
  onClose: () => void;
  onSubmit: (body: Record<string, unknown>) => Promise<unknown>;
}

export const VerbDialog = (
  props: DialogProps & { title: string; submit: string; ready: boolean; body: () => Record<string, unknown>; children: ReactNode },
) => (
  <FormDialog title={props.title} submit={props.submit} ready={props.ready} close={props.onClose} run={() => props.onSubmit(props.body())}>
    {props.children}
  </FormDialog>
);

export const Note = ({ value, onChange, required }: { value: string; onChange: (value: string) => void; required?: boolean }) => {
  const translate = useTranslate();
  return (
    <TextField
      label={translate('verbs.note')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      required={required}
      multiline
      minRows={2}
      fullWidth
    />
  );
};

export const ReasonSelect = (props: { reasons: { value: string; label: string }[]; value: string; onChange: (value: string) => void }) => {
  const translate = useTranslate();
  return (
    <TextField
      select
      label={translate('verbs.reason')}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      required
      fullWidth
      autoFocus
    >
      {props.reasons.map((reason) => (
        <MenuItem key={reason.value} value={reason.value}>
          {reason.label}
        </MenuItem>
      ))}
    </TextField>
  );
};

/** Asks for a reason out of a list, and a note. */
export const ReasonDialog = (props: DialogProps & { title: string; submit: string; reasons: readonly Option[] }) => {
  const lookups = useLookups();
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const noteNeeded = reason === OTHER;
  return (
    <VerbDialog
      {...props}
      ready={reason !== '' && (!noteNeeded || note.trim() !== '')}
      body={() => ({ reason, ...(note.trim() && { note: note.trim() }) })}
    >
      <ReasonSelect reasons={lookups.choices(props.reasons)} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} required={noteNeeded} />
    </VerbDialog>
  );
};

export const DisqualifyDialog = (props: DialogProps) => {
  const translate = useTranslate();
  const { disqualifyReasons } = useMeta();
  return (
    <ReasonDialog
      {...props}
      title={translate('verbs.disqualify.title', { smart_count: props.count })}
      submit={translate('verbs.disqualify.action')}
      reasons={disqualifyReasons}
    />
  );
};

export const AssignDialog = ({ transfer, ...props }: DialogProps & { transfer?: boolean }) => {
  const translate = useTranslate();
  const meta = useMeta();
  const lookups = useLookups();
  const [owner, setOwner] = useState<Meta['members'][number] | null>(null);
  const [note, setNote] = useState('');
  return (
    <VerbDialog
      {...props}
      title={translate(transfer ? 'verbs.transfer.title' : 'verbs.assign.title', { smart_count: props.count })}
      submit={translate(transfer ? 'verbs.transfer.action' : 'verbs.assign.action')}
      ready={owner !== null}
      body={() => ({ owner: owner?.id, ...(note.trim() && { note: note.trim() }) })}
    >
      <Autocomplete
        options={[...meta.members].sort((a, b) => (a.teamId ?? 0) - (b.teamId ?? 0))}
        value={owner}
        onChange={(_event, value) => setOwner(value)}
        getOptionLabel={(member) => member.name}
        getOptionKey={(member) => member.id}
        groupBy={(member) => lookups.team(member.teamId)}
        isOptionEqualToValue={(a, b) => a.id === b.id}
        renderInput={(input) => <TextField {...input} label={translate('fields.owner')} autoFocus required />}
      />
      <Note value={note} onChange={setNote} />
    </VerbDialog>
  );
};
