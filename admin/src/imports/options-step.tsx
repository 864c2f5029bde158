import { Autocomplete, Box, FormControlLabel, MenuItem, TextField, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { useAccess, useMe, useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { Toggle } from '../setup/kit/toggle';
import { saveImport } from './api';
import { StepFrame, type StepProps } from './step-frame';
import type { ImportOptions } from './types';

const ZONES = Intl.supportedValuesOf('timeZone');

interface ChoiceProps {
  name: 'mode' | 'onDuplicate' | 'clocks';
  value: string;
  keys: readonly string[];
  change: (value: string) => void;
}

const ChoiceIn = ({ name, value, keys, change }: ChoiceProps) => {
  const translate = useTranslate();
  return (
    <TextField
      select
      fullWidth
      label={translate(`imports.option.${name}`)}
      helperText={translate(`imports.optionHelp.${name}`)}
      value={value}
      onChange={(event) => change(event.target.value)}
    >
      {keys.map((key) => (
        <MenuItem key={key} value={key}>
          {translate(`imports.choice.${name}.${key}`)}
        </MenuItem>
      ))}
    </TextField>
  );
};

const DestinationIn = ({
  value,
  change,
}: {
  value: ImportOptions['destination'];
  change: (value: ImportOptions['destination']) => void;
}) => {
  const translate = useTranslate();
  const meta = useMeta();
  const me = useMe();
  const access = useAccess();
  const members = access.can('assign', 'leads') ? meta.members : meta.members.filter((member) => member.id === me.member.id);
  const choices = [
    { value: 'route', label: translate('imports.choice.destination.route'), group: '' },
    ...meta.pools.map((pool) => ({ value: `pool:${pool.id}`, label: pool.name, group: translate('fields.pool') })),
    ...members.map((member) => ({ value: `owner:${member.id}`, label: member.name, group: translate('fields.owner') })),
  ];
  const key = typeof value === 'object' ? ('pool' in value ? `pool:${value.pool}` : `owner:${value.owner}`) : 'route';
  return (
    <Autocomplete
      size="small"
      disableClearable
      options={choices}
      groupBy={(choice) => choice.group}
      getOptionKey={(choice) => choice.value}
      isOptionEqualToValue={(a, b) => a.value === b.value}
      value={choices.find((choice) => choice.value === key) ?? choices[0]}
      onChange={(_event, choice) => {
        const [kind, id] = choice.value.split(':');
        change(kind === 'pool' ? { pool: Number(id) } : kind === 'owner' ? { owner: Number(id) } : 'route');
      }}
      renderInput={(params) => (
        <TextField {...params} label={translate('imports.option.destination')} helperText={translate('imports.optionHelp.destination')} />
      )}
    />
  );
};

/** What happens to duplicates, where the leads go, and whether deadlines run. */
export const OptionsStep = ({ record, changed, back, next }: StepProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const lookups = useLookups();
  const me = useMe();
  const [options, setOptions] = useState<ImportOptions>({ timeZone: me.member.timeZone, ...record.options });
  const set = (patch: Partial<ImportOptions>): void => setOptions({ ...options, ...patch });
  const save = useMutation({
    mutationFn: () => saveImport(record.id, { options }),
    onSuccess: (saved) => {
      changed(saved);
      next();
    },
  });
  const mode = options.mode ?? 'upsert';
  const duplicates = mode === 'create' ? ['skip', 'link'] : ['merge', 'overwrite', 'skip', 'link'];
  const usual = mode === 'create' ? 'skip' : mode === 'update' ? 'overwrite' : 'merge';
  const onDuplicate = options.onDuplicate && duplicates.includes(options.onDuplicate) ? options.onDuplicate : usual;
  return (
    <StepFrame
      error={save.error ? refusal(save.error) : null}
      back={back}
      next={{ label: translate('imports.toCheck'), run: () => save.mutate(), disabled: save.isPending }}
    >
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' },
          gap: 2.5,
          bgcolor: 'background.paper',
          border: 1,
          borderColor: 'divider',
          borderRadius: 1,
          p: 2,
        }}
      >
        <ChoiceIn
          name="mode"
          value={mode}
          keys={['upsert', 'create', 'update']}
          change={(value) => setOptions({ ...options, mode: value as ImportOptions['mode'], onDuplicate: undefined })}
        />
        <ChoiceIn
          name="onDuplicate"
          value={onDuplicate}
          keys={duplicates}
          change={(value) => set({ onDuplicate: value as ImportOptions['onDuplicate'] })}
        />
        <DestinationIn value={options.destination} change={(destination) => set({ destination })} />
        <ChoiceIn
          name="clocks"
          value={options.clocks ?? 'none'}
          keys={['none', 'now', 'captured']}
          change={(value) => set({ clocks: value as ImportOptions['clocks'] })}
        />
        <Autocomplete
          freeSolo
          autoSelect
          size="small"
          options={lookups.sources.map((source) => source.value)}
          getOptionLabel={(source) => lookups.source(source)}
          value={options.source ?? null}
          onChange={(_event, source) => set({ source: source?.trim() || undefined })}
          renderInput={(params) => (
            <TextField {...params} label={translate('imports.option.source')} helperText={translate('imports.optionHelp.source')} />
          )}
        />
        <Autocomplete
          size="small"
          options={ZONES}
          value={options.timeZone ?? null}
          onChange={(_event, zone) => set({ timeZone: zone ?? undefined })}
          renderInput={(params) => (
            <TextField {...params} label={translate('imports.zone')} helperText={translate('imports.optionHelp.timeZone')} />
          )}
        />
        <TextField
          label={translate('imports.option.country')}
          helperText={translate('imports.optionHelp.country')}
          value={options.country ?? ''}
          error={Boolean(options.country) && !/^[A-Z]{2}$/.test(options.country ?? '')}
          onChange={(event) => set({ country: event.target.value.toUpperCase().slice(0, 2) || null })}
        />
        <Box>
          <FormControlLabel
            control={<Toggle checked={options.createFields ?? false} onChange={(_event, on) => set({ createFields: on })} />}
            label={<Typography variant="body2">{translate('imports.option.createFields')}</Typography>}
          />
          <Typography variant="caption" component="div" color="text.secondary">
            {translate('imports.optionHelp.createFields')}
          </Typography>
        </Box>
        <Autocomplete
          multiple
          freeSolo
          size="small"
          options={['Select', 'N/A', '-', 'null', '无', '未知']}
          value={[...(options.emptyValues ?? [])]}
          onChange={(_event, values) => set({ emptyValues: values.length > 0 ? values : undefined })}
          renderInput={(params) => (
            <TextField {...params} label={translate('imports.emptyValues')} helperText={translate('imports.optionHelp.emptyValues')} />
          )}
        />
      </Box>
    </StepFrame>
  );
};
