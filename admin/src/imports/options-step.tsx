import { Autocomplete, Box, TextField } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { useAccess, useMe, useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { saveImport } from './api';
import { ChoiceIn } from './choice-in';
import { ReadingOptions } from './reading-options';
import { RecordOptions } from './record-options';
import { StepFrame, type StepProps } from './step-frame';
import type { ImportOptions } from './types';

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
const LeadOptions = ({ options, setOptions }: { options: ImportOptions; setOptions: (options: ImportOptions) => void }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const set = (patch: Partial<ImportOptions>): void => setOptions({ ...options, ...patch });
  const choices = (name: string, keys: readonly string[]) =>
    keys.map((value) => ({ value, label: translate(`imports.choice.${name}.${value}`) }));
  const mode = options.mode ?? 'upsert';
  const duplicates = mode === 'create' ? ['skip', 'link'] : ['merge', 'overwrite', 'skip', 'link'];
  const usual = mode === 'create' ? 'skip' : mode === 'update' ? 'overwrite' : 'merge';
  const onDuplicate = options.onDuplicate && duplicates.includes(options.onDuplicate) ? options.onDuplicate : usual;
  return (
    <>
      <ChoiceIn
        label={translate('imports.option.mode')}
        help={translate('imports.optionHelp.mode')}
        value={mode}
        choices={choices('mode', ['upsert', 'create', 'update'])}
        change={(value) => setOptions({ ...options, mode: value as ImportOptions['mode'], onDuplicate: undefined })}
      />
      <ChoiceIn
        label={translate('imports.option.onDuplicate')}
        help={translate('imports.optionHelp.onDuplicate')}
        value={onDuplicate}
        choices={choices('onDuplicate', duplicates)}
        change={(value) => set({ onDuplicate: value as ImportOptions['onDuplicate'] })}
      />
      <DestinationIn value={options.destination} change={(destination) => set({ destination })} />
      <ChoiceIn
        label={translate('imports.option.clocks')}
        help={translate('imports.optionHelp.clocks')}
        value={options.clocks ?? 'none'}
        choices={choices('clocks', ['none', 'now', 'captured'])}
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
      <ReadingOptions options={options} set={set} />
    </>
  );
};

/** What the import does with what it finds, by the kind of record. */
export const OptionsStep = ({ record, changed, back, next }: StepProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const me = useMe();
  const [options, setOptions] = useState<ImportOptions>({ timeZone: me.member.timeZone, ...record.options });
  const save = useMutation({
    mutationFn: () => saveImport(record.id, { options }),
    onSuccess: (saved) => {
      changed(saved);
      next();
    },
  });
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
        {record.kind === 'leads' ? (
          <LeadOptions options={options} setOptions={setOptions} />
        ) : (
          <RecordOptions record={record} kind={record.kind} options={options} setOptions={setOptions} />
        )}
      </Box>
    </StepFrame>
  );
};
