import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import type { Lead } from '../../api/types';
import { useTime } from '../../common/time';
import { SpanInput } from '../../conditions/span-input';
import { useLeadsChanged } from '../../leads/use-lead-verbs';

interface Granted {
  readonly results: readonly { readonly state?: 'granted' | 'pending'; readonly until?: string }[];
}

/** Asks to keep a lead from being taken back (`protect`), or to put its recycle date off (`extend`). */
export const ProtectDialog = ({ lead, kind, close }: { lead: Lead; kind: 'protect' | 'extend'; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const time = useTime();
  const changed = useLeadsChanged();
  const client = useQueryClient();
  const [span, setSpan] = useState(kind === 'extend' ? 'P3BD' : 'P7D');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ask = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { results } = await postJson<Granted>(`/leads/${lead.id}/protect`, { kind, for: span, reason: reason.trim() });
      const [answer] = results;
      notify(translate(`pools.protect.${answer?.state ?? 'pending'}`, { at: time.dateTime(answer?.until) }), { type: 'success' });
      changed();
      await client.invalidateQueries({ queryKey: ['pool-requests'] });
      close();
    } catch (cause) {
      setError(refusal(cause));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={close} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() && !busy) void ask();
        }}
      >
        <DialogTitle>{translate(`pools.protect.title.${kind}`)}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
          <Typography variant="body2" color="text.secondary">
            {translate(`pools.protect.hint.${kind}`)}
          </Typography>
          <SpanInput label={translate('pools.protect.for')} value={span} units={['bday', 'day', 'week']} onChange={setSpan} />
          <TextField
            autoFocus
            required
            multiline
            minRows={2}
            label={translate('pools.protect.reason')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 1000 } }}
          />
          {error && (
            <Typography role="alert" variant="body2" color="error">
              {error}
            </Typography>
          )}
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={close}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={busy || !reason.trim()}>
            {translate('pools.protect.ask')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
