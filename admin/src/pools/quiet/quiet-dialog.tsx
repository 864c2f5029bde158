import { Box, Chip } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { DateField } from '../../common/date-field';
import { productNow } from '../../common/product-clock';
import { useTime } from '../../common/time';
import { useLeadsChanged } from '../../leads/leads-changed';
import { WhyDialog } from '../why-dialog';
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
  const run = async (reason: string): Promise<void> => {
    const until = props.lift ? null : time.fromLocalInput(`${day}T00:00`);
    const { results } = await provider.leadsVerb([...props.ids], 'do-not-contact', { until, reason });
    const done = results.filter((result) => result.ok).length;
    const refused = results.find((result) => !result.ok);
    const words = { smart_count: done, at: time.date(until) };
    if (done > 0) notify(translate(props.lift ? 'pools.quiet.lifted' : 'pools.quiet.done', words), { type: 'success' });
    if (refused) notify(refusal(refused), { type: 'error' });
    changed();
    props.close();
    props.done?.();
  };
  return (
    <WhyDialog
      title={translate(props.lift ? 'pools.quiet.liftTitle' : 'pools.quiet.title', { smart_count: props.ids.length })}
      {...(props.lift ? {} : { hint: translate('pools.quiet.hint') })}
      why={translate('pools.quiet.reason')}
      submit={translate(props.lift ? 'pools.quiet.lift' : 'pools.quiet.set')}
      maxLength={1000}
      ready={props.lift === true || day > today}
      close={props.close}
      run={run}
    >
      {!props.lift && (
        <>
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
    </WhyDialog>
  );
};
