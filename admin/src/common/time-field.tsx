import { TextField, type TextFieldProps } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { readClock } from './date-text';

type TimeFieldProps = Omit<TextFieldProps, 'type' | 'value' | 'onChange'> & {
  /** `HH:MM`. */
  readonly value: string;
  /** As of a native input: the value is complete. */
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
};

/** A time of day on the 24-hour clock, whatever the browser speaks: `9:30`, `0930` and `９：30` are all half past nine. */
export const TimeField = ({ value, onChange, ...rest }: TimeFieldProps) => {
  const translate = useTranslate();
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && typed !== '' && readClock(typed) === null;
  return (
    <TextField
      {...rest}
      value={typed ?? value}
      error={rest.error || wrong}
      helperText={wrong ? translate('dates.wrongTime') : rest.helperText}
      placeholder="09:30"
      onChange={({ target }) => {
        setTyped(target.value);
        const next = readClock(target.value);
        if (next !== null && next !== value) onChange({ target: { value: next } });
      }}
      onBlur={(event) => {
        setTyped(null);
        rest.onBlur?.(event);
      }}
    />
  );
};
