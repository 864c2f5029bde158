import { Box, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import type { CustomField } from '../../api/types';
import { getJson } from '../../api/http-client';
import { useText } from '../../common/text';
import { useField, useForm } from '../kit/form-context';
import { LabelIn, ManyIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { MergeInto } from './merge-into';

export type Option = CustomField['options'][number];

export interface Usage {
  readonly records: number;
  readonly options: Readonly<Record<string, number>>;
  readonly policies: readonly { readonly kind: string; readonly key: string; readonly name: string }[];
  /** Option → policies that name it. */
  readonly optionPolicies: Readonly<Record<string, Usage['policies']>>;
}

/** How much a saved field is used; nothing while it is new. */
export const useUsage = (id: number | undefined): Usage | undefined =>
  useQuery({
    queryKey: ['fields', 'usage', id],
    queryFn: () => getJson<Usage>(`/fields/${id}/usage`),
    enabled: id !== undefined,
    retry: false,
  }).data;

/** Options with a key each: what has none yet gets the one proposed from its label. */
export function withKeys(options: readonly Option[]): Option[] {
  const taken = options.flatMap(({ value }) => (value ? [value] : []));
  return options.map((option) => {
    if (option.value) return option;
    const value = keyFrom(option.label.en, 'option', taken, '_');
    taken.push(value);
    return { ...option, value };
  });
}

const KeyIn = ({ path, saved, proposed }: { path: string; saved: boolean; proposed: string }) => {
  const translate = useTranslate();
  const field = useField<string>(path);
  return (
    <TextField
      label={translate('setup.kit.key')}
      value={field.value || proposed}
      disabled={field.readOnly || saved}
      error={Boolean(field.error)}
      helperText={field.error}
      onChange={(event) => field.set(event.target.value)}
      sx={{ width: 150 }}
    />
  );
};

const OptionIn = (props: {
  path: string;
  proposed: string;
  fieldId: number | undefined;
  saved: readonly Option[];
  parent: readonly Option[];
  usage: Usage | undefined;
}) => {
  const { path, fieldId, saved, usage } = props;
  const translate = useTranslate();
  const text = useText();
  const { readOnly } = useForm();
  const value = useField<string>(`${path}.value`).value ?? '';
  const isSaved = saved.some((option) => option.value === value);
  return (
    <Box sx={{ display: 'grid', gap: 1, minWidth: 0, flex: 1 }}>
      <Row>
        <KeyIn path={`${path}.value`} saved={isSaved} proposed={props.proposed} />
        <LabelIn path={`${path}.label`} words="setup.field.option" sx={{ flex: 1, minWidth: 240 }} />
      </Row>
      {props.parent.length > 0 && (
        <ManyIn
          path={`${path}.when`}
          words="setup.field.when"
          choices={props.parent.map((option) => ({ value: option.value, label: text(option.label) || option.value }))}
        />
      )}
      {isSaved && fieldId !== undefined && (
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
          <Typography variant="caption" color="text.secondary">
            {translate('setup.field.used', { smart_count: usage?.options[value] ?? 0 })}
          </Typography>
          <SwitchIn path={`${path}.retired`} words="setup.field.optionRetired" />
          {!readOnly && (
            <MergeInto
              fieldId={fieldId}
              option={saved.find((option) => option.value === value) ?? { value, label: { zh: value, en: value } }}
              others={saved.filter((option) => option.value !== value && !option.retired)}
              records={usage?.options[value] ?? 0}
              policies={usage?.optionPolicies[value] ?? []}
            />
          )}
        </Box>
      )}
    </Box>
  );
};

/** The options of a list: labels in both languages, keys proposed from them, dependence on another list, use and merging of saved ones. */
export const OptionsIn = ({
  fieldId,
  saved,
  parent,
}: {
  fieldId: number | undefined;
  saved: readonly Option[];
  parent: readonly Option[];
}) => {
  const translate = useTranslate();
  const usage = useUsage(fieldId);
  const options = useField<readonly Option[]>('options').value ?? [];
  const proposed = withKeys(options);
  return (
    <ListIn<Option>
      path="options"
      sortable
      add={translate('setup.field.addOption')}
      empty={translate('setup.field.noOptions')}
      blank={() => ({ value: '', label: { zh: '', en: '' } })}
      render={(path, _option, index) => (
        <OptionIn path={path} proposed={proposed[index]?.value ?? ''} fieldId={fieldId} saved={saved} parent={parent} usage={usage} />
      )}
    />
  );
};
