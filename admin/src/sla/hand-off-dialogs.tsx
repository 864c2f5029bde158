import { MenuItem, TextField } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { getJson, postJson } from '../api/http-client';
import { useText } from '../common/text';
import { AskDialog } from './ask-dialog';
import type { HandOff, HandOffRules } from './types';

/** The hand-off as the contract in force has it; null when there is none. */
export const useHandOffRules = () =>
  useQuery({
    queryKey: ['sla-hand-off-rules'],
    queryFn: ({ signal }) => getJson<HandOffRules | null>('/sla/hand-off-rules', signal),
    staleTime: 60_000,
  });

/** Reads again what a hand-off changes: itself, its lead, its clocks and its history. */
export const useRefreshHandOff = (): (() => Promise<unknown>) => {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [['sla-hand-offs'], ['leads'], ['sla-clocks'], ['sla-obligations'], ['timeline']].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
};

/** Sends a lead back with one of the reasons of the contract. */
export const RejectDialog = ({ handOff, close }: { handOff: HandOff; close: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const refresh = useRefreshHandOff();
  const { data: rules } = useHandOffRules();
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  return (
    <AskDialog
      title={translate('sla.handOffs.rejectTitle')}
      submit={translate('sla.handOffs.reject')}
      ready={reason !== ''}
      close={close}
      run={async () => {
        await postJson(`/sla-hand-offs/${handOff.id}/reject`, { reason, note: note.trim() || null });
        await refresh();
      }}
    >
      <TextField
        select
        required
        autoFocus
        label={translate('sla.handOffs.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      >
        {(rules?.reasons ?? []).map((one) => (
          <MenuItem key={one.key} value={one.key}>
            {text(one.label)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        multiline
        minRows={2}
        label={translate('sla.handOffs.note')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </AskDialog>
  );
};

/** Marketing's answer to a rejection. */
export const ReplyDialog = ({ handOff, close }: { handOff: HandOff; close: () => void }) => {
  const translate = useTranslate();
  const refresh = useRefreshHandOff();
  const [reply, setReply] = useState('');
  return (
    <AskDialog
      title={translate('sla.handOffs.answerTitle')}
      hint={handOff.note}
      submit={translate('sla.handOffs.answer')}
      ready={reply.trim() !== ''}
      close={close}
      run={async () => {
        await postJson(`/sla-hand-offs/${handOff.id}/reply`, { reply: reply.trim() });
        await refresh();
      }}
    >
      <TextField
        required
        autoFocus
        multiline
        minRows={3}
        label={translate('sla.handOffs.reply')}
        value={reply}
        onChange={(event) => setReply(event.target.value)}
      />
    </AskDialog>
  );
};
