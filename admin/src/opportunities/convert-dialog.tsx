import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../common/date-field';
import type { Lead } from '../api/types';
import { useTime } from '../common/time';
import { OwnFields, useOwnValues } from '../layouts/own-fields';
import { useOpportunityVerb } from './use-opportunity-verbs';

const NOON = '12:00';

/** Name, amount and expected date of the opportunity a lead becomes. */
export const ConvertDialog = ({ lead, onClose }: { lead: Lead; onClose: () => void }) => {
  const translate = useTranslate();
  const time = useTime();
  const run = useOpportunityVerb();
  const [name, setName] = useState([lead.company, lead.name].filter(Boolean).join(' · '));
  const [amount, setAmount] = useState('');
  const [currency, setCurrency] = useState(lead.currency ?? 'CNY');
  const [day, setDay] = useState('');
  const [own, setOwn] = useState<Record<string, unknown>>({});
  const [busy, setBusy] = useState(false);
  const ownValues = useOwnValues('opportunities');
  const known = { name, amount: amount === '' ? null : Number(amount), currency };
  const submit = async (): Promise<void> => {
    setBusy(true);
    const body = {
      name: name.trim() || null,
      amount: amount === '' ? null : Number(amount),
      currency: /^[A-Z]{3}$/.test(currency) ? currency : null,
      expectedAt: day ? time.fromLocalInput(`${day}T${NOON}`) : null,
      custom: ownValues(own, known),
    };
    const done = await run(`/leads/${lead.id}/convert`, body, 'opp.converted');
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit();
        }}
      >
        <DialogTitle>{translate('opp.convertTitle')}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
          <TextField autoFocus fullWidth label={translate('opp.name')} value={name} onChange={(event) => setName(event.target.value)} />
          <Box sx={{ display: 'flex', gap: 1 }}>
            <TextField
              fullWidth
              type="number"
              label={translate('opp.amount')}
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
              slotProps={{ htmlInput: { min: 0, step: 'any' } }}
            />
            <TextField
              label={translate('opp.currency')}
              value={currency}
              onChange={(event) => setCurrency(event.target.value.toUpperCase().slice(0, 3))}
              sx={{ width: 110 }}
            />
          </Box>
          <DateField
            type="date"
            label={translate('opp.expected')}
            value={day}
            onChange={(event) => setDay(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <OwnFields resource="opportunities" draft={own} known={known} onChange={setOwn} />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={onClose}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={busy}>
            {translate('opp.convert')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
