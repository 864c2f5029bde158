import { Autocomplete, TextField } from '@mui/material';
import { useMeta } from '../api/session-context';
import { DateField } from '../common/date-field';
import { plain } from '../common/plain';
import { useTime } from '../common/time';
import { CustomInput } from '../leads/page/custom-input';
import type { BuiltIn } from './catalogue';
import { SectionBox } from './section-box';
import { liveField, settled, type FormSectionView } from './sections';
import { useCustomFields, useFieldWords } from './use-sections';
import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';

export type Draft = Readonly<Record<string, unknown>>;

const NOON = 'T12:00';

const MemberInput = (props: { label: string; value: unknown; set: (value: unknown) => void; disabled: boolean }) => {
  const { members } = useMeta();
  return (
    <Autocomplete
      disabled={props.disabled}
      options={members}
      value={members.find((member) => member.id === Number(props.value)) ?? null}
      onChange={(_event, member) => props.set(member?.id ?? '')}
      getOptionLabel={(member) => member.name}
      getOptionKey={(member) => member.id}
      renderInput={(input) => <TextField {...input} label={props.label} />}
    />
  );
};

const BuiltInInput = (props: { field: BuiltIn; label: string; value: unknown; set: (value: unknown) => void; disabled: boolean }) => {
  const { field, value, set } = props;
  const time = useTime();
  if (field.input === 'member') return <MemberInput {...props} />;
  if (field.input === 'date')
    return (
      <DateField
        fullWidth
        type="date"
        disabled={props.disabled}
        label={props.label}
        value={value ? time.toLocalInput(plain(value)).slice(0, 10) : ''}
        onChange={({ target }) => set(target.value === '' ? '' : time.fromLocalInput(`${target.value}${NOON}`))}
        slotProps={{ inputLabel: { shrink: true } }}
      />
    );
  return (
    <TextField
      fullWidth
      disabled={props.disabled}
      label={props.label}
      type={field.input === 'area' ? 'text' : field.input}
      multiline={field.input === 'area'}
      value={value ?? ''}
      onChange={({ target }) => set(field.input === 'number' && target.value !== '' ? Number(target.value) : target.value)}
      slotProps={{ htmlInput: field.input === 'number' ? { step: 'any' } : undefined }}
    />
  );
};

/**
 * The inputs of a record, section by section. Custom fields react while somebody types: they come and go, become required, offer only the options
 * that go with the others.
 * @param writable which fields this member may write on this record; the others are left out
 * @param valueOf the value of a fact as entered, and as saved (null for a new record), for the conditions of custom fields
 */
export const RecordFields = (props: {
  resource: LayoutResource;
  sections: readonly FormSectionView[];
  draft: Draft;
  onChange: (draft: Record<string, unknown>) => void;
  writable: (name: string) => boolean;
  valueOf: { readonly now: (fact: string) => unknown; readonly saved: ((fact: string) => unknown) | null };
}) => {
  const words = useFieldWords();
  const custom = useCustomFields(props.resource);
  const set = (name: string, value: unknown): void => props.onChange(settled({ ...props.draft, [name]: value }, custom));
  return (
    <>
      {props.sections.map((section) => {
        const inputs = section.fields.flatMap((field) => {
          if (!props.writable(field.name)) return [];
          const value = props.draft[field.name];
          const change = (next: unknown): void => set(field.name, next);
          if ('builtIn' in field)
            return [
              <BuiltInInput
                key={field.name}
                field={field.builtIn}
                label={words.label(field)}
                value={value}
                set={change}
                disabled={false}
              />,
            ];
          const live = liveField(field.custom, props.draft, props.valueOf.now, props.valueOf.saved);
          if (!live.visible) return [];
          return [
            <CustomInput
              key={field.name}
              field={{ ...field.custom, options: [...live.options], required: live.required }}
              value={value}
              onChange={change}
              disabled={live.readOnly}
            />,
          ];
        });
        return inputs.length === 0 ? null : (
          <SectionBox key={section.key} title={words.heading(section)} columns={section.columns} collapsed={section.collapsed}>
            {inputs}
          </SectionBox>
        );
      })}
    </>
  );
};
