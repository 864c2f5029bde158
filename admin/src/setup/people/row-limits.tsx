import DeleteIcon from '@mui/icons-material/DeleteOutline';
import type { FactDescription } from '@leadsea/crm-core/contracts/condition';
import { LAYOUT_RESOURCES, type LayoutResource } from '@leadsea/crm-core/contracts/layout';
import type { RoleLimits } from '@leadsea/crm-core/contracts/access';
import { Autocomplete, Box, IconButton, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useMeta } from '../../api/session-context';
import { useText } from '../../common/text';
import { ENTITY_OF } from '../../layouts/catalogue';
import { useField } from '../kit/form-context';
import { useOpenFor } from '../kit/target';
import { useSame } from '../../common/use-same';

/** A field of one value by which rows may be limited, as the role names it. */
interface Limitable {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

const isOneValue = (fact: FactDescription): boolean => (fact.type === 'select' || fact.type === 'text') && !fact.args;

/** Lists and texts of a kind of record, its own fields included. */
const useLimitable = (resource: LayoutResource): readonly Limitable[] => {
  const { facts } = useMeta();
  const text = useText();
  const prefix = `${ENTITY_OF[resource]}.`;
  return (facts[ENTITY_OF[resource]] ?? [])
    .filter((fact) => fact.key.startsWith(prefix) && isOneValue(fact))
    .map((fact) => ({
      name: fact.key.slice(prefix.length),
      label: text(fact.label),
      options: (fact.options ?? []).map((option) => ({ value: option.value, label: text(option.label) || option.value })),
    }));
};

const Line = ({
  field,
  values,
  readOnly,
  change,
}: {
  field: Limitable;
  values: readonly string[];
  readOnly: boolean;
  change: (values: readonly string[] | null) => void;
}) => {
  const translate = useTranslate();
  const chosen = useSame([...values]);
  const labelOf = (value: string): string => field.options.find((option) => option.value === value)?.label ?? value;
  return (
    <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: { xs: 'wrap', sm: 'nowrap' } }}>
      <Box sx={{ width: { xs: '100%', sm: 190 }, flexShrink: 0, fontSize: 13 }}>{field.label}</Box>
      <Autocomplete
        multiple
        freeSolo={field.options.length === 0}
        autoSelect={field.options.length === 0}
        disabled={readOnly}
        size="small"
        options={field.options.map(({ value }) => value)}
        getOptionLabel={labelOf}
        value={chosen}
        onChange={(_event, next) => change(next)}
        renderInput={(params) => (
          <TextField
            {...params}
            label={translate('setup.people.onlyValues', { field: field.label })}
            error={values.length === 0}
            helperText={values.length === 0 ? translate('setup.people.onlyNone') : undefined}
          />
        )}
        sx={{ flex: 1, minWidth: 0 }}
      />
      {!readOnly && (
        <IconButton size="small" aria-label={translate('setup.people.onlyRemove', { field: field.label })} onClick={() => change(null)}>
          <DeleteIcon fontSize="small" />
        </IconButton>
      )}
    </Box>
  );
};

/** Records by the value of their fields: beyond what a member holds himself the role reaches only those that have one of the values. */
export const RowLimitsIn = () => {
  const translate = useTranslate();
  const field = useField<RoleLimits>('only');
  const all = field.value ?? {};
  const [resource, setResource] = useState<LayoutResource>(LAYOUT_RESOURCES.find((name) => name in all) ?? 'leads');
  useOpenFor(['only'], (path) => setResource(LAYOUT_RESOURCES.find((name) => name === path.split('.')[1]) ?? 'leads'));
  const fields = useLimitable(resource);
  const own = all[resource] ?? {};
  const write = (name: string, values: readonly string[] | null): void => {
    const rest = Object.entries(own).filter(([key]) => key !== name || values !== null);
    const next = Object.fromEntries(rest.map(([key, kept]) => [key, key === name && values ? values : kept]));
    const others = Object.entries(all).filter(([key]) => key !== resource);
    field.set(Object.fromEntries(Object.keys(next).length > 0 ? [...others, [resource, next]] : others));
  };
  const add = (name: string): void => field.set({ ...all, [resource]: { ...own, [name]: [] } });
  const named = Object.keys(own).map((name) => fields.find((one) => one.name === name) ?? { name, label: name, options: [] });
  const words = (name: string): string => translate(`setup.people.resource.${name}`, { _: name });
  return (
    <Box data-place={`only.${resource}`} sx={{ display: 'grid', gap: 1, mt: 1 }}>
      <Autocomplete
        size="small"
        disableClearable
        options={[...LAYOUT_RESOURCES]}
        getOptionLabel={(name) => (name in all ? `${words(name)} ·` : words(name))}
        value={resource}
        onChange={(_event, name) => setResource(name)}
        renderInput={(params) => <TextField {...params} label={translate('setup.people.onlyOf')} />}
        sx={{ maxWidth: 260 }}
      />
      {named.length === 0 && (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.people.onlyEmpty', { resource: words(resource) })}
        </Typography>
      )}
      {named.map((one) => (
        <Line
          key={one.name}
          field={one}
          values={own[one.name] ?? []}
          readOnly={field.readOnly}
          change={(values) => write(one.name, values)}
        />
      ))}
      {!field.readOnly && (
        <Autocomplete
          size="small"
          options={fields.filter(({ name }) => !(name in own))}
          getOptionLabel={({ label }) => label}
          value={null}
          blurOnSelect
          onChange={(_event, picked) => picked && add(picked.name)}
          renderInput={(params) => <TextField {...params} label={translate('setup.people.onlyAdd')} />}
          sx={{ maxWidth: 260 }}
        />
      )}
    </Box>
  );
};
