import { Autocomplete, TextField, type SxProps } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';

const USUAL = ['Select', 'N/A', '-', 'null', '无', '未知'];

interface EmptyValuesProps {
  readonly value: readonly string[] | undefined;
  readonly help: string;
  /** None chosen = undefined. */
  readonly set: (values: string[] | undefined) => void;
  readonly sx?: SxProps<Theme>;
}

/** Words of a file that mean that nothing is known. */
export const EmptyValues = ({ value = [], help, set, sx }: EmptyValuesProps) => {
  const translate = useTranslate();
  return (
    <Autocomplete
      multiple
      freeSolo
      size="small"
      options={USUAL}
      value={[...value]}
      onChange={(_event, values) => set(values.length > 0 ? values : undefined)}
      renderInput={(params) => <TextField {...params} label={translate('imports.emptyValues')} helperText={help} />}
      sx={sx}
    />
  );
};
