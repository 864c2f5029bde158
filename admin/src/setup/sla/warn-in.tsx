import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { Hint } from '../kit/inputs';
import { Row } from '../kit/section';

/** `80%` of the target, `-10m`, `-2h` of working time before the deadline or `+1h` after it, as a number and a unit. */
export const WarnIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<string>(path);
  const [, percent, sign, span, unit] = /^(?:(\d+)%|([-+])(\d+)([mh]))$/.exec(field.value ?? '') ?? [];
  const amount = Number(percent ?? span ?? 80);
  const kind = sign && unit ? `${sign}${unit}` : '%';
  const write = (nextAmount: number, nextKind: string): void => {
    const least = Math.max(1, Math.floor(nextAmount) || 1);
    field.set(nextKind === '%' ? `${Math.min(99, least)}%` : `${nextKind.charAt(0)}${least}${nextKind.charAt(1)}`);
  };
  return (
    <>
      <Row>
        <TextField
          type="number"
          label={translate('setup.sla.warnAt')}
          value={amount}
          disabled={field.readOnly}
          error={Boolean(field.error)}
          onChange={(event) => write(Number(event.target.value), kind)}
          slotProps={{ htmlInput: { min: 1 } }}
          sx={{ width: 100 }}
        />
        <TextField
          select
          value={kind}
          disabled={field.readOnly}
          onChange={(event) => write(amount, event.target.value)}
          slotProps={{ htmlInput: { 'aria-label': translate('setup.sla.warns') } }}
          sx={{ minWidth: 220 }}
        >
          <MenuItem value="%">{translate('setup.sla.warnKinds.percent')}</MenuItem>
          <MenuItem value="-m">{translate('setup.sla.warnKinds.minutes')}</MenuItem>
          <MenuItem value="-h">{translate('setup.sla.warnKinds.hours')}</MenuItem>
          <MenuItem value="+m">{translate('setup.sla.warnKinds.minutesAfter')}</MenuItem>
          <MenuItem value="+h">{translate('setup.sla.warnKinds.hoursAfter')}</MenuItem>
        </TextField>
      </Row>
      <Hint error={field.error} />
    </>
  );
};
