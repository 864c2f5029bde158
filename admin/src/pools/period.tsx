import { MenuItem, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../api/session-context';
import { productNow } from '../common/product-clock';

export const DAYS = [7, 30, 90] as const;
export type Days = (typeof DAYS)[number];
const DAY_MS = 86_400_000;

/** The last so many days up to now, whole hours, so that the same question is asked once. */
export const periodOf = (days: Days): { from: string; to: string } => {
  const to = Math.ceil(productNow() / 3_600_000) * 3_600_000;
  return { from: new Date(to - days * DAY_MS).toISOString(), to: new Date(to).toISOString() };
};

export const DaysIn = ({ value, onChange }: { value: Days; onChange: (days: Days) => void }) => {
  const translate = useTranslate();
  return (
    <ToggleButtonGroup exclusive size="small" value={value} onChange={(_event, days: Days | null) => days && onChange(days)}>
      {DAYS.map((days) => (
        <ToggleButton key={days} value={days}>
          {translate('pools.period.days', { smart_count: days })}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
};

/** One of a list, or all of them. */
export const FilterIn = (props: {
  label: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) => {
  const translate = useTranslate();
  return (
    <TextField
      select
      label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: 132 }}
    >
      <MenuItem value="">{translate('pools.period.all')}</MenuItem>
      {props.choices.map((choice) => (
        <MenuItem key={choice.value} value={choice.value}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
};

/** Pools of the member as choices. */
export const usePoolChoices = (): readonly { value: string; label: string }[] =>
  useMeta().pools.map((pool) => ({ value: String(pool.id), label: pool.name }));
