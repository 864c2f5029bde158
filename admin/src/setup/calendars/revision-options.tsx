import { FormControlLabel, Radio, RadioGroup, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { PublishOptionsProps } from '../policy/types';

const MODES = ['replan', 'keep', 'recompute'] as const;

/** what a new revision means for deadlines that run. */
export const RevisionOptions = ({ value, onChange }: PublishOptionsProps) => {
  const translate = useTranslate();
  const chosen = typeof value['clocks'] === 'string' ? value['clocks'] : 'replan';
  return (
    <RadioGroup
      value={chosen}
      onChange={(event) => onChange({ clocks: event.target.value })}
      aria-label={translate('setup.calendar.running')}
    >
      <Typography variant="subtitle2">{translate('setup.calendar.running')}</Typography>
      {MODES.map((mode) => (
        <FormControlLabel
          key={mode}
          value={mode}
          control={<Radio size="small" />}
          label={<Typography variant="body2">{translate(`setup.calendar.modes.${mode}`)}</Typography>}
        />
      ))}
    </RadioGroup>
  );
};
