import { MenuItem, TextField } from '@mui/material';
import type { Choice } from '../kit/inputs';

/** A choice that is not one value of the body but decides its shape. */
export const Plain = (props: {
  label: string;
  value: string;
  disabled: boolean;
  choices: readonly Choice[];
  onChange: (value: string) => void;
  help?: string;
}) => (
  <TextField
    select
    label={props.label}
    helperText={props.help}
    value={props.value}
    disabled={props.disabled}
    onChange={(event) => props.onChange(event.target.value)}
    sx={{ minWidth: 240 }}
  >
    {props.choices.map((choice) => (
      <MenuItem key={choice.value} value={choice.value}>
        {choice.label}
      </MenuItem>
    ))}
  </TextField>
);
