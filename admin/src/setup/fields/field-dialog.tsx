import type { Condition } from '@leadsea/crm-core/contracts/condition';
import { TextField } from '@mui/material';
import { useGetList, useTranslate, type RaRecord } from 'ra-core';
import type { CustomField, LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { useField, useForm } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { RecordDialog } from '../kit/record-dialog';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';

const TYPES = [
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
] as const;
const NUMERIC: readonly string[] = ['number', 'integer', 'money'];
const CHOICES: readonly string[] = ['select', 'multiselect'];
const SECTIONS = ['person', 'company', 'place', 'origin', 'custom'] as const;

interface Body {
  readonly entity: string;
  readonly key: string;
  readonly type: string;
  readonly label: LocalisedText;
  readonly options: readonly { value: string; label: LocalisedText }[];
  readonly required: boolean;
  readonly validation: { min?: number; max?: number; maxLength?: number; pattern?: string };
  readonly section: string;
  readonly position: number;
  readonly visibleWhen: Condition | null;
  readonly pii: boolean;
  readonly indexed: boolean;
  readonly retired: boolean;
}

const bodyOf = (entity: string, field: CustomField | null, position: number): Body => ({
  entity,
  key: field?.key ?? '',
  type: field?.type ?? 'text',
  label: field?.label ?? { zh: '', en: '' },
  options: field?.options ?? [],
  required: field?.required ?? false,
  validation: field?.validation ?? {},
  section: field?.section ?? 'custom',
  position: field?.position ?? position,
  visibleWhen: field?.visibleWhen ?? null,
  pii: field?.pii ?? false,
  indexed: field?.indexed ?? false,
  retired: field?.retired ?? false,
});

const KeyIn = ({ isNew, suggestion }: { isNew: boolean; suggestion: string }) => {
  const translate = useTranslate();
  const field = useField<string>('key');
  return (
    <TextField
      label={translate('setup.kit.key')}
      value={field.value === '' ? suggestion : (field.value ?? '')}
      disabled={!isNew || field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error ?? translate('setup.field.keyHelp')}
      onChange={(event) => field.set(event.target.value)}
      sx={{ flex: 1, minWidth: 200 }}
    />
  );
};

/** The key of an option: proposed from its label, fixed once the option has been saved. */
const OptionKey = ({ path, saved }: { path: string; saved: readonly string[] }) => {
  const translate = useTranslate();
  const field = useField<string>(path);
  return (
    <TextField
      label={translate('setup.kit.key')}
      value={field.value ?? ''}
      disabled={field.readOnly || saved.includes(field.value ?? '')}
      error={Boolean(field.error) || !field.value}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value)}
      sx={{ width: 150 }}
    />
  );
};

const SectionIn = () => {
  const translate = useTranslate();
  const section = useField<string>('section').value ?? 'custom';
  const known = SECTIONS.map((one) => ({ value: one, label: translate(`sections.${one}`) }));
  return (
    <SelectIn
      path="section"
      words="setup.field.section"
      choices={known.some((one) => one.value === section) ? known : [...known, { value: section, label: section }]}
    />
  );
};

const Parts = ({ entity, isNew, saved, taken }: { entity: string; isNew: boolean; saved: readonly string[]; taken: readonly string[] }) => {
  const translate = useTranslate();
  const { body } = useForm();
  const { type, label } = body as Body;
  return (
    <>
      <LabelIn path="label" words="setup.field.label" />
      <Row>
        <SelectIn
          path="type"
          words="setup.field.type"
          choices={TYPES.map((one) => ({ value: one, label: translate(`setup.field.types.${one}`) }))}
          sx={{ minWidth: 180 }}
        />
        <KeyIn isNew={isNew} suggestion={isNew ? keyFrom(label.en, 'field', taken, '_') : ''} />
      </Row>
      {CHOICES.includes(type) && (
        <ListIn<Body['options'][number]>
          path="options"
          sortable
          add={translate('setup.field.addOption')}
          empty={translate('setup.field.noOptions')}
          blank={(options) => ({
            value: keyFrom(
              '',
              'option',
              options.map((one) => one.value),
              '_',
            ),
            label: { zh: '', en: '' },
          })}
          render={(path) => (
            <Row>
              <OptionKey path={`${path}.value`} saved={saved} />
              <LabelIn path={`${path}.label`} words="setup.field.option" sx={{ flex: 1, minWidth: 240 }} />
            </Row>
          )}
        />
      )}
      {NUMERIC.includes(type) && (
        <Row>
          <NumberIn path="validation.min" words="setup.field.min" optional />
          <NumberIn path="validation.max" words="setup.field.max" optional />
        </Row>
      )}
      {(type === 'text' || type === 'textarea') && (
        <NumberIn path="validation.maxLength" words="setup.field.maxLength" min={1} max={20_000} optional />
      )}
      <SectionIn />
      <Row>
        <SwitchIn path="required" words="setup.field.required" />
        <SwitchIn path="pii" words="setup.field.pii" />
        <SwitchIn path="indexed" words="setup.field.indexed" />
      </Row>
      <ConditionIn path="visibleWhen" words="setup.field.visibleWhen" subject={entity === 'account' ? 'account' : 'lead'} />
      {!isNew && <SwitchIn path="retired" words="setup.field.retire" />}
    </>
  );
};

/** Makes or changes one field. Its key, and the keys of saved options, stay the same. */
export const FieldDialog = (props: { entity: string; field: CustomField | null; readOnly: boolean; close: () => void }) => {
  const { entity, field } = props;
  const translate = useTranslate();
  const text = useText();
  const all =
    useGetList<CustomField & RaRecord>('fields', {
      pagination: { page: 1, perPage: 500 },
      sort: { field: 'position', order: 'ASC' },
      filter: { entity },
    }).data ?? [];
  const taken = all.map((one) => one.key);
  const saved = field?.options.map((option) => option.value) ?? [];
  return (
    <RecordDialog<Body>
      resource="fields"
      id={field?.id}
      title={field ? text(field.label) || field.key : translate('setup.field.add')}
      initial={bodyOf(entity, field, all.length)}
      toSend={(body) => ({
        ...body,
        key: body.key || keyFrom(body.label.en, 'field', taken, '_'),
        options: CHOICES.includes(body.type) ? body.options : [],
      })}
      valid={(body) =>
        body.label.zh.trim() !== '' &&
        body.label.en.trim() !== '' &&
        (!CHOICES.includes(body.type) || body.options.every((option) => option.value && option.label.zh))
      }
      readOnly={props.readOnly}
      close={props.close}
    >
      {() => <Parts entity={entity} isNew={!field} saved={saved} taken={taken} />}
    </RecordDialog>
  );
};
