import type { LeaveCalendar, LeaveEntry, LeaveMode } from '@leadsea/lead-routing/contracts/leave';
import { Button, MenuItem, TextField } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../../common/date-field';
import { LEAVE_MODES, LEAVE_RETURNS } from '../../../../plugins/lead-routing/contracts/leave';
import { deleteJson, postJson, putJson } from '../../api/http-client';
import { FormDialog } from '../../common/form-dialog';
import { instantOf, useTime } from '../../common/time';
import { PersonIn } from '../../pools/hand-over/target-in';

interface Draft {
  readonly member: number | null;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly delegate: number | null;
  readonly mode: LeaveMode;
  readonly returns: LeaveEntry['returns'];
  readonly note: string;
}

/** A new leave, or one that is changed: when, who stands in, what comes back. */
export const LeaveDialog = (props: {
  calendar: LeaveCalendar;
  /** Absent = a new one. */
  leave?: LeaveEntry;
  /** A day of the calendar somebody clicked, and whose. */
  start: { readonly member: number | null; readonly day: string };
  close: () => void;
  done: () => void;
}) => {
  const { calendar, leave, start, close, done } = props;
  const translate = useTranslate();
  const notify = useNotify();
  const time = useTime();
  const [draft, setDraft] = useState<Draft>(() =>
    leave
      ? { ...leave, startsAt: time.toLocalInput(leave.startsAt), endsAt: time.toLocalInput(leave.endsAt), note: leave.note ?? '' }
      : {
          member: start.member,
          startsAt: `${start.day}T09:00`,
          endsAt: `${start.day}T18:00`,
          delegate: null,
          mode: 'skip',
          returns: 'auto',
          note: '',
        },
  );
  const [removing, setRemoving] = useState(false);
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const finish = (words: string): void => {
    notify(translate(`routing.leave.${words}`), { type: 'success' });
    done();
    close();
  };
  const save = async (): Promise<void> => {
    const body = {
      startsAt: instantOf(draft.startsAt, time.zone),
      endsAt: instantOf(draft.endsAt, time.zone),
      delegate: draft.mode === 'skip' ? null : draft.delegate,
      mode: draft.mode,
      returns: draft.returns,
      note: draft.note || null,
    };
    await (leave ? putJson(`/leaves/${leave.id}`, body) : postJson('/leaves', { ...body, member: draft.member }));
    finish('saved');
  };
  const mine = calendar.people.filter(({ id }) => calendar.mayEnterFor.includes(id));
  const incomplete =
    draft.member === null ||
    !draft.startsAt ||
    !draft.endsAt ||
    draft.endsAt <= draft.startsAt ||
    (draft.mode !== 'skip' && draft.delegate === null);
  if (leave && removing)
    return (
      <FormDialog
        careful
        title={translate('routing.leave.remove')}
        hint={translate('routing.leave.removeSure')}
        submit={translate('routing.leave.remove')}
        color="error"
        close={() => setRemoving(false)}
        run={async () => {
          await deleteJson(`/leaves/${leave.id}`);
          finish('removed');
        }}
      />
    );
  return (
    <FormDialog
      title={translate(leave ? 'routing.leave.edit' : 'routing.leave.add')}
      submit={translate('routing.leave.save')}
      ready={!incomplete}
      close={close}
      run={save}
      actions={
        leave && (
          <Button color="error" onClick={() => setRemoving(true)}>
            {translate('routing.leave.remove')}
          </Button>
        )
      }
    >
      <TextField
        select
        required
        label={translate('routing.leave.who')}
        value={draft.member === null ? '' : String(draft.member)}
        disabled={leave !== undefined || mine.length < 2}
        onChange={(event) => set({ member: Number(event.target.value) })}
      >
        {(leave ? calendar.people.filter(({ id }) => id === leave.member) : mine).map((person) => (
          <MenuItem key={person.id} value={String(person.id)}>
            {person.name}
          </MenuItem>
        ))}
      </TextField>
      {(['startsAt', 'endsAt'] as const).map((field) => (
        <DateField
          key={field}
          required
          type="datetime-local"
          label={translate(`routing.leave.${field === 'startsAt' ? 'from' : 'to'}`)}
          value={draft[field]}
          error={field === 'endsAt' && draft.endsAt !== '' && draft.endsAt <= draft.startsAt}
          helperText={
            field === 'endsAt' && draft.endsAt !== '' && draft.endsAt <= draft.startsAt ? translate('routing.leave.endsBefore') : undefined
          }
          onChange={(event) => set({ [field]: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      ))}
      <TextField
        select
        label={translate('routing.leave.mode')}
        value={draft.mode}
        onChange={(event) => set({ mode: event.target.value as LeaveMode })}
      >
        {LEAVE_MODES.map((mode) => (
          <MenuItem key={mode} value={mode} sx={{ whiteSpace: 'normal' }}>
            {translate(`routing.leave.modes.${mode}`)}
          </MenuItem>
        ))}
      </TextField>
      {draft.mode !== 'skip' && (
        <PersonIn
          label={translate('routing.leave.delegate')}
          value={draft.delegate}
          exclude={draft.member === null ? [] : [draft.member]}
          onChange={(delegate) => set({ delegate })}
        />
      )}
      {draft.mode === 'delegate_all' && (
        <TextField
          select
          label={translate('routing.leave.returns')}
          value={draft.returns}
          onChange={(event) => set({ returns: event.target.value as Draft['returns'] })}
        >
          {LEAVE_RETURNS.map((one) => (
            <MenuItem key={one} value={one} sx={{ whiteSpace: 'normal' }}>
              {translate(`routing.leave.return.${one}`)}
            </MenuItem>
          ))}
        </TextField>
      )}
      <TextField
        label={translate('routing.leave.note')}
        value={draft.note}
        multiline
        onChange={(event) => set({ note: event.target.value })}
      />
    </FormDialog>
  );
};
