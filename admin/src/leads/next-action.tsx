import { Box, Chip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../common/date-field';
import { productNow } from '../common/product-clock';
import { useTime } from '../common/time';

const DAY_MS = 86_400_000;
const MORNING = '09:30';
const OTHER = 'other';

const CHOICES = [
  { key: 'hours2', days: 0 },
  { key: 'tomorrow', days: 1 },
  { key: 'days3', days: 3 },
  { key: 'week', days: 7 },
] as const;

/** When to act next: a few usual answers, or any date and time in the member's zone. */
export const NextAction = ({ value, onChange }: { value: string | null; onChange: (at: string | null) => void }) => {
  const translate = useTranslate();
  const time = useTime();
  const [choice, setChoice] = useState<string | null>(null);
  const pick = (key: string, days: number): void => {
    if (choice === key) {
      setChoice(null);
      return onChange(null);
    }
    setChoice(key);
    const later = new Date(productNow() + (days === 0 ? 2 * 3_600_000 : days * DAY_MS)).toISOString();
    return onChange(days === 0 ? later : time.fromLocalInput(`${time.toLocalInput(later).slice(0, 10)}T${MORNING}`));
  };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
      <Typography variant="body2" color="text.secondary">
        {translate('log.nextAction')}
      </Typography>
      {CHOICES.map(({ key, days }) => (
        <Chip
          key={key}
          size="small"
          label={translate(`log.next.${key}`)}
          variant={choice === key && value ? 'filled' : 'outlined'}
          color={choice === key && value ? 'primary' : 'default'}
          onClick={() => pick(key, days)}
        />
      ))}
      <Chip
        size="small"
        label={value && choice !== OTHER ? time.dateTime(value) : translate('log.other')}
        variant="outlined"
        onClick={() => setChoice(OTHER)}
      />
      {choice === OTHER && (
        <DateField
          autoFocus
          type="datetime-local"
          value={time.toLocalInput(value)}
          onChange={(event) => {
            onChange(event.target.value ? time.fromLocalInput(event.target.value) : null);
          }}
          slotProps={{ htmlInput: { 'aria-label': translate('log.nextAction') } }}
          sx={{ width: 196 }}
        />
      )}
    </Box>
  );
};
