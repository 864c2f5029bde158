import { Autocomplete, Checkbox, FormControlLabel, MenuItem, TextField } from '@mui/material';
import { DateField } from '../../common/date-field';
import { useMeta } from '../../api/session-context';
import type { CustomField } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { plain } from '../../common/plain';
import { useSame } from '../../common/use-same';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';

interface InputProps {
  field: CustomField;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Shown, not to be changed. */
  disabled?: boolean;
}

const HTML_TYPE: Partial<Record<CustomField['type'], string>> = {
  number: 'number',
  integer: 'number',
  money: 'number',
  email: 'email',
  phone: 'tel',
  url: 'url',
};
const NUMERIC = new Set<CustomField['type']>(['number', 'integer', 'money']);

const TypedText = ({ field, value, onChange, disabled }: InputProps) => {
  const text = useText();
  const { min, max, maxLength } = field.validation ?? {};
  return (
    <TextField
      fullWidth
      disabled={disabled}
      label={text(field.label) || field.key}
      required={field.required}
      type={HTML_TYPE[field.type] ?? 'text'}
      multiline={field.type === 'textarea'}
      minRows={field.type === 'textarea' ? 2 : undefined}
      value={value ?? ''}
      onChange={(event) => onChange(NUMERIC.has(field.type) && event.target.value !== '' ? Number(event.target.value) : event.target.value)}
      slotProps={{
        htmlInput: { min, max, maxLength, step: field.type === 'integer' ? 1 : 'any' },
      }}
    />
  );
};

const Day = ({ field, value, onChange, disabled }: InputProps) => {
  const text = useText();
  return (
    <DateField
      fullWidth
      disabled={disabled}
      type="date"
      label={text(field.label) || field.key}
      required={field.required}
      value={plain(value).slice(0, 10)}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
};

const DateTime = ({ field, value, onChange, disabled }: InputProps) => {
  const text = useText();
  const time = useTime();
  return (
    <DateField
      fullWidth
      disabled={disabled}
      type="datetime-local"
      label={text(field.label) || field.key}
      required={field.required}
      value={value ? time.toLocalInput(plain(value)) : ''}
      onChange={(event) => onChange(event.target.value ? time.fromLocalInput(event.target.value) : '')}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
};

const Choice = ({ field, value, onChange, disabled }: InputProps) => {
  const text = useText();
  const choices = useLookups().choices(field.options);
  return (
    <TextField
      select
      fullWidth
      disabled={disabled}
      label={text(field.label) || field.key}
      required={field.required}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value)}
    >
      {!field.required && <MenuItem value="">&nbsp;</MenuItem>}
      {choices.map((choice) => (
        <MenuItem key={choice.value} value={choice.value}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
};

const Choices = ({ field, value, onChange, disabled }: InputProps) => {
  const text = useText();
  const choices = useLookups().choices(field.options);
  const picked = Array.isArray(value) ? value : [];
  const shown = useSame(choices.filter((choice) => picked.includes(choice.value)));
  return (
    <Autocomplete
      disabled={disabled}
      multiple
      options={choices}
      value={shown}
      onChange={(_event, chosen) => onChange(chosen.map((choice) => choice.value))}
      isOptionEqualToValue={(a, b) => a.value === b.value}
      renderInput={(input) => (
        <TextField
          {...input}
          label={text(field.label) || field.key}
          required={field.required}
          slotProps={{ htmlInput: { ...input.inputProps, required: field.required && picked.length === 0 } }}
        />
      )}
    />
  );
};

const Member = ({ field, value, onChange, disabled }: InputProps) => {
  const text = useText();
  const { members } = useMeta();
  return (
    <Autocomplete
      disabled={disabled}
      options={members}
      value={members.find((member) => member.id === Number(value)) ?? null}
      onChange={(_event, member) => onChange(member?.id ?? '')}
      getOptionLabel={(member) => member.name}
      getOptionKey={(member) => member.id}
      renderInput={(input) => <TextField {...input} label={text(field.label) || field.key} required={field.required} />}
    />
  );
};

/** The input of a custom field, by its type. */
export const CustomInput = (props: InputProps) => {
  const text = useText();
  switch (props.field.type) {
    case 'boolean':
      return (
        <FormControlLabel
          control={
            <Checkbox
              size="small"
              disabled={props.disabled}
              checked={props.value === true}
              onChange={(event) => props.onChange(event.target.checked)}
            />
          }
          label={text(props.field.label) || props.field.key}
        />
      );
    case 'select':
      return <Choice {...props} />;
    case 'multiselect':
      return <Choices {...props} />;
    case 'date':
      return <Day {...props} />;
    case 'datetime':
      return <DateTime {...props} />;
    case 'reference':
      return <Member {...props} />;
    default:
      return <TypedText {...props} />;
  }
};
