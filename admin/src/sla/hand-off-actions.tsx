import { Box, Button } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { postJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import { RejectDialog, ReplyDialog, useRefreshHandOff } from './hand-off-dialogs';
import type { HandOff } from './types';

/** What this member may do with a hand-off: accept it, send it back, answer a rejection. */
export const HandOffActions = ({ handOff }: { handOff: HandOff }) => {
  const translate = useTranslate();
  const access = useAccess();
  const notify = useNotify();
  const refusal = useRefusalText();
  const refresh = useRefreshHandOff();
  const [dialog, setDialog] = useState<'reject' | 'reply' | null>(null);
  const [busy, setBusy] = useState(false);
  const waits = handOff.state === 'offered' || handOff.state === 'expired';
  const accept = async (): Promise<void> => {
    setBusy(true);
    try {
      await postJson(`/sla-hand-offs/${handOff.id}/accept`, {});
      await refresh();
    } catch (cause) {
      notify(refusal(cause), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', whiteSpace: 'nowrap' }}>
      {waits && access.can('accept', 'sla-hand-offs') && (
        <Button size="small" variant="contained" disabled={busy} onClick={() => void accept()}>
          {translate('sla.handOffs.accept')}
        </Button>
      )}
      {(waits || handOff.state === 'accepted') && access.can('reject', 'sla-hand-offs') && (
        <Button size="small" variant="outlined" disabled={busy} onClick={() => setDialog('reject')}>
          {translate('sla.handOffs.reject')}
        </Button>
      )}
      {handOff.state === 'rejected' && handOff.repliedAt === null && access.can('reply', 'sla-hand-offs') && (
        <Button size="small" variant="outlined" disabled={busy} onClick={() => setDialog('reply')}>
          {translate('sla.handOffs.answer')}
        </Button>
      )}
      {dialog === 'reject' && <RejectDialog handOff={handOff} close={() => setDialog(null)} />}
      {dialog === 'reply' && <ReplyDialog handOff={handOff} close={() => setDialog(null)} />}
    </Box>
  );
};
