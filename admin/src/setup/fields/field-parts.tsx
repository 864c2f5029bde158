import type { Condition } from '@leadsea/crm-core/contracts/condition';
import { CUSTOM_FIELD_TYPES, PII_KINDS, type MaskPattern } from '@leadsea/crm-core/contracts/custom-field';
import { Box, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { CustomField, LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { useField, useForm } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn, SwitchIn, TextIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { OptionsIn, useUsage, type Option } from './options-in';

const NUMERIC: readonly string[] = ['number', 'integer', 'money'];
export const CHOICES: readonly string[] = ['select', 'multiselect'];
const UNINDEXED: readonly string[] = ['date', 'datetime', 'textarea'];
const SECTIONS = ['person', 'company', 'place', 'origin', 'custom'] as const;

export interface Body {
  readonly entity: string;
  readonly key: string;
  readonly type: string;
  readonly label: LocalisedText;
  readonly options: readonly Option[];
  readonly required: boolean;
  readonly defaultValue: unknown;
  readonly validation: { min?: number; max?: number; maxLength?: number; pattern?: string };
  readonly section: string;
  readonly position: number;
  readonly visibleWhen: Condition | null;
  readonly requiredWhen: Condition | null;
  readonly readOnlyWhen: Condition | null;
  readonly parentField: string | null;
  readonly pii: boolean;
  readonly piiKind: string | null;
  readonly mask: MaskPattern | null;
  readonly indexed: boolean;
  readonly retired: boolean;
}

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

const DefaultIn = ({ type }: { type: string }) => {
  const translate = useTranslate();
  const text = useText();
  const { body } = useForm();
  const { options } = body as Body;
  const field = useField<unknown>('defaultValue');
  if (type === 'select') {
    const choices = options.filter((option) => option.value && !option.retired);
    return (
      <SelectIn
        path="defaultValue"
        words="setup.field.default"
        none={translate('setup.kit.none')}
        choices={choices.map((option) => ({ value: option.value, label: text(option.label) || option.value }))}
      />
    );
  }
  if (type === 'multiselect' || type === 'reference' || type === 'date' || type === 'datetime' || type === 'boolean') return null;
  const numeric = NUMERIC.includes(type);
  return (
    <TextField
      label={translate('setup.field.default')}
      type={numeric ? 'number' : 'text'}
      value={typeof field.value === 'string' || typeof field.value === 'number' ? field.value : ''}
      disabled={field.readOnly}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={({ target }) => field.set(target.value === '' ? null : numeric ? Number(target.value) : target.value)}
    />
  );
};

const MASKS = ['text', 'phone', 'email', 'ends'] as const;
const BOTH_ENDS = { keepStart: 1, keepEnd: 2 };

/** How the value looks to a role that reads it masked. */
const MaskIn = () => {
  const translate = useTranslate();
  const field = useField<MaskPattern | null>('mask');
  const mask = field.value ?? null;
  const kind = mask === null ? '' : typeof mask === 'object' ? 'ends' : mask;
  return (
    <Row>
      <TextField
        select
        label={translate('setup.field.mask')}
        value={kind}
        disabled={field.readOnly}
        onChange={({ target }) => field.set(target.value === '' ? null : target.value === 'ends' ? BOTH_ENDS : target.value)}
        slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
        sx={{ minWidth: 200 }}
      >
        <option value="">{translate('setup.field.masks.auto')}</option>
        {MASKS.map((one) => (
          <option key={one} value={one}>
            {translate(`setup.field.masks.${one}`)}
          </option>
        ))}
      </TextField>
      {kind === 'ends' && (
        <>
          <NumberIn path="mask.keepStart" words="setup.field.keepStart" min={0} max={20} />
          <NumberIn path="mask.keepEnd" words="setup.field.keepEnd" min={0} max={20} />
        </>
      )}
    </Row>
  );
};

const UsageLine = ({ id }: { id: number }) => {
  const translate = useTranslate();
  const usage = useUsage(id);
  if (!usage) return null;
  const policies = usage.policies.map(({ name }) => name).join(', ');
  return (
    <Typography variant="body2" color="text.secondary">
      {translate('setup.field.usage', { smart_count: usage.records })}
      {policies && ` ${translate('setup.field.usedIn', { policies })}`}
    </Typography>
  );
};

/** Everything about one field. */
export const FieldParts = (props: { entity: string; field: CustomField | null; others: readonly CustomField[] }) => {
  const { entity, field, others } = props;
  const translate = useTranslate();
  const text = useText();
  const { body } = useForm();
  const { type, label, parentField, pii } = body as Body;
  const lists = others.filter((one) => CHOICES.includes(one.type) && one.key !== field?.key && !one.retired);
  return (
    <>
      {field && <UsageLine id={field.id} />}
      <LabelIn path="label" words="setup.field.label" />
      <Row>
        <SelectIn
          path="type"
          words="setup.field.type"
          choices={CUSTOM_FIELD_TYPES.map((one) => ({ value: one, label: translate(`setup.field.types.${one}`) }))}
          sx={{ minWidth: 180 }}
        />
        <KeyIn
          isNew={!field}
          suggestion={
            field
              ? ''
              : keyFrom(
                  label.en,
                  'field',
                  others.map((one) => one.key),
                  '_',
                )
          }
        />
      </Row>
      {CHOICES.includes(type) && (
        <>
          {lists.length > 0 && (
            <SelectIn
              path="parentField"
              words="setup.field.parent"
              none={translate('setup.kit.none')}
              choices={lists.map((one) => ({ value: one.key, label: text(one.label) || one.key }))}
            />
          )}
          <OptionsIn
            fieldId={field?.id}
            saved={field?.options ?? []}
            parent={lists.find((one) => one.key === parentField)?.options ?? []}
          />
        </>
      )}
      {NUMERIC.includes(type) && (
        <Row>
          <NumberIn path="validation.min" words="setup.field.min" optional />
          <NumberIn path="validation.max" words="setup.field.max" optional />
        </Row>
      )}
      {(type === 'text' || type === 'textarea') && (
        <Row>
          <NumberIn path="validation.maxLength" words="setup.field.maxLength" min={1} max={20_000} optional />
          <TextIn path="validation.pattern" words="setup.field.pattern" sx={{ flex: 1, minWidth: 200 }} />
        </Row>
      )}
      <Row>
        <SectionIn />
        <DefaultIn type={type} />
      </Row>
      <Row>
        <SwitchIn path="required" words="setup.field.required" />
        {!UNINDEXED.includes(type) && <SwitchIn path="indexed" words="setup.field.indexed" />}
        <SwitchIn path="pii" words="setup.field.pii" />
      </Row>
      {pii && (
        <Box sx={{ display: 'grid', gap: 2 }}>
          <SelectIn
            path="piiKind"
            words="setup.field.piiKind"
            none={translate('setup.kit.none')}
            choices={PII_KINDS.map((one) => ({ value: one, label: translate(`setup.field.piiKinds.${one}`) }))}
          />
          <MaskIn />
        </Box>
      )}
      <ConditionIn path="visibleWhen" words="setup.field.visibleWhen" subject={entity} />
      <ConditionIn path="requiredWhen" words="setup.field.requiredWhen" subject={entity} />
      <ConditionIn path="readOnlyWhen" words="setup.field.readOnlyWhen" subject={entity} />
      {field && <SwitchIn path="retired" words="setup.field.retire" />}
    </>
  );
};
