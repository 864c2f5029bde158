import type { Decay } from '@leadsea/lead-grading/contracts/model';
import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { NumberIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';

const BLANK: Record<Decay['type'], Decay> = {
  none: { type: 'none' },
  'half-life': { type: 'half-life', days: 30 },
  linear: { type: 'linear', percent: 50, days: 30 },
  step: { type: 'step', steps: [{ afterDays: 30, percent: 50 }] },
  inactivity: { type: 'inactivity', afterDays: 14, percent: 25, everyDays: 7 },
};

/** How points of behaviour fade with time. */
export const DecayIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<Decay>(path);
  const type = field.value?.type ?? 'none';
  return (
    <>
      <Row>
        <TextField
          select
          label={translate('setup.grading.decay')}
          helperText={translate(`setup.grading.decayHelp.${type}`)}
          value={type}
          disabled={field.readOnly}
          onChange={(event) => field.set(BLANK[event.target.value as Decay['type']])}
          sx={{ minWidth: 260, maxWidth: 420 }}
        >
          {(['none', 'half-life', 'linear', 'step', 'inactivity'] as const).map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.grading.decays.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        {type === 'inactivity' && <NumberIn path={`${path}.afterDays`} words="setup.grading.idleDays" min={1} max={3650} />}
        {(type === 'linear' || type === 'inactivity') && (
          <NumberIn path={`${path}.percent`} words="setup.grading.percent" min={1} max={100} />
        )}
        {(type === 'half-life' || type === 'linear') && <NumberIn path={`${path}.days`} words="setup.grading.days" min={1} max={3650} />}
        {type === 'inactivity' && <NumberIn path={`${path}.everyDays`} words="setup.grading.everyDays" min={1} max={3650} />}
      </Row>
      {type === 'step' && (
        <ListIn<{ afterDays: number; percent: number }>
          path={`${path}.steps`}
          add={translate('setup.grading.addStep')}
          blank={(steps) => ({ afterDays: (steps.at(-1)?.afterDays ?? 0) + 30, percent: 25 })}
          render={(step) => (
            <Row>
              <NumberIn path={`${step}.afterDays`} words="setup.grading.afterDays" min={1} max={3650} />
              <NumberIn path={`${step}.percent`} words="setup.grading.percentLeft" min={0} max={100} />
            </Row>
          )}
        />
      )}
    </>
  );
};
