import { Box, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../common/date-field';
import type { Lead } from '../api/types';
import { FormDialog } from '../common/form-dialog';
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
  const [probability, setProbability] = useState('');
  const [day, setDay] = useState('');
  const [own, setOwn] = useState<Record<string, unknown>>({});
  const ownValues = useOwnValues('opportunities');
  const known = { name, amount: amount === '' ? null : Number(amount), currency };
  const submit = async (): Promise<void> => {
    const body = {
      name: name.trim() || null,
      amount: amount === '' ? null : Number(amount),
      currency: /^[A-Z]{3}$/.test(currency) ? currency : null,
      probability: probability === '' ? null : Number(probability),
      expectedAt: day ? time.fromLocalInput(`${day}T${NOON}`) : null,
      custom: ownValues(own, known),
    };
    const done = await run(`/leads/${lead.id}/convert`, body, 'opp.converted');
    if (done) onClose();
  };
  return (
    <FormDialog title={translate('opp.convertTitle')} submit={translate('opp.convert')} close={onClose} run={submit}>
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
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, rowGap: 2 }}>
        <DateField
          type="date"
          label={translate('opp.expected')}
          value={day}
          onChange={(event) => setDay(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
          sx={{ flex: '2 1 180px' }}
        />
        <TextField
          type="number"
          label={translate('opp.probability')}
          value={probability}
          onChange={(event) => setProbability(event.target.value)}
          slotProps={{ htmlInput: { min: 0, max: 100, step: 5 } }}
          sx={{ flex: '1 1 110px' }}
        />
      </Box>
      <OwnFields resource="opportunities" draft={own} known={known} onChange={setOwn} />
    </FormDialog>
  );
};
