import DeleteIcon from '@mui/icons-material/Close';
import { Autocomplete, Box, IconButton, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import type { CustomField } from '../../api/types';
import { FormDialog } from '../../common/form-dialog';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { CustomInput } from '../page/custom-input';
import { SECTIONS, type InputType } from '../page/fields';

/** Who somebody is cannot be one value for many. */
const IDENTITY = new Set(['name', 'email', 'phone', 'wechat']);

interface EditableField {
  key: string;
  label: string;
  group: string;
  input: InputType;
  custom?: CustomField;
}

/** The fields this member may set for several leads at once. */
const useEditable = (): EditableField[] => {
  const translate = useTranslate();
  const access = useAccess();
  const text = useText();
  const { leadFields } = useLookups();
  const plain = SECTIONS.flatMap((section) =>
    section.fields
      .filter(({ key }) => !IDENTITY.has(key))
      .map(({ key, input }) => ({
        key: String(key),
        input,
        label: translate(`fields.${key}`),
        group: translate(`sections.${section.key}`),
      })),
  );
  const custom = leadFields.map((field) => ({
    key: `custom.${field.key}`,
    label: text(field.label) || field.key,
    group: translate(`sections.${field.section || 'custom'}`, { _: field.section }),
    input: 'text' as const,
    custom: field,
  }));
  return [...plain, ...custom].filter((field) => access.field('leads', field.key) === 'write');
};

const ValueInput = (props: { field: EditableField; value: unknown; onChange: (value: unknown) => void }) => {
  const translate = useTranslate();
  const { sources } = useLookups();
  const { field, value } = props;
  if (field.custom) return <CustomInput field={{ ...field.custom, required: false }} value={value} onChange={props.onChange} />;
  const isNumber = field.input === 'number';
  const isEmpty = value === '' || value === null || value === undefined;
  return (
    <TextField
      fullWidth
      select={field.key === 'source'}
      label={field.label}
      type={isNumber ? 'number' : field.input === 'url' ? 'url' : 'text'}
      multiline={field.input === 'area'}
      value={value ?? ''}
      onChange={(event) => props.onChange(isNumber && event.target.value !== '' ? Number(event.target.value) : event.target.value)}
      helperText={isEmpty ? translate('leadTools.clear') : ' '}
    >
      {field.key === 'source'
        ? sources.map((source) => (
            <MenuItem key={source.value} value={source.value}>
              {source.label}
            </MenuItem>
          ))
        : undefined}
    </TextField>
  );
};

/** The same values for all ticked leads: fields are added one by one, only these are sent. */
export const BulkEditDialog = (props: {
  count: number;
  onClose: () => void;
  onSubmit: (values: Record<string, unknown>) => Promise<unknown>;
}) => {
  const translate = useTranslate();
  const editable = useEditable();
  const [chosen, setChosen] = useState<EditableField[]>([]);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const submit = async (): Promise<void> => {
    const body = Object.fromEntries(chosen.map(({ key }) => [key, values[key] === '' ? null : (values[key] ?? null)]));
    await props.onSubmit(body);
  };
  return (
    <FormDialog
      title={translate('leadTools.editTitle', { smart_count: props.count })}
      hint={translate('leadTools.editHint')}
      submit={translate('ra.action.save')}
      ready={chosen.length > 0}
      close={props.onClose}
      run={submit}
    >
      {chosen.map((field) => (
        <Box key={field.key} sx={{ display: 'flex', alignItems: 'flex-start', gap: 0.5 }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <ValueInput
              field={field}
              value={values[field.key]}
              onChange={(value) => setValues((current) => ({ ...current, [field.key]: value }))}
            />
          </Box>
          <IconButton
            aria-label={`${translate('ra.action.remove')}: ${field.label}`}
            onClick={() => setChosen(chosen.filter((one) => one.key !== field.key))}
          >
            <DeleteIcon fontSize="small" />
          </IconButton>
        </Box>
      ))}
      <Autocomplete
        key={chosen.length}
        options={editable.filter((field) => !chosen.some((one) => one.key === field.key))}
        groupBy={(field) => field.group}
        getOptionKey={(field) => field.key}
        onChange={(_event, field) => field && setChosen([...chosen, field])}
        openOnFocus={chosen.length === 0}
        blurOnSelect
        renderInput={(input) => <TextField {...input} label={translate('leadTools.addField')} autoFocus={chosen.length === 0} />}
      />
    </FormDialog>
  );
};
