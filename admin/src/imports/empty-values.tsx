import { Autocomplete, TextField, type SxProps } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { useSame } from '../common/use-same';

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
  const chosen = useSame([...value]);
  return (
    <Autocomplete
      multiple
      freeSolo
      size="small"
      options={USUAL}
      value={chosen}
      onChange={(_event, values) => set(values.length > 0 ? values : undefined)}
      renderInput={(params) => <TextField {...params} label={translate('imports.emptyValues')} helperText={help} />}
      sx={sx}
    />
  );
};
