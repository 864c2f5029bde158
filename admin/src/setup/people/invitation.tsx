import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useCallback, useState } from 'react';
import { postJson } from '../../api/http-client';
import { useTime } from '../../common/time';
import { CopyButton } from '../kit/copy-button';
import { useRefusalWords } from '../kit/refusal-words';

interface Sent {
  readonly sentTo: string | null;
  readonly link: string | null;
  readonly expiresAt: string;
}
export interface Link {
  readonly address: string;
  readonly until: string;
}

/** Invites a member; where the server sends no mail, the link to pass on by hand is kept until it was seen. */
export const useInvite = () => {
  const notify = useNotify();
  const client = useQueryClient();
  const refusal = useRefusalWords('members');
  const [link, setLink] = useState<Link | null>(null);
  const invite = useCallback(
    async (id: number): Promise<void> => {
      try {
        const sent = await postJson<Sent>(`/members/${id}/invite`, {});
        if (sent.link) setLink({ address: `${window.location.origin}${sent.link}`, until: sent.expiresAt });
        else notify('setup.people.invitedNow', { type: 'info', messageArgs: { email: sent.sentTo } });
        await client.invalidateQueries({ queryKey: ['members'] });
      } catch (error) {
        notify(refusal(error), { type: 'error' });
      }
    },
    [client, notify, refusal],
  );
  return { invite, link, setLink };
};

/** The link once, for whoever has to pass it on. */
export const InvitationLink = ({ link, close }: { link: Link; close: () => void }) => {
  const translate = useTranslate();
  const time = useTime();
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm">
      <DialogTitle>{translate('setup.people.inviteLink')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography variant="body2">{translate('setup.people.inviteLinkHint', { until: time.dateTime(link.until) })}</Typography>
        <TextField
          fullWidth
          value={link.address}
          onFocus={(event) => event.target.select()}
          slotProps={{
            htmlInput: { readOnly: true, 'aria-label': translate('setup.people.inviteLink') },
            input: { endAdornment: <CopyButton text={link.address} of={translate('setup.people.inviteLink')} /> },
          }}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>{translate('ra.action.close')}</Button>
      </DialogActions>
    </Dialog>
  );
};
