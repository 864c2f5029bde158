import { Autocomplete, Box, Checkbox, FormControlLabel, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { CustomField } from '../api/types';
import { EmptyValues } from './empty-values';
import { CREATE, choiceOf } from './mapping';
import type { ColumnMapping, ColumnOptions, ImportKind, NewField } from './types';

const TYPES: readonly CustomField['type'][] = [
  'text',
  'textarea',
  'number',
  'integer',
  'money',
  'boolean',
  'date',
  'datetime',
  'select',
  'multiselect',
  'email',
  'phone',
  'url',
];
const ZONES = Intl.supportedValuesOf('timeZone');
/** Only the order of the parts counts, not what stands between them. */
const FORMATS = ['yyyy-MM-dd', 'dd/MM/yyyy', 'MM/dd/yyyy'] as const;

/** What words that are no option stand for, by kind of record and target. */
const OTHERWISE: Readonly<Record<string, { readonly value: string; readonly words: string }>> = {
  'opportunities.state': { value: 'open', words: 'imports.othersOpen' },
  'activities.kind': { value: 'note', words: 'imports.otherKinds' },
};

const NewFieldIn = ({ field, change }: { field: NewField; change: (field: NewField) => void }) => {
  const translate = useTranslate();
  const choices = field.type === 'select' || field.type === 'multiselect';
  return (
    <>
      <TextField
        label={translate('imports.fieldZh')}
        value={field.label.zh}
        onChange={(event) => change({ ...field, label: { ...field.label, zh: event.target.value } })}
        sx={{ width: 180 }}
      />
      <TextField
        label={translate('imports.fieldEn')}
        value={field.label.en}
        onChange={(event) => change({ ...field, label: { ...field.label, en: event.target.value } })}
        sx={{ width: 180 }}
      />
      <TextField
        select
        label={translate('setup.field.type')}
        value={field.type}
        onChange={(event) => change({ ...field, type: event.target.value as NewField['type'] })}
        sx={{ width: 160 }}
      >
        {TYPES.map((type) => (
          <MenuItem key={type} value={type}>
            {translate(`setup.field.types.${type}`)}
          </MenuItem>
        ))}
      </TextField>
      {choices && (
        <Autocomplete
          multiple
          freeSolo
          size="small"
          options={[]}
          value={field.options.map((option) => option.label.en)}
          onChange={(_event, labels) =>
            change({
              ...field,
              options: labels.map(
                (label) =>
                  field.options.find((option) => option.label.en === label) ?? {
                    value: label.toLowerCase().replace(/\s+/g, '_').slice(0, 100),
                    label: { zh: label, en: label },
                  },
              ),
            })
          }
          renderInput={(params) => <TextField {...params} label={translate('imports.fieldOptions')} />}
          sx={{ minWidth: 260, flex: 1 }}
        />
      )}
    </>
  );
};

/** How the cells of a column are read: what counts as empty, how dates are written, what a new field is like. */
export const ColumnOptionsIn = ({
  kind,
  column,
  change,
}: {
  kind: ImportKind;
  column: ColumnMapping;
  change: (column: ColumnMapping) => void;
}) => {
  const translate = useTranslate();
  const options: ColumnOptions = column.options ?? {};
  const set = (patch: Partial<ColumnOptions>): void =>
    change({ ...column, options: Object.fromEntries(Object.entries({ ...options, ...patch }).filter(([, value]) => value !== undefined)) });
  const isNew = choiceOf(column) === CREATE;
  const { create } = column;
  const otherwise = OTHERWISE[`${kind}.${column.target}`];
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, pt: 1.5, pb: 0.5 }}>
      {isNew && create && (
        <NewFieldIn field={create} change={(field) => change({ ...column, create: field, target: `custom.${field.key}` })} />
      )}
      {column.target === 'outcome' && (
        <FormControlLabel
          control={
            <Checkbox
              size="small"
              checked={options.noIsLost ?? false}
              onChange={(_event, on) => set({ noIsLost: on ? true : undefined })}
            />
          }
          label={translate('imports.noIsLost')}
          sx={{ width: '100%' }}
        />
      )}
      {otherwise && (
        <FormControlLabel
          control={
            <Checkbox
              size="small"
              checked={options.otherwise === otherwise.value}
              onChange={(_event, on) => set({ otherwise: on ? otherwise.value : undefined })}
            />
          }
          label={translate(otherwise.words)}
          sx={{ width: '100%' }}
        />
      )}
      <EmptyValues
        value={options.emptyValues}
        help={translate('imports.emptyValuesHelp')}
        set={(emptyValues) => set({ emptyValues })}
        sx={{ minWidth: 260, flex: 1, maxWidth: 420 }}
      />
      <TextField
        select
        label={translate('imports.dateOrder')}
        value={options.dateFormat ?? ''}
        onChange={(event) => set({ dateFormat: event.target.value || undefined })}
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        sx={{ width: 180 }}
      >
        <MenuItem value="">{translate('imports.detected')}</MenuItem>
        {[...new Set<string>([...FORMATS, ...(options.dateFormat ? [options.dateFormat] : [])])].map((format) => (
          <MenuItem key={format} value={format}>
            {format}
          </MenuItem>
        ))}
      </TextField>
      <Autocomplete
        size="small"
        options={ZONES}
        value={options.timeZone ?? null}
        onChange={(_event, zone) => set({ timeZone: zone ?? undefined })}
        renderInput={(params) => <TextField {...params} label={translate('imports.zone')} />}
        sx={{ width: 220 }}
      />
    </Box>
  );
};
