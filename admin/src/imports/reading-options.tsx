import { Autocomplete, Box, FormControlLabel, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { Toggle } from '../setup/kit/toggle';
import { EmptyValues } from './empty-values';
import type { ImportOptions } from './types';

const ZONES = Intl.supportedValuesOf('timeZone');

/** How the cells of the whole file are read, and whether what is new becomes fields and options; the same for every kind of record. */
export const ReadingOptions = ({
  options,
  set,
  phones = true,
}: {
  options: ImportOptions;
  set: (patch: Partial<ImportOptions>) => void;
  phones?: boolean;
}) => {
  const translate = useTranslate();
  return (
    <>
      <Autocomplete
        size="small"
        options={ZONES}
        value={options.timeZone ?? null}
        onChange={(_event, zone) => set({ timeZone: zone ?? undefined })}
        renderInput={(params) => (
          <TextField {...params} label={translate('imports.zone')} helperText={translate('imports.optionHelp.timeZone')} />
        )}
      />
      {phones && (
        <TextField
          label={translate('imports.option.country')}
          helperText={translate('imports.optionHelp.country')}
          value={options.country ?? ''}
          error={Boolean(options.country) && !/^[A-Z]{2}$/.test(options.country ?? '')}
          onChange={(event) => set({ country: event.target.value.toUpperCase().slice(0, 2) || null })}
        />
      )}
      <Box>
        <FormControlLabel
          control={<Toggle checked={options.createFields ?? false} onChange={(_event, on) => set({ createFields: on })} />}
          label={<Typography variant="body2">{translate('imports.option.createFields')}</Typography>}
        />
        <Typography variant="caption" component="div" color="text.secondary">
          {translate('imports.optionHelp.createFields')}
        </Typography>
      </Box>
      <EmptyValues
        value={options.emptyValues}
        help={translate('imports.optionHelp.emptyValues')}
        set={(emptyValues) => set({ emptyValues })}
      />
    </>
  );
};
