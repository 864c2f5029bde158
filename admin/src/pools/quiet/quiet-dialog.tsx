import { Box, Button, Chip, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../../common/date-field';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { productNow } from '../../common/product-clock';
import { useTime } from '../../common/time';
import { useLeadsChanged } from '../../leads/leads-changed';
import { monthsLater } from './months';

const MONTHS = [1, 3, 6, 12] as const;

/** Leaves people alone until a date, with the reason; or lets them be contacted again (`lift`). */
export const QuietDialog = (props: { ids: readonly number[]; lift?: boolean; close: () => void; done?: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const time = useTime();
  const provider = useDataProvider<ConsoleProvider>();
  const changed = useLeadsChanged();
  const today = time.toLocalInput(new Date(productNow()).toISOString()).slice(0, 10);
  const [day, setDay] = useState(monthsLater(today, 3));
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ready = reason.trim() !== '' && !busy && (props.lift === true || day > today);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const until = props.lift ? null : time.fromLocalInput(`${day}T00:00`);
    try {
      const { results } = await provider.leadsVerb([...props.ids], 'do-not-contact', { until, reason: reason.trim() });
      const done = results.filter((result) => result.ok).length;
      const refused = results.find((result) => !result.ok);
      const words = { smart_count: done, at: time.date(until) };
      if (done > 0) notify(translate(props.lift ? 'pools.quiet.lifted' : 'pools.quiet.done', words), { type: 'success' });
      if (refused) notify(refusal(refused), { type: 'error' });
      changed();
      props.close();
      props.done?.();
    } catch (cause) {
      setError(refusal(cause));
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={props.close} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void run();
        }}
      >
        <DialogTitle>
          {translate(props.lift ? 'pools.quiet.liftTitle' : 'pools.quiet.title', { smart_count: props.ids.length })}
        </DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: '8px !important' }}>
          {!props.lift && (
            <>
              <Typography variant="body2" color="text.secondary">
                {translate('pools.quiet.hint')}
              </Typography>
              <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
                {MONTHS.map((months) => (
                  <Chip
                    key={months}
                    label={translate('pools.quiet.months', { smart_count: months })}
                    color={day === monthsLater(today, months) ? 'primary' : 'default'}
                    variant={day === monthsLater(today, months) ? 'filled' : 'outlined'}
                    onClick={() => setDay(monthsLater(today, months))}
                  />
                ))}
              </Box>
              <DateField
                type="date"
                required
                label={translate('pools.quiet.date')}
                value={day}
                onChange={(event) => setDay(event.target.value)}
                slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: today } }}
              />
            </>
          )}
          <TextField
            autoFocus
            required
            multiline
            minRows={2}
            label={translate('pools.quiet.reason')}
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
          <Button color="inherit" onClick={props.close}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={!ready}>
            {translate(props.lift ? 'pools.quiet.lift' : 'pools.quiet.set')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
