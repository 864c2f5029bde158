import type { FieldAccess, RoleSpec } from '@leadsea/crm-core/contracts/access';
import { Autocomplete, Box, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useText } from '../../common/text';
import { useFacts } from '../../conditions/use-facts';
import { ENTITY_OF } from '../../layouts/catalogue';
import { useMeta } from '../../api/session-context';
import { useField } from '../kit/form-context';
import { useOpenFor } from '../kit/target';
import { FIELD_WORDS } from '../layouts/use-layout-fields';
import { FIELDS } from './rights';

const LEVELS: readonly FieldAccess[] = ['hidden', 'masked', 'read', 'write'];

/** Fields of one kind of record: the usual access, and fields that differ from it. A dot in a custom key keeps paths out of this. */
export const FieldAccessIn = () => {
  const translate = useTranslate();
  const text = useText();
  const { customFields } = useMeta();
  const facts = useFacts('lead');
  const field = useField<RoleSpec['fields']>('fields');
  const [resource, setResource] = useState('leads');
  const [picked, setPicked] = useState<string | null>(null);
  useOpenFor(['fields'], (path) => setResource(path.split('.')[1] ?? 'leads'));
  const all = field.value ?? {};
  const own = all[resource] ?? {};
  const write = (name: string, access: FieldAccess | null): void => {
    const rest = Object.entries(own).filter(([key]) => key !== name);
    field.set({
      ...all,
      [resource]: Object.fromEntries(access ? [...Object.entries(own).filter(([key]) => key !== name), [name, access]] : rest),
    });
  };
  const customHere = customFields.filter((one) => !one.retired && one.entity === ENTITY_OF[resource as keyof typeof ENTITY_OF]);
  const label = (name: string): string => {
    if (name === '*') return translate('setup.people.otherFields');
    const custom = customHere.find((one) => `custom.${one.key}` === name);
    const words = translate(FIELD_WORDS[resource]?.[name] ?? '', { _: '' });
    return custom
      ? text(custom.label)
      : words || translate(`fields.${name}`, { _: translate(`setup.people.fieldNames.${name}`, { _: name }) });
  };
  const leadFields = [
    ...new Set([
      ...facts.list.flatMap((fact) => (fact.key.startsWith('lead.') && !fact.args ? [fact.key.slice(5)] : [])),
      'wechat',
      'address',
      'annualRevenue',
      'ip',
      'utm',
    ]),
  ];
  const known =
    resource === 'leads'
      ? leadFields
      : resource in FIELDS
        ? [...FIELDS[resource as keyof typeof FIELDS], ...customHere.map(({ key }) => `custom.${key}`)]
        : [];
  const addable = known.filter((name) => !(name in own));
  const names = ['*', ...Object.keys(own).filter((name) => name !== '*')];
  return (
    <Box data-place={`fields.${resource}`} sx={{ display: 'grid', gap: 1, mt: 1 }}>
      <Autocomplete
        size="small"
        disableClearable
        options={[...new Set(['leads', ...Object.keys(FIELDS), ...Object.keys(all)])]}
        getOptionLabel={(name) => translate(`setup.people.resource.${name}`, { _: name })}
        value={resource}
        onChange={(_event, name) => {
          setResource(name);
          setPicked(null);
        }}
        renderInput={(params) => <TextField {...params} label={translate('setup.people.fieldsOf')} />}
        sx={{ maxWidth: 260 }}
      />
      {names.map((name) => (
        <Box key={name} data-place={`fields.${resource}.${name}`} sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
          <Box sx={{ width: 190, fontSize: 13 }}>{label(name)}</Box>
          <ToggleButtonGroup
            exclusive
            size="small"
            aria-label={label(name)}
            disabled={field.readOnly}
            value={own[name] ?? (name === '*' ? 'hidden' : own['*'])}
            onChange={(_event, access: FieldAccess | null) => access && write(name, access)}
          >
            {LEVELS.map((level) => (
              <ToggleButton key={level} value={level} sx={{ py: 0.25 }}>
                {translate(`setup.people.level.${level}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        </Box>
      ))}
      {addable.length > 0 && !field.readOnly && (
        <Autocomplete
          size="small"
          options={addable}
          getOptionLabel={label}
          value={picked}
          onChange={(_event, name) => {
            setPicked(null);
            if (name) write(name, 'masked');
          }}
          renderInput={(params) => <TextField {...params} label={translate('setup.people.addField')} />}
          sx={{ maxWidth: 260 }}
        />
      )}
    </Box>
  );
};
