import { Switch, type SwitchProps } from '@mui/material';

/** A small switch whose thumb has an outline, so that it is seen on white as well. */
export const Toggle = (props: SwitchProps) => (
  <Switch
    size="small"
    {...props}
    sx={{
      '& .MuiSwitch-thumb': { border: 1, borderColor: 'text.disabled' },
      '& .Mui-checked .MuiSwitch-thumb': { borderColor: 'primary.main' },
    }}
  />
);
