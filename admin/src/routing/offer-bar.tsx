import { REJECT_REASONS, type RejectReason } from '../../../plugins/lead-routing/contracts/constants';
import type { OwnerExplanation } from '@leadsea/lead-routing/contracts/decision';
import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, TextField } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { postJson } from '../api/http-client';
import { useTime } from '../common/time';
import { useLeadsChanged } from '../leads/use-lead-verbs';

/** A lead one was given waits for a yes or a no. */
export const OfferBar = ({ lead, offer }: { lead: number; offer: NonNullable<OwnerExplanation['offer']> }) => {
  const translate = useTranslate();
  const time = useTime();
  const notify = useNotify();
  const refusal = useRefusalText();
  const changed = useLeadsChanged();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<RejectReason | ''>('');
  const [note, setNote] = useState('');
  const answer = useMutation({
    mutationFn: ({ verb, body }: { verb: 'accept' | 'reject'; body: Record<string, unknown> }) => postJson(`/leads/${lead}/${verb}`, body),
    onSuccess: (_answer, { verb }) => {
      setOpen(false);
      notify(translate(verb === 'accept' ? 'routing.why.accepted' : 'routing.why.refused'), { type: 'success' });
      changed();
    },
    onError: (problem) => notify(refusal(problem), { type: 'error' }),
  });
  const until = offer.acceptUntil ?? offer.rejectUntil;
  return (
    <>
      <Alert
        severity="warning"
        icon={false}
        square
        sx={{
          px: { xs: 2, md: 3 },
          '& .MuiAlert-message': { flex: 1, display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 2, rowGap: 1 },
        }}
      >
        <Box sx={{ flex: '1 1 260px' }}>
          {translate(offer.acceptUntil ? 'routing.why.offer' : 'routing.why.offerOptional', { at: time.dateTime(until) })}
        </Box>
        <Box sx={{ display: 'flex', gap: 1 }}>
          <Button variant="contained" disabled={answer.isPending} onClick={() => answer.mutate({ verb: 'accept', body: {} })}>
            {translate('routing.why.accept')}
          </Button>
          <Button variant="outlined" color="inherit" disabled={answer.isPending} onClick={() => setOpen(true)}>
            {translate('routing.why.refuse')}
          </Button>
        </Box>
      </Alert>
      <Dialog open={open} onClose={() => setOpen(false)} maxWidth="xs" fullWidth>
        <DialogTitle>{translate('routing.why.refuse')}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
          <TextField
            select
            required
            autoFocus
            fullWidth
            label={translate('routing.why.reason')}
            value={reason}
            onChange={(event) => setReason(event.target.value as RejectReason)}
          >
            {REJECT_REASONS.map((one) => (
              <MenuItem key={one} value={one}>
                {translate(`routing.why.reasons.${one}`)}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            multiline
            minRows={2}
            label={translate('routing.why.note')}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={() => setOpen(false)}>
            {translate('ra.action.cancel')}
          </Button>
          <Button
            variant="contained"
            disabled={reason === '' || answer.isPending}
            onClick={() => answer.mutate({ verb: 'reject', body: { reason, note: note.trim() || null } })}
          >
            {translate('routing.why.refuse')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
};
