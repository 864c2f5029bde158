import { Autocomplete, Box, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useLocaleCode } from '../../common/text';
import { scalarText } from '../../conditions/scalar';
import { useField } from '../kit/form-context';
import { GeneratedIn } from '../kit/generated-in';
import { SelectIn, SwitchIn, TextIn, useWords } from '../kit/inputs';
import { randomText } from '../kit/random';
import { RecordDialog } from '../kit/record-dialog';
import { Endpoint } from './endpoint';
import { ADAPTERS, defaultFieldsOf, isComplete, isKey, originOf, toSource, type Source, type SourceBody } from './source';
import { useSame } from '../../common/use-same';

/** 24 letters and digits, 120 bits: nobody guesses it. */
const newKey = (): string => randomText(24);

const bodyOf = (source: Source | null): SourceBody => ({
  // A role that does not see keys sees none, never one that was made up.
  key: source ? (source.key ?? '') : newKey(),
  name: source?.name ?? '',
  adapter: source?.adapter ?? 'auto',
  defaults: source?.defaults ?? {},
  allowedOrigins: source?.allowedOrigins ?? [],
  country: source?.country ?? null,
  active: source?.active ?? true,
});

const DefaultIn = ({ field: name }: { field: string }) => {
  const translate = useTranslate();
  const field = useField<unknown>(`defaults.${name}`);
  return (
    <TextField
      label={translate(`fields.${name}`, { _: name })}
      value={scalarText(field.value)}
      disabled={field.readOnly || (typeof field.value === 'object' && field.value !== null)}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value)}
    />
  );
};

const DefaultsIn = ({ fields }: { fields: readonly string[] }) => {
  const { label, help } = useWords('setup.source.defaults');
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
      <Typography variant="subtitle2" component="legend" sx={{ p: 0 }}>
        {label}
      </Typography>
      <Typography variant="caption" component="div" color="text.secondary" sx={{ mb: 1 }}>
        {help}
      </Typography>
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1, '& > *': { minWidth: 0 } }}>
        {fields.map((field) => (
          <DefaultIn key={field} field={field} />
        ))}
      </Box>
    </Box>
  );
};

/** Web origins; what is typed is brought into the form a browser sends when it is entered. */
const OriginsIn = () => {
  const translate = useTranslate();
  const field = useField<readonly string[]>('allowedOrigins');
  const { label, help } = useWords('setup.source.origins');
  const value = useSame([...(field.value ?? [])]);
  const wrong = value.find((origin) => originOf(origin) === null);
  const error = wrong === undefined ? field.error : translate('setup.source.originWrong', { origin: wrong });
  return (
    <Autocomplete
      multiple
      freeSolo
      autoSelect
      size="small"
      disabled={field.readOnly}
      options={[]}
      value={value}
      onChange={(_event, chosen) => field.set([...new Set(chosen.map((one) => originOf(one) ?? one.trim()).filter(Boolean))])}
      renderInput={(params) => (
        <TextField {...params} label={label} placeholder="https://www.example.com" error={Boolean(error)} helperText={error ?? help} />
      )}
    />
  );
};

const CountryIn = () => {
  const locale = useLocaleCode();
  const field = useField<string | null>('country');
  const { label, help } = useWords('setup.source.country');
  const code = field.value ?? '';
  const regions = new Intl.DisplayNames([locale === 'zh' ? 'zh-CN' : 'en'], { type: 'region' });
  return (
    <TextField
      label={label}
      value={code}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? (/^[A-Z]{2}$/.test(code) ? regions.of(code) : help)}
      onChange={(event) =>
        field.set(
          event.target.value
            .toUpperCase()
            .replace(/[^A-Z]/g, '')
            .slice(0, 2) || null,
        )
      }
    />
  );
};

/** Makes or changes one source; shows where to send leads and how to try it. `taken` are the keys of the others. */
export const SourceDialog = (props: { source: Source | null; taken: readonly string[]; readOnly: boolean; close: () => void }) => {
  const { source, taken, readOnly, close } = props;
  const translate = useTranslate();
  const keyProblem = (key: string): string | undefined => {
    if (!isKey(key)) return translate('setup.refusal.sources.KEY_INVALID');
    return taken.includes(key) ? translate('setup.refusal.sources.CONFLICT') : undefined;
  };
  // The key of a new source is made once, when the dialog opens.
  const [initial] = useState(() => bodyOf(source));
  return (
    <RecordDialog<SourceBody>
      resource="sources"
      id={source?.id}
      title={source?.name ?? translate('setup.source.add')}
      initial={initial}
      toSend={toSource}
      valid={(body) => isComplete(body) && keyProblem(body.key) === undefined}
      readOnly={readOnly}
      close={close}
    >
      {(body) => (
        <>
          <TextIn path="name" words="setup.source.name" />
          <SelectIn
            path="adapter"
            words="setup.source.adapter"
            choices={ADAPTERS.map((one) => ({ value: one, label: translate(`setup.source.adapters.${one}`) }))}
          />
          <GeneratedIn
            path="key"
            words={source ? 'setup.source.keySaved' : 'setup.source.key'}
            make={newKey}
            problem={keyProblem(body.key)}
          />
          <DefaultsIn fields={defaultFieldsOf(initial.defaults)} />
          <OriginsIn />
          <CountryIn />
          <SwitchIn path="active" words="setup.source.active" />
          {body.key !== '' && <Endpoint sourceKey={body.key} adapter={body.adapter} isNew={!source} />}
        </>
      )}
    </RecordDialog>
  );
};
