import { MenuItem, TextField } from '@mui/material';

/** One of a few choices, with what it means beneath. */
export const ChoiceIn = (props: {
  label: string;
  help?: string;
  value: string;
  choices: readonly { readonly value: string; readonly label: string }[];
  change: (value: string) => void;
}) => (
  <TextField
    select
    fullWidth
    label={props.label}
    helperText={props.help}
    value={props.value}
    onChange={(event) => props.change(event.target.value)}
  >
    {props.choices.map((choice) => (
      <MenuItem key={choice.value} value={choice.value}>
        {choice.label}
      </MenuItem>
    ))}
  </TextField>
);
