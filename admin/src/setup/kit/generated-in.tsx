import NewIcon from '@mui/icons-material/AutorenewOutlined';
import { IconButton, InputAdornment, TextField, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { CopyButton } from './copy-button';
import { useField } from './form-context';
import { useWords } from './inputs';

/** A secret that can be typed, made at random and copied. It is shown: whoever makes it has to pass it on. */
export const GeneratedIn = (props: {
  path: string;
  words: string;
  make: () => string;
  /** What is wrong with the value as it stands, in words. */
  problem?: string;
}) => {
  const { path, words, make } = props;
  const translate = useTranslate();
  const field = useField<string>(path);
  const { label, help } = useWords(words);
  const value = field.value ?? '';
  const error = field.error ?? props.problem;
  const buttons = (
    <InputAdornment position="end">
      {!field.readOnly && (
        <Tooltip title={translate('setup.kit.generate')}>
          <IconButton size="small" aria-label={translate('setup.kit.generate')} onClick={() => field.set(make())}>
            <NewIcon fontSize="small" />
          </IconButton>
        </Tooltip>
      )}
      <CopyButton text={value} of={label} disabled={value === ''} />
    </InputAdornment>
  );
  return (
    <TextField
      fullWidth
      data-place={path}
      label={label}
      value={value}
      disabled={field.readOnly}
      error={Boolean(error)}
      helperText={error ?? help}
      onChange={(event) => field.set(event.target.value)}
      slotProps={{
        htmlInput: { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false, sx: { fontFamily: 'monospace' } },
        input: { endAdornment: buttons },
      }}
    />
  );
};
